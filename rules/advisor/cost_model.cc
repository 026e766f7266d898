// The formulas of src/backend/optimizer/path/costsize.c and src/backend/utils/adt/selfuncs.c, as
// far as choosing indexes needs them.

#include "rules/advisor/cost_model.h"

#include <algorithm>
#include <cmath>

namespace pgsift {
namespace {

constexpr double kRowsPerBrinRange = 128;  // Pages.

// Mackert and Lohman: pages fetched for `tuples` random rows of a table of `pages`.
double PagesFetched(const CostSettings& settings, double tuples, double pages) {
  const double t = std::max(1.0, pages);
  const double b = std::max(1.0, settings.cache_pages);
  if (t <= b) return std::min(t, std::ceil(2 * t * tuples / (2 * t + tuples)));
  const double limit = 2 * t * b / (2 * t - b);
  if (tuples <= limit) return std::ceil(2 * t * tuples / (2 * t + tuples));
  return std::ceil(b + (tuples - limit) * (t - b) / t);
}

double Workers(const CostSettings& settings, double pages) {
  double workers = 0;
  for (double least = settings.parallel_table_pages;
       pages >= least && workers < settings.workers_max; least *= 3) {
    ++workers;
  }
  return workers;
}

}  // namespace

CostSettings SettingsOf(const Snapshot* snapshot) {
  CostSettings settings;
  if (snapshot == nullptr) return settings;
  settings.seq_page = snapshot->Setting("seq_page_cost", settings.seq_page);
  settings.random_page = snapshot->Setting("random_page_cost", settings.random_page);
  settings.cpu_tuple = snapshot->Setting("cpu_tuple_cost", settings.cpu_tuple);
  settings.cpu_index_tuple = snapshot->Setting("cpu_index_tuple_cost", settings.cpu_index_tuple);
  settings.cpu_operator = snapshot->Setting("cpu_operator_cost", settings.cpu_operator);
  settings.parallel_setup = snapshot->Setting("parallel_setup_cost", settings.parallel_setup);
  settings.parallel_tuple = snapshot->Setting("parallel_tuple_cost", settings.parallel_tuple);
  settings.workers_max = snapshot->Setting("max_parallel_workers_per_gather", settings.workers_max);
  settings.cache_pages =
      snapshot->SettingBytes("effective_cache_size", settings.cache_pages * 8192) / 8192;
  settings.work_mem = snapshot->SettingBytes("work_mem", settings.work_mem);
  return settings;
}

PathCost SeqScanCost(const CostSettings& settings, const TableFacts& table, double filters,
                     double rows_out) {
  const double cpu = table.rows * (settings.cpu_tuple + filters * settings.cpu_operator);
  const double pages = table.pages * settings.seq_page;
  PathCost cost{.startup = 0, .total = pages + cpu};
  if (const double workers = Workers(settings, table.pages); workers > 0) {
    const double divisor = workers + std::max(0.0, 1 - 0.3 * workers);
    const double parallel =
        pages + cpu / divisor + settings.parallel_setup + rows_out * settings.parallel_tuple;
    if (parallel < cost.total) cost = {.startup = settings.parallel_setup, .total = parallel};
  }
  return cost;
}

double IndexSearchCost(const CostSettings& settings, const TableFacts& table,
                       const IndexDesign& index, const IndexSearch& search) {
  const double entries = std::max(1.0, table.rows * index.share);
  const double visited =
      std::max(1.0, std::round(entries * search.boundary_share / search.searches));
  double pages = std::max(1.0, std::ceil(visited * index.pages / entries));
  const double scans = search.searches * search.loops;
  double cost = 0;
  if (scans > 1) {
    pages = PagesFetched(settings, pages * scans, index.pages) / search.loops;
    cost = pages * settings.random_page;
  } else {
    cost = pages * settings.random_page;
  }
  cost +=
      visited * search.searches * (settings.cpu_index_tuple + search.quals * settings.cpu_operator);
  cost += search.searches * (std::ceil(std::log2(entries + 1)) * settings.cpu_operator +
                             (index.height + 1) * 50 * settings.cpu_operator);
  return cost;
}

PathCost IndexScanCost(const CostSettings& settings, const TableFacts& table,
                       const IndexDesign& index, const IndexSearch& search) {
  const double entries = std::max(1.0, table.rows * index.share);
  const double index_cost = IndexSearchCost(settings, table, index, search);
  const double share = std::min(search.index_share, search.boundary_share) * index.share;
  const double tuples = std::max(1.0, std::round(entries * search.index_share));
  double most = 0;
  double least = 0;
  const double seen = search.index_only ? 1 - table.visible : 1;
  if (search.loops > 1) {
    const double pages = PagesFetched(settings, tuples * search.loops, table.pages) * seen;
    most = pages * settings.random_page / search.loops;
    const double near =
        PagesFetched(settings, std::ceil(share * table.pages) * search.loops, table.pages) * seen;
    least = near * settings.random_page / search.loops;
  } else {
    const double pages = std::ceil(PagesFetched(settings, tuples, table.pages) * seen);
    most = pages * settings.random_page;
    const double near = std::ceil(std::ceil(share * table.pages) * seen);
    if (near > 0) least = settings.random_page + (near - 1) * settings.seq_page;
  }
  double correlation = search.correlation;
  if (index.keys.size() > 1) correlation *= 0.75;
  const double io = most + correlation * correlation * (std::min(least, most) - most);
  const double cpu = tuples * (settings.cpu_tuple + search.filters * settings.cpu_operator);
  const double descent = (index.height + 1) * 50 * settings.cpu_operator;
  return {.startup = descent, .total = index_cost + io + cpu};
}

PathCost BitmapHeapCost(const CostSettings& settings, const TableFacts& table, double index_cost,
                        double rows, double filters, double loops) {
  const double t = std::max(1.0, table.pages);
  double pages = 0;
  if (loops > 1) {
    pages = PagesFetched(settings, rows * loops, t) / loops;
  } else {
    pages = std::min(t, 2 * t * rows / (2 * t + rows));
  }
  pages = pages >= t ? t : std::ceil(pages);
  const double each =
      pages >= 2
          ? settings.random_page - (settings.random_page - settings.seq_page) * std::sqrt(pages / t)
          : settings.random_page;
  const double start = index_cost + 0.1 * settings.cpu_operator * rows;
  const double cpu = rows * (settings.cpu_tuple + (filters + 1) * settings.cpu_operator);
  return {.startup = start, .total = start + pages * each + cpu};
}

double LossyIndexCost(const CostSettings& settings, const TableFacts& table,
                      const IndexDesign& index, const Need& need, double share) {
  if (index.method == "brin") {
    return index.pages * settings.seq_page +
           table.pages / kRowsPerBrinRange * settings.cpu_operator;
  }
  const double rows = table.rows * index.share * share;
  if (index.method == "gin") {
    double entries = 2;
    if (index.keys.front().opclass == "gin_trgm_ops") {
      const double length = need.values.empty() ? 8 : static_cast<double>(need.values[0].size());
      entries = std::max(1.0, length - 4);
    }
    const double descent = std::ceil(std::pow(std::max(1.0, index.pages * 0.5), 0.15));
    const double data = std::ceil(index.pages * 0.5 * share * entries);
    return settings.random_page * (entries * descent + data) + rows * settings.cpu_index_tuple;
  }
  const double pages = std::max(1.0, std::ceil(index.pages * share)) + index.height;
  return settings.random_page * pages + rows * settings.cpu_index_tuple;
}

double SortCost(const CostSettings& settings, double rows, double width, double limit) {
  const double n = std::max(2.0, rows);
  const double kept = limit >= 0 ? std::max(2.0, 2 * std::min(limit, n)) : n;
  double cost = 2 * settings.cpu_operator * n * std::log2(std::min(n, kept));
  const double bytes = n * (width + 24);
  if (kept >= n && bytes > settings.work_mem) {
    const double pages = std::ceil(bytes / 8192);
    cost += 2 * pages * (settings.seq_page * 0.75 + settings.random_page * 0.25);
  }
  return cost + settings.cpu_operator * (limit >= 0 ? std::min(limit, n) : n);
}

}  // namespace pgsift
