// QRY033 distinct-on-without-order: DISTINCT ON without an order that says which row is kept.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::distinct_on_without_order {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY033",
    .name = "distinct-on-without-order",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "DISTINCT ON keeps whichever row of a group comes first, and no ORDER BY says which",
    .why = R"md(
`DISTINCT ON (a)` keeps the first row for each `a` in the order of the query. Without ORDER BY, or
with one that ends at `a`, that is any row.
)md",
    .instead = R"md(
`ORDER BY a, …` with the column that decides behind it.
)md",
    .bad = R"sql(SELECT DISTINCT ON (customer_id) customer_id, id FROM orders;)sql",
    .good =
        R"sql(SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY customer_id, placed_at DESC;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    const Select* select = block.select;
    if (select == nullptr || select->distinct_on.empty()) continue;
    if (select->order_by.size() > select->distinct_on.size()) continue;
    // Only the columns of DISTINCT ON are shown: any row will do.
    bool only_keys = true;
    std::string keys;
    for (const Expr& key : select->distinct_on) {
      if (!keys.empty()) keys += ", ";
      keys += ToSql(key);
    }
    for (const Target& target : select->targets) {
      bool key = false;
      for (const Expr& on : select->distinct_on) key = key || ToSql(on) == ToSql(target.expr);
      only_keys = only_keys && key;
    }
    if (only_keys) continue;
    ReportPart(kInfo, query, select->distinct_on.front().offset, pass,
               absl::StrFormat("which row `DISTINCT ON (%s)` keeps is left to chance", keys))
        .Primary("the first one of each group")
        .Help("ORDER BY " + keys + ", and the column that decides");
  }
}

}  // namespace

extern constinit const Rule kDistinctOnWithoutOrder = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::distinct_on_without_order
