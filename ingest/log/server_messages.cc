#include "ingest/log/server_messages.h"

#include <algorithm>

#include "ingest/log/begins.h"
#include "ingest/log/workload_totals.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// Reads from the front of a message, left to right. Failing once fails all that follows.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  template <size_t kSizeWithNul>
  bool Take(const char (&expected)[kSizeWithNul]) {
    if (!Begins(rest_, expected)) return false;
    rest_.remove_prefix(kSizeWithNul - 1);
    return true;
  }
  // Skips to just past `mark`, or stays and returns false.
  bool Past(std::string_view mark) {
    const size_t at = rest_.find(mark);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + mark.size());
    return true;
  }
  uint64_t Number() {
    uint64_t value = 0;
    while (!rest_.empty() && IsDigit(rest_.front())) {
      value = value * 10 + static_cast<uint64_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  // "12.345" in units of which `micros` are microseconds.
  int64_t Micros(int64_t micros) {
    auto value = static_cast<int64_t>(std::min<uint64_t>(Number(), 1'000'000'000'000)) * micros;
    if (Take(".")) {
      for (; !rest_.empty() && IsDigit(rest_.front()); rest_.remove_prefix(1)) {
        micros /= 10;
        value += (rest_.front() - '0') * micros;
      }
    }
    return value;
  }
  std::string_view Until(std::string_view mark) {
    const size_t at = std::min(rest_.find(mark), rest_.size());
    const std::string_view taken = rest_.substr(0, at);
    rest_.remove_prefix(std::min(at + mark.size(), rest_.size()));
    return taken;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

constexpr int64_t kMs = 1000;
constexpr int64_t kSecond = 1'000'000;

uint64_t NumberAfter(std::string_view text, std::string_view mark) {
  Cursor cursor(text);
  return cursor.Past(mark) ? cursor.Number() : 0;
}
int64_t SecondsAfter(std::string_view text, std::string_view mark) {
  Cursor cursor(text);
  return cursor.Past(mark) ? cursor.Micros(kSecond) : 0;
}

// The text after the name of a prepared statement. Clients choose the names, and some put a colon
// in; none is followed by a space there.
std::string_view AfterName(std::string_view text, size_t colon) {
  return colon == text.npos ? std::string_view() : text.substr(colon + 2);
}

DurationMessage::Kind TakeKind(Cursor* cursor) {
  using Kind = DurationMessage::Kind;
  if (cursor->Take("statement: ")) return Kind::kStatement;
  if (cursor->Take("execute fetch from ")) return Kind::kFetch;
  if (cursor->Take("execute ")) return Kind::kExecute;
  if (cursor->Take("parse ")) return Kind::kParse;
  if (cursor->Take("bind ")) return Kind::kBind;
  if (cursor->Take("plan:")) return Kind::kPlan;
  return Kind::kOther;
}

std::string_view ValueOf(std::string_view text, std::string_view key, std::string_view next) {
  Cursor cursor(text);
  if (!cursor.Past(key)) return {};
  return next.empty() ? cursor.Until(" ") : cursor.Until(next);
}

}  // namespace

std::optional<DurationMessage> ReadDuration(std::string_view message) {
  using Kind = DurationMessage::Kind;
  DurationMessage result;
  Cursor cursor(message);
  result.timed = cursor.Take("duration: ");
  if (result.timed) {
    if (cursor.rest().empty() || !IsDigit(cursor.rest().front())) return std::nullopt;
    result.duration_us = cursor.Micros(kMs);
    if (!cursor.Take(" ms")) return std::nullopt;
    while (cursor.Take(" ")) {
    }
    if (cursor.rest().empty()) return result;
  }
  result.kind = TakeKind(&cursor);
  if (!result.timed && (result.kind == Kind::kOther || result.kind == Kind::kPlan)) {
    return std::nullopt;
  }
  result.text = cursor.rest();
  if (result.kind != Kind::kStatement && result.kind != Kind::kPlan &&
      result.kind != Kind::kOther) {
    const size_t colon = result.text.find(": ");
    if (colon == result.text.npos && !result.timed) return std::nullopt;
    result.text = AfterName(result.text, colon);
  }
  return result;
}

std::optional<LockMessage> ReadLock(std::string_view message) {
  using Kind = LockMessage::Kind;
  LockMessage lock;
  Cursor cursor(message);
  if (!cursor.Take("process ")) return std::nullopt;
  lock.pid = static_cast<uint32_t>(cursor.Number());
  if (cursor.Take(" still waiting for ")) {
    lock.kind = Kind::kWaiting;
  } else if (cursor.Take(" acquired ")) {
    lock.kind = Kind::kAcquired;
  } else if (cursor.Take(" avoided deadlock for ")) {
    lock.kind = Kind::kDeadlockAvoided;
  } else if (cursor.Take(" detected deadlock while waiting for ")) {
    lock.kind = Kind::kDeadlockDetected;
  } else if (cursor.Take(" failed to acquire ")) {
    lock.kind = Kind::kFailed;
  } else {
    return std::nullopt;
  }
  lock.mode = cursor.Until(" on ");
  const std::string_view rest = cursor.rest();
  const size_t after = rest.rfind(" after ");
  if (after == rest.npos) return std::nullopt;
  lock.object = rest.substr(0, after);
  Cursor time(rest.substr(after + 7));
  lock.waited_us = time.Micros(kMs);
  constexpr std::string_view kReordered = " by rearranging queue order";
  if (lock.object.ends_with(kReordered)) lock.object.remove_suffix(kReordered.size());
  return lock;
}

LockQueue ReadLockQueue(std::string_view detail) {
  LockQueue queue;
  Cursor cursor(detail);
  if (!cursor.Past("holding the lock: ")) return queue;
  std::string_view rest = cursor.rest();
  const size_t mark = rest.find(" Wait queue: ");
  queue.holders = rest.substr(0, std::min(mark, rest.size()));
  while (!queue.holders.empty() && !IsDigit(queue.holders.back())) queue.holders.remove_suffix(1);
  if (mark != rest.npos) {
    queue.queue = rest.substr(mark + 13);
    queue.queue = queue.queue.substr(0, queue.queue.find('.'));
  }
  return queue;
}

std::vector<DeadlockEdge> ReadDeadlock(std::string_view detail) {
  std::vector<DeadlockEdge> cycle;
  std::vector<DeadlockEdge>::iterator last = cycle.end();
  while (!detail.empty()) {
    const std::string_view line = detail.substr(0, detail.find('\n'));
    detail.remove_prefix(std::min(line.size() + 1, detail.size()));
    Cursor cursor(line);
    const bool process = cursor.Take("Process ");
    const auto pid = static_cast<uint32_t>(process ? cursor.Number() : 0);
    if (pid != 0 && cursor.Take(" waits for ")) {
      DeadlockEdge edge{.pid = pid};
      edge.mode = cursor.Until(" on ");
      edge.object = cursor.Until("; blocked by process ");
      edge.blocked_by = static_cast<uint32_t>(cursor.Number());
      cycle.push_back(std::move(edge));
      last = cycle.end();
      continue;
    }
    const auto at = pid == 0 || !cursor.Take(": ")
                        ? cycle.end()
                        : std::find_if(cycle.begin(), cycle.end(),
                                       [pid](const DeadlockEdge& edge) { return edge.pid == pid; });
    if (at != cycle.end()) {
      last = at;
      last->statement = cursor.rest();
    } else if (last != cycle.end()) {  // A statement of several lines.
      last->statement.append("\n").append(line);
    }
  }
  return cycle;
}

std::optional<uint64_t> ReadTempFile(std::string_view message) {
  const size_t at = message.rfind(", size ");
  if (!message.starts_with("temporary file: ") || at == message.npos) return std::nullopt;
  return Cursor(message.substr(at + 7)).Number();
}

std::optional<CheckpointMessage> ReadCheckpoint(std::string_view message) {
  CheckpointMessage result;
  Cursor cursor(message);
  if (!cursor.Past(" complete:") || !cursor.Past("wrote ")) return std::nullopt;
  result.buffers = cursor.Number();
  const std::string_view rest = cursor.rest();
  Cursor files(rest);
  if (files.Past("; ")) {
    result.wal_added = files.Number();
    files.Past("added, ");
    result.wal_removed = files.Number();
    files.Past("removed, ");
    result.wal_recycled = files.Number();
  }
  result.write_us = SecondsAfter(rest, "write=");
  result.sync_us = SecondsAfter(rest, "sync=");
  result.total_us = SecondsAfter(rest, "total=");
  result.sync_files = NumberAfter(rest, "sync files=");
  result.longest_sync_us = SecondsAfter(rest, "longest=");
  result.distance_kb = NumberAfter(rest, "distance=");
  result.estimate_kb = NumberAfter(rest, "estimate=");
  return result;
}

std::optional<VacuumMessage> ReadVacuum(std::string_view message) {
  VacuumMessage result;
  const std::string_view head = message.substr(0, message.find('\n'));
  Cursor cursor(head);
  if (!cursor.Take("automatic ")) return std::nullopt;
  result.aggressive = cursor.Take("aggressive ");
  result.analyze = cursor.Take("analyze ");
  if (!result.analyze && !cursor.Take("vacuum ")) return std::nullopt;
  result.wraparound = cursor.Take("to prevent wraparound ");
  if (!cursor.Take("of table \"")) return std::nullopt;
  result.table = cursor.Until("\"");
  result.index_scans = NumberAfter(head, "index scans: ");
  result.elapsed_us = SecondsAfter(message, "elapsed: ");
  Cursor pages(message);
  if (pages.Past("pages: ")) {
    result.pages_removed = pages.Number();
    pages.Past("removed, ");
    result.pages_remain = pages.Number();
  }
  Cursor tuples(message);
  if (tuples.Past("tuples: ")) {
    result.tuples_removed = tuples.Number();
    tuples.Past("removed, ");
    result.tuples_remain = tuples.Number();
    tuples.Past("remain, ");
    result.tuples_not_removable = tuples.Number();
  }
  result.cutoff_age = NumberAfter(message, "which was ");
  Cursor wal(message);
  if (wal.Past("WAL usage: ") && wal.Past("full page images, ")) result.wal_bytes = wal.Number();
  return result;
}

std::optional<SessionMessage> ReadSession(std::string_view message) {
  SessionMessage session;
  Cursor cursor(message);
  if (cursor.Take("disconnection: session time: ")) {
    const auto hours = static_cast<int64_t>(cursor.Number());
    cursor.Take(":");
    const auto minutes = static_cast<int64_t>(cursor.Number());
    cursor.Take(":");
    session.session_us = (hours * 60 + minutes) * 60 * kSecond + cursor.Micros(kSecond);
    session.user = ValueOf(message, " user=", " database=");
    session.database = ValueOf(message, " database=", " host=");
    session.host = ValueOf(message, " host=", "");
    return session;
  }
  if (message.find("connection authorized: ") == message.npos) return std::nullopt;
  session.user = ValueOf(message, " user=", "");
  session.database = ValueOf(message, " database=", "");
  session.application = ValueOf(message, " application_name=", " SSL enabled");
  return session;
}

}  // namespace pgsift
