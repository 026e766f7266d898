// MIG102 time-with-time-zone: timetz is of no use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::time_with_time_zone {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG102",
    .name = "time-with-time-zone",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "time with time zone has an offset but no date",
    .why = R"md(
An offset without a date means nothing where clocks are set back and forth. PostgreSQL has the type because the SQL standard
does, and advises against it.
)md",
    .instead = R"md(
`timestamptz`, or `time`.
)md",
    .bad = R"sql(CREATE TABLE t (a timetz);)sql",
    .good = R"sql(CREATE TABLE t (a time);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "timetz") return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`, which means little without a date", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("an offset without a date")
        .Help(absl::StrFormat("%s timestamptz", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kTimeWithTimeZone = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::time_with_time_zone
