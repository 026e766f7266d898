// MIG103 money-type: money depends on a setting.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::money_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG103",
    .name = "money-type",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "money depends on lc_monetary",
    .why = R"md(
The number of decimals and the currency sign come from the setting `lc_monetary` of whoever reads: the same bytes are other
amounts elsewhere.
)md",
    .instead = R"md(
`numeric(12,2)` or a whole number of cents, with a column for the currency.
)md",
    .bad = R"sql(CREATE TABLE t (a money);)sql",
    .good = R"sql(CREATE TABLE t (a numeric(12,2));)sql",
});

void CheckColumns(const Statement& statement, SqlPass& pass) {
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    const TypeName& type = column.column->type;
    const std::string& name = type.name.name;
    if (name != "money") return;
    const std::string table = pass.catalog().Resolve(column.table->name).ToString();
    const Span at = column.altered ? statement.span
                                   : pass.At(column.column->offset, column.column->name.size());
    pass.Report(kInfo, at,
                absl::StrFormat("`%s.%s` is of type `%s`, which depends on lc_monetary", table,
                                column.column->name, type.ToString()))
        .On(table)
        .Primary("the same bytes are other amounts elsewhere")
        .Help(absl::StrFormat("%s numeric(12,2)", QuoteIdentifier(column.column->name)));
  });
}

}  // namespace

extern constinit const Rule kMoneyType = MakeSqlRule<&CheckColumns>(kInfo);

}  // namespace pgsift::money_type
