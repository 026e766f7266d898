#include "ingest/plan/plan_reader.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/plan/json_plan_reader.h"
#include "ingest/plan/plan_frame.h"
#include "ingest/plan/plan_times.h"
#include "ingest/plan/value_plan_reader.h"

namespace pgsift {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;

// A line that begins, but for blanks and "- ", with `word`.
bool HasLine(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    size_t begin = at;
    while (begin > 0 &&
           (text[begin - 1] == ' ' || text[begin - 1] == '-' || text[begin - 1] == '\t'))
      --begin;
    if (begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '"' || text[begin - 1] == '|')
      return true;
  }
  return false;
}

bool IsTextPlan(std::string_view text) {
  const bool numbers = text.find("  (cost=") != text.npos || text.find(" (actual ") != text.npos ||
                       text.find(" (never executed)") != text.npos;
  if (numbers) return true;
  return text.find("QUERY PLAN") != text.npos && text.find("->  ") != text.npos;
}

}  // namespace

PlanFormat FormatOfPlans(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  if (start.find("<explain") != start.npos) return PlanFormat::kXml;
  const size_t text_plan = std::min(start.find("  (cost="), start.find(" (actual "));
  const size_t json = std::min(start.find("\"Plan\""), start.find("\"Node Type\""));
  if (json != start.npos && json < text_plan) return PlanFormat::kJson;
  if (HasLine(start, "Plan:") && HasLine(start, "Node Type:")) return PlanFormat::kYaml;
  if (text_plan != start.npos || IsTextPlan(start)) return PlanFormat::kText;
  // Nothing tells: a JSON document that has no plan is named as that.
  return PlanFormat::kJson;
}

PlanReadResult ReadPlans(std::string_view original, FileId file) {
  PlanReadResult result;
  const bool framed = HasFrame(original);
  const std::string clean = framed ? WithoutFrame(original) : std::string();
  const std::string_view text = framed ? std::string_view(clean) : original;
  switch (FormatOfPlans(text)) {
    case PlanFormat::kJson:
      ReadJsonPlans(text, file, &result);
      break;
    case PlanFormat::kText:
      ReadTextPlans(text, file, &result);
      break;
    case PlanFormat::kYaml:
      ReadYamlPlans(text, file, &result);
      break;
    case PlanFormat::kXml:
      ReadXmlPlans(text, file, &result);
      break;
  }
  for (Plan& plan : result.plans) ComputeTimes(&plan);
  if (result.plans.empty() && result.errors.empty()) {
    result.errors.push_back(
        {.line = 1,
         .bytes = original.size(),
         .message = "no plan found: give the output of EXPLAIN (ANALYZE, BUFFERS)"});
  }
  return result;
}

bool LooksLikePlan(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  // A client may have doubled the quotes.
  const bool json =
      start.find("\"Plan\"") != start.npos && start.find("\"Node Type\"") != start.npos;
  if (json) return true;
  if (start.find("<explain") != start.npos && start.find("<Node-Type>") != start.npos) return true;
  if (HasLine(start, "Plan:") && HasLine(start, "Node Type:")) return true;
  return IsTextPlan(start);
}

}  // namespace pgsift
