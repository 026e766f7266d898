#ifndef PGSIFT_RULES_ADVISOR_STATEMENT_COST_H_
#define PGSIFT_RULES_ADVISOR_STATEMENT_COST_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "rules/advisor/access_match.h"
#include "rules/advisor/cost_model.h"
#include "rules/advisor/scans.h"

namespace pgsift {

// Which indexes are there, by table. The designs are the caller's.
class IndexSet {
 public:
  IndexSet() = default;
  // What `base` holds, which must outlive this set and not change, for a trial: only the tables
  // that are changed are copied.
  static IndexSet Over(const IndexSet& base);

  void Add(const IndexDesign* design) { Own(design->table).push_back(design); }
  void Remove(const IndexDesign* design);
  const std::vector<const IndexDesign*>& Of(const Relation* table) const;

 private:
  std::vector<const IndexDesign*>& Own(const Relation* table);

  const IndexSet* base_ = nullptr;
  std::map<const Relation*, std::vector<const IndexDesign*>> by_table_;
};

// What a statement costs with a given set of indexes: its scans and joins planned as PostgreSQL
// would, coarsely. Made once per statement; Cost is const and thread-safe.
class StatementCost {
 public:
  // `samples` are the scans of other executions of the same shape, whose selectivities are
  // averaged; those that look different are left out.
  // `varies`: executions had other constants.
  StatementCost(StatementScans scans, std::span<const StatementScans> samples, bool varies,
                FactsOfTables* facts, const CostSettings& settings);

  // In the planner's units, for one execution. `used`, if not null, gets the indexes it uses.
  double Cost(const IndexSet& indexes, std::set<const IndexDesign*>* used = nullptr) const;
  // Some table of the statement could be read by it.
  bool Concerns(const IndexDesign& design) const;

  const StatementScans& scans() const { return scans_; }
  const TableFacts* FactsOf(size_t level, size_t table) const {
    return levels_[level].tables[table].facts;
  }
  double ShareOf(size_t level, size_t need) const { return levels_[level].shares[need]; }
  // Rows that a level gives.
  double RowsOf(size_t level) const { return levels_[level].rows_out; }
  double RowsOf(size_t level, size_t table) const { return levels_[level].tables[table].rows; }
  // Columns that joins compare, of a table of a level.
  const std::vector<std::string>& JoinColumnsOf(size_t level, size_t table) const {
    return levels_[level].tables[table].join_columns;
  }

 private:
  struct Member {
    size_t table = 0;
    std::string column;
    double distinct = 1;
  };
  // Columns that joins make equal.
  struct EqualClass {
    std::vector<Member> members;
    bool constant = false;  // Also equal to a value.
  };
  struct PlannedTable {
    const TableFacts* facts = nullptr;  // Null: no base table.
    std::vector<size_t> needs, ors;
    double rows = 1;  // After its own conditions.
    double width = 32;
    uint32_t neighbors = 0, after = 0;  // Tables it joins; that must come before it.
    std::vector<std::string> join_columns;
  };
  struct PlannedLevel {
    std::vector<double> shares, or_shares;
    std::vector<PlannedTable> tables;
    std::vector<EqualClass> classes;
    std::vector<OrderKey> wanted;  // The order that saves a sort.
    double rows_all = 1, groups = 1, rows_out = 1, executions = 1;
    bool prepared = false;
  };
  struct TablePath {
    PathCost cost;
    const IndexDesign* index = nullptr;
    bool valid = false;
    std::vector<const IndexDesign*> others;  // Of the other arms of an OR.
    bool skips = false;  // Rows that it reads are thrown away by conditions it cannot search by.
  };
  struct Plan {
    PathCost cost;
    const IndexDesign* used[8] = {};
    size_t count = 0;
    bool valid = false;
    bool skips = false;
    void Use(const IndexDesign* index) {
      if (index != nullptr && count < 8) used[count++] = index;
    }
    void Use(const TablePath& path) {
      Use(path.index);
      for (const IndexDesign* other : path.others) Use(other);
    }
  };
  struct State {
    uint32_t mask = 0;
    Plan cheapest, ordered;
  };

  void PrepareAll(size_t level, std::span<const StatementScans> samples, FactsOfTables* facts);
  void Prepare(size_t level, std::span<const StatementScans> samples, FactsOfTables* facts);
  void PrepareClasses(Level* level, PlannedLevel* planned, FactsOfTables* facts);
  void PrepareRows(const Level& level, PlannedLevel* planned);
  double RowsOfSides(const Level& level, const PlannedLevel& planned) const;
  double RowsOfMask(const Level& level, const PlannedLevel& planned, uint32_t mask) const;
  std::vector<AccessTerm> TermsOf(const Level& level, const PlannedLevel& planned, size_t table,
                                  uint32_t mask, const std::vector<Need>* arm) const;
  bool Ordered(const PlannedLevel& planned, size_t table, const IndexDesign& index,
               const AccessMatch& match, const std::vector<OrderKey>& wanted) const;
  void Paths(const Level& level, const PlannedLevel& planned, size_t table, uint32_t mask,
             double loops, const IndexSet& indexes, const std::vector<OrderKey>* wanted,
             TablePath* cheapest, TablePath* ordered) const;
  void BitmapOr(const Level& level, const PlannedLevel& planned, size_t table, double loops,
                const IndexSet& indexes, TablePath* cheapest) const;
  static double LoopsOf(const PlannedLevel& planned, size_t table, uint32_t mask, double rows);
  Plan LevelPlan(size_t level, const IndexSet& indexes) const;
  Plan Finished(const Level& level, const PlannedLevel& planned, const State& state) const;

  double ShareOfNeed(size_t level, size_t need, const TableFacts& table,
                     std::span<const StatementScans> samples) const;

  StatementScans scans_;
  bool varies_ = false;
  std::vector<PlannedLevel> levels_;
  CostSettings settings_;
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_STATEMENT_COST_H_
