// MIG100 padded-char-type: char(n) pads with blanks.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::padded_char_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG100",
    .name = "padded-char-type",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "char(n) pads every value with blanks",
    .why = R"md(
Blanks are added up to the length and stored, and are left out again in comparisons and casts: lengths and `LIKE` surprise.
It is not faster than `text`.
)md",
    .instead = R"md(
`text`, or `varchar(n)`; `"char"` is another type and fine.
)md",
    .bad = R"sql(CREATE TABLE t (a char(10));)sql",
    .good = R"sql(CREATE TABLE t (a text);)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "bpchar" || (type.modifiers.size() == 1 && type.modifiers[0] <= 3)) return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`: values are padded with blanks", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("comparisons and LIKE surprise")
        .Help(absl::StrFormat("%s text", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kPaddedCharType = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::padded_char_type
