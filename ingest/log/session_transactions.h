#ifndef PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_
#define PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pgsift {

// Transactions that statements of the log begin and end (BEGIN … COMMIT). Durations are
// microseconds.
struct TransactionStats {
  uint64_t count = 0;        // Whose beginning and end are in the log.
  uint64_t rolled_back = 0;  // Of these: by ROLLBACK, or because the session ended.
  int64_t total_us = 0, max_us = 0;
  // Of these: time that no statement ran, the session being idle in transaction.
  int64_t idle_us = 0, idle_us_max = 0;

  void Add(int64_t us, int64_t idle, bool rollback);
  void Merge(const TransactionStats& next);
};

enum class TransactionVerb : uint8_t { kNone, kBegin, kCommit, kRollback };
// What a statement does to its session's transaction. Several statements in one message do nothing
// that outlasts it.
TransactionVerb TransactionVerbOf(std::string_view sql);

// A query that a transaction has run, and since when: its locks are held from then to the end.
struct ShapeInTransaction {
  uint64_t shape = 0;
  int64_t since_us = 0;  // The beginning of the first execution.

  friend bool operator==(const ShapeInTransaction&, const ShapeInTransaction&) = default;
};

// What ended transactions tell.
struct EndedTransactions {
  struct Hold {
    uint64_t shape = 0;
    // From the query's first execution in the transaction to the transaction's end.
    int64_t us = 0;
  };
  TransactionStats* stats = nullptr;   // Not null.
  std::vector<Hold>* holds = nullptr;  // Not null; what is found is added.
};

// The transactions of one session, in a part of a log: what happened in the part before is not
// known, but joined by Merge(). Statements come in the order in which they end.
class SessionTransactions {
 public:
  // Of one transaction, the first ones; how long the locks of others are held is not told.
  static constexpr size_t kShapesMax = 24;

  void Add(TransactionVerb verb, uint64_t shape, int64_t begin_us, int64_t end_us,
           const EndedTransactions& ended);
  // The session is over.
  void Close(int64_t time_us, const EndedTransactions& ended);
  // `next` is the same session in the part that follows.
  void Merge(const SessionTransactions& next, const EndedTransactions& ended);

  // The transaction that is open: when it began, and when its last statement ended. 0: none.
  int64_t open_since_us() const { return state_ == State::kInside ? begin_us_ : 0; }
  int64_t last_us() const { return last_us_; }

  // For writing and reading partial results: calls visit() with each field, a number or a list of
  // ShapeInTransaction.
  template <typename Visit>
  void ForEachField(const Visit& visit) {
    visit(&head_shapes_);
    visit(&shapes_);
    visit(&state_);
    visit(&head_end_);
    visit(&head_statements_);
    visit(&head_begin_us_);
    visit(&head_last_us_);
    visit(&head_idle_us_);
    visit(&head_end_begin_us_);
    visit(&head_end_us_);
    visit(&begin_us_);
    visit(&last_us_);
    visit(&idle_us_);
  }

 private:
  enum class State : uint8_t { kUnknown, kOutside, kInside };
  using Shapes = std::vector<ShapeInTransaction>;
  static void Note(uint64_t shape, int64_t begin_us, Shapes* shapes);
  static void Append(const Shapes& next, Shapes* shapes);
  void End(int64_t begin_us, int64_t end_us, bool rollback, const EndedTransactions& ended);

  State state_ = State::kUnknown;
  // The statements of a transaction that an earlier part may have begun, and what ended them.
  TransactionVerb head_end_ = TransactionVerb::kNone;
  uint64_t head_statements_ = 0;
  int64_t head_begin_us_ = 0, head_last_us_ = 0, head_idle_us_ = 0;
  int64_t head_end_begin_us_ = 0, head_end_us_ = 0;
  Shapes head_shapes_;
  // The transaction that is open now.
  int64_t begin_us_ = 0, last_us_ = 0, idle_us_ = 0;
  Shapes shapes_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_
