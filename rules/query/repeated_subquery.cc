// QRY039 repeated-subquery: the same sub-query twice in one statement.

#include <map>

#include "rules/query/query_rule.h"

namespace pgsift::repeated_subquery {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY039",
    .name = "repeated-subquery",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "the same sub-query stands in the statement more than once, and runs as often",
    .why = R"md(
PostgreSQL does not notice that two sub-queries are the same; each is planned and run.
)md",
    .instead = R"md(
Put it into WITH or LATERAL once and use its columns.
)md",
    .bad =
        R"sql(SELECT (SELECT max(total) FROM orders WHERE status = 'new') - (SELECT min(total) FROM orders WHERE status = 'new'), (SELECT max(total) FROM orders WHERE status = 'new');)sql",
    .good = R"sql(SELECT max(total) - min(total), max(total) FROM orders WHERE status = 'new';)sql",
});

// What a sub-query reads and gives, in one spelling; empty where it has parts that are not spelled.
std::string Spelled(const Select& select) {
  if (select.set_operation != SetOperation::kNone || !select.with.tables.empty()) return {};
  std::string text;
  for (const Target& target : select.targets) text += ToSql(target.expr) + ",";
  for (const FromItem& item : select.from) {
    if (item.kind != FromKind::kRelation) return {};
    text += " from " + item.relation.name.ToString() + " " + item.relation.alias;
  }
  if (select.from.empty()) return {};
  if (select.where.has_value()) text += " where " + ToSql(*select.where);
  for (const Expr& expr : select.group_by) text += " group " + ToSql(expr);
  for (const SortItem& item : select.order_by)
    text += " order " + ToSql(item.expr) +
            (item.direction == SortDirection::kDescending ? " desc" : "");
  if (select.limit.has_value()) text += " limit " + ToSql(*select.limit);
  return text.find("…") == text.npos ? text : std::string();
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  std::map<std::string, size_t> seen;
  for (const QueryBlock& block : query.blocks) {
    EachExpr(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kSubquery || expr.query == nullptr) return;
      const auto* select = std::get_if<Select>(&expr.query->node);
      const std::string text = select != nullptr ? Spelled(*select) : std::string();
      if (text.empty() || ++seen[text] != 2) return;
      ReportPart(kInfo, query, expr.offset, pass, "the same sub-query stands here again")
          .Primary("planned and run a second time")
          .Help("put it into WITH or LATERAL once");
    });
  }
}

}  // namespace

extern constinit const Rule kRepeatedSubquery = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::repeated_subquery
