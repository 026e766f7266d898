// QRY024 random-order: ORDER BY random().

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::random_order {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY024",
    .name = "random-order",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "ORDER BY random() reads and sorts the whole table for a few rows",
    .why = R"md(
Every row gets a random number and all are sorted, to return one or ten.
)md",
    .instead = R"md(
`TABLESAMPLE SYSTEM_ROWS(10)` (extension tsm_system_rows) or `TABLESAMPLE BERNOULLI (0.1)`; or a
random key: `WHERE id >= floor(random() * (SELECT max(id) FROM t)) ORDER BY id LIMIT 1`.
)md",
    .bad = R"sql(SELECT id FROM products ORDER BY random() LIMIT 10;)sql",
    .good = R"sql(SELECT id FROM products TABLESAMPLE BERNOULLI (0.1) LIMIT 10;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    for (const BlockSortKey& key : block.order_by) {
      if (!Calls(*key.expr, {"random", "gen_random_uuid", "uuid_generate_v4"})) continue;
      const bool base = !block.tables.empty() && block.tables.front().base_relation;
      if (!base) continue;
      const std::string name = block.tables.front().name.ToString();
      ReportPart(kInfo, query, key.expr->offset, pass,
                 absl::StrFormat("all rows of `%s` are sorted by a random number", name))
          .On(name)
          .Primary("computed for every row")
          .Help(absl::StrFormat("SELECT … FROM %s TABLESAMPLE BERNOULLI (1) LIMIT …",
                                QuoteName(block.tables.front().name)));
    }
  }
}

}  // namespace

extern constinit const Rule kRandomOrder = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::random_order
