// The `statements` section of a report: what each statement of a migration does.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "cli/pipeline.h"
#include "parser/repeated_rows.h"
#include "rules/effects/effects.h"
#include "rules/effects/transaction_locks.h"
#include "rules/effects/work_estimate.h"

namespace pgsift {
namespace {

std::string EndName(LockEnd::Kind kind) {
  switch (kind) {
    case LockEnd::Kind::kStatement:
      return "statement";
    case LockEnd::Kind::kCommit:
      return "commit";
    case LockEnd::Kind::kRollback:
      return "rollback";
    case LockEnd::Kind::kRollbackTo:
      return "rollback to savepoint";
  }
  return "commit";
}

std::vector<WorkReport> Works(const std::vector<WorkEffect>& works) {
  std::vector<WorkReport> reports;
  for (const WorkEffect& work : works) reports.push_back({work.name.ToString(), work.why});
  return reports;
}

EstimateReport MakeEstimate(const WorkEstimate& work) {
  return {.bytes_read = work.bytes_read,
          .bytes_written = work.bytes_written,
          .seconds_min = work.seconds_min,
          .seconds_max = work.seconds_max,
          .assumptions = work.assumptions,
          .without_size = work.without_size};
}

BlastReport MakeBlast(const BlastRadius& radius, const StatementReport::EffectsReport& effects) {
  BlastReport report{.relation = radius.relation.ToString(),
                     .mode = std::string(LockModeName(radius.mode)),
                     .per_second = radius.per_second,
                     .behind_seconds = radius.longest_seconds,
                     .behind_transaction = radius.longest_is_transaction};
  for (const auto& [kind, rate] : radius.waiting) report.waiting.push_back({kind, rate});
  if (effects.estimate.has_value()) {
    report.held_seconds_min = effects.estimate->seconds_min;
    report.held_seconds_max = effects.estimate->seconds_max;
  }
  report.queue_min = radius.per_second * report.held_seconds_min;
  report.queue_max = radius.per_second * (radius.longest_seconds + report.held_seconds_max);
  return report;
}

}  // namespace

StatementReport Pipeline::MakeStatement(const SqlFile& file, const LineIndex& lines,
                                        const Statement& statement, const SqlPass& pass) const {
  StatementReport report{.path = std::string(sources_.path(file.file)),
                         .sql = std::string(statement.sql),
                         .kind = statement.tag,
                         .line = lines.At(statement.span.begin).line,
                         .index = statement.index,
                         .repeats = RepeatsOf(statement)};
  if (statement.transaction != kNoTransaction) report.transaction = statement.transaction;
  if (const auto* bad = statement.As<UnparsedStatement>()) {
    report.error = bad->error;
    return report;
  }
  const Effects& effects = pass.effects();
  StatementReport::EffectsReport out;
  const LockEnd end = EndOfLocks(file, statement);
  const TransactionBlock* block = file.TransactionOf(statement);
  LockMode strongest = LockMode::kNone;
  for (const LockEffect& lock : effects.locks) {
    LockReport row{.relation = lock.name.ToString(),
                   .kind = std::string(RelationKindName(lock.kind)),
                   .mode = std::string(LockModeName(lock.mode)),
                   .letters = std::string(LockModeLetters(lock.mode)),
                   .strength = static_cast<int>(lock.mode)};
    const bool now = lock.released || end.kind == LockEnd::Kind::kStatement;
    row.held_until = EndName(now ? LockEnd::Kind::kStatement : end.kind);
    const bool tool_ends = block != nullptr && block->implicit && end.statement == block->last;
    if (!now && !tool_ends && end.statement < file.statements.size()) {
      row.until_line = lines.At(file.statements[end.statement].span.begin).line;
    }
    const Relation* relation = pass.catalog().Find(lock.id);
    row.created_here =
        relation != nullptr && pass.catalog().CreatedTogether(file, statement, *relation);
    if (!row.created_here) strongest = std::max(strongest, lock.mode);
    out.locks.push_back(std::move(row));
  }
  for (Blocked blocked : BlockedBy(strongest)) out.blocks.emplace_back(BlockedName(blocked));
  out.rewrites = Works(effects.rewrites);
  out.scans = Works(effects.scans);
  out.index_builds = Works(effects.builds);
  out.waits_for_transactions = effects.waits_for_transactions;
  out.transaction_block = effects.block_use != BlockUse::kRefused;
  out.lock_timeout = pass.locks().lock_timeout();
  out.unknown = effects.unknown;
  out.assumed = effects.assumed;
  const bool works = !effects.rewrites.empty() || !effects.scans.empty() || !effects.builds.empty();
  if (works && !NewestSnapshot().tables.empty()) {
    out.estimate = MakeEstimate(EstimateWork(effects, statement, pass.catalog(), NewestSnapshot()));
  }
  if (workload_.has_value()) {
    const WorkloadTotals& totals = workload_->totals();
    const double seconds = static_cast<double>(totals.last_us - totals.first_us) / 1e6;
    for (const BlastRadius& radius : BlastRadiusOf(effects, traffic_, seconds, pass.catalog())) {
      out.blast_radius.push_back(MakeBlast(radius, out));
    }
  }
  report.effects = std::move(out);
  return report;
}

}  // namespace pgsift
