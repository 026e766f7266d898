// MIG107 enum-type: CREATE TYPE … AS ENUM.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::enum_type {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG107",
    .name = "enum-type",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 3},
    .opt_in = true,
    .summary = "an enum type: values can be added, never removed",
    .why = R"md(
A value cannot be removed, and the order is fixed. To be rid of one, a new type is made and every column
that uses the old one is rewritten.
)md",
    .instead = R"md(
A table of the values with a foreign key, or `text` with a `CHECK`.
)md",
    .bad = R"sql(CREATE TYPE status AS ENUM ('new', 'paid');)sql",
    .good = R"sql(CREATE TABLE statuses (status text PRIMARY KEY);)sql",
});

void CheckEnum(const CreateEnum& type, const Statement& statement, SqlPass& pass) {
  pass.Report(kInfo, statement.span,
              absl::StrFormat("values of `%s` can be added, never removed", type.name.ToString()))
      .Primary("an enum type")
      .Help("a table of the values with a foreign key, or text with a CHECK");
}

}  // namespace

extern constinit const Rule kEnumType = MakeSqlRule<&CheckEnum>(kInfo);

}  // namespace pgsift::enum_type
