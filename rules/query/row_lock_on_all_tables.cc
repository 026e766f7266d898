// QRY051 row-lock-on-all-tables: FOR UPDATE over a join that locks rows of every table.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::row_lock_on_all_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY051",
    .name = "row-lock-on-all-tables",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "FOR UPDATE without OF locks the rows of every joined table",
    .why = R"md(
Rows of a table that is only looked up, customers or settings, are locked with the rest: all who
update them, or refer to them by a foreign key, wait.
)md",
    .instead = R"md(
`FOR UPDATE OF orders`, or `FOR NO KEY UPDATE OF orders` if no key changes.
)md",
    .bad =
        R"sql(SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 5 FOR UPDATE;)sql",
    .good =
        R"sql(SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 5 FOR UPDATE OF o;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || block.tables.size() < 2) continue;
    for (const LockingClause& lock : block.select->locking) {
      if (!lock.relations.empty()) continue;
      if (lock.strength != "UPDATE" && lock.strength != "NO KEY UPDATE") continue;
      std::string names;
      for (const BlockTable& table : block.tables) {
        if (!names.empty()) names += ", ";
        names += table.label;
      }
      ReportPart(kInfo, query, block.tables[1].offset, pass,
                 absl::StrFormat("`FOR %s` locks rows of %d tables: %s", lock.strength,
                                 block.tables.size(), names))
          .On(block.tables[0].name.ToString())
          .Primary("locked as well")
          .Help(absl::StrFormat("FOR %s OF %s", lock.strength, block.tables[0].label));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule kRowLockOnAllTables = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::row_lock_on_all_tables
