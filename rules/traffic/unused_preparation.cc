// SRV038 unused-preparation: statements that are parsed anew for each execution.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::unused_preparation {
namespace {

constexpr RuleOption kOptions[] = {
    {"parses_min", 100, "Parses of a statement from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV038",
    .name = "unused-preparation",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "a statement is prepared again for each time that it runs",
    .why = R"md(
A prepared statement saves parsing and planning when it is run several times. Prepared, run once and thrown away, it costs
more than a plain one: a round trip for the preparation, and one to drop it.
)md",
    .instead = R"md(
Let the driver keep prepared statements for the life of the connection (`prepareThreshold`, `statement_cache_size`); behind
pgbouncer 1.21 and later with `max_prepared_statements`. Or do not prepare at all.
)md",
    .bad =
        "[x200] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.1 ms  parse <unnamed>: SELECT a "
        "FROM t WHERE b = $1\n"
        "[x200] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.1 ms  execute <unnamed>: SELECT "
        "a FROM t WHERE b = $1\n",
    .good =
        "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.1 ms  parse s1: SELECT a FROM t WHERE "
        "b = $1\n"
        "[x200] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.1 ms  execute s1: SELECT a "
        "FROM t WHERE b = $1\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  std::vector<const QueryStats*> queries;
  uint64_t parses = 0;
  uint64_t calls = 0;
  int64_t us = 0;
  for (const QueryStats& query : pass.evidence().workload->totals().queries) {
    if (static_cast<double>(query.parses) < pass.option(kInfo, "parses_min")) continue;
    if (query.parses * 10 < query.calls * 8) continue;
    queries.push_back(&query);
    parses += query.parses;
    calls += query.calls;
    us += query.parse_us;
  }
  if (queries.empty()) return;
  std::stable_sort(queries.begin(), queries.end(), [](const QueryStats* a, const QueryStats* b) {
    return a->parse_us > b->parse_us;
  });
  Finding& finding = ReportTraffic(
      kInfo, pass, queries.front()->example_place, *queries.front(),
      absl::StrFormat("%s parsed %s times for %s",
                      queries.size() == 1 ? std::string("a statement was")
                                          : Grouped(queries.size()) + " statements were",
                      Grouped(parses), Counted(calls, "execution")));
  finding.cost_ms = static_cast<double>(us) / 1000;
  finding.Measure("parses", static_cast<double>(parses), "1");
  finding.Measure("parse_ms", static_cast<double>(us) / 1000, "ms");
  for (size_t i = 0; i < queries.size() && i < 3; ++i) {
    finding.Note(absl::StrFormat("%s to parse: %s",
                                 HumanMs(static_cast<double>(queries[i]->parse_us) / 1000),
                                 OneLine(queries[i]->query, 160)));
  }
  finding.Help("let the driver keep prepared statements, or do not prepare");
}

}  // namespace

extern constinit const Rule kUnusedPreparation = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::unused_preparation
