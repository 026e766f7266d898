#include "rules/effects/work_estimate.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"

namespace pgsift {
namespace {

// Bytes a second that one backend gets through: a cached table on fast disks, and a cold one on a
// cloud volume. Sequential reads; writes with their WAL; sorting for an index.
struct Speed {
  double read, write, build;
};
constexpr Speed kFast = {1.5e9, 3e8, 1.5e8};
constexpr Speed kSlow = {1.2e8, 4e7, 2e7};

// A new index's size as a share of its table's: B-trees of one or two columns of ordinary tables
// have 0.1 to 0.4.
constexpr double kIndexShare = 0.25;

LockMode ModeOfCommand(QueryBlock::Command command, bool written, bool locking) {
  if (!written) return locking ? LockMode::kRowShare : LockMode::kAccessShare;
  (void)command;
  return LockMode::kRowExclusive;
}

std::string_view CommandName(QueryBlock::Command command) {
  switch (command) {
    case QueryBlock::Command::kSelect:
      return "SELECT";
    case QueryBlock::Command::kInsert:
      return "INSERT";
    case QueryBlock::Command::kUpdate:
      return "UPDATE";
    case QueryBlock::Command::kDelete:
      return "DELETE";
    case QueryBlock::Command::kMerge:
      return "MERGE";
  }
  return "SELECT";
}

}  // namespace

WorkEstimate EstimateWork(const Effects& effects, const Snapshot& snapshot) {
  WorkEstimate estimate;
  double built = 0;
  const auto size = [&](const QualifiedName& name, bool index) {
    const double bytes = index ? snapshot.IndexBytes(name) : snapshot.TableBytes(name);
    if (bytes >= 0) return bytes;
    if (std::find(estimate.without_size.begin(), estimate.without_size.end(), name.ToString()) ==
        estimate.without_size.end()) {
      estimate.without_size.push_back(name.ToString());
    }
    return 0.0;
  };
  double scanned = 0;
  for (const WorkEffect& work : effects.scans) scanned += size(work.name, false);
  estimate.bytes_read = scanned;
  double rewritten = 0;
  for (const WorkEffect& work : effects.rewrites) rewritten += size(work.name, false);
  bool guessed = false;
  for (const WorkEffect& work : effects.builds) {
    const double known = snapshot.IndexBytes(work.name);
    if (known >= 0) {
      built += known;
    } else if (!effects.scans.empty()) {
      built += kIndexShare * scanned / static_cast<double>(effects.scans.size());
      guessed = true;
    }
  }
  estimate.bytes_written = rewritten + built;
  // Bytes that go into an index are sorted from the rows that were read.
  const double sorted = effects.builds.empty() ? 0 : std::max(scanned, built);
  const auto seconds = [&](const Speed& speed) {
    return estimate.bytes_read / speed.read + rewritten / speed.write + sorted / speed.build;
  };
  estimate.seconds_min = seconds(kFast);
  estimate.seconds_max = seconds(kSlow);
  if (estimate.bytes_read + estimate.bytes_written > 0) {
    estimate.assumptions.push_back(absl::StrFormat(
        "reads %.0f to %.0f MB/s, writes %.0f to %.0f MB/s, sorts for indexes %.0f to %.0f MB/s",
        kSlow.read / 1e6, kFast.read / 1e6, kSlow.write / 1e6, kFast.write / 1e6, kSlow.build / 1e6,
        kFast.build / 1e6));
    estimate.assumptions.push_back("sizes are those of the snapshot; TOAST is not counted");
    if (guessed) {
      estimate.assumptions.push_back(
          absl::StrFormat("a new index takes %.0f %% of its table's size", kIndexShare * 100));
    }
  }
  return estimate;
}

std::vector<BlastRadius> BlastRadiusOf(const Effects& effects,
                                       std::span<const std::unique_ptr<ObservedQuery>> queries,
                                       double seconds, const Catalog& catalog) {
  std::vector<BlastRadius> radius;
  if (seconds <= 0) return radius;
  for (const LockEffect& lock : effects.locks) {
    if (lock.kind == RelationKind::kIndex || lock.kind == RelationKind::kPartitionedIndex) continue;
    BlastRadius blast{.relation = lock.name, .mode = lock.mode};
    std::map<std::string, double> rates;
    for (const auto& query : queries) {
      if (query->calls == 0 || query->blocks.empty()) continue;
      bool uses = false;
      bool waits = false;
      for (const QueryBlock& block : query->blocks) {
        for (const BlockTable& table : block.tables) {
          if (!table.base_relation || catalog.Resolve(table.name) != lock.name) continue;
          uses = true;
          waits = waits ||
                  Conflicts(lock.mode, ModeOfCommand(block.command, table.written, block.locking));
        }
      }
      if (uses) blast.longest_seconds = std::max(blast.longest_seconds, query->p95_ms / 1000);
      if (!waits) continue;
      const double rate = static_cast<double>(query->calls) / seconds;
      rates[std::string(CommandName(query->blocks.front().command))] += rate;
      blast.per_second += rate;
    }
    if (blast.per_second <= 0) continue;
    blast.waiting.assign(rates.begin(), rates.end());
    radius.push_back(std::move(blast));
  }
  std::stable_sort(radius.begin(), radius.end(), [](const BlastRadius& a, const BlastRadius& b) {
    return a.mode != b.mode ? a.mode > b.mode : a.per_second > b.per_second;
  });
  return radius;
}

}  // namespace pgsift
