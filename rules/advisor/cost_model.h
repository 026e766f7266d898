#ifndef PGSIFT_RULES_ADVISOR_COST_MODEL_H_
#define PGSIFT_RULES_ADVISOR_COST_MODEL_H_

#include "ingest/snapshot/snapshot.h"
#include "rules/advisor/index_design.h"

namespace pgsift {

// The planner's prices: the settings of the same names. Costs are in its units: 1 is a page read in
// order.
struct CostSettings {
  double seq_page = 1, random_page = 4;
  double cpu_tuple = 0.01, cpu_index_tuple = 0.005, cpu_operator = 0.0025;
  double parallel_setup = 1000, parallel_tuple = 0.1;
  double parallel_table_pages = 1024;  // min_parallel_table_scan_size.
  double workers_max = 2;              // max_parallel_workers_per_gather.
  double cache_pages = 524'288;        // effective_cache_size.
  double work_mem = 4 << 20;           // Bytes.
};
// From the statistics' settings; the defaults where there are none.
CostSettings SettingsOf(const Snapshot* snapshot);

// What a way to read a table costs, once.
struct PathCost {
  double startup = 0, total = 0;
};

// Reads the whole table, `filters` conditions on each row; `rows_out` of them are kept.
PathCost SeqScanCost(const CostSettings& settings, const TableFacts& table, double filters,
                     double rows_out);

// How an index is searched.
struct IndexSearch {
  double boundary_share = 1;  // Of the index's rows that lie between the ends of the search.
  double index_share = 1;     // Of the index's rows that pass all conditions on its columns.
  double searches = 1;        // = ANY: one for each value.
  double quals = 0;           // Conditions checked in the index.
  double filters = 0;         // Conditions checked on the rows.
  double loops = 1;           // How often it is run with other values.
  bool index_only = false;
  double correlation = 0;  // Of the index's first column.
};
// Row by row, in the order of the index.
PathCost IndexScanCost(const CostSettings& settings, const TableFacts& table,
                       const IndexDesign& index, const IndexSearch& search);
// The searches alone, for bitmaps.
double IndexSearchCost(const CostSettings& settings, const TableFacts& table,
                       const IndexDesign& index, const IndexSearch& search);
// Rows of the table in the order of its pages, after the bitmap was built for `index_cost`.
PathCost BitmapHeapCost(const CostSettings& settings, const TableFacts& table, double index_cost,
                        double rows, double filters, double loops);
// GIN, GiST and BRIN: always a bitmap.
double LossyIndexCost(const CostSettings& settings, const TableFacts& table,
                      const IndexDesign& index, const Need& need, double share);

// Sorts `rows` of `width` bytes; `limit` >= 0: only the first so many are wanted.
double SortCost(const CostSettings& settings, double rows, double width, double limit);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_COST_MODEL_H_
