// Any bytes: plans are trees in order, times are not negative, and what is not read is said.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/plan/plan_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const pgsift::PlanReadResult result = pgsift::ReadPlans(text, pgsift::FileId{0});
  if (result.plans.empty() && result.errors.empty()) std::abort();
  for (const pgsift::Plan& plan : result.plans) {
    if (plan.nodes.empty()) std::abort();
    for (const pgsift::PlanNode& node : plan.nodes) {
      if (node.parent >= node.id || node.exclusive_ms < 0) std::abort();
    }
  }
  return 0;
}
