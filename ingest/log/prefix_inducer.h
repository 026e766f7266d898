#ifndef PGSIFT_INGEST_LOG_PREFIX_INDUCER_H_
#define PGSIFT_INGEST_LOG_PREFIX_INDUCER_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace pgsift {

// What the messages of a log say of the words in front of them.
struct PrefixWords {
  using Set = std::set<std::string, std::less<>>;
  // Of "connection authorized: user=… database=…" and of disconnections.
  Set users, databases;
  // That stand in front of nearly all messages and are none of these.
  Set constants;

  bool AreKnown() const { return !users.empty(); }
};

// Writes a log_line_prefix for what stands in front of one line's severity.
std::string InducePrefix(std::string_view text, const PrefixWords& words);

// Splits off the words of a prefix's text: letters, digits and what names are made of.
void ForEachPrefixWord(std::string_view text, const std::function<void(std::string_view)>& visit);

// What %i prints, or begins with it: "SELECT", "idle in transaction".
bool IsCommandTag(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_PREFIX_INDUCER_H_
