#ifndef PGSIFT_INGEST_PLAN_PLAN_COLLECTOR_H_
#define PGSIFT_INGEST_PLAN_PLAN_COLLECTOR_H_

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ingest/plan/plan.h"

namespace pgsift {

// Keeps the plans of a run in bounded memory. Up to `kept_max` all are kept. From then on equal
// plans, those of one file and one query with the same nodes, relations, indexes and conditions
// (whatever their constants), are one: the slowest stands for all, and its `logged` counts them.
// What is kept depends on the plans and their order alone.
class PlanCollector {
 public:
  static constexpr size_t kKeptMax = 2'000;

  explicit PlanCollector(size_t kept_max = kKeptMax) : kept_max_(kept_max) {}

  // Moves from plans that it keeps alone.
  void Add(Plan&& plan);
  // All that were added.
  uint64_t added() const { return added_; }
  // Plans of kinds that came when `kept_max` kinds were kept already: counted here only.
  uint64_t left_out() const { return left_out_; }
  // Equal plans were counted as one.
  bool grouped() const { return grouped_; }
  const std::vector<Plan>& plans() const { return plans_; }
  // Ends the collection.
  std::vector<Plan> Release() { return std::move(plans_); }

 private:
  void Group(Plan&& plan);
  void GroupAll();

  const size_t kept_max_;
  uint64_t added_ = 0;
  uint64_t left_out_ = 0;
  bool grouped_ = false;
  std::vector<Plan> plans_;
  std::unordered_map<uint64_t, size_t> places_;  // Of each kind in plans_.
};

// Equal for plans that PlanCollector holds to be equal.
uint64_t PlanKind(const Plan& plan);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_COLLECTOR_H_
