// MIG032 blocking-partition-detach: DETACH PARTITION that stops the whole partitioned table.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_partition_detach {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG032",
    .name = "blocking-partition-detach",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {14, 0},
    .summary = "DETACH PARTITION without CONCURRENTLY locks the whole partitioned table",
    .why = R"md(
The partitioned table, the partition, and the default partition are locked against reads and writes. It
is short, but it waits behind every query on any partition, and all later ones wait behind it.
)md",
    .instead = R"md(
`DETACH PARTITION … CONCURRENTLY` (PostgreSQL 14 and later), outside a transaction; it is not possible
while there is a default partition. If it is interrupted, finish it with `DETACH PARTITION … FINALIZE`.
)md",
    .bad = R"sql(ALTER TABLE logs DETACH PARTITION logs_2023;)sql",
    .good = R"sql(ALTER TABLE logs DETACH PARTITION logs_2023 CONCURRENTLY;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kDetachPartition || command.concurrently) continue;
    if (!InUse(alter.relation.name, statement, pass)) continue;
    const QualifiedName parent = pass.catalog().Resolve(alter.relation.name);
    const Relation* known = pass.catalog().Find(alter.relation.name);
    const Relation* fallback = known != nullptr ? pass.catalog().DefaultPartition(*known) : nullptr;
    if (fallback != nullptr && !pass.locks().lock_timeout().empty()) continue;
    Finding& finding =
        pass.Report(kInfo, statement.span,
                    absl::StrFormat("detaching `%s` locks all of `%s` against reads and writes",
                                    command.relation.name.ToString(), parent.ToString()));
    finding.On(parent.ToString()).Primary("waits for every query on any partition");
    if (fallback != nullptr) {
      finding.Note(
          absl::StrFormat("CONCURRENTLY is not possible while there is a default partition (`%s`)",
                          fallback->name.ToString()));
      finding.Help("before it: SET lock_timeout = '2s'; and let the migration be tried again");
      continue;
    }
    if (const TransactionBlock* block = pass.TransactionOf(statement); block != nullptr) {
      if (block->begin.known())
        finding.Also(block->begin, "CONCURRENTLY cannot run in this transaction");
      finding.Note("CONCURRENTLY cannot run in a transaction: give it a migration of its own");
    }
    finding.Help(absl::StrFormat("ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY;",
                                 QuoteName(parent), QuoteName(command.relation.name)));
  }
}

}  // namespace

extern constinit const Rule kBlockingPartitionDetach = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::blocking_partition_detach
