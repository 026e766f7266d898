#include "reports/json_plans.h"

#include <string>

#include "absl/time/time.h"

namespace pgsift {
namespace {

constexpr int kMsDigits = 3;

void OptionalText(std::string_view key, const std::string& text, JsonWriter* json) {
  if (!text.empty()) json->Field(key, text);
}

void Ms(std::string_view key, double ms, JsonWriter* json) {
  json->Key(key).Rounded(ms, kMsDigits);
}

void Time(std::string_view key, int64_t us, JsonWriter* json) {
  if (us == 0) return;
  json->Field(
      key, absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(us), absl::UTCTimeZone()));
}

void Numbers(std::string_view key, const std::vector<std::pair<std::string, double>>& numbers,
             JsonWriter* json) {
  if (numbers.empty()) return;
  json->Key(key).BeginObject();
  for (const auto& [name, value] : numbers) json->Key(name).Rounded(value, kMsDigits);
  json->EndObject();
}

void Node(const PlanNodeReport& node, JsonWriter* json) {
  json->BeginObject().Field("id", node.id);
  if (node.parent >= 0) json->Field("parent", node.parent);
  json->Field("type", node.type).Field("line", node.line);
  OptionalText("relationship", node.relationship, json);
  OptionalText("relation", node.relation, json);
  OptionalText("index", node.index, json);
  OptionalText("detail", node.detail, json);
  json->Key("cost").Rounded(node.cost, 2);
  json->Key("rows_planned").Rounded(node.rows_planned, 2);
  if (node.analyzed) {
    Ms("exclusive_ms", node.exclusive_ms, json);
    Ms("inclusive_ms", node.inclusive_ms, json);
    if (node.uncertainty_ms > 0.1 * node.inclusive_ms) {
      Ms("uncertainty_ms", node.uncertainty_ms, json);
    }
    json->Key("rows").Rounded(node.rows, 2);
    json->Key("loops").Rounded(node.loops, 2);
    json->Key("rows_removed").Rounded(node.rows_removed, 2);
    if (node.processes > 1) json->Key("processes").Rounded(node.processes, 2);
    json->Key("misestimate").Rounded(node.misestimate, 6);
    if (node.never_executed) json->Field("never_executed", true);
    if (node.critical) json->Field("critical", true);
  }
  json->Key("share").Rounded(node.share, 4);
  for (const auto& [name, text] : node.texts) json->Field(name, text);
  for (const auto& [name, items] : node.lists) {
    json->Key(name).BeginArray();
    for (const std::string& item : items) json->String(item);
    json->EndArray();
  }
  for (const auto& [name, value] : node.numbers) json->Key(name).Rounded(value, kMsDigits);
  Numbers("buffers", node.buffers, json);
  Numbers("own_buffers", node.own_buffers, json);
  json->EndObject();
}

}  // namespace

void WriteJsonPlans(const std::vector<PlanReport>& plans, JsonWriter* json) {
  json->Key("plans").BeginArray();
  for (const PlanReport& plan : plans) {
    json->BeginObject().Field("path", plan.path).Field("line", plan.line);
    OptionalText("format", plan.format, json);
    OptionalText("query", plan.query, json);
    OptionalText("query_id", plan.query_id, json);
    OptionalText("shape", plan.shape, json);
    json->Field("analyzed", plan.analyzed);
    if (plan.truncated) json->Field("truncated", true);
    if (plan.analyzed) Ms("execution_ms", plan.execution_ms, json);
    if (plan.planning_ms > 0) Ms("planning_ms", plan.planning_ms, json);
    for (const auto& [name, value] : plan.numbers) json->Key(name).Rounded(value, kMsDigits);
    if (!plan.settings.empty()) {
      json->Key("settings").BeginObject();
      for (const auto& [name, value] : plan.settings) json->Field(name, value);
      json->EndObject();
    }
    if (!plan.triggers.empty()) {
      json->Key("triggers").BeginArray();
      for (const PlanTriggerReport& trigger : plan.triggers) {
        json->BeginObject();
        OptionalText("name", trigger.name, json);
        OptionalText("constraint", trigger.constraint, json);
        OptionalText("relation", trigger.relation, json);
        Ms("time_ms", trigger.time_ms, json);
        json->Key("calls").Rounded(trigger.calls, 0).EndObject();
      }
      json->EndArray();
    }
    json->Key("nodes").BeginArray();
    for (const PlanNodeReport& node : plan.nodes) Node(node, json);
    json->EndArray().EndObject();
  }
  json->EndArray();
}

void WriteJsonPlanGroups(const std::vector<PlanGroupReport>& groups, JsonWriter* json) {
  json->Key("plan_groups").BeginArray();
  for (const PlanGroupReport& group : groups) {
    json->BeginObject().Field("query_id", group.query_id);
    OptionalText("query", group.query, json);
    json->Key("variants").BeginArray();
    for (const PlanVariantReport& variant : group.variants) {
      json->BeginObject().Field("shape", variant.shape).Field("plan", variant.plan);
      json->Key("runs").Rounded(variant.runs, 0);
      Ms("mean_ms", variant.mean_ms, json);
      Ms("longest_ms", variant.longest_ms, json);
      Time("first_time", variant.first_us, json);
      Time("last_time", variant.last_us, json);
      json->EndObject();
    }
    json->EndArray().EndObject();
  }
  json->EndArray();
}

void WriteJsonPlanComparisons(const std::vector<PlanComparisonReport>& comparisons,
                              JsonWriter* json) {
  json->Key("plan_comparisons").BeginArray();
  for (const PlanComparisonReport& comparison : comparisons) {
    json->BeginObject();
    const auto side = [&](const char* name, const std::string& path, uint64_t line, double ms,
                          double cost) {
      json->Key(name).BeginObject().Field("path", path).Field("line", line);
      if (comparison.timed) Ms("execution_ms", ms, json);
      json->Key("cost").Rounded(cost, 2).EndObject();
    };
    side("before", comparison.before_path, comparison.before_line, comparison.before_ms,
         comparison.before_cost);
    side("after", comparison.after_path, comparison.after_line, comparison.after_ms,
         comparison.after_cost);
    OptionalText("query", comparison.query, json);
    json->Field("verdict", comparison.verdict).Field("same_shape", comparison.same_shape);
    json->Key("nodes").BeginArray();
    for (const PlanChangeReport& change : comparison.changes) {
      json->BeginObject().Field("change", change.what);
      const auto node = [&](const char* name, int id, const std::string& text, double ms,
                            double rows, double blocks) {
        if (id < 0) return;
        json->Key(name).BeginObject().Field("id", id).Field("node", text);
        if (comparison.timed) Ms("exclusive_ms", ms, json);
        json->Key("rows").Rounded(rows, 2).Key("blocks").Rounded(blocks, 0).EndObject();
      };
      node("before", change.before, change.before_node, change.before_ms, change.before_rows,
           change.before_blocks);
      node("after", change.after, change.after_node, change.after_ms, change.after_rows,
           change.after_blocks);
      json->EndObject();
    }
    json->EndArray().EndObject();
  }
  json->EndArray();
}

}  // namespace pgsift
