// The plans of a report, made of what the pipeline read.

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "cli/plan_comparison.h"
#include "reports/slowest_plans.h"
#include "rules/engine.h"
#include "rules/plan/plan_regression.h"

namespace pgsift {
namespace {

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string NodeDetail(const PlanNode& node) {
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string&>{"Index Cond", node.index_cond},
        {"Recheck Cond", node.recheck_cond},
        {"Hash Cond", node.hash_cond},
        {"Merge Cond", node.merge_cond},
        {"Join Filter", node.join_filter},
        {"Filter", node.filter},
        {"One-Time Filter", node.one_time_filter},
        {"Cache Key", node.cache_key},
        {"Function Call", node.function_call}}) {
    if (!text.empty()) return std::string(name) + ": " + text;
  }
  if (!node.sort_keys.empty()) return "Sort Key: " + Joined(node.sort_keys);
  if (!node.group_keys.empty()) return "Group Key: " + Joined(node.group_keys);
  return {};
}

using Numbers = std::vector<std::pair<std::string, double>>;

void Add(const char* name, double value, Numbers* numbers) {
  if (value != 0) numbers->emplace_back(name, value);
}

Numbers BufferNumbers(const BufferCounts& buffers) {
  Numbers numbers;
  Add("shared_hit", buffers.shared_hit, &numbers);
  Add("shared_read", buffers.shared_read, &numbers);
  Add("shared_dirtied", buffers.shared_dirtied, &numbers);
  Add("shared_written", buffers.shared_written, &numbers);
  Add("local_hit", buffers.local_hit, &numbers);
  Add("local_read", buffers.local_read, &numbers);
  Add("local_dirtied", buffers.local_dirtied, &numbers);
  Add("local_written", buffers.local_written, &numbers);
  Add("temp_read", buffers.temp_read, &numbers);
  Add("temp_written", buffers.temp_written, &numbers);
  Add("shared_io_read_ms", buffers.shared_read_ms, &numbers);
  Add("shared_io_write_ms", buffers.shared_write_ms, &numbers);
  Add("local_io_read_ms", buffers.local_read_ms, &numbers);
  Add("local_io_write_ms", buffers.local_write_ms, &numbers);
  Add("temp_io_read_ms", buffers.temp_read_ms, &numbers);
  Add("temp_io_write_ms", buffers.temp_write_ms, &numbers);
  return numbers;
}

void AddTexts(const PlanNode& node, PlanNodeReport* report) {
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) report->texts.emplace_back(name, text);
  };
  add("schema", node.schema);
  add("alias", node.alias);
  add("cte", node.cte_name);
  add("function", node.function_name);
  add("table_function", node.table_function_name);
  add("tuplestore", node.tuplestore_name);
  add("custom_provider", node.custom_provider);
  add("join_type", node.join_type);
  add("strategy", node.strategy);
  add("partial_mode", node.partial_mode);
  add("operation", node.operation);
  add("command", node.command);
  add("scan_direction", node.scan_direction);
  add("filter", node.filter);
  add("index_cond", node.index_cond);
  add("recheck_cond", node.recheck_cond);
  add("hash_cond", node.hash_cond);
  add("merge_cond", node.merge_cond);
  add("join_filter", node.join_filter);
  add("one_time_filter", node.one_time_filter);
  add("tid_cond", node.tid_cond);
  add("order_by", node.order_by);
  add("run_condition", node.run_condition);
  add("function_call", node.function_call);
  add("remote_sql", node.remote_sql);
  add("window", node.window);
  add("conflict_resolution", node.conflict_resolution);
  add("conflict_filter", node.conflict_filter);
  add("cache_key", node.cache_key);
  add("cache_mode", node.cache_mode);
  add("sort_method", node.sort_method);
  add("sort_space_type", node.sort_space_type);
  add("storage", node.storage);
  const auto list = [&](const char* name, const std::vector<std::string>& items) {
    if (!items.empty()) report->lists.emplace_back(name, items);
  };
  list("output", node.output);
  list("sort_keys", node.sort_keys);
  list("presorted_keys", node.presorted_keys);
  list("group_keys", node.group_keys);
  list("conflict_arbiters", node.conflict_arbiters);
}

void AddNumbers(const PlanNode& node, PlanNodeReport* report) {
  Numbers* numbers = &report->numbers;
  Add("startup_cost", node.startup_cost, numbers);
  Add("own_cost", node.own_cost, numbers);
  Add("plan_width", node.plan_width, numbers);
  Add("startup_ms", node.actual_startup_ms, numbers);
  Add("rows_removed_by_join_filter", node.TotalRemovedByJoinFilter(), numbers);
  Add("rows_removed_by_recheck", node.TotalRemovedByRecheck(), numbers);
  Add("rows_removed_by_conflict_filter", node.rows_removed_by_conflict_filter, numbers);
  Add("heap_fetches", node.heap_fetches, numbers);
  Add("exact_heap_blocks", node.exact_heap_blocks, numbers);
  Add("lossy_heap_blocks", node.lossy_heap_blocks, numbers);
  Add("index_searches", node.index_searches, numbers);
  Add("tuples_inserted", node.tuples_inserted, numbers);
  Add("conflicting_tuples", node.conflicting_tuples, numbers);
  Add("workers_planned", node.workers_planned, numbers);
  Add("workers_launched", node.workers_launched, numbers);
  Add("subplans_removed", node.subplans_removed, numbers);
  Add("sort_space_kb", node.sort_space_kb, numbers);
  Add("full_sort_groups", node.full_sort_groups.count, numbers);
  Add("presorted_groups", node.presorted_groups.count, numbers);
  Add("hash_buckets", node.hash_buckets, numbers);
  Add("original_hash_buckets", node.original_hash_buckets, numbers);
  Add("hash_batches", node.hash_batches, numbers);
  Add("original_hash_batches", node.original_hash_batches, numbers);
  Add("planned_partitions", node.planned_partitions, numbers);
  Add("hashagg_batches", node.hashagg_batches, numbers);
  Add("peak_memory_kb", node.peak_memory_kb, numbers);
  Add("disk_usage_kb", node.disk_usage_kb, numbers);
  Add("cache_hits", node.cache_hits, numbers);
  Add("cache_misses", node.cache_misses, numbers);
  Add("cache_evictions", node.cache_evictions, numbers);
  Add("cache_overflows", node.cache_overflows, numbers);
  Add("storage_kb", node.storage_kb, numbers);
  Add("wal_records", node.wal.records, numbers);
  Add("wal_fpi", node.wal.full_page_images, numbers);
  Add("wal_bytes", node.wal.bytes, numbers);
  Add("wal_buffers_full", node.wal.buffers_full, numbers);
  Add("workers_seen", static_cast<double>(node.workers.size()), numbers);
  Add("parallel_aware", node.parallel_aware ? 1 : 0, numbers);
  Add("disabled", node.disabled ? 1 : 0, numbers);
}

// The path from the root along what takes longest.
void MarkCritical(const Plan& plan, PlanReport* report) {
  for (int at = 0; at >= 0;) {
    report->nodes[static_cast<size_t>(at)].critical = true;
    int next = -1;
    for (int child : plan.At(at).children) {
      if (next < 0 || plan.At(child).inclusive_ms > plan.At(next).inclusive_ms) next = child;
    }
    at = next >= 0 && plan.At(next).inclusive_ms > 0 ? next : -1;
  }
}

PlanNodeReport NodeReport(const Plan& plan, const PlanNode& node) {
  PlanNodeReport report{.id = node.id,
                        .parent = node.parent,
                        .depth = node.depth,
                        .type = node.type,
                        .relation = node.relation,
                        .index = node.index,
                        .detail = NodeDetail(node),
                        .analyzed = node.analyzed,
                        .never_executed = node.never_executed,
                        .exclusive_ms = node.exclusive_ms,
                        .inclusive_ms = node.inclusive_ms,
                        .uncertainty_ms = node.uncertainty_ms,
                        .rows = node.TotalRows(),
                        .rows_planned = plan.has_costs ? node.plan_rows * node.Loops() : 0,
                        .loops = node.loops,
                        .rows_removed = node.TotalRemovedByFilter(),
                        .processes = node.processes,
                        .cost = node.total_cost,
                        .share = node.share,
                        .line = node.line,
                        .offset = node.offset};
  report.relationship = node.subplan_name.empty() ? node.parent_relationship : node.subplan_name;
  if (node.analyzed && node.loops > 0) {
    report.misestimate = std::max(node.actual_rows, 1.0) / std::max(node.plan_rows, 1.0);
  }
  AddTexts(node, &report);
  AddNumbers(node, &report);
  report.buffers = BufferNumbers(node.buffers);
  report.own_buffers = BufferNumbers(node.own);
  return report;
}

}  // namespace

std::vector<PlanReport> Pipeline::MakePlans() const {
  // JSON has all plans, and those of a log are few: one of each shape. Of others, nobody reads
  // more.
  constexpr size_t kShownMax = 1000;
  const auto is_json = [&](const std::string& path) {
    return FormatByEnding(path) == Format::kJson;
  };
  const bool json = FormatByName(options_.format) == Format::kJson ||
                    std::any_of(options_.outputs.begin(), options_.outputs.end(), is_json);
  const bool logged = std::any_of(plans_.begin(), plans_.end(),
                                  [](const Plan& plan) { return !plan.shape_id.empty(); });
  std::vector<double> times;
  for (const Plan& plan : plans_) times.push_back(plan.WholeMs());
  const std::vector<size_t> shown = SlowestPlans(times, json || logged ? plans_.size() : kShownMax);
  std::vector<PlanReport> reports;
  reports.reserve(shown.size());
  for (size_t place : shown) {
    const Plan& plan = plans_[place];
    PlanReport report;
    report.path = std::string(sources_.path(plan.file));
    report.line = plan.line;
    report.offset = plan.offset;
    report.format = std::string(PlanFormatName(plan.format));
    report.query = plan.query;
    report.query_id = plan.shape_id.empty() ? plan.query_id : plan.shape_id;
    report.shape = Hex64(plan.shape);
    report.analyzed = plan.analyzed;
    report.timed = plan.timed;
    report.truncated = plan.truncated;
    report.execution_ms = plan.WholeMs();
    report.planning_ms = plan.planning_ms;
    if (plan.shape_id.empty()) {
      Add("runs", plan.logged.runs, &report.numbers);
      Add("runs_total_ms", plan.logged.total_ms, &report.numbers);
    }
    Add("jit_ms", plan.jit.total_ms, &report.numbers);
    Add("jit_functions", plan.jit.functions, &report.numbers);
    Add("trigger_ms", plan.trigger_ms, &report.numbers);
    Add("outside_ms", plan.outside_ms, &report.numbers);
    Add("detached_ms", plan.detached_ms, &report.numbers);
    Add("serialization_ms", plan.serialization.time_ms, &report.numbers);
    Add("serialization_kb", plan.serialization.output_kb, &report.numbers);
    Add("planning_memory_kb", plan.planning_memory_kb, &report.numbers);
    Add("planning_blocks", plan.planning_buffers.Touched(), &report.numbers);
    report.settings = plan.settings;
    for (const PlanTrigger& trigger : plan.triggers) {
      report.triggers.push_back({.name = trigger.name,
                                 .constraint = trigger.constraint,
                                 .relation = trigger.relation,
                                 .time_ms = trigger.time_ms,
                                 .calls = trigger.calls});
    }
    for (const PlanNode& node : plan.nodes) report.nodes.push_back(NodeReport(plan, node));
    MarkCritical(plan, &report);
    reports.push_back(std::move(report));
  }
  if (reports.size() < plans_.size()) {
    Complain(absl::StrFormat("of %d plans the %d slowest are shown: --format json has all",
                             plans_.size(), reports.size()));
  }
  return reports;
}

std::vector<PlanGroupReport> Pipeline::MakePlanGroups() const {
  std::map<std::string, PlanGroupReport> groups;
  for (size_t i = 0; i < plans_.size(); ++i) {
    const Plan& plan = plans_[i];
    if (plan.shape_id.empty() || plan.logged.runs <= 0) continue;
    PlanGroupReport& group = groups[plan.shape_id];
    group.query_id = plan.shape_id;
    if (group.query.empty()) group.query = plan.query;
    group.variants.push_back({.shape = Hex64(plan.shape),
                              .plan = i,
                              .runs = plan.logged.runs,
                              .mean_ms = plan.logged.total_ms / plan.logged.runs,
                              .longest_ms = plan.logged.longest_ms,
                              .first_us = plan.logged.first_us,
                              .last_us = plan.logged.last_us});
  }
  std::vector<PlanGroupReport> sorted;
  for (auto& [id, group] : groups) {
    std::stable_sort(group.variants.begin(), group.variants.end(),
                     [](const PlanVariantReport& a, const PlanVariantReport& b) {
                       return a.first_us < b.first_us;
                     });
    sorted.push_back(std::move(group));
  }
  const auto total = [](const PlanGroupReport& group) {
    double ms = 0;
    for (const PlanVariantReport& variant : group.variants) ms += variant.mean_ms * variant.runs;
    return ms;
  };
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [&](const PlanGroupReport& a, const PlanGroupReport& b) { return total(a) > total(b); });
  return sorted;
}

std::vector<PlanComparisonReport> Pipeline::ComparePlanFiles(std::vector<Finding>* findings) const {
  // The plans of a path: those of the file, or of all files in the folder.
  const auto plans_of = [&](const std::string& path) {
    std::vector<const Plan*> plans;
    for (const Plan& plan : plans_) {
      const std::string_view file = sources_.path(plan.file);
      if (file == path || (file.starts_with(path) && file.substr(path.size()).starts_with('/')) ||
          (path.ends_with('/') && file.starts_with(path))) {
        plans.push_back(&plan);
      }
    }
    return plans;
  };
  const std::vector<const Plan*> before = plans_of(options_.paths.at(0));
  const std::vector<const Plan*> after = plans_of(options_.paths.at(1));
  PlanGate gate = config_.plan_gate;
  if (options_.slower_factor > 0) gate.factor = options_.slower_factor;
  if (options_.slower_ms >= 0) gate.ms = options_.slower_ms;
  std::vector<PlanComparisonReport> comparisons;
  for (const auto& [i, j] : PairPlans(before, after)) {
    comparisons.push_back(ComparePlans(*before[i], *after[j], gate, sources_));
    if (comparisons.back().verdict != "slower") continue;
    Finding finding = plan_regression::PlanRegressionFinding(*before[i], *after[j], sources_);
    finding.severity = rules_->SeverityOf(*finding.rule);
    if (rules_->On(*finding.rule)) findings->push_back(std::move(finding));
  }
  FinishFindings(sources_, findings);
  return comparisons;
}

}  // namespace pgsift
