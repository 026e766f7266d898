#ifndef PGSIFT_BASE_TEXT_H_
#define PGSIFT_BASE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// ASCII lower case; other bytes stay.
std::string Lower(std::string_view text);
// Without white space at both ends.
std::string_view Trim(std::string_view text);
// Its '\n' bytes.
uint64_t CountNewlines(std::string_view text);
// Equal but for the case of ASCII letters.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);
// Runs of white space become one space; cut to `bytes_max` bytes at a code point, "…" added.
std::string OneLine(std::string_view text, size_t bytes_max);
// 1234567 -> "1,234,567".
std::string Grouped(uint64_t number);
// Bytes as people read them: "0 B", "3.1 kB", "2.4 GB" (powers of 1000).
std::string HumanBytes(double bytes);
// Milliseconds as people read them: "0.4 ms", "12.3 s", "4 min 5 s", "3 h 2 min".
std::string HumanMs(double ms);
// "1 row", "2 rows".
std::string Counted(uint64_t count, std::string_view noun);
// The candidate that a misspelt word most likely meant, or "" if none is near.
std::string_view NearestWord(std::string_view word,
                             const std::vector<std::string_view>& candidates);
// Shell pattern: `*` any run within a path part, `**` any run, `?` one character.
bool GlobMatches(std::string_view pattern, std::string_view path);
// 64-bit FNV-1a: for fingerprints that are written to files and must not change between builds.
uint64_t StableHash(std::string_view bytes, uint64_t seed = 0xcbf29ce484222325u);
// 16 lower-case hexadecimal digits.
std::string Hex64(uint64_t value);

// Result of replacing what is not UTF-8.
struct Utf8Text {
  std::string text;
  uint64_t replaced = 0;  // Bytes that became U+FFFD.
};
bool IsUtf8(std::string_view bytes);
Utf8Text ToUtf8(std::string_view bytes);

}  // namespace pgsift

#endif  // PGSIFT_BASE_TEXT_H_
