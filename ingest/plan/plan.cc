#include "ingest/plan/plan.h"

namespace pgsift {

std::string_view PlanFormatName(PlanFormat format) {
  switch (format) {
    case PlanFormat::kJson:
      return "json";
    case PlanFormat::kText:
      return "text";
    case PlanFormat::kYaml:
      return "yaml";
    case PlanFormat::kXml:
      return "xml";
  }
  return "json";
}

const PlanNode* Plan::ChildOf(const PlanNode& node, size_t n) const {
  for (int id : node.children) {
    const PlanNode& child = At(id);
    if (child.IsInitPlan() || child.IsSubPlan()) continue;
    if (n-- == 0) return &child;
  }
  return nullptr;
}

std::string_view Plan::Setting(std::string_view name) const {
  for (const auto& [key, value] : settings) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace pgsift
