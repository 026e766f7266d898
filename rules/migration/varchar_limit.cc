// MIG099 varchar-limit: a varchar with a length.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::varchar_limit {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG099",
    .name = "varchar-limit",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a varchar with a length",
    .why = R"md(
The length saves nothing: `text` is stored alike. Making it longer later takes a strong lock, making it shorter rewrites or
reads the table.
)md",
    .instead = R"md(
`text`, with a `CHECK` on the length where there is a real limit.
)md",
    .bad = R"sql(CREATE TABLE t (a varchar(100));)sql",
    .good = R"sql(CREATE TABLE t (a text);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "varchar" || type.modifiers.empty()) return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`, whose length is hard to change", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("text is stored alike")
        .Help(absl::StrFormat("%s text", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kVarcharLimit = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::varchar_limit
