#include "ingest/plan/plan_reader.h"

#include <simdjson.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/plan/plan_times.h"

namespace pgsift {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string Text(const object& node, std::string_view key) {
  std::string_view text;
  if (node[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

double Number(const object& node, std::string_view key) {
  element value;
  if (node[key].get(value) != simdjson::SUCCESS) return 0;
  double number = 0;
  if (value.get(number) == simdjson::SUCCESS) return number;
  return 0;
}

uint64_t Count(const object& node, std::string_view key) {
  return static_cast<uint64_t>(std::max(0.0, Number(node, key)));
}

bool Flag(const object& node, std::string_view key) {
  bool value = false;
  return node[key].get(value) == simdjson::SUCCESS && value;
}

bool Has(const object& node, std::string_view key) {
  element value;
  return node[key].get(value) == simdjson::SUCCESS;
}

std::vector<std::string> Texts(const object& node, std::string_view key) {
  std::vector<std::string> texts;
  simdjson::dom::array array;
  if (node[key].get(array) != simdjson::SUCCESS) return texts;
  for (element item : array) {
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
  }
  return texts;
}

BufferCounts Buffers(const object& node) {
  BufferCounts buffers{
      .shared_hit = Count(node, "Shared Hit Blocks"),
      .shared_read = Count(node, "Shared Read Blocks"),
      .shared_dirtied = Count(node, "Shared Dirtied Blocks"),
      .shared_written = Count(node, "Shared Written Blocks"),
      .local_hit = Count(node, "Local Hit Blocks"),
      .local_read = Count(node, "Local Read Blocks"),
      .local_dirtied = Count(node, "Local Dirtied Blocks"),
      .local_written = Count(node, "Local Written Blocks"),
      .temp_read = Count(node, "Temp Read Blocks"),
      .temp_written = Count(node, "Temp Written Blocks"),
  };
  // One pair of names up to 16, split by kind from 17 on.
  for (const char* key :
       {"I/O Read Time", "Shared I/O Read Time", "Local I/O Read Time", "Temp I/O Read Time"}) {
    buffers.io_read_ms += Number(node, key);
  }
  for (const char* key :
       {"I/O Write Time", "Shared I/O Write Time", "Local I/O Write Time", "Temp I/O Write Time"}) {
    buffers.io_write_ms += Number(node, key);
  }
  return buffers;
}

// Reads one document's plans into `plan`. `places` are the offsets of its nodes, in order.
class NodeReader {
 public:
  NodeReader(Plan* plan, std::string_view text, uint64_t base)
      : plan_(*plan), text_(text), base_(base) {}

  void Read(const object& json, int parent, int depth) {
    const int id = static_cast<int>(plan_.nodes.size());
    plan_.nodes.emplace_back();
    Fill(json, id, parent, depth);
    simdjson::dom::array children;
    if (json["Plans"].get(children) != simdjson::SUCCESS) return;
    for (element child : children) {
      object node;
      if (child.get(node) != simdjson::SUCCESS) continue;
      plan_.nodes[static_cast<size_t>(id)].children.push_back(static_cast<int>(plan_.nodes.size()));
      Read(node, id, depth + 1);
    }
  }

 private:
  // "Node Type" comes first in each node and before its children: the nth one in the text is the
  // nth node. It cannot stand inside a string, where its quotes would be escaped.
  void Locate(PlanNode* node) {
    const size_t found = text_.find("\"Node Type\"", at_);
    if (found == text_.npos) return;
    node->line =
        static_cast<uint64_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(found), '\n'));
    line_ += node->line;
    node->line = plan_.line + line_;
    node->offset = base_ + found;
    at_ = found + 1;
  }

  void Fill(const object& json, int id, int parent, int depth) {
    PlanNode& node = plan_.nodes[static_cast<size_t>(id)];
    node.id = id;
    node.parent = parent;
    node.depth = depth;
    Locate(&node);
    node.type = Text(json, "Node Type");
    node.schema = Text(json, "Schema");
    node.relation = Text(json, "Relation Name");
    node.alias = Text(json, "Alias");
    node.index = Text(json, "Index Name");
    node.parent_relationship = Text(json, "Parent Relationship");
    node.subplan_name = Text(json, "Subplan Name");
    node.cte_name = Text(json, "CTE Name");
    node.function_name = Text(json, "Function Name");
    node.join_type = Text(json, "Join Type");
    node.strategy = Text(json, "Strategy");
    node.partial_mode = Text(json, "Partial Mode");
    node.operation = Text(json, "Operation");
    node.scan_direction = Text(json, "Scan Direction");
    node.command = Text(json, "Command");
    node.filter = Text(json, "Filter");
    node.index_cond = Text(json, "Index Cond");
    node.recheck_cond = Text(json, "Recheck Cond");
    node.hash_cond = Text(json, "Hash Cond");
    node.merge_cond = Text(json, "Merge Cond");
    node.join_filter = Text(json, "Join Filter");
    node.one_time_filter = Text(json, "One-Time Filter");
    node.sort_keys = Texts(json, "Sort Key");
    node.presorted_keys = Texts(json, "Presorted Key");
    node.group_keys = Texts(json, "Group Key");
    node.parallel_aware = Flag(json, "Parallel Aware");
    node.disabled = Flag(json, "Disabled");
    Estimates(json, &node);
    Actuals(json, &node);
    Memory(json, &node);
  }

  static void Estimates(const object& json, PlanNode* node) {
    node->startup_cost = Number(json, "Startup Cost");
    node->total_cost = Number(json, "Total Cost");
    node->plan_rows = Number(json, "Plan Rows");
    node->plan_width = Number(json, "Plan Width");
  }

  static void Actuals(const object& json, PlanNode* node) {
    node->analyzed = Has(json, "Actual Loops");
    node->timed = Has(json, "Actual Total Time");
    node->loops = Number(json, "Actual Loops");
    node->never_executed = node->analyzed && node->loops <= 0;
    node->actual_rows = Number(json, "Actual Rows");
    node->actual_startup_ms = Number(json, "Actual Startup Time");
    node->actual_total_ms = Number(json, "Actual Total Time");
    node->rows_removed_by_filter = Number(json, "Rows Removed by Filter");
    node->rows_removed_by_recheck = Number(json, "Rows Removed by Index Recheck");
    node->rows_removed_by_join_filter = Number(json, "Rows Removed by Join Filter");
    node->heap_fetches = Number(json, "Heap Fetches");
    node->exact_heap_blocks = Number(json, "Exact Heap Blocks");
    node->lossy_heap_blocks = Number(json, "Lossy Heap Blocks");
    node->index_searches = Number(json, "Index Searches");
    node->workers_planned = Number(json, "Workers Planned");
    node->workers_launched = Number(json, "Workers Launched");
    node->subplans_removed = Number(json, "Subplans Removed");
    node->wal_records = Count(json, "WAL Records");
    node->wal_bytes = Count(json, "WAL Bytes");
    node->buffers = Buffers(json);
  }

  static void Memory(const object& json, PlanNode* node) {
    node->sort_method = Text(json, "Sort Method");
    node->sort_space_type = Text(json, "Sort Space Type");
    node->sort_space_kb = Number(json, "Sort Space Used");
    node->hash_buckets = Number(json, "Hash Buckets");
    node->hash_batches = std::max(Number(json, "Hash Batches"), Number(json, "HashAgg Batches"));
    node->original_hash_batches = Number(json, "Original Hash Batches");
    node->peak_memory_kb = Number(json, "Peak Memory Usage");
    node->disk_usage_kb = Number(json, "Disk Usage");
    node->cache_hits = Number(json, "Cache Hits");
    node->cache_misses = Number(json, "Cache Misses");
    node->cache_evictions = Number(json, "Cache Evictions");
    simdjson::dom::array workers;
    if (json["Workers"].get(workers) != simdjson::SUCCESS) return;
    for (element item : workers) {
      object worker;
      if (item.get(worker) != simdjson::SUCCESS) continue;
      const bool disk = Text(worker, "Sort Space Type") == "Disk";
      if (disk && node->sort_space_type != "Disk") {
        node->sort_space_type = "Disk";
        node->sort_method = Text(worker, "Sort Method");
        node->sort_space_kb = 0;
      }
      if (disk || node->sort_space_type != "Disk") {
        node->sort_space_kb = std::max(node->sort_space_kb, Number(worker, "Sort Space Used"));
      }
    }
  }

  Plan& plan_;
  const std::string_view text_;
  const uint64_t base_;
  size_t at_ = 0;
  uint64_t line_ = 0;
};

bool ReadStatementPlan(const object& json, std::string_view text, uint64_t base, uint64_t line,
                       FileId file, std::vector<Plan>* plans) {
  object root;
  if (json["Plan"].get(root) != simdjson::SUCCESS) return false;
  Plan plan;
  plan.file = file;
  plan.offset = base;
  plan.line = line;
  plan.query = Text(json, "Query Text");
  if (Has(json, "Query Identifier")) {
    int64_t id = 0;
    if (json["Query Identifier"].get(id) == simdjson::SUCCESS) plan.query_id = std::to_string(id);
  }
  plan.planning_ms = Number(json, "Planning Time");
  plan.execution_ms = std::max(Number(json, "Execution Time"), Number(json, "Total Runtime"));
  object jit;
  object timing;
  if (json["JIT"].get(jit) == simdjson::SUCCESS && jit["Timing"].get(timing) == simdjson::SUCCESS) {
    plan.jit_ms = Number(timing, "Total");
  }
  simdjson::dom::array triggers;
  if (json["Triggers"].get(triggers) == simdjson::SUCCESS) {
    for (element item : triggers) {
      object trigger;
      if (item.get(trigger) != simdjson::SUCCESS) continue;
      plan.triggers.push_back({.name = Text(trigger, "Trigger Name"),
                               .constraint = Text(trigger, "Constraint Name"),
                               .relation = Text(trigger, "Relation"),
                               .time_ms = Number(trigger, "Time"),
                               .calls = Number(trigger, "Calls")});
    }
  }
  NodeReader(&plan, text, base).Read(root, -1, 0);
  plan.analyzed = plan.nodes.front().analyzed;
  ComputeTimes(&plan);
  plans->push_back(std::move(plan));
  return true;
}

// psql frames a result with a header, dashes, `+` at the ends of lines and a count of rows. Blanks
// them, so that offsets and lines stay.
std::string WithoutFrame(std::string_view text) {
  std::string clean(text);
  size_t line = 0;
  while (line < clean.size()) {
    size_t end = clean.find('\n', line);
    if (end == std::string::npos) end = clean.size();
    const std::string_view content = Trim(std::string_view(clean).substr(line, end - line));
    const bool header = content == "QUERY PLAN";
    const bool dashes = !content.empty() && content.find_first_not_of("-+|") == content.npos;
    const bool rows =
        content.starts_with('(') && (content.ends_with("row)") || content.ends_with("rows)"));
    if (header || dashes || rows) {
      std::fill(clean.begin() + static_cast<std::ptrdiff_t>(line),
                clean.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    } else if (content.ends_with('+')) {
      clean[clean.find_last_of('+', end == 0 ? 0 : end - 1)] = ' ';
    }
    line = end + 1;
  }
  return clean;
}

struct Document {
  size_t begin = 0;
  size_t end = 0;
  size_t depth = 0;
  bool closed = false;
};

// The next JSON array or object at or after `at`.
bool NextDocument(std::string_view text, size_t at, Document* document) {
  while (at < text.size() && text[at] != '[' && text[at] != '{') ++at;
  if (at >= text.size()) return false;
  *document = {.begin = at, .end = text.size()};
  size_t depth = 0;
  for (size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
      }
    } else if (c == '[' || c == '{') {
      document->depth = std::max(document->depth, ++depth);
    } else if (c == ']' || c == '}') {
      if (--depth == 0) {
        document->end = i + 1;
        document->closed = true;
        return true;
      }
    }
  }
  return true;
}

bool ReadDocument(std::string_view text, uint64_t base, uint64_t line, FileId file,
                  PlanReadResult* result, std::string* error) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  element root;
  simdjson::error_code code =
      parser.allocate(std::max<size_t>(text.size(), 64), kPlanJsonDepthMax + 8);
  if (code == simdjson::SUCCESS) code = parser.parse(padded).get(root);
  if (code != simdjson::SUCCESS) {
    *error = absl::StrFormat("broken JSON: %s; give EXPLAIN's output as it was printed",
                             simdjson::error_message(code));
    return false;
  }
  bool any = false;
  object json;
  simdjson::dom::array array;
  if (root.get(json) == simdjson::SUCCESS) {
    any = ReadStatementPlan(json, text, base, line, file, &result->plans);
  } else if (root.get(array) == simdjson::SUCCESS) {
    // Several statements in one array: each reads on where the one before ended.
    size_t from = 0;
    for (element item : array) {
      if (item.get(json) != simdjson::SUCCESS) continue;
      const std::string_view rest = text.substr(from);
      const auto lines =
          std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(from), '\n');
      if (!ReadStatementPlan(json, rest, base + from, line + static_cast<uint64_t>(lines), file,
                             &result->plans)) {
        continue;
      }
      any = true;
      from = result->plans.back().nodes.back().offset - base + 1;
    }
  }
  if (!any) *error = "JSON without a \"Plan\": not EXPLAIN (FORMAT JSON) output";
  return any;
}

}  // namespace

PlanReadResult ReadPlans(std::string_view original, FileId file) {
  PlanReadResult result;
  const bool framed = original.find("QUERY PLAN") != original.npos;
  const std::string clean = framed ? WithoutFrame(original) : std::string();
  const std::string_view text = framed ? std::string_view(clean) : original;
  Document document;
  size_t at = 0;
  size_t counted = 0;
  uint64_t line = 1;
  while (NextDocument(text, at, &document)) {
    line += static_cast<uint64_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                   text.begin() + static_cast<std::ptrdiff_t>(document.begin), '\n'));
    counted = document.begin;
    std::string error;
    if (!document.closed) {
      error = "the JSON ends before the plan does: the file is truncated; export it again";
    } else if (document.depth > kPlanJsonDepthMax) {
      error = absl::StrFormat("nested deeper than %d levels: not analyzed", kPlanJsonDepthMax);
    } else {
      ReadDocument(text.substr(document.begin, document.end - document.begin), document.begin, line,
                   file, &result, &error);
    }
    if (!error.empty()) {
      result.errors.push_back(
          {.line = line, .bytes = document.end - document.begin, .message = error});
    }
    at = document.end;
  }
  if (result.plans.empty() && result.errors.empty()) {
    result.errors.push_back(
        {.line = 1,
         .bytes = original.size(),
         .message = "no plan found: give the output of EXPLAIN (ANALYZE, FORMAT JSON)"});
  }
  return result;
}

bool LooksLikePlan(std::string_view text) {
  const std::string_view start = text.substr(0, size_t{64} << 10);
  const size_t plan = start.find("\"Plan\"");
  return plan != start.npos && start.find("\"Node Type\"") != start.npos;
}

}  // namespace pgsift
