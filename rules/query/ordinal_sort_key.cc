// QRY044 ordinal-sort-key: ORDER BY 1.

#include <cstdlib>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::ordinal_sort_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY044",
    .name = "ordinal-sort-key",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "ORDER BY or GROUP BY names an output column by its number",
    .why = R"md(
The number means another column as soon as one is added in front, and nobody is told.
)md",
    .instead = R"md(
Name the column or its alias.
)md",
    .bad = R"sql(SELECT status, count(*) FROM orders GROUP BY 1;)sql",
    .good = R"sql(SELECT status, count(*) FROM orders GROUP BY status;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    const Expr* ordinal = nullptr;
    const auto look = [&](const Expr& expr) {
      if (expr.kind == ExprKind::kConstant && expr.constant == ConstantKind::kInteger &&
          ordinal == nullptr)
        ordinal = &expr;
    };
    for (const Expr& expr : block.select->group_by) look(expr);
    for (const SortItem& item : block.select->order_by) look(item.expr);
    if (ordinal == nullptr) continue;
    const size_t n = static_cast<size_t>(std::strtoull(ordinal->value.c_str(), nullptr, 10));
    Finding& finding =
        ReportPart(kInfo, query, ordinal->offset, pass,
                   absl::StrFormat("column number %s stands for a name", ordinal->value));
    finding.Primary("means another column when one is added in front");
    if (n >= 1 && n <= block.select->targets.size()) {
      const Target& target = block.select->targets[n - 1];
      finding.Help(target.alias.empty() ? ToSql(target.expr) : QuoteIdentifier(target.alias));
    }
  }
}

}  // namespace

extern constinit const Rule kOrdinalSortKey = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::ordinal_sort_key
