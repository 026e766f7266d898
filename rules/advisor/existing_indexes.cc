#include "rules/advisor/existing_indexes.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/advisor/index_design.h"
#include "rules/advisor/index_match.h"
#include "rules/advisor/redundant_indexes.h"

namespace pgsift {
namespace {

using Kind = IndexFact::Kind;

constexpr double kDayUs = 86'400e6;
constexpr const char* kInvalidReason =
    "it is not valid: a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed. It is written on "
    "every change and never read";

bool Enforces(const CatalogIndex& index) {
  return index.unique || index.primary || index.constraint || index.exclusion ||
         index.replica_identity;
}

class Facts {
 public:
  Facts(const Evidence& evidence, const ExistingIndexLimits& limits)
      : catalog_(*evidence.catalog),
        snapshots_(evidence.snapshots),
        snapshot_(evidence.snapshot()),
        limits_(limits),
        tables_(evidence) {}

  std::vector<IndexFact> Run() {
    for (const Relation* table : catalog_.Relations()) {
      if (!table->IsTable() && table->kind != RelationKind::kMaterializedView) continue;
      NoPrimaryKey(*table);
      std::vector<const Relation*> indexes = catalog_.IndexesOf(*table);
      std::sort(indexes.begin(), indexes.end(),
                [](const Relation* a, const Relation* b) { return a->name < b->name; });
      for (const Relation* index : indexes) {
        if (index->index.has_value()) One(*table, *index);
      }
    }
    LeftOutOfDump();
    return std::move(found_);
  }

 private:
  IndexFact& Add(Kind kind, const Relation& table, const Relation* index, double bytes,
                 std::string reason) {
    IndexFact fact{.kind = kind,
                   .table = &table,
                   .index = index,
                   .bytes = bytes,
                   .reason = std::move(reason),
                   .sql = {},
                   .undo_sql = {}};
    if (index != nullptr) {
      fact.sql = DropIndexSql(*index);
      fact.undo_sql = CreateIndexConcurrentlySql(*index, table);
    }
    found_.push_back(std::move(fact));
    return found_.back();
  }

  // Scans of an index in all exports, of the primary and its replicas; -1: not known.
  double Scans(const Relation& index) const {
    double scans = -1;
    for (const Snapshot& one : snapshots_) {
      const IndexStatistics* found = one.Index(index.name);
      if (found != nullptr && found->scans >= 0) scans = std::max(scans, found->scans);
    }
    return scans;
  }

  // pg_dump leaves invalid indexes out: the statistics alone tell of them.
  void LeftOutOfDump() {
    if (snapshot_ == nullptr) return;
    for (const auto& [name, statistics] : snapshot_->indexes) {
      const Relation* table = catalog_.Find(statistics.table);
      if (statistics.valid || table == nullptr || catalog_.Find(name) != nullptr) continue;
      IndexFact& fact = Add(Kind::kInvalid, *table, nullptr, statistics.bytes, kInvalidReason);
      fact.missing = name;
      fact.sql = "DROP INDEX CONCURRENTLY " + QuoteName(name) + ";";
    }
  }

  void One(const Relation& table, const Relation& index) {
    const CatalogIndex& def = *index.index;
    const IndexStatistics* statistics =
        snapshot_ != nullptr ? snapshot_->Index(index.name) : nullptr;
    const double bytes = statistics != nullptr ? statistics->bytes : -1;
    if (!def.valid || (statistics != nullptr && !statistics->valid)) {
      Add(Kind::kInvalid, table, &index, bytes, kInvalidReason).undo_sql.clear();
      return;
    }
    if (statistics == nullptr) return;
    if (index.parents.empty()) Usage(table, index, *statistics, bytes);
    Bloat(table, index, bytes);
    Cardinality(table, index, bytes);
  }

  bool SupportsForeignKey(const Relation& table, const CatalogIndex& def) const {
    if (def.elements.empty()) return false;
    for (const CatalogConstraint& key : table.constraints) {
      if (key.kind != ConstraintKind::kForeignKey) continue;
      if (std::find(key.columns.begin(), key.columns.end(), def.elements[0].column) !=
          key.columns.end()) {
        return true;
      }
    }
    return false;
  }

  void Usage(const Relation& table, const Relation& index, const IndexStatistics& statistics,
             double bytes) {
    const double scans = Scans(index);
    if (Enforces(*index.index) || scans < 0 || (bytes >= 0 && bytes < limits_.bytes_min)) return;
    const TableStatistics* size = snapshot_->Table(table.name);
    const double writes = size == nullptr
                              ? 0
                              : std::max(0.0, size->inserted) + std::max(0.0, size->deleted) +
                                    std::max(0.0, size->updated - size->hot_updated);
    const double days =
        snapshot_->reset_us > 0 && snapshot_->taken_us > snapshot_->reset_us
            ? static_cast<double>(snapshot_->taken_us - snapshot_->reset_us) / kDayUs
            : -1;
    const std::string age =
        days >= 0 ? absl::StrFormat("in %s since the counters were reset",
                                    Counted(static_cast<uint64_t>(std::floor(days)), "day"))
                  : std::string("since the counters were reset, at a time that is not known");
    if (scans == 0) {
      std::string reason = "no scan " + age;
      if (days >= 0 && days < limits_.days_min)
        reason += "; that is not long: a monthly report may still use it";
      if (SupportsForeignKey(table, *index.index))
        reason +=
            "; it begins with a foreign key's column: deletes of referenced rows would read "
            "the whole table";
      if (!index.index->elements.empty() && index.index->elements[0].expr != nullptr)
        reason += "; the planner also takes statistics of its expression from it";
      reason += "; look at replicas too, they count for themselves";
      Add(Kind::kUnused, table, &index, bytes, std::move(reason));
    } else if (scans <= limits_.scans_rare && writes > 1000 * scans) {
      Add(Kind::kRarelyUsed, table, &index, bytes,
          absl::StrFormat("%s %s, but %s rows of the table were written meanwhile",
                          Counted(static_cast<uint64_t>(scans), "scan"), age,
                          Grouped(static_cast<uint64_t>(writes))));
    }
    (void)statistics;
  }

  void Bloat(const Relation& table, const Relation& index, double bytes) {
    if (bytes <= 0 || index.index->method != "btree") return;
    const TableFacts& facts = tables_.Of(table);
    if (!facts.analyzed || !facts.known) return;
    const IndexDesign ideal = DesignOf(index, table, facts, nullptr);
    const double air = bytes - ideal.bytes();
    if (air < limits_.bloat_bytes || air < limits_.bloat_share * bytes) return;
    IndexFact& fact =
        Add(Kind::kBloated, table, &index, bytes,
            absl::StrFormat("it takes %s; its rows would fit into about %s (an estimate)",
                            HumanBytes(bytes), HumanBytes(ideal.bytes())));
    fact.sql = "REINDEX INDEX CONCURRENTLY " + QuoteName(index.name) + ";";
    fact.undo_sql.clear();
  }

  void Cardinality(const Relation& table, const Relation& index, double bytes) {
    const CatalogIndex& def = *index.index;
    if (Enforces(def) || def.where != nullptr || def.elements.size() != 1 ||
        def.method != "btree" || def.elements[0].column.empty() || bytes < limits_.bytes_min) {
      return;
    }
    const TableFacts& facts = tables_.Of(table);
    const ColumnFacts& column = facts.Column(def.elements[0].column);
    if (column.statistics == nullptr || facts.rows < 10'000) return;
    const std::string name = QuoteIdentifier(def.elements[0].column);
    if (column.null_fraction >= 0.8) {
      IndexFact& fact = Add(
          Kind::kOversize, table, &index, bytes,
          absl::StrFormat("%.0f %% of the rows have no %s: an index WHERE %s IS NOT NULL would do",
                          100 * column.null_fraction, name, name));
      fact.sql = absl::StrFormat("CREATE INDEX CONCURRENTLY %s ON %s (%s) WHERE %s IS NOT NULL;",
                                 QuoteIdentifier(index.name.name + "_part"), QuoteName(table.name),
                                 name, name);
      fact.undo_sql = "DROP INDEX CONCURRENTLY IF EXISTS " +
                      QuoteName({index.name.schema, index.name.name + "_part"}) + ";";
      return;
    }
    const std::vector<double>& common = column.statistics->common_frequencies;
    const bool even = !common.empty() && *std::min_element(common.begin(), common.end()) >= 0.05;
    if (column.distinct <= 5 && even) {
      Add(Kind::kLowCardinality, table, &index, bytes,
          absl::StrFormat("%s has %s, each in at least %.0f %% of the rows: reading the table is "
                          "cheaper than this index",
                          name, Counted(static_cast<uint64_t>(column.distinct), "value"),
                          100 * *std::min_element(common.begin(), common.end())));
    }
  }

  void NoPrimaryKey(const Relation& table) {
    if (table.kind != RelationKind::kTable && table.kind != RelationKind::kPartitionedTable) return;
    if (table.bound.has_value() || table.persistence == Persistence::kTemporary ||
        table.PrimaryKey() != nullptr || table.columns.empty()) {
      return;
    }
    std::string reason =
        "no primary key: rows cannot be told apart, logical replication cannot repeat updates and "
        "deletes";
    std::string sql;
    for (const Relation* index : catalog_.IndexesOf(table)) {
      const CatalogIndex& def = *index->index;
      const bool fits =
          def.unique && def.where == nullptr && def.valid && !def.constraint &&
          std::all_of(def.elements.begin(), def.elements.end(), [&](const IndexElement& element) {
            const CatalogColumn* column = table.FindColumn(element.column);
            return column != nullptr && column->not_null;
          });
      if (!fits) continue;
      sql = "ALTER TABLE " + QuoteName(table.name) + " ADD PRIMARY KEY USING INDEX " +
            QuoteIdentifier(index->name.name) + ";";
      reason += "; the unique index " + index->name.ToString() + " can become one";
      break;
    }
    IndexFact& fact = Add(Kind::kNoPrimaryKey, table, nullptr, -1, std::move(reason));
    fact.sql = std::move(sql);
  }

  const Catalog& catalog_;
  std::span<const Snapshot> snapshots_;
  const Snapshot* snapshot_;
  const ExistingIndexLimits& limits_;
  FactsOfTables tables_;
  std::vector<IndexFact> found_;
};

}  // namespace

std::string_view IndexFactName(IndexFact::Kind kind) {
  switch (kind) {
    case Kind::kUnused:
      return "unused";
    case Kind::kRarelyUsed:
      return "rarely-used";
    case Kind::kInvalid:
      return "invalid";
    case Kind::kBloated:
      return "bloated";
    case Kind::kLowCardinality:
      return "low-cardinality";
    case Kind::kOversize:
      return "oversize";
    case Kind::kNoPrimaryKey:
      return "missing-primary-key";
  }
  return "unused";
}

std::vector<IndexFact> FactsOfIndexes(const Evidence& evidence, const ExistingIndexLimits& limits) {
  return Facts(evidence, limits).Run();
}

}  // namespace pgsift
