// MIG104 json-type: json cannot be compared.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::json_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG104",
    .name = "json-type",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "json has no equality: DISTINCT, GROUP BY and UNION fail",
    .why = R"md(
`SELECT DISTINCT` and `UNION` over all columns of the table fail from the moment the column is there: "could not identify an
equality operator for type json". It is parsed anew on every access.
)md",
    .instead = R"md(
`jsonb`, unless the text must be kept byte by byte.
)md",
    .bad = R"sql(CREATE TABLE t (a json);)sql",
    .good = R"sql(CREATE TABLE t (a jsonb);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "json") return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`: SELECT DISTINCT over it fails", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("has no equality operator")
        .Help(absl::StrFormat("%s jsonb", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kJsonType = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::json_type
