// QRY059 jsonb-text-comparison: a comparison of a jsonb field as text, without an index on it.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::jsonb_text_comparison {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY059",
    .name = "jsonb-text-comparison",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "data->>'key' = 'value' takes every document apart",
    .why = R"md(
Without an index on this very expression each document is read, from TOAST where it is large, and
searched for the key.
)md",
    .instead = R"md(
`data @> '{"key": "value"}'` with a GIN index (`jsonb_path_ops`), or an index on the expression
`(data->>'key')`.
)md",
    .bad = R"sql(CREATE TABLE events (id int PRIMARY KEY, data jsonb);
SELECT id FROM events WHERE data->>'kind' = 'login';)sql",
    .good = R"sql(CREATE TABLE events (id int PRIMARY KEY, data jsonb);
CREATE INDEX ON events ((data->>'kind'));
SELECT id FROM events WHERE data->>'kind' = 'login';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    // Another condition already narrows the rows.
    bool narrowed = false;
    for (const Predicate& predicate : block.predicates) {
      if (predicate.wrapped || predicate.in_or || !predicate.column.resolved()) continue;
      if (predicate.kind != PredicateKind::kEqual && predicate.kind != PredicateKind::kJoin)
        continue;
      const Relation* table = pass.catalog().Find(block.tables[predicate.column.table].id);
      narrowed = narrowed ||
                 (table != nullptr &&
                  IndexBeginningWith(*table, predicate.column.column, pass.catalog()) != nullptr);
    }
    if (narrowed) continue;
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.LastName() != "=" || expr.args.size() != 2)
        return;
      const Expr& side = expr.args[0];
      if (side.kind != ExprKind::kOperator || side.LastName() != "->>" || side.args.size() != 2)
        return;
      const KnownColumn column = FindColumn(query, at, side.args[0], pass.catalog());
      const Expr* key = Literal(side.args[1]);
      if (!column.known() || key == nullptr) return;
      if (FamilyOf(column.column->type, pass.catalog()) != TypeFamily::kJsonb) return;
      if (IsIndexedExpression(*column.table, side, pass.catalog())) return;
      Finding& finding = ReportPart(kInfo, query, side.offset, pass,
                                    absl::StrFormat("`%s` takes every document of `%s` apart",
                                                    ToSql(expr), column.table->name.ToString()));
      finding.On(column.table->name.ToString()).Primary("no index on this expression");
      const Expr* value = Literal(expr.args[1]);
      if (value != nullptr && value->constant == ConstantKind::kString &&
          value->value.find_first_of("\"\\") == std::string::npos) {
        finding.Help(absl::StrFormat(
            "%s @> '{\"%s\": \"%s\"}' with a GIN index (%s jsonb_path_ops)", ToSql(side.args[0]),
            key->value, value->value, QuoteIdentifier(column.column->name)));
      }
      Expr bare = side;
      bare.args[0].name = {column.column->name};
      finding.Help(absl::StrFormat("CREATE INDEX CONCURRENTLY ON %s ((%s))",
                                   QuoteName(column.table->name), ToSql(bare)));
    });
  }
}

}  // namespace

extern constinit const Rule kJsonbTextComparison = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::jsonb_text_comparison
