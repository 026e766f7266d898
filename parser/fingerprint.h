#ifndef PGSIFT_PARSER_FINGERPRINT_H_
#define PGSIFT_PARSER_FINGERPRINT_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace pgsift {

// Longer texts are not identified: they are generated, and parsing one costs seconds.
inline constexpr size_t kIdentifiedBytesMax = size_t{1} << 20;

// Deeper nesting (parentheses, brackets, operators in one chain) is not handed to the grammar,
// which recurses over it several times here.
inline constexpr uint32_t kIdentifiedNestingMax = 5'000;

// What a query is, whatever its literals are. Owns its text.
struct QueryIdentity {
  bool parsed = false;       // False: the grammar rejects the text, or it was not handed to it.
  uint64_t fingerprint = 0;  // Equal for queries that differ in literals and list lengths only.
  std::string normalized;    // The text with $1, $2, … for its literals; empty if not parsed.
};

// Identifies one query, or several separated by semicolons as one. `WHERE a = 1` and
// `WHERE a = $1` are the same query. Text that is cut off, nested deeper than kIdentifiedNestingMax
// or longer than kIdentifiedBytesMax comes back with parsed = false. Uses the calling thread's
// stack for nesting: call it on a worker of ParallelFor. Thread-safe.
QueryIdentity IdentifyQuery(const std::string& sql);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_FINGERPRINT_H_
