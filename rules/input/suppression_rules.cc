// CFG001 to CFG003: suppression comments that do not do what they say. suppressions.cc reports
// them.

#include "rules/rule.h"

namespace pgsift::suppression_rules {
namespace {

constexpr RuleInfo kUnusedInfo = Checked({
    .id = "CFG001",
    .name = "unused-suppression",
    .category = Category::kInput,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .fix = FixSafety::kSafe,
    .summary = "a suppression comment that suppresses nothing",
    .why = R"md(
A comment that no finding needs any more hides the next one: it will silence a real problem that
someone adds to the same statement later.
)md",
    .instead = "Delete the comment.",
    .bad = "-- pgsift: ignore blocking-index-build because the table is small\n"
           "SELECT 1;",
    .good = "-- pgsift: ignore blocking-index-build because the table is small\n"
            "CREATE INDEX currencies_name ON currencies (name);",
});

constexpr RuleInfo kReasonInfo = Checked({
    .id = "CFG002",
    .name = "suppression-without-reason",
    .category = Category::kInput,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a suppression comment that gives no reason",
    .why = R"md(
Who reads the migration next must know whether the reason still holds. Without one, a suppression
can only be trusted or removed blindly.
)md",
    .instead = "Write `because` and the reason behind the rule's name.",
    .bad = "-- pgsift: ignore blocking-index-build\n"
           "CREATE INDEX currencies_name ON currencies (name);",
    .good = "-- pgsift: ignore blocking-index-build because the table has forty rows\n"
            "CREATE INDEX currencies_name ON currencies (name);",
});

constexpr RuleInfo kUnknownInfo = Checked({
    .id = "CFG003",
    .name = "unknown-suppression",
    .category = Category::kInput,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .fix = FixSafety::kSafe,
    .summary = "a suppression comment that names no known rule",
    .why = "A misspelt name suppresses nothing, and says so nowhere else.",
    .instead = "Correct the name: `pgsift rules` lists all.",
    .bad = "-- pgsift: ignore blocking-index-bild because the table has forty rows\n"
           "SELECT 1;",
    .good = "-- pgsift: ignore blocking-index-build because the table has forty rows\n"
            "CREATE INDEX currencies_name ON currencies (name);",
});

}  // namespace

extern constinit const Rule kUnusedSuppression = MakeEngineRule(kUnusedInfo);
extern constinit const Rule kSuppressionWithoutReason = MakeEngineRule(kReasonInfo);
extern constinit const Rule kUnknownSuppression = MakeEngineRule(kUnknownInfo);

}  // namespace pgsift::suppression_rules
