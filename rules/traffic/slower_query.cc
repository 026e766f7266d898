// SRV039 slower-query: a query that became slower in the course of the log.

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::slower_query {
namespace {

constexpr RuleOption kOptions[] = {
    {"times_min", 2, "How many times slower, to report"},
    {"mean_ms_min", 1, "Mean duration afterwards, to report"},
    {"calls_min", 30, "Calls on each side, to report"},
    {"deviations_min", 4, "Standard errors that the means differ by"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV039",
    .name = "slower-query",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "a query became slower at some moment, and stayed so",
    .why = R"md(
From one moment on the same query takes a multiple: a plan flipped, an index was dropped, statistics got old, a table grew past
memory, or a release sends other values. It is easier to find while what happened at that moment is known.
)md",
    .instead = R"md(
Look what was deployed, migrated, loaded or analyzed at that moment. Compare the plans before and after
(auto_explain). `ANALYZE` the tables.
)md",
    .bad =
        "[x40] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 1.0 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:11.{n} UTC [1] LOG:  duration: 1.1 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:21.{n} UTC [1] LOG:  duration: 1.0 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:31.{n} UTC [1] LOG:  duration: 9.0 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:41.{n} UTC [1] LOG:  duration: 9.2 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:51.{n} UTC [1] LOG:  duration: 9.1 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n",
    .good =
        "[x40] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 9.0 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:31.{n} UTC [1] LOG:  duration: 9.1 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n"
        "[x40] 2024-05-01 10:00:51.{n} UTC [1] LOG:  duration: 9.0 ms  statement: SELECT a FROM t "
        "WHERE b = {n}\n",
    .options = kOptions,
});

struct Change {
  size_t at = 0;  // The first stretch that is slower.
  double before_ms = 0, after_ms = 0;
  double deviations = 0;
  double calls_before = 0, calls_after = 0;
};

// One side of the change: means of stretches, as one value each, weighted by calls.
struct Side {
  double calls = 0, sum = 0, squares = 0, stretches = 0;
  void Add(double count, double mean) {
    calls += count;
    sum += count * mean;
    squares += count * mean * mean;
    ++stretches;
  }
  double mean() const { return sum / calls; }
  // Square of the standard error of the mean.
  double error() const {
    const double variance = std::max(0.0, squares / calls - mean() * mean());
    return variance / std::max(1.0, stretches - 1);
  }
};

// The division into before and after that explains most of the spread.
Change FindChange(const TimeSeries& series) {
  Change best;
  double best_gain = 0;
  const auto& buckets = series.buckets();
  const auto add = [](const TimeBucket& bucket, Side* side) {
    const auto count = static_cast<double>(bucket.count);
    if (count > 0) side->Add(count, static_cast<double>(bucket.total_us) / count / 1000);
  };
  std::vector<Side> from(buckets.size() + 1);  // Each stretch and what follows it.
  for (size_t i = buckets.size(); i-- > 0;) {
    from[i] = from[i + 1];
    add(buckets[i], &from[i]);
  }
  Side before;
  for (size_t at = 1; at < buckets.size(); ++at) {
    add(buckets[at - 1], &before);
    if (buckets[at].count == 0) continue;
    const Side& after = from[at];
    if (before.stretches < 2 || after.stretches < 2) continue;
    const double difference = after.mean() - before.mean();
    const double gain = before.calls * after.calls * difference * difference;
    if (gain <= best_gain) continue;
    best_gain = gain;
    // The clock and the load make even equal means differ by some percent.
    const double noise = 0.05 * before.mean();
    best = {.at = at,
            .before_ms = before.mean(),
            .after_ms = after.mean(),
            .deviations = difference / std::sqrt(before.error() + after.error() + noise * noise),
            .calls_before = before.calls,
            .calls_after = after.calls};
  }
  return best;
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const double calls_min = pass.option(kInfo, "calls_min");
  for (const QueryStats& query : pass.evidence().workload->totals().queries) {
    if (static_cast<double>(query.timed_calls) < 2 * calls_min || query.query == kOtherName)
      continue;
    const Change change = FindChange(query.series);
    if (std::min(change.calls_before, change.calls_after) < calls_min ||
        change.after_ms < pass.option(kInfo, "mean_ms_min") ||
        change.after_ms < pass.option(kInfo, "times_min") * change.before_ms ||
        change.deviations < pass.option(kInfo, "deviations_min")) {
      continue;
    }
    const std::string when = absl::FormatTime("%Y-%m-%d %H:%M:%S UTC",
                                              absl::FromUnixMicros(query.series.BeginOf(change.at)),
                                              absl::UTCTimeZone());
    Finding& finding =
        ReportTraffic(kInfo, pass, query.example_place, query,
                      absl::StrFormat("a query takes %.1f times as long from %s on",
                                      change.after_ms / std::max(change.before_ms, 1e-3), when));
    const double extra = (change.after_ms - change.before_ms) * change.calls_after;
    finding.cost_ms = extra;
    finding.Measure("before_ms", change.before_ms, "ms").Measure("after_ms", change.after_ms, "ms");
    finding.Measure("extra_ms", extra, "ms").Measure("deviations", change.deviations, "1");
    finding.Note(absl::StrFormat(
        "%s on average in %s before, %s in %s after: %.0f standard errors",
        HumanMs(change.before_ms), Counted(static_cast<uint64_t>(change.calls_before), "call"),
        HumanMs(change.after_ms), Counted(static_cast<uint64_t>(change.calls_after), "call"),
        change.deviations));
    finding.Help("look what was deployed, migrated or loaded then, and compare the plans");
  }
}

}  // namespace

extern constinit const Rule kSlowerQuery = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::slower_query
