#ifndef PGSIFT_INGEST_LOG_WORKLOAD_H_
#define PGSIFT_INGEST_LOG_WORKLOAD_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "ingest/log/log_record.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload_totals.h"

namespace pgsift {

class ShapeCache;
struct ExecutionTally;
struct DurationMessage;

struct WorkloadOptions {
  int64_t slow_us = 100'000;
  bool redact = false;  // Finish() drops literals, parameters, addresses and names in messages.
  // Distinct shapes of which figures are kept: the first that occur. All others are one,
  // kOtherName. Applies where parts are merged, so that it does not depend on how the log was cut.
  size_t shapes_max = 5000;
  // log_min_duration_sample's world: of the statements faster than this, only a share was logged.
  int64_t sample_above_us = 0;  // 0: all were logged.
};

// What a log says, in memory that grows with distinct queries, messages and processes, not with
// bytes.
//
// Records are added in the order of the log. A log may be cut where a record begins, and the parts
// be added to a Workload each: merging these in order gives what one would have given (what a
// session began in one part and ended in the next is joined). Merging is associative.
//
// Not thread-safe; different workloads share nothing.
class Workload {
 public:
  Workload() : Workload(WorkloadOptions()) {}
  explicit Workload(const WorkloadOptions& options);
  Workload(Workload&&) noexcept;
  Workload& operator=(Workload&&) noexcept;
  ~Workload();

  // Shapes are told with the help of `shapes`, which must outlive all Add()s.
  void SetShapes(ShapeCache* shapes) { shapes_ = shapes; }
  // Executions whose order does not matter are counted in `tally` from now on, which must outlive
  // all Add()s. REQUIRES: EndTally() at the end, and MergeTally() where all is merged.
  void SetTally(ExecutionTally* tally) { tally_ = tally; }
  // Takes over which queries the tally has counted since SetTally().
  void EndTally();
  // Adds what a tally counted. REQUIRES: every Workload that it was given to has been merged.
  void MergeTally(ExecutionTally* tally);
  // `file` is where the following records come from.
  void SetFile(FileId file) { file_ = file; }
  // The only door. Takes nothing from the record that is not copied.
  void Add(const LogRecord& record);
  // Adds `lines` to the line of every place: the lines of the file before this part.
  void ShiftLines(uint64_t lines);
  // Adds what the part that follows this one says. REQUIRES: neither is finished.
  void Merge(Workload&& next);
  // From now on the limits of memory hold. `first`: nothing will ever be merged in front of this
  // one, so what only an earlier part would need is dropped.
  void SetBounded(bool first) {
    bounded_ = true;
    first_ = first;
  }
  // What Finish() does about literals: parts of other runs bring no wish of their own.
  void SetRedact(bool redact) { options_.redact = redact; }
  // Identifies the queries with the grammar on up to `jobs` threads, joins those that mean the
  // same, and sorts all lists. Nothing can be added afterwards.
  void Finish(size_t jobs);

  const WorkloadTotals& totals() const { return totals_; }

 private:
  friend class PartialFormat;     // Writes and reads all of it.
  friend class ReportedWorkload;  // Fills it with what a report says.
  struct State;
  struct Session;
  struct Execution;

  LogPlace PlaceOf(const LogRecord& record) const;
  QueryStats& QueryOf(uint64_t shape, std::string_view text, const LogRecord* record);
  Session* SessionOf(uint32_t pid);
  void AddTime(const LogRecord& record);
  void AddStatement(const LogRecord& record, const DurationMessage& message);
  void AddExecution(const LogRecord& record, const Execution& execution);
  bool AddToTally(const LogRecord& record, const Execution& execution);
  void EndExecution(const LogRecord& record, const Execution& execution, Session* session);
  void KeepExample(const LogRecord& record, const Execution& execution, QueryStats* query);
  void KeepIfSlow(const LogRecord& record, const Execution& execution, QueryStats* query);
  void AddBareDuration(const LogRecord& record, int64_t duration_us);
  void AddDuration(QueryStats* query, int64_t duration_us) const;
  void AddToSeries(QueryStats* query, int64_t time_us, const TimeBucket& what);
  void UncountFailed(uint64_t shape, Session* session);
  void FinishPending(Session* session, int64_t duration_us, int64_t time_us);
  uint32_t KindOf(const LogRecord& record, Session* session);
  TimeSeries* BusyOf(uint32_t kind);
  void CountCall(uint32_t query, uint32_t kind, uint64_t calls);
  EndedTransactions Ended();
  void AddHolds();
  void AddRun(const LogRecord& record, const Execution& execution, Session* session);
  void AddPendingRun(Session* session, int64_t duration_us, int64_t time_us);
  void EndSession(const LogRecord& record, Session* session);
  void OpenGroup(const LogRecord& record, std::string name, Session* session);
  void CloseGroup(const std::string& name, int64_t time_us, int64_t session_us);
  void CloseSession(const LogRecord& record, std::string_view user, int64_t session_us,
                    Session* session);
  static void MergeOpening(Session&& after, Session* before);
  void MergeGroups(Workload* next);
  void MergeRuns(Workload* next);
  void FinishGroups();
  void FinishRuns(const std::map<uint64_t, std::string>& id_of);
  QueryStats& OtherQuery();
  void AddPlan(const LogRecord& record, const DurationMessage& message);
  void AddEvent(const LogRecord& record, Event event);
  void AddExample(const LogRecord& record, EventStats* stats);
  void AddError(const LogRecord& record, Event event);
  void AddMessage(const LogRecord& record, Event event, std::vector<MessageStats>* messages);
  void AddConnection(const LogRecord& record, Event event);
  void AddLock(const LogRecord& record);
  void AddDeadlock(const LogRecord& record);
  void AddTempFile(const LogRecord& record);
  void GiveTempFiles(uint64_t shape, uint64_t files, uint64_t bytes);
  void AddCheckpoint(const LogRecord& record, Event event);
  void AddMaintenance(const LogRecord& record);
  void MergeBusy(uint64_t hash, const TimeSeries& series);
  void MergeQueries(Workload* next);
  void MergeSessions(Workload* next);
  void MergeServer(Workload* next);
  void MergePlans(Workload* next);
  void DropEnded(uint32_t pid);
  void MergeMessages(std::vector<MessageStats>&& from, std::vector<MessageStats>* to);
  void JoinLockWaits();
  void IdentifyQueries(size_t jobs);
  void FinishPlans();
  void Redact();

  WorkloadOptions options_;
  FileId file_ = FileId::kNone;
  ShapeCache* shapes_ = nullptr;
  ExecutionTally* tally_ = nullptr;
  bool bounded_ = false, first_ = false;
  WorkloadTotals totals_;
  std::unique_ptr<State> state_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_WORKLOAD_H_
