#ifndef PGSIFT_INGEST_PLAN_PLAN_FIELDS_H_
#define PGSIFT_INGEST_PLAN_PLAN_FIELDS_H_

#include <cstdint>
#include <string_view>

#include "ingest/plan/plan.h"

namespace pgsift {

// What a key of a plan's node says, and where it is kept. The same keys, with other shapes around
// them, come from all formats.
struct PlanField {
  enum class Kind : uint8_t {
    kIgnored,
    kText,
    kTexts,
    kFlag,
    kNumber,
    kBuffers,
    kWal,
    kPlans,
    kWorkers,
    kSortGroups,
    kGroupingSets,
  } kind = Kind::kIgnored;
  union {
    std::string PlanNode::*text = nullptr;
    std::vector<std::string> PlanNode::*texts;
    bool PlanNode::*flag;
    double PlanNode::*number;
    double BufferCounts::*buffers;
    double WalCounts::*wal;
    SortGroups PlanNode::*groups;
  };
};

// The field of a key; one that is ignored for a key that is not known. Blanks and slashes may be
// written as "-", as in XML.
const PlanField& FieldOf(std::string_view key);

// The same for a worker's entry of "Workers".
struct WorkerField {
  std::string PlanWorker::*text = nullptr;
  double PlanWorker::*number = nullptr;
  double BufferCounts::*buffers = nullptr;
};
WorkerField WorkerFieldOf(std::string_view key);

// a and b are the same key but for blanks and slashes written as "-".
bool SameKey(std::string_view a, std::string_view b);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_FIELDS_H_
