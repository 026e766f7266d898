// QRY046 assignment-to-itself: SET a = a.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::assignment_to_itself {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY046",
    .name = "assignment-to-itself",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "UPDATE sets a column to itself",
    .why = R"md(
The row is written anew all the same: a dead version, WAL, index entries, triggers.
)md",
    .instead = R"md(
Leave the assignment out. If a new row version or a trigger is what is wanted, say so in a comment.
)md",
    .bad = R"sql(UPDATE orders SET status = status WHERE id = 5;)sql",
    .good = R"sql(UPDATE orders SET status = 'new' WHERE id = 5;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.update == nullptr || block.tables.empty()) continue;
    for (const Target& target : block.update->assignments) {
      const Expr& value = target.expr;
      if (!value.IsColumn() || value.LastName() != target.alias) continue;
      if (value.name.size() > 1 && value.name[value.name.size() - 2] != block.tables[0].label)
        continue;
      if (value.name.size() == 1 && block.tables.size() > 1) continue;
      ReportPart(kInfo, query, target.offset, pass,
                 absl::StrFormat("`%s` is set to itself", target.alias))
          .On(block.tables[0].name.ToString())
          .Primary("the row is written anew for nothing")
          .Help("leave the assignment out");
    }
  }
}

}  // namespace

extern constinit const Rule kAssignmentToItself = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::assignment_to_itself
