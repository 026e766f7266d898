#ifndef PGSIFT_RULES_PLAN_CAUSES_BRIN_BITMAP_H_
#define PGSIFT_RULES_PLAN_CAUSES_BRIN_BITMAP_H_

#include "ingest/plan/plan.h"

namespace pgsift {

// A Bitmap Heap Scan of a BRIN index: its bitmap is of whole pages, whatever work_mem is.
bool IsBrinBitmap(const Plan& plan, const PlanNode& node);

}  // namespace pgsift

#endif  // PGSIFT_RULES_PLAN_CAUSES_BRIN_BITMAP_H_
