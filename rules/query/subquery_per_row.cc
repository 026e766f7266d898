// QRY037 subquery-per-row: a correlated sub-query in the output, run for every row.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::subquery_per_row {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY037",
    .name = "subquery-per-row",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a sub-query in the SELECT list runs once for every row",
    .why = R"md(
A scalar sub-query that names the outer row is a loop: a thousand rows, a thousand runs. The planner
never turns it into a join.
)md",
    .instead = R"md(
`LEFT JOIN LATERAL (…) x ON true` for a few rows; for many rows a grouped sub-query that is joined:
each table is then read once.
)md",
    .bad =
        R"sql(SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c;)sql",
    .good = R"sql(SELECT c.id, o.n FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) o ON o.customer_id = c.id;)sql",
});

// At most one row comes out: the sub-query runs once.
bool OneRow(const QueryBlock& block, const Catalog& catalog) {
  if (block.tables.size() != 1) return false;
  const Relation* table = catalog.Find(block.tables[0].id);
  const std::vector<std::string> fixed = FixedColumns(block, 0);
  return table != nullptr && UniqueIndexWithin(*table, fixed, catalog) != nullptr;
}

// Whose column it is: of the inner block `own` or the outer one; unresolved where only a schema
// that is not known could tell.
ColumnUse UseOf(const Expr& expr, const ObservedQuery& query, size_t outer, size_t own) {
  if (expr.name.size() > 1) {
    const std::string& label = expr.name[expr.name.size() - 2];
    for (const size_t block : {own, outer}) {
      const std::vector<BlockTable>& tables = query.blocks[block].tables;
      for (size_t i = 0; i < tables.size(); ++i) {
        if (tables[i].label == label) {
          return {.table = i, .block = block, .column = std::string(expr.LastName())};
        }
      }
    }
    return {};
  }
  for (const Predicate& predicate : query.blocks[own].predicates) {
    for (const ColumnUse* use : {&predicate.column, &predicate.other}) {
      if (use->resolved() && use->column == expr.LastName()) return *use;
    }
  }
  return {};
}

// The sub-query as a grouped one that is joined, where it is one aggregate over what equals one
// column of the outer query.
std::string WithGroups(const ObservedQuery& query, size_t outer_at, const Target& target,
                       const QueryBlock& inner) {
  const std::string_view sql = StatementText::Of(query);
  const QueryBlock& outer = query.blocks[outer_at];
  const Select* select = inner.select;
  if (sql.empty() || outer.select != query.blocks.front().select || select == nullptr ||
      target.expr.kind != ExprKind::kSubquery || select->targets.size() != 1 || outer.aggregated ||
      outer.distinct || outer.from == nullptr || outer.from->size() != 1 ||
      !select->group_by.empty() || select->having.has_value() || select->limit.has_value() ||
      select->offset.has_value() || !select->order_by.empty() || !select->with.tables.empty() ||
      select->set_operation != SetOperation::kNone || !select->where.has_value()) {
    return {};
  }
  // A star would take in the columns of what is joined.
  for (const Target& each : outer.select->targets) {
    if (each.expr.kind == ExprKind::kColumn && each.expr.name.size() == 1 &&
        each.expr.LastName() == "*") {
      return {};
    }
  }
  const Expr& aggregate = select->targets[0].expr;
  if (!Calls(aggregate, {"count", "sum", "min", "max", "avg"})) return {};
  // The one condition that names a column of the outer query.
  const Expr* link = nullptr;
  bool plain = true;
  EachConjunct(*select->where, [&](const Expr& condition) {
    bool names_outer = false;
    WalkExpr(condition, [&](const Expr& expr) {
      if (expr.kind == ExprKind::kSubquery) plain = false;
      if (!expr.IsColumn()) return;
      const size_t own = static_cast<size_t>(&inner - query.blocks.data());
      const ColumnUse use = UseOf(expr, query, outer_at, own);
      if (!use.resolved()) plain = false;
      names_outer = names_outer || use.block != own;
    });
    if (!names_outer) return;
    plain = plain && link == nullptr;
    link = &condition;
  });
  if (!plain || link == nullptr || link->kind != ExprKind::kOperator ||
      link->op != OperatorKind::kPlain || link->LastName() != "=" || link->args.size() != 2 ||
      !link->args[0].IsColumn() || !link->args[1].IsColumn()) {
    return {};
  }
  const size_t own = static_cast<size_t>(&inner - query.blocks.data());
  const bool first_is_own = UseOf(link->args[0], query, outer_at, own).block == own;
  if (first_is_own == (UseOf(link->args[1], query, outer_at, own).block == own)) return {};
  const std::string key = ToSql(link->args[first_is_own ? 0 : 1]);
  std::string outer_key = ToSql(link->args[first_is_own ? 1 : 0]);
  const StatementText text(sql);
  const TextRange around = text.ParenthesesAround(StatementText::At(query, aggregate.offset));
  const QueryClauses clauses = text.ClausesOf({around.begin + 1, around.end - 1});
  const QueryClauses whole = text.ClausesOf(text.QueryAround(0));
  const TextRange arm = text.ArmAt(clauses.where, StatementText::At(query, link->offset));
  if (around.empty() || arm.empty() || clauses.output.empty() || whole.from.empty()) return {};
  std::string rest;
  bool found = false;
  for (const TextRange each : text.Arms(clauses.where)) {
    found = found || each.begin == arm.begin;
    if (each.begin == arm.begin) continue;
    rest += (rest.empty() ? " WHERE " : " AND ") + text.Text(each);
  }
  if (!found) return {};
  std::string alias = "grouped";
  while (sql.find(alias) != sql.npos) alias += "_1";
  const bool counts = Calls(aggregate, {"count"});
  std::string value = alias + ".grouped_value";
  if (counts) value = "coalesce(" + value + ", 0)";
  if (target.alias.empty()) value += " AS " + std::string(aggregate.LastName());
  TextEdits edits;
  edits.Replace(around, value);
  edits.Insert(whole.from.end,
               " LEFT JOIN (SELECT " + key + " AS grouped_key, " +
                   std::string(Trim(text.Text(
                       {clauses.output.begin, text.TokenBefore(clauses.from.begin).begin}))) +
                   " AS grouped_value FROM" + text.Text(clauses.from) + rest + " GROUP BY " + key +
                   ") AS " + alias + " ON " + alias + ".grouped_key = " + outer_key);
  return edits.Apply(sql);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.select == nullptr || block.tables.empty() || OneRow(block, pass.catalog())) continue;
    size_t count = 0;
    const Expr* first = nullptr;
    const QueryBlock* inner_block = nullptr;
    const Target* first_target = nullptr;
    for (const Target& target : block.select->targets) {
      WalkExpr(target.expr, [&](const Expr& expr) {
        if (expr.kind != ExprKind::kSubquery || expr.sublink != SublinkKind::kScalar) return;
        if (expr.query == nullptr) return;
        const auto* inner = std::get_if<Select>(&expr.query->node);
        for (const QueryBlock& candidate : query.blocks) {
          if (candidate.select != inner || !candidate.correlated || candidate.tables.empty())
            continue;
          ++count;
          if (first == nullptr) {
            first = &expr;
            inner_block = &candidate;
            first_target = &target;
          }
        }
      });
    }
    if (first == nullptr) continue;
    Finding& finding = ReportPart(
        kInfo, query, first->offset, pass,
        count == 1 ? absl::StrFormat("a sub-query on `%s` runs for every row",
                                     inner_block->tables[0].name.ToString())
                   : absl::StrFormat("%d sub-queries run for every row, one of them on `%s`", count,
                                     inner_block->tables[0].name.ToString()));
    finding.On(inner_block->tables[0].name.ToString());
    finding.Primary("once for each row of the outer query");
    finding.Help(
        "join a sub-query that groups by the compared column; for few rows LEFT JOIN LATERAL");
    if (count > 1) finding.Help("one LATERAL sub-query can give all of them");
    if (inner_block->tables.size() == 1 && inner_block->tables[0].base_relation) {
      ShowRewritten(WithGroups(query, at, *first_target, *inner_block), "", &finding);
    }
  }
}

}  // namespace

extern constinit const Rule kSubqueryPerRow = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::subquery_per_row
