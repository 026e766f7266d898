// QRY004 not-in-subquery: NOT IN over a sub-query, which one NULL makes empty and which no join
// serves.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::not_in_subquery {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY004",
    .name = "not-in-subquery",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "NOT IN (SELECT …) finds nothing once the sub-query gives a NULL, and is never an "
               "anti-join",
    .why = R"md(
`x NOT IN (SELECT y …)` is not true but unknown for every row as soon as one `y` is NULL: the query
silently returns nothing. And since the planner has to keep that meaning, it cannot use an
anti-join: the sub-query becomes a hashed list, or, when it does not fit into `work_mem`, is read
anew for every row.
)md",
    .instead = R"md(
`NOT EXISTS (SELECT 1 FROM … WHERE y = x)` says what is meant, ignores NULLs, and is planned as an
anti-join.
)md",
    .bad = R"sql(SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders);)sql",
    .good =
        R"sql(SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);)sql",
});

// The sub-query of `x NOT IN (SELECT …)` or `x <> ALL (SELECT …)`; null: the condition is neither.
const Expr* NotIn(const Expr& expr) {
  if (expr.kind == ExprKind::kNot && !expr.args.empty()) {
    const Expr& inner = expr.args[0];
    const bool in = inner.kind == ExprKind::kSubquery && inner.sublink == SublinkKind::kAny;
    return in && (inner.name.empty() || inner.LastName() == "=") ? &inner : nullptr;
  }
  const bool all = expr.kind == ExprKind::kSubquery && expr.sublink == SublinkKind::kAll;
  return all && expr.LastName() == "<>" ? &expr : nullptr;
}

// NOT EXISTS in its place, where the sub-query is plain enough to be turned around.
std::string Rewritten(const Expr& sublink, const Select& inner) {
  if (inner.targets.size() != 1 || inner.from.size() != 1 || sublink.args.empty()) return {};
  if (inner.from[0].kind != FromKind::kRelation || inner.limit.has_value()) return {};
  if (!inner.group_by.empty() || inner.set_operation != SetOperation::kNone) return {};
  if (!inner.targets[0].expr.IsColumn() || !sublink.args[0].IsColumn()) return {};
  const RelationRef& table = inner.from[0].relation;
  std::string column = ToSql(inner.targets[0].expr);
  if (inner.targets[0].expr.name.size() == 1)
    column = QuoteIdentifier(table.Label()) + "." + column;
  std::string where = column + " = " + ToSql(sublink.args[0]);
  if (inner.where.has_value()) where += " AND (" + ToSql(*inner.where) + ")";
  const std::string alias =
      table.alias.empty() ? std::string() : " " + QuoteIdentifier(table.alias);
  return "NOT EXISTS (SELECT 1 FROM " + QuoteName(table.name) + alias + " WHERE " + where + ")";
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& condition) {
      const Expr* sublink = NotIn(condition);
      if (sublink == nullptr || sublink->query == nullptr) return;
      const auto* inner = std::get_if<Select>(&sublink->query->node);
      if (inner == nullptr) return;
      KnownColumn column;
      for (size_t i = 0; i < query.blocks.size(); ++i) {
        if (query.blocks[i].select == inner && inner->targets.size() == 1)
          column = FindColumn(query, i, inner->targets[0].expr, pass.catalog());
      }
      const bool never_null = column.known() && column.column->not_null;
      if (never_null && TooQuickToMatter(query)) return;
      Finding& finding =
          ReportPart(kInfo, query, condition.offset, pass,
                     never_null ? "`NOT IN` over a sub-query cannot become an anti-join"
                                : "`NOT IN` finds nothing once its sub-query gives a NULL");
      finding.Primary(never_null ? "every row is compared with the whole list"
                                 : "one NULL among them and no row is found");
      if (column.known()) {
        finding.On(column.table->name.ToString());
        finding.Note(absl::StrFormat("`%s` of `%s` %s", column.column->name,
                                     column.table->name.ToString(),
                                     never_null ? "is NOT NULL" : "may be NULL"));
      }
      const std::string rewritten = Rewritten(*sublink, *inner);
      finding.Help(rewritten.empty() ? "say NOT EXISTS (SELECT 1 FROM … WHERE …) instead"
                                     : rewritten);
    });
  }
}

}  // namespace

extern constinit const Rule kNotInSubquery = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::not_in_subquery
