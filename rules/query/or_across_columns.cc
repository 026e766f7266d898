// QRY017 or-across-columns: OR between conditions on different columns of one table.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::or_across_columns {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY017",
    .name = "or-across-columns",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "OR over different columns of a table needs an index for each of them",
    .why = R"md(
One index cannot serve `a = 1 OR b = 2`. With an index on each column the two are combined in a
bitmap; if one is missing, the whole table is read.
)md",
    .instead = R"md(
An index for every arm, or two queries joined by UNION (ALL, where a row cannot satisfy both).
)md",
    .bad = R"sql(CREATE TABLE orders (id int, customer_id int, seller_id int);
CREATE INDEX ON orders (customer_id);
SELECT id FROM orders WHERE customer_id = 1 OR seller_id = 2;)sql",
    .good = R"sql(CREATE TABLE orders (id int, customer_id int, seller_id int);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (seller_id);
SELECT id FROM orders WHERE customer_id = 1 OR seller_id = 2;)sql",
});

// The column that an arm of OR compares with a value; nothing: another kind of arm.
KnownColumn ComparedColumn(const ObservedQuery& query, size_t block, const Expr& arm,
                           const Catalog& catalog) {
  if (arm.kind != ExprKind::kOperator || arm.args.size() < 2) return {};
  const bool sargable = arm.op == OperatorKind::kIn || arm.op == OperatorKind::kBetween ||
                        arm.op == OperatorKind::kAny ||
                        (arm.op == OperatorKind::kPlain && arm.LastName() != "<>");
  if (!sargable || arm.negated) return {};
  for (size_t side = 0; side < 2; ++side) {
    const KnownColumn column = FindColumn(query, block, arm.args[side], catalog);
    if (column.known() && !arm.args[1 - side].IsColumn()) return column;
  }
  return {};
}

// One SELECT for each arm of OR, each without the rows of the arms before it.
std::string OnePerArm(const ObservedQuery& query, const QueryBlock& block, uint64_t tree_offset) {
  const std::string_view sql = StatementText::Of(query);
  const Select* select = query.blocks.front().select;
  if (sql.empty() || select == nullptr || block.select != select || block.distinct ||
      block.aggregated || block.locking || select->set_operation != SetOperation::kNone ||
      !select->order_by.empty() || select->limit.has_value() || select->offset.has_value()) {
    return {};
  }
  bool windowed = false;
  EachExpr(block, [&](const Expr& expr) { windowed = windowed || expr.windowed; });
  const StatementText text(sql);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(0));
  const TextRange whole = text.ArmAt(clauses.where, StatementText::At(query, tree_offset));
  if (windowed || clauses.with || clauses.where.empty() || whole.empty()) return {};
  const std::vector<TextRange> arms = text.Arms(whole, "or");
  if (arms.size() < 2) return {};
  std::string out;
  std::string before;
  for (const TextRange arm : arms) {
    TextEdits edits;
    edits.Replace(whole, text.Text(arm) + before);
    if (!out.empty()) out += " UNION ALL ";
    out += edits.Apply(sql);
    before += " AND (" + text.Text(arm) + ") IS NOT TRUE";
  }
  return out;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t i = 0; i < query.blocks.size(); ++i) {
    const QueryBlock& block = query.blocks[i];
    // Another condition narrows the rows by an index: OR is then only a filter.
    const bool narrowed =
        std::any_of(block.predicates.begin(), block.predicates.end(), [&](const Predicate& p) {
          if (p.in_or || p.wrapped || p.kind != PredicateKind::kEqual || !p.column.resolved())
            return false;
          const Relation* table = pass.catalog().Find(block.tables[p.column.table].id);
          return table != nullptr &&
                 IndexBeginningWith(*table, p.column.column, pass.catalog()) != nullptr;
        });
    if (narrowed) continue;
    EachConjunct(block, [&](const Expr& condition) {
      if (condition.kind != ExprKind::kOr) return;
      std::vector<KnownColumn> columns;
      for (const Expr& arm : condition.args) {
        columns.push_back(ComparedColumn(query, i, arm, pass.catalog()));
        if (!columns.back().known() || columns.back().table != columns.front().table) return;
      }
      std::string missing;
      bool several = false;
      for (const KnownColumn& column : columns) {
        several = several || column.column != columns.front().column;
        if (IndexBeginningWith(*column.table, column.column->name, pass.catalog()) != nullptr)
          continue;
        if (missing.find(column.column->name) != std::string::npos) continue;
        if (!missing.empty()) missing += ", ";
        missing += column.column->name;
      }
      if (!several || missing.empty()) return;
      const Relation& table = *columns.front().table;
      Finding& finding = ReportPart(kInfo, query, condition.args[0].offset, pass,
                                    absl::StrFormat("`OR` reads all of `%s`: no index on %s",
                                                    table.name.ToString(), missing));
      finding.On(table.name.ToString()).Primary("every arm needs an index");
      finding.Help(absl::StrFormat("an index that begins with each of: %s", missing));
      ShowRewritten(OnePerArm(query, block, condition.args[0].offset), "", &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kOrAcrossColumns = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::or_across_columns
