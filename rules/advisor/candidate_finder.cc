#include "rules/advisor/candidate_finder.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/parallel.h"

namespace pgsift {
namespace {

constexpr size_t kPerStatement = 14;   // Candidates kept of each statement.
constexpr double kWorthTrying = 0.02;  // Share of its statement's cost that one must save.
// Share of the workload's cost that the statements of a table must take for it to be looked at.
constexpr double kSpentMin = 1e-5;

using Weighed = std::vector<std::pair<double, IndexDesign>>;

class Finder {
 public:
  Finder(const std::vector<WeighedStatement>& statements, const IndexSet& existing,
         const std::set<std::string>& signatures, const CandidateContext& context,
         const CandidateRules& rules, size_t jobs)
      : statements_(statements),
        existing_(existing),
        signatures_(signatures),
        context_(context),
        rules_(rules),
        jobs_(jobs) {}

  std::vector<StatementCandidates> Run(const std::vector<double>& current) {
    std::vector<StatementCandidates> found(statements_.size());
    double total = 0;
    for (double cost : current) total += cost;
    // Tables whose statements cost too little together for any index to be worth it.
    std::map<const Relation*, double> spent;
    for (size_t s = 0; s < statements_.size(); ++s) {
      std::set<const Relation*> tables;
      for (const Level& level : statements_[s].cost->scans().levels) {
        for (const LevelTable& table : level.tables) tables.insert(table.relation);
      }
      for (const Relation* table : tables) spent[table] += current[s];
    }
    ParallelFor(jobs_, statements_.size(), [&](size_t s) {
      if (statements_[s].weight <= 0) return;
      std::vector<IndexDesign> designs = CandidatesOf(*statements_[s].cost, context_, rules_);
      IndexSet set = IndexSet::Over(existing_);
      std::vector<std::pair<double, size_t>> gains;
      for (size_t i = 0; i < designs.size(); ++i) {
        const auto all = spent.find(designs[i].table);
        if (all == spent.end() || all->second < kSpentMin * total) continue;
        if (signatures_.contains(designs[i].Signature())) continue;
        set.Add(&designs[i]);
        const double cost = CostWith(s, set);
        set.Remove(&designs[i]);
        const double gain = current[s] - cost;
        // A join may need two at once: what helps little alone is kept if few are.
        if (gain > kWorthTrying * current[s]) {
          gains.emplace_back(gain, i);
        }
      }
      std::stable_sort(gains.begin(), gains.end(), [&](const auto& a, const auto& b) {
        if (std::abs(a.first - b.first) > 1e-6 * (a.first + b.first)) return a.first > b.first;
        return designs[a.second].pages < designs[b.second].pages;
      });
      // For each table by itself: the driving side must not push out the others.
      std::vector<std::pair<double, IndexDesign>> best;
      std::map<const Relation*, size_t> of_table;
      for (const auto& [gain, i] : gains) {
        if (++of_table[designs[i].table] > kPerStatement) continue;
        best.emplace_back(gain, designs[i]);
      }
      Pairs(s, designs, &best);
      found[s].together = Together(s, std::move(designs), &best);
      for (auto& [gain, design] : best) found[s].designs.push_back(std::move(design));
    });
    return found;
  }

 private:
  double CostWith(size_t s, const IndexSet& set) const {
    return statements_[s].weight * statements_[s].cost->Cost(set);
  }

  // The arms of an OR are searched by an index each, or not at all: what the statement reads when
  // all of its candidates are there. Their signatures; those that are not among the best join them.
  std::vector<std::string> Together(size_t s, const std::vector<IndexDesign>& designs,
                                    Weighed* best) const {
    const std::vector<Level>& levels = statements_[s].cost->scans().levels;
    const bool either = std::any_of(levels.begin(), levels.end(),
                                    [](const Level& level) { return !level.ors.empty(); });
    if (!either) return {};
    IndexSet set = IndexSet::Over(existing_);
    for (const IndexDesign& design : designs) {
      if (!signatures_.contains(design.Signature())) set.Add(&design);
    }
    std::set<const IndexDesign*> used;
    statements_[s].cost->Cost(set, &used);
    std::vector<std::string> together;
    for (const IndexDesign& design : designs) {
      if (!used.contains(&design)) continue;
      together.push_back(design.Signature());
      best->emplace_back(0, design);
    }
    return together;
  }

  bool ReadsSeveral(size_t s) const {
    size_t tables = 0;
    for (const Level& level : statements_[s].cost->scans().levels) {
      tables += level.tables.size();
      for (const OrNeed& either : level.ors) tables += either.arms.size();
    }
    return tables > 1;
  }

  // With the best one there, what helps on top of it: the other side of a join.
  void Pairs(size_t s, const std::vector<IndexDesign>& designs,
             std::vector<std::pair<double, IndexDesign>>* best) const {
    if (best->empty() || !ReadsSeveral(s)) return;
    IndexSet set = IndexSet::Over(existing_);
    std::vector<IndexDesign> chosen;
    chosen.reserve(4);
    chosen.push_back(best->front().second);
    set.Add(&chosen.back());
    for (int step = 0; step < 3; ++step) {
      const double with = CostWith(s, set);
      std::vector<std::pair<double, size_t>> gains;
      for (size_t i = 0; i < designs.size(); ++i) {
        if (signatures_.contains(designs[i].Signature())) continue;
        set.Add(&designs[i]);
        const double gain = with - CostWith(s, set);
        set.Remove(&designs[i]);
        if (gain > kWorthTrying * with) gains.emplace_back(gain, i);
      }
      std::vector<std::pair<double, size_t>> again;
      for (size_t i = 0; i < best->size(); ++i) {
        set.Add(&(*best)[i].second);
        const double gain = with - CostWith(s, set);
        set.Remove(&(*best)[i].second);
        if (gain > kWorthTrying * with) again.emplace_back(gain, i);
      }
      std::stable_sort(gains.begin(), gains.end(),
                       [](const auto& a, const auto& b) { return a.first > b.first; });
      std::stable_sort(again.begin(), again.end(),
                       [](const auto& a, const auto& b) { return a.first > b.first; });
      if (gains.empty() && again.empty()) return;
      const bool fresh = !gains.empty() && (again.empty() || gains[0].first > again[0].first);
      chosen.push_back(fresh ? designs[gains[0].second] : (*best)[again[0].second].second);
      for (size_t i = 0; i < gains.size() && i < 4; ++i)
        best->emplace_back(gains[i].first, designs[gains[i].second]);
      set.Add(&chosen.back());
    }
  }

  const std::vector<WeighedStatement>& statements_;
  const IndexSet& existing_;
  const std::set<std::string>& signatures_;
  const CandidateContext& context_;
  const CandidateRules& rules_;
  const size_t jobs_;
};

}  // namespace

std::vector<StatementCandidates> FindCandidates(const std::vector<WeighedStatement>& statements,
                                                const IndexSet& existing,
                                                const std::set<std::string>& signatures,
                                                const CandidateContext& context,
                                                const CandidateRules& rules,
                                                const std::vector<double>& current, size_t jobs) {
  return Finder(statements, existing, signatures, context, rules, jobs).Run(current);
}

}  // namespace pgsift
