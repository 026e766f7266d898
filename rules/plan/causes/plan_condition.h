#ifndef PGSIFT_RULES_PLAN_CAUSES_PLAN_CONDITION_H_
#define PGSIFT_RULES_PLAN_CAUSES_PLAN_CONDITION_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan/plan.h"
#include "parser/catalog.h"

namespace pgsift {

// One of the conditions that a node's "Filter", "Index Cond" … joins by AND.
struct PlanPredicate {
  enum class Kind : uint8_t { kEqual, kRange, kOther } kind = Kind::kOther;
  std::string text;        // In one canonical spelling.
  std::string column;      // Of the node's own relation that it is about; empty: none, or several.
  std::string key;         // What an index would hold: `status`, `lower(email)`; empty: nothing.
  bool wrapped = false;    // The key is an expression over the column.
  bool converted = false;  // Through a cast to text, which costs nothing for varchar alone.
  bool constant = false;   // Compared with a literal, not with a value known at run time.
  std::vector<std::string> columns;  // All columns of the node's relation in it.
};

// The conditions of a text as EXPLAIN prints it, in their order; those under OR are one. Columns
// that are qualified with another name than the node's alias are values that come from elsewhere.
// Empty for a text that the grammar rejects.
std::vector<PlanPredicate> PredicatesOf(const PlanNode& node, std::string_view condition);

// The conditions of everything that restricts what a scan returns: Index Cond, Recheck Cond,
// Filter, and those of the index scans below a Bitmap Heap Scan.
std::vector<PlanPredicate> ScanPredicates(const Plan& plan, const PlanNode& scan);

// CREATE INDEX for these conditions: compared for equality first, then `order`, then one range.
// or with `all_ranges` every one, so that the index can check them all. "" if no btree index could
// serve any of them.
std::string IndexFor(const PlanNode& scan, const Catalog& catalog,
                     const std::vector<PlanPredicate>& predicates,
                     const std::vector<std::string>& order = {}, bool all_ranges = false);

// The sort key without direction, its table's qualifier taken off, if it is a column of the node's
// relation: "o.created_at DESC" -> "created_at". Else "".
std::string ColumnOfSortKey(const PlanNode& scan, std::string_view key);
// "created_at DESC", as an index takes it. "" as above.
std::string IndexKeyOfSortKey(const PlanNode& scan, std::string_view key);

// The index finds nothing, it only gives an order: no condition, or that of min() and max(),
// "(at IS NOT NULL)".
bool GivesOrderAlone(const PlanNode& scan);

// The scanned relation as the catalog knows it, quoted for SQL.
std::string TableSql(const PlanNode& scan, const Catalog& catalog);
const Relation* TableOf(const PlanNode& scan, const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_PLAN_CAUSES_PLAN_CONDITION_H_
