// MIG063 narrowed-type: a type that cannot hold all values of the old one.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::narrowed_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG063",
    .name = "narrowed-type",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the new type cannot hold every value of the old one",
    .why = R"md(
If a value does not fit, the migration fails; a `numeric` with fewer digits after the point, and a
timestamp with fewer digits of a second, round silently. The application that still runs may write such
values.
)md",
    .instead = R"md(
Look for values that do not fit first, and put a `CHECK` on the column that keeps new ones out.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE orders (note varchar(200));
COMMIT;
ALTER TABLE orders ALTER COLUMN note TYPE varchar(50);)sql",
    .good = R"sql(BEGIN;
CREATE TABLE orders (note varchar(50));
COMMIT;
ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);)sql",
});

int Width(const std::string& type) {
  if (type == "int2") return 2;
  if (type == "int4") return 4;
  return type == "int8" ? 8 : 0;
}

bool IsText(const std::string& type) {
  return type == "text" || type == "varchar" || type == "bpchar";
}

// The condition that finds values which do not fit; empty: all fit, or it cannot be told.
std::string Misfit(const TypeName& from, const TypeName& to, const std::string& column) {
  const std::string& a = from.name.name;
  const std::string& b = to.name.name;
  if (from.array_dimensions != to.array_dimensions || from.array_dimensions > 0) return {};
  if (IsText(a) && (b == "varchar" || b == "bpchar") && !to.modifiers.empty()) {
    const bool fits = !from.modifiers.empty() && from.modifiers[0] <= to.modifiers[0];
    return fits ? "" : absl::StrFormat("length(%s) > %d", column, to.modifiers[0]);
  }
  if (Width(a) > 0 && Width(b) > 0 && Width(b) < Width(a)) {
    const char* most = Width(b) == 2 ? "32767" : "2147483647";
    return absl::StrFormat("abs(%s::numeric) > %s", column, most);
  }
  if (a == "numeric" && b == "numeric" && to.modifiers.size() == 2) {
    const int64_t scale = to.modifiers[1];
    if (from.modifiers.size() == 2 && from.modifiers[1] <= scale &&
        from.modifiers[0] - from.modifiers[1] <= to.modifiers[0] - scale) {
      return {};
    }
    return absl::StrFormat("%s <> round(%s, %d) OR abs(%s) >= 1e%d", column, column, scale, column,
                           to.modifiers[0] - scale);
  }
  if (a == "numeric" && Width(b) > 0 && (from.modifiers.size() < 2 || from.modifiers[1] > 0)) {
    return absl::StrFormat("%s <> trunc(%s)", column, column);
  }
  return {};
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || !InUse(table, statement, pass)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAlterColumnType || !command.column.has_value()) continue;
    const CatalogColumn* column = table->FindColumn(command.name);
    if (column == nullptr || command.expr != nullptr) continue;
    const TypeName& to = command.column->type;
    const std::string misfit = Misfit(column->type, to, QuoteIdentifier(command.name));
    if (misfit.empty()) continue;
    pass.Report(
            kInfo, statement.span,
            absl::StrFormat("`%s` cannot hold every value of `%s.%s`, which is `%s`", to.ToString(),
                            table->name.ToString(), command.name, column->type.ToString()))
        .On(table->name.ToString())
        .Primary("fails, or rounds, where a value does not fit")
        .Help(absl::StrFormat("look first: SELECT count(*) FROM %s WHERE %s;",
                              QuoteName(table->name), misfit));
  }
}

}  // namespace

extern constinit const Rule kNarrowedType = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::narrowed_type
