// QRY050 unbounded-row-lock: FOR UPDATE over any number of rows.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unbounded_row_lock {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY050",
    .name = "unbounded-row-lock",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "FOR UPDATE without a limit locks every row that it reads",
    .why = R"md(
All rows found are locked until the transaction ends, in the order in which they are found: others
wait for each of them, and two such statements with different plans can deadlock.
)md",
    .instead = R"md(
Lock by key, or in portions: `ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE status = 'new' FOR UPDATE;)sql",
    .good =
        R"sql(SELECT id FROM orders WHERE status = 'new' ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (query.calls > 0 && query.max_ms < 1) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || !block.locking || block.limit != nullptr) continue;
    const bool exclusive = std::any_of(
        block.select->locking.begin(), block.select->locking.end(), [](const LockingClause& lock) {
          return lock.strength == "UPDATE" || lock.strength == "NO KEY UPDATE";
        });
    if (!exclusive || block.tables.size() != 1 || !block.tables[0].base_relation) continue;
    const Relation* table = pass.catalog().Find(block.tables[0].id);
    const std::vector<std::string> fixed = FixedColumns(block, 0, true);
    const bool by_key =
        table != nullptr ? UniqueIndexWithin(*table, fixed, pass.catalog()) != nullptr
                         : std::any_of(fixed.begin(), fixed.end(), [](const std::string& column) {
                             return column == "id" || column.ends_with("_id");
                           });
    if (by_key) continue;
    const std::string name = block.tables[0].name.ToString();
    ReportPart(kInfo, query, block.tables[0].offset, pass,
               absl::StrFormat("`FOR %s` locks every row of `%s` that qualifies",
                               block.select->locking.front().strength, name))
        .On(name)
        .Primary("however many there are")
        .Help("lock by key, or ORDER BY … LIMIT … FOR UPDATE SKIP LOCKED");
  }
}

}  // namespace

extern constinit const Rule kUnboundedRowLock = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unbounded_row_lock
