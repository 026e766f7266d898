// QRY043 having-without-aggregate: HAVING on a plain column.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::having_without_aggregate {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY043",
    .name = "having-without-aggregate",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "HAVING tests a plain column, after all groups are made",
    .why = R"md(
HAVING is applied to finished groups. A condition on a grouped column alone belongs into WHERE,
where it leaves out the rows before they are read, joined and grouped.
)md",
    .instead = R"md(
Move the condition into WHERE.
)md",
    .bad = R"sql(SELECT status, count(*) FROM orders GROUP BY status HAVING status = 'new';)sql",
    .good = R"sql(SELECT status, count(*) FROM orders WHERE status = 'new' GROUP BY status;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || !block.select->having.has_value()) continue;
    if (block.select->group_by.empty()) continue;
    EachConjunct(*block.select->having, [&](const Expr& condition) {
      bool column = false, other = false;
      WalkExpr(condition, [&](const Expr& expr) {
        column = column || expr.IsColumn();
        // A function of the project's own may be an aggregate.
        other = other || expr.kind == ExprKind::kFunction || expr.kind == ExprKind::kSubquery;
      });
      if (!column || other) return;
      ReportPart(kInfo, query, condition.offset, pass,
                 absl::StrFormat("`HAVING %s` needs no group", ToSql(condition)))
          .Primary("tested after all groups are made")
          .Help("WHERE " + ToSql(condition));
    });
  }
}

}  // namespace

extern constinit const Rule kHavingWithoutAggregate = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::having_without_aggregate
