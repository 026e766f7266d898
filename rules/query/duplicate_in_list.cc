// QRY023 duplicate-in-list: the same value twice in a list.

#include <set>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::duplicate_in_list {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY023",
    .name = "duplicate-in-list",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "an IN list holds a value more than once",
    .why = R"md(
It changes nothing and is parsed, hashed and sent each time; where it is built by a program, its
input was not made unique.
)md",
    .instead = R"md(
Make the list unique before it is sent.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE customer_id IN (5, 7, 5);)sql",
    .good = R"sql(SELECT id FROM orders WHERE customer_id IN (5, 7);)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachInConditions(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kIn) return;
      if (expr.args.size() != 2) return;
      std::set<std::string> seen;
      size_t twice = 0;
      for (const Expr& item : expr.args[1].args) {
        if (Literal(item) == nullptr) return;
        if (!seen.insert(ToSql(item)).second) ++twice;
      }
      if (twice == 0) return;
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("%d of the %d values for `%s` stand there twice", twice,
                                 expr.args[1].args.size(), ToSql(expr.args[0])))
          .Primary("make the list unique before it is sent");
    });
  }
}

}  // namespace

extern constinit const Rule kDuplicateInList = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::duplicate_in_list
