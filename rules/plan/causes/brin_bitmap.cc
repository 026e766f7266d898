#include "rules/plan/causes/brin_bitmap.h"

#include <cmath>

namespace pgsift {

bool IsBrinBitmap(const Plan& plan, const PlanNode& node) {
  const PlanNode* index = plan.ChildOf(node);
  if (index == nullptr || index->type != "Bitmap Index Scan" || node.exact_heap_blocks > 0)
    return false;
  // It counts ten rows for each page of a range, also those behind the table's end.
  constexpr double kRowsAPage = 10;
  constexpr double kPagesPerRange = 128;
  const double pages = index->TotalRows() / kRowsAPage;
  return pages > 0 && pages == std::floor(pages) && pages >= node.lossy_heap_blocks &&
         pages < node.lossy_heap_blocks + kPagesPerRange * node.Loops();
}

}  // namespace pgsift
