#ifndef PGSIFT_RULES_ADVISOR_INDEX_DESIGN_H_
#define PGSIFT_RULES_ADVISOR_INDEX_DESIGN_H_

#include <string>
#include <vector>

#include "rules/advisor/scans.h"
#include "rules/advisor/table_facts.h"

namespace pgsift {

// One key of an index.
struct DesignKey {
  std::string key;  // As Need::key.
  bool expression = false;
  std::string column;  // The one column that an expression reads; equals `key` for columns.
  bool descending = false;
  bool nulls_first = false;
  std::string opclass;  // Empty: the default one.
};

// An index that is there or could be. Owns its text; not thread-safe while it is made.
struct IndexDesign {
  const Relation* table = nullptr;
  const Relation* existing = nullptr;  // Null: a proposal.
  std::string method = "btree";
  std::vector<DesignKey> keys;
  std::vector<std::string> include;
  std::vector<Need> predicate;    // Partial: joined by AND.
  bool opaque_predicate = false;  // Its predicate says more than `predicate` can hold.
  bool unique = false;
  double share = 1;   // Of the table's rows that are in it.
  double pages = 1;   // Of 8 kB, all levels.
  double height = 1;  // Levels above the leaves.

  double bytes() const { return pages * 8192; }
  // The WHERE of a proposal; empty: not partial.
  std::string Where() const;
  // Equal for equal indexes of one table.
  std::string Signature() const;
  // Holds the column: an index-only scan can return it.
  bool Stores(const std::string& column) const;
};

// An index of the catalog; its size from the statistics where they have it.
IndexDesign DesignOf(const Relation& index, const Relation& table, const TableFacts& facts,
                     const Snapshot* snapshot);
// Works out share, pages and height. A btree's leaves are 90 % full; equal keys are stored once
// with a list of rows (PostgreSQL 13 and later, not with INCLUDE).
void SizeUp(const TableFacts& facts, IndexDesign* design);

// Every row that the statement asks for is in the index, and PostgreSQL can tell: each condition of
// the predicate is one of `needs` or follows from them, as src/backend/optimizer/util/predtest.c
// proves it.
bool PredicateHolds(const IndexDesign& design, const std::vector<const Need*>& needs);

// "{table}_{columns}_idx", at most 63 bytes, not in `taken` nor in the catalog; adds it to `taken`.
std::string NameOf(const IndexDesign& design, const Catalog& catalog,
                   std::set<QualifiedName>* taken);
// CREATE INDEX CONCURRENTLY …; (without CONCURRENTLY for partitioned tables, which cannot).
std::string CreateSqlOf(const IndexDesign& design, const std::string& name, bool concurrently);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_INDEX_DESIGN_H_
