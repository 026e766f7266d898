#ifndef PGSIFT_INGEST_PLAN_PLAN_WINDOWS_H_
#define PGSIFT_INGEST_PLAN_PLAN_WINDOWS_H_

#include <cstddef>
#include <future>
#include <memory>
#include <string_view>

#include "ingest/plan/plan_reader.h"

namespace pgsift {

// A stream as windows of text, one after the other: each begins with what was left of the one
// before. What comes next is read on a thread of its own while a window is worked on. About two
// windows are in memory. Not thread-safe.
class PlanWindows {
 public:
  // `read` must outlive the windows; it is called by one thread at a time.
  PlanWindows(const ByteReader& read, size_t window_bytes);

  // The window. Its text stays until Advance().
  std::string_view text() const { return text_; }
  // Nothing comes after it.
  bool end() const { return end_; }
  // Drops the first `done` bytes of the window and adds what comes next: `window_bytes`, or as much
  // as the window has, so that a plan longer than it is not looked through too often.
  void Advance(size_t done);

 private:
  // What is left of a window stands in front of the bytes that were read, in the room for it.
  struct Buffer {
    std::unique_ptr<char[]> bytes;
    size_t room = 0, capacity = 0;
    size_t size = 0;  // Of what was read, behind the room.
    bool end = false;
  };
  static Buffer Fill(const ByteReader& read, size_t size, Buffer buffer);
  void ReadAhead(size_t size);

  const ByteReader& read_;
  const size_t window_bytes_;
  std::string_view text_;
  bool end_ = false;
  Buffer buffer_;  // Of `text_`.
  Buffer spare_;   // An older one, to be used again.
  std::future<Buffer> next_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_WINDOWS_H_
