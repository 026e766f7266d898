// QRY056 computed-condition: CASE or COALESCE around a column in WHERE.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::computed_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY056",
    .name = "computed-condition",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "CASE or COALESCE around a column in WHERE hides it from every index",
    .why = R"md(
`coalesce(status, 'new') = 'new'` is computed for each row; no index on `status` serves it.
)md",
    .instead = R"md(
Say it with AND and OR: `status = 'new' OR status IS NULL`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE coalesce(status, 'new') = 'new';)sql",
    .good = R"sql(SELECT id FROM orders WHERE status = 'new' OR status IS NULL;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    EachConjunct(query.blocks[at], [&](const Expr& condition) {
      if (condition.kind != ExprKind::kOperator || condition.args.size() < 2) return;
      for (const Expr& side : condition.args) {
        if (side.kind != ExprKind::kCoalesce && side.kind != ExprKind::kCase) continue;
        KnownColumn column;
        std::string name;
        WalkExpr(side, [&](const Expr& expr) {
          if (!expr.IsColumn() || !name.empty()) return;
          name = ToSql(expr);
          column = FindColumn(query, at, expr, pass.catalog());
        });
        if (name.empty()) continue;
        if (column.known() && IsIndexedExpression(*column.table, side, pass.catalog())) continue;
        Finding& finding =
            ReportPart(kInfo, query, condition.offset, pass,
                       absl::StrFormat("`%s` hides `%s` from every index", ToSql(side), name));
        if (column.known()) finding.On(column.table->name.ToString());
        finding.Primary("computed for every row");
        // coalesce(a, x) = x.
        const Expr& other = condition.args[&side == &condition.args[0] ? 1 : 0];
        const bool plain = side.kind == ExprKind::kCoalesce && side.args.size() == 2 &&
                           condition.LastName() == "=" && ToSql(side.args[1]) == ToSql(other);
        finding.Help(plain ? name + " = " + ToSql(other) + " OR " + name + " IS NULL"
                           : "say it with AND, OR and IS NULL");
        if (plain) {
          ShowRewritten(
              WithCondition(query, condition.offset,
                            "(" + name + " = " + ToSql(other) + " OR " + name + " IS NULL)"),
              "", &finding);
        }
        return;
      }
    });
  }
}

}  // namespace

extern constinit const Rule kComputedCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::computed_condition
