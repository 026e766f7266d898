// MIG031 partition-created-in-place: CREATE TABLE … PARTITION OF locks the partitioned table
// against reads.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::partition_created_in_place {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG031",
    .name = "partition-created-in-place",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {12, 0},
    .summary = "CREATE TABLE … PARTITION OF locks the partitioned table against reads and writes",
    .why = R"md(
A new partition takes an `ACCESS EXCLUSIVE` lock on the partitioned table: it waits behind every query
on it, and all later ones wait behind it. If there is a default partition, that is read whole under the
lock, to see that none of its rows belongs to the new one.
)md",
    .instead = R"md(
Since PostgreSQL 12, `CREATE TABLE … (LIKE parent INCLUDING ALL)` and then `ATTACH PARTITION` do the same
under a `SHARE UPDATE EXCLUSIVE` lock, with which reads and writes go on.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
COMMIT;
CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');)sql",
    .good = R"sql(CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');)sql",
});

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  if (!create.bound.has_value() || create.inherits.empty()) return;
  const RelationRef& parent = create.inherits.front();
  if (!InUse(parent.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(create.relation.name);
  if (create.if_not_exists && pass.catalog().Find(create.relation.name) != nullptr) return;
  const QualifiedName parent_name = pass.catalog().Resolve(parent.name);
  const Effects& effects = pass.effects();
  const bool reads = !effects.scans.empty();
  // A timeout bounds the wait for the lock, not the reading.
  if (!reads && !pass.locks().lock_timeout().empty()) return;
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("creating partition `%s` in place locks `%s` against reads and writes",
                      table.ToString(), parent_name.ToString()));
  if (reads) {
    finding.severity = std::max(finding.severity, Severity::kWarning);
    finding.Note(absl::StrFormat("the default partition `%s` is read whole under the lock",
                                 effects.scans.front().name.ToString()));
  }
  finding.On(parent_name.ToString())
      .Primary("takes an ACCESS EXCLUSIVE lock on the partitioned table")
      .Help(absl::StrFormat("CREATE TABLE %s (LIKE %s INCLUDING ALL); ALTER TABLE %s ATTACH "
                            "PARTITION %s FOR VALUES …;",
                            QuoteName(table), QuoteName(parent_name), QuoteName(parent_name),
                            QuoteName(table)));
}

}  // namespace

extern constinit const Rule kPartitionCreatedInPlace = MakeSqlRule<&CheckCreateTable>(kInfo);

}  // namespace pgsift::partition_created_in_place
