// QRY015 join-type-mismatch: a join of columns whose types differ.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::join_type_mismatch {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY015",
    .name = "join-type-mismatch",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the joined columns have different types, so one is cast for every row",
    .why = R"md(
A join of `integer` with `numeric`, or `text` with `char(n)`, casts one side. No index on that side
serves, and neither a merge join nor an index lookup is possible without a cast.
)md",
    .instead = R"md(
Give both columns the same type. Until then cast on the side that is the smaller.
)md",
    .bad = R"sql(CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id numeric);
SELECT 1 FROM a JOIN b ON b.a_id = a.id;)sql",
    .good = R"sql(CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id bigint);
SELECT 1 FROM a JOIN b ON b.a_id = a.id;)sql",
});

bool Differ(TypeFamily a, TypeFamily b) {
  if (a == TypeFamily::kUnknown || b == TypeFamily::kUnknown || a == b) return false;
  // Dates and timestamps share an operator family.
  const auto time = [](TypeFamily f) {
    return f == TypeFamily::kDate || f == TypeFamily::kTimestamp || f == TypeFamily::kTimestampTz;
  };
  return !(time(a) && time(b));
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    const Expr* said = nullptr;
    for (const Predicate& predicate : block.predicates) {
      if (predicate.kind != PredicateKind::kJoin || predicate.expr == nullptr) continue;
      if (predicate.expr == said || !predicate.column.resolved() || !predicate.other.resolved())
        continue;
      const BlockTable& left = block.tables[predicate.column.table];
      const BlockTable& right = query.blocks[predicate.other.block].tables[predicate.other.table];
      const Relation* a = pass.catalog().Find(left.id);
      const Relation* b = pass.catalog().Find(right.id);
      const CatalogColumn* ca = a != nullptr ? a->FindColumn(predicate.column.column) : nullptr;
      const CatalogColumn* cb = b != nullptr ? b->FindColumn(predicate.other.column) : nullptr;
      if (ca == nullptr || cb == nullptr) continue;
      if (!Differ(FamilyOf(ca->type, pass.catalog()), FamilyOf(cb->type, pass.catalog()))) continue;
      said = predicate.expr;
      ReportPart(
          kInfo, query, predicate.expr->offset, pass,
          absl::StrFormat("`%s.%s` is %s, `%s.%s` is %s", a->name.ToString(), ca->name,
                          ca->type.ToString(), b->name.ToString(), cb->name, cb->type.ToString()))
          .On(a->name.ToString())
          .Primary("one side is cast for every row")
          .Help("give both columns the same type");
    }
  }
}

}  // namespace

extern constinit const Rule kJoinTypeMismatch = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::join_type_mismatch
