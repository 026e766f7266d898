// QRY041 unused-common-table: a WITH table that nothing reads.

#include <set>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unused_common_table {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY041",
    .name = "unused-common-table",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a table of WITH is never used",
    .why = R"md(
A SELECT in WITH that nothing reads is not run; it is a leftover, or the name that was meant to use
it is wrong. (One that changes rows runs all the same.)
)md",
    .instead = R"md(
Remove it, or use it.
)md",
    .bad =
        R"sql(WITH recent AS (SELECT id FROM orders WHERE placed_at > now() - interval '1 day') SELECT id FROM orders;)sql",
    .good =
        R"sql(WITH recent AS (SELECT id FROM orders WHERE placed_at > now() - interval '1 day') SELECT id FROM recent;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  std::set<std::string> read;
  for (const QueryBlock& block : query.blocks) {
    for (const BlockTable& table : block.tables) read.insert(table.name.name);
  }
  const auto look = [&](const WithClause& with) {
    for (const CommonTable& table : with.tables) {
      if (table.query == nullptr || !std::holds_alternative<Select>(table.query->node)) continue;
      if (read.contains(table.name)) continue;
      ReportPart(kInfo, query, table.offset, pass,
                 absl::StrFormat("`%s` of WITH is never used", table.name))
          .Primary("not run")
          .Help("remove it, or use it");
    }
  };
  for (const QueryBlock& block : query.blocks) {
    if (block.select != nullptr) look(block.select->with);
    if (block.insert != nullptr) look(block.insert->with);
    if (block.update != nullptr) look(block.update->with);
    if (block.del != nullptr) look(block.del->with);
  }
}

}  // namespace

extern constinit const Rule kUnusedCommonTable = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unused_common_table
