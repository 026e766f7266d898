// MIG072 implicit-on-delete: a foreign key that does not say what becomes of its rows.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::implicit_on_delete {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG072",
    .name = "implicit-on-delete",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a foreign key without ON DELETE",
    .why = R"md(
Without `ON DELETE` the referenced row cannot be deleted while rows refer to it. That may be meant; said,
it is sure to be.
)md",
    .instead = R"md(
`ON DELETE RESTRICT`, `CASCADE` or `SET NULL`.
)md",
    .bad = R"sql(CREATE TABLE notes (order_id bigint REFERENCES orders (id));)sql",
    .good =
        R"sql(CREATE TABLE notes (order_id bigint REFERENCES orders (id) ON DELETE CASCADE);)sql",
});

void Check(const ConstraintDef& key, const Statement& statement, SqlPass& pass) {
  if (key.kind != ConstraintKind::kForeignKey || key.on_delete != 'a') return;
  if (HasWords(statement.sql, {"NO", "ACTION"})) return;
  pass.Report(kInfo, pass.At(key.offset, 1),
              absl::StrFormat("the foreign key to `%s` does not say what happens ON DELETE",
                              key.referenced.name.ToString()))
      .Primary("ON DELETE NO ACTION, silently")
      .Help("ON DELETE RESTRICT, CASCADE or SET NULL");
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (const auto* create = statement.As<CreateTable>()) {
    for (const ConstraintDef& constraint : create->constraints) Check(constraint, statement, pass);
    for (const ColumnDef& column : create->columns) {
      for (const ConstraintDef& constraint : column.constraints) Check(constraint, statement, pass);
    }
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return;
  for (const AlterSubcommand& command : alter->subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      Check(*command.constraint, statement, pass);
    }
    if (!command.column.has_value()) continue;
    for (const ConstraintDef& constraint : command.column->constraints)
      Check(constraint, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kImplicitOnDelete = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::implicit_on_delete
