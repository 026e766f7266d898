#include "ingest/plan/value_plan_reader.h"

#include <charconv>
#include <string>

#include "absl/strings/str_format.h"
#include "ingest/plan/plan_filler.h"

namespace pgsift {
namespace {

// A handle for PlanFiller.
class TreeValue {
 public:
  explicit TreeValue(const PlanValue* value) : value_(value) {}

  bool IsObject() const { return value_->kind == PlanValue::Kind::kObject; }
  bool HasDecimals() const { return value_->text.find('.') != std::string::npos; }
  double Number() const {
    double number = 0;
    const std::string& text = value_->text;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  bool Flag() const { return value_->text == "true"; }
  std::string Text() const { return value_->text; }
  template <typename Function>
  void ForEachMember(const Function& function) const {
    for (const auto& [key, value] : value_->members) function(key, TreeValue(&value));
  }
  template <typename Function>
  void ForEachItem(const Function& function) const {
    for (const PlanValue& item : value_->items) function(TreeValue(&item));
  }
  void Locate(PlanNode* node) const {
    node->offset = value_->offset;
    node->line = value_->line;
  }

 private:
  const PlanValue* value_;
};

}  // namespace

bool AddPlan(const PlanValue& statement, PlanFormat format, bool truncated, FileId file,
             PlanReadResult* result) {
  Plan plan;
  plan.file = file;
  plan.format = format;
  plan.offset = statement.offset;
  plan.line = statement.line;
  plan.truncated = truncated;
  PlanFiller<TreeValue> filler(&plan);
  if (!filler.Fill(TreeValue(&statement))) return false;
  if (filler.overflow()) {
    result->errors.push_back(
        {.line = plan.line,
         .message = absl::StrFormat("a plan of more than %d nodes, or nested deeper than %d: its "
                                    "first %d nodes were read",
                                    kPlanNodesMax, kPlanDepthMax, plan.nodes.size())});
    plan.truncated = true;
  }
  result->plans.push_back(std::move(plan));
  return true;
}

}  // namespace pgsift
