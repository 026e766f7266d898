// QRY064 row-number-for-first: row_number() over everything to keep the first of each group.

#include <set>

#include "base/text.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::row_number_for_first {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY064",
    .name = "row-number-for-first",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "row_number() numbers all rows to keep the first of each group",
    .why = R"md(
All rows are sorted and numbered, then all but the first of each group are thrown away.
)md",
    .instead = R"md(
`DISTINCT ON (k) … ORDER BY k, t DESC`, with an index on `(k, t)`; for few groups of many rows
`LATERAL (… ORDER BY t DESC LIMIT 1)`.
)md",
    .bad =
        R"sql(SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS n FROM orders) s WHERE n = 1;)sql",
    .good =
        R"sql(SELECT DISTINCT ON (customer_id) id FROM orders ORDER BY customer_id, placed_at DESC;)sql",
});

// DISTINCT ON in the sub-query that numbers its rows; what is outside sees the number 1.
std::string WithDistinctOn(const ObservedQuery& query, const Expr& condition,
                           const std::string& number) {
  const std::string_view sql = StatementText::Of(query);
  const Target* target = nullptr;
  const Select* inner = nullptr;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    for (const Target& each : block.select->targets) {
      if (!each.expr.windowed || each.expr.LastName() != "row_number") continue;
      if (target != nullptr) return {};
      target = &each;
      inner = block.select;
    }
  }
  if (sql.empty() || target == nullptr || inner->distinct || !inner->group_by.empty() ||
      inner->having.has_value() || !inner->order_by.empty() || inner->limit.has_value() ||
      inner->offset.has_value() || !inner->locking.empty() ||
      inner->set_operation != SetOperation::kNone) {
    return {};
  }
  const StatementText text(sql);
  const size_t call = StatementText::At(query, target->expr.offset);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(call));
  const TextRange over = text.Word(clauses.output, "over", call);
  if (over.empty() || !clauses.window.empty()) return {};
  const TextRange window = text.ParenthesesAround(over.end + sql.substr(over.end).find('('));
  if (window.empty()) return {};
  const TextRange inside{window.begin + 1, window.end - 1};
  const TextRange partition = text.Word(inside, "partition");
  const TextRange order = text.Word(inside, "order");
  if (partition.empty() || order.empty() || order.begin < partition.begin) return {};
  const TextRange by = text.Word(inside, "by", partition.end);
  const TextRange order_by = text.Word(inside, "by", order.end);
  for (const char* frame : {"rows", "range", "groups"}) {
    if (!text.Word(inside, frame, order.end).empty()) return {};
  }
  const std::string groups(Trim(text.Text({by.end, order.begin})));
  const std::string keys(Trim(text.Text({order_by.end, inside.end})));
  const size_t outer_at = StatementText::At(query, condition.offset);
  const QueryClauses outer = text.ClausesOf(text.QueryAround(outer_at));
  const TextRange arm = text.ArmAt(outer.where, outer_at);
  if (arm.empty()) return {};
  TextEdits edits;
  edits.Insert(clauses.output.begin, " DISTINCT ON (" + groups + ")");
  std::string named = "1::bigint";
  // Its alias stays where it is written.
  const TextRange next = text.TokenFrom(window.end);
  if (next.empty() || sql[next.begin] == ',' || next.begin >= clauses.output.end) {
    named += " AS " + QuoteIdentifier(number);
  }
  edits.Replace({call, window.end}, named);
  const size_t end = clauses.where.empty() ? clauses.from.end : clauses.where.end;
  edits.Insert(end, " ORDER BY " + groups + ", " + keys);
  edits.Replace(arm, "true");
  return edits.Apply(sql);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  std::set<std::string> numbers;  // Output names of row_number() in sub-queries.
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    for (const Target& target : block.select->targets) {
      const bool number = target.expr.kind == ExprKind::kFunction && target.expr.windowed &&
                          target.expr.LastName() == "row_number";
      if (number) numbers.insert(target.alias.empty() ? "row_number" : target.alias);
    }
  }
  if (numbers.empty()) return;
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() != 2) return;
      if (expr.LastName() != "=" || !expr.args[0].IsColumn()) return;
      const Expr* one = Literal(expr.args[1]);
      if (one == nullptr || one->value != "1") return;
      if (!numbers.contains(std::string(expr.args[0].LastName()))) return;
      Finding& finding = ReportPart(kInfo, query, expr.offset, pass,
                                    "all rows are numbered to keep the first of each group");
      finding.Primary("all others are thrown away")
          .Help("DISTINCT ON (…) … ORDER BY, or LATERAL (… ORDER BY … LIMIT 1)");
      ShowRewritten(WithDistinctOn(query, expr, std::string(expr.args[0].LastName())), "",
                    &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kRowNumberForFirst = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::row_number_for_first
