// SRV041 literal-flood: one query arrives in thousands of texts that differ in literals only.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::literal_flood {
namespace {

constexpr RuleOption kOptions[] = {
    {"texts_min", 1000, "Different texts of a query from which on it is reported"},
    {"mean_ms_max", 5, "A query that takes longer loses little by being planned each time"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV041",
    .name = "literal-flood",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .fix = FixSafety::kDisplay,
    .summary = "a quick query is sent in thousands of texts that differ in literals only",
    .why = R"md(
Every text with a literal of its own is parsed, analyzed and planned from the start. For a query of a millisecond that is a good
part of its time, on the server's processors. Values that an application pastes into SQL are also how SQL injection begins.
)md",
    .instead = R"md(
Send the value as a parameter (`WHERE id = $1`, `?`, `:id`), and let the driver prepare what runs often: after five executions
PostgreSQL may keep one plan for all. Behind pgbouncer 1.21 and later, set `max_prepared_statements`.
)md",
    .bad = "[x999] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT name "
           "FROM users WHERE id = 1{n}\n"
           "[x999] 2024-05-01 10:00:10.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT name "
           "FROM users WHERE id = 2{n}\n",
    .good = "[x999] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.2 ms  execute <unnamed>: "
            "SELECT name FROM users WHERE id = $1\n"
            "[x999] 2024-05-01 10:00:10.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT name "
            "FROM users WHERE id = 7\n",
    .options = kOptions,
});

// An estimate, but there are no more texts than calls.
double TextsOf(const QueryStats& query) {
  return std::min(query.texts.Estimate(), static_cast<double>(query.calls));
}

bool IsFlood(const QueryStats& query, EvidencePass& pass) {
  if (!query.parsed || static_cast<double>(query.calls) < pass.option(kInfo, "texts_min")) {
    return false;
  }
  if (query.mean_us() > 1000 * pass.option(kInfo, "mean_ms_max")) return false;
  // Parameters do not change the text.
  if (query.example.find("$1") != std::string::npos) return false;
  for (const char* word : {"select", "with", "insert", "update", "delete", "merge"}) {
    if (IsCommand(query, word)) {
      return TextsOf(query) >= pass.option(kInfo, "texts_min");
    }
  }
  return false;
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  std::vector<const QueryStats*> floods;
  double texts = 0;
  uint64_t calls = 0;
  int64_t us = 0;
  for (const QueryStats& query : pass.evidence().workload->totals().queries) {
    if (!IsFlood(query, pass)) continue;
    floods.push_back(&query);
    texts += TextsOf(query);
    calls += query.calls;
    us += query.total_us;
  }
  if (floods.empty()) return;
  std::stable_sort(floods.begin(), floods.end(),
                   [](const QueryStats* a, const QueryStats* b) { return a->calls > b->calls; });
  // Two digits: it is an estimate.
  double unit = 1;
  while (texts / unit >= 100) unit *= 10;
  const auto about = static_cast<uint64_t>(texts / unit + 0.5) * static_cast<uint64_t>(unit);
  Finding& finding = ReportTraffic(
      kInfo, pass, floods.front()->example_place, *floods.front(),
      absl::StrFormat(
          "%s in about %s different texts: literals instead of parameters",
          floods.size() == 1 ? "a query came" : Grouped(floods.size()) + " queries came",
          Grouped(about)));
  finding.Measure("texts", texts, "1").Measure("calls", static_cast<double>(calls), "1");
  finding.Measure("total_ms", static_cast<double>(us) / 1000, "ms");
  for (size_t i = 0; i < floods.size() && i < 5; ++i) {
    finding.Note(absl::StrFormat("%s of %s each, as: %s", Counted(floods[i]->calls, "call"),
                                 HumanMs(floods[i]->mean_us() / 1000),
                                 OneLine(floods[i]->example, 200)));
  }
  finding.Help("send the values as parameters, once prepared: " +
               OneLine(floods.front()->query, 400));
}

}  // namespace

extern constinit const Rule kLiteralFlood = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::literal_flood
