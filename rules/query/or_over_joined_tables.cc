// QRY018 or-over-joined-tables: OR between conditions on different tables of a join.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::or_over_joined_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY018",
    .name = "or-over-joined-tables",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "OR over columns of different joined tables can only be checked after the join",
    .why = R"md(
Neither table can be narrowed before the join, since a row may qualify by the other: the whole join
is computed, then filtered.
)md",
    .instead = R"md(
Two queries, each with one arm and its index, joined by UNION, which drops rows that both return.
)md",
    .bad = R"sql(SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.number = 'A1' OR c.email = 'a@b.example';)sql",
    .good =
        R"sql(SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = 'A1'
UNION
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = 'a@b.example';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t i = 0; i < query.blocks.size(); ++i) {
    EachConjunct(query.blocks[i], [&](const Expr& condition) {
      if (condition.kind != ExprKind::kOr) return;
      std::vector<size_t> tables;
      for (const Expr& arm : condition.args) {
        if (arm.kind != ExprKind::kOperator || arm.args.size() < 2) return;
        if (!arm.args[0].IsColumn() || arm.args[1].IsColumn()) return;
        const ColumnUse use = ResolveColumn(arm.args[0], i, query.blocks, pass.catalog());
        if (!use.resolved() || use.block != i) return;
        if (std::find(tables.begin(), tables.end(), use.table) == tables.end())
          tables.push_back(use.table);
      }
      if (tables.size() < 2) return;
      const QueryBlock& block = query.blocks[i];
      ReportPart(kInfo, query, condition.args[0].offset, pass,
                 absl::StrFormat("`OR` over `%s` and `%s` is checked after their join",
                                 block.tables[tables[0]].name.ToString(),
                                 block.tables[tables[1]].name.ToString()))
          .On(block.tables[tables[0]].name.ToString())
          .Primary("neither table can be narrowed before")
          .Help(absl::StrFormat("two queries joined by UNION, one WHERE %s, one WHERE %s",
                                ToSql(condition.args[0]), ToSql(condition.args[1])));
    });
  }
}

}  // namespace

extern constinit const Rule kOrOverJoinedTables = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::or_over_joined_tables
