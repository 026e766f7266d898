#ifndef PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_
#define PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_

#include <cstdint>
#include <string_view>

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

// The transactions of one session, in a part of a log: what happened in the part before is not
// known, but joined by Merge(). Statements come in the order in which they end.
class SessionTransactions {
 public:
  void Add(TransactionVerb verb, int64_t begin_us, int64_t end_us, TransactionStats* stats);
  // The session is over.
  void Close(int64_t time_us, TransactionStats* stats);
  // `next` is the same session in the part that follows.
  void Merge(const SessionTransactions& next, TransactionStats* stats);

  // The transaction that is open: when it began, and when its last statement ended. 0: none.
  int64_t open_since_us() const { return state_ == State::kInside ? begin_us_ : 0; }
  int64_t last_us() const { return last_us_; }

  // For writing and reading partial results: calls visit() with each field.
  template <typename Visit>
  void ForEachField(const Visit& visit) {
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
  void End(int64_t begin_us, int64_t end_us, bool rollback, TransactionStats* stats);

  State state_ = State::kUnknown;
  // The statements of a transaction that an earlier part may have begun, and what ended them.
  TransactionVerb head_end_ = TransactionVerb::kNone;
  uint64_t head_statements_ = 0;
  int64_t head_begin_us_ = 0, head_last_us_ = 0, head_idle_us_ = 0;
  int64_t head_end_begin_us_ = 0, head_end_us_ = 0;
  // The transaction that is open now.
  int64_t begin_us_ = 0, last_us_ = 0, idle_us_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SESSION_TRANSACTIONS_H_
