#include "rules/query/query_rule.h"

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

Finding& ReportQuery(const RuleInfo& rule, const ObservedQuery& query, EvidencePass& pass,
                     std::string message) {
  Finding& finding = pass.Report(rule, query.span, std::move(message));
  finding.statement = query.sql;
  finding.cost_ms = query.total_ms;
  if (query.calls == 0) return finding;
  EvidenceItem item = query.evidence;
  item.text =
      absl::StrFormat("%s, %s in all, %s each, slowest %s", Counted(query.calls, "call"),
                      HumanMs(query.total_ms), HumanMs(query.mean_ms), HumanMs(query.max_ms));
  finding.Evidence(std::move(item));
  finding.Measure("calls", static_cast<double>(query.calls), "1");
  finding.Measure("total_ms", query.total_ms, "ms");
  finding.Measure("mean_ms", query.mean_ms, "ms");
  return finding;
}

bool TooQuickToMatter(const ObservedQuery& query) { return query.calls > 0 && query.max_ms < 1; }

}  // namespace pgsift
