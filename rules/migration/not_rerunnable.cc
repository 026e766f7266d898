// MIG052 not-rerunnable: outside a transaction: a statement that fails when the migration is tried
// again.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::not_rerunnable {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG052",
    .name = "not-rerunnable",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .opt_in = true,
    .summary = "a migration outside a transaction cannot be run again after it failed half-way",
    .why = R"md(
Without a transaction each statement stays when a later one fails. The next try stops at the first
statement, because what it makes is there already.
)md",
    .instead = R"md(
`IF NOT EXISTS` and `IF EXISTS`, or one statement in each file. An index that was built concurrently and
failed must be dropped first.
)md",
    .bad = R"sql(CREATE TABLE a (id int PRIMARY KEY);
VACUUM;)sql",
    .good = R"sql(CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY);
VACUUM;)sql",
});

bool MayRunAgain(const Statement& statement) {
  if (const auto* table = statement.As<CreateTable>()) {
    return table->if_not_exists || table->relation.temporary;
  }
  if (const auto* index = statement.As<CreateIndex>()) return index->if_not_exists;
  if (const auto* drop = statement.As<Drop>()) return drop->if_exists;
  if (const auto* schema = statement.As<CreateSchema>()) return schema->if_not_exists;
  if (const auto* sequence = statement.As<CreateSequence>()) return sequence->if_not_exists;
  if (const auto* view = statement.As<CreateView>()) return view->replace;
  if (const auto* function = statement.As<CreateFunction>()) return function->replace;
  if (const auto* trigger = statement.As<CreateTrigger>()) return trigger->replace;
  if (const auto* value = statement.As<AlterEnum>()) return value->if_not_exists;
  if (statement.As<CreateEnum>() != nullptr || statement.As<Rename>() != nullptr) return false;
  if (const auto* alter = statement.As<AlterTable>()) {
    return std::all_of(alter->subcommands.begin(), alter->subcommands.end(),
                       [](const auto& command) {
                         const bool makes = command.action == AlterAction::kAddColumn ||
                                            command.action == AlterAction::kAddConstraint ||
                                            command.action == AlterAction::kDropColumn ||
                                            command.action == AlterAction::kDropConstraint;
                         return !makes || command.missing_ok;
                       });
  }
  return true;
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.transaction != kNoTransaction || pass.file().statements.size() < 2) return;
  if (MayRunAgain(statement)) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s fails when the migration is run again", statement.tag))
      .Primary("outside a transaction it stays when a later statement fails")
      .Help("IF NOT EXISTS or IF EXISTS, or a migration of its own");
}

}  // namespace

extern constinit const Rule kNotRerunnable = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::not_rerunnable
