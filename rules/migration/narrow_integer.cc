// MIG106 narrow-integer: smallint and integer where bigint costs little.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::narrow_integer {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG106",
    .name = "narrow-integer",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a smallint or integer column may run out of values",
    .why = R"md(
Changing the type later rewrites the table. Between wider columns the four bytes are often lost to alignment anyway.
)md",
    .instead = R"md(
`bigint`, unless the values are bounded.
)md",
    .bad = R"sql(CREATE TABLE t (a smallint);)sql",
    .good = R"sql(CREATE TABLE t (a bigint);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "int2" && name != "int4") return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`, which may run out of values", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("bigint costs four bytes more")
        .Help(absl::StrFormat("%s bigint", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kNarrowInteger = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::narrow_integer
