// MIG064 enum-value-without-position: a new enum value goes to the end.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::enum_value_without_position {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG064",
    .name = "enum-value-without-position",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {9, 1},
    .opt_in = true,
    .summary = "ADD VALUE without BEFORE or AFTER puts the value last",
    .why = R"md(
Values of an enum type sort in the order of the type. One that is added without a position is the
greatest, and the order cannot be changed later.
)md",
    .instead = R"md(
`ADD VALUE … BEFORE` or `AFTER` another one.
)md",
    .bad = R"sql(ALTER TYPE status ADD VALUE 'packed';)sql",
    .good = R"sql(ALTER TYPE status ADD VALUE 'packed' AFTER 'paid';)sql",
});

void CheckAlterEnum(const AlterEnum& alter, const Statement& statement, SqlPass& pass) {
  if (!alter.old_label.empty() || !alter.neighbour.empty()) return;
  const CatalogType* type = pass.catalog().FindType(alter.name);
  const std::string last = type != nullptr && !type->labels.empty() ? type->labels.back() : "…";
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` becomes the last value of `%s`", alter.new_label,
                              alter.name.ToString()))
      .Primary("sorts after all others")
      .Help(absl::StrFormat("say where: ALTER TYPE %s ADD VALUE %s AFTER %s;",
                            QuoteName(alter.name), QuoteLiteral(alter.new_label),
                            QuoteLiteral(last)));
}

}  // namespace

extern constinit const Rule kEnumValueWithoutPosition = MakeSqlRule<&CheckAlterEnum>(kInfo);

}  // namespace pgsift::enum_value_without_position
