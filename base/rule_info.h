#ifndef PGSIFT_BASE_RULE_INFO_H_
#define PGSIFT_BASE_RULE_INFO_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pgsift {

enum class Severity : uint8_t { kInfo, kWarning, kError };

// What goes wrong if the finding is ignored.
enum class Category : uint8_t {
  kLocking,        // Other sessions wait.
  kDataLoss,       // Data or constraints are lost.
  kCompatibility,  // The application that still runs breaks.
  kCorrectness,    // The SQL does not do, or cannot do, what it says.
  kPerformance,    // Time, memory or I/O is wasted.
  kSchema,         // The schema's design will cost later.
  kOperations,     // The server's settings, sessions, vacuum.
  kInput,          // Something that was given could not be read or used.
};

// The evidence a rule reads; also the first letters of its id.
enum class RuleFamily : uint8_t { kMigration, kQuery, kPlan, kIndex, kServer, kInput };

// How far a fix may be trusted, weakest first.
enum class FixSafety : uint8_t {
  kNone,     // The rule never offers a fix.
  kDisplay,  // Shown, never applied.
  kUnsafe,   // Applied only with --unsafe-fixes: behaviour may change.
  kSafe,     // Applied with --fix: the meaning is kept.
};

// A PostgreSQL release. `update` matters only before 10.
struct PgVersion {
  uint16_t release = 0;
  uint16_t update = 0;
  friend constexpr auto operator<=>(const PgVersion&, const PgVersion&) = default;
};

// The newest release whose behaviour the facts and rules describe.
inline constexpr PgVersion kNewestPgVersion{18, 0};

// A number that a user may set in pgsift.toml under [rules.<name>].
struct RuleOption {
  std::string_view name;  // "rows_min": units and qualifiers last.
  double value = 0;       // Used where the configuration is silent.
  std::string_view about;
};

// What a rule says about itself. Written once, beside the code that checks it; `pgsift rules`,
// docs/rules/, SARIF, JSON and HTML are all printed from here. Static storage.
struct RuleInfo {
  std::string_view id;    // "MIG012". Stable for ever, never reused.
  std::string_view name;  // "blocking-index-build". Names the bad thing.
  Category category = Category::kInput;
  Severity severity = Severity::kWarning;  // Default; configuration may change it.
  PgVersion since_pg;                      // First release the advice applies to.
  FixSafety fix = FixSafety::kNone;
  bool opt_in = false;       // Off unless selected: a matter of taste.
  std::string_view summary;  // One line, no full stop.
  std::string_view why;      // Markdown. What happens in production.
  std::string_view instead;  // Markdown. What to do.
  std::string_view bad;      // Input that must give exactly one finding.
  std::string_view good;     // Input that must give none.
  std::span<const RuleOption> options = {};
};

namespace rule_info_internal {
constexpr bool IsKebab(std::string_view s) {
  if (s.empty() || s.front() == '-' || s.back() == '-') return false;
  for (char c : s) {
    if (!(c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}
constexpr bool IsId(std::string_view s) {
  if (s.size() != 6) return false;
  for (size_t i = 0; i < 3; ++i) {
    if (s[i] < 'A' || s[i] > 'Z') return false;
  }
  for (size_t i = 3; i < 6; ++i) {
    if (s[i] < '0' || s[i] > '9') return false;
  }
  return true;
}
}  // namespace rule_info_internal

// Returns `info`, or fails to compile with the reason on the offending line.
consteval RuleInfo Checked(RuleInfo info) {
  using rule_info_internal::IsId;
  using rule_info_internal::IsKebab;
  if (!IsId(info.id)) throw "id must look like MIG012";
  if (!IsKebab(info.name)) throw "name must be kebab-case";
  if (info.summary.empty() || info.summary.back() == '.') throw "summary: no full stop";
  if (info.summary.find('\n') != info.summary.npos) throw "summary: one line";
  if (info.why.empty()) throw "say why";
  if (info.instead.empty()) throw "say what to do instead";
  return info;
}

// "error", "warning", "info".
std::string_view SeverityName(Severity severity);
// "locking", "data-loss", …
std::string_view CategoryName(Category category);
// "none", "display", "unsafe", "safe".
std::string_view FixSafetyName(FixSafety safety);
// The family that an id's first three letters name.
RuleFamily FamilyOf(const RuleInfo& rule);
// "migration", "query", "plan", "index", "server", "input".
std::string_view FamilyName(RuleFamily family);

}  // namespace pgsift

#endif  // PGSIFT_BASE_RULE_INFO_H_
