// MIG036 validating-domain-constraint: a constraint of a domain that reads every table with a
// column of it.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::validating_domain_constraint {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG036",
    .name = "validating-domain-constraint",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 2},
    .summary = "a new constraint of a domain reads every table that uses the domain while writes "
               "to them wait",
    .why = R"md(
`ALTER DOMAIN … ADD CONSTRAINT` and `SET NOT NULL` read all tables with a column of the domain, one
after the other, and hold a `SHARE` lock on each of them until the transaction ends.
)md",
    .instead = R"md(
Add the constraint `NOT VALID`, and `VALIDATE CONSTRAINT` it in a later transaction. `SET NOT NULL` has no
such form: better put `NOT NULL` on the columns.
)md",
    .bad = R"sql(BEGIN;
CREATE DOMAIN email AS text;
CREATE TABLE customers (address email);
COMMIT;
ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (value LIKE '%@%');)sql",
    .good = R"sql(CREATE DOMAIN email AS text;
ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (value LIKE '%@%');)sql",
});

void CheckAlterDomain(const AlterDomain& alter, const Statement& statement, SqlPass& pass) {
  if (alter.action == 'V') return;  // Its lock is the price of the safe way.
  std::string tables;
  std::string first;
  for (const WorkEffect& scan : pass.effects().scans) {
    if (!InUse(scan, statement, pass)) continue;
    if (first.empty()) first = scan.name.ToString();
    tables += (tables.empty() ? "`" : ", `") + scan.name.ToString() + "`";
  }
  if (tables.empty()) return;
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("the constraint of domain `%s` reads all of %s while writes wait",
                                  alter.name.ToString(), tables));
  finding.On(first).Primary("every row with a value of the domain is checked");
  if (alter.action == 'C' && alter.constraint.has_value()) {
    const std::string name = QuoteIdentifier(
        alter.constraint->name.empty() ? alter.name.name + "_check" : alter.constraint->name);
    finding.Help(
        absl::StrFormat("ALTER DOMAIN %s ADD CONSTRAINT %s CHECK (%s) NOT VALID; then, in a later "
                        "transaction: ALTER DOMAIN "
                        "%s VALIDATE CONSTRAINT %s;",
                        QuoteName(alter.name), name,
                        alter.constraint->expr != nullptr ? ToSql(*alter.constraint->expr) : "…",
                        QuoteName(alter.name), name));
  } else {
    finding.Help("put NOT NULL on the columns, each proven by a validated CHECK");
  }
}

}  // namespace

extern constinit const Rule kValidatingDomainConstraint = MakeSqlRule<&CheckAlterDomain>(kInfo);

}  // namespace pgsift::validating_domain_constraint
