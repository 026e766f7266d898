#include "ingest/plan/plan_windows.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pgsift {

PlanWindows::PlanWindows(const ByteReader& read, size_t window_bytes)
    : read_(read), window_bytes_(window_bytes) {
  ReadAhead(window_bytes_);
  Advance(0);
}

PlanWindows::Buffer PlanWindows::Fill(const ByteReader& read, size_t size, Buffer buffer) {
  if (buffer.capacity < size) {
    // Most windows end with a part of a plan.
    buffer.room = size / 8;
    buffer.capacity = size;
    // Not zeroed: all of it is read into.
    buffer.bytes = std::unique_ptr<char[]>(new char[buffer.room + size]);
  }
  buffer.size = 0;
  buffer.end = false;
  while (buffer.size < size && !buffer.end) {
    const ssize_t got = read(buffer.bytes.get() + buffer.room + buffer.size, size - buffer.size);
    buffer.end = got <= 0;
    if (got > 0) buffer.size += static_cast<size_t>(got);
  }
  return buffer;
}

void PlanWindows::ReadAhead(size_t size) {
  next_ = std::async(std::launch::async, &PlanWindows::Fill, std::cref(read_), size,
                     std::exchange(spare_, {}));
}

void PlanWindows::Advance(size_t done) {
  const std::string_view left = text_.substr(done);
  if (!next_.valid()) {
    text_ = left;
    return;
  }
  Buffer next = next_.get();
  if (left.size() > next.room) {
    Buffer larger{.room = left.size(), .capacity = next.size, .size = next.size, .end = next.end};
    larger.bytes = std::unique_ptr<char[]>(new char[left.size() + next.size]);
    std::memcpy(larger.bytes.get() + larger.room, next.bytes.get() + next.room, next.size);
    next = std::move(larger);
  }
  char* const begin = next.bytes.get() + next.room - left.size();
  if (!left.empty()) std::memcpy(begin, left.data(), left.size());
  text_ = {begin, left.size() + next.size};
  end_ = next.end;
  spare_ = std::exchange(buffer_, std::move(next));
  const bool too_small = done == 0 && text_.size() > window_bytes_;
  if (!end_) ReadAhead(too_small ? text_.size() : window_bytes_);
}

}  // namespace pgsift
