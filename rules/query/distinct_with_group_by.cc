// QRY032 distinct-with-group-by: DISTINCT over rows that GROUP BY made distinct.

#include "rules/query/query_rule.h"

namespace pgsift::distinct_with_group_by {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY032",
    .name = "distinct-with-group-by",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "DISTINCT beside GROUP BY over the same columns does the work twice",
    .why = R"md(
GROUP BY gives each combination of its columns once. If all of them are in the output, there is
nothing left for DISTINCT to remove.
)md",
    .instead = R"md(
Leave DISTINCT out.
)md",
    .bad = R"sql(SELECT DISTINCT status, count(*) FROM orders GROUP BY status;)sql",
    .good = R"sql(SELECT status, count(*) FROM orders GROUP BY status;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    const Select* select = block.select;
    if (select == nullptr || !select->distinct || !select->distinct_on.empty()) continue;
    if (block.group_by.empty()) continue;
    bool all = true;
    for (const BlockSortKey& key : block.group_by) {
      bool shown = false;
      for (const Target& target : select->targets)
        shown = shown || ToSql(target.expr) == ToSql(*key.expr);
      all = all && shown;
    }
    if (!all) continue;
    ReportPart(kInfo, query, select->targets.front().offset, pass,
               "`DISTINCT` finds nothing to remove behind this GROUP BY")
        .Primary("each group is there once")
        .Help("leave DISTINCT out");
  }
}

}  // namespace

extern constinit const Rule kDistinctWithGroupBy = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::distinct_with_group_by
