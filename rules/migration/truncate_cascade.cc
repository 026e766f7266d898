// MIG028 truncate-cascade: TRUNCATE … CASCADE empties tables that it does not name.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::truncate_cascade {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG028",
    .name = "truncate-cascade",
    .category = Category::kDataLoss,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "TRUNCATE … CASCADE empties every table with a foreign key to it, at any distance",
    .why = R"md(
`CASCADE` takes along all tables that reference the named one, and those that reference them, whatever
their `ON DELETE` says. All of them are locked against reads and writes.
)md",
    .instead = R"md(
Name the tables that are meant, so that PostgreSQL refuses when one is missing.
)md",
    .bad = R"sql(TRUNCATE customers CASCADE;)sql",
    .good = R"sql(CREATE TEMP TABLE scratch (a int);
TRUNCATE scratch CASCADE;)sql",
});

void CheckTruncate(const Truncate& truncate, const Statement& statement, SqlPass& pass) {
  if (!truncate.cascade) return;
  std::string named;
  bool in_use = false;
  bool all_known = true;
  std::vector<QualifiedName> names;
  for (const RelationRef& ref : truncate.relations) {
    in_use = in_use || InUse(ref.name, statement, pass);
    all_known = all_known && pass.catalog().Find(ref.name) != nullptr;
    names.push_back(pass.catalog().Resolve(ref.name));
    named += (named.empty() ? "`" : ", `") + names.back().ToString() + "`";
  }
  std::string others;
  std::string list;
  for (const LockEffect& lock : pass.effects().locks) {
    if (!HoldsRows(lock.kind) || lock.mode != LockMode::kAccessExclusive) continue;
    if (std::find(names.begin(), names.end(), lock.name) != names.end()) continue;
    in_use = in_use || InUse(lock, statement, pass);
    others += (others.empty() ? "`" : ", `") + lock.name.ToString() + "`";
    list += ", " + QuoteName(lock.name);
  }
  if (!in_use) return;
  Finding& finding = pass.Report(
      kInfo, statement.span,
      others.empty()
          ? absl::StrFormat("TRUNCATE … CASCADE empties every table that references %s", named)
          : absl::StrFormat("TRUNCATE of %s empties %s too", named, others));
  finding.On(names.front().ToString()).Primary("the rows of all of them are gone");
  if (all_known && others.empty()) {
    finding.severity = std::min(finding.severity, Severity::kWarning);
    finding.Note("no table that is known references it: CASCADE is not needed");
  }
  std::string first;
  for (const QualifiedName& name : names) first += (first.empty() ? "" : ", ") + QuoteName(name);
  finding.Help(absl::StrFormat("name what is meant: TRUNCATE %s%s;", first, list));
}

}  // namespace

extern constinit const Rule kTruncateCascade = MakeSqlRule<&CheckTruncate>(kInfo);

}  // namespace pgsift::truncate_cascade
