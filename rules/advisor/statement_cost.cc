#include "rules/advisor/statement_cost.h"

#include <algorithm>
#include <cmath>

#include "rules/advisor/selectivity.h"

namespace pgsift {
namespace {

constexpr size_t kStatesMax = 24;  // Kept of each size: exact up to five tables.
constexpr double kUnevenSpread = 3;
// Of a recursion, as the planner takes it; its rows in each are as many times those of the first.
constexpr double kSteps = 10;

bool SameShape(const StatementScans& a, const StatementScans& b) {
  if (a.levels.size() != b.levels.size()) return false;
  for (size_t i = 0; i < a.levels.size(); ++i) {
    const Level& x = a.levels[i];
    const Level& y = b.levels[i];
    if (x.needs.size() != y.needs.size() || x.ors.size() != y.ors.size()) return false;
    for (size_t n = 0; n < x.needs.size(); ++n) {
      if (x.needs[n].key != y.needs[n].key || x.needs[n].table != y.needs[n].table) return false;
    }
  }
  return true;
}

}  // namespace

IndexSet IndexSet::Over(const IndexSet& base) {
  IndexSet set;
  set.base_ = &base;
  return set;
}

std::vector<const IndexDesign*>& IndexSet::Own(const Relation* table) {
  const auto [at, added] = by_table_.try_emplace(table);
  if (added && base_ != nullptr) at->second = base_->Of(table);
  return at->second;
}

void IndexSet::Remove(const IndexDesign* design) {
  std::vector<const IndexDesign*>& list = Own(design->table);
  const auto found = std::find(list.begin(), list.end(), design);
  if (found != list.end()) list.erase(found);
}

const std::vector<const IndexDesign*>& IndexSet::Of(const Relation* table) const {
  static const auto& none = *new std::vector<const IndexDesign*>();
  const auto found = by_table_.find(table);
  if (found != by_table_.end()) return found->second;
  return base_ == nullptr ? none : base_->Of(table);
}

StatementCost::StatementCost(StatementScans scans, std::span<const StatementScans> samples,
                             bool varies, FactsOfTables* facts, const CostSettings& settings)
    : scans_(std::move(scans)), varies_(varies), settings_(settings) {
  levels_.resize(scans_.levels.size());
  std::vector<StatementScans> alike;
  for (const StatementScans& sample : samples) {
    if (SameShape(scans_, sample)) alike.push_back(sample);
  }
  for (size_t i = 0; i < scans_.levels.size(); ++i) PrepareAll(i, alike, facts);
  for (size_t i = 0; i < scans_.levels.size(); ++i) {
    const size_t outer = scans_.levels[i].per_row_of;
    if (outer < i) {
      double rows = levels_[outer].rows_all;
      if (scans_.levels[outer].limit >= 0) rows = std::min(rows, scans_.levels[outer].limit);
      levels_[i].executions = std::max(1.0, rows) * levels_[outer].executions;
    } else if (scans_.levels[i].recursive_arm) {
      levels_[i].executions = kSteps;
    }
  }
}

std::vector<AccessTerm> StatementCost::TermsOf(const Level& level, const PlannedLevel& planned,
                                               size_t t, uint32_t mask,
                                               const std::vector<Need>* arm) const {
  const PlannedTable& table = planned.tables[t];
  std::vector<AccessTerm> terms;
  for (size_t n : table.needs)
    terms.push_back({.need = &level.needs[n], .column = {}, .share = planned.shares[n]});
  // As a whole, an OR may prove a predicate.
  for (size_t n : table.ors) {
    if (!level.ors[n].whole.sql.empty())
      terms.push_back({.need = &level.ors[n].whole, .column = {}, .share = 1});
  }
  if (arm != nullptr) {
    for (const Need& need : *arm) {
      terms.push_back(
          {.need = &need, .column = {}, .share = SelectivityOf(need, *table.facts), .arm = true});
    }
  }
  for (const EqualClass& one : planned.classes) {
    if (one.constant) continue;
    const Member* mine = nullptr;
    bool theirs = false;
    for (const Member& member : one.members) {
      if (member.table == t) mine = &member;
      theirs = theirs || (member.table != t && (mask >> member.table & 1U) != 0);
    }
    if (mine != nullptr && theirs) {
      terms.push_back(
          {.need = nullptr, .column = mine->column, .share = 1 / std::max(1.0, mine->distinct)});
    }
  }
  return terms;
}

bool StatementCost::Ordered(const PlannedLevel& planned, size_t t, const IndexDesign& index,
                            const AccessMatch& match, const std::vector<OrderKey>& wanted) const {
  (void)planned;
  if (wanted.empty() || wanted.front().table != t || match.several) return false;
  return GivesOrder(index, match, wanted);
}

void StatementCost::Paths(const Level& level, const PlannedLevel& planned, size_t t, uint32_t mask,
                          double loops, const IndexSet& indexes,
                          const std::vector<OrderKey>* wanted, TablePath* cheapest,
                          TablePath* ordered) const {
  const PlannedTable& table = planned.tables[t];
  if (table.facts == nullptr) {
    *cheapest = {.cost = {.startup = 0, .total = table.rows * settings_.cpu_tuple},
                 .index = nullptr,
                 .valid = true};
    return;
  }
  const TableFacts& facts = *table.facts;
  const double conditions = static_cast<double>(table.needs.size() + table.ors.size());
  *cheapest = {.cost = SeqScanCost(settings_, facts, conditions, table.rows),
               .index = nullptr,
               .valid = true};
  const auto take = [](TablePath* best, const PathCost& cost, const IndexDesign* index) {
    if (!best->valid || cost.total < best->cost.total)
      *best = {.cost = cost, .index = index, .valid = true};
  };
  const std::vector<const IndexDesign*>& list = indexes.Of(facts.relation);
  const std::vector<AccessTerm> terms =
      list.empty() ? std::vector<AccessTerm>() : TermsOf(level, planned, t, mask, nullptr);
  for (const IndexDesign* index : list) {
    const AccessMatch match = MatchIndex(*index, terms, facts);
    if (!match.usable) continue;
    if (match.lossy != nullptr) {
      const double share = match.lossy_share;
      double rows = facts.rows * index->share * share;
      const double search = LossyIndexCost(settings_, facts, *index, *match.lossy, share);
      if (index->method == "brin") rows = rows * 1.1 + facts.rows / facts.pages * 256;
      take(cheapest, BitmapHeapCost(settings_, facts, search, rows, conditions, loops), index);
      continue;
    }
    IndexSearch search;
    search.boundary_share = match.boundary_share;
    search.index_share = match.index_share;
    search.searches = match.searches;
    search.quals = match.quals;
    search.filters = std::max(0.0, conditions - match.consumed);
    search.loops = loops;
    search.correlation =
        index->keys.front().expression ? 0 : facts.Column(index->keys.front().key).correlation;
    search.index_only = HoldsAll(level, t, *index);
    const bool in_order =
        ordered != nullptr && wanted != nullptr && Ordered(planned, t, *index, match, *wanted);
    if (!match.bounded && !in_order && !search.index_only && index->predicate.empty()) continue;
    const PathCost scan = IndexScanCost(settings_, facts, *index, search);
    take(cheapest, scan, index);
    if (in_order) {
      take(ordered, scan, index);
      const double read = facts.rows * index->share * match.index_share;
      if (ordered->index == index) ordered->skips = table.rows < 0.5 * read;
    }
    if (match.bounded && !search.index_only) {
      const double cost = IndexSearchCost(settings_, facts, *index, search);
      const double rows = facts.rows * index->share * match.index_share;
      take(cheapest, BitmapHeapCost(settings_, facts, cost, rows, search.filters, loops), index);
    }
  }
  if (!table.ors.empty()) BitmapOr(level, planned, t, loops, indexes, cheapest);
}

// Each arm of an OR by an index of its own.
void StatementCost::BitmapOr(const Level& level, const PlannedLevel& planned, size_t t,
                             double loops, const IndexSet& indexes, TablePath* cheapest) const {
  const TableFacts& facts = *planned.tables[t].facts;
  for (size_t n : planned.tables[t].ors) {
    double cost = 0;
    double rows = 0;
    const IndexDesign* last = nullptr;
    std::vector<const IndexDesign*> others;
    for (const std::vector<Need>& arm : level.ors[n].arms) {
      double best = -1;
      double best_rows = 0;
      const std::vector<AccessTerm> terms = TermsOf(level, planned, t, 0, &arm);
      for (const IndexDesign* index : indexes.Of(facts.relation)) {
        const AccessMatch match = MatchIndex(*index, terms, facts);
        if (!match.usable || !match.arm_used) continue;
        double one = 0;
        double share = match.index_share;
        if (match.lossy != nullptr) {
          share = match.lossy_share;
          one = LossyIndexCost(settings_, facts, *index, *match.lossy, share);
        } else {
          IndexSearch search;
          search.boundary_share = match.boundary_share;
          search.index_share = match.index_share;
          search.searches = match.searches;
          search.quals = match.quals;
          one = IndexSearchCost(settings_, facts, *index, search);
        }
        const double found = facts.rows * index->share * share;
        if (best < 0 || one + found < best + best_rows) {
          best = one;
          best_rows = found;
          last = index;
        }
      }
      if (best < 0) {
        last = nullptr;
        break;
      }
      cost += best;
      rows += best_rows;
      others.push_back(last);
    }
    if (last == nullptr) continue;
    const PathCost path = BitmapHeapCost(settings_, facts, cost, rows, 2, loops);
    if (path.total < cheapest->cost.total)
      *cheapest = {.cost = path, .index = last, .valid = true, .others = others};
  }
}

StatementCost::Plan StatementCost::Finished(const Level& level, const PlannedLevel& planned,
                                            const State& state) const {
  const double rows = planned.rows_all;
  double width = 24;
  for (const PlannedTable& table : planned.tables) width += table.width;
  const double share = level.limit >= 0 ? std::min(1.0, level.limit / rows) : 1;
  Plan plan = state.cheapest;
  if (level.grouped) {
    const double keys = std::max<double>(1, static_cast<double>(level.group.size()));
    const double work = rows * settings_.cpu_operator * keys + planned.groups * settings_.cpu_tuple;
    plan.cost.total += work;
    if (level.order_wanted)
      plan.cost.total += SortCost(settings_, planned.groups, width, level.limit);
    if (state.ordered.valid) {
      Plan other = state.ordered;
      other.cost.total += work;
      const bool same_order =
          !level.order_wanted ||
          (!level.order.empty() && level.order.front().key == level.group.front().key);
      if (level.limit >= 0 && same_order) {
        const double part = std::min(1.0, level.limit / planned.groups);
        other.cost.total = other.cost.startup + (other.cost.total - other.cost.startup) * part;
      } else if (!same_order) {
        other.cost.total += SortCost(settings_, planned.groups, width, level.limit);
      }
      if (other.cost.total < plan.cost.total) return other;
    }
    return plan;
  }
  if (level.aggregated) {
    plan.cost.total += rows * settings_.cpu_operator;
    return plan;
  }
  if (level.order_wanted) {
    plan.cost.total += SortCost(settings_, rows, width, level.limit);
    if (state.ordered.valid) {
      Plan other = state.ordered;
      // The rows that pass may all lie at the far end: the planner takes them for evenly spread.
      const double part = other.skips ? std::min(1.0, share * kUnevenSpread) : share;
      other.cost.total = other.cost.startup + (other.cost.total - other.cost.startup) * part;
      if (other.cost.total < plan.cost.total) return other;
    }
    return plan;
  }
  plan.cost.total = plan.cost.startup + (plan.cost.total - plan.cost.startup) * share;
  return plan;
}

// How often the planner reckons that a search is repeated, for what of it stays in the cache: not
// by the rows that are joined in front of it, but by those of the smallest table that it hangs on.
double StatementCost::LoopsOf(const PlannedLevel& planned, size_t t, uint32_t mask, double rows) {
  double loops = -1;
  for (size_t other = 0; other < planned.tables.size(); ++other) {
    if ((mask & planned.tables[t].neighbors) >> other & 1U) {
      const double its = planned.tables[other].rows;
      loops = loops < 0 ? its : std::min(loops, its);
    }
  }
  return loops < 0 ? rows : loops;
}

StatementCost::Plan StatementCost::LevelPlan(size_t index, const IndexSet& indexes) const {
  const Level& level = scans_.levels[index];
  const PlannedLevel& planned = levels_[index];
  const size_t count = planned.tables.size();
  if (count == 0) return Plan{.valid = true};
  if (level.set_operation) {
    State state;
    state.cheapest.valid = true;
    state.cheapest.cost.total = planned.rows_all * settings_.cpu_tuple;
    return Finished(level, planned, state);
  }
  const std::vector<OrderKey>* wanted = planned.wanted.empty() ? nullptr : &planned.wanted;
  std::vector<TablePath> alone(count);
  std::vector<State> states;
  for (size_t t = 0; t < count; ++t) {
    TablePath ordered;
    Paths(level, planned, t, 0, 1, indexes, wanted, &alone[t], &ordered);
    const LevelTable& table = level.tables[t];
    if (planned.tables[t].after != 0 && (table.nullable || table.anti || table.lateral)) continue;
    State state{.mask = 1U << t};
    state.cheapest.cost = alone[t].cost;
    state.cheapest.Use(alone[t]);
    state.cheapest.valid = true;
    if (table.semi && count > 1)
      state.cheapest.cost.total += planned.tables[t].rows * settings_.cpu_operator * 2;
    if (ordered.valid && !table.semi) {
      state.ordered.cost = ordered.cost;
      state.ordered.Use(ordered);
      state.ordered.skips = ordered.skips;
      state.ordered.valid = true;
    }
    states.push_back(state);
  }
  for (size_t size = 1; size < count; ++size) {
    std::map<uint32_t, State> next;
    for (const State& state : states) {
      const double rows = RowsOfMask(level, planned, state.mask);
      bool connected = false;
      for (int pass : {0, 1}) {
        if (pass == 1 && connected) break;
        for (size_t t = 0; t < count; ++t) {
          const PlannedTable& table = planned.tables[t];
          if ((state.mask >> t & 1U) != 0 || (table.after & ~state.mask) != 0) continue;
          // First what joins; a product only where nothing does.
          if (pass == 0 && (table.neighbors & state.mask) == 0) continue;
          connected = true;
          const uint32_t mask = state.mask | 1U << t;
          const double out = RowsOfMask(level, planned, mask);
          TablePath inner;
          Paths(level, planned, t, state.mask, LoopsOf(planned, t, state.mask, rows), indexes,
                nullptr, &inner, nullptr);
          // Sequential scans for each outer row only where nothing else can be done.
          const bool keyed = inner.index != nullptr;
          const double once = inner.cost.total;
          const double matches = std::max(1.0, out / std::max(1.0, rows));
          const double stop = level.tables[t].semi && matches > 1 ? 2 / (matches + 1) : 1;
          const auto nested = [&](const Plan& outer) {
            Plan plan = outer;
            plan.cost.total += rows * once * stop + out * settings_.cpu_tuple;
            plan.cost.startup += inner.cost.startup;
            plan.Use(inner);
            return plan;
          };
          const auto hashed = [&](const Plan& outer) {
            Plan plan = outer;
            const TablePath& whole = alone[t];
            const double inner_rows = table.rows;
            double cost = whole.cost.total +
                          inner_rows * (settings_.cpu_operator + settings_.cpu_tuple) +
                          rows * settings_.cpu_operator + out * settings_.cpu_tuple;
            const double bytes = inner_rows * (table.width + 40);
            if (bytes > settings_.work_mem * 2)
              cost += 2 * settings_.seq_page * (bytes / 8192 + rows * 60 / 8192);
            plan.cost.total += cost;
            plan.cost.startup += whole.cost.total;
            plan.Use(whole);
            return plan;
          };
          const bool product = (table.neighbors & state.mask) == 0;
          const auto join = [&](const Plan& outer) {
            Plan best;
            if (!product) best = hashed(outer);
            if (product) {
              best = outer;
              best.cost.total += alone[t].cost.total + rows * table.rows * settings_.cpu_operator;
              best.Use(alone[t]);
              best.valid = true;
            }
            if (keyed) {
              Plan other = nested(outer);
              if (other.cost.total < best.cost.total) best = other;
            }
            return best;
          };
          State& into = next[mask];
          into.mask = mask;
          const Plan cheap = join(state.cheapest);
          if (!into.cheapest.valid || cheap.cost.total < into.cheapest.cost.total)
            into.cheapest = cheap;
          if (state.ordered.valid) {
            // Nested loops and hash joins both keep the outer side's order.
            const Plan plan =
                level.limit >= 0 && keyed ? nested(state.ordered) : join(state.ordered);
            if (!into.ordered.valid || plan.cost.total < into.ordered.cost.total)
              into.ordered = plan;
          }
        }
      }
    }
    if (next.empty()) return Plan{.cost = states.front().cheapest.cost, .valid = true};
    states.clear();
    for (auto& [mask, state] : next) states.push_back(state);
    if (states.size() > kStatesMax) {
      std::sort(states.begin(), states.end(), [](const State& a, const State& b) {
        return a.cheapest.cost.total != b.cheapest.cost.total
                   ? a.cheapest.cost.total < b.cheapest.cost.total
                   : a.mask < b.mask;
      });
      states.resize(kStatesMax);
    }
  }
  if (states.empty()) return Plan{.valid = true};
  Plan plan = Finished(level, planned, states.front());
  // min() and max(): a step into an index each.
  if (level.extremes[0].has_value()) {
    Plan steps{.valid = true};
    for (const std::optional<OrderKey>& extreme : level.extremes) {
      if (!extreme.has_value()) continue;
      const std::vector<OrderKey> one = {*extreme};
      TablePath cheapest;
      TablePath ordered;
      Paths(level, planned, 0, 0, 1, indexes, &one, &cheapest, &ordered);
      if (!ordered.valid) {
        steps.valid = false;
        break;
      }
      steps.cost.total += ordered.cost.startup +
                          (ordered.cost.total - ordered.cost.startup) / planned.tables[0].rows;
      steps.Use(ordered);
    }
    if (steps.valid && steps.cost.total < plan.cost.total) return steps;
  }
  return plan;
}

double StatementCost::Cost(const IndexSet& indexes, std::set<const IndexDesign*>* used) const {
  double cost = 0;
  for (size_t i = 0; i < levels_.size(); ++i) {
    const Plan plan = LevelPlan(i, indexes);
    cost += plan.cost.total * levels_[i].executions;
    if (used != nullptr) used->insert(plan.used, plan.used + plan.count);
  }
  return cost;
}

bool StatementCost::Concerns(const IndexDesign& design) const {
  for (size_t i = 0; i < levels_.size(); ++i) {
    const Level& level = scans_.levels[i];
    for (size_t t = 0; t < levels_[i].tables.size(); ++t) {
      if (level.tables[t].relation != design.table) continue;
      const DesignKey& first = design.keys.front();
      for (const Need& tested : design.predicate) {
        for (const Need& need : level.needs) {
          if (need.table == t && !need.sql.empty() && need.sql == tested.sql) return true;
        }
      }
      const auto fits = [&](const Need& need) {
        return need.table == t && need.key == first.key && need.kind != NeedKind::kOther &&
               need.kind != NeedKind::kNotEqual;
      };
      if (std::any_of(level.needs.begin(), level.needs.end(), fits)) return true;
      for (const OrNeed& either : level.ors) {
        for (const std::vector<Need>& arm : either.arms) {
          if (std::any_of(arm.begin(), arm.end(), fits)) return true;
        }
      }
      const std::vector<std::string>& joins = levels_[i].tables[t].join_columns;
      if (std::find(joins.begin(), joins.end(), first.key) != joins.end()) return true;
      for (const std::vector<OrderKey>* keys : {&level.order, &level.group}) {
        for (const OrderKey& key : *keys) {
          if (key.table == t && key.key == first.key) return true;
        }
      }
      for (const std::optional<OrderKey>& extreme : level.extremes) {
        if (extreme.has_value() && extreme->key == first.key) return true;
      }
      // Whole statement out of the index.
      const std::set<std::string>& needed = level.tables[t].needed;
      const bool covers = !level.tables[t].written &&
                          std::all_of(needed.begin(), needed.end(),
                                      [&](const std::string& name) { return design.Stores(name); });
      if (covers && !needed.empty()) return true;
    }
  }
  return false;
}

}  // namespace pgsift
