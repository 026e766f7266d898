// MIG098 partition-key-outside-key: a primary key of a partitioned table without its partition key.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::partition_key_outside_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG098",
    .name = "partition-key-outside-key",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {11, 0},
    .summary = "a primary key or unique constraint of a partitioned table lacks a column of the "
               "partition key",
    .why = R"md(
Each partition checks uniqueness for itself, so PostgreSQL refuses a key that does not hold all columns of
the partition key: "unique constraint on partitioned table must include all partitioning columns".
)md",
    .instead = R"md(
Add the partition key's columns to the key.
)md",
    .bad =
        R"sql(CREATE TABLE logs (id bigint PRIMARY KEY, at date NOT NULL) PARTITION BY RANGE (at);)sql",
    .good =
        R"sql(CREATE TABLE logs (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);)sql",
});

void Check(const std::vector<std::string>& columns, const PartitionKey& key,
           const QualifiedName& table, const Statement& statement, SqlPass& pass) {
  std::vector<std::string> wanted = columns;
  std::string missing;
  for (const IndexElement& element : key.elements) {
    if (element.column.empty()) return;  // An expression: refused for another reason.
    if (std::find(columns.begin(), columns.end(), element.column) != columns.end()) continue;
    missing += (missing.empty() ? "`" : ", `") + element.column + "`";
    wanted.push_back(element.column);
  }
  if (missing.empty()) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the key (%s) of `%s` lacks %s of the partition key",
                              ColumnList(columns), table.ToString(), missing))
      .On(table.ToString())
      .Primary("PostgreSQL refuses this")
      .Help(absl::StrFormat("(%s)", ColumnList(wanted)));
}

bool IsKey(const ConstraintDef& def) {
  return def.kind == ConstraintKind::kPrimaryKey || def.kind == ConstraintKind::kUnique;
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (const auto* create = statement.As<CreateTable>();
      create != nullptr && create->partition_by.has_value()) {
    const QualifiedName table = pass.catalog().Resolve(create->relation.name);
    for (const ConstraintDef& def : create->constraints) {
      if (IsKey(def)) Check(def.columns, *create->partition_by, table, statement, pass);
    }
    for (const ColumnDef& column : create->columns) {
      for (const ConstraintDef& def : column.constraints) {
        if (IsKey(def)) Check({column.name}, *create->partition_by, table, statement, pass);
      }
    }
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return;
  const Relation* known = pass.catalog().Find(alter->relation.name);
  if (known == nullptr || !known->partition_key.has_value()) return;
  for (const AlterSubcommand& command : alter->subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    if (!IsKey(*command.constraint)) continue;
    Check(command.constraint->columns, *known->partition_key, known->name, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kPartitionKeyOutsideKey = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::partition_key_outside_key
