// The `indexes` section of a report, made of what the advisor found.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "rules/advisor/advisor.h"
#include "rules/advisor/existing_indexes.h"
#include "rules/advisor/redundant_indexes.h"

namespace pgsift {
namespace {

std::string Figure(double cost) { return Grouped(static_cast<uint64_t>(std::max(0.0, cost))); }

std::string Benefit(const AdvisedIndex& index) {
  if (index.foreign_key != nullptr) {
    return absl::StrFormat(
        "foreign key %s references %s%s: deleting a referenced row, or changing its key, reads the "
        "whole table without it",
        index.foreign_key->name, index.foreign_key->referenced_name.ToString(),
        index.foreign_key->on_delete == 'c'   ? " ON DELETE CASCADE"
        : index.foreign_key->on_delete == 'n' ? " ON DELETE SET NULL"
                                              : "");
  }
  std::string text;
  if (index.calls > 0) {
    text = Counted(static_cast<uint64_t>(index.calls), "call");
    if (index.total_ms > 0) {
      text += absl::StrFormat(", %s in the log, of which about %s are saved",
                              HumanMs(index.total_ms), HumanMs(index.saved_ms));
    }
    text += absl::StrFormat("; planner cost %s without and %s with all proposals",
                            Figure(index.before), Figure(index.after));
  }
  if (index.plan != nullptr) {
    if (!text.empty()) text += "; ";
    text += absl::StrFormat("a plan reads %s rows to keep %s",
                            Grouped(static_cast<uint64_t>(index.rows_removed + index.rows_kept)),
                            Grouped(static_cast<uint64_t>(index.rows_kept)));
  }
  if (index.saved_share > 0.0005)
    text += absl::StrFormat("; saves %.1f %% of the workload's cost", 100 * index.saved_share);
  return text;
}

std::string Writes(const AdvisedIndex& index) {
  if (index.writes <= 0 && index.unknown_writes <= 0)
    return "no statement of the workload writes the table";
  std::string text;
  if (index.writes > 0) {
    text = absl::StrFormat("%s of the table are written in the workload",
                           Counted(static_cast<uint64_t>(index.writes), "row"));
  }
  if (index.unknown_writes > 0) {
    if (!text.empty()) text += "; ";
    text += absl::StrFormat("how many rows %s of UPDATE or DELETE write is not known",
                            Counted(static_cast<uint64_t>(index.unknown_writes), "call"));
  }
  return text + absl::StrFormat("; keeping it up to date costs %s%s",
                                index.unknown_writes > 0 ? "about " : "",
                                Figure(index.maintenance));
}

std::string LockOf(const AdvisedIndex& index) {
  if (index.design.table->kind == RelationKind::kPartitionedTable) {
    return "ShareLock on the table and its partitions while it is built: writes wait. To avoid it, "
           "create it ON ONLY the table, build one on each partition CONCURRENTLY, and attach them";
  }
  return "ShareUpdateExclusiveLock while it is built: reads and writes go on; it waits for older "
         "transactions";
}

RecommendedIndex Recommended(const AdvisedIndex& from) {
  RecommendedIndex index{.sql = from.create_sql,
                         .table = from.design.table->name.ToString(),
                         .columns = {},
                         .where = from.design.Where(),
                         .include = from.design.include,
                         .method = from.design.method,
                         .score = from.score,
                         .benefit = Benefit(from),
                         .queries = {}};
  for (const DesignKey& key : from.design.keys) index.columns.push_back(key.key);
  index.name = from.name;
  index.confidence = std::string(ConfidenceName(from.confidence));
  index.required_sql = from.required_sql;
  index.undo_sql = from.drop_sql;
  for (const Relation* old : from.replaces) {
    index.replaces.push_back(old->name.ToString());
    index.replaces_sql.push_back(DropIndexSql(*old));
    index.restore_sql.push_back(CreateIndexConcurrentlySql(*old, *from.design.table));
  }
  index.bytes = from.design.bytes();
  index.writes = Writes(from);
  index.lock = LockOf(from);
  for (const ServedQuery& query : from.queries) {
    index.queries.push_back(query.query->id);
    index.served.push_back({.id = query.query->id,
                            .query = query.query->sql,
                            .calls = static_cast<double>(query.query->calls),
                            .cost_before = query.before,
                            .cost_after = query.after,
                            .saved_ms = query.saved_ms});
  }
  return index;
}

std::string Listed(const std::vector<std::string>& names, size_t most) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < most; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most) text += absl::StrFormat(" and %d more", names.size() - most);
  return text;
}

std::vector<std::string> Notes(const IndexAdviceResult& result, const Evidence& evidence) {
  std::vector<std::string> notes;
  if (result.statements == 0) {
    notes.emplace_back(
        "no workload was given (a log, plans, or statistics with pg_stat_statements): only foreign "
        "keys are advised");
  } else {
    notes.push_back(absl::StrFormat(
        "%s weighed%s", Counted(result.statements, "statement"),
        result.from_statistics ? ", of pg_stat_statements: their constants are not known" : ""));
  }
  if (evidence.snapshot() == nullptr && result.statements > 0) {
    notes.emplace_back(
        "no statistics were given: sizes and selectivities are assumed. Give `--snapshot FILE` "
        "(from "
        "`pgsift snapshot`), or verify with EXPLAIN");
  }
  if (result.not_weighed > 0) {
    notes.push_back(absl::StrFormat("the %s that took the least time were not weighed",
                                    Counted(result.not_weighed, "statement")));
  }
  if (result.unparsed > 0)
    notes.push_back(
        absl::StrFormat("%s could not be parsed", Counted(result.unparsed, "statement")));
  if (!result.unknown_tables.empty()) {
    notes.push_back(absl::StrFormat("%s that statements name %s not in the schema: %s",
                                    Counted(result.unknown_tables.size(), "table"),
                                    result.unknown_tables.size() == 1 ? "is" : "are",
                                    Listed(result.unknown_tables, 5)));
  }
  const Snapshot* snapshot = evidence.snapshot();
  if (snapshot != nullptr && !snapshot->tables.empty()) {
    const std::vector<const Relation*> relations = evidence.catalog->Relations();
    const bool any = std::any_of(relations.begin(), relations.end(), [&](const Relation* relation) {
      return relation->IsTable() && snapshot->Table(relation->name) != nullptr;
    });
    if (!any && !relations.empty()) {
      notes.push_back(snapshot->path +
                      ": none of the schema's tables is in it: statistics of another database?");
    }
  }
  return notes;
}

}  // namespace

const IndexAdviceResult& Pipeline::Advice() const {
  if (advice_ != nullptr) return *advice_;
  AdvisorLimits limits;
  limits.jobs = jobs_;
  limits.selection.indexes_max = options_.max_indexes;
  limits.selection.bytes_max = options_.max_size_bytes;
  advice_ = std::make_shared<const IndexAdviceResult>(AdviseIndexes(MakeEvidence(), limits));
  return *advice_;
}

IndexAdvice Pipeline::MakeIndexAdvice() const {
  IndexAdvice advice;
  const Evidence evidence = MakeEvidence();
  const IndexAdviceResult& result = Advice();
  for (const AdvisedIndex& index : result.indexes) advice.recommended.push_back(Recommended(index));
  for (const RejectedIndex& rejected : result.rejected) {
    std::set<QualifiedName> taken;
    const bool partitioned = rejected.design.table->kind == RelationKind::kPartitionedTable;
    advice.rejected.push_back(
        {.sql =
             CreateSqlOf(rejected.design, NameOf(rejected.design, catalog_, &taken), !partitioned),
         .table = rejected.design.table->name.ToString(),
         .reason = rejected.reason});
  }
  advice.cost_before = result.cost_before;
  advice.cost_after = result.cost_after;
  advice.notes = Notes(result, evidence);
  for (const RedundantIndex& redundant : FindRedundantIndexes(evidence)) {
    if (redundant.at_a_cost) {
      const double bytes = evidence.snapshot() != nullptr
                               ? evidence.snapshot()->IndexBytes(redundant.index->name)
                               : 0;
      advice.remarks.push_back({.kind = "covered",
                                .index = redundant.index->name.ToString(),
                                .table = redundant.table->name.ToString(),
                                .bytes = bytes > 0 ? static_cast<uint64_t>(bytes) : 0,
                                .reason = redundant.reason,
                                .sql = redundant.drop_sql,
                                .undo_sql = redundant.undo_sql});
      continue;
    }
    (redundant.duplicate ? advice.duplicate : advice.redundant)
        .push_back({.index = redundant.index->name.ToString(),
                    .by = redundant.by->name.ToString(),
                    .table = redundant.table->name.ToString(),
                    .reason = redundant.reason,
                    .sql = redundant.drop_sql,
                    .undo_sql = redundant.undo_sql});
  }
  for (const IndexFact& fact : FactsOfIndexes(evidence, ExistingIndexLimits{})) {
    const uint64_t bytes = fact.bytes > 0 ? static_cast<uint64_t>(fact.bytes) : 0;
    if (fact.kind == IndexFact::Kind::kUnused) {
      advice.unused.push_back({.index = fact.index->name.ToString(),
                               .table = fact.table->name.ToString(),
                               .bytes = bytes,
                               .reason = fact.reason,
                               .sql = fact.sql,
                               .undo_sql = fact.undo_sql});
      continue;
    }
    const std::string index = fact.index != nullptr       ? fact.index->name.ToString()
                              : fact.missing.name.empty() ? ""
                                                          : fact.missing.ToString();
    advice.remarks.push_back({.kind = std::string(IndexFactName(fact.kind)),
                              .index = index,
                              .table = fact.table->name.ToString(),
                              .bytes = bytes,
                              .reason = fact.reason,
                              .sql = fact.sql,
                              .undo_sql = fact.undo_sql});
  }
  return advice;
}

}  // namespace pgsift
