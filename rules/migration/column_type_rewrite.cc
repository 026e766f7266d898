// MIG006 column-type-rewrite: an ALTER COLUMN TYPE that writes the table anew.

#include "absl/strings/str_format.h"
#include "rules/facts/type_change.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::column_type_rewrite {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG006",
    .name = "column-type-rewrite",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {9, 2},
    .summary = "changing the column's type rewrites the table",
    .why = R"md(
Unless the new type stores values the same way (a longer `varchar`, `varchar` to `text`, a `numeric`
with more digits before the point), every row is written anew and every index of the table is built
anew, under an `ACCESS EXCLUSIVE` lock. Plans that the application has prepared fail once.
)md",
    .instead = R"md(
Add a column of the new type, keep it in step by a trigger, fill the old rows in batches, then swap
the names in one short transaction and drop the old column later.
)md",
    .bad = "CREATE TABLE orders (id integer);\n"
           "-- The table is created by an earlier migration in real life.\n"
           "ALTER TABLE invoices ALTER COLUMN number TYPE bigint;",
    .good = "CREATE TABLE orders (id integer);\n"
            "ALTER TABLE orders ALTER COLUMN id TYPE bigint;",
});

// No rewrite, but an index is built anew or a CHECK verified again.
void ReportWork(const QualifiedName& table, const std::string& column, const Statement& statement,
                SqlPass& pass) {
  const char* word = "";
  const WorkEffect* work = WorkInUse(statement, pass, &word);
  if (work == nullptr) return;
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("changing the type of `%s.%s` %s `%s`", table.ToString(), column,
                                  word, TableOf(*work, pass)));
  finding.severity = std::min(finding.severity, Severity::kWarning);
  finding.On(table.ToString())
      .Primary("nobody reads or writes the table until it is done")
      .Note(work->why)
      .Note("the table itself is not rewritten")
      .Help(
          "drop what has to be made anew before, and make it again CONCURRENTLY or NOT VALID "
          "afterwards");
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const Relation* known = pass.catalog().Find(alter.relation.name);
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAlterColumnType || !command.column.has_value()) continue;
    const CatalogColumn* column = known != nullptr ? known->FindColumn(command.name) : nullptr;
    TypeChange change = TypeChange::kUnknown;
    if (column != nullptr) {
      change = CostOfTypeChange(*column, command.column->type, command.expr.get(), pass.catalog());
    }
    const bool utc = change == TypeChange::kTimeZone && pass.catalog().time_zone_is_utc();
    if (change == TypeChange::kCatalogOnly || utc) {
      ReportWork(table, command.name, statement, pass);
      continue;
    }
    const std::string to = command.column->type.ToString();
    const bool certain = change == TypeChange::kRewrite;
    const char* verb = certain                       ? "rewrites"
                       : change == TypeChange::kScan ? "reads the whole of"
                                                     : "may rewrite";
    Finding& finding = pass.Report(kInfo, statement.span,
                                   absl::StrFormat("changing `%s.%s` to `%s` %s the table",
                                                   table.ToString(), command.name, to, verb));
    if (!certain) finding.severity = std::min(finding.severity, Severity::kWarning);
    finding.On(table.ToString()).Primary("nobody reads or writes the table until it is done");
    if (column != nullptr) {
      finding.Note(absl::StrFormat("the column is `%s` now", column->type.ToString()));
    } else {
      finding.Note("the column's type is not known: no input creates the table; give --schema");
    }
    if (change == TypeChange::kTimeZone) {
      finding.Note("with TimeZone set to UTC in the session it is not rewritten");
      finding.Help("run SET LOCAL timezone = 'UTC' before it, if the values are in UTC");
      continue;
    }
    const bool zone = command.expr != nullptr && HasWords(statement.sql, {"AT", "TIME", "ZONE"});
    if (column != nullptr && zone && column->type.name.name.starts_with("timestamp")) {
      finding.Note(
          "the USING clause makes it a rewrite: without it, and with TimeZone UTC, there is none");
    }
    finding.Help(
        absl::StrFormat("ALTER TABLE %s ADD COLUMN %s %s; keep it in step by a trigger, fill it in "
                        "batches, then swap the "
                        "names in one transaction",
                        QuoteName(table), QuoteIdentifier(command.name + "_new"), to));
  }
}

}  // namespace

extern constinit const Rule kColumnTypeRewrite = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::column_type_rewrite
