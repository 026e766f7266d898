#include "rules/advisor/statement_cost.h"

#include <algorithm>
#include <cmath>

#include "rules/advisor/selectivity.h"

namespace pgsift {
namespace {

constexpr size_t kTablesMax = 20;  // Of a level that is planned; further ones are left out.
constexpr size_t kStatesMax = 24;  // Kept of each size: exact up to five tables.
constexpr double kUnknownRows = 1000;
constexpr double kUnevenSpread = 3;
// A column of no more different values may be a state, which the program's text names.
constexpr double kStatesOfColumn = 100;
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

// What a level reads from comes first: its rows are needed.
void StatementCost::PrepareAll(size_t index, std::span<const StatementScans> samples,
                               FactsOfTables* facts) {
  if (levels_[index].prepared) return;
  levels_[index].prepared = true;
  for (const LevelTable& table : scans_.levels[index].tables) {
    if (table.level < levels_.size()) PrepareAll(table.level, samples, facts);
  }
  Prepare(index, samples, facts);
}

void StatementCost::Prepare(size_t index, std::span<const StatementScans> samples,
                            FactsOfTables* facts) {
  Level& level = scans_.levels[index];
  PlannedLevel& planned = levels_[index];
  planned.tables.resize(std::min(level.tables.size(), kTablesMax));
  for (size_t t = 0; t < planned.tables.size(); ++t) {
    PlannedTable& table = planned.tables[t];
    if (level.tables[t].relation != nullptr) {
      table.facts = &facts->Of(*level.tables[t].relation);
      table.width = 0;
      for (const std::string& column : level.tables[t].needed)
        table.width += table.facts->Column(column).width;
    }
  }
  const size_t own_needs = level.needs.size();
  PrepareClasses(&level, &planned, facts);
  const auto facts_of = [&](size_t t) {
    return t < planned.tables.size() ? planned.tables[t].facts : nullptr;
  };
  for (size_t n = 0; n < level.needs.size(); ++n) {
    const TableFacts* table = facts_of(level.needs[n].table);
    planned.shares.push_back(table == nullptr ? 1.0 / 3
                             : n < own_needs  ? ShareOfNeed(index, n, *table, samples)
                                              : SelectivityOf(level.needs[n], *table));
    if (level.needs[n].table < planned.tables.size())
      planned.tables[level.needs[n].table].needs.push_back(n);
  }
  for (size_t n = 0; n < level.ors.size(); ++n) {
    const TableFacts* table = facts_of(level.ors[n].table);
    planned.or_shares.push_back(table != nullptr ? SelectivityOf(level.ors[n], *table) : 1.0 / 3);
    if (level.ors[n].table < planned.tables.size())
      planned.tables[level.ors[n].table].ors.push_back(n);
  }
  for (size_t t = 0; t < planned.tables.size(); ++t) {
    PlannedTable& table = planned.tables[t];
    if (table.facts == nullptr) {
      const size_t inner = level.tables[t].level;
      table.rows = inner < levels_.size() ? levels_[inner].rows_out : kUnknownRows;
      if (level.tables[t].work_table) table.rows *= kSteps;
      continue;
    }
    table.rows = table.facts->rows;
    for (size_t n : table.needs) table.rows *= planned.shares[n];
    for (size_t n : table.ors) table.rows *= planned.or_shares[n];
    table.rows = std::max(1.0, table.rows);
  }
  PrepareRows(level, &planned);
}

// The mean over the executions that are known.
double StatementCost::ShareOfNeed(size_t index, size_t n, const TableFacts& table,
                                  std::span<const StatementScans> samples) const {
  const Need& need = scans_.levels[index].needs[n];
  double share = SelectivityOf(need, table);
  double count = static_cast<double>(samples.size() + 1);
  bool varies = need.per_call;
  for (const StatementScans& sample : samples) {
    const Need& other = sample.levels[index].needs[n];
    share += SelectivityOf(other, table);
    varies = varies || other.values != need.values;
  }
  if (need.kind == NeedKind::kEqual && !need.expression) {
    const ColumnFacts& column = table.Column(need.key);
    varies = varies || (varies_ && samples.empty() && column.distinct > kStatesOfColumn);
    // Those kept are few of many: values that are there often are asked for often.
    const double asked = varies ? ShareAskedFor(column) : 0;
    if (asked > 0 && need.values.empty() && samples.empty()) return asked;
    if (asked > 0) {
      share += asked;
      ++count;
    }
  }
  return share / count;
}

// Joins are gathered into classes of equal columns; a value that one of them equals, all equal.
void StatementCost::PrepareClasses(Level* level, PlannedLevel* planned, FactsOfTables*) {
  const size_t count = planned->tables.size();
  for (const JoinClause& join : level->joins) {
    if (join.tables[0] >= count || join.tables[1] >= count) continue;
    EqualClass* home[2] = {nullptr, nullptr};
    for (EqualClass& one : planned->classes) {
      for (const Member& member : one.members) {
        for (int side : {0, 1}) {
          if (member.table == join.tables[side] && member.column == join.columns[side])
            home[side] = &one;
        }
      }
    }
    if (home[0] != nullptr && home[0] == home[1]) continue;
    if (home[0] == nullptr) {
      if (home[1] == nullptr) {
        planned->classes.emplace_back();
        home[1] = &planned->classes.back();
      }
      std::swap(home[0], home[1]);
    }
    for (int side : {0, 1}) {
      const bool there =
          std::any_of(home[0]->members.begin(), home[0]->members.end(), [&](const Member& member) {
            return member.table == join.tables[side] && member.column == join.columns[side];
          });
      if (there) continue;
      const PlannedTable& table = planned->tables[join.tables[side]];
      home[0]->members.push_back({.table = join.tables[side],
                                  .column = join.columns[side],
                                  .distinct = table.facts != nullptr
                                                  ? table.facts->Column(join.columns[side]).distinct
                                                  : kUnknownRows});
    }
    if (home[1] != nullptr && home[1] != home[0]) {
      for (Member& member : home[1]->members) {
        const bool there =
            std::any_of(home[0]->members.begin(), home[0]->members.end(), [&](const Member& other) {
              return member.table == other.table && member.column == other.column;
            });
        if (!there) home[0]->members.push_back(std::move(member));
      }
      home[1]->members.clear();
    }
  }
  std::erase_if(planned->classes, [](const EqualClass& one) { return one.members.size() < 2; });
  for (EqualClass& one : planned->classes) {
    std::optional<Need> value;
    for (const Need& need : level->needs) {
      if (need.kind != NeedKind::kEqual || need.expression) continue;
      for (const Member& member : one.members) {
        if (member.table == need.table && member.column == need.key) value = need;
      }
    }
    one.constant = value.has_value();
    for (const Member& member : one.members) {
      PlannedTable& table = planned->tables[member.table];
      if (!member.column.empty() && std::find(table.join_columns.begin(), table.join_columns.end(),
                                              member.column) == table.join_columns.end()) {
        table.join_columns.push_back(member.column);
      }
      for (const Member& other : one.members) {
        if (other.table != member.table) table.neighbors |= 1U << other.table;
      }
      if (!value.has_value() || table.facts == nullptr) continue;
      const bool own = std::any_of(level->needs.begin(), level->needs.end(), [&](const Need& need) {
        return need.kind == NeedKind::kEqual && need.table == member.table &&
               need.key == member.column;
      });
      if (own) continue;
      Need copy = *value;
      copy.table = member.table;
      copy.key = copy.column = member.column;
      copy.sql.clear();
      level->needs.push_back(std::move(copy));
    }
  }
}

void StatementCost::PrepareRows(const Level& level, PlannedLevel* planned) {
  const size_t count = planned->tables.size();
  for (size_t t = 0; t < count; ++t) {
    const LevelTable& table = level.tables[t];
    PlannedTable& mine = planned->tables[t];
    for (size_t other = 0; other < count; ++other) {
      if (other == t) continue;
      const bool joined = (mine.neighbors >> other & 1U) != 0;
      const LevelTable& its = level.tables[other];
      const bool optional = its.nullable || its.semi || its.anti;
      if (table.nullable && joined && (!optional || (its.nullable && other < t)))
        mine.after |= 1U << other;
      if (table.anti && joined && !its.anti) mine.after |= 1U << other;
      if (table.lateral && other < t && !optional) mine.after |= 1U << other;
    }
  }
  const uint32_t all = count == 0 ? 0 : static_cast<uint32_t>((uint64_t{1} << count) - 1);
  planned->rows_all =
      level.set_operation ? RowsOfSides(level, *planned) : RowsOfMask(level, *planned, all);
  for (double n = 0; n < level.filters; ++n) planned->rows_all /= 3;
  planned->rows_all = std::max(1.0, planned->rows_all);
  double rows = planned->rows_all;
  if (level.grouped) {
    planned->wanted = level.group;
    double groups = level.group.empty() ? rows / 5 : 1;
    for (const OrderKey& key : level.group) {
      const TableFacts* facts = planned->tables[std::min(key.table, count - 1)].facts;
      groups *= facts != nullptr && !key.expression ? facts->Column(key.key).distinct : 200;
    }
    rows = planned->groups = std::clamp(groups, 1.0, std::max(1.0, rows));
  } else if (level.aggregated) {
    rows = 1;
  } else if (level.order_wanted && level.order_known) {
    planned->wanted = level.order;
  }
  if (level.limit >= 0) rows = std::min(rows, level.limit);
  planned->rows_out = std::max(1.0, rows);
}

// The sides of a UNION, one after the other.
double StatementCost::RowsOfSides(const Level& level, const PlannedLevel& planned) const {
  double rows = 0;
  for (size_t t = 0; t < planned.tables.size(); ++t) {
    const size_t side = level.tables[t].level;
    const bool again =
        side < scans_.levels.size() && scans_.levels[side].recursive_arm && !level.recursive_arm;
    rows += planned.tables[t].rows * (again ? kSteps : 1);
  }
  return std::max(1.0, rows);
}

double StatementCost::RowsOfMask(const Level& level, const PlannedLevel& planned,
                                 uint32_t mask) const {
  double rows = 1;
  bool any = false;
  uint32_t done = 0;
  for (int pass : {0, 1}) {
    for (size_t t = 0; t < planned.tables.size(); ++t) {
      if ((mask >> t & 1U) == 0) continue;
      const LevelTable& table = level.tables[t];
      const bool optional = table.nullable || table.semi || table.anti;
      if (optional != (pass == 1)) continue;
      double matches = planned.tables[t].rows;
      for (const EqualClass& one : planned.classes) {
        double mine = 0;
        double theirs = 0;
        for (const Member& member : one.members) {
          if (member.table == t) mine = std::max(mine, member.distinct);
          if ((done >> member.table & 1U) != 0)
            theirs = theirs == 0 ? member.distinct : std::min(theirs, member.distinct);
        }
        if (mine > 0 && theirs > 0 && !one.constant) matches /= std::max(mine, theirs);
      }
      if (!any && table.semi) {
        // Made unique, it drives.
        double distinct = matches;
        for (const EqualClass& one : planned.classes) {
          for (const Member& member : one.members) {
            if (member.table == t) distinct = std::min(distinct, member.distinct);
          }
        }
        rows = distinct;
      } else if (table.anti) {
        rows *= std::max(0.1, 1 - std::min(1.0, matches));
      } else if (table.semi) {
        rows *= std::min(1.0, matches);
      } else if (table.nullable) {
        rows *= std::max(1.0, matches);
      } else {
        rows *= matches;
      }
      any = true;
      done |= 1U << t;
    }
  }
  return std::max(1.0, rows);
}

std::vector<AccessTerm> StatementCost::TermsOf(const Level& level, const PlannedLevel& planned,
                                               size_t t, uint32_t mask,
                                               const std::vector<Need>* arm) const {
  const PlannedTable& table = planned.tables[t];
  std::vector<AccessTerm> terms;
  for (size_t n : table.needs)
    terms.push_back({.need = &level.needs[n], .column = {}, .share = planned.shares[n]});
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
    if (!best->valid || cost.total < best->cost.total) *best = {cost, index, true, false};
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
    }
    if (last == nullptr) continue;
    const PathCost path = BitmapHeapCost(settings_, facts, cost, rows, 2, loops);
    if (path.total < cheapest->cost.total) *cheapest = {path, last, true, false};
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
    state.cheapest.Use(alone[t].index);
    state.cheapest.valid = true;
    if (table.semi && count > 1)
      state.cheapest.cost.total += planned.tables[t].rows * settings_.cpu_operator * 2;
    if (ordered.valid && !table.semi) {
      state.ordered.cost = ordered.cost;
      state.ordered.Use(ordered.index);
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
          Paths(level, planned, t, state.mask, rows, indexes, nullptr, &inner, nullptr);
          // Sequential scans for each outer row only where nothing else can be done.
          const bool keyed = inner.index != nullptr;
          const double once = inner.cost.total;
          const double matches = std::max(1.0, out / std::max(1.0, rows));
          const double stop = level.tables[t].semi && matches > 1 ? 2 / (matches + 1) : 1;
          const auto nested = [&](const Plan& outer) {
            Plan plan = outer;
            plan.cost.total += rows * once * stop + out * settings_.cpu_tuple;
            plan.cost.startup += inner.cost.startup;
            plan.Use(inner.index);
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
            plan.Use(whole.index);
            return plan;
          };
          const bool product = (table.neighbors & state.mask) == 0;
          const auto join = [&](const Plan& outer) {
            Plan best;
            if (!product) best = hashed(outer);
            if (product) {
              best = outer;
              best.cost.total += alone[t].cost.total + rows * table.rows * settings_.cpu_operator;
              best.Use(alone[t].index);
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
      steps.Use(ordered.index);
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
