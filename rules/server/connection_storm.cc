// SRV024 connection-storm: sessions that are opened for a statement or two, again and again.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::connection_storm {
namespace {

constexpr RuleOption kOptions[] = {
    {"sessions_min", 50, "Short sessions of an application from which on it is reported"},
    {"share_min", 0.5, "Sessions shorter than a second, of those that ended"},
    {"per_minute_min", 30, "Short sessions by the minute, on average of the time they come in"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV024",
    .name = "connection-storm",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "an application opens a session for each piece of work",
    .why = R"md(
Opening a session starts a process, authenticates, and loads the catalog: milliseconds of the server's processors, more with TLS
and SCRAM. An application that connects for each request spends more on that than on its statements; when many do so
at once, slots run out and clients are turned away.
)md",
    .instead = R"md(
Keep connections in a pool in the application, or put pgbouncer between; serverless functions and PHP need the latter.
)md",
    .bad =
        "[x60] 2024-05-01 10:00:00.{n} UTC [1{n}] LOG:  connection authorized: user=app "
        "database=shop application_name=cgi\n"
        "[x60] 2024-05-01 10:00:00.{n} UTC [1{n}] LOG:  disconnection: session time: 0:00:00.010 "
        "user=app database=shop host=10.0.0.1 port=5000\n",
    .good =
        "2024-05-01 10:00:00.001 UTC [1] LOG:  connection authorized: user=app database=shop "
        "application_name=web\n"
        "2024-05-01 10:10:00.001 UTC [1] LOG:  disconnection: session time: 0:10:00.000 user=app "
        "database=shop host=10.0.0.1 port=5000\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return;
  const EventStats* events = EventsOf(pass, Event::kDisconnection);
  for (const auto& [name, group] : workload->totals().groups) {
    const auto brief = static_cast<double>(group.brief);
    if (events == nullptr || brief < pass.option(kInfo, "sessions_min")) continue;
    if (brief < pass.option(kInfo, "share_min") * static_cast<double>(group.closed)) continue;
    double stretches = 0;
    double most = 0;
    const double minutes = static_cast<double>(group.closes.width_us()) / 6e7;
    for (const TimeBucket& bucket : group.closes.buckets()) {
      stretches += bucket.count > 0;
      most = std::max(most, static_cast<double>(bucket.count) / minutes);
    }
    const double per_minute = brief / std::max(minutes, minutes * stretches);
    if (stretches > 0 && per_minute < pass.option(kInfo, "per_minute_min")) continue;
    Finding& finding =
        ReportEvents(kInfo, *events, pass,
                     absl::StrFormat("`%s` opened %s sessions that lasted less than a second",
                                     name.empty() ? "(unknown)" : name, Grouped(group.brief)));
    finding.Measure("short_sessions", brief, "1").Measure("per_minute_max", most, "1");
    finding.Note(absl::StrFormat("%s opened, %s closed, %s on average; %.0f a minute at most",
                                 Grouped(group.opened), Grouped(group.closed),
                                 HumanMs(static_cast<double>(group.session_us) / 1000 /
                                         std::max(1.0, static_cast<double>(group.closed))),
                                 most));
    finding.Help("keep connections in a pool, or put pgbouncer between");
  }
}

}  // namespace

extern constinit const Rule kConnectionStorm = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::connection_storm
