// MIG111 constrained-domain: a domain whose constraint is hard to change.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::constrained_domain {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG111",
    .name = "constrained-domain",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a domain with a constraint: changing it reads every table that uses it",
    .why = R"md(
A new constraint of a domain is checked in all tables with a column of it, and a column of a constrained
domain that is added to a table rewrites the table.
)md",
    .instead = R"md(
A `CHECK` on the columns.
)md",
    .bad = R"sql(CREATE DOMAIN email AS text CHECK (value LIKE '%@%');)sql",
    .good = R"sql(CREATE DOMAIN email AS text;)sql",
});

void CheckDomain(const CreateDomain& domain, const Statement& statement, SqlPass& pass) {
  const bool constrained = std::any_of(
      domain.constraints.begin(), domain.constraints.end(), [](const ConstraintDef& def) {
        return def.kind == ConstraintKind::kCheck || def.kind == ConstraintKind::kNotNull;
      });
  if (!constrained) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat(
                  "changing the constraint of domain `%s` later reads every table that uses it",
                  domain.name.ToString()))
      .Primary("a constraint of a domain")
      .Help("a CHECK on the columns");
}

}  // namespace

extern constinit const Rule kConstrainedDomain = MakeSqlRule<&CheckDomain>(kInfo);

}  // namespace pgsift::constrained_domain
