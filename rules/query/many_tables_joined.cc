// QRY065 many-tables-joined: more tables in one FROM than the planner tries all orders of.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::many_tables_joined {
namespace {

constexpr RuleOption kOptions[] = {
    {"tables_max", 8, "tables in one FROM up to which it is fine"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY065",
    .name = "many-tables-joined",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a query joins more tables than the planner tries all orders of",
    .why = R"md(
Above `join_collapse_limit` (8) explicit joins are taken in the order in which they are written;
from `geqo_threshold` (12) on the order is searched by chance. Planning takes long, and the plan may
change from call to call.
)md",
    .instead = R"md(
Split the query, with a temporary table in between; or raise `join_collapse_limit` for it and write
the joins in a good order.
)md",
    .bad =
        R"sql(SELECT 1 FROM t1 JOIN t2 USING (id) JOIN t3 USING (id) JOIN t4 USING (id) JOIN t5 USING (id) JOIN t6 USING (id) JOIN t7 USING (id) JOIN t8 USING (id) JOIN t9 USING (id);)sql",
    .good = R"sql(SELECT 1 FROM t1 JOIN t2 USING (id) JOIN t3 USING (id);)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    const double tables = static_cast<double>(block.tables.size());
    if (tables <= pass.option(kInfo, "tables_max")) continue;
    ReportPart(kInfo, query, block.tables.back().offset, pass,
               absl::StrFormat("%d tables are joined in one FROM", block.tables.size()))
        .Primary(tables >= 12 ? "from 12 tables on the join order is searched by chance"
                              : "above 8 tables joins are taken as they are written")
        .Help("split the query, or SET join_collapse_limit for it");
  }
}

}  // namespace

extern constinit const Rule kManyTablesJoined = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::many_tables_joined
