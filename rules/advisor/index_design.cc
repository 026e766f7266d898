#include "rules/advisor/index_design.h"

#include <algorithm>
#include <cmath>

#include "rules/advisor/gin_size.h"
#include "rules/advisor/index_match.h"
#include "rules/advisor/member_facts.h"
#include "rules/advisor/selectivity.h"

namespace pgsift {
namespace {

constexpr double kLeafBytes = 7373;  // 8192 bytes, 90 % full.

constexpr double kPartBytes = 24;  // Of what an expression takes out of a column.

double Aligned(double bytes) { return 8 * std::ceil(bytes / 8); }

std::string KeySql(const DesignKey& key) {
  std::string sql = key.expression ? key.key : QuoteIdentifier(key.key);
  // A function call stands bare, anything else in parentheses.
  if (key.expression) {
    const bool call =
        sql.ends_with(')') && !sql.starts_with('(') && sql.find_first_of(" :") > sql.find('(');
    const int depth_zero = [&] {
      int depth = 0;
      for (size_t i = 0; i + 1 < sql.size(); ++i) {
        if (sql[i] == '(') ++depth;
        if (sql[i] == ')' && --depth == 0) return static_cast<int>(i);
      }
      return -1;
    }();
    if (!call || depth_zero >= 0) sql = "(" + sql + ")";
  }
  if (!key.opclass.empty()) sql += " " + key.opclass;
  if (key.descending) sql += " DESC";
  if (key.nulls_first != key.descending) sql += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return sql;
}

std::string Word(const DesignKey& key) {
  std::string word;
  for (char c : key.key) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (letter) {
      word += c;
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  while (word.ends_with('_')) word.pop_back();
  return word;
}

}  // namespace

std::string IndexDesign::Where() const {
  std::string where;
  for (const Need& need : predicate) {
    if (!where.empty()) where += " AND ";
    where += need.sql;
  }
  return where;
}

std::string IndexDesign::Signature() const {
  std::string text = table->name.ToString() + " " + method;
  for (const DesignKey& key : keys) text += "|" + KeySql(key);
  std::vector<std::string> rest = include;
  std::sort(rest.begin(), rest.end());
  for (const std::string& column : rest) text += "+" + column;
  std::vector<std::string> parts;
  for (const Need& need : predicate) parts.push_back(need.sql);
  std::sort(parts.begin(), parts.end());
  for (const std::string& part : parts) text += "?" + part;
  return text;
}

bool IndexDesign::Stores(const std::string& column) const {
  if (method != "btree") return false;
  for (const DesignKey& key : keys) {
    if (!key.expression && key.key == column) return true;
  }
  return std::find(include.begin(), include.end(), column) != include.end();
}

void SizeUp(const TableFacts& facts, IndexDesign* design) {
  design->share = 1;
  for (const Need& need : design->predicate) {
    design->share *= need.arms.empty()
                         ? SelectivityOf(need, facts)
                         : SelectivityOf(OrNeed{.table = 0, .arms = need.arms, .whole = {}}, facts);
  }
  const double rows = std::max(1.0, facts.rows * design->share);
  double bytes = 0;
  if (design->method == "brin") {
    bytes = 8192 * 3 + facts.pages / 128 * 24 * static_cast<double>(design->keys.size());
  } else if (design->method == "gin") {
    bytes = GinBytes(*design, facts, rows);
  } else if (design->method == "gist" || design->method == "spgist") {
    double width = 0;
    for (const DesignKey& key : design->keys)
      width += Aligned(std::max(8.0, facts.Column(key.column).width));
    bytes = rows * (width + 16) * 1.35;
  } else {
    double width = 0;
    double distinct = 1;
    for (const DesignKey& key : design->keys) {
      const std::optional<MemberFacts> member =
          key.expression ? FactsOfMember(key.key, facts) : std::nullopt;
      const ColumnFacts& column = member.has_value() ? member->column : facts.Column(key.column);
      const double each = std::max(1.0, column.width * (1 - column.null_fraction));
      // A member of a document, a part of a text: shorter than its column, and with repetitions.
      const bool part = key.expression && !member.has_value() && !key.key.starts_with("lower(") &&
                        !key.key.starts_with("upper(");
      width += part ? std::min(kPartBytes, each) : each;
      distinct = std::min(rows, distinct * (part ? std::max(1.0, rows / 5) : column.distinct));
    }
    for (const std::string& name : design->include) {
      const ColumnFacts& column = facts.Column(name);
      width += std::max(1.0, column.width * (1 - column.null_fraction));
    }
    if (design->method == "hash") {
      bytes = rows * 20;
    } else {
      const double entry = 12 + Aligned(width);
      const double copies = rows / std::max(1.0, std::min(rows, distinct));
      const bool listed = copies > 2 && design->include.empty();
      const double each = listed ? std::min(entry, 6.5 + entry / copies) : entry;
      bytes = rows * each * 8192 / kLeafBytes;
    }
  }
  design->pages = std::max(1.0, std::ceil(bytes / 8192)) + 1;
  design->height = std::max(0.0, std::ceil(std::log(design->pages) / std::log(250.0)));
}

IndexDesign DesignOf(const Relation& index, const Relation& table, const TableFacts& facts,
                     const Snapshot* snapshot) {
  const CatalogIndex& from = *index.index;
  IndexDesign design;
  design.table = &table;
  design.existing = &index;
  design.method = from.method;
  design.include = from.include;
  design.unique = from.unique;
  for (const IndexElement& element : from.elements) {
    DesignKey key;
    if (!element.column.empty()) {
      key.key = key.column = element.column;
    } else if (element.expr != nullptr) {
      key.expression = true;
      key.key = BareSql(*element.expr);
      WalkExpr(*element.expr, [&](const Expr& inner) {
        if (inner.IsColumn()) key.column = std::string(inner.LastName());
      });
    }
    key.descending = element.direction == SortDirection::kDescending;
    key.nulls_first = element.nulls == NullsOrder::kFirst ||
                      (element.nulls == NullsOrder::kDefault && key.descending);
    if (element.opclass.ends_with("_pattern_ops") || from.method != "btree")
      key.opclass = element.opclass;
    design.keys.push_back(std::move(key));
  }
  if (from.where != nullptr) {
    design.predicate = NeedsOf(*from.where, table);
    for (const Need& need : design.predicate)
      design.opaque_predicate = design.opaque_predicate || need.sql.empty();
  }
  SizeUp(facts, &design);
  if (snapshot != nullptr) {
    const double bytes = snapshot->IndexBytes(index.name);
    if (bytes > 0) {
      design.pages = std::max(1.0, bytes / 8192);
      design.height = std::ceil(std::log(design.pages) / std::log(250.0));
    }
  }
  return design;
}

std::string NameOf(const IndexDesign& design, const Catalog& catalog,
                   std::set<QualifiedName>* taken) {
  std::string joined;
  for (const DesignKey& key : design.keys) {
    if (!joined.empty()) joined += '_';
    joined += Word(key);
  }
  for (int n = 0;; ++n) {
    const std::string label = n == 0 ? "idx" : "idx" + std::to_string(n);
    const QualifiedName name{design.table->name.schema,
                             MakeObjectName(design.table->name.name, joined, label)};
    if (catalog.Find(name) == nullptr && taken->insert(name).second) return name.name;
  }
}

std::string CreateSqlOf(const IndexDesign& design, const std::string& name, bool concurrently) {
  std::string sql = "CREATE INDEX ";
  if (concurrently) sql += "CONCURRENTLY ";
  sql += QuoteIdentifier(name) + " ON " + QuoteName(design.table->name);
  if (design.method != "btree") sql += " USING " + design.method;
  sql += " (";
  for (size_t i = 0; i < design.keys.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += KeySql(design.keys[i]);
  }
  sql += ")";
  for (size_t i = 0; i < design.include.size(); ++i) {
    sql += i == 0 ? " INCLUDE (" : ", ";
    sql += QuoteIdentifier(design.include[i]);
    if (i + 1 == design.include.size()) sql += ")";
  }
  if (!design.predicate.empty()) sql += " WHERE " + design.Where();
  return sql + ";";
}

}  // namespace pgsift
