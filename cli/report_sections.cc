// The sections of a report, made of what the pipeline read and found.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "cli/version.h"
#include "rules/advisor/missing_indexes.h"
#include "rules/advisor/redundant_indexes.h"

namespace pgsift {
Report Pipeline::MakeReport() const {
  Report report;
  report.command = options_.command;
  report.tool_version = ToolVersion();
  report.postgres_grammar = std::string(GrammarVersion());
  report.sources = &sources_;
  report.findings = findings_;
  return report;
}

IndexAdvice Pipeline::MakeIndexAdvice() const {
  IndexAdvice advice;
  for (const MissingIndex& missing : FindMissingIndexes(MakeEvidence(), MissingIndexLimits{})) {
    RecommendedIndex index{.sql = missing.create_sql,
                           .table = missing.table->name.ToString(),
                           .columns = missing.columns,
                           .where = missing.where,
                           .include = missing.include,
                           .method = missing.method,
                           .score = missing.score};
    if (missing.calls > 0) {
      index.benefit = absl::StrFormat("%s, %s in the log", Counted(missing.calls, "call"),
                                      HumanMs(missing.total_ms));
    }
    if (missing.plan != nullptr) {
      if (!index.benefit.empty()) index.benefit += "; ";
      index.benefit +=
          absl::StrFormat("a plan reads %s rows to keep %s",
                          Grouped(static_cast<uint64_t>(missing.rows_removed + missing.rows_kept)),
                          Grouped(static_cast<uint64_t>(missing.rows_kept)));
    }
    for (const ObservedQuery* query : missing.queries) index.queries.push_back(query->id);
    advice.recommended.push_back(std::move(index));
  }
  for (const RedundantIndex& redundant : FindRedundantIndexes(catalog_)) {
    (redundant.duplicate ? advice.duplicate : advice.redundant)
        .push_back({.index = redundant.index->name.ToString(),
                    .by = redundant.by->name.ToString(),
                    .table = redundant.table->name.ToString(),
                    .reason = redundant.reason,
                    .sql = redundant.drop_sql,
                    .undo_sql = redundant.undo_sql});
  }
  return advice;
}

}  // namespace pgsift
