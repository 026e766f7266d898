#include "ingest/plan/plan_collector.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "ingest/plan/redact_plan.h"

namespace pgsift {
namespace {

uint64_t HashText(std::string_view text, uint64_t hash) {
  return StableHash("\n", text.empty() ? hash : StableHash(WithoutLiterals(text), hash));
}

void Count(const Plan& plan, LoggedRuns* runs) {
  runs->runs += 1;
  runs->total_ms += plan.WholeMs();
  runs->longest_ms = std::max(runs->longest_ms, plan.WholeMs());
}

}  // namespace

uint64_t PlanKind(const Plan& plan) {
  const std::string_view file(reinterpret_cast<const char*>(&plan.file), sizeof(plan.file));
  uint64_t hash = StableHash(file, plan.shape);
  hash = HashText(plan.query, hash);
  for (const PlanNode& node : plan.nodes) {
    for (const std::string* text : {&node.filter, &node.index_cond, &node.hash_cond,
                                    &node.merge_cond, &node.join_filter, &node.function_call}) {
      hash = HashText(*text, hash);
    }
    for (const std::vector<std::string>* list : {&node.sort_keys, &node.group_keys}) {
      for (const std::string& text : *list) hash = HashText(text, hash);
    }
  }
  return hash;
}

void PlanCollector::Add(Plan&& plan) {
  ++added_;
  if (!grouped_ && plans_.size() >= kept_max_) GroupAll();
  if (grouped_) {
    Group(std::move(plan));
  } else {
    plans_.push_back(std::move(plan));
  }
}

void PlanCollector::GroupAll() {
  grouped_ = true;
  for (Plan& plan : std::exchange(plans_, {})) Group(std::move(plan));
}

void PlanCollector::Group(Plan&& plan) {
  const auto [place, fresh] =
      places_.try_emplace(plan.kind != 0 ? plan.kind : PlanKind(plan), plans_.size());
  if (fresh && plans_.size() >= kept_max_) {
    places_.erase(place);
    ++left_out_;
    return;
  }
  if (fresh) {
    Count(plan, &plan.logged);
    plans_.push_back(std::move(plan));
    return;
  }
  Plan& kept = plans_[place->second];
  Count(plan, &kept.logged);
  if (plan.WholeMs() <= kept.WholeMs()) return;
  plan.logged = kept.logged;
  kept = std::move(plan);
}

}  // namespace pgsift
