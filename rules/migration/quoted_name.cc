// MIG108 quoted-name: a name that must be written in quotes.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::quoted_name {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG108",
    .name = "quoted-name",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a table or column name that must be written in quotes everywhere",
    .why = R"md(
A name with capital letters, blanks or a reserved word must be quoted in every statement, also by people
who only look: `SELECT orderId` means `orderid`.
)md",
    .instead = R"md(
Lower case, words divided by underscores.
)md",
    .bad = R"sql(CREATE TABLE "Orders" (id int);)sql",
    .good = R"sql(CREATE TABLE orders (id int);)sql",
});

void Check(const std::string& name, const char* what, Span at, SqlPass& pass) {
  if (name.empty() || QuoteIdentifier(name) == name) return;
  pass.Report(kInfo, at, absl::StrFormat("%s name `%s` must be quoted everywhere", what, name))
      .Primary("not a plain lower-case word")
      .Help("lower case, words divided by underscores");
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (const auto* create = statement.As<CreateTable>()) {
    Check(create->relation.name.name, "table", statement.span, pass);
  }
  VisitNewColumns(statement, pass, [&](const NewColumn& column) {
    if (column.altered) return;
    Check(column.column->name, "column", pass.At(column.column->offset, column.column->name.size()),
          pass);
  });
}

}  // namespace

extern constinit const Rule kQuotedName = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::quoted_name
