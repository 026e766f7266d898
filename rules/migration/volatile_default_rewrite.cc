// MIG002 volatile-default-rewrite: an ADD COLUMN whose value differs from row to row.

#include "absl/strings/str_format.h"
#include "rules/facts/volatility.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::volatile_default_rewrite {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG002",
    .name = "volatile-default-rewrite",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "ADD COLUMN with a value of its own for each row rewrites the table",
    .why = R"md(
Since PostgreSQL 11 a new column with a constant default is only noted in the catalog. A volatile
default (`gen_random_uuid()`, `clock_timestamp()`, `nextval(…)`), an identity or serial column, and
a stored generated column have another value in each row: the whole table is written anew, with all
its indexes, under an `ACCESS EXCLUSIVE` lock. Nobody reads or writes it meanwhile.
)md",
    .instead = R"md(
Add the column without a default, set the default for new rows in a second statement (that touches no
old row), fill the old rows in batches, then add what constraint is needed. `now()` and
`CURRENT_TIMESTAMP` are stable, not volatile: they are fine as they are.
)md",
    .bad = "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    .good = "ALTER TABLE orders ADD COLUMN placed_at timestamptz DEFAULT now();",
});

// Why the column has a value of its own in each row; empty if it has not.
std::string ReasonOf(const ColumnDef& column, const Catalog& catalog, PgVersion pg, bool* certain) {
  *certain = true;
  const std::string& type = column.type.name.name;
  if (type == "serial" || type == "bigserial" || type == "smallserial" || type == "serial4" ||
      type == "serial8" || type == "serial2") {
    return absl::StrFormat("`%s` takes each row's value from a sequence", type);
  }
  if (column.Find(ConstraintKind::kIdentity) != nullptr) {
    return "an identity column takes each row's value from a sequence";
  }
  if (const ConstraintDef* generated = column.Find(ConstraintKind::kGenerated)) {
    return generated->virtual_ ? "" : "a stored generated column is computed for each row";
  }
  const ConstraintDef* value = column.Find(ConstraintKind::kDefault);
  if (value == nullptr || value->expr == nullptr) return {};
  if (pg < PgVersion{11, 0} && !value->expr->IsNullConstant()) {
    return "before PostgreSQL 11 any default is written into each row";
  }
  std::string culprit;
  switch (VolatilityOf(*value->expr, catalog, &culprit)) {
    case Volatility::kVolatile:
      return absl::StrFormat("`%s()` is volatile: it gives each row its own value", culprit);
    case Volatility::kUnknown:
      *certain = false;
      return absl::StrFormat(
          "`%s()` is not known; functions are volatile unless they say otherwise", culprit);
    default:
      return {};
  }
}

// The type of a column that draws from a sequence by itself.
std::string PlainType(const TypeName& type) {
  const std::string& name = type.name.name;
  if (name == "bigserial" || name == "serial8") return "bigint";
  if (name == "smallserial" || name == "serial2") return "smallint";
  return name == "serial" || name == "serial4" ? "integer" : type.ToString();
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  const Relation* known = pass.catalog().Find(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
    if (command.missing_ok && known != nullptr && known->FindColumn(command.name) != nullptr)
      continue;
    bool certain = true;
    std::string reason = ReasonOf(*command.column, pass.catalog(), pass.pg(), &certain);
    // Other reasons, such as a domain with a constraint, are the effects' to know.
    if (reason.empty() && alter.subcommands.size() == 1) {
      reason = ReasonIn(pass.effects().rewrites, table);
    }
    if (reason.empty()) continue;
    Finding& finding =
        pass.Report(kInfo, pass.At(command.column->offset, command.name.size()),
                    absl::StrFormat("adding column `%s` %s `%s`", command.name,
                                    certain ? "rewrites" : "may rewrite", table.ToString()));
    if (!certain) finding.severity = std::min(finding.severity, Severity::kWarning);
    finding.On(table.ToString())
        .Primary("the table is written anew under an ACCESS EXCLUSIVE lock")
        .Note(reason)
        .Help(absl::StrFormat("ALTER TABLE %s ADD COLUMN %s %s; ALTER TABLE %s ALTER COLUMN %s SET "
                              "DEFAULT …; then fill the "
                              "old rows in batches",
                              QuoteName(table), QuoteIdentifier(command.name),
                              PlainType(command.column->type), QuoteName(table),
                              QuoteIdentifier(command.name)));
  }
}

}  // namespace

extern constinit const Rule kVolatileDefaultRewrite = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::volatile_default_rewrite
