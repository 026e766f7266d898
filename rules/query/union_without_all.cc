// QRY030 union-without-all: UNION that sorts or hashes only to find no duplicate.

#include "rules/query/query_rule.h"

namespace pgsift::union_without_all {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY030",
    .name = "union-without-all",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "UNION removes duplicates, which costs a sort or hash of everything",
    .why = R"md(
`UNION` compares all rows of both sides. Where the two cannot give the same row, or duplicates are
welcome, this is for nothing, and it keeps LIMIT from stopping early.
)md",
    .instead = R"md(
`UNION ALL` where the sides are disjoint.
)md",
    .bad =
        R"sql(SELECT id, 'order' AS kind FROM orders UNION SELECT id, 'invoice' FROM invoices;)sql",
    .good =
        R"sql(SELECT id, 'order' AS kind FROM orders UNION ALL SELECT id, 'invoice' FROM invoices;)sql",
});

// An output column that is one literal on this side and another on the other.
bool ByLiteral(const Select& left, const Select& right) {
  for (size_t i = 0; i < left.targets.size() && i < right.targets.size(); ++i) {
    const Expr* a = Literal(left.targets[i].expr);
    const Expr* b = Literal(right.targets[i].expr);
    if (a != nullptr && b != nullptr && !a->IsNullConstant() && !b->IsNullConstant() &&
        a->constant == b->constant && a->value != b->value)
      return true;
  }
  return false;
}

// An output column that WHERE fixes to one value here and to another there.
bool ByCondition(const Select& left, const Select& right) {
  const auto fixed = [](const Select& select, const std::string& column) {
    std::string value;
    if (!select.where.has_value()) return value;
    EachConjunct(*select.where, [&](const Expr& e) {
      if (e.kind == ExprKind::kOperator && e.op == OperatorKind::kPlain && e.LastName() == "=" &&
          e.args.size() == 2 && ToSql(e.args[0]) == column && Literal(e.args[1]) != nullptr)
        value = ToSql(e.args[1]);
    });
    return value;
  };
  for (size_t i = 0; i < left.targets.size() && i < right.targets.size(); ++i) {
    if (!left.targets[i].expr.IsColumn() || !right.targets[i].expr.IsColumn()) continue;
    const std::string a = fixed(left, ToSql(left.targets[i].expr));
    const std::string b = fixed(right, ToSql(right.targets[i].expr));
    if (!a.empty() && !b.empty() && a != b) return true;
  }
  return false;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    const Select* select = block.select;
    if (select == nullptr || select->set_operation != SetOperation::kUnion || select->set_all)
      continue;
    if (select->sides.size() != 2) continue;
    const Select& left = select->sides[0];
    const Select& right = select->sides[1];
    if (left.set_operation != SetOperation::kNone || right.set_operation != SetOperation::kNone)
      continue;
    if (!ByLiteral(left, right) && !ByCondition(left, right)) continue;
    const uint64_t at = right.targets.empty() ? 0 : right.targets.front().offset;
    ReportPart(kInfo, query, at, pass, "`UNION` looks for duplicates that cannot be there")
        .Primary("the two sides never give the same row")
        .Help("UNION ALL");
  }
}

}  // namespace

extern constinit const Rule kUnionWithoutAll = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::union_without_all
