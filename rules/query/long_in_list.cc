// QRY021 long-in-list: an IN list of hundreds of values.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/query/query_rule.h"

namespace pgsift::long_in_list {
namespace {

constexpr RuleOption kOptions[] = {
    {"values_min", 100, "values from which on the list is reported"},
    {"values_warning", 1000, "values from which on it is a warning"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY021",
    .name = "long-in-list",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a long IN list is parsed and planned value by value",
    .why = R"md(
Each value is a node for the parser and the planner, and each number of values is another statement
to prepared-statement caches; on PostgreSQL 17 and older to pg_stat_statements too.
)md",
    .instead = R"md(
Hand the values over as one array, `= ANY ($1::bigint[])`, or join `unnest($1::bigint[])`; for
thousands a temporary table.
)md",
    .bad =
        R"sql(SELECT id FROM t WHERE id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100);)sql",
    .good = R"sql(SELECT id FROM t WHERE id = ANY ('{1,2,3}'::bigint[]);)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachInConditions(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kIn) return;
      if (expr.args.size() != 2) return;
      const double values = static_cast<double>(expr.args[1].args.size());
      if (values < pass.option(kInfo, "values_min")) return;
      Finding& finding =
          ReportPart(kInfo, query, expr.offset, pass,
                     absl::StrFormat("`IN` list of %s values on `%s`",
                                     Grouped(expr.args[1].args.size()), ToSql(expr.args[0])));
      if (values >= pass.option(kInfo, "values_warning"))
        finding.severity = std::max(finding.severity, Severity::kWarning);
      finding.Primary("parsed and planned one by one");
      finding.Help(
          absl::StrFormat("%s %s ($1)", ToSql(expr.args[0]), expr.negated ? "<> ALL" : "= ANY"));
    });
  }
}

}  // namespace

extern constinit const Rule kLongInList = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::long_in_list
