#include "ingest/log/statement_runs.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ingest/log/mix.h"

namespace pgsift {
namespace {

constexpr int64_t kPauseUs = 1'000'000;
constexpr int64_t kClockUs = 10'000'000;
constexpr size_t kShapesMax = 16;  // Of one group.

uint64_t BitOf(uint64_t hash) { return uint64_t{1} << (hash >> 58); }

// What follows the last WHERE of an UPDATE or DELETE, or the last parameter.
std::string_view RowsOf(std::string_view text, std::string_view parameters) {
  if (!parameters.empty()) {
    const size_t last = parameters.rfind('$');
    return last == parameters.npos ? parameters : parameters.substr(last);
  }
  for (size_t at = text.size(); at-- > 6;) {
    if ((text[at] | 0x20) != 'e' || (text[at - 4] | 0x20) != 'w') continue;
    if ((text[at - 3] | 0x20) == 'h' && (text[at - 2] | 0x20) == 'e' &&
        (text[at - 1] | 0x20) == 'r') {
      return text.substr(at);
    }
  }
  return text;
}

bool IsCut(int64_t last_us, int64_t begin_us) {
  return begin_us - last_us > kPauseUs || last_us / kClockUs != begin_us / kClockUs;
}

bool IsEarlier(const LogPlace& a, const LogPlace& b) {
  if (a.time_us != b.time_us) return a.time_us < b.time_us;
  return a.file != b.file ? a.file < b.file : a.offset < b.offset;
}

void Join(const RunEntry& next, RunEntry* entry) {
  entry->calls += next.calls;
  entry->end_us = next.end_us;
  entry->busy_us += next.busy_us;
  entry->texts |= next.texts;
  entry->rows |= next.rows;
}

}  // namespace

void RunStats::Merge(const RunStats& next) {
  if (groups == 0 || (next.groups > 0 && IsEarlier(next.place, place))) place = next.place;
  groups += next.groups;
  calls += next.calls;
  calls_max = std::max(calls_max, next.calls_max);
  loops += next.loops;
  loop_calls += next.loop_calls;
  same_text_groups += next.same_text_groups;
  same_text_calls += next.same_text_calls;
  same_row_groups += next.same_row_groups;
  same_row_calls += next.same_row_calls;
  in_transactions += next.in_transactions;
  busy_us += next.busy_us;
  elapsed_us += next.elapsed_us;
}

uint64_t HashText(std::string_view text) {
  // Of a long text the end: literals of VALUES lists lie there.
  constexpr size_t kBytesMax = 4096;
  if (text.size() > kBytesMax) text.remove_prefix(text.size() - kBytesMax);
  uint64_t hash = Mix(1, text.size());
  while (text.size() >= 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    hash = Mix(hash, word);
    text.remove_prefix(8);
  }
  uint64_t word = 0;
  std::memcpy(&word, text.data(), text.size());
  return Mix(hash, word);
}

std::pair<uint64_t, uint64_t> RunBits(std::string_view text, std::string_view parameters) {
  const uint64_t own = HashText(text);
  const uint64_t all = parameters.empty() ? own : Mix(own, HashText(parameters));
  const bool changes =
      !text.empty() && ((text.front() | 0x20) == 'u' || (text.front() | 0x20) == 'd');
  return {BitOf(all), changes ? BitOf(HashText(RowsOf(text, parameters))) : BitOf(all)};
}

void SessionRuns::Add(const RunEntry& entry, RunMap* runs) {
  if (begun_ && IsCut(last_us_, entry.begin_us)) Reset(runs);
  begun_ = true;
  last_us_ = entry.end_us;
  if (cut_) {
    AddToGroup(entry, runs);
  } else {
    AddToHead(entry);
  }
}

void SessionRuns::AddToHead(const RunEntry& entry) {
  const bool verb = entry.verb != TransactionVerb::kNone;
  if (!verb && !head_.empty() && head_.back().shape == entry.shape) {
    return Join(entry, &head_.back());
  }
  head_.push_back(entry);
}

void SessionRuns::AddToGroup(const RunEntry& entry, RunMap* runs) {
  using Verb = TransactionVerb;
  if (entry.verb == Verb::kBegin) {
    inside_ = 0;
    in_transaction_ = true;
    return;
  }
  if (entry.verb != Verb::kNone) {
    if (inside_ >= 2) EndGroup(runs);
    inside_ = 0;
    in_transaction_ = false;
    return;
  }
  inside_ += entry.calls;
  const auto known = std::find_if(group_.begin(), group_.end(),
                                  [&](const RunEntry& each) { return each.shape == entry.shape; });
  if (known != group_.end() && (known != group_.begin() || group_.size() == 1)) {
    return Join(entry, &*known);
  }
  if (known != group_.end() || group_.size() >= kShapesMax) EndGroup(runs);
  group_.push_back(entry);
}

void SessionRuns::EndGroup(RunMap* runs) {
  uint64_t parent = 0;
  for (const RunEntry& entry : group_) {
    if (entry.calls >= kRunMin) {
      RunStats one{.groups = 1, .calls = entry.calls, .calls_max = entry.calls};
      one.loops = entry.calls >= kLoopMin;
      one.loop_calls = entry.calls >= kLoopMin ? entry.calls : 0;
      one.same_text_groups = std::has_single_bit(entry.texts);
      one.same_text_calls = one.same_text_groups > 0 ? entry.calls : 0;
      one.same_row_groups = std::has_single_bit(entry.rows);
      one.same_row_calls = one.same_row_groups > 0 ? entry.calls : 0;
      one.in_transactions = in_transaction_;
      one.busy_us = entry.busy_us;
      one.elapsed_us = std::max<int64_t>(entry.end_us - entry.begin_us, 0);
      one.place = entry.place;
      (*runs)[{parent, entry.shape}].Merge(one);
    } else {
      parent = entry.shape;
    }
  }
  group_.clear();
}

// A place where a group ends whatever was before.
void SessionRuns::Reset(RunMap* runs) {
  EndGroup(runs);
  cut_ = true;
  begun_ = false;
  inside_ = 0;
  in_transaction_ = false;
}

void SessionRuns::Close(RunMap* runs) { Reset(runs); }

void SessionRuns::Merge(SessionRuns&& next, RunMap* runs) {
  for (const RunEntry& entry : next.head_) Add(entry, runs);
  if (!next.cut_) return;
  Reset(runs);
  begun_ = next.begun_;
  inside_ = next.inside_;
  in_transaction_ = next.in_transaction_;
  last_us_ = next.last_us_;
  group_ = std::move(next.group_);
}

void SessionRuns::Finish(RunMap* runs) {
  // The group after the first cut is kept aside while the head is gone through.
  SessionRuns first;
  first.cut_ = true;
  for (const RunEntry& entry : head_) first.Add(entry, runs);
  first.Reset(runs);
  head_.clear();
  Reset(runs);
}

}  // namespace pgsift
