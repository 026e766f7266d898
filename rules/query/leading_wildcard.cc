// QRY001 leading-wildcard: a LIKE pattern that begins with a wildcard.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/query/query_rule.h"

namespace pgsift::leading_wildcard {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY001",
    .name = "leading-wildcard",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 1},
    .summary = "LIKE with a pattern that begins with a wildcard reads every row",
    .why = R"md(
A btree finds what begins with something, not what contains it. `LIKE '%word%'` compares the pattern
with every row of the table, however large.
)md",
    .instead = R"md(
For patterns inside a text: `CREATE EXTENSION pg_trgm` and a GIN index with `gin_trgm_ops` on the
column; it serves `LIKE`, `ILIKE` and regular expressions of three characters or more. For words:
full-text search with a GIN index on `to_tsvector(…)`. For suffixes only: an index on `reverse(column)`.
)md",
    .bad = "CREATE TABLE reviews (id int, body text);\nSELECT id FROM reviews WHERE body LIKE "
           "'%broken%';",
    .good = "CREATE TABLE reviews (id int, body text);\nSELECT id FROM reviews WHERE body LIKE "
            "'broken%';",
});

bool BeginsWithWildcard(const Predicate& predicate, const ObservedQuery& query) {
  if (predicate.kind == PredicateKind::kLikeAnywhere) return true;
  if (predicate.kind != PredicateKind::kLikeUnknown || predicate.value == nullptr) return false;
  if (predicate.value->kind != ExprKind::kParam) return false;
  const std::string value = ParameterValue(query.parameters, predicate.value->value);
  return value.starts_with('%') || value.starts_with('_');
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    for (const Predicate& predicate : block.predicates) {
      if (predicate.negated || !BeginsWithWildcard(predicate, query)) continue;
      if (!predicate.column.resolved()) continue;
      const BlockTable& named = block.tables[predicate.column.table];
      const Relation* table = pass.catalog().Find(named.id);
      if (table != nullptr && HasTrigramIndex(*table, predicate.column.column, pass.catalog()))
        continue;
      const std::string column = named.name.ToString() + "." + predicate.column.column;
      Finding& finding = ReportQuery(
          kInfo, query, pass, absl::StrFormat("`LIKE` on `%s` begins with a wildcard", column));
      finding.On(named.name.ToString()).Primary("reads every row of the table");
      finding.Help(
          absl::StrFormat("CREATE EXTENSION pg_trgm, then CREATE INDEX CONCURRENTLY ON %s USING "
                          "gin (%s gin_trgm_ops)",
                          QuoteName(named.name), QuoteIdentifier(predicate.column.column)));
    }
  }
}

}  // namespace

extern constinit const Rule kLeadingWildcard = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::leading_wildcard
