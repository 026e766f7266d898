// MIG118 concurrently-on-partitioned-table: CONCURRENTLY where PostgreSQL refuses it.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::concurrently_on_partitioned_table {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG118",
    .name = "concurrently-on-partitioned-table",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {11, 0},  // The release that brought indexes of partitioned tables.
    .summary = "CREATE and DROP INDEX CONCURRENTLY are refused for partitioned tables",
    .why = R"md(
PostgreSQL cannot build or drop the index of a partitioned table concurrently: the statement ends with an
error, and the migration with it.
)md",
    .instead = R"md(
Create the index `ON ONLY` the partitioned table, which builds nothing; build one on each partition
`CONCURRENTLY`; attach those with `ALTER INDEX … ATTACH PARTITION`. An index is dropped with all its
parts, in one short step: `SET lock_timeout` before it.
)md",
    .bad = R"sql(CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
CREATE INDEX CONCURRENTLY events_id ON events (id);)sql",
    .good = R"sql(CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
CREATE INDEX events_id ON ONLY events (id);)sql",
});

void CheckCreateIndex(const CreateIndex& index, const Statement& statement, SqlPass& pass) {
  if (!index.concurrently) return;
  const Relation* table = pass.catalog().Find(index.relation.name);
  if (table == nullptr || table->kind != RelationKind::kPartitionedTable) return;
  const std::string name =
      QuoteIdentifier(index.name.empty() ? table->name.name + "_idx" : index.name);
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the index of partitioned table `%s` cannot be built CONCURRENTLY",
                              table->name.ToString()))
      .On(table->name.ToString())
      .Primary("PostgreSQL refuses this statement")
      .Help(absl::StrFormat("CREATE INDEX %s ON ONLY %s …; then for each partition: CREATE INDEX "
                            "CONCURRENTLY … ON …; ALTER INDEX %s ATTACH PARTITION …;",
                            name, QuoteName(index.relation.name), name));
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kIndex || !drop.concurrently) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* index = pass.catalog().Find(name);
    if (index == nullptr || index->kind != RelationKind::kPartitionedIndex) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("`%s` is the index of a partitioned table and cannot be dropped "
                                "CONCURRENTLY",
                                index->name.ToString()))
        .Primary("PostgreSQL refuses this statement")
        .Help("leave CONCURRENTLY out, after SET lock_timeout = '2s'");
  }
}

}  // namespace

extern constinit const Rule kConcurrentlyOnPartitionedTable =
    MakeSqlRule<&CheckCreateIndex, &CheckDrop>(kInfo);

}  // namespace pgsift::concurrently_on_partitioned_table
