// QRY028 filtered-outer-join: a LEFT JOIN whose rows without a partner WHERE drops again.

#include <set>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::filtered_outer_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY028",
    .name = "filtered-outer-join",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "WHERE on the optional side of an outer join drops the rows that the join kept",
    .why = R"md(
`LEFT JOIN` keeps rows without a partner, with NULL in its columns. A condition on such a column is
not true for NULL, so they go again: it is an inner join, written as an outer one. One of the two is
not meant.
)md",
    .instead = R"md(
Move the condition into ON if rows without a partner are wanted; say JOIN if they are not.
)md",
    .bad =
        R"sql(SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'new';)sql",
    .good =
        R"sql(SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'new';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    // Only joins of this form are looked at: a LEFT JOIN whose right side is one table.
    std::set<std::string> optional;
    EachJoin(block, [&](const FromItem& join) {
      if (join.join == JoinType::kLeft && join.sides[1].kind == FromKind::kRelation)
        optional.insert(join.sides[1].relation.Label());
    });
    std::set<std::string> said;
    for (const Predicate& predicate : block.predicates) {
      if (predicate.in_or || predicate.wrapped || predicate.expr == nullptr) continue;
      if (!predicate.column.resolved() || block.where == nullptr) continue;
      const BlockTable& named = block.tables[predicate.column.table];
      if (!named.nullable || !optional.contains(named.label)) continue;
      const bool rejects = predicate.kind == PredicateKind::kIsNotNull ||
                           (predicate.expr->kind == ExprKind::kOperator &&
                            predicate.expr->op != OperatorKind::kDistinct &&
                            predicate.kind != PredicateKind::kIsNull);
      if (!rejects) continue;
      bool in_where = false;
      EachConjunct(*block.where,
                   [&](const Expr& e) { in_where = in_where || &e == predicate.expr; });
      if (!in_where || !said.insert(named.label).second) continue;
      ReportPart(kInfo, query, predicate.expr->offset, pass,
                 absl::StrFormat("`%s` drops the rows that LEFT JOIN `%s` kept",
                                 ToSql(*predicate.expr), named.name.ToString()))
          .On(named.name.ToString())
          .Primary("not true where there is no partner")
          .Help("move it into ON, or say JOIN instead of LEFT JOIN");
    }
  }
}

}  // namespace

extern constinit const Rule kFilteredOuterJoin = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::filtered_outer_join
