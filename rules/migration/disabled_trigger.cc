// MIG034 disabled-trigger: triggers, and with ALL the checks of foreign keys, are switched off.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::disabled_trigger {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG034",
    .name = "disabled-trigger",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 1},
    .summary = "DISABLE TRIGGER switches off what keeps the data right",
    .why = R"md(
What is written while triggers are off is never looked at again: audit rows are missing, derived columns
are stale, and with `DISABLE TRIGGER ALL` foreign keys are not checked. It is off for all sessions, not
for this one. Forgotten, it stays off.
)md",
    .instead = R"md(
Change the data so that the triggers may run. If they must not, switch them off and on in one
transaction, and correct afterwards what they would have done.
)md",
    .bad = R"sql(ALTER TABLE orders DISABLE TRIGGER ALL;)sql",
    .good = R"sql(ALTER TABLE orders ENABLE TRIGGER orders_audit;)sql",
});

bool Disables(AlterAction action) {
  return action == AlterAction::kDisableTrig || action == AlterAction::kDisableTrigAll ||
         action == AlterAction::kDisableTrigUser;
}

bool Enables(const AlterSubcommand& command, const AlterSubcommand& disabled) {
  switch (command.action) {
    case AlterAction::kEnableTrigAll:
      return true;
    case AlterAction::kEnableTrigUser:
      return disabled.action != AlterAction::kDisableTrigAll;
    case AlterAction::kEnableTrig:
    case AlterAction::kEnableAlwaysTrig:
    case AlterAction::kEnableReplicaTrig:
      return disabled.action == AlterAction::kDisableTrig && disabled.name == command.name;
    default:
      return false;
  }
}

// What switches it on again, or drops it, later in the file.
const Statement* Undone(const AlterTable& alter, const AlterSubcommand& disabled,
                        const Statement& statement, SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const Statement& later : Later(statement, pass)) {
    if (const auto* drop = later.As<Drop>();
        drop != nullptr && drop->object == ObjectKind::kTrigger) {
      for (const QualifiedName& name : drop->names) {
        if (name.name == disabled.name) return &later;
      }
    }
    const auto* other = later.As<AlterTable>();
    if (other == nullptr || pass.catalog().Resolve(other->relation.name) != table) continue;
    for (const AlterSubcommand& command : other->subcommands) {
      if (Enables(command, disabled)) return &later;
    }
  }
  return nullptr;
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (!InUse(alter.relation.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (!Disables(command.action)) continue;
    const std::string what =
        command.action == AlterAction::kDisableTrig ? absl::StrFormat("trigger `%s`", command.name)
        : command.action == AlterAction::kDisableTrigAll ? "all triggers, foreign keys too,"
                                                         : "all triggers";
    const Statement* undone = Undone(alter, command, statement, pass);
    const bool together = undone != nullptr && statement.transaction != kNoTransaction &&
                          undone->transaction == statement.transaction;
    Finding& finding = pass.Report(
        kInfo, statement.span,
        absl::StrFormat("%s of `%s` %s", what, table.ToString(),
                        undone == nullptr ? "stay switched off" : "are off for a while"));
    finding.On(table.ToString()).Primary("what is written meanwhile is never checked");
    if (undone != nullptr) finding.Also(undone->span, "switched on again");
    if (together) finding.severity = std::min(finding.severity, Severity::kInfo);
    const std::string name = command.action == AlterAction::kDisableTrig
                                 ? QuoteIdentifier(command.name)
                             : command.action == AlterAction::kDisableTrigAll ? "ALL"
                                                                              : "USER";
    if (!together) {
      finding.Help(absl::StrFormat("in the same transaction: ALTER TABLE %s ENABLE TRIGGER %s;",
                                   QuoteName(table), name));
    }
  }
}

}  // namespace

extern constinit const Rule kDisabledTrigger = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::disabled_trigger
