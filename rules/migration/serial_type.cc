// MIG105 serial-type: serial instead of an identity column.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::serial_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG105",
    .name = "serial-type",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "serial instead of an identity column",
    .why = R"md(
The sequence of a `serial` column has an owner and privileges of its own, and anybody may write other values into the column.
)md",
    .instead = R"md(
`bigint GENERATED ALWAYS AS IDENTITY` (PostgreSQL 10 and later).
)md",
    .bad = R"sql(CREATE TABLE t (a bigserial);)sql",
    .good = R"sql(CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name.find("serial") == std::string::npos) return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`, not an identity column", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("a sequence with privileges of its own")
        .Help(absl::StrFormat("%s bigint GENERATED ALWAYS AS IDENTITY",
                              QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kSerialType = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::serial_type
