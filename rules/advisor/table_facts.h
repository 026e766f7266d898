#ifndef PGSIFT_RULES_ADVISOR_TABLE_FACTS_H_
#define PGSIFT_RULES_ADVISOR_TABLE_FACTS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "rules/evidence.h"

namespace pgsift {

// What is known, or assumed, of a column.
struct ColumnFacts {
  double distinct = 200;                         // Different values, not a share.
  double null_fraction = 0;                      // 0 to 1.
  double width = 8;                              // Bytes.
  double correlation = 0;                        // Of the values' order with the rows'; -1 to 1.
  const ColumnStatistics* statistics = nullptr;  // Null: assumed by name and type.
};

// What is known, or assumed, of a table.
struct TableFacts {
  const Relation* relation = nullptr;
  double rows = 100'000;
  double pages = 1000;    // Of 8 kB.
  double width = 80;      // A row's bytes.
  double visible = 0.9;   // Share of the pages that index-only scans need not look into.
  bool known = false;     // Sizes are from statistics or a plan.
  bool analyzed = false;  // Statistics of its columns are there.
  const TableStatistics* statistics = nullptr;
  std::map<std::string, ColumnFacts> columns;  // Of the relation's own columns.

  // An unknown name gives what is assumed of any column.
  const ColumnFacts& Column(const std::string& name) const;
};

// Statistics where there are some, else sizes that plans show, else assumptions: 100,000 rows; a
// foreign key has as many values as its parent rows; flags two, columns named like states ten.
class FactsOfTables {
 public:
  explicit FactsOfTables(const Evidence& evidence);
  // Thread-safe; the result lives as long as this.
  const TableFacts& Of(const Relation& table);

 private:
  void ReadPlans();
  std::unique_ptr<TableFacts> Make(const Relation& table);
  ColumnFacts MakeColumn(const Relation& table, const CatalogColumn& column,
                         const TableFacts& facts) const;
  const ColumnStatistics* StatisticsOf(const Relation& table, const std::string& column) const;

  const Evidence& evidence_;
  const Snapshot* snapshot_;
  std::mutex mutex_;
  std::map<QualifiedName, double> rows_of_plans_;
  std::map<RelationId, std::unique_ptr<TableFacts>> facts_;
};

// Bytes of a value of that type where nothing is known of it.
double WidthOfType(const TypeName& type);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_TABLE_FACTS_H_
