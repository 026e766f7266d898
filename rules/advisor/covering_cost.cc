#include "rules/advisor/covering_cost.h"

#include <algorithm>
#include <vector>

namespace pgsift {
namespace {

// Rows that the ORDER BY … LIMIT of the comparison asks for.
constexpr double kFirstRows = 10;

struct Trial {
  IndexSearch search;
  bool first_rows = false;
};

// By equal keys alone, and with a range of the next one behind them.
std::vector<Trial> TrialsOf(const IndexDesign& index, const TableFacts& table) {
  std::vector<Trial> trials;
  const ColumnFacts& first = table.Column(index.keys.front().key);
  IndexSearch whole;
  whole.correlation = index.keys.front().expression ? 0 : first.correlation;
  double equal = 1;
  for (const DesignKey& key : index.keys) {
    for (const double range : {0.001, 0.02, 0.2}) {
      IndexSearch search = whole;
      search.boundary_share = search.index_share = equal * range;
      search.quals = 1;
      trials.push_back({.search = search});
    }
    equal /= std::max(1.0, key.expression ? table.rows / 5 : table.Column(key.key).distinct);
    equal = std::max(equal, 1 / std::max(1.0, table.rows));
    IndexSearch search = whole;
    search.boundary_share = search.index_share = equal;
    search.quals = 1;
    trials.push_back({.search = search});
  }
  trials.push_back({.search = whole, .first_rows = true});
  whole.index_only = true;
  trials.push_back({.search = whole});
  return trials;
}

double CostOf(const Trial& trial, const IndexDesign& index, const TableFacts& table,
              const CostSettings& settings) {
  const IndexSearch& search = trial.search;
  const double rows = std::max(1.0, table.rows * index.share * search.index_share);
  const PathCost scan = IndexScanCost(settings, table, index, search);
  if (trial.first_rows) {
    const double part = std::min(1.0, kFirstRows / rows);
    return scan.startup + (scan.total - scan.startup) * part;
  }
  const double whole = SeqScanCost(settings, table, 1, rows).total;
  double cost = std::min(scan.total, whole);
  if (!search.index_only) {
    const double bitmap = IndexSearchCost(settings, table, index, search);
    cost = std::min(cost, BitmapHeapCost(settings, table, bitmap, rows, 0, 1).total);
  }
  return cost;
}

}  // namespace

double CoveringCost(const IndexDesign& shorter, const IndexDesign& longer, const TableFacts& table,
                    const CostSettings& settings) {
  double most = 0;
  for (const Trial& trial : TrialsOf(shorter, table)) {
    const double before = CostOf(trial, shorter, table, settings);
    const double after = CostOf(trial, longer, table, settings);
    if (before > 0) most = std::max(most, after / before - 1);
  }
  return most;
}

}  // namespace pgsift
