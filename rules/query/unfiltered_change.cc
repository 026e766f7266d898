// QRY045 unfiltered-change: UPDATE or DELETE of a whole table by an application.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unfiltered_change {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY045",
    .name = "unfiltered-change",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "an application updates or deletes all rows of a table",
    .why = R"md(
The log shows UPDATE or DELETE without WHERE: every row is rewritten or removed, all of them are
locked until the transaction ends, and VACUUM has to follow.
)md",
    .instead = R"md(
Add the condition that was meant. To empty a table: TRUNCATE. To change all rows: in batches by key.
)md",
    .bad = R"sql(-- log: 500 calls, 20 ms each
UPDATE orders SET status = 'seen';)sql",
    .good = R"sql(-- log: 500 calls, 20 ms each
UPDATE orders SET status = 'seen' WHERE id = 5;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  // A migration that changes all rows means it; other rules look at how it does.
  if (query.origin == QueryOrigin::kStatement || query.blocks.empty()) return;
  if (query.calls > 0 && query.max_ms < 1) return;
  for (const QueryBlock& block : query.blocks) {
    const bool change = block.update != nullptr || block.del != nullptr;
    if (!change || block.where != nullptr || block.tables.empty()) continue;
    if (block.from != nullptr && !block.from->empty()) continue;  // Another rule's.
    const Relation* table = pass.catalog().Find(block.tables[0].id);
    if (table != nullptr && table->persistence == Persistence::kTemporary) continue;
    if (!block.tables[0].base_relation) continue;
    const std::string name = block.tables[0].name.ToString();
    const bool update = block.update != nullptr;
    ReportPart(kInfo, query, block.tables[0].offset, pass,
               absl::StrFormat("`%s` %s every row", name, update ? "is updated in" : "loses"))
        .On(name)
        .Primary("no WHERE")
        .Help(update ? "add the condition that was meant; all rows: in batches by key"
                     : absl::StrFormat("add the condition that was meant; to empty it: TRUNCATE %s",
                                       QuoteName(block.tables[0].name)));
  }
}

}  // namespace

extern constinit const Rule kUnfilteredChange = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unfiltered_change
