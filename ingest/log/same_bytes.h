#ifndef PGSIFT_INGEST_LOG_SAME_BYTES_H_
#define PGSIFT_INGEST_LOG_SAME_BYTES_H_

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pgsift {

// Whether the `size` bytes at `a` and `b` are equal. For the short texts of which every record has
// some: a call of memcmp() would cost more than the comparison. Reads no other bytes.
inline bool SameBytes(const char* a, const char* b, size_t size) {
#ifdef __SSE2__
  if (size >= 16) {
    const auto same = [a, b](size_t at) {
      const __m128i one = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + at));
      const __m128i other = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + at));
      return _mm_movemask_epi8(_mm_cmpeq_epi8(one, other)) == 0xffff;
    };
    for (size_t at = 0; at + 16 < size; at += 16) {
      if (!same(at)) return false;
    }
    return same(size - 16);
  }
#endif
  if (size >= 8) {
    const auto word = [](const char* at) {
      uint64_t bytes = 0;
      std::memcpy(&bytes, at, sizeof(bytes));
      return bytes;
    };
    return ((word(a) ^ word(b)) | (word(a + size - 8) ^ word(b + size - 8))) == 0;
  }
  for (size_t at = 0; at < size; ++at) {
    if (a[at] != b[at]) return false;
  }
  return true;
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SAME_BYTES_H_
