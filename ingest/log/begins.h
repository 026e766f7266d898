#ifndef PGSIFT_INGEST_LOG_BEGINS_H_
#define PGSIFT_INGEST_LOG_BEGINS_H_

#include <cstddef>
#include <cstring>
#include <string_view>

namespace pgsift {

// text.starts_with(literal), compiled to a comparison of words: the size is known, so there is no
// call. Worth it only where every record passes.
template <size_t kSizeWithNul>
inline bool Begins(std::string_view text, const char (&literal)[kSizeWithNul]) {
  constexpr size_t kSize = kSizeWithNul - 1;
  return text.size() >= kSize && std::memcmp(text.data(), literal, kSize) == 0;
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_BEGINS_H_
