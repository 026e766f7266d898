// QRY060 any-of-array-column: value = ANY (array column), which no GIN index serves.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::any_of_array_column {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY060",
    .name = "any-of-array-column",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "value = ANY (column) uses no index on the array column",
    .why = R"md(
A GIN index on an array serves `@>`, `<@`, `&&` and `=`, not `value = ANY (column)`: the table is
read whole.
)md",
    .instead = R"md(
`column @> ARRAY['value']`, with `CREATE INDEX … USING gin (column)`.
)md",
    .bad = R"sql(CREATE TABLE posts (id int PRIMARY KEY, tags text[]);
SELECT id FROM posts WHERE 'sql' = ANY (tags);)sql",
    .good = R"sql(CREATE TABLE posts (id int PRIMARY KEY, tags text[]);
SELECT id FROM posts WHERE tags @> ARRAY['sql'];)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    EachConjunct(query.blocks[at], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kAny) return;
      if (expr.args.size() != 2 || expr.LastName() != "=" || expr.args[0].IsColumn()) return;
      const KnownColumn column = FindColumn(query, at, expr.args[1], pass.catalog());
      if (!column.known() || column.column->type.array_dimensions == 0 || column.block != at)
        return;
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("no index on `%s.%s` serves `%s`", column.table->name.ToString(),
                                 column.column->name, ToSql(expr)))
          .On(column.table->name.ToString())
          .Primary("reads the whole table")
          .Help(absl::StrFormat(
              "%s @> ARRAY[%s], with CREATE INDEX CONCURRENTLY ON %s USING gin (%s)",
              ToSql(expr.args[1]), ToSql(expr.args[0]), QuoteName(column.table->name),
              QuoteIdentifier(column.column->name)));
    });
  }
}

}  // namespace

extern constinit const Rule kAnyOfArrayColumn = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::any_of_array_column
