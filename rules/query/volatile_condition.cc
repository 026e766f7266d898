// QRY062 volatile-condition: a volatile function in WHERE.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::volatile_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY062",
    .name = "volatile-condition",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a volatile function in WHERE is called for every row and keeps indexes away",
    .why = R"md(
`random()`, `clock_timestamp()` or `nextval()` may give another value each time, so the server must
call it for every row, may not use an index with it, and `nextval` draws a number for each.
)md",
    .instead = R"md(
Compute the value once: `WITH v AS MATERIALIZED (SELECT random() AS r)`, or a parameter; `now()`
instead of `clock_timestamp()`.
)md",
    .bad = R"sql(SELECT id FROM sessions WHERE seen_at < clock_timestamp() - interval '1 day';)sql",
    .good = R"sql(SELECT id FROM sessions WHERE seen_at < now() - interval '1 day';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.tables.empty()) continue;
    EachConjunct(block, [&](const Expr& condition) {
      const Expr* call = nullptr;
      bool column = false;
      WalkExpr(condition, [&](const Expr& expr) {
        column = column || expr.IsColumn();
        if (Calls(expr, {"random", "clock_timestamp", "timeofday", "nextval", "gen_random_uuid"}))
          call = &expr;
      });
      if (call == nullptr || !column) return;
      ReportPart(kInfo, query, call->offset, pass,
                 absl::StrFormat("`%s` is called for every row", ToSql(*call)))
          .Primary("volatile: no index can be used with it")
          .Help(call->LastName() == "clock_timestamp" ? "now()"
                                                      : "compute the value once, before the query");
    });
  }
}

}  // namespace

extern constinit const Rule kVolatileCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::volatile_condition
