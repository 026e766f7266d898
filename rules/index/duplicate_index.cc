// IDX001 duplicate-index and IDX002 prefix-redundant-index share one search; this is the first.

#include "absl/strings/str_format.h"
#include "rules/advisor/redundant_indexes.h"
#include "rules/rule.h"

namespace pgsift::duplicate_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "IDX001",
    .name = "duplicate-index",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 2},
    .summary = "two indexes of a table are the same",
    .why = R"md(
Both are written on every `INSERT` and on every `UPDATE` that changes an indexed column, both take
space and cache, and the planner uses one of them.
)md",
    .instead = R"md(
Drop one, `CONCURRENTLY`. The one that backs a constraint stays. The finding gives the statement, and
the one that undoes it.
)md",
    .bad = "CREATE TABLE t (a int);\nCREATE INDEX t_a ON t (a);\nCREATE INDEX t_a_again ON t (a);",
    .good = "CREATE TABLE t (a int);\nCREATE INDEX t_a ON t (a);\nCREATE INDEX t_a_down ON t (a) "
            "WHERE a > 0;",
});

void CheckSchema(EvidencePass& pass) {
  for (const RedundantIndex& redundant : FindRedundantIndexes(pass.evidence())) {
    if (!redundant.duplicate) continue;
    const std::string index = redundant.index->name.ToString();
    pass.Report(kInfo, redundant.index->origin.span,
                absl::StrFormat("index `%s` duplicates `%s`", index, redundant.by->name.ToString()))
        .On(redundant.table->name.ToString())
        .Primary("this one is not needed")
        .Also(redundant.by->origin.span, "this one does the same")
        .Note(redundant.reason)
        .Help(redundant.drop_sql)
        .Note("to undo: " + redundant.undo_sql);
  }
}

}  // namespace

extern constinit const Rule kDuplicateIndex = MakeEvidenceRule(kInfo, &CheckSchema);

}  // namespace pgsift::duplicate_index
