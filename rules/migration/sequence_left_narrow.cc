// MIG097 sequence-left-narrow: a serial column becomes bigint, its sequence stays integer.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::sequence_left_narrow {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG097",
    .name = "sequence-left-narrow",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .summary = "the column becomes bigint, but its sequence still ends at 2147483647",
    .why = R"md(
Since PostgreSQL 10 the sequence of a `serial` column is of type `integer`. `ALTER COLUMN … TYPE bigint` does
not change it: `nextval` fails at 2147483647 all the same. The sequence of an identity column is changed along.
)md",
    .instead = R"md(
`ALTER SEQUENCE … AS bigint` in the same migration. It rewrites nothing.
)md",
    .bad = R"sql(CREATE TABLE orders (id serial PRIMARY KEY);
ALTER TABLE orders ALTER COLUMN id TYPE bigint;)sql",
    .good = R"sql(CREATE TABLE orders (id serial PRIMARY KEY);
ALTER TABLE orders ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE orders_id_seq AS bigint;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAlterColumnType || !command.column.has_value()) continue;
    if (command.column->type.name.name != "int8") continue;
    const CatalogColumn* column = table->FindColumn(command.name);
    if (column == nullptr || !column->serial || column->type.name.name == "int8") continue;
    const auto sequences = pass.catalog().SequencesOf(table->id, command.name);
    if (sequences.size() != 1) continue;
    const QualifiedName& name = sequences.front()->name;
    const auto& all = pass.file().statements;
    const bool changed = std::any_of(all.begin(), all.end(), [&](const Statement& other) {
      const auto* sequence = other.As<AlterSequence>();
      return sequence != nullptr && sequence->relation.name.name == name.name &&
             HasWords(other.sql, {"AS"});
    });
    if (changed) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("`%s.%s` becomes bigint, but `%s` still ends at 2147483647",
                                table->name.ToString(), command.name, name.ToString()))
        .On(table->name.ToString())
        .Primary("the sequence of a serial column keeps its type")
        .Help(absl::StrFormat("ALTER SEQUENCE %s AS bigint;", QuoteName(name)));
  }
}

}  // namespace

extern constinit const Rule kSequenceLeftNarrow = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::sequence_left_narrow
