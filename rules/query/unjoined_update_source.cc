// QRY047 unjoined-update-source: UPDATE … FROM or DELETE … USING that nothing joins with its
// target.

#include "absl/strings/str_format.h"
#include "parser/query_walk.h"
#include "rules/query/query_rule.h"

namespace pgsift::unjoined_update_source {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY047",
    .name = "unjoined-update-source",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "no condition joins the target with the other tables of UPDATE or DELETE",
    .why = R"md(
Without a condition between the two, every row of the target is changed as soon as the other table
has a row, by whichever of its rows comes first.
)md",
    .instead = R"md(
Add the condition that links both tables.
)md",
    .bad = R"sql(UPDATE orders o SET total = p.total FROM payments p WHERE p.status = 'done';)sql",
    .good = R"sql(UPDATE orders o SET total = p.total FROM payments p WHERE p.order_id = o.id;)sql",
});

// Some condition names both the target and another table, or cannot be told.
bool IsJoined(const ObservedQuery& query, size_t at, const Catalog& catalog) {
  const QueryBlock& block = query.blocks[at];
  bool joined = false;
  bool target_fixed = false;
  const auto look = [&](const Expr& condition) {
    bool target = false, other = false;
    VisitExpressions(condition, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kColumn) return;
      const ColumnUse use = ResolveColumn(expr, at, query.blocks, catalog);
      if (!use.resolved()) {
        joined = true;
      } else if (use.block == at) {
        (use.table == 0 ? target : other) = true;
      }
    });
    if (target && other) joined = true;
    if (target) target_fixed = true;
  };
  if (block.where != nullptr) {
    EachConjunct(*block.where, look);
  }
  EachJoin(block, [&](const FromItem& join) {
    if (join.on != nullptr) look(*join.on);
  });
  return joined || target_fixed;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.update == nullptr && block.del == nullptr) continue;
    if (block.tables.size() < 2) continue;
    bool plain = true;
    for (const BlockTable& table : block.tables) plain = plain && table.base_relation;
    if (!plain || IsJoined(query, at, pass.catalog())) continue;
    const std::string name = block.tables[0].name.ToString();
    ReportPart(
        kInfo, query, block.tables[0].offset, pass,
        absl::StrFormat("no condition joins `%s` with `%s`", name, block.tables[1].name.ToString()))
        .On(name)
        .Primary("every row is changed")
        .Help("add the condition that links both tables");
  }
}

}  // namespace

extern constinit const Rule kUnjoinedUpdateSource = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unjoined_update_source
