// How many rows a statement's tables and joins give: made once, before anything is priced.

#include <algorithm>
#include <cmath>

#include "rules/advisor/selectivity.h"
#include "rules/advisor/statement_cost.h"

namespace pgsift {
namespace {

constexpr size_t kTablesMax = 20;  // Of a level that is planned; further ones are left out.
constexpr double kUnknownRows = 1000;
// A column of no more different values may be a state, which the program's text names.
constexpr double kStatesOfColumn = 100;
// Of a recursion, as the planner takes it; its rows in each are as many times those of the first.
constexpr double kSteps = 10;

}  // namespace

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

}  // namespace pgsift
