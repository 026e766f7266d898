// How fast plans are read, and how fast rules run over them: plans of ten nodes, as a log has them.
// Every benchmark checks what it counted before its time counts.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "ingest/plan/plan_reader.h"
#include "rules/engine.h"

namespace pgsift {
namespace {

constexpr size_t kPlans = 1000;
constexpr size_t kNodes = 10;

std::string JsonNode(size_t depth, size_t seed) {
  const std::string indent(depth * 4 + 4, ' ');
  std::string text = absl::StrFormat(
      "%s{\n%s  \"Node Type\": \"%s\",\n%s  \"Parent Relationship\": \"Outer\",\n%s  \"Parallel "
      "Aware\": "
      "false,\n%s  \"Async Capable\": false,\n%s  \"Join Type\": \"Inner\",\n%s  \"Startup Cost\": "
      "0.43,\n%s  "
      "\"Total Cost\": %d.25,\n%s  \"Plan Rows\": %d,\n%s  \"Plan Width\": 8,\n%s  \"Actual "
      "Startup Time\": "
      "0.012,\n%s  \"Actual Total Time\": %d.345,\n%s  \"Actual Rows\": %d,\n%s  \"Actual Loops\": "
      "1,\n%s  "
      "\"Shared Hit Blocks\": 120,\n%s  \"Shared Read Blocks\": 3,\n%s  \"Shared Dirtied Blocks\": "
      "0,\n%s  "
      "\"Shared Written Blocks\": 0,\n%s  \"Local Hit Blocks\": 0,\n%s  \"Local Read Blocks\": "
      "0,\n%s  "
      "\"Temp Read Blocks\": 0,\n%s  \"Temp Written Blocks\": 0",
      indent, indent, depth + 1 < kNodes ? "Nested Loop" : "Seq Scan", indent, indent, indent,
      indent, indent, indent, 1000 - depth * 90, indent, 100 + seed % 7, indent, indent, indent,
      1000 - depth * 90, indent, 100 + seed % 11, indent, indent, indent, indent, indent, indent,
      indent, indent, indent);
  if (depth + 1 < kNodes) {
    text += ",\n" + indent + "  \"Plans\": [\n" + JsonNode(depth + 1, seed) + "\n" + indent + "  ]";
  } else {
    text += ",\n" + indent + "  \"Relation Name\": \"orders\",\n" + indent +
            "  \"Filter\": \"((status)::text = 'open'::text)\",\n" + indent +
            "  \"Rows Removed by Filter\": 90000";
  }
  return text + "\n" + indent + "}";
}

const std::string& JsonPlans() {
  static const std::string& text = *[] {
    auto* all = new std::string("[\n");
    for (size_t i = 0; i < kPlans; ++i) {
      *all += (i == 0 ? "" : ",\n") + std::string("  {\n    \"Plan\":\n") + JsonNode(0, i) +
              ",\n    \"Planning Time\": 0.2,\n    \"Triggers\": [],\n    \"Execution Time\": "
              "1001.5\n  }";
    }
    *all += "\n]\n";
    return all;
  }();
  return text;
}

std::string TextPlans() {
  std::string all;
  for (size_t i = 0; i < kPlans; ++i) {
    for (size_t depth = 0; depth < kNodes; ++depth) {
      if (depth > 0) all += std::string(depth * 6 - 4, ' ') + "->  ";
      all += absl::StrFormat(
          "%s  (cost=0.43..%d.25 rows=100 width=8) (actual time=0.012..%d.345 rows=100 loops=1)\n",
          depth + 1 < kNodes ? "Nested Loop" : "Seq Scan on orders", 1000 - depth * 90,
          1000 - depth * 90);
    }
    all += std::string(kNodes * 6 - 4, ' ') + "Filter: ((status)::text = 'open'::text)\n";
    all += "Execution Time: 1001.5 ms\n";
  }
  return all;
}

void ReadJson(benchmark::State& state) {
  const std::string& text = JsonPlans();
  for (auto _ : state) {
    size_t plans = 0;
    size_t nodes = 0;
    const std::vector<PlanError> errors = ReadPlans(text, FileId{0}, 1, [&](Plan plan) {
      ++plans;
      nodes += plan.nodes.size();
    });
    if (!errors.empty() || plans != kPlans || nodes != kPlans * kNodes)
      state.SkipWithError("plans are missing");
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
  state.SetItemsProcessed(static_cast<int64_t>(kPlans) * state.iterations());
}
BENCHMARK(ReadJson)->MeasureProcessCPUTime();

void ReadText(benchmark::State& state) {
  const std::string text = TextPlans();
  for (auto _ : state) {
    const PlanReadResult result = ReadPlans(text, FileId{0});
    if (result.plans.size() != kPlans || result.plans[7].nodes.size() != kNodes)
      state.SkipWithError("plans are missing");
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
  state.SetItemsProcessed(static_cast<int64_t>(kPlans) * state.iterations());
}
BENCHMARK(ReadText)->MeasureProcessCPUTime();

// Reading and all rules over plans, as `pgsift plans` does both.
void ReadAndJudge(benchmark::State& state) {
  const std::string& text = JsonPlans();
  RuleSettings settings;
  settings.select = {"PLN"};
  const RuleSet rules(settings);
  const Catalog catalog;
  SourceSet sources;
  const FileId file = sources.Add({.path = "plans.json", .kind = InputKind::kPlan});
  for (auto _ : state) {
    const PlanReadResult result = ReadPlans(text, file);
    std::vector<Finding> findings;
    RunEvidenceRules({.sources = &sources, .catalog = &catalog, .plans = result.plans}, rules,
                     &findings);
    if (findings.size() < kPlans) state.SkipWithError("findings are missing");
  }
  state.SetItemsProcessed(static_cast<int64_t>(kPlans) * state.iterations());
}
BENCHMARK(ReadAndJudge)->MeasureProcessCPUTime();

}  // namespace
}  // namespace pgsift
