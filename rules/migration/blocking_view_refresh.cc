// MIG029 blocking-view-refresh: REFRESH MATERIALIZED VIEW while its readers wait.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_view_refresh {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG029",
    .name = "blocking-view-refresh",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 4},
    .summary = "REFRESH MATERIALIZED VIEW without CONCURRENTLY blocks reads of the view for its "
               "whole query",
    .why = R"md(
The view is locked `ACCESS EXCLUSIVE` while its query runs, which is often the slowest one there is:
every reader of the view waits.
)md",
    .instead = R"md(
`REFRESH MATERIALIZED VIEW CONCURRENTLY`. It needs a unique index on plain columns of the view, without
a predicate, and a view that has been filled once.
)md",
    .bad = R"sql(REFRESH MATERIALIZED VIEW sales;)sql",
    .good = R"sql(REFRESH MATERIALIZED VIEW CONCURRENTLY sales;)sql",
});

void CheckRefresh(const RefreshMaterializedView& refresh, const Statement& statement,
                  SqlPass& pass) {
  if (refresh.concurrently || refresh.with_no_data) return;
  if (!InUse(refresh.relation.name, statement, pass)) return;
  const QualifiedName name = pass.catalog().Resolve(refresh.relation.name);
  const Relation* view = pass.catalog().Find(refresh.relation.name);
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("readers of `%s` wait while it is filled anew", name.ToString()));
  finding.On(name.ToString()).Primary("nobody reads the view until its query has ended");
  bool unique = view == nullptr;
  if (view != nullptr) {
    for (const Relation* index : pass.catalog().IndexesOf(*view)) {
      unique = unique || (index->index->unique && index->index->where == nullptr);
    }
  }
  if (!unique) {
    finding.Note("CONCURRENTLY needs a unique index on plain columns, and the view has none");
    finding.Help(
        absl::StrFormat("first: CREATE UNIQUE INDEX CONCURRENTLY ON %s (…);", QuoteName(name)));
  }
  finding.Help(absl::StrFormat("REFRESH MATERIALIZED VIEW CONCURRENTLY %s;", QuoteName(name)));
}

}  // namespace

extern constinit const Rule kBlockingViewRefresh = MakeSqlRule<&CheckRefresh>(kInfo);

}  // namespace pgsift::blocking_view_refresh
