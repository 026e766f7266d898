#include "rules/traffic/traffic_rule.h"

#include <re2/re2.h>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

const QueryStats* QueryById(const WorkloadTotals& totals, std::string_view id) {
  for (const QueryStats& query : totals.queries) {
    if (query.id == id) return &query;
  }
  return nullptr;
}

bool IsCommand(const QueryStats& query, std::string_view word) {
  const std::string_view text = Trim(query.query);
  if (!StartsWithIgnoringCase(text, word)) return false;
  return text.size() == word.size() ||
         std::isalpha(static_cast<unsigned char>(text[word.size()])) == 0;
}

bool IsRead(const QueryStats& query) {
  if (IsCommand(query, "select")) return true;
  if (!IsCommand(query, "with")) return false;
  const std::string lower = Lower(query.query);
  return lower.find("insert into") == std::string::npos &&
         lower.find("delete from") == std::string::npos &&
         lower.find("update ") == std::string::npos;
}

bool IsHousekeeping(const QueryStats& query) {
  if (IsCommand(query, "show") || IsCommand(query, "set")) return true;
  const std::string lower = Lower(query.query);
  if (lower.find("pg_catalog") != std::string::npos || lower.find("pg_stat") != std::string::npos ||
      lower.find("pg_class") != std::string::npos ||
      lower.find("information_schema") != std::string::npos) {
    return true;
  }
  return IsCommand(query, "select") && lower.find(" from ") == std::string::npos;
}

Finding& ReportTraffic(const RuleInfo& rule, EvidencePass& pass, const LogPlace& place,
                       const QueryStats& query, std::string message) {
  const Span at{.begin = place.offset, .size = 0, .file = place.file};
  Finding& finding = pass.Report(rule, at, std::move(message));
  finding.statement = query.example.empty() ? query.query : query.example;
  finding.Evidence(
      {.input = std::string(pass.evidence().sources->path(place.file)),
       .kind = "log",
       .ref = absl::StrFormat("line %d", place.line),
       .text = absl::StrFormat("%s of query %s, %s in all", Counted(query.calls, "call"), query.id,
                               HumanMs(static_cast<double>(query.total_us) / 1000))});
  return finding;
}

std::map<std::string, RunStats> RunsByShape(const WorkloadTotals& totals,
                                            const std::function<bool(const RunStats&)>& counts) {
  std::map<std::string, RunStats> by_shape;
  for (const QueryRun& run : totals.runs) {
    if (counts(run.stats)) by_shape[run.child].Merge(run.stats);
  }
  return by_shape;
}

std::string ForAllKeys(const std::string& query) {
  static const RE2& where = *new RE2(R"((?is)\bwhere\b(.*)$)");
  static const RE2& equality = *new RE2(
      R"((?i)((?:"[^"]+"|[a-z_][a-z0-9_$]*)(?:\.(?:"[^"]+"|[a-z_][a-z0-9_$]*))*)\s*=\s*\$(\d+))");
  re2::StringPiece rest(query);
  re2::StringPiece conditions;
  if (!RE2::PartialMatch(rest, where, &conditions)) return {};
  const auto at = static_cast<size_t>(conditions.data() - query.data());
  const std::string tail(conditions.data(), conditions.size());
  const std::string lower = Lower(tail);
  for (const char* word : {" limit ", " or ", " union ", " group by "}) {
    if (lower.find(word) != std::string::npos) return {};
  }
  re2::StringPiece input(tail);
  size_t matches = 0;
  std::string column;
  std::string number;
  while (RE2::FindAndConsume(&input, equality, &column, &number)) ++matches;
  if (matches != 1) return {};
  std::string replaced = tail;
  RE2::Replace(&replaced, equality, R"(\1 = ANY($\2))");
  return query.substr(0, at) + replaced;
}

}  // namespace pgsift
