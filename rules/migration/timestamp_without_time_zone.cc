// MIG101 timestamp-without-time-zone: a time that does not say where.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::timestamp_without_time_zone {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG101",
    .name = "timestamp-without-time-zone",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "timestamp without time zone does not say which moment it is",
    .why = R"md(
The value is what a clock on some wall showed. Sessions with other `TimeZone` settings, and clocks that are set back, read
it differently.
)md",
    .instead = R"md(
`timestamptz`, which is a moment; it takes the same space.
)md",
    .bad = R"sql(CREATE TABLE t (a timestamp);)sql",
    .good = R"sql(CREATE TABLE t (a timestamptz);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "timestamp") return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s` and does not say which moment", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("depends on whose clock")
        .Help(absl::StrFormat("%s timestamptz", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kTimestampWithoutTimeZone = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::timestamp_without_time_zone
