#ifndef PGSIFT_REPORTS_SLOWEST_PLANS_H_
#define PGSIFT_REPORTS_SLOWEST_PLANS_H_

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace pgsift {

// Which of many plans to show: places of the `most` with the greatest times, in their order.
inline std::vector<size_t> SlowestPlans(const std::vector<double>& times_ms, size_t most) {
  std::vector<size_t> places(times_ms.size());
  std::iota(places.begin(), places.end(), size_t{0});
  if (places.size() <= most) return places;
  std::nth_element(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(most), places.end(),
                   [&](size_t a, size_t b) {
                     return times_ms[a] != times_ms[b] ? times_ms[a] > times_ms[b] : a < b;
                   });
  places.resize(most);
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_SLOWEST_PLANS_H_
