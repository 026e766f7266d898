#include "base/rule_info.h"

namespace pgsift {

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "info";
}

std::string_view CategoryName(Category category) {
  switch (category) {
    case Category::kLocking:
      return "locking";
    case Category::kDataLoss:
      return "data-loss";
    case Category::kCompatibility:
      return "compatibility";
    case Category::kCorrectness:
      return "correctness";
    case Category::kPerformance:
      return "performance";
    case Category::kSchema:
      return "schema";
    case Category::kOperations:
      return "operations";
    case Category::kInput:
      return "input";
  }
  return "input";
}

std::string_view FixSafetyName(FixSafety safety) {
  switch (safety) {
    case FixSafety::kNone:
      return "none";
    case FixSafety::kDisplay:
      return "display";
    case FixSafety::kUnsafe:
      return "unsafe";
    case FixSafety::kSafe:
      return "safe";
  }
  return "none";
}

RuleFamily FamilyOf(const RuleInfo& rule) {
  const std::string_view prefix = rule.id.substr(0, 3);
  if (prefix == "MIG") return RuleFamily::kMigration;
  if (prefix == "QRY") return RuleFamily::kQuery;
  if (prefix == "PLN") return RuleFamily::kPlan;
  if (prefix == "IDX") return RuleFamily::kIndex;
  if (prefix == "SRV") return RuleFamily::kServer;
  return RuleFamily::kInput;
}

std::string_view FamilyName(RuleFamily family) {
  switch (family) {
    case RuleFamily::kMigration:
      return "migration";
    case RuleFamily::kQuery:
      return "query";
    case RuleFamily::kPlan:
      return "plan";
    case RuleFamily::kIndex:
      return "index";
    case RuleFamily::kServer:
      return "server";
    case RuleFamily::kInput:
      return "input";
  }
  return "input";
}

}  // namespace pgsift
