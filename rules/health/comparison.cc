#include "rules/health/comparison.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/log/workload.h"

namespace pgsift {
namespace {

constexpr uint64_t kCallsMin = 20;
constexpr double kTimesMin = 1.5;
constexpr double kMsMin = 0.5;      // A difference that could be the clock's is none.
constexpr double kShareMin = 0.02;  // Of the whole time, from which on a new query matters.
constexpr double kErrorShareMin = 0.01;

class Comparison {
 public:
  Comparison(const Evidence& evidence, const std::vector<BaseQuery>& base, HealthReport* health)
      : evidence_(evidence), totals_(evidence.workload->totals()), health_(*health) {
    for (const BaseQuery& query : base) base_[query.id] = &query;
  }

  size_t Add() {
    for (const QueryStats& query : totals_.queries) {
      const auto found = base_.find(query.id);
      if (found == base_.end()) {
        New(query);
      } else {
        Known(query, *found->second);
        base_.erase(found);
      }
    }
    for (const auto& [id, query] : base_) {
      if (query->calls < kCallsMin || query->query == kOtherName) continue;
      Say("vanished-query", Severity::kInfo, nullptr, query->calls,
          absl::StrFormat("%s before, none now: %s", Counted(query->calls, "call"),
                          OneLine(query->query, 160)));
    }
    return regressions_;
  }

 private:
  HealthAlert& Say(const char* name, Severity severity, const QueryStats* query, uint64_t count,
                   std::string message) {
    HealthAlert& alert = health_.alerts.emplace_back();
    alert.name = name;
    alert.severity = severity;
    alert.message = std::move(message);
    alert.count = count;
    if (query != nullptr) {
      alert.begin_us = query->first_us;
      alert.end_us = query->last_us;
      alert.path = std::string(evidence_.sources->path(query->example_place.file));
      alert.line = query->example_place.line;
    }
    return alert;
  }

  void New(const QueryStats& query) {
    const double share =
        static_cast<double>(query.total_us) / std::max(1.0, static_cast<double>(totals_.total_us));
    if (share < kShareMin || query.query == kOtherName) return;
    Say("new-query", Severity::kInfo, &query, query.calls,
        absl::StrFormat("not in the earlier run, %.0f %% of the time now: %s", 100 * share,
                        OneLine(query.query, 160)));
  }

  void Known(const QueryStats& query, const BaseQuery& base) {
    if (std::min(query.calls, base.calls) < kCallsMin) return;
    const double now = query.mean_us() / 1000;
    const double p95 = query.latency.Quantile(0.95) / 1000;
    const auto detail = [&](HealthAlert& alert) {
      alert.details.push_back(absl::StrFormat("mean %s before, %s now; p95 %s before, %s now",
                                              HumanMs(base.mean_ms), HumanMs(now),
                                              HumanMs(base.p95_ms), HumanMs(p95)));
    };
    // A few outliers move the mean, and a few quick calls the percentile: both must agree.
    if (base.mean_ms > 0 && now >= kTimesMin * base.mean_ms && p95 >= kTimesMin * base.p95_ms &&
        now - base.mean_ms >= kMsMin) {
      ++regressions_;
      detail(Say("regression", Severity::kWarning, &query, query.calls,
                 absl::StrFormat("%.1f times as slow as before: %s", now / base.mean_ms,
                                 OneLine(query.query, 160))));
    } else if (now > 0 && base.mean_ms >= kTimesMin * now && base.p95_ms >= kTimesMin * p95 &&
               base.mean_ms - now >= kMsMin) {
      detail(Say("improvement", Severity::kInfo, &query, query.calls,
                 absl::StrFormat("%.1f times as fast as before: %s", base.mean_ms / now,
                                 OneLine(query.query, 160))));
    }
    const auto share = [](uint64_t errors, uint64_t calls) {
      return static_cast<double>(errors) / static_cast<double>(errors + calls);
    };
    const double failed = share(query.errors, query.calls);
    const double failed_before = share(base.errors, base.calls);
    if (failed >= kErrorShareMin && failed >= 2 * failed_before) {
      ++regressions_;
      Say("regression", Severity::kWarning, &query, query.errors,
          absl::StrFormat("%.1f %% of the calls fail, %.1f %% before: %s", 100 * failed,
                          100 * failed_before, OneLine(query.query, 160)));
    }
  }

  const Evidence& evidence_;
  const WorkloadTotals& totals_;
  HealthReport& health_;
  std::map<std::string, const BaseQuery*> base_;
  size_t regressions_ = 0;
};

}  // namespace

size_t AddComparison(const Evidence& evidence, const std::vector<BaseQuery>& base,
                     HealthReport* health) {
  if (evidence.workload == nullptr) return 0;
  return Comparison(evidence, base, health).Add();
}

}  // namespace pgsift
