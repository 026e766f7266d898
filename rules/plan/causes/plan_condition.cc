#include "rules/plan/causes/plan_condition.h"

#include <algorithm>
#include <cctype>

#include "absl/container/flat_hash_map.h"
#include "base/parallel.h"
#include "base/text.h"
#include "parser/sql_file.h"
#include "rules/advisor/need_reader.h"

namespace pgsift {
namespace {

// EXPLAIN's names for what is computed elsewhere are no SQL: "(SubPlan 1)", "(hashed SubPlan 2)",
// "(InitPlan 1).col1", "(alternatives: …)". A parameter stands in for each.
std::string WithoutSubplans(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    bool subplan = false;
    for (std::string_view prefix : {"(SubPlan ", "(hashed SubPlan ", "(InitPlan ",
                                    "(rescan SubPlan ", "(alternatives: ", "(returns "}) {
      subplan = subplan || text.substr(i).starts_with(prefix);
    }
    if (!subplan) {
      out += text[i++];
      continue;
    }
    i = std::min(text.find(')', i), text.size() - 1) + 1;
    while (i < text.size() && (text[i] == '.' || std::isalnum(static_cast<unsigned char>(text[i]))))
      ++i;
    out += "$9999";
  }
  // $0 is no parameter of SQL.
  for (size_t at = out.find("$0"); at != std::string::npos; at = out.find("$0", at + 2)) {
    out.replace(at, 2, "$9998");
  }
  return out;
}

bool IsOwnColumn(const PlanNode& node, const Expr& expr) {
  if (!expr.IsColumn()) return false;
  if (expr.name.size() < 2) return true;
  const std::string& label = expr.name[expr.name.size() - 2];
  return label == node.alias || label == node.relation;
}

std::vector<std::string> OwnColumns(const PlanNode& node, const Expr& expr) {
  std::vector<std::string> columns;
  WalkExpr(expr, [&](const Expr& part) {
    if (!IsOwnColumn(node, part)) return;
    const std::string name(part.LastName());
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  });
  return columns;
}

// EXPLAIN shows the conversion of varchar to text, which costs nothing and hides no index.
const Expr& WithoutRelabel(const Expr& expr) {
  if (expr.kind == ExprKind::kCast && expr.args.size() == 1 && expr.type != nullptr &&
      expr.type->array_dimensions == 0) {
    const std::string& name = expr.type->name.name;
    if (name == "text" || name == "bpchar" || name == "varchar")
      return WithoutRelabel(expr.args[0]);
  }
  return expr;
}

bool IsConstant(const Expr& expr) {
  bool constant = true;
  WalkExpr(expr, [&](const Expr& part) {
    if (part.kind == ExprKind::kColumn || part.kind == ExprKind::kParam ||
        part.kind == ExprKind::kSubquery)
      constant = false;
  });
  return constant;
}

// '4711'::text.
bool IsNumberText(const Expr& value) {
  const Expr& literal = WithoutRelabel(value);
  return literal.kind == ExprKind::kConstant && !literal.value.empty() &&
         std::all_of(literal.value.begin(), literal.value.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// An expression as an index holds it: without the table's name.
std::string KeyOf(const Expr& side) {
  Expr bare = side;
  const auto strip = [](auto&& self, Expr* expr) -> void {
    if (expr->IsColumn() && expr->name.size() > 1) expr->name = {expr->name.back()};
    for (Expr& arg : expr->args) self(self, &arg);
  };
  strip(strip, &bare);
  return ToSql(bare);
}

// "id + 1" is better moved to the other side than indexed.
bool IsArithmetic(const Expr& expr) {
  constexpr std::string_view kSymbols = "+-*/%";
  return expr.kind == ExprKind::kOperator && expr.LastName().size() == 1 &&
         kSymbols.find(expr.LastName().front()) != kSymbols.npos;
}

PlanPredicate PredicateOf(const PlanNode& node, const Expr& expr) {
  PlanPredicate predicate;
  predicate.text = ToSql(expr);
  predicate.columns = OwnColumns(node, expr);
  if (expr.kind == ExprKind::kColumn && IsOwnColumn(node, expr)) {
    predicate.column = std::string(expr.LastName());
    predicate.key = QuoteIdentifier(expr.LastName());
    predicate.kind = PlanPredicate::Kind::kEqual;
    predicate.constant = true;
    return predicate;
  }
  if (expr.kind != ExprKind::kOperator || expr.args.size() != 2) {
    if (predicate.columns.size() == 1) predicate.column = predicate.columns.front();
    return predicate;
  }
  const bool left_own = !OwnColumns(node, expr.args[0]).empty();
  const bool right_own = !OwnColumns(node, expr.args[1]).empty();
  if (predicate.columns.size() == 1) predicate.column = predicate.columns.front();
  if (left_own == right_own) return predicate;
  const Expr& whole = expr.args[left_own ? 0 : 1];
  const Expr& side = WithoutRelabel(whole);
  const Expr& value = expr.args[left_own ? 1 : 0];
  predicate.converted = &side != &whole;
  predicate.constant = IsConstant(value);
  const std::string_view symbol = expr.LastName();
  const bool any = expr.op != OperatorKind::kPlain;
  if (symbol == "=" && !expr.negated) predicate.kind = PlanPredicate::Kind::kEqual;
  if (!any && (symbol == "<" || symbol == ">" || symbol == "<=" || symbol == ">="))
    predicate.kind = PlanPredicate::Kind::kRange;
  if (side.IsColumn() && predicate.converted && IsNumberText(value)) {
    predicate.wrapped = true;  // A column of digits is no varchar, most likely.
  } else if (side.IsColumn()) {
    predicate.key = QuoteIdentifier(side.LastName());
  } else {
    predicate.wrapped = true;
    // What depends on settings, such as date_trunc() of a timestamptz, no index can hold.
    if (!IsArithmetic(side) && IsImmutable(side)) {
      predicate.key = KeyOf(side);
      if (side.kind != ExprKind::kFunction) predicate.key = "(" + predicate.key + ")";
    }
  }
  return predicate;
}

void Flatten(const PlanNode& node, const Expr& expr, std::vector<PlanPredicate>* predicates) {
  if (expr.kind == ExprKind::kAnd) {
    for (const Expr& arg : expr.args) Flatten(node, arg, predicates);
    return;
  }
  predicates->push_back(PredicateOf(node, expr));
}

// The caller's stack is enough to parse it: neither long chains of operators nor deep parentheses.
bool IsShallow(std::string_view condition) {
  constexpr size_t kBytesMax = 1000;
  constexpr int kDepthMax = 40;
  int depth = 0;
  for (char c : condition) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth > kDepthMax) return false;
  }
  return condition.size() <= kBytesMax;
}

std::vector<PlanPredicate> Parsed(const PlanNode& node, std::string_view condition) {
  std::vector<PlanPredicate> predicates;
  const std::string sql = "SELECT 1 FROM t WHERE " + WithoutSubplans(condition);
  const auto parse = [&](size_t) {
    const Statement statement = ReadStatement(sql);
    const Select* select = statement.As<Select>();
    if (select != nullptr && select->where.has_value()) Flatten(node, *select->where, &predicates);
  };
  if (IsShallow(condition)) {
    parse(0);
  } else {
    ParallelFor(1, 1, parse);
  }
  return predicates;
}

}  // namespace

std::vector<PlanPredicate> PredicatesOf(const PlanNode& node, std::string_view condition) {
  if (condition.empty() || condition.size() > 100'000) return {};
  // Several rules ask for the same node's, and plans of one query have the same conditions.
  constexpr size_t kKeptMax = 1000;
  thread_local absl::flat_hash_map<std::string, std::vector<PlanPredicate>> kept;
  std::string key = node.alias + '\n' + node.relation + '\n';
  key += condition;
  if (const auto known = kept.find(key); known != kept.end()) return known->second;
  if (kept.size() >= kKeptMax) kept.clear();
  return kept.emplace(std::move(key), Parsed(node, condition)).first->second;
}

std::vector<PlanPredicate> ScanPredicates(const Plan& plan, const PlanNode& scan) {
  std::vector<PlanPredicate> all = PredicatesOf(scan, scan.index_cond);
  const auto add = [&](const PlanNode& node, const std::string& condition) {
    for (PlanPredicate& predicate : PredicatesOf(node, condition)) {
      const bool known = std::any_of(all.begin(), all.end(), [&](const PlanPredicate& other) {
        return other.text == predicate.text;
      });
      if (!known) all.push_back(std::move(predicate));
    }
  };
  add(scan, scan.recheck_cond);
  add(scan, scan.filter);
  // Of a bitmap, the index scans that it is made of: their columns are the table's.
  if (scan.type == "Bitmap Heap Scan") {
    for (size_t i = static_cast<size_t>(scan.id) + 1; i < plan.nodes.size(); ++i) {
      const PlanNode& node = plan.nodes[i];
      if (node.depth <= scan.depth) break;
      if (node.type == "Bitmap Index Scan") add(scan, node.index_cond);
    }
  }
  return all;
}

const Relation* TableOf(const PlanNode& scan, const Catalog& catalog) {
  if (scan.relation.empty()) return nullptr;
  return catalog.Find(QualifiedName{scan.schema, scan.relation});
}

bool GivesOrderAlone(const PlanNode& scan) {
  const std::string& condition = scan.index_cond;
  return condition.empty() || (condition.ends_with(" IS NOT NULL)") &&
                               std::count(condition.begin(), condition.end(), '(') == 1);
}

std::string TableSql(const PlanNode& scan, const Catalog& catalog) {
  const Relation* table = TableOf(scan, catalog);
  return QuoteName(table != nullptr ? table->name : QualifiedName{scan.schema, scan.relation});
}

namespace {

// The column is of a type that a cast to text does not change, for all that the schema says.
bool IsCharacter(const PlanNode& scan, const Catalog& catalog, std::string_view column) {
  const Relation* table = TableOf(scan, catalog);
  const CatalogColumn* known = table == nullptr ? nullptr : table->FindColumn(column);
  if (known == nullptr) return true;
  const std::string& type = known->type.name.name;
  return type == "varchar" || type == "bpchar" || type == "text";
}

}  // namespace

std::string IndexFor(const PlanNode& scan, const Catalog& catalog,
                     const std::vector<PlanPredicate>& predicates,
                     const std::vector<std::string>& order, bool all_ranges) {
  std::vector<std::string> keys;
  const auto add = [&](const std::string& key) {
    if (key.empty() || std::find(keys.begin(), keys.end(), key) != keys.end()) return;
    keys.push_back(key);
  };
  for (const PlanPredicate& predicate : predicates) {
    if (predicate.kind != PlanPredicate::Kind::kEqual) continue;
    if (predicate.converted && !IsCharacter(scan, catalog, predicate.column)) continue;
    add(predicate.key);
  }
  for (const std::string& key : order) add(key);
  if (order.empty()) {
    for (const PlanPredicate& predicate : predicates) {
      if (predicate.kind != PlanPredicate::Kind::kRange || predicate.key.empty()) continue;
      add(predicate.key);
      if (!all_ranges) break;
    }
  }
  if (keys.empty() || scan.relation.empty()) return {};
  std::string list;
  for (const std::string& key : keys) {
    if (!list.empty()) list += ", ";
    list += key;
  }
  return "CREATE INDEX CONCURRENTLY ON " + TableSql(scan, catalog) + " (" + list + ")";
}

std::string IndexKeyOfSortKey(const PlanNode& scan, std::string_view key) {
  std::string_view rest = Trim(key);
  std::string order;
  for (std::string_view word : {" NULLS FIRST", " NULLS LAST"}) {
    if (rest.ends_with(word)) {
      order = std::string(word);
      rest.remove_suffix(word.size());
    }
  }
  if (rest.ends_with(" DESC")) {
    order = " DESC" + order;
    rest.remove_suffix(5);
  }
  while (rest.starts_with('(') && rest.ends_with(')')) {
    rest = Trim(rest.substr(1, rest.size() - 2));
  }
  if (rest.ends_with(")::text") && rest.starts_with('(')) rest = rest.substr(1, rest.size() - 8);
  for (const std::string* label : {&scan.alias, &scan.relation}) {
    const std::string prefix = *label + ".";
    if (!label->empty() && rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  }
  const bool quoted = rest.size() > 2 && rest.front() == '"' && rest.back() == '"' &&
                      rest.find('"', 1) == rest.size() - 1;
  for (char c : rest) {
    const bool word =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || (c & 0x80) != 0;
    if (!word && !quoted) return {};
  }
  return rest.empty() ? std::string() : std::string(rest) + order;
}

std::string ColumnOfSortKey(const PlanNode& scan, std::string_view key) {
  std::string name = IndexKeyOfSortKey(scan, key);
  if (name.starts_with('"')) return name.substr(1, name.find('"', 1) - 1);
  return name.substr(0, name.find(' '));
}

}  // namespace pgsift
