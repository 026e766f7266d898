// MIG017 blocking-exclusion-constraint: EXCLUDE added to a table in use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_exclusion_constraint {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG017",
    .name = "blocking-exclusion-constraint",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {9, 0},
    .summary = "an exclusion constraint is built while nobody can use the table",
    .why = R"md(
`ADD CONSTRAINT … EXCLUDE` builds its index under an `ACCESS EXCLUSIVE` lock. Unlike `UNIQUE` it can
neither be made from an index that was built concurrently nor be added `NOT VALID`.
)md",
    .instead = R"md(
Add it while the table is small. Later: create a new table with the constraint, keep it in step by a
trigger, copy the rows in batches, and swap the names. On PostgreSQL 18, `UNIQUE (…, period WITHOUT
OVERLAPS)` on a unique GiST index may do instead.
)md",
    .bad =
        R"sql(ALTER TABLE bookings ADD CONSTRAINT bookings_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&);)sql",
    .good =
        R"sql(CREATE TABLE bookings (room_id int, during tstzrange, EXCLUDE USING gist (room_id WITH =, during WITH &&));)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (!InUse(alter.relation.name, statement, pass)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    if (command.constraint->kind != ConstraintKind::kExclusion) continue;
    const std::string table = pass.catalog().Resolve(alter.relation.name).ToString();
    pass.Report(
            kInfo, statement.span,
            absl::StrFormat("nobody can use `%s` while its exclusion constraint is built", table))
        .On(table)
        .Primary("reads and writes wait for the whole build")
        .Note("there is no concurrent way to build it, and no NOT VALID")
        .Help(absl::StrFormat("build it on a new table: CREATE TABLE … (LIKE %s INCLUDING ALL, "
                              "EXCLUDE …); copy the rows in "
                              "batches, then swap the names in one short transaction",
                              QuoteName(alter.relation.name)));
  }
}

}  // namespace

extern constinit const Rule kBlockingExclusionConstraint = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::blocking_exclusion_constraint
