#include "rules/effects/work_estimate.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"

namespace pgsift {
namespace {

// Bytes of a table that one backend gets through in a second. The fast end is a cached table on a
// quick machine without other work; the slow end a cold one on a cloud volume, or a server that is
// busy. Measured with tables of 100 MB on PostgreSQL 15 and 18; what the rows are like decides
// where in the range a table is.
struct Speed {
  std::string_view work;
  double slow, fast;
};
constexpr Speed kScan = {"reading a table whole", 6e7, 1.5e9};
constexpr Speed kRewrite = {"writing a table anew", 1.5e7, 3e8};
constexpr Speed kForeignKey = {"checking a foreign key by a join", 3e7, 6e8};
// By access method; methods that are not here are taken to be as slow as GiST.
constexpr Speed kBuilds[] = {
    {"btree", 1.5e7, 2e8}, {"hash", 8e6, 1.2e8}, {"brin", 6e7, 1.5e9},
    {"gin", 2e6, 1e8},     {"gist", 1.5e6, 6e7}, {"spgist", 6e6, 8e7},
};

const Speed& SpeedOfBuild(std::string_view method) {
  for (const Speed& speed : kBuilds) {
    if (speed.work == method) return speed;
  }
  return kBuilds[4];
}

// A new index's size as a share of its table's: B-trees of one or two columns of ordinary tables
// have 0.1 to 0.4.
constexpr double kIndexShare = 0.25;

// The method of an index that the statement makes.
std::string NewIndexMethod(const Statement& statement) {
  if (const auto* create = statement.As<CreateIndex>(); create != nullptr) {
    return create->method.empty() ? "btree" : create->method;
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return "btree";
  for (const AlterSubcommand& command : alter->subcommands) {
    const bool exclusion =
        command.constraint.has_value() && command.constraint->kind == ConstraintKind::kExclusion;
    if (exclusion && !command.constraint->method.empty()) return command.constraint->method;
  }
  return "btree";
}

// The statement compares two tables to check a foreign key.
bool ChecksForeignKey(const Statement& statement, const Catalog& catalog) {
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return false;
  const Relation* table = catalog.Find(alter->relation.name);
  for (const AlterSubcommand& command : alter->subcommands) {
    if (command.constraint.has_value() && command.constraint->kind == ConstraintKind::kForeignKey) {
      return true;
    }
    if (command.column.has_value() &&
        command.column->Find(ConstraintKind::kForeignKey) != nullptr) {
      return true;
    }
    if (command.action != AlterAction::kValidateConstraint || table == nullptr) continue;
    const CatalogConstraint* constraint = table->FindConstraint(command.name);
    if (constraint != nullptr && constraint->kind == ConstraintKind::kForeignKey) return true;
  }
  return false;
}

// Adds up what each kind of work takes, and notes which kinds there are.
class Clock {
 public:
  explicit Clock(WorkEstimate* estimate) : estimate_(*estimate) {}

  void Add(const Speed& speed, std::string_view what, double bytes) {
    if (bytes <= 0) return;
    estimate_.seconds_min += bytes / speed.fast;
    estimate_.seconds_max += bytes / speed.slow;
    std::string line = absl::StrFormat("%s gets through %.3g to %.3g MB of the table a second",
                                       what, speed.slow / 1e6, speed.fast / 1e6);
    std::vector<std::string>& lines = estimate_.assumptions;
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
      lines.push_back(std::move(line));
    }
  }

 private:
  WorkEstimate& estimate_;
};

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

WorkEstimate EstimateWork(const Effects& effects, const Statement& statement,
                          const Catalog& catalog, const Snapshot& snapshot) {
  WorkEstimate estimate;
  Clock clock(&estimate);
  const auto size = [&](const QualifiedName& name) {
    const double bytes = snapshot.TableBytes(name);
    if (bytes >= 0) return bytes;
    if (std::find(estimate.without_size.begin(), estimate.without_size.end(), name.ToString()) ==
        estimate.without_size.end()) {
      estimate.without_size.push_back(name.ToString());
    }
    return 0.0;
  };
  const bool joined = ChecksForeignKey(statement, catalog);
  double scanned = 0;
  for (const WorkEffect& work : effects.scans) {
    const double bytes = size(work.name);
    scanned += bytes;
    // Writing anew and building indexes read too; their speeds say so.
    if (effects.Rewrites(work.name)) continue;
    if (joined) {
      clock.Add(kForeignKey, kForeignKey.work, bytes);
    } else if (effects.builds.empty()) {
      clock.Add(kScan, kScan.work, bytes);
    }
  }
  double rewritten = 0;
  for (const WorkEffect& work : effects.rewrites) rewritten += size(work.name);
  clock.Add(kRewrite, kRewrite.work, rewritten);
  double built = 0;
  bool guessed = false;
  for (const WorkEffect& work : effects.builds) {
    const Relation* index = catalog.Find(work.id);
    const Relation* table = index == nullptr ? nullptr : catalog.Find(index->table);
    // New ones are built on the tables that are read.
    const double table_bytes = table != nullptr ? size(table->name)
                               : effects.scans.empty()
                                   ? 0
                                   : scanned / static_cast<double>(effects.scans.size());
    const std::string method = index != nullptr && index->index.has_value()
                                   ? index->index->method
                                   : NewIndexMethod(statement);
    clock.Add(SpeedOfBuild(method), "building an index by " + method, table_bytes);
    const double known = snapshot.IndexBytes(work.name);
    if (known >= 0) {
      built += known;
    } else {
      built += method == "brin" ? 0 : kIndexShare * table_bytes;
      guessed = guessed || table_bytes > 0;
    }
  }
  estimate.bytes_read = scanned;
  estimate.bytes_written = rewritten + built;
  if (estimate.bytes_read + estimate.bytes_written > 0) {
    estimate.assumptions.push_back("sizes are those of the snapshot; TOAST is not counted");
    if (guessed) {
      estimate.assumptions.push_back(
          absl::StrFormat("a new index takes %.0f %% of its table's size", kIndexShare * 100));
    }
  }
  return estimate;
}

namespace {

void Lengthen(const ObservedQuery& query, BlastRadius* blast) {
  const bool transaction = query.held_p95_ms > query.p95_ms;
  const double seconds = std::max(query.held_p95_ms, query.p95_ms) / 1000;
  if (seconds <= blast->longest_seconds) return;
  blast->longest_seconds = seconds;
  blast->longest_is_transaction = transaction;
}

}  // namespace

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
      if (uses) Lengthen(*query, &blast);
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
