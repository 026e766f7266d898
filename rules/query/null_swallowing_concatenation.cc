// QRY055 null-swallowing-concatenation: || with a column that may be NULL.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::null_swallowing_concatenation {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY055",
    .name = "null-swallowing-concatenation",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "|| with a column that may be NULL makes the whole text NULL",
    .why = R"md(
`'a' || NULL` is NULL: one missing middle name and the whole name is gone.
)md",
    .instead = R"md(
`concat_ws(' ', a, b)` leaves out NULLs; or `coalesce(b, '')`.
)md",
    .bad = R"sql(CREATE TABLE people (first text NOT NULL, middle text, last text NOT NULL);
SELECT first || ' ' || middle || ' ' || last FROM people;)sql",
    .good = R"sql(CREATE TABLE people (first text NOT NULL, middle text, last text NOT NULL);
SELECT concat_ws(' ', first, middle, last) FROM people;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.select == nullptr) continue;
    for (const Target& target : block.select->targets) {
      if (target.expr.kind != ExprKind::kOperator || target.expr.LastName() != "||") continue;
      std::string columns;
      KnownColumn first;
      const std::function<void(const Expr&)> operands = [&](const Expr& expr) {
        if (expr.kind == ExprKind::kOperator && expr.LastName() == "||") {
          for (const Expr& arg : expr.args) operands(arg);
          return;
        }
        const KnownColumn column = FindColumn(query, at, expr, pass.catalog());
        if (!column.known() || column.column->not_null) return;
        const TypeFamily family = FamilyOf(column.column->type, pass.catalog());
        if (family != TypeFamily::kText && family != TypeFamily::kChar) return;
        if (!first.known()) first = column;
        if (!columns.empty()) columns += ", ";
        columns += column.column->name;
      };
      operands(target.expr);
      if (!first.known()) continue;
      ReportPart(kInfo, query, target.expr.offset, pass,
                 absl::StrFormat("the text is NULL wherever %s is", columns))
          .On(first.table->name.ToString())
          .Primary("|| with NULL is NULL")
          .Help("concat(…), concat_ws(' ', …) or coalesce(…, '')");
    }
  }
}

}  // namespace

extern constinit const Rule kNullSwallowingConcatenation = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::null_swallowing_concatenation
