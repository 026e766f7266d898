#include "ingest/log/session_transactions.h"

#include <algorithm>

#include "base/text.h"

namespace pgsift {

void TransactionStats::Add(int64_t us, int64_t idle, bool rollback) {
  ++count;
  rolled_back += rollback;
  total_us += us;
  max_us = std::max(max_us, us);
  idle_us += idle;
  idle_us_max = std::max(idle_us_max, idle);
}

void TransactionStats::Merge(const TransactionStats& next) {
  count += next.count;
  rolled_back += next.rolled_back;
  total_us += next.total_us;
  max_us = std::max(max_us, next.max_us);
  idle_us += next.idle_us;
  idle_us_max = std::max(idle_us_max, next.idle_us_max);
}

TransactionVerb TransactionVerbOf(std::string_view sql) {
  using Verb = TransactionVerb;
  constexpr size_t kLongest = 80;
  if (sql.empty() || sql.size() > kLongest) return Verb::kNone;
  // Most statements fall here, by one byte.
  switch (sql.front() | 0x20) {
    case 'b':
    case 's':
    case 'c':
    case 'e':
    case 'r':
    case 'a':
      break;
    default:
      return Verb::kNone;
  }
  std::string_view text = Trim(sql);
  while (text.ends_with(';') || text.ends_with(' ')) text.remove_suffix(1);
  if (text.find(';') != text.npos) return Verb::kNone;
  size_t size = 0;
  while (size < text.size() && ((text[size] | 0x20) >= 'a') && ((text[size] | 0x20) <= 'z')) ++size;
  const std::string_view word = text.substr(0, size);
  const auto is = [word](std::string_view name) { return EqualsIgnoringCase(word, name); };
  if (is("begin")) return Verb::kBegin;
  if (is("start")) return text.size() > size ? Verb::kBegin : Verb::kNone;
  if (is("commit") || is("end")) {
    return EqualsIgnoringCase(Trim(text.substr(size)).substr(0, 8), "prepared") ? Verb::kNone
                                                                                : Verb::kCommit;
  }
  if (is("abort")) return Verb::kRollback;
  if (!is("rollback")) return Verb::kNone;
  const std::string_view rest = Trim(text.substr(size));
  const bool partial = EqualsIgnoringCase(rest.substr(0, 2), "to") ||
                       EqualsIgnoringCase(rest.substr(0, 8), "prepared") ||
                       rest.find(" to ") != rest.npos || rest.find(" TO ") != rest.npos;
  return partial ? Verb::kNone : Verb::kRollback;
}

void SessionTransactions::Note(uint64_t shape, int64_t begin_us, Shapes* shapes) {
  if (shapes->size() >= kShapesMax) return;
  for (const ShapeInTransaction& known : *shapes) {
    if (known.shape == shape) return;
  }
  shapes->push_back({.shape = shape, .since_us = begin_us});
}

void SessionTransactions::Append(const Shapes& next, Shapes* shapes) {
  for (const ShapeInTransaction& each : next) Note(each.shape, each.since_us, shapes);
}

void SessionTransactions::End(int64_t begin_us, int64_t end_us, bool rollback,
                              const EndedTransactions& ended) {
  idle_us_ += std::max<int64_t>(begin_us - last_us_, 0);
  ended.stats->Add(std::max<int64_t>(end_us - begin_us_, 0), idle_us_, rollback);
  for (const ShapeInTransaction& each : shapes_) {
    ended.holds->push_back(
        {.shape = each.shape, .us = std::max<int64_t>(end_us - each.since_us, 0)});
  }
  shapes_.clear();
  state_ = State::kOutside;
}

void SessionTransactions::Add(TransactionVerb verb, uint64_t shape, int64_t begin_us,
                              int64_t end_us, const EndedTransactions& ended) {
  using Verb = TransactionVerb;
  const bool ends = verb == Verb::kCommit || verb == Verb::kRollback;
  if (state_ == State::kInside) {
    // BEGIN within a transaction is a warning, and nothing more.
    if (ends) return End(begin_us, end_us, verb == Verb::kRollback, ended);
    idle_us_ += std::max<int64_t>(begin_us - last_us_, 0);
    last_us_ = end_us;
    if (verb == Verb::kNone) Note(shape, begin_us, &shapes_);
    return;
  }
  if (verb == Verb::kBegin) {
    if (state_ == State::kUnknown) head_end_ = Verb::kBegin;
    state_ = State::kInside;
    begin_us_ = begin_us;
    last_us_ = end_us;
    idle_us_ = 0;
    return;
  }
  if (state_ == State::kOutside) return;
  if (ends) {
    head_end_ = verb;
    head_end_begin_us_ = begin_us;
    head_end_us_ = end_us;
    state_ = State::kOutside;
    return;
  }
  if (head_statements_++ == 0) {
    head_begin_us_ = begin_us;
  } else {
    head_idle_us_ += std::max<int64_t>(begin_us - head_last_us_, 0);
  }
  head_last_us_ = end_us;
  Note(shape, begin_us, &head_shapes_);
}

void SessionTransactions::Close(int64_t time_us, const EndedTransactions& ended) {
  if (state_ == State::kInside) return End(time_us, time_us, true, ended);
  if (state_ == State::kUnknown) {
    head_end_ = TransactionVerb::kRollback;
    head_end_begin_us_ = head_end_us_ = time_us;
  }
  state_ = State::kOutside;
}

void SessionTransactions::Merge(const SessionTransactions& next, const EndedTransactions& ended) {
  using Verb = TransactionVerb;
  const bool ends = next.head_end_ == Verb::kCommit || next.head_end_ == Verb::kRollback;
  if (state_ == State::kInside) {
    if (next.head_statements_ > 0) {
      idle_us_ += std::max<int64_t>(next.head_begin_us_ - last_us_, 0) + next.head_idle_us_;
      last_us_ = next.head_last_us_;
      Append(next.head_shapes_, &shapes_);
    }
    if (ends) {
      End(next.head_end_begin_us_, next.head_end_us_, next.head_end_ == Verb::kRollback, ended);
    } else if (next.head_end_ == Verb::kBegin) {
      // A BEGIN within: the transaction that is open is the one that began before.
      idle_us_ += next.idle_us_;
      last_us_ = next.last_us_;
      Append(next.shapes_, &shapes_);
      if (next.state_ != State::kInside) {
        state_ = next.state_;
        shapes_.clear();
      }
      return;
    }
  } else if (state_ == State::kUnknown) {
    if (next.head_statements_ > 0) {
      if (head_statements_ == 0) {
        head_begin_us_ = next.head_begin_us_;
      } else {
        head_idle_us_ += std::max<int64_t>(next.head_begin_us_ - head_last_us_, 0);
      }
      head_idle_us_ += next.head_idle_us_;
      head_last_us_ = next.head_last_us_;
      head_statements_ += next.head_statements_;
      Append(next.head_shapes_, &head_shapes_);
    }
    head_end_ = next.head_end_;
    head_end_begin_us_ = next.head_end_begin_us_;
    head_end_us_ = next.head_end_us_;
  }
  if (next.state_ == State::kUnknown) return;
  state_ = next.state_;
  begin_us_ = next.begin_us_;
  last_us_ = next.last_us_;
  idle_us_ = next.idle_us_;
  shapes_ = next.shapes_;
}

}  // namespace pgsift
