// QRY049 queue-without-skip-locked: a queue whose readers wait for each other.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::queue_without_skip_locked {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY049",
    .name = "queue-without-skip-locked",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary =
        "a queue takes its next rows without SKIP LOCKED, so its readers wait for each other",
    .why = R"md(
Two workers that ask for the first row both get the same one; the second waits until the first
commits, then finds it gone, or takes nothing. The queue is worked by one.
)md",
    .instead = R"md(
`DELETE FROM q WHERE id = ANY (ARRAY(SELECT id FROM q ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED))
RETURNING *`.
)md",
    .bad =
        R"sql(DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 1) RETURNING id;)sql",
    .good =
        R"sql(DELETE FROM jobs WHERE id = ANY (ARRAY(SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)) RETURNING id;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (query.blocks.empty()) return;
  const QueryBlock& outer = query.blocks.front();
  if (outer.update == nullptr && outer.del == nullptr) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || block.limit == nullptr || block.tables.size() != 1) continue;
    if (block.tables[0].name != outer.tables[0].name) continue;
    const std::vector<LockingClause>& locks = block.select->locking;
    const bool skips = std::any_of(locks.begin(), locks.end(), [](const LockingClause& clause) {
      return clause.skip_locked || clause.nowait;
    });
    if (skips) continue;
    const std::string name = outer.tables[0].name.ToString();
    ReportPart(kInfo, query, block.tables[0].offset, pass,
               absl::StrFormat("readers of the queue `%s` wait for each other", name))
        .On(name)
        .Primary("the first row is the same for all of them")
        .Help("end the sub-query in FOR UPDATE SKIP LOCKED");
    return;
  }
}

}  // namespace

extern constinit const Rule kQueueWithoutSkipLocked = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::queue_without_skip_locked
