#ifndef PGSIFT_INGEST_PLAN_PLAN_CHARACTERS_H_
#define PGSIFT_INGEST_PLAN_PLAN_CHARACTERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// EXPLAIN's output in the characters that the server wrote, and where they stood.
struct PlainCharacters {
  // From `begin` of the text on, what it says stood `ahead` bytes further in the original.
  struct Shift {
    size_t begin = 0;
    uint64_t ahead = 0;
  };

  std::string text;
  std::vector<Shift> shifts;  // By place.

  uint64_t OriginalOffset(uint64_t offset) const;
};

// A page, a word processor or a terminal has replaced characters of a plan that the text holds:
// blanks that do not break, `&gt;`, arrows in one character, colours, a byte order mark. Looks at
// its first 64 kB.
bool HasForeignCharacters(std::string_view text);

// The lines of a plan, or all of it, are literals of a language: rows that a driver's client has
// printed as JSON or Python, a JSON string, a grid's numbered cells. Looks at its first 64 kB.
bool IsListOfLiterals(std::string_view text);

// The same lines with the characters as they were.
PlainCharacters WithPlainCharacters(std::string_view text);

// A plan in JSON as Python prints what a driver has parsed: {'Node Type': 'Seq Scan', …}.
bool IsPrintedByPython(std::string_view text);
PlainCharacters FromPython(std::string_view text);

// What the literals say, one below the other; without those that name or number them.
PlainCharacters FromLiterals(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_CHARACTERS_H_
