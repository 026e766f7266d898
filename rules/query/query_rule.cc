#include "rules/query/query_rule.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ||
         (c & 0x80) != 0;
}

// The bytes of the token that begins at `at`: a word with its qualifiers, a quoted text, or an
// operator.
uint32_t TokenSize(std::string_view text, uint64_t at) {
  if (at >= text.size()) return 0;
  size_t end = at;
  if (text[at] == '\'' || text[at] == '"') {
    end = text.find(text[at], at + 1);
    return static_cast<uint32_t>((end == text.npos ? text.size() : end + 1) - at);
  }
  if (IsWordByte(text[at]) || text[at] == '$') {
    for (end = at + 1; end < text.size() && IsWordByte(text[end]);) ++end;
  } else {
    constexpr std::string_view kOperator = "+-*/<>=~!@#%^&|`?";
    while (end < text.size() && kOperator.find(text[end]) != kOperator.npos) ++end;
    if (end == at) ++end;
  }
  return static_cast<uint32_t>(end - at);
}

void EachOn(const FromItem& item, bool inner_only, const ExprVisit& visit) {
  if (item.kind != FromKind::kJoin) return;
  for (const FromItem& side : item.sides) EachOn(side, inner_only, visit);
  if (item.on == nullptr) return;
  if (inner_only && item.join != JoinType::kInner) return;
  visit(*item.on);
}

void EachJoinOf(const FromItem& item, const std::function<void(const FromItem&)>& visit) {
  if (item.kind != FromKind::kJoin) return;
  visit(item);
  for (const FromItem& side : item.sides) EachJoinOf(side, visit);
}

}  // namespace

Finding& ReportQuery(const RuleInfo& rule, const ObservedQuery& query, EvidencePass& pass,
                     std::string message) {
  Finding& finding = pass.Report(rule, query.span, std::move(message));
  finding.statement = query.sql;
  finding.cost_ms = query.total_ms;
  if (query.calls == 0) return finding;
  EvidenceItem item = query.evidence;
  item.text =
      absl::StrFormat("%s, %s in all, %s each, slowest %s", Counted(query.calls, "call"),
                      HumanMs(query.total_ms), HumanMs(query.mean_ms), HumanMs(query.max_ms));
  finding.Evidence(std::move(item));
  finding.Measure("calls", static_cast<double>(query.calls), "1");
  finding.Measure("total_ms", query.total_ms, "ms");
  finding.Measure("mean_ms", query.mean_ms, "ms");
  return finding;
}

Finding& ReportPart(const RuleInfo& rule, const ObservedQuery& query, uint64_t part_offset,
                    EvidencePass& pass, std::string message) {
  Finding& finding = ReportQuery(rule, query, pass, std::move(message));
  const SourceSet* sources = pass.evidence().sources;
  if (!query.base.has_value() || sources == nullptr) return finding;
  const uint64_t at = *query.base + part_offset;
  // A part of a view's query may come from elsewhere: only what lies in the statement is placed.
  if (at < query.span.begin || at >= query.span.end()) return finding;
  const std::string_view text = (*sources)[query.span.file].text;
  finding.primary.span = {.begin = at, .size = TokenSize(text, at), .file = query.span.file};
  return finding;
}

bool TooQuickToMatter(const ObservedQuery& query) {
  if (query.calls > 0 && query.max_ms < 1) return true;
  return query.origin == QueryOrigin::kStatement && !query.blocks.empty() &&
         query.blocks.front().command != QueryBlock::Command::kSelect;
}

KnownColumn FindColumn(const ObservedQuery& query, size_t block, const Expr& expr,
                       const Catalog& catalog) {
  KnownColumn found;
  if (!expr.IsColumn()) return found;
  const ColumnUse use = ResolveColumn(expr, block, query.blocks, catalog);
  if (!use.resolved()) return found;
  found.block = use.block;
  found.named = &query.blocks[use.block].tables[use.table];
  found.table = catalog.Find(found.named->id);
  if (found.table != nullptr) found.column = found.table->FindColumn(use.column);
  return found;
}

void EachConjunct(const Expr& expr, const ExprVisit& visit) {
  if (expr.kind != ExprKind::kAnd) {
    visit(expr);
    return;
  }
  for (const Expr& arg : expr.args) EachConjunct(arg, visit);
}

void EachConjunct(const QueryBlock& block, const ExprVisit& visit) {
  if (block.where != nullptr) EachConjunct(*block.where, visit);
  if (block.from == nullptr) return;
  for (const FromItem& item : *block.from) {
    EachOn(item, true, [&](const Expr& on) { EachConjunct(on, visit); });
  }
}

void EachInConditions(const QueryBlock& block, const ExprVisit& visit) {
  if (block.where != nullptr) WalkExpr(*block.where, visit);
  if (block.select != nullptr && block.select->having.has_value())
    WalkExpr(*block.select->having, visit);
  if (block.from == nullptr) return;
  for (const FromItem& item : *block.from) {
    EachOn(item, false, [&](const Expr& on) { WalkExpr(on, visit); });
  }
}

void EachExpr(const QueryBlock& block, const ExprVisit& visit) {
  EachInConditions(block, visit);
  const auto targets = [&](const std::vector<Target>& list) {
    for (const Target& target : list) WalkExpr(target.expr, visit);
  };
  if (const Select* select = block.select) {
    targets(select->targets);
    for (const Expr& expr : select->distinct_on) WalkExpr(expr, visit);
    for (const Expr& expr : select->group_by) WalkExpr(expr, visit);
    for (const SortItem& item : select->order_by) WalkExpr(item.expr, visit);
    for (const auto& row : select->values) {
      for (const Expr& value : row) WalkExpr(value, visit);
    }
    if (select->limit.has_value()) WalkExpr(*select->limit, visit);
    if (select->offset.has_value()) WalkExpr(*select->offset, visit);
  }
  if (block.insert != nullptr) targets(block.insert->returning);
  if (block.update != nullptr) {
    targets(block.update->assignments);
    targets(block.update->returning);
  }
  if (block.del != nullptr) targets(block.del->returning);
}

void EachJoin(const QueryBlock& block, const std::function<void(const FromItem&)>& visit) {
  if (block.from == nullptr) return;
  for (const FromItem& item : *block.from) EachJoinOf(item, visit);
}

const Relation* UniqueIndexWithin(const Relation& table, const std::vector<std::string>& columns,
                                  const Catalog& catalog) {
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index.has_value() || !index->index->unique || index->index->where != nullptr)
      continue;
    const std::vector<IndexElement>& keys = index->index->elements;
    const bool within = std::all_of(keys.begin(), keys.end(), [&](const IndexElement& key) {
      return !key.column.empty() &&
             std::find(columns.begin(), columns.end(), key.column) != columns.end();
    });
    if (within && !keys.empty()) return index;
  }
  return nullptr;
}

std::vector<std::string> FixedColumns(const QueryBlock& block, size_t table, bool lists) {
  std::vector<std::string> fixed;
  for (const Predicate& predicate : block.predicates) {
    if (predicate.kind != PredicateKind::kEqual || predicate.column.table != table) continue;
    if (predicate.wrapped || predicate.in_or || predicate.expr == nullptr) continue;
    const bool one =
        predicate.expr->kind != ExprKind::kSubquery &&
        (predicate.expr->kind != ExprKind::kOperator || predicate.expr->op == OperatorKind::kPlain);
    if (one || lists) fixed.push_back(predicate.column.column);
  }
  return fixed;
}

bool HasTrigramIndex(const Relation& table, const std::string& column, const Catalog& catalog) {
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index.has_value()) continue;
    for (const IndexElement& element : index->index->elements) {
      if (element.opclass.find("trgm") == std::string::npos) continue;
      bool reads = element.column == column;
      if (element.expr != nullptr) {
        WalkExpr(*element.expr, [&](const Expr& e) { reads = reads || e.LastName() == column; });
      }
      if (reads) return true;
    }
  }
  return false;
}

std::string Flipped(std::string_view comparison) {
  std::string flipped(comparison);
  if (flipped == "<>") return flipped;
  for (char& c : flipped) c = c == '<' ? '>' : c == '>' ? '<' : c;
  return flipped;
}

bool IsIndexedExpression(const Relation& table, const Expr& expr, const Catalog& catalog) {
  const std::string wanted = BareSql(expr);
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index.has_value() || index->index->elements.empty()) continue;
    const IndexElement& first = index->index->elements.front();
    if (first.expr != nullptr && BareSql(*first.expr) == wanted) return true;
  }
  return false;
}

const Relation* IndexBeginningWith(const Relation& table, const std::string& column,
                                   const Catalog& catalog) {
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index.has_value() || index->index->elements.empty()) continue;
    if (index->index->elements.front().column == column) return index;
  }
  return nullptr;
}

TypeFamily FamilyOf(const TypeName& type, const Catalog& catalog) {
  if (type.array_dimensions > 0) return TypeFamily::kUnknown;
  struct Named {
    std::string_view name;
    TypeFamily family;
  };
  constexpr auto kNamed = std::to_array<Named>({{"int2", TypeFamily::kInteger},
                                                {"int4", TypeFamily::kInteger},
                                                {"int8", TypeFamily::kInteger},
                                                {"smallserial", TypeFamily::kInteger},
                                                {"serial", TypeFamily::kInteger},
                                                {"bigserial", TypeFamily::kInteger},
                                                {"numeric", TypeFamily::kNumeric},
                                                {"float4", TypeFamily::kFloat},
                                                {"float8", TypeFamily::kFloat},
                                                {"text", TypeFamily::kText},
                                                {"varchar", TypeFamily::kText},
                                                {"bpchar", TypeFamily::kChar},
                                                {"timestamp", TypeFamily::kTimestamp},
                                                {"timestamptz", TypeFamily::kTimestampTz},
                                                {"date", TypeFamily::kDate},
                                                {"uuid", TypeFamily::kUuid},
                                                {"bool", TypeFamily::kBoolean},
                                                {"json", TypeFamily::kJson},
                                                {"jsonb", TypeFamily::kJsonb}});
  for (const Named& named : kNamed) {
    if (named.name == type.name.name) return named.family;
  }
  const CatalogType* known = catalog.FindType(type.name);
  if (known != nullptr && known->kind == CatalogType::Kind::kDomain &&
      known->base.name.name != type.name.name) {
    return FamilyOf(known->base, catalog);
  }
  return TypeFamily::kUnknown;
}

const Expr* Literal(const Expr& expr) {
  if (expr.kind == ExprKind::kConstant) return &expr;
  if (expr.kind == ExprKind::kCast && expr.args.size() == 1) return Literal(expr.args[0]);
  return nullptr;
}

bool Calls(const Expr& expr, std::initializer_list<std::string_view> names) {
  if (expr.kind != ExprKind::kFunction || expr.name.empty() || expr.name.size() > 2) return false;
  if (expr.name.size() == 2 && expr.name[0] != "pg_catalog") return false;
  return std::find(names.begin(), names.end(), expr.LastName()) != names.end();
}

bool IsNow(const Expr& expr) {
  if (expr.kind == ExprKind::kValueFunction)
    return expr.value.starts_with("CURRENT_") || expr.value.starts_with("LOCALTIME");
  if (expr.kind == ExprKind::kCast && expr.args.size() == 1) return IsNow(expr.args[0]);
  return Calls(expr, {"now", "transaction_timestamp", "statement_timestamp"});
}

}  // namespace pgsift
