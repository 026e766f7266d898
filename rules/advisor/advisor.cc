#include "rules/advisor/advisor.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "base/text.h"
#include "ingest/log/workload.h"
#include "ingest/plan/plan.h"
#include "rules/advisor/foreign_key_indexes.h"
#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

constexpr size_t kSamplesMax = 6;
constexpr double kRowsWrittenPerMs = 100;
constexpr uint64_t kCallsOfConstant = 5;

// A statement of the workload, ready to be weighed.
struct Weighed {
  const ObservedQuery* query = nullptr;
  std::unique_ptr<StatementCost> cost;
  std::vector<StatementScans> samples;
  double calls = 1;
  bool constants = false;  // Its literals are the program's own: values come as parameters.
  const Plan* plan = nullptr;
  size_t node = 0;
  double removed = 0, kept = 0;
};

bool UsesParameters(const ObservedQuery& query) {
  return !query.parameters.empty() || query.example.find('$') != std::string::npos;
}

class Advisor {
 public:
  Advisor(const Evidence& evidence, const AdvisorLimits& limits)
      : evidence_(evidence),
        catalog_(*evidence.catalog),
        limits_(limits),
        facts_(evidence),
        settings_(SettingsOf(evidence.snapshot())) {}

  IndexAdviceResult Run() {
    ReadLog();
    if (weighed_.empty()) ReadStatements();
    const size_t logged = weighed_.size();
    ReadPlans();
    Scan();
    CountWrites(logged);
    Existing();
    Choose();
    ForeignKeys(logged);
    return std::move(result_);
  }

 private:
  void ReadLog() {
    std::map<std::string, const QueryStats*> stats;
    if (evidence_.workload != nullptr) {
      for (const QueryStats& one : evidence_.workload->totals().queries)
        stats.emplace(one.id, &one);
    }
    for (const auto& query : evidence_.queries) {
      if (query->calls == 0) continue;
      Weighed one;
      one.query = query.get();
      one.calls = static_cast<double>(query->calls);
      one.constants = UsesParameters(*query);
      weighed_.push_back(std::move(one));
      const auto found = stats.find(query->id);
      stats_.push_back(found == stats.end() ? nullptr : found->second);
    }
  }

  // pg_stat_statements, where no log was given.
  void ReadStatements() {
    const Snapshot* snapshot = evidence_.snapshot();
    if (snapshot == nullptr) return;
    std::vector<const StatementStatistics*> list;
    for (const StatementStatistics& one : snapshot->statements) {
      const bool foreign = !one.database.empty() && !snapshot->database.empty() &&
                           one.database != snapshot->database;
      if (!foreign && one.calls > 0 && !one.query.empty()) list.push_back(&one);
    }
    std::vector<std::unique_ptr<ObservedQuery>> made(list.size());
    ParallelFor(limits_.jobs, list.size(), [&](size_t i) {
      const StatementStatistics& from = *list[i];
      auto query = std::make_unique<ObservedQuery>();
      query->id = from.query_id;
      query->sql = query->example = from.query;
      query->calls = static_cast<uint64_t>(from.calls);
      query->total_ms = from.total_ms;
      query->mean_ms = from.mean_ms;
      query->max_ms = from.max_ms;
      query->evidence = {
          .input = snapshot->path, .kind = "statistics", .ref = from.query_id, .text = {}};
      query->statement = ReadStatement(query->example);
      made[i] = std::move(query);
    });
    for (auto& query : made) {
      Weighed one;
      one.query = query.get();
      one.calls = static_cast<double>(query->calls);
      weighed_.push_back(std::move(one));
      stats_.push_back(nullptr);
      result_.own_queries.push_back(std::move(query));
      result_.from_statistics = true;
    }
  }

  // Scans whose filter throws most rows away, as statements of their own.
  void ReadPlans() {
    for (const Plan& plan : evidence_.plans) {
      for (size_t i = 0; i < plan.nodes.size(); ++i) {
        const PlanNode& node = plan.nodes[i];
        if (node.type != "Seq Scan" || !node.analyzed || node.filter.empty()) continue;
        const double removed = node.rows_removed_by_filter * node.loops;
        const double kept = node.actual_rows * node.loops;
        if (removed + kept < 10'000 || kept > 0.05 * (removed + kept)) continue;
        auto query = std::make_unique<ObservedQuery>();
        const std::string alias = node.alias.empty() ? node.relation : node.alias;
        query->sql = query->example = "SELECT * FROM " + QuoteName({node.schema, node.relation}) +
                                      " AS " + QuoteIdentifier(alias) + " WHERE " + node.filter;
        query->total_ms = query->mean_ms = query->max_ms = node.exclusive_ms;
        query->statement = ReadStatement(query->example);
        Weighed one;
        one.query = query.get();
        one.calls = std::max(1.0, node.loops);
        one.plan = &plan;
        one.node = i;
        one.removed = removed;
        one.kept = kept;
        weighed_.push_back(std::move(one));
        stats_.push_back(nullptr);
        result_.own_queries.push_back(std::move(query));
      }
    }
  }

  // Different literals were seen in the statement's executions.
  bool Varies(size_t i) const { return stats_[i] != nullptr && stats_[i]->texts.Estimate() > 1.5; }

  // Many executions, all of the same text.
  bool NeverVaries(size_t i) const {
    return stats_[i] != nullptr && stats_[i]->calls >= kCallsOfConstant && stats_[i]->binds == 0 &&
           !weighed_[i].constants && stats_[i]->texts.Estimate() < 1.5;
  }

  int64_t Now(size_t i) const {
    if (evidence_.snapshot() != nullptr && evidence_.snapshot()->taken_us > 0)
      return evidence_.snapshot()->taken_us;
    return stats_[i] != nullptr ? stats_[i]->example_place.time_us : 0;
  }

  void Scan() {
    std::vector<std::vector<std::string>> unknown(weighed_.size());
    ParallelFor(limits_.jobs, weighed_.size(), [&](size_t i) {
      Weighed& one = weighed_[i];
      const ObservedQuery& query = *one.query;
      if (query.statement.As<UnparsedStatement>() != nullptr) return;
      StatementScans scans =
          ScansOf(query.statement, catalog_, {.now_us = Now(i), .parameters = query.parameters});
      unknown[i] = scans.unknown;
      Cascades(&scans);
      std::vector<StatementScans> samples;
      if (stats_[i] != nullptr) {
        for (const SlowExecution& slow : stats_[i]->slowest) {
          if (samples.size() >= kSamplesMax || slow.text == query.example) continue;
          const Statement statement = ReadStatement(slow.text);
          samples.push_back(
              ScansOf(statement, catalog_, {.now_us = Now(i), .parameters = slow.parameters}));
          Cascades(&samples.back());
        }
      }
      one.cost =
          std::make_unique<StatementCost>(std::move(scans), samples, Varies(i), &facts_, settings_);
      one.samples = std::move(samples);
    });
    std::set<std::string> names;
    for (size_t i = 0; i < weighed_.size(); ++i) {
      names.insert(unknown[i].begin(), unknown[i].end());
      if (weighed_[i].cost == nullptr) {
        ++result_.unparsed;
      } else {
        ++result_.statements;
      }
    }
    for (const std::string& name : names) {
      // The system's own, also as statements name them without their schema.
      const bool system = name.starts_with("pg_catalog.") ||
                          name.starts_with("information_schema.") ||
                          name.find(".pg_") != std::string::npos;
      if (!system) result_.unknown_tables.push_back(name);
    }
  }

  // Deleting a row, or changing its key, looks for rows that reference it.
  void Cascades(StatementScans* scans) const {
    if (scans->written == nullptr || (scans->command != 'd' && scans->command != 'u')) return;
    for (const auto& [child, key] : catalog_.ReferencesTo(scans->written->id)) {
      if (scans->command == 'u') {
        const bool changed =
            std::any_of(key->referenced_columns.begin(), key->referenced_columns.end(),
                        [&](const std::string& column) {
                          return std::find(scans->assigned.begin(), scans->assigned.end(),
                                           column) != scans->assigned.end();
                        });
        if (!changed) continue;
      }
      Level level;
      LevelTable table;
      table.relation = child;
      table.label = child->name.name;
      table.written = true;
      level.tables.push_back(std::move(table));
      for (const std::string& column : key->columns) {
        Need need;
        need.kind = NeedKind::kEqual;
        need.key = need.column = column;
        need.op = "=";
        need.outer = need.per_call = true;
        level.needs.push_back(std::move(need));
      }
      level.per_row_of = 0;
      scans->levels.push_back(std::move(level));
    }
  }

  void CountWrites(size_t logged) {
    for (size_t i = 0; i < logged; ++i) {
      const Weighed& one = weighed_[i];
      if (one.cost == nullptr) continue;
      const StatementScans& scans = one.cost->scans();
      const double calls = one.calls;
      for (const Level& level : scans.levels) {
        for (const Need& need : level.needs) {
          if (need.table < level.tables.size() && level.tables[need.table].relation != nullptr)
            popularity_[{level.tables[need.table].relation, need.key}] += calls;
        }
      }
      if (scans.written == nullptr) continue;
      TableWrites& writes = writes_[scans.written];
      double rows = scans.levels.empty() || scans.command == 'i'
                        ? 1
                        : std::max(1.0, std::min(1e6, one.cost->RowsOf(0)));
      // Of a table of which no size is known: its rows are as many as fit into the time.
      const bool unknown = rows > 1 && !facts_.Of(*scans.written).known;
      if (unknown && one.query->mean_ms > 0)
        rows = std::clamp(one.query->mean_ms * kRowsWrittenPerMs, 1.0, rows);
      if (unknown) {
        writes.unknown_calls += calls;
      } else if (scans.command == 'i') {
        writes.inserts += calls;
      } else if (scans.command == 'd') {
        writes.deletes += calls * rows;
      } else {
        writes.updates += calls * rows;
      }
      for (const std::string& column : scans.assigned)
        writes.column_updates[column] += calls * rows;
    }
  }

  void Existing() {
    for (const Relation* table : catalog_.Relations()) {
      if (table->indexes.empty()) continue;
      for (const Relation* index : catalog_.IndexesOf(*table)) {
        if (!index->index.has_value() || !index->index->valid || index->index->elements.empty())
          continue;
        existing_.push_back(DesignOf(*index, *table, facts_.Of(*table), evidence_.snapshot()));
      }
    }
  }

  // It reads a table of the schema. What reads others only, of another database or the system's
  // own, would be priced by guesses, and outweigh all that is known.
  static bool ReadsSchema(const Weighed& one) {
    for (const Level& level : one.cost->scans().levels) {
      for (const LevelTable& table : level.tables) {
        if (table.relation != nullptr) return true;
      }
    }
    return false;
  }

  bool SizeKnown(const Weighed& one) const {
    for (const Level& level : one.cost->scans().levels) {
      for (const LevelTable& table : level.tables) {
        if (table.relation == nullptr) continue;
        if (const_cast<FactsOfTables&>(facts_).Of(*table.relation).known) return true;
      }
    }
    return false;
  }

  // Where no size is known, what is quick already needs nothing.
  bool Worth(const Weighed& one) const {
    const ObservedQuery& query = *one.query;
    if (one.plan != nullptr || query.mean_ms >= limits_.mean_ms_min || query.total_ms <= 0)
      return true;
    return SizeKnown(one);
  }

  // How often a statement counts: as often as it ran. Where its cost comes of sizes that are
  // assumed, what the log measured is the better evidence: it counts so often that it costs as much
  // as it took.
  double WeightOf(const Weighed& one, const IndexSet& existing) const {
    constexpr double kUnitsPerMs = 100;  // A page read in order, 1, takes some ten microseconds.
    const double total_ms = one.query->total_ms;
    if (one.plan != nullptr || total_ms <= 0 || SizeKnown(one)) return one.calls;
    const double cost = one.cost->Cost(existing);
    return cost > 0 ? kUnitsPerMs * total_ms / cost : one.calls;
  }

  // The condition has the same constants in all calls: the statement is prepared, so that its
  // values come as parameters, all calls had the same text, or several executions were kept and
  // agree.
  bool Constant(const Need& need) const {
    if (need.kind == NeedKind::kNull || need.kind == NeedKind::kNotNull) return true;
    if (need.values.size() == 1 && (need.values[0] == "t" || need.values[0] == "f")) return true;
    const auto found = constant_.find(need.sql);
    return found != constant_.end() && found->second;
  }

  void LearnConstants() {
    for (size_t i = 0; i < weighed_.size(); ++i) {
      const Weighed& one = weighed_[i];
      if (one.cost == nullptr) continue;
      for (size_t l = 0; l < one.cost->scans().levels.size(); ++l) {
        const Level& level = one.cost->scans().levels[l];
        for (size_t n = 0; n < level.needs.size(); ++n) {
          const Need& need = level.needs[n];
          if (need.sql.empty()) continue;
          bool same = one.constants || NeverVaries(i);
          if (!same && one.samples.size() >= 2) {
            same = std::all_of(
                one.samples.begin(), one.samples.end(), [&](const StatementScans& sample) {
                  return l < sample.levels.size() && n < sample.levels[l].needs.size() &&
                         sample.levels[l].needs[n].sql == need.sql;
                });
          }
          const auto [at, fresh] = constant_.emplace(need.sql, same);
          if (!fresh) at->second = at->second || same;
        }
      }
    }
  }

  void Choose() {
    LearnConstants();
    CandidateContext context;
    context.catalog = &catalog_;
    context.popularity = [&](const Relation& table, const std::string& column) {
      const auto found = popularity_.find({&table, column});
      return found == popularity_.end() ? 0.0 : found->second;
    };
    context.updated = [&](const Relation& table, const std::string& column) {
      const auto found = writes_.find(&table);
      if (found == writes_.end()) return false;
      const auto one = found->second.column_updates.find(column);
      return one != found->second.column_updates.end() && one->second > 0;
    };
    context.constant = [&](const Need& need) { return Constant(need); };
    IndexSet existing;
    for (const IndexDesign& design : existing_) existing.Add(&design);
    std::vector<WeighedStatement> statements;
    for (size_t i = 0; i < weighed_.size(); ++i) {
      const Weighed& one = weighed_[i];
      if (one.cost == nullptr || !ReadsSchema(one) || !Worth(one)) continue;
      statements.push_back({.cost = one.cost.get(), .weight = WeightOf(one, existing), .index = i});
    }
    if (statements.size() > limits_.statements_max) {
      result_.not_weighed = statements.size() - limits_.statements_max;
      std::stable_sort(statements.begin(), statements.end(),
                       [&](const WeighedStatement& a, const WeighedStatement& b) {
                         return weighed_[a.index].query->total_ms >
                                weighed_[b.index].query->total_ms;
                       });
      statements.resize(limits_.statements_max);
    }
    Selection selection = ChooseIndexes(statements, existing_, writes_, context, limits_.candidates,
                                        limits_.selection, &facts_, limits_.jobs);
    result_.cost_before = selection.cost_before;
    result_.cost_after = selection.cost_after;
    result_.rejected = std::move(selection.rejected);
    for (ChosenIndex& chosen : selection.chosen) Describe(std::move(chosen));
  }

  void Name(AdvisedIndex* index) {
    index->name = NameOf(index->design, catalog_, &taken_);
    const bool partitioned = index->design.table->kind == RelationKind::kPartitionedTable;
    index->create_sql = CreateSqlOf(index->design, index->name, !partitioned);
    const QualifiedName name{index->design.table->name.schema, index->name};
    index->drop_sql = std::string("DROP INDEX ") + (partitioned ? "" : "CONCURRENTLY ") +
                      "IF EXISTS " + QuoteName(name) + ";";
    if (index->design.keys.front().opclass.find("trgm") != std::string::npos &&
        !HasExtension("pg_trgm")) {
      index->required_sql = "CREATE EXTENSION IF NOT EXISTS pg_trgm;";
    }
  }

  bool HasExtension(const std::string& name) const {
    const std::vector<std::string>& list = catalog_.extensions();
    if (std::find(list.begin(), list.end(), name) != list.end()) return true;
    return evidence_.snapshot() != nullptr && evidence_.snapshot()->extensions.contains(name);
  }

  void Describe(ChosenIndex chosen) {
    AdvisedIndex index;
    index.design = std::move(chosen.design);
    index.maintenance = chosen.maintenance;
    Name(&index);
    const TableFacts& facts = facts_.Of(*index.design.table);
    std::vector<std::pair<double, ServedQuery>> served;
    bool logged = false;
    for (const ServedStatement& one : chosen.serves) {
      const Weighed& weighed = weighed_[one.index];
      ServedQuery query{.query = weighed.query, .before = one.before, .after = one.after};
      const double all = one.before * weighed.calls;
      query.saved_ms = all > 0 ? weighed.query->total_ms * std::min(1.0, one.saved / all) : 0;
      index.before += all;
      index.after += one.after * weighed.calls;
      if (weighed.plan != nullptr) {
        if (index.plan == nullptr || weighed.removed > index.rows_removed) {
          index.plan = weighed.plan;
          index.plan_node = weighed.node;
          index.rows_removed = weighed.removed;
          index.rows_kept = weighed.kept;
        }
        continue;
      }
      logged = true;
      index.calls += weighed.calls;
      index.total_ms += weighed.query->total_ms;
      index.saved_ms += query.saved_ms;
      served.emplace_back(one.saved, query);
    }
    std::stable_sort(served.begin(), served.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second.query->id < b.second.query->id;
    });
    for (auto& [saved, query] : served) index.queries.push_back(query);
    const auto writes = writes_.find(index.design.table);
    if (writes != writes_.end()) {
      index.writes = writes->second.inserts + writes->second.updates + writes->second.deletes;
      index.unknown_writes = writes->second.unknown_calls;
    }
    index.saved_share = result_.cost_before > 0 ? chosen.saved / result_.cost_before : 0;
    index.confidence = facts.analyzed && logged                        ? Confidence::kHigh
                       : facts.known || (logged && index.total_ms > 0) ? Confidence::kMedium
                                                                       : Confidence::kLow;
    index.score = Score(index, chosen.saved);
    for (const IndexDesign& old : existing_) {
      if (Replaces(index.design, old)) index.replaces.push_back(old.existing);
    }
    result_.indexes.push_back(std::move(index));
  }

  // 40 for what it saves of the statements it serves, 60 for what that is of the whole workload.
  static double Score(const AdvisedIndex& index, double saved) {
    const double own = index.before > 0 ? std::min(1.0, saved / index.before) : 0;
    const double whole = std::sqrt(std::clamp(index.saved_share, 0.0, 1.0));
    const double trust = index.confidence == Confidence::kHigh     ? 1
                         : index.confidence == Confidence::kMedium ? 0.85
                                                                   : 0.6;
    return trust * (40 * own + 60 * whole);
  }

  static bool Replaces(const IndexDesign& design, const IndexDesign& old) {
    if (old.table != design.table || old.method != "btree" || design.method != "btree")
      return false;
    const CatalogIndex& from = *old.existing->index;
    if (from.unique || from.constraint || from.primary || from.replica_identity || from.clustered)
      return false;
    if (old.Where() != design.Where() || old.opaque_predicate) return false;
    if (old.keys.size() > design.keys.size()) return false;
    for (size_t i = 0; i < old.keys.size(); ++i) {
      const DesignKey& a = old.keys[i];
      const DesignKey& b = design.keys[i];
      if (a.key != b.key || a.opclass != b.opclass || a.descending != b.descending ||
          a.nulls_first != b.nulls_first || !from.elements[i].collation.empty()) {
        return false;
      }
    }
    return std::all_of(old.include.begin(), old.include.end(),
                       [&](const std::string& column) { return design.Stores(column); });
  }

  // Where nothing weighs against it: without a workload, without sizes, or where parents lose rows.
  void ForeignKeys(size_t logged) {
    for (const UnindexedForeignKey& missing : FindUnindexedForeignKeys(catalog_)) {
      const TableFacts& facts = facts_.Of(*missing.table);
      if (facts.known && facts.rows < limits_.candidates.rows_min) continue;
      const TableStatistics* parent =
          evidence_.snapshot() != nullptr
              ? evidence_.snapshot()->Table(missing.key->referenced_name)
              : nullptr;
      const bool weighed = logged > 0 && facts.known;
      if (weighed && (parent == nullptr || parent->deleted <= 0)) continue;
      const std::set<std::string> wanted(missing.key->columns.begin(), missing.key->columns.end());
      const bool there = std::any_of(
          result_.indexes.begin(), result_.indexes.end(), [&](const AdvisedIndex& index) {
            if (index.design.table != missing.table || index.design.method != "btree" ||
                !index.design.predicate.empty() || index.design.keys.size() < wanted.size()) {
              return false;
            }
            std::set<std::string> first;
            for (size_t i = 0; i < wanted.size(); ++i) first.insert(index.design.keys[i].key);
            return first == wanted;
          });
      if (there) continue;
      if (limits_.selection.indexes_max > 0 &&
          result_.indexes.size() >= limits_.selection.indexes_max) {
        return;
      }
      AdvisedIndex index;
      index.design.table = missing.table;
      for (const std::string& column : missing.key->columns)
        index.design.keys.push_back({.key = column, .column = column, .opclass = {}});
      SizeUp(facts, &index.design);
      double bytes = index.design.bytes();
      for (const AdvisedIndex& other : result_.indexes) bytes += other.design.bytes();
      if (limits_.selection.bytes_max > 0 && bytes > limits_.selection.bytes_max) continue;
      Name(&index);
      index.foreign_key = missing.key;
      index.confidence = facts.known ? Confidence::kMedium : Confidence::kLow;
      const bool follows = missing.key->on_delete == 'c' || missing.key->on_delete == 'n';
      index.score = (facts.known ? 10 : 5) + (follows ? 15 : 10);
      result_.indexes.push_back(std::move(index));
    }
  }

  const Evidence& evidence_;
  const Catalog& catalog_;
  const AdvisorLimits& limits_;
  FactsOfTables facts_;
  const CostSettings settings_;
  IndexAdviceResult result_;
  std::vector<Weighed> weighed_;
  std::vector<const QueryStats*> stats_;  // Of each; null: not of a log.
  std::vector<IndexDesign> existing_;
  std::map<const Relation*, TableWrites> writes_;
  std::map<std::pair<const Relation*, std::string>, double> popularity_;
  std::map<std::string, bool> constant_;
  std::set<QualifiedName> taken_;
};

}  // namespace

std::string_view ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kHigh:
      return "high";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kLow:
      return "low";
  }
  return "low";
}

IndexAdviceResult AdviseIndexes(const Evidence& evidence, const AdvisorLimits& limits) {
  return Advisor(evidence, limits).Run();
}

}  // namespace pgsift
