// QRY012 ilike-without-wildcard: ILIKE as a comparison that ignores case.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::ilike_without_wildcard {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY012",
    .name = "ilike-without-wildcard",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "ILIKE without a wildcard compares every row, ignoring case",
    .why = R"md(
No btree serves `ILIKE`: the whole table is read and every value folded to one case.
)md",
    .instead = R"md(
An index on `lower(column)` and `lower(column) = lower($1)`, or the type `citext`, or a collation
that ignores case.
)md",
    .bad = R"sql(SELECT id FROM customers WHERE email ILIKE 'a@b.example';)sql",
    .good = R"sql(SELECT id FROM customers WHERE lower(email) = lower('a@b.example');)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t i = 0; i < query.blocks.size(); ++i) {
    EachInConditions(query.blocks[i], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kIlike) return;
      if (expr.args.size() != 2 || expr.negated) return;
      const Expr* pattern = Literal(expr.args[1]);
      if (pattern == nullptr || pattern->constant != ConstantKind::kString) return;
      if (pattern->value.find_first_of("%_\\") != std::string::npos) return;
      const std::string side = ToSql(expr.args[0]);
      Finding& finding =
          ReportPart(kInfo, query, expr.offset, pass,
                     absl::StrFormat("`%s` folds the case of every row", ToSql(expr)));
      finding.Primary("no btree serves ILIKE");
      const KnownColumn column = FindColumn(query, i, expr.args[0], pass.catalog());
      if (column.known()) {
        finding.On(column.table->name.ToString());
        finding.Help(absl::StrFormat("CREATE INDEX CONCURRENTLY ON %s (lower(%s))",
                                     QuoteName(column.table->name),
                                     QuoteIdentifier(column.column->name)));
      }
      finding.Help(absl::StrFormat("lower(%s) = lower(%s)", side, ToSql(expr.args[1])));
    });
  }
}

}  // namespace

extern constinit const Rule kIlikeWithoutWildcard = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::ilike_without_wildcard
