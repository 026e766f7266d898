#ifndef PGSIFT_RULES_ADVISOR_SCANS_H_
#define PGSIFT_RULES_ADVISOR_SCANS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "parser/catalog.h"
#include "parser/statement.h"
#include "rules/advisor/constant_value.h"

namespace pgsift {

// What a condition asks of an index.
enum class NeedKind : uint8_t {
  kEqual,     // column = value.
  kIn,        // column IN (…), = ANY (…).
  kRange,     // <, <=, >, >=, BETWEEN; both ends of one column are one need.
  kPrefix,    // LIKE 'abc%'.
  kInfix,     // LIKE '%abc%', ILIKE, regular expressions.
  kContains,  // @>, <@, &&, ?, @@ and their like: GIN and GiST.
  kNull,
  kNotNull,
  kNotEqual,
  kOther,
};

// A condition on the rows of one table. Owns its text.
struct Need {
  NeedKind kind = NeedKind::kOther;
  size_t table = 0;         // Index into Level::tables.
  std::string key;          // The column's name, or the expression as an index would hold it.
  bool expression = false;  // `key` is an expression.
  std::string column;       // The one column that it reads; empty: several, or not known.
  std::string op;           // "=", "@>", "ILIKE".
  std::string sql;        // The condition as a partial index would hold it, if it is all literals.
  bool outer = false;     // Compared with a column of an outer level: a value, but not known.
  bool per_call = false;  // Compared with a parameter: no partial index can be proved to fit.
  std::vector<std::string> values;  // kEqual, kIn, kPrefix, kInfix, kContains; empty: not known.
  double elements = 1;              // kIn: how many.
  bool has_low = false, has_high = false;
  std::optional<std::string> low, high;      // kRange, where they are known.
  bool low_open = false, high_open = false;  // > and <: the ends are not in it.
  std::vector<std::vector<Need>> arms;       // kOther: an OR of these, each joined by AND.
};

// Equality between two tables of one level.
struct JoinClause {
  size_t tables[2] = {0, 0};
  std::string columns[2];
};

struct OrderKey {
  size_t table = 0;
  std::string key;  // As Need::key.
  bool expression = false;
  bool descending = false;
  bool nulls_first = false;
};

// OR of conditions on one table, each arm a list joined by AND.
struct OrNeed {
  size_t table = 0;
  std::vector<std::vector<Need>> arms;
  Need whole;  // The same as one condition.
};

struct LevelTable {
  const Relation* relation = nullptr;  // Null: a sub-select, a WITH table, a table not known.
  size_t level = kNoLevel;             // Of a sub-select: where its rows come from.
  std::string label;
  bool nullable = false;  // On the null side of an outer join: comes after what it hangs on.
  bool semi = false;      // Of EXISTS or IN: a row of the others is kept once.
  bool anti = false;      // Of NOT EXISTS.
  bool lateral = false;   // Depends on tables in front of it.
  bool written = false;   // Target of UPDATE, DELETE, MERGE: rows are fetched whatever is read.
  bool all_columns = false;
  std::set<std::string> needed;  // Columns that the statement reads,
  std::set<std::string> shown;   // of these, not only to test one of `Level::needs`.
  // A recursive WITH table inside itself: its rows are those that the last step gave.
  bool work_table = false;
  static constexpr size_t kNoLevel = static_cast<size_t>(-1);
};

// One SELECT, UPDATE or DELETE with everything that PostgreSQL plans together with it: views, plain
// sub-selects and WITH tables are dissolved, EXISTS and IN are joins.
struct Level {
  std::vector<LevelTable> tables;
  std::vector<Need> needs;
  std::vector<OrNeed> ors;
  std::vector<JoinClause> joins;
  std::vector<OrderKey> order;
  bool order_known = true;  // All keys of ORDER BY are columns or expressions of one table.
  bool order_wanted = false;
  std::vector<OrderKey> group;  // GROUP BY or DISTINCT.
  bool grouped = false, aggregated = false;
  double limit = -1;                         // With OFFSET; -1: none.
  size_t per_row_of = LevelTable::kNoLevel;  // Runs for each row of that level.
  std::optional<OrderKey> extremes[2];       // min(), max() of a column, all that is read.
  double filters = 0;                        // Conditions that no table answers alone.
  bool set_operation = false;                // Its tables are the sides of a UNION and its like.
  bool recursive_arm = false;                // Runs once for each step of a recursion.
};

// All that a statement asks of its tables.
struct StatementScans {
  std::vector<Level> levels;          // The outermost first.
  const Relation* written = nullptr;  // INSERT, UPDATE, DELETE, MERGE.
  char command = 's';                 // 's', 'i', 'u', 'd', 'm'.
  std::vector<std::string> assigned;  // UPDATE … SET.
  std::vector<std::string> arbiter;   // ON CONFLICT (…).
  std::vector<std::string> unknown;   // Tables that the schema lacks.
};

// Reads a statement's needs. Names that the catalog does not know stay out.
StatementScans ScansOf(const Statement& statement, const Catalog& catalog,
                       const ValueContext& values);

// The conditions of one text, `a = 1 AND b > 2`, over one table.
std::vector<Need> NeedsOf(const Expr& condition, const Relation& table);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_SCANS_H_
