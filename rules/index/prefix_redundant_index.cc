// IDX002 prefix-redundant-index: an index that is the beginning of another one.

#include "absl/strings/str_format.h"
#include "rules/advisor/redundant_indexes.h"
#include "rules/rule.h"

namespace pgsift::prefix_redundant_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "IDX002",
    .name = "prefix-redundant-index",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 2},
    .summary = "an index has the first columns of another index of the table",
    .why = R"md(
A btree on `(a, b)` answers what one on `(a)` answers. The shorter index is written on every change
all the same. It is smaller, though: where very many scans read only the shorter one, it may be worth
its cost.
)md",
    .instead = R"md(
Drop the shorter index, `CONCURRENTLY`, unless `pg_stat_user_indexes` shows that it is read very often
and the longer one is several times its size.
)md",
    .bad = "CREATE TABLE t (a int, b int);\nCREATE INDEX t_a ON t (a);\nCREATE INDEX t_a_b ON t "
           "(a, b);",
    .good = "CREATE TABLE t (a int, b int);\nCREATE INDEX t_b ON t (b);\nCREATE INDEX t_a_b ON t "
            "(a, b);",
});

void CheckSchema(EvidencePass& pass) {
  for (const RedundantIndex& redundant : FindRedundantIndexes(pass.evidence())) {
    if (redundant.duplicate) continue;
    const std::string_view cost = redundant.at_a_cost ? ", at a cost" : "";
    Finding& finding =
        pass.Report(
                kInfo, redundant.index->origin.span,
                absl::StrFormat("index `%s` is covered by `%s`%s", redundant.index->name.ToString(),
                                redundant.by->name.ToString(), cost))
            .On(redundant.table->name.ToString())
            .Primary(redundant.at_a_cost ? "this one is smaller than the one that covers it"
                                         : "this one is not needed for searching")
            .Also(redundant.by->origin.span, "this one can do the same")
            .Note(redundant.reason);
    // To be weighed first: nothing that a script should take as it is.
    if (redundant.at_a_cost) {
      finding.Note("to try it: " + redundant.drop_sql);
    } else {
      finding.Help(redundant.drop_sql);
    }
    finding.Note("to undo: " + redundant.undo_sql);
  }
}

}  // namespace

extern constinit const Rule kPrefixRedundantIndex = MakeEvidenceRule(kInfo, &CheckSchema);

}  // namespace pgsift::prefix_redundant_index
