// QRY040 outer-column-in-subquery: a sub-query whose output is, by mistake, a column of the outer
// query.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::outer_column_in_subquery {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY040",
    .name = "outer-column-in-subquery",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the sub-query's column does not exist in its own table: the outer query's is taken",
    .why = R"md(
`WHERE id IN (SELECT customer_id FROM t)` with no `customer_id` in `t` is no error: the name is
found in the outer query, each row is compared with itself, and all rows qualify. A DELETE then
deletes everything.
)md",
    .instead = R"md(
Qualify the column with the inner table's name: the mistake becomes an error.
)md",
    .bad = R"sql(CREATE TABLE orders (id int, customer_id int);
CREATE TABLE blocked (id int);
SELECT id FROM orders WHERE customer_id IN (SELECT customer_id FROM blocked);)sql",
    .good = R"sql(CREATE TABLE orders (id int, customer_id int);
CREATE TABLE blocked (id int);
SELECT id FROM orders WHERE customer_id IN (SELECT b.id FROM blocked b);)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    EachInConditions(query.blocks[at], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kSubquery || expr.query == nullptr) return;
      if (expr.sublink != SublinkKind::kAny) return;
      const auto* inner = std::get_if<Select>(&expr.query->node);
      if (inner == nullptr || inner->targets.size() != 1) return;
      const Expr& column = inner->targets[0].expr;
      if (!column.IsColumn() || column.name.size() != 1) return;
      for (size_t i = 0; i < query.blocks.size(); ++i) {
        const QueryBlock& block = query.blocks[i];
        if (block.select != inner || block.tables.empty()) continue;
        bool known = true;
        for (const BlockTable& table : block.tables)
          known = known && pass.catalog().Find(table.id) != nullptr;
        const ColumnUse use = ResolveColumn(column, i, query.blocks, pass.catalog());
        if (!known || !use.resolved() || use.block == i) continue;
        const std::string inner_name = block.tables[0].name.ToString();
        ReportPart(kInfo, query, column.offset, pass,
                   absl::StrFormat("`%s` has no column `%s`: the outer query's is taken",
                                   inner_name, use.column))
            .On(inner_name)
            .Primary("compared with itself, so every row qualifies")
            .Help("qualify the column with the inner table's name");
      }
    });
  }
}

}  // namespace

extern constinit const Rule kOuterColumnInSubquery = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::outer_column_in_subquery
