// QRY019 or-instead-of-in: the same column compared by OR again and again.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::or_instead_of_in {
namespace {

constexpr RuleOption kOptions[] = {
    {"arms_min", 3, "arms of OR from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY019",
    .name = "or-instead-of-in",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "OR over one column is an IN list written out",
    .why = R"md(
Each arm of OR becomes a scan of its own in a bitmap, planned by itself; a list is one scan, sorted
and without duplicates.
)md",
    .instead = R"md(
`column IN (…)` or `column = ANY ($1)`.
)md",
    .bad =
        R"sql(SELECT id FROM orders WHERE status = 'new' OR status = 'paid' OR status = 'sent';)sql",
    .good = R"sql(SELECT id FROM orders WHERE status IN ('new', 'paid', 'sent');)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachInConditions(block, [&](const Expr& condition) {
      if (condition.kind != ExprKind::kOr) return;
      if (static_cast<double>(condition.args.size()) < pass.option(kInfo, "arms_min")) return;
      std::string column, values;
      for (const Expr& arm : condition.args) {
        if (arm.kind != ExprKind::kOperator || arm.op != OperatorKind::kPlain) return;
        if (arm.args.size() != 2 || arm.LastName() != "=" || !arm.args[0].IsColumn()) return;
        if (Literal(arm.args[1]) == nullptr && arm.args[1].kind != ExprKind::kParam) return;
        const std::string name = ToSql(arm.args[0]);
        if (!column.empty() && name != column) return;
        column = name;
        if (!values.empty()) values += ", ";
        values += ToSql(arm.args[1]);
      }
      ReportPart(kInfo, query, condition.args[0].offset, pass,
                 absl::StrFormat("`%s` is compared %d times by OR", column, condition.args.size()))
          .Primary("one scan for each arm")
          .Help(column + " IN (" + values + ")");
    });
  }
}

}  // namespace

extern constinit const Rule kOrInsteadOfIn = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::or_instead_of_in
