// QRY063 nulls-before-latest: ORDER BY … DESC LIMIT 1 on a column that may be NULL.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::nulls_before_latest {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY063",
    .name = "nulls-before-latest",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "ORDER BY column DESC LIMIT 1 gives a row whose column is NULL, if there is one",
    .why = R"md(
In descending order NULLs come first: the “latest” row is one that has no date at all.
)md",
    .instead = R"md(
`ORDER BY column DESC NULLS LAST`, `WHERE column IS NOT NULL`, or NOT NULL on the column.
)md",
    .bad = R"sql(CREATE TABLE jobs (id int PRIMARY KEY, done_at timestamptz);
SELECT id FROM jobs ORDER BY done_at DESC LIMIT 1;)sql",
    .good = R"sql(CREATE TABLE jobs (id int PRIMARY KEY, done_at timestamptz);
SELECT id FROM jobs ORDER BY done_at DESC NULLS LAST LIMIT 1;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.limit == nullptr || block.order_by.empty()) continue;
    const Expr* limit = Literal(*block.limit);
    if (limit == nullptr || limit->value != "1") continue;
    const BlockSortKey& key = block.order_by.front();
    if (!key.descending || key.nulls != NullsOrder::kDefault) continue;
    const KnownColumn column = FindColumn(query, at, *key.expr, pass.catalog());
    if (!column.known() || column.column->not_null) continue;
    bool excluded = false;
    for (const Predicate& predicate : block.predicates) {
      excluded = excluded || (predicate.column.column == column.column->name && !predicate.in_or &&
                              predicate.kind != PredicateKind::kIsNull &&
                              predicate.kind != PredicateKind::kOther);
    }
    if (excluded) continue;
    ReportPart(kInfo, query, key.expr->offset, pass,
               absl::StrFormat("a row without `%s` comes first", column.column->name))
        .On(column.table->name.ToString())
        .Primary("NULLs stand before all values")
        .Help(absl::StrFormat("ORDER BY %s DESC NULLS LAST", ToSql(*key.expr)));
  }
}

}  // namespace

extern constinit const Rule kNullsBeforeLatest = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::nulls_before_latest
