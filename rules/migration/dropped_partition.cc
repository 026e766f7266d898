// MIG033 dropped-partition: DROP TABLE of a partition stops the whole partitioned table.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_partition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG033",
    .name = "dropped-partition",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {10, 0},
    .summary = "dropping a partition locks the whole partitioned table against reads and writes",
    .why = R"md(
`DROP TABLE` of a partition takes an `ACCESS EXCLUSIVE` lock on the partitioned table and on its default
partition: it waits behind every query on any partition, and all later ones wait behind it.
)md",
    .instead = R"md(
`DETACH PARTITION … CONCURRENTLY` first (PostgreSQL 14 and later), then drop what is a table of its own.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
COMMIT;
DROP TABLE logs_2024;)sql",
    .good = R"sql(BEGIN;
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
COMMIT;
ALTER TABLE logs DETACH PARTITION logs_2024 CONCURRENTLY;
DROP TABLE logs_2024;)sql",
});

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kTable || !pass.locks().lock_timeout().empty()) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* partition = pass.catalog().Find(name);
    if (partition == nullptr || !partition->bound.has_value() || partition->parents.empty())
      continue;
    const Relation* parent = pass.catalog().Find(partition->parents.front());
    if (parent == nullptr || !InUse(parent, statement, pass)) continue;
    const bool parent_goes =
        std::any_of(drop.names.begin(), drop.names.end(),
                    [&](const auto& other) { return pass.catalog().Find(other) == parent; });
    if (parent_goes) continue;
    Finding& finding = pass.Report(
        kInfo, statement.span,
        absl::StrFormat("dropping partition `%s` locks all of `%s` against reads and writes",
                        partition->name.ToString(), parent->name.ToString()));
    finding.On(parent->name.ToString()).Primary("waits for every query on any partition");
    if (pass.catalog().DefaultPartition(*parent) == nullptr && pass.pg() >= PgVersion{14, 0}) {
      finding.Help(
          absl::StrFormat("first, outside a transaction: ALTER TABLE %s DETACH PARTITION %s "
                          "CONCURRENTLY;",
                          QuoteName(parent->name), QuoteName(partition->name)));
    } else {
      finding.Help("before it: SET lock_timeout = '2s'; and let the migration be tried again");
    }
  }
}

}  // namespace

extern constinit const Rule kDroppedPartition = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::dropped_partition
