#ifndef PGSIFT_INGEST_LOG_STATEMENT_RUNS_H_
#define PGSIFT_INGEST_LOG_STATEMENT_RUNS_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "ingest/log/session_transactions.h"
#include "ingest/log/workload_totals.h"

namespace pgsift {

// How often one session runs one shape again and again after another: what N+1 queries, loops of
// batch jobs and polling look like in a log.
//
// The statements of a session fall into groups. A group begins with a shape, its head, and takes
// what follows until the head comes again with something else between. It also ends where a
// transaction of two or more statements does, after a pause of a second, at every full ten seconds
// of the clock (so that a part of a log need not remember more), and with the session. A shape that
// ran kRunMin times or more in a group is counted, with the shape that came newly before it.

// By the shapes of the parent (0: none) and of the child.
using RunMap = absl::flat_hash_map<std::pair<uint64_t, uint64_t>, RunStats>;

inline constexpr uint64_t kRunMin = 5;
// From here on a group is one of a loop over much: a batch job's, not a request's.
inline constexpr uint64_t kLoopMin = 1000;

// Consecutive executions of one shape.
struct RunEntry {
  uint64_t shape = 0;
  TransactionVerb verb = TransactionVerb::kNone;
  uint64_t calls = 0;
  int64_t begin_us = 0, end_us = 0;  // Of the first, and of the last.
  int64_t busy_us = 0;
  uint64_t texts = 0;  // Into which of 64 classes their texts and parameters fall, as bits.
  uint64_t rows = 0;   // The same for what decides the rows: the last condition or parameter.
  LogPlace place;      // Of the first.
};

// A hash of a statement's text as it was sent.
uint64_t HashText(std::string_view text);
// The bits of RunEntry::texts and ::rows for one execution.
std::pair<uint64_t, uint64_t> RunBits(std::string_view text, std::string_view parameters);

// The statements of one session in a part of a log. Merging is associative: what an earlier part
// may continue is kept as it came, until the first place where a group ends whatever was before.
class SessionRuns {
 public:
  void Add(const RunEntry& entry, RunMap* runs);
  // The session is over.
  void Close(RunMap* runs);
  // `next` is the same session in the part that follows.
  void Merge(SessionRuns&& next, RunMap* runs);
  // Nothing precedes and nothing follows.
  void Finish(RunMap* runs);

  template <typename Visit>
  void ForEachPlace(const Visit& visit) {
    for (RunEntry& entry : head_) visit(entry.place);
    for (RunEntry& entry : group_) visit(entry.place);
  }
  // For writing and reading partial results.
  template <typename Entries, typename Visit>
  void ForEachField(const Entries& entries, const Visit& visit) {
    entries(&head_);
    entries(&group_);
    visit(&cut_);
    visit(&begun_);
    visit(&inside_);
    visit(&in_transaction_);
    visit(&last_us_);
  }

 private:
  void AddToHead(const RunEntry& entry);
  void AddToGroup(const RunEntry& entry, RunMap* runs);
  void EndGroup(RunMap* runs);
  void Reset(RunMap* runs);

  std::vector<RunEntry> head_;   // Until the first cut.
  std::vector<RunEntry> group_;  // After it: the group that is open, one entry a shape.
  bool cut_ = false;             // There was one.
  bool begun_ = false;           // Some statement came since the last cut.
  uint64_t inside_ = 0;          // Statements since BEGIN.
  bool in_transaction_ = false;  // BEGIN came since the last cut.
  int64_t last_us_ = 0;          // When the last statement ended.
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_STATEMENT_RUNS_H_
