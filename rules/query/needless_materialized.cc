// QRY042 needless-materialized: a WITH table that is read once and yet set apart.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::needless_materialized {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY042",
    .name = "needless-materialized",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary =
        "AS MATERIALIZED keeps conditions of the outer query out of a WITH table that is read once",
    .why = R"md(
Since PostgreSQL 12 a WITH table that is read once is planned with the outer query: its conditions
and its LIMIT reach into it. `AS MATERIALIZED` forbids that: the whole result is computed and kept.
)md",
    .instead = R"md(
Leave MATERIALIZED out, unless it is there on purpose, to steer the planner.
)md",
    .bad =
        R"sql(WITH o AS MATERIALIZED (SELECT * FROM orders) SELECT * FROM o WHERE customer_id = 5;)sql",
    .good = R"sql(WITH o AS (SELECT * FROM orders) SELECT * FROM o WHERE customer_id = 5;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    for (const CommonTable& table : block.select->with.tables) {
      if (table.materialized != CommonTable::Materialized::kAlways) continue;
      size_t uses = 0;
      bool narrowed = false;
      for (const QueryBlock& user : query.blocks) {
        for (const BlockTable& named : user.tables) {
          if (named.base_relation || named.name.name != table.name) continue;
          ++uses;
          narrowed = narrowed || user.where != nullptr || user.limit != nullptr;
        }
      }
      if (uses != 1 || !narrowed) continue;
      ReportPart(kInfo, query, table.offset, pass,
                 absl::StrFormat("`%s AS MATERIALIZED` is computed whole, though it is read once",
                                 table.name))
          .Primary("conditions of the outer query do not reach into it")
          .Help("leave MATERIALIZED out");
    }
  }
}

}  // namespace

extern constinit const Rule kNeedlessMaterialized = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::needless_materialized
