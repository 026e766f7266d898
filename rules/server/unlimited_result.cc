// SRV043 unlimited-result: a query without LIMIT that returns very many rows each time.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "parser/query.h"
#include "parser/sql_file.h"
#include "rules/server/server_rule.h"

namespace pgsift::unlimited_result {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 5'000, "Rows a call from which on a query is reported"},
    {"calls_min", 20, "Calls from which on it is reported: one report a night may return much"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV043",
    .name = "unlimited-result",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "a query without LIMIT returns very many rows, again and again",
    .why = R"md(
`rows` and `calls` of pg_stat_statements say how many rows a statement returns on average. Thousands of rows are more than
anyone looks at: the server computes and sends them, the client holds them in memory, and their number grows with
the table. Queries that return few rows today are not reported, whatever they lack.
)md",
    .instead = R"md(
Ask for a page: `WHERE key > $last ORDER BY key LIMIT 100`. What needs all rows, an export for instance, reads them
in portions with a cursor, or with `COPY`. What counts or sums them in the application does so in SQL.
)md",
    .bad =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "database": "shop", "statements":
[{"queryid": "7", "database": "shop", "query": "SELECT * FROM orders WHERE status = $1", "calls": 500, "rows": 26000000,
"total_exec_time": 90000}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "database": "shop", "statements":
[{"queryid": "7", "database": "shop", "query": "SELECT * FROM orders WHERE status = $1 ORDER BY id LIMIT $2", "calls": 500,
"rows": 26000000, "total_exec_time": 90000}]})",
    .options = kOptions,
});

// A SELECT that says nothing of how many rows it wants. SELECT INTO returns none.
bool IsUnlimited(const std::string& query) {
  const Statement statement = ReadStatement(query);
  const auto* select = statement.As<Select>();
  return select != nullptr && !select->limit.has_value() && !select->from.empty() &&
         !select->into.has_value();
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const StatementStatistics& statement : snapshot->statements) {
    if (statement.database != snapshot->database && !statement.database.empty()) continue;
    if (statement.calls < pass.option(kInfo, "calls_min")) continue;
    const double rows = statement.rows / statement.calls;
    if (rows < pass.option(kInfo, "rows_min") || !IsUnlimited(statement.query)) continue;
    const auto calls = static_cast<uint64_t>(statement.calls);
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("a query without LIMIT returned %s rows each time, in %s",
                        Grouped(static_cast<uint64_t>(rows)), Counted(calls, "call")),
        statement.query_id,
        absl::StrFormat("%s rows in %s, %s in all", Grouped(static_cast<uint64_t>(statement.rows)),
                        Counted(calls, "call"), HumanMs(statement.total_ms)));
    finding.statement = statement.query;
    finding.cost_ms = statement.total_ms;
    finding.Measure("rows", rows, "rows").Measure("calls", statement.calls, "1");
    finding.Help("ask for a page: WHERE key > the last one ORDER BY key LIMIT 100");
    finding.Help("to read all rows, use a cursor or COPY; to count or sum them, do it in SQL");
  }
}

}  // namespace

extern constinit const Rule kUnlimitedResult = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::unlimited_result
