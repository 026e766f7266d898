// QRY004 not-in-subquery: NOT IN over a sub-query, which one NULL makes empty and which no join
// serves.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

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

// NOT EXISTS in its place, where the sub-query is plain enough to be turned around. `outer`: the
// column in front of NOT IN, qualified.
std::string Rewritten(const Expr& sublink, const Select& inner, const std::string& outer) {
  if (inner.targets.size() != 1 || inner.from.size() != 1 || sublink.args.empty()) return {};
  if (inner.from[0].kind != FromKind::kRelation || inner.limit.has_value()) return {};
  if (!inner.group_by.empty() || inner.set_operation != SetOperation::kNone) return {};
  if (!inner.targets[0].expr.IsColumn() || !sublink.args[0].IsColumn()) return {};
  const RelationRef& table = inner.from[0].relation;
  std::string column = ToSql(inner.targets[0].expr);
  if (inner.targets[0].expr.name.size() == 1)
    column = QuoteIdentifier(table.Label()) + "." + column;
  std::string where = column + " = " + outer;
  if (inner.where.has_value()) where += " AND (" + ToSql(*inner.where) + ")";
  const std::string alias =
      table.alias.empty() ? std::string() : " " + QuoteIdentifier(table.alias);
  return "NOT EXISTS (SELECT 1 FROM " + QuoteName(table.name) + alias + " WHERE " + where + ")";
}

// The column as it must be called inside of the sub-query, where another table's may have its name;
// empty: that cannot be told.
std::string Qualified(const Expr& expr, const QueryBlock& block, const Select& inner) {
  if (!expr.IsColumn()) return {};
  std::string label = expr.name.size() > 1 ? expr.name[expr.name.size() - 2] : std::string();
  if (label.empty() && block.tables.size() == 1) label = block.tables[0].label;
  if (label.empty()) return {};
  const bool hidden = inner.from.size() != 1 || inner.from[0].relation.Label() == label;
  return hidden ? std::string() : QuoteIdentifier(label) + "." + QuoteIdentifier(expr.LastName());
}

bool SameColumn(const KnownColumn& a, const KnownColumn& b) {
  return a.known() && a.column == b.column && a.named == b.named;
}

// Whether WHERE lets no row through in which `column` is NULL: it asks for that, or compares it.
bool FilteredNulls(const ObservedQuery& query, size_t at, const KnownColumn& column,
                   const Catalog& catalog) {
  const QueryBlock& block = query.blocks[at];
  if (block.where == nullptr || !column.known()) return false;
  bool filtered = false;
  EachConjunct(*block.where, [&](const Expr& condition) {
    const bool asked = condition.Is(ExprKind::kNullTest) && condition.negated;
    bool compared = false;
    if (condition.Is(ExprKind::kOperator) && condition.op == OperatorKind::kPlain) {
      for (std::string_view name : {"=", "<>", "<", ">", "<=", ">="}) {
        compared = compared || condition.LastName() == name;
      }
    }
    if (!asked && !compared) return;
    for (const Expr& side : condition.args) {
      if (!side.IsColumn()) continue;
      filtered = filtered || SameColumn(FindColumn(query, at, side, catalog), column);
    }
  });
  return filtered;
}

// Whether the block's output `expr` is never NULL.
bool NeverNull(const ObservedQuery& query, size_t at, const Expr& expr, const Catalog& catalog) {
  const QueryBlock& block = query.blocks[at];
  if (expr.Is(ExprKind::kConstant)) return expr.constant != ConstantKind::kNull;
  if (expr.IsColumn()) {
    const KnownColumn column = FindColumn(query, at, expr, catalog);
    if (!column.known()) return false;
    const bool outer = column.named != nullptr && column.named->nullable;
    return (column.column->not_null && !outer) || FilteredNulls(query, at, column, catalog);
  }
  if (!IsAggregateCall(expr)) return false;
  if (Calls(expr, {"count"})) return true;
  // Each group has a row, and with it a value.
  return Calls(expr, {"min", "max"}) && !block.group_by.empty() && expr.filter == nullptr &&
         expr.args.size() == 1 && NeverNull(query, at, expr.args[0], catalog);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    EachConjunct(block, [&](const Expr& condition) {
      const Expr* sublink = NotIn(condition);
      if (sublink == nullptr || sublink->query == nullptr) return;
      const auto* inner = std::get_if<Select>(&sublink->query->node);
      if (inner == nullptr) return;
      KnownColumn column;
      bool never_null = false;
      for (size_t i = 0; i < query.blocks.size(); ++i) {
        if (query.blocks[i].select != inner || inner->targets.size() != 1) continue;
        column = FindColumn(query, i, inner->targets[0].expr, pass.catalog());
        never_null = NeverNull(query, i, inner->targets[0].expr, pass.catalog());
      }
      if (never_null && TooQuickToMatter(query)) return;
      Finding& finding =
          ReportPart(kInfo, query, condition.offset, pass,
                     never_null ? "`NOT IN` over a sub-query cannot become an anti-join"
                                : "`NOT IN` finds nothing once its sub-query gives a NULL");
      finding.Primary(never_null ? "every row is compared with the whole list"
                                 : "one NULL among them and no row is found");
      if (column.known() && (column.column->not_null || !never_null)) {
        finding.On(column.table->name.ToString());
        finding.Note(absl::StrFormat("`%s` of `%s` %s", column.column->name,
                                     column.table->name.ToString(),
                                     column.column->not_null ? "is NOT NULL" : "may be NULL"));
      }
      const std::string outer =
          sublink->args.empty() ? std::string() : Qualified(sublink->args[0], block, *inner);
      const std::string rewritten =
          outer.empty() ? std::string() : Rewritten(*sublink, *inner, outer);
      finding.Help(rewritten.empty() ? "say NOT EXISTS (SELECT 1 FROM … WHERE …) instead"
                                     : rewritten);
      if (rewritten.empty()) return;
      const KnownColumn tested = FindColumn(query, at, sublink->args[0], pass.catalog());
      const bool tested_not_null = tested.known() && tested.column->not_null;
      const std::string difference =
          !never_null ? "NOT IN finds nothing where the sub-query gives a NULL, NOT EXISTS does"
          : tested_not_null
              ? ""
              : "where the sub-query gives no row, NOT IN keeps rows whose " + outer + " is NULL";
      ShowRewritten(
          WithCondition(query, condition.offset,
                        tested_not_null ? rewritten : outer + " IS NOT NULL AND " + rewritten),
          difference, &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kNotInSubquery = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::not_in_subquery
