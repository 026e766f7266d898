// MIG026 blocking-table-maintenance: VACUUM FULL and CLUSTER of a table in use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_table_maintenance {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG026",
    .name = "blocking-table-maintenance",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {9, 0},
    .summary = "VACUUM FULL and CLUSTER write the table anew while nobody can use it",
    .why = R"md(
Both copy the whole table and build all its indexes under an `ACCESS EXCLUSIVE` lock, and need the space
of a second copy meanwhile. Plain `VACUUM` makes space reusable without stopping anybody.
)md",
    .instead = R"md(
`VACUUM (ANALYZE)`, with a lower `autovacuum_vacuum_scale_factor` for the table if it bloats again. To
give space back to the system while the table stays in use, the extension `pg_repack` copies it with
short locks.
)md",
    .bad = R"sql(VACUUM FULL orders;)sql",
    .good = R"sql(VACUUM (ANALYZE) orders;)sql",
});

void Report(const char* what, const RelationRef& ref, const Statement& statement, SqlPass& pass) {
  if (!ref.name.empty() && !InUse(ref.name, statement, pass)) return;
  const QualifiedName table = ref.name.empty() ? QualifiedName{} : pass.catalog().Resolve(ref.name);
  Finding& finding = pass.Report(
      kInfo, statement.span,
      ref.name.empty()
          ? absl::StrFormat("%s writes one table after the other anew while nobody can use it",
                            what)
          : absl::StrFormat("%s writes `%s` anew while nobody can use it", what, table.ToString()));
  finding.Primary("reads and writes wait until it is done")
      .Help(ref.name.empty() ? "VACUUM (ANALYZE);"
                             : absl::StrFormat("VACUUM (ANALYZE) %s;", QuoteName(table)));
  if (!ref.name.empty()) finding.On(table.ToString());
}

void CheckVacuum(const Vacuum& vacuum, const Statement& statement, SqlPass& pass) {
  if (!vacuum.full) return;
  if (vacuum.relations.empty()) Report("VACUUM FULL", {}, statement, pass);
  for (const RelationRef& ref : vacuum.relations) Report("VACUUM FULL", ref, statement, pass);
}

void CheckCluster(const Cluster& cluster, const Statement& statement, SqlPass& pass) {
  Report("CLUSTER", cluster.relation, statement, pass);
}

}  // namespace

extern constinit const Rule kBlockingTableMaintenance =
    MakeSqlRule<&CheckVacuum, &CheckCluster>(kInfo);

}  // namespace pgsift::blocking_table_maintenance
