// QRY030 union-without-all: UNION that sorts or hashes only to find no duplicate.

#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::union_without_all {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY030",
    .name = "union-without-all",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "UNION removes duplicates, which costs a sort or hash of everything",
    .why = R"md(
`UNION` compares all rows of both sides. Where the two cannot give the same row, or duplicates are
welcome, this is for nothing, and it keeps LIMIT from stopping early.
)md",
    .instead = R"md(
`UNION ALL` where the sides are disjoint.
)md",
    .bad =
        R"sql(SELECT id, 'order' AS kind FROM orders UNION SELECT id, 'invoice' FROM invoices;)sql",
    .good =
        R"sql(SELECT id, 'order' AS kind FROM orders UNION ALL SELECT id, 'invoice' FROM invoices;)sql",
});

// An output column that is one literal on this side and another on the other.
bool ByLiteral(const Select& left, const Select& right) {
  for (size_t i = 0; i < left.targets.size() && i < right.targets.size(); ++i) {
    const Expr* a = Literal(left.targets[i].expr);
    const Expr* b = Literal(right.targets[i].expr);
    if (a != nullptr && b != nullptr && !a->IsNullConstant() && !b->IsNullConstant() &&
        a->constant == b->constant && a->value != b->value)
      return true;
  }
  return false;
}

// An output column that WHERE fixes to one value here and to another there.
bool ByCondition(const Select& left, const Select& right) {
  const auto fixed = [](const Select& select, const std::string& column) {
    std::string value;
    if (!select.where.has_value()) return value;
    EachConjunct(*select.where, [&](const Expr& e) {
      if (e.kind == ExprKind::kOperator && e.op == OperatorKind::kPlain && e.LastName() == "=" &&
          e.args.size() == 2 && ToSql(e.args[0]) == column && Literal(e.args[1]) != nullptr)
        value = ToSql(e.args[1]);
    });
    return value;
  };
  for (size_t i = 0; i < left.targets.size() && i < right.targets.size(); ++i) {
    if (!left.targets[i].expr.IsColumn() || !right.targets[i].expr.IsColumn()) continue;
    const std::string a = fixed(left, ToSql(left.targets[i].expr));
    const std::string b = fixed(right, ToSql(right.targets[i].expr));
    if (!a.empty() && !b.empty() && a != b) return true;
  }
  return false;
}

// A side that gives no row twice: its output holds a key of its only table.
bool GivesRowsOnce(const Select& side, const Catalog& catalog) {
  if (side.distinct || !side.group_by.empty()) return side.distinct;
  if (side.from.size() != 1 || side.from[0].kind != FromKind::kRelation) return false;
  const Relation* table = catalog.Find(side.from[0].relation.name);
  std::vector<std::string> columns;
  for (const Target& target : side.targets) {
    if (target.expr.IsColumn()) columns.emplace_back(target.expr.LastName());
  }
  return table != nullptr && UniqueIndexWithin(*table, columns, catalog) != nullptr;
}

std::string WithAll(const ObservedQuery& query, const Select& left, const Select& right,
                    const Catalog& catalog) {
  const std::string_view sql = StatementText::Of(query);
  if (sql.empty() || left.targets.empty() || right.targets.empty()) return {};
  const StatementText text(sql);
  const size_t at = StatementText::At(query, left.targets.front().expr.offset);
  const QueryClauses first = text.ClausesOf(text.QueryAround(at));
  if (!first.set_operation) return {};
  const TextRange rest{first.set_at, first.whole.end};
  const QueryClauses second = text.ClausesOf(rest);
  if (second.output.empty()) return {};
  TextEdits edits;
  edits.Insert(first.set_at, " ALL");
  if (!GivesRowsOnce(left, catalog)) edits.Insert(first.output.begin, " DISTINCT");
  if (!GivesRowsOnce(right, catalog)) edits.Insert(second.output.begin, " DISTINCT");
  return edits.Apply(sql);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    const Select* select = block.select;
    if (select == nullptr || select->set_operation != SetOperation::kUnion || select->set_all)
      continue;
    if (select->sides.size() != 2) continue;
    const Select& left = select->sides[0];
    const Select& right = select->sides[1];
    if (left.set_operation != SetOperation::kNone || right.set_operation != SetOperation::kNone)
      continue;
    if (!ByLiteral(left, right) && !ByCondition(left, right)) continue;
    const uint64_t at = right.targets.empty() ? 0 : right.targets.front().offset;
    Finding& finding =
        ReportPart(kInfo, query, at, pass, "`UNION` looks for duplicates that cannot be there");
    finding.Primary("the two sides never give the same row").Help("UNION ALL");
    if (select == query.blocks.front().select) {
      ShowRewritten(WithAll(query, left, right, pass.catalog()), "", &finding);
    }
  }
}

}  // namespace

extern constinit const Rule kUnionWithoutAll = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::union_without_all
