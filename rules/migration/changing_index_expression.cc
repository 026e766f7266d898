// MIG087 changing-index-expression: an index or generated column over a function that is not
// immutable.

#include "absl/strings/str_format.h"
#include "rules/facts/volatility.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::changing_index_expression {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG087",
    .name = "changing-index-expression",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "an index or generated column uses a function that is not immutable",
    .why = R"md(
PostgreSQL refuses it: "functions in index expression must be marked IMMUTABLE". What is stored would not
be what the function gives later.
)md",
    .instead = R"md(
An immutable expression: `date_trunc('day', at AT TIME ZONE 'UTC')` instead of one that depends on the
session's time zone.
)md",
    .bad = R"sql(CREATE INDEX orders_recent ON orders (placed_at) WHERE placed_at > now();)sql",
    .good = R"sql(CREATE INDEX orders_lower ON orders (lower(email));)sql",
});

// The part that is not immutable for sure; empty: there may be an immutable variant.
std::string Culprit(const Expr* expr, const Catalog& catalog) {
  std::string found;
  if (expr == nullptr) return found;
  std::string culprit;
  if (VolatilityOf(*expr, catalog, &culprit) == Volatility::kVolatile &&
      catalog.FindFunctions({"", culprit}).size() <= 1) {
    found = culprit;
  }
  WalkExpr(*expr, [&](const Expr& inner) {
    if (inner.kind == ExprKind::kValueFunction) found = inner.value;
    if (inner.kind == ExprKind::kFunction && inner.LastName() == "now") found = "now";
  });
  return found;
}

void Report(const std::string& culprit, const char* where, const Statement& statement,
            SqlPass& pass) {
  if (culprit.empty()) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` is not immutable and cannot stand in %s", culprit, where))
      .Primary("PostgreSQL refuses this")
      .Help("use an expression whose value only depends on the row");
}

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  for (const IndexElement& element : create.elements) {
    Report(Culprit(element.expr.get(), pass.catalog()), "an index expression", statement, pass);
  }
  Report(Culprit(create.where.get(), pass.catalog()), "an index predicate", statement, pass);
}

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const ConstraintDef* generated = column.column->Find(ConstraintKind::kGenerated);
    if (generated == nullptr) return;
    Report(Culprit(generated->expr.get(), pass.catalog()), "a generated column", statement, pass);
  });
}

}  // namespace

extern constinit const Rule kChangingIndexExpression =
    MakeSqlRule<&CheckCreateIndex, &CheckColumns>(kInfo);

}  // namespace pgsift::changing_index_expression
