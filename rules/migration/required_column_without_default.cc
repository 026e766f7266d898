// MIG023 required-column-without-default: ADD COLUMN … NOT NULL without a value for the rows that
// are there.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::required_column_without_default {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG023",
    .name = "required-column-without-default",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "ADD COLUMN … NOT NULL without a default fails if the table has rows",
    .why = R"md(
The rows that are there would have a null: PostgreSQL answers "column contains null values", and the
migration stops. On an empty table it succeeds, and the application that still runs, which does not
know the column, cannot insert any more.
)md",
    .instead = R"md(
Give the column a default (a constant one is only noted in the catalog, since PostgreSQL 11), or add
it nullable, fill the rows, and then prove and set `NOT NULL`.
)md",
    .bad = R"sql(ALTER TABLE orders ADD COLUMN channel text NOT NULL;)sql",
    .good = R"sql(ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web';)sql",
});

bool HasValue(const ColumnDef& column, const Catalog& catalog) {
  const ConstraintDef* value = column.Find(ConstraintKind::kDefault);
  if (value != nullptr && value->expr != nullptr && !value->expr->IsNullConstant()) return true;
  if (column.Find(ConstraintKind::kIdentity) != nullptr) return true;
  if (column.Find(ConstraintKind::kGenerated) != nullptr) return true;
  if (column.type.name.name.find("serial") != std::string::npos) return true;
  const CatalogType* domain = catalog.FindType(column.type.name);
  if (domain == nullptr) return false;
  return std::any_of(
      domain->constraints.begin(), domain->constraints.end(),
      [](const ConstraintDef& each) { return each.kind == ConstraintKind::kDefault; });
}

// The file takes all rows away before.
bool Emptied(const Statement& statement, const QualifiedName& table, const SqlPass& pass) {
  const auto& all = pass.file().statements;
  return std::any_of(all.begin(), all.begin() + statement.index, [&](const Statement& earlier) {
    if (const auto* truncate = earlier.As<Truncate>()) {
      return std::any_of(
          truncate->relations.begin(), truncate->relations.end(),
          [&](const RelationRef& ref) { return pass.catalog().Resolve(ref.name) == table; });
    }
    const auto* del = earlier.As<Delete>();
    return del != nullptr && !del->where.has_value() &&
           pass.catalog().Resolve(del->relation.name) == table;
  });
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || !InUse(alter.relation.name, statement, pass)) return;
  const Relation* known = pass.catalog().Find(alter.relation.name);
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
    const ColumnDef& column = *command.column;
    const bool required = column.Find(ConstraintKind::kNotNull) != nullptr ||
                          column.Find(ConstraintKind::kPrimaryKey) != nullptr;
    if (!required || HasValue(column, pass.catalog())) continue;
    if (known != nullptr && known->FindColumn(column.name) != nullptr) continue;
    if (Emptied(statement, table, pass)) continue;
    const std::string type = column.type.ToString();
    const std::string name = QuoteIdentifier(column.name);
    pass.Report(kInfo, pass.At(column.offset, column.name.size()),
                absl::StrFormat("adding required column `%s.%s` fails if the table has rows",
                                table.ToString(), column.name))
        .On(table.ToString())
        .Primary("the rows that are there would have a null")
        .Note("an application that does not know the column cannot insert rows either")
        .Help(absl::StrFormat(
            "with a constant default no row is rewritten: ALTER TABLE %s ADD COLUMN %s "
            "%s NOT NULL DEFAULT …;",
            QuoteName(table), name, type))
        .Help(absl::StrFormat(
            "or in steps: ALTER TABLE %s ADD COLUMN %s %s; fill it in batches; prove it by "
            "a validated CHECK (%s IS NOT NULL); then SET NOT NULL",
            QuoteName(table), name, type, name));
  }
}

}  // namespace

extern constinit const Rule kRequiredColumnWithoutDefault = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::required_column_without_default
