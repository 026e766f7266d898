// QRY006 null-in-not-in-list: NOT IN with a NULL in its list, which is never true.

#include "rules/query/query_rule.h"

namespace pgsift::null_in_not_in_list {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY006",
    .name = "null-in-not-in-list",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "NOT IN with a NULL in the list is never true",
    .why = R"md(
`a NOT IN (1, NULL)` means `a <> 1 AND a <> NULL`, and the second is unknown for every row.
)md",
    .instead = R"md(
Take NULL out of the list; to leave out rows that are NULL add `AND a IS NOT NULL`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE status NOT IN ('new', NULL);)sql",
    .good = R"sql(SELECT id FROM orders WHERE status NOT IN ('new') AND status IS NOT NULL;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachInConditions(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kIn || !expr.negated) return;
      if (expr.args.size() != 2) return;
      Expr without = expr;
      std::vector<Expr>& list = without.args[1].args;
      const size_t before = list.size();
      std::erase_if(list, [](const Expr& item) {
        const Expr* literal = Literal(item);
        return literal != nullptr && literal->IsNullConstant();
      });
      if (list.size() == before) return;
      Finding& finding = ReportPart(kInfo, query, expr.offset, pass,
                                    "`NOT IN` with a NULL in its list is never true");
      finding.Primary("unknown for every row");
      const std::string column = ToSql(expr.args[0]);
      finding.Help(list.empty() ? column + " IS NOT NULL"
                                : ToSql(without) + " AND " + column + " IS NOT NULL");
    });
  }
}

}  // namespace

extern constinit const Rule kNullInNotInList = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::null_in_not_in_list
