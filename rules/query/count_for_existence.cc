// QRY036 count-for-existence: a count that is only compared with nought.

#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::count_for_existence {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY036",
    .name = "count-for-existence",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a sub-query counts all rows only to learn whether there is one",
    .why = R"md(
`(SELECT count(*) …) > 0` counts to the end; EXISTS stops at the first row, and can be planned as a
semi-join.
)md",
    .instead = R"md(
`EXISTS (SELECT 1 FROM …)`; for `= 0` `NOT EXISTS`.
)md",
    .bad =
        R"sql(SELECT id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 0;)sql",
    .good =
        R"sql(SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);)sql",
});

bool IsCount(const Expr& expr) {
  if (expr.kind != ExprKind::kSubquery || expr.sublink != SublinkKind::kScalar) return false;
  const auto* select = expr.query != nullptr ? std::get_if<Select>(&expr.query->node) : nullptr;
  return select != nullptr && select->targets.size() == 1 && select->group_by.empty() &&
         Calls(select->targets[0].expr, {"count"}) && !select->from.empty();
}

// EXISTS in place of the comparison, in the statement's own text.
std::string WithExists(const ObservedQuery& query, const Expr& count, const Expr& number, bool left,
                       bool none) {
  const std::string_view sql = StatementText::Of(query);
  const auto& select = std::get<Select>(count.query->node);
  const Expr& call = select.targets[0].expr;
  // count(column) counts no NULL, and is another question.
  const bool rows = call.star || (call.args.size() == 1 && Literal(call.args[0]) != nullptr &&
                                  !Literal(call.args[0])->IsNullConstant());
  if (sql.empty() || !rows || call.distinct || call.filter != nullptr || call.windowed ||
      select.having.has_value() || select.limit.has_value() || select.offset.has_value() ||
      !select.with.tables.empty() || number.kind != ExprKind::kConstant) {
    return {};
  }
  const StatementText text(sql);
  const TextRange around = text.ParenthesesAround(StatementText::At(query, call.offset));
  const TextRange literal = text.TokenFrom(StatementText::At(query, number.offset));
  if (around.empty() || literal.empty() || around.Holds(literal.begin)) return {};
  const QueryClauses clauses = text.ClausesOf({around.begin + 1, around.end - 1});
  if (clauses.output.empty() || clauses.set_operation) return {};
  TextEdits edits;
  edits.Replace({left ? around.begin : literal.begin, around.begin + 1},
                none ? "NOT EXISTS (" : "EXISTS (");
  edits.Replace(clauses.output, " 1");
  edits.Replace({around.end, left ? literal.end : around.end}, "");
  return edits.Apply(sql);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachExpr(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain) return;
      if (expr.args.size() != 2) return;
      const bool left = IsCount(expr.args[0]);
      if (!left && !IsCount(expr.args[1])) return;
      const Expr* number = Literal(expr.args[left ? 1 : 0]);
      if (number == nullptr || number->constant != ConstantKind::kInteger) return;
      std::string op(expr.LastName());
      if (!left) op = Flipped(op);
      const bool any = (number->value == "0" && (op == ">" || op == "<>")) ||
                       (number->value == "1" && op == ">=");
      const bool none = (number->value == "0" && (op == "=" || op == "<=")) ||
                        (number->value == "1" && op == "<");
      if (!any && !none) return;
      Finding& finding = ReportPart(kInfo, query, expr.offset, pass,
                                    "all rows are counted to learn whether there is one");
      finding.Primary("EXISTS stops at the first")
          .Help(std::string(none ? "NOT " : "") +
                "EXISTS (SELECT 1 FROM …) with the same condition");
      const Expr& count = expr.args[left ? 0 : 1];
      ShowRewritten(WithExists(query, count, expr.args[left ? 1 : 0], left, none), "", &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kCountForExistence = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::count_for_existence
