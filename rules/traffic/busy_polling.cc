// SRV040 busy-polling: a queue that is asked far more often than it has work.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::busy_polling {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 100, "Calls of the asking query from which on it is reported"},
    {"per_minute_min", 60, "Calls by the minute"},
    {"work_share_max", 0.2, "Writes to the same table for each call"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV040",
    .name = "busy-polling",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 5},  // The release that brought SKIP LOCKED.
    .summary = "workers ask a queue for work far more often than there is any",
    .why = R"md(
Each worker asks in a loop, `SELECT … FOR UPDATE SKIP LOCKED LIMIT 1`, many times a second, and mostly gets nothing. That keeps
connections and processors busy for no work, and grows with each worker.
)md",
    .instead = R"md(
Let workers wait for `LISTEN`, with a `NOTIFY` by whoever adds work, and ask by the clock only every some seconds as a net; take
several rows at once; wait longer each time that nothing came.
)md",
    .bad =
        "[x200] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.1 ms  statement: SELECT id FROM "
        "jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED\n"
        "2024-05-01 10:01:00.100 UTC [1] LOG:  duration: 0.1 ms  statement: UPDATE jobs SET state "
        "= 'done' WHERE id = 1\n",
    .good =
        "[x200] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.1 ms  statement: SELECT id FROM "
        "jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED\n"
        "[x200] 2024-05-01 10:01:00.{n} UTC [1] LOG:  duration: 0.1 ms  statement: UPDATE jobs "
        "SET state = 'done' WHERE id = {n}\n",
    .options = kOptions,
});

// The word after `mark`, without quotes: the first table of a query.
std::string TableAfter(const std::string& lower, std::string_view mark) {
  size_t at = lower.find(mark);
  if (at == std::string::npos) return {};
  at += mark.size();
  const size_t end = lower.find_first_of(" \n\t,;()", at);
  std::string name = lower.substr(at, end == std::string::npos ? end : end - at);
  std::erase(name, '"');
  return name;
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  for (const QueryStats& query : totals.queries) {
    if (static_cast<double>(query.calls) < pass.option(kInfo, "calls_min")) continue;
    if (!IsCommand(query, "select")) continue;
    const std::string lower = Lower(query.query);
    if (lower.find("skip locked") == std::string::npos) continue;
    const double minutes = static_cast<double>(query.last_us - query.first_us) / 6e7;
    const double per_minute = static_cast<double>(query.calls) / std::max(minutes, 0.2);
    if (per_minute < pass.option(kInfo, "per_minute_min")) continue;
    const std::string table = TableAfter(lower, " from ");
    if (table.empty()) continue;
    uint64_t writes = 0;
    for (const QueryStats& other : totals.queries) {
      const std::string text = Lower(other.query);
      if ((IsCommand(other, "update") && TableAfter(text, "update ") == table) ||
          (IsCommand(other, "delete") && TableAfter(text, " from ") == table)) {
        writes += other.calls;
      }
    }
    const double share = static_cast<double>(writes) / static_cast<double>(query.calls);
    if (share > pass.option(kInfo, "work_share_max")) continue;
    Finding& finding =
        ReportTraffic(kInfo, pass, query.example_place, query,
                      absl::StrFormat("`%s` was asked for work %s times, and written to %s times",
                                      table, Grouped(query.calls), Grouped(writes)));
    finding.cost_ms = static_cast<double>(query.total_us) / 1000 * (1 - share);
    finding.Measure("calls", static_cast<double>(query.calls), "1");
    finding.Measure("per_minute", per_minute, "1");
    finding.Help("wait for LISTEN, or longer each time that nothing came");
  }
}

}  // namespace

extern constinit const Rule kBusyPolling = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::busy_polling
