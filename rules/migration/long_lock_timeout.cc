// MIG041 long-lock-timeout: a lock_timeout that lets everybody wait too long.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::long_lock_timeout {
namespace {

constexpr RuleOption kOptions[] = {
    {"seconds_max", 15, "the longest lock_timeout that is not reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "MIG041",
    .name = "long-lock-timeout",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {9, 3},
    .summary = "the lock_timeout is long: all later statements wait that long behind this one",
    .why = R"md(
While the migration waits for its lock, every statement on the table that comes after it waits too. A
timeout of a minute is an outage of a minute each time it is tried.
)md",
    .instead = R"md(
A few seconds, and several tries with a pause between them.
)md",
    .bad = R"sql(SET lock_timeout = '1min';)sql",
    .good = R"sql(SET lock_timeout = '5s';)sql",
    .options = kOptions,
});

// Milliseconds, or a negative number where it cannot be read.
double Milliseconds(std::string_view value) {
  size_t digits = 0;
  double number = 0;
  while (digits < value.size() && value[digits] >= '0' && value[digits] <= '9') {
    number = number * 10 + (value[digits++] - '0');
  }
  if (digits == 0) return -1;
  const std::string unit = Lower(Trim(value.substr(digits)));
  if (unit.empty() || unit == "ms") return number;
  if (unit == "s") return number * 1000;
  if (unit == "min") return number * 60'000;
  if (unit == "h") return number * 3'600'000;
  if (unit == "d") return number * 86'400'000;
  return -1;
}

void CheckSet(const SetVariable& set, const Statement& statement, SqlPass& pass) {
  if (!EqualsIgnoringCase(set.name, "lock_timeout") || set.values.empty() || set.system) return;
  const double ms = Milliseconds(set.values.front());
  if (ms <= pass.option(kInfo, "seconds_max") * 1000) return;
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("with a lock_timeout of %s others wait up to %s behind this migration",
                          set.values.front(), HumanMs(ms)))
      .Primary("each try may stop the application for that long")
      .Measure("lock_timeout", ms, "ms")
      .Help("SET lock_timeout = '5s'; and let the migration be tried again");
}

}  // namespace

extern constinit const Rule kLongLockTimeout = MakeSqlRule<&CheckSet>(kInfo);

}  // namespace pgsift::long_lock_timeout
