// QRY026 inequality-join: tables joined only by a comparison that is no equality.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::inequality_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY026",
    .name = "inequality-join",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "tables are joined only by <, > or <>, so every pair of rows is tried",
    .why = R"md(
Hash and merge joins need an equality. With `a.x < b.y` alone each row of one table is compared with
all of the other, and the result grows with the product of both.
)md",
    .instead = R"md(
Check whether an equality is missing. For ranges: a range type with a GiST index and `&&` or `@>`.
)md",
    .bad = R"sql(SELECT a.id FROM events a JOIN events b ON a.at < b.at;)sql",
    .good =
        R"sql(SELECT a.id FROM events a JOIN events b ON a.user_id = b.user_id AND a.at < b.at;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.tables.size() != 2 || !block.tables[0].base_relation ||
        !block.tables[1].base_relation)
      continue;
    const Expr* comparison = nullptr;
    bool joined = false;
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() != 2) {
        joined = true;  // OR, a function, a sub-query: it may join them.
        return;
      }
      const ColumnUse left = ResolveColumn(expr.args[0], at, query.blocks, pass.catalog());
      const ColumnUse right = ResolveColumn(expr.args[1], at, query.blocks, pass.catalog());
      const bool both = expr.args[0].IsColumn() && expr.args[1].IsColumn() && left.resolved() &&
                        right.resolved() && left.block == at && right.block == at &&
                        left.table != right.table;
      const std::string_view op = expr.LastName();
      const bool order = op == "<" || op == "<=" || op == ">" || op == ">=" || op == "<>";
      if (both && expr.op == OperatorKind::kPlain && order) {
        comparison = &expr;
      } else if (!(Literal(expr.args[1]) != nullptr && op != "=")) {
        joined = true;
      }
    });
    if (comparison == nullptr || joined) continue;
    ReportPart(
        kInfo, query, comparison->offset, pass,
        absl::StrFormat("`%s` and `%s` are joined by `%s` alone", block.tables[0].name.ToString(),
                        block.tables[1].name.ToString(), ToSql(*comparison)))
        .On(block.tables[0].name.ToString())
        .Primary("every pair of rows is tried")
        .Help("is an equality missing? for ranges: a range column, GiST and &&");
  }
}

}  // namespace

extern constinit const Rule kInequalityJoin = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::inequality_join
