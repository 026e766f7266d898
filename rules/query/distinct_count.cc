// QRY034 distinct-count: count(DISTINCT …), which sorts every value.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::distinct_count {
namespace {

constexpr RuleOption kOptions[] = {
    {"mean_ms_min", 100, "a call quicker than this is not reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY034",
    .name = "distinct-count",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "count(DISTINCT) sorts all values, and never in parallel",
    .why = R"md(
`count(DISTINCT x)` collects and sorts every value of each group in one process; no hash, no
parallel workers.
)md",
    .instead = R"md(
`SELECT count(*) FROM (SELECT DISTINCT x FROM …) s`, which may hash and run in parallel; for figures
that need not be exact the extension hll; or a table that is kept up to date.
)md",
    .bad = R"sql(SELECT count(DISTINCT customer_id) FROM orders;)sql",
    .good = R"sql(SELECT count(*) FROM (SELECT DISTINCT customer_id FROM orders) s;)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (query.calls > 0 && query.mean_ms < pass.option(kInfo, "mean_ms_min")) return;
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    for (const Target& target : block.select->targets) {
      if (!Calls(target.expr, {"count"}) || !target.expr.distinct) continue;
      ReportPart(kInfo, query, target.expr.offset, pass,
                 absl::StrFormat("`%s` sorts every value in one process", ToSql(target.expr)))
          .Primary("no hash, no parallel workers")
          .Help("SELECT count(*) FROM (SELECT DISTINCT … FROM …) s");
    }
  }
}

}  // namespace

extern constinit const Rule kDistinctCount = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::distinct_count
