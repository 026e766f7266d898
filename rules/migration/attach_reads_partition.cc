// MIG030 attach-reads-partition: ATTACH PARTITION that has to read the rows.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::attach_reads_partition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG030",
    .name = "attach-reads-partition",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .summary = "ATTACH PARTITION reads a whole table under an ACCESS EXCLUSIVE lock",
    .why = R"md(
PostgreSQL checks that every row of the new partition is within its bounds, and that no row of the
default partition is. Both tables are locked `ACCESS EXCLUSIVE` while they are read. A valid `CHECK` (and
`NOT NULL` on the key) that says the same makes reading needless.
)md",
    .instead = R"md(
Before attaching, add a `CHECK` with the bounds to the table, `NOT VALID`, and validate it; likewise a
`CHECK` on the default partition that excludes the bounds. Drop them afterwards.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2024 (at date NOT NULL);
COMMIT;
ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');)sql",
    .good = R"sql(CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2024 (at date NOT NULL);
ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');)sql",
});

std::string Constants(const std::vector<Expr>& values) {
  std::string text;
  for (const Expr& value : values) text += (text.empty() ? "" : ", ") + ToSql(value);
  return text;
}

// The bounds as a CHECK of the partition; empty where it would not be simple.
std::string BoundSql(const Relation& parent, const PartitionBound& bound) {
  if (!parent.partition_key.has_value() || parent.partition_key->elements.size() != 1) return {};
  const std::string column = QuoteIdentifier(parent.partition_key->elements[0].column);
  if (parent.partition_key->elements[0].column.empty() || bound.is_default) return {};
  if (bound.strategy == 'l') {
    return absl::StrFormat("%s IS NOT NULL AND %s IN (%s)", column, column, Constants(bound.list));
  }
  if (bound.strategy != 'r' || bound.lower.size() != 1 || bound.upper.size() != 1) return {};
  const bool open = bound.lower[0].IsColumn() || bound.upper[0].IsColumn();
  if (open) return {};
  return absl::StrFormat("%s IS NOT NULL AND %s >= %s AND %s < %s", column, column,
                         ToSql(bound.lower[0]), column, ToSql(bound.upper[0]));
}

void Report(const WorkEffect& scan, const std::string& bound, bool is_default,
            const Statement& statement, SqlPass& pass) {
  const std::string check = QuoteIdentifier(MakeObjectName(scan.name.name, "bounds", "check"));
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("attaching the partition reads all of `%s`", scan.name.ToString()));
  finding.On(scan.name.ToString())
      .Primary("nobody reads or writes it until every row was looked at")
      .Note(scan.why);
  const std::string condition = bound.empty() ? "…"
                                : is_default  ? absl::StrFormat("NOT (%s)", bound)
                                              : bound;
  finding.Help(
      absl::StrFormat("first: ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s) NOT VALID; then, in a "
                      "later transaction: ALTER "
                      "TABLE %s VALIDATE CONSTRAINT %s;",
                      QuoteName(scan.name), check, condition, QuoteName(scan.name), check));
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAttachPartition || !command.bound.has_value()) continue;
    const Relation* parent = pass.catalog().Find(alter.relation.name);
    const std::string bound = parent != nullptr ? BoundSql(*parent, *command.bound) : "";
    const QualifiedName child = pass.catalog().Resolve(command.relation.name);
    for (const WorkEffect& scan : pass.effects().scans) {
      if (!InUse(scan, statement, pass)) continue;
      Report(scan, bound, scan.name != child, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kAttachReadsPartition = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::attach_reads_partition
