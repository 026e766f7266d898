// Any bytes, as each of EXPLAIN's formats: plans are trees in order, times are not negative, and
// what is not read is said.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "ingest/plan/json_plan_reader.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/plan/plan_times.h"
#include "ingest/plan/value_plan_reader.h"

namespace {

void Check(pgsift::PlanReadResult result) {
  for (pgsift::Plan& plan : result.plans) {
    if (plan.nodes.empty()) std::abort();
    pgsift::ComputeTimes(&plan);
    for (const pgsift::PlanNode& node : plan.nodes) {
      if (node.parent >= node.id || node.depth > pgsift::kPlanDepthMax) std::abort();
      if (node.exclusive_ms < 0 || node.share < 0 || node.share > 1) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  pgsift::PlanReadResult result = pgsift::ReadPlans(text, pgsift::FileId{0});
  if (result.plans.empty() && result.errors.empty()) std::abort();
  Check(std::move(result));
  // Whatever it looks like, each reader must bear it.
  for (auto* read : {&pgsift::ReadJsonPlans, &pgsift::ReadTextPlans, &pgsift::ReadYamlPlans,
                     &pgsift::ReadXmlPlans}) {
    pgsift::PlanReadResult each;
    read(text, pgsift::FileId{0}, &each);
    Check(std::move(each));
  }
  // The same bytes as they come, a few at a time.
  pgsift::PlanReadResult streamed;
  size_t at = 0;
  const auto next = [&](char* buffer, size_t room) {
    const size_t got = std::min(room, size - at);
    if (got > 0) std::memcpy(buffer, data + at, got);
    at += got;
    return static_cast<ssize_t>(got);
  };
  streamed.errors = pgsift::ReadPlanStream(
      next, pgsift::FileId{0}, 1,
      [&](pgsift::Plan plan) { streamed.plans.push_back(std::move(plan)); }, 64);
  if (streamed.plans.empty() && streamed.errors.empty()) std::abort();
  Check(std::move(streamed));
  return 0;
}
