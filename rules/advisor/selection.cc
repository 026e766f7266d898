#include "rules/advisor/selection.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "rules/advisor/candidate_finder.h"

namespace pgsift {
namespace {

// Share of a statement's cost below which a difference says nothing: estimates are no better.
constexpr double kGainMin = 0.02;
constexpr size_t kMergesPerTable = 40;
constexpr size_t kRejectedMax = 12;
constexpr int kScaleRounds = 3;
constexpr int kPriceSteps = 8;  // Sets that are tried for a price of space at which they fit.
constexpr size_t kPlainKeysMax = 3;
// What more than the limits' own price gives may fill: sizes are estimates.
constexpr double kRoomShare = 0.9;
constexpr double kWholeShare = 0.95;  // What all of the set may fill, at the limits' own price.
constexpr double kPriceOfWholeMax = 2;

struct Candidate {
  IndexDesign design;
  std::vector<size_t> statements;  // That it concerns.
  std::vector<double> gains;       // Of each, weighed, beyond what is chosen.
  double size = 0;                 // Of all tables that are read, the stored columns counted more.
  double maintenance = 0, space = 0;
  double gained = 0;  // The sum of `gains`.
  bool chosen = false, dropped = false;
  double Gain() const { return gained; }
  void SumUp() {
    gained = 0;
    for (double gain : gains) gained += gain;
  }
  double Net() const { return Gain() - maintenance - space; }
};

constexpr size_t kNobody = static_cast<size_t>(-1);

// What a statement costs with sets of candidates that were tried.
struct Tried {
  absl::flat_hash_set<size_t> concerns;  // Candidates that may change it,
  std::vector<size_t> chosen;            // of these, those that are chosen.
  std::mutex mutex;
  absl::flat_hash_map<uint64_t, double> costs;  // By the set of candidates.
};

class Selector {
 public:
  Selector(const std::vector<WeighedStatement>& statements,
           const std::vector<IndexDesign>& existing,
           const std::map<const Relation*, TableWrites>& writes, const CandidateContext& context,
           const CandidateRules& rules, const SelectionLimits& limits, FactsOfTables* facts,
           size_t jobs)
      : statements_(statements),
        writes_(writes),
        context_(context),
        rules_(rules),
        limits_(limits),
        facts_(*facts),
        jobs_(jobs),
        tried_(statements.size()) {
    for (const IndexDesign& design : existing) {
      set_.Add(&design);
      existing_.Add(&design);
      signatures_.insert(design.Signature());
    }
  }

  Selection Run() {
    Costs();
    Collect();
    Merge();
    Gains();
    for (const Candidate& candidate : candidates_) start_.push_back(candidate.gains);
    FindPrice();
    return Result();
  }

 private:
  // One choice, with space that many times as dear as by the limits.
  void Try(double price) {
    Restart(price);
    Greedy();
    // What one statement cost without any index would hide all that the others could still gain.
    for (int round = 0; round < kScaleRounds && Rescale(); ++round) Greedy();
    for (int round = 0; round < 3 && (Swap() || CleanUp()); ++round) Greedy();
    CleanUp();
  }

  void Restart(double price) {
    price_ = price;
    scale_ = total_;
    benefit_min_ = limits_.benefit_min * total_;
    space_price_ = price_ * limits_.space_price * total_;
    current_ = before_;
    count_ = 0;
    bytes_ = 0;
    per_table_.clear();
    for (Tried& tried : tried_) tried.chosen.clear();
    for (size_t c = 0; c < candidates_.size(); ++c) {
      Candidate& candidate = candidates_[c];
      if (candidate.chosen) set_.Remove(&candidate.design);
      candidate.chosen = candidate.dropped = false;
      candidate.gains = start_[c];
      candidate.SumUp();
      candidate.space = SpaceOf(candidate);
    }
  }

  // A raised price makes ordinary indexes fit: the others do not pay it.
  double SpaceOf(const Candidate& candidate) const {
    const double raised = price_ > 1 && !IsOrdinary(candidate.design) ? price_ : 1;
    return space_price_ / raised * candidate.size;
  }

  // The bytes of ordinary indexes, each of which is taken for what it saves alone: the room that an
  // index set of this workload may take.
  double Room() {
    Restart(0);
    plain_ = true;
    Greedy();
    plain_ = false;
    return bytes_;
  }

  // GIN, GiST, BRIN and indexes of expressions do what no other index does.
  static bool IsOrdinary(const IndexDesign& design) {
    return design.method == "btree" &&
           std::none_of(design.keys.begin(), design.keys.end(),
                        [](const DesignKey& key) { return key.expression; });
  }

  static bool IsPlain(const IndexDesign& design) {
    return IsOrdinary(design) && design.include.empty() && design.predicate.empty() &&
           design.keys.size() <= kPlainKeysMax;
  }

  // What is left to pay: the statements, and the upkeep of what is chosen.
  double Left() const {
    double left = 0;
    for (double cost : current_) left += cost;
    for (const Candidate& candidate : candidates_)
      left += candidate.chosen ? candidate.maintenance : 0;
    return left;
  }

  // Without what no ordinary index does the work of.
  double OrdinaryBytes() const {
    double bytes = 0;
    for (const Candidate& candidate : candidates_) {
      if (candidate.chosen && IsOrdinary(candidate.design)) bytes += candidate.design.bytes();
    }
    return bytes;
  }

  // What still fits, at half the price.
  void Fill(double room) {
    if (bytes_ >= room) return;
    price_ /= 2;
    double sum = 0;
    for (double cost : current_) sum += cost;
    PriceSpace(sum);
    room_ = room;
    Greedy();
    room_ = 0;
  }

  // What was chosen at that price fits. All of it, where space is no more than twice as dear as by
  // the limits; dearer it is made for ordinary indexes alone.
  bool FitsInto(double room, double price) const {
    if (price < 1) return bytes_ <= room * kRoomShare;
    return OrdinaryBytes() <= room && (bytes_ <= room * kWholeShare || price >= kPriceOfWholeMax);
  }

  // Space is as dear as it must be for the set to fit into its room.
  void FindPrice() {
    const double room = Room();
    double best = 1;
    double least = -1;
    double cheap = 0;  // The highest price at which it does not fit, the lowest at which it does.
    double dear = 0;
    double price = 1;
    for (int step = 0; step < kPriceSteps; ++step) {
      Try(price);
      const double left = Left();
      const bool fits = FitsInto(room, price);
      if (fits && (least < 0 || left < least)) {
        least = left;
        best = price;
      }
      (fits ? dear : cheap) = price;
      if (step + 1 == kPriceSteps) break;
      if (cheap > 0 && dear > 0) {
        if (dear < cheap * 1.2) break;
        price = std::sqrt(cheap * dear);
      } else {
        price = fits ? price / 2 : price * 1.5;
      }
    }
    if (least < 0) best = price;
    if (price_ != best) Try(best);
    if (best < 1 || cheap > 0) Fill(room * (best < 1 ? kRoomShare : kWholeShare));
  }

  // What the statement costs with what is chosen, but `without`, and `with`. Asked again and again,
  // for other candidates and prices: it depends on the candidates alone that concern the statement.
  double Trial(size_t s, size_t without, size_t with) const {
    Tried& tried = tried_[s];
    uint64_t key = 0;
    const auto each = [&](const auto& take) {
      for (size_t c : tried.chosen) {
        if (c != without) take(c);
      }
      if (with != kNobody && tried.concerns.contains(with)) take(with);
    };
    each([&](size_t c) { key ^= Mixed(c); });
    {
      const std::lock_guard<std::mutex> lock(tried.mutex);
      if (const auto found = tried.costs.find(key); found != tried.costs.end())
        return found->second;
    }
    IndexSet set = IndexSet::Over(existing_);
    each([&](size_t c) { set.Add(&candidates_[c].design); });
    const double cost = CostWith(s, set);
    const std::lock_guard<std::mutex> lock(tried.mutex);
    tried.costs.emplace(key, cost);
    return cost;
  }
  static uint64_t Mixed(uint64_t c) {  // splitmix64.
    c += 0x9e3779b97f4a7c15;
    c = (c ^ (c >> 30)) * 0xbf58476d1ce4e5b9;
    c = (c ^ (c >> 27)) * 0x94d049bb133111eb;
    return c ^ (c >> 31);
  }
  double CostOf(size_t s) const { return Trial(s, kNobody, kNobody); }
  double CostWith(size_t s, const IndexSet& set) const {
    return statements_[s].weight * statements_[s].cost->Cost(set);
  }

  void Costs() {
    current_.resize(statements_.size());
    ParallelFor(jobs_, statements_.size(), [&](size_t s) { current_[s] = CostWith(s, existing_); });
    before_ = current_;
    for (double cost : current_) total_ += cost;
    scale_ = total_;
  }

  void Collect() {
    std::vector<StatementCandidates> found =
        FindCandidates(statements_, existing_, signatures_, context_, rules_, current_, jobs_);
    std::map<std::string, size_t> by_signature;
    for (StatementCandidates& one : found) {
      for (IndexDesign& design : one.designs) {
        const std::string signature = design.Signature();
        if (by_signature.contains(signature)) continue;
        by_signature.emplace(signature, candidates_.size());
        candidates_.push_back({.design = std::move(design)});
      }
    }
    for (const auto& [signature, at] : by_signature) signatures_.insert(signature);
    for (const StatementCandidates& one : found) {
      std::vector<size_t> together;
      for (const std::string& signature : one.together) {
        const auto at = by_signature.find(signature);
        if (at != by_signature.end()) together.push_back(at->second);
      }
      if (together.size() > 1) packages_.push_back(std::move(together));
    }
    std::sort(packages_.begin(), packages_.end());
    packages_.erase(std::unique(packages_.begin(), packages_.end()), packages_.end());
  }

  void Merge() {
    std::map<const Relation*, std::vector<size_t>> by_table;
    for (size_t c = 0; c < candidates_.size(); ++c)
      by_table[candidates_[c].design.table].push_back(c);
    std::vector<std::pair<QualifiedName, std::vector<size_t>>> tables;
    for (auto& [table, list] : by_table) tables.emplace_back(table->name, std::move(list));
    std::sort(tables.begin(), tables.end());
    for (const auto& [name, list] : tables) {
      size_t made = 0;
      for (size_t i = 0; i < list.size() && made < kMergesPerTable; ++i) {
        for (size_t j = i + 1; j < list.size() && made < kMergesPerTable; ++j) {
          const TableFacts& facts = facts_.Of(*candidates_[list[i]].design.table);
          std::optional<IndexDesign> merged =
              Merged(candidates_[list[i]].design, candidates_[list[j]].design, facts, rules_);
          if (!merged.has_value() || !signatures_.insert(merged->Signature()).second) continue;
          candidates_.push_back({.design = std::move(*merged)});
          ++made;
        }
      }
    }
  }

  void Gains() {
    std::map<const Relation*, std::vector<size_t>> readers;
    for (size_t s = 0; s < statements_.size(); ++s) {
      std::set<const Relation*> tables;
      for (const Level& level : statements_[s].cost->scans().levels) {
        for (const LevelTable& table : level.tables) {
          if (table.relation != nullptr) tables.insert(table.relation);
        }
      }
      for (const Relation* table : tables) readers[table].push_back(s);
    }
    of_statement_.resize(statements_.size());
    double pages = 0;  // Of all tables that are read.
    for (const auto& [table, list] : readers) pages += facts_.Of(*table).pages;
    for (size_t c = 0; c < candidates_.size(); ++c) {
      Candidate& candidate = candidates_[c];
      const TableFacts& facts = facts_.Of(*candidate.design.table);
      const auto written = writes_.find(candidate.design.table);
      if (written != writes_.end())
        candidate.maintenance = MaintenanceCost(candidate.design, written->second, facts);
      candidate.size = candidate.design.pages / std::max(1.0, pages);
      if (!candidate.design.include.empty()) candidate.size *= limits_.include_price;
      for (size_t s : readers[candidate.design.table]) {
        if (!statements_[s].cost->Concerns(candidate.design)) continue;
        candidate.statements.push_back(s);
        of_statement_[s].push_back(c);
        tried_[s].concerns.insert(c);
      }
      candidate.gains.resize(candidate.statements.size());
    }
    ParallelFor(jobs_, candidates_.size(), [&](size_t c) { Refresh(c, nullptr); });
  }

  // Gains of a candidate: of all its statements, or of those in `only`.
  void Refresh(size_t c, const std::set<size_t>* only) {
    Candidate& candidate = candidates_[c];
    for (size_t i = 0; i < candidate.statements.size(); ++i) {
      const size_t s = candidate.statements[i];
      if (only != nullptr && !only->contains(s)) continue;
      const double gain = current_[s] - Trial(s, kNobody, c);
      candidate.gains[i] = gain > kGainMin * current_[s] ? gain : 0;
    }
    candidate.SumUp();
  }

  bool Fits(const Candidate& candidate) const {
    if (limits_.indexes_max > 0 && count_ >= limits_.indexes_max) return false;
    if (limits_.bytes_max > 0 && bytes_ + candidate.design.bytes() > limits_.bytes_max)
      return false;
    if (room_ > 0 && bytes_ + candidate.design.bytes() > room_) return false;
    const auto found = per_table_.find(candidate.design.table);
    return found == per_table_.end() || found->second < limits_.per_table;
  }

  void Count(const Candidate& candidate, int sign) {
    count_ = static_cast<size_t>(static_cast<long>(count_) + sign);
    bytes_ += sign * candidate.design.bytes();
    per_table_[candidate.design.table] =
        static_cast<size_t>(static_cast<long>(per_table_[candidate.design.table]) + sign);
  }

  void Choose(size_t c) {
    for (size_t s : candidates_[c].statements) tried_[s].chosen.push_back(c);
  }
  void Unchoose(size_t c) {
    for (size_t s : candidates_[c].statements) std::erase(tried_[s].chosen, c);
  }

  // Puts a candidate into the set or takes it out, and brings costs and gains up to date.
  void Change(size_t c, bool in) {
    Candidate& candidate = candidates_[c];
    candidate.chosen = in;
    if (in) {
      set_.Add(&candidate.design);
      Choose(c);
    } else {
      set_.Remove(&candidate.design);
      Unchoose(c);
    }
    Count(candidate, in ? 1 : -1);
    std::set<size_t> changed;
    std::set<size_t> others;
    for (size_t s : candidate.statements) {
      const double cost = CostOf(s);
      if (std::abs(cost - current_[s]) < 1e-9) continue;
      current_[s] = cost;
      changed.insert(s);
      others.insert(of_statement_[s].begin(), of_statement_[s].end());
    }
    if (frozen_) return;
    const std::vector<size_t> list(others.begin(), others.end());
    ParallelIfMany(list.size(), [&](size_t i) {
      const Candidate& other = candidates_[list[i]];
      if (other.chosen || other.dropped) return;
      Refresh(list[i], &changed);
    });
  }

  void ParallelIfMany(size_t count, const std::function<void(size_t)>& work) const {
    if (count > 64) {
      ParallelFor(jobs_, count, work);
    } else {
      for (size_t i = 0; i < count; ++i) work(i);
    }
  }

  void Greedy() {
    for (;;) {
      size_t best = candidates_.size();
      double most = 0;
      for (size_t c = 0; c < candidates_.size(); ++c) {
        const Candidate& candidate = candidates_[c];
        if (candidate.chosen || candidate.dropped) continue;
        const double net = plain_ ? candidate.Gain() : candidate.Net();
        if (net < benefit_min_ || (plain_ && !IsPlain(candidate.design)) || !Fits(candidate))
          continue;
        // Where room is what is short: the most for its bytes.
        const double worth = room_ > 0 ? net / candidate.design.bytes() : net;
        if (worth > most || (best < candidates_.size() && worth == most &&
                             candidate.design.pages < candidates_[best].design.pages)) {
          most = worth;
          best = c;
        }
      }
      if (best < candidates_.size()) {
        Change(best, true);
      } else if (plain_ || !AddPackage()) {
        return;
      }
    }
  }

  // Of candidates that help together alone, the first that are worth it: each arm of an OR needs an
  // index of its own.
  bool AddPackage() {
    for (const std::vector<size_t>& package : packages_) {
      double price = 0;
      std::set<size_t> concerned;
      std::vector<size_t> added;
      bool fits = true;
      for (size_t c : package) {
        const Candidate& candidate = candidates_[c];
        if (candidate.chosen) continue;
        fits = fits && !candidate.dropped && Fits(candidate);
        price += candidate.maintenance + candidate.space;
        concerned.insert(candidate.statements.begin(), candidate.statements.end());
        added.push_back(c);
      }
      if (!fits || added.size() < 2) continue;
      double before = 0;
      for (size_t s : concerned) before += current_[s];
      double after = 0;
      for (size_t c : added) Choose(c);
      for (size_t s : concerned) after += CostOf(s);
      for (size_t c : added) Unchoose(c);
      if (before - after - price <= benefit_min_) continue;
      for (size_t c : added) Change(c, true);
      return true;
    }
    return false;
  }

  // Prices by what the workload costs with the indexes chosen so far. False: little has changed.
  bool Rescale() {
    double sum = 0;
    for (double cost : current_) sum += cost;
    if (sum > 0.9 * scale_) return false;
    scale_ = sum;
    benefit_min_ = std::min(limits_.benefit_min * total_, limits_.benefit_min_left * sum);
    PriceSpace(sum);
    return true;
  }

  // `left`: what the workload costs with what is chosen.
  void PriceSpace(double left) {
    space_price_ = price_ * std::min(limits_.space_price * total_, limits_.space_price_left * left);
    for (Candidate& candidate : candidates_) candidate.space = SpaceOf(candidate);
  }

  // Cost of taking out `c`, beyond what it costs itself.
  double Loss(size_t c) const {
    double loss = 0;
    for (size_t s : candidates_[c].statements) loss += Trial(s, c, kNobody) - current_[s];
    return loss - candidates_[c].maintenance - candidates_[c].space;
  }

  // What the rest does without goes.
  bool CleanUp() {
    bool any = false;
    for (;;) {
      size_t worst = candidates_.size();
      double least = benefit_min_ * 0.6;
      for (size_t c = 0; c < candidates_.size(); ++c) {
        if (!candidates_[c].chosen) continue;
        const double loss = Loss(c);
        if (loss < least) {
          least = loss;
          worst = c;
        }
      }
      if (worst == candidates_.size()) return any;
      candidates_[worst].dropped = true;
      Change(worst, false);
      any = true;
    }
  }

  // Another candidate of the table in the place of a chosen one.
  bool Swap() {
    bool any = false;
    for (size_t c = 0; c < candidates_.size(); ++c) {
      if (!candidates_[c].chosen) continue;
      const Candidate& old = candidates_[c];
      size_t best = candidates_.size();
      double most = 1e-4 * scale_;
      for (size_t other = 0; other < candidates_.size(); ++other) {
        const Candidate& next = candidates_[other];
        if (next.chosen || next.design.table != old.design.table) continue;
        if (limits_.bytes_max > 0 &&
            bytes_ - old.design.bytes() + next.design.bytes() > limits_.bytes_max) {
          continue;
        }
        double gain = old.maintenance + old.space - next.maintenance - next.space;
        std::set<size_t> both(old.statements.begin(), old.statements.end());
        both.insert(next.statements.begin(), next.statements.end());
        for (size_t s : both) gain += current_[s] - Trial(s, c, other);
        if (gain > most) {
          most = gain;
          best = other;
        }
      }
      if (best == candidates_.size()) continue;
      Change(c, false);
      candidates_[best].dropped = false;
      Change(best, true);
      any = true;
    }
    return any;
  }

  Selection Result() {
    Selection result;
    for (double cost : before_) result.cost_before += cost;
    for (double cost : current_) result.cost_after += cost;
    std::vector<size_t> picked;
    for (size_t c = 0; c < candidates_.size(); ++c) {
      if (candidates_[c].chosen) picked.push_back(c);
    }
    // In the order of what each saves beyond those in front of it: the first few are the best few.
    const std::vector<double> after = current_;
    frozen_ = true;
    for (size_t c : picked) Change(c, false);
    frozen_ = false;
    std::vector<size_t> rest = picked;
    std::vector<std::map<size_t, double>> gains;
    while (!rest.empty()) {
      size_t best = 0;
      double most = -1;
      for (size_t i = 0; i < rest.size(); ++i) {
        Refresh(rest[i], nullptr);
        const double net = candidates_[rest[i]].Net();
        if (i == 0 || net > most) {
          most = net;
          best = i;
        }
      }
      const size_t c = rest[best];
      rest.erase(rest.begin() + static_cast<long>(best));
      ChosenIndex chosen;
      chosen.design = candidates_[c].design;
      chosen.saved = candidates_[c].Gain();
      chosen.maintenance = candidates_[c].maintenance;
      gains.emplace_back();
      for (size_t i = 0; i < candidates_[c].statements.size(); ++i)
        gains.back()[candidates_[c].statements[i]] = candidates_[c].gains[i];
      frozen_ = true;
      Change(c, true);
      frozen_ = false;
      order_.push_back(c);
      result.chosen.push_back(std::move(chosen));
    }
    // Which statements use which, in the end.
    for (size_t s = 0; s < statements_.size(); ++s) {
      std::set<const IndexDesign*> used;
      const double cost = statements_[s].cost->Cost(set_, &used);
      for (size_t i = 0; i < order_.size(); ++i) {
        if (!used.contains(&candidates_[order_[i]].design)) continue;
        const double weight = std::max(1e-9, statements_[s].weight);
        result.chosen[i].serves.push_back({.index = statements_[s].index,
                                           .before = before_[s] / weight,
                                           .after = cost,
                                           .saved = gains[i].contains(s) ? gains[i].at(s) : 0});
      }
    }
    Rejected(&result);
    return result;
  }

  void Rejected(Selection* result) {
    std::vector<const Candidate*> rest;
    for (const Candidate& candidate : candidates_) {
      if (!candidate.chosen) rest.push_back(&candidate);
    }
    std::vector<std::pair<double, const Candidate*>> alone;
    for (const Candidate* candidate : rest) {
      alone.emplace_back(candidate->Gain(), candidate);
    }
    std::stable_sort(alone.begin(), alone.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [gain, candidate] : alone) {
      if (result->rejected.size() >= kRejectedMax) return;
      RejectedIndex rejected{.design = candidate->design, .saved = gain, .reason = {}};
      const double share = total_ > 0 ? 100 * gain / total_ : 0;
      if (limits_.indexes_max > 0 && count_ >= limits_.indexes_max &&
          candidate->Net() > benefit_min_) {
        rejected.reason =
            absl::StrFormat("no more than %d indexes were asked for", limits_.indexes_max);
      } else if (limits_.bytes_max > 0 && bytes_ + candidate->design.bytes() > limits_.bytes_max &&
                 candidate->Net() > benefit_min_) {
        rejected.reason = "it does not fit into the size that was asked for";
      } else if (candidate->maintenance > candidate->Gain() && candidate->Gain() > 0) {
        rejected.reason = "writes would cost more than it saves";
      } else {
        rejected.reason = absl::StrFormat(
            "beyond the indexes above it saves %.2f %% of the workload's cost, less than it is "
            "worth",
            share);
      }
      result->rejected.push_back(std::move(rejected));
    }
  }

  const std::vector<WeighedStatement>& statements_;
  const std::map<const Relation*, TableWrites>& writes_;
  const CandidateContext& context_;
  const CandidateRules& rules_;
  const SelectionLimits& limits_;
  FactsOfTables& facts_;
  const size_t jobs_;
  mutable std::vector<Tried> tried_;
  IndexSet existing_, set_;
  std::set<std::string> signatures_;
  std::vector<Candidate> candidates_;
  std::vector<std::vector<size_t>> packages_;  // Candidates that help together alone.
  std::vector<std::vector<size_t>> of_statement_;
  std::vector<double> current_, before_;
  double total_ = 0, bytes_ = 0;
  double scale_ = 0;  // What the workload costs with what is chosen, when prices were last made.
  double benefit_min_ = 0, space_price_ = 0;
  double price_ = 1;    // Of space, as many times as by the limits.
  double room_ = 0;     // No more bytes than these; 0: no limit.
  bool plain_ = false;  // Only ordinary indexes are chosen, for what they save alone.
  std::vector<std::vector<double>> start_;  // Gains of the candidates beside nothing.
  size_t count_ = 0;
  std::map<const Relation*, size_t> per_table_;
  std::vector<size_t> order_;
  bool frozen_ = false;  // Gains are not brought up to date.
};

}  // namespace

double MaintenanceCost(const IndexDesign& design, const TableWrites& writes,
                       const TableFacts& facts) {
  (void)facts;
  // Of one row: the descent, the leaf, its share of splits and WAL.
  const double each = design.method == "brin"   ? 0.1
                      : design.method == "gin"  ? 6
                      : design.method == "gist" ? 4
                                                : 2;
  double updates = 0;
  for (const auto& [column, count] : writes.column_updates) {
    const bool key = std::any_of(design.keys.begin(), design.keys.end(),
                                 [&](const DesignKey& one) { return one.column == column; });
    const bool predicate = std::any_of(design.predicate.begin(), design.predicate.end(),
                                       [&](const Need& need) { return need.column == column; });
    const bool stored =
        std::find(design.include.begin(), design.include.end(), column) != design.include.end();
    if (key || predicate || stored) updates = std::max(updates, count);
  }
  // An update that changes an indexed column is not HOT: all indexes of the table are written.
  const double hot_loss = updates > 0 ? updates * 2 : 0;
  return each * (writes.inserts * design.share + updates) + hot_loss;
}

Selection ChooseIndexes(const std::vector<WeighedStatement>& statements,
                        const std::vector<IndexDesign>& existing,
                        const std::map<const Relation*, TableWrites>& writes,
                        const CandidateContext& context, const CandidateRules& rules,
                        const SelectionLimits& limits, FactsOfTables* facts, size_t jobs) {
  return Selector(statements, existing, writes, context, rules, limits, facts, jobs).Run();
}

}  // namespace pgsift
