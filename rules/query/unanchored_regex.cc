// QRY013 unanchored-regex: a regular expression that may match anywhere.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unanchored_regex {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY013",
    .name = "unanchored-regex",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a regular expression without ^ is tried on every row",
    .why = R"md(
Only a regular expression that begins with `^` and a fixed text can use a btree. All others are
tried on every row, at every place of every value.
)md",
    .instead = R"md(
Anchor it where that is meant, or `CREATE EXTENSION pg_trgm` and a GIN index with `gin_trgm_ops`.
)md",
    .bad = R"sql(CREATE TABLE logs (id int, line text);
SELECT id FROM logs WHERE line ~ 'error [0-9]+';)sql",
    .good = R"sql(CREATE TABLE logs (id int, line text);
CREATE INDEX logs_line ON logs USING gin (line gin_trgm_ops);
SELECT id FROM logs WHERE line ~ 'error [0-9]+';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t i = 0; i < query.blocks.size(); ++i) {
    EachConjunct(query.blocks[i], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain) return;
      if (expr.args.size() != 2 || (expr.LastName() != "~" && expr.LastName() != "~*")) return;
      const Expr* pattern = Literal(expr.args[1]);
      if (pattern == nullptr || pattern->value.starts_with('^') || pattern->value.empty()) return;
      const KnownColumn column = FindColumn(query, i, expr.args[0], pass.catalog());
      if (!column.known()) return;
      if (HasTrigramIndex(*column.table, column.column->name, pass.catalog())) return;
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("`%s` is tried on every row", ToSql(expr)))
          .On(column.table->name.ToString())
          .Primary("may match anywhere in the text")
          .Help(absl::StrFormat("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX CONCURRENTLY "
                                "ON %s USING gin (%s gin_trgm_ops)",
                                QuoteName(column.table->name),
                                QuoteIdentifier(column.column->name)));
    });
  }
}

}  // namespace

extern constinit const Rule kUnanchoredRegex = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unanchored_regex
