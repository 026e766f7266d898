// QRY009 limit-without-order: LIMIT without ORDER BY, whose rows are left to chance.

#include <algorithm>

#include "rules/query/query_rule.h"

namespace pgsift::limit_without_order {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY009",
    .name = "limit-without-order",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "LIMIT without ORDER BY returns whichever rows come first",
    .why = R"md(
Without an order the server may return other rows each time: another plan, a parallel scan, a
synchronized scan that starts in the middle of the table. What looks stable in a test changes in
production.
)md",
    .instead = R"md(
Add ORDER BY with a unique last column. Where any row will do (a test of existence), say so by
`LIMIT 1` with only constants in the output, or use EXISTS.
)md",
    .bad = R"sql(SELECT id, total FROM orders WHERE status = 'new' LIMIT 20;)sql",
    .good = R"sql(SELECT id, total FROM orders WHERE status = 'new' ORDER BY id LIMIT 20;)sql",
});

// At most one row, or rows that are all alike: the order cannot matter.
bool OrderCannotMatter(const QueryBlock& block, const Catalog& catalog) {
  const Select& select = *block.select;
  if (block.aggregated && select.group_by.empty()) return true;
  bool constant = !select.targets.empty();
  for (const Target& target : select.targets)
    constant = constant && Literal(target.expr) != nullptr;
  if (constant && select.limit.has_value() && !select.offset.has_value()) return true;
  if (block.tables.size() != 1) return false;
  const Relation* table = catalog.Find(block.tables[0].id);
  const std::vector<std::string> fixed = FixedColumns(block, 0);
  if (table == nullptr) {
    // Nothing is known of the table: an equality on its id, as it is usual.
    return std::find(fixed.begin(), fixed.end(), "id") != fixed.end();
  }
  return UniqueIndexWithin(*table, fixed, catalog) != nullptr;
}

// Stands under EXISTS, where only whether there is a row counts.
bool IsTestOfExistence(const ObservedQuery& query, const Select& select) {
  bool found = false;
  for (const QueryBlock& block : query.blocks) {
    EachExpr(block, [&](const Expr& expr) {
      found = found || (expr.kind == ExprKind::kSubquery && expr.sublink == SublinkKind::kExists &&
                        expr.query != nullptr && std::get_if<Select>(&expr.query->node) == &select);
    });
  }
  return found;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  // UPDATE and DELETE in portions take whichever rows come first.
  if (query.blocks.empty() || query.blocks.front().select == nullptr) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || !block.order_by.empty() || block.tables.empty()) continue;
    if (block.limit == nullptr && block.offset == nullptr) continue;
    if (block.limit != nullptr && block.limit->IsNullConstant()) continue;
    const bool base = std::any_of(block.tables.begin(), block.tables.end(),
                                  [](const BlockTable& table) { return table.base_relation; });
    if (!base) continue;
    // A queue takes whichever row is free.
    const std::vector<LockingClause>& locks = block.select->locking;
    if (std::any_of(locks.begin(), locks.end(), [](const auto& lock) { return lock.skip_locked; }))
      continue;
    if (OrderCannotMatter(block, pass.catalog())) continue;
    if (IsTestOfExistence(query, *block.select)) continue;
    const Expr& limit = block.limit != nullptr ? *block.limit : *block.offset;
    Finding& finding = ReportPart(kInfo, query, limit.offset, pass,
                                  "which rows `LIMIT` returns is left to chance");
    finding.On(block.tables.front().name.ToString()).Primary("no ORDER BY says which come first");
    const Relation* table = pass.catalog().Find(block.tables.front().id);
    const CatalogConstraint* key = table != nullptr ? table->PrimaryKey() : nullptr;
    std::string order;
    if (key != nullptr) {
      for (const std::string& column : key->columns) {
        if (!order.empty()) order += ", ";
        order += QuoteIdentifier(column);
      }
    }
    finding.Help("add ORDER BY " + (order.empty() ? std::string("with a unique column") : order));
  }
}

}  // namespace

extern constinit const Rule kLimitWithoutOrder = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::limit_without_order
