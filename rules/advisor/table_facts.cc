#include "rules/advisor/table_facts.h"

#include <algorithm>
#include <string_view>

#include "ingest/plan/plan.h"

namespace pgsift {
namespace {

constexpr double kPageBytes = 8192;
constexpr double kRowsAssumed = 100'000;
constexpr double kTupleHeader = 28;       // With its line pointer.
constexpr double kVisibleAssumed = 0.95;  // Of a table that was vacuumed.

bool EndsLikeState(std::string_view name) {
  constexpr std::string_view kWords[] = {"status",   "state",    "type",  "kind",
                                         "category", "level",    "role",  "currency",
                                         "country",  "priority", "method"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return name == word || (name.size() > word.size() && name.ends_with(word) &&
                            name[name.size() - word.size() - 1] == '_');
  });
}

bool IsAppendTime(std::string_view name) {
  return name.starts_with("created") || name.starts_with("inserted") || name == "ts" ||
         name == "timestamp" || name.ends_with("occurred_at") || name == "logged_at";
}

}  // namespace

double WidthOfType(const TypeName& type) {
  if (type.array_dimensions > 0) return 40;
  const std::string_view name = type.name.name;
  if (name == "bool" || name == "char") return 1;
  if (name == "int2") return 2;
  if (name == "int4" || name == "date" || name == "float4" || name == "serial") return 4;
  if (name == "uuid" || name == "interval") return 16;
  if (name == "numeric") return 8;
  if (name == "text" || name == "varchar") {
    const double most = type.modifiers.empty() ? 32 : static_cast<double>(type.modifiers[0]) / 2;
    return std::min(32.0, std::max(2.0, most));
  }
  if (name == "bpchar")
    return type.modifiers.empty() ? 2 : static_cast<double>(type.modifiers[0]) + 1;
  if (name == "json" || name == "jsonb" || name == "tsvector" || name == "xml") return 150;
  if (name == "bytea") return 200;
  return 8;
}

const ColumnFacts& TableFacts::Column(const std::string& name) const {
  static const ColumnFacts none;
  const auto found = columns.find(name);
  return found != columns.end() ? found->second : none;
}

FactsOfTables::FactsOfTables(const Evidence& evidence)
    : evidence_(evidence), snapshot_(evidence.snapshot()) {
  ReadPlans();
}

// A sequential scan reads all rows: what its node returns and removes is the table.
void FactsOfTables::ReadPlans() {
  for (const Plan& plan : evidence_.plans) {
    for (const PlanNode& node : plan.nodes) {
      if (node.type != "Seq Scan" || node.relation.empty()) continue;
      const double rows = node.analyzed && node.loops > 0
                              ? node.actual_rows + node.rows_removed_by_filter
                              : node.plan_rows;
      if (!node.analyzed && !node.filter.empty()) continue;
      const QualifiedName name = evidence_.catalog->Resolve({node.schema, node.relation});
      double& most = rows_of_plans_[name];
      most = std::max(most, rows * (node.parallel_aware ? std::max(1.0, node.loops) : 1));
    }
  }
}

const ColumnStatistics* FactsOfTables::StatisticsOf(const Relation& table,
                                                    const std::string& column) const {
  if (snapshot_ == nullptr) return nullptr;
  if (const ColumnStatistics* found = snapshot_->Column(table.name, column);
      found != nullptr && found->distinct != 0) {
    return found;
  }
  // Of a partitioned table nobody analyzed: its largest partition speaks for it.
  const ColumnStatistics* best = nullptr;
  double most = -1;
  for (const Relation* child : evidence_.catalog->DescendantsOf(table)) {
    const ColumnStatistics* found = snapshot_->Column(child->name, column);
    const TableStatistics* size = snapshot_->Table(child->name);
    if (found == nullptr || size == nullptr || size->rows <= most || found->distinct == 0) continue;
    most = size->rows;
    best = found;
  }
  return best;
}

ColumnFacts FactsOfTables::MakeColumn(const Relation& table, const CatalogColumn& column,
                                      const TableFacts& facts) const {
  ColumnFacts result;
  result.width = WidthOfType(column.type);
  const double rows = std::max(1.0, facts.rows);
  if (const ColumnStatistics* found = StatisticsOf(table, column.name)) {
    result.statistics = found;
    result.distinct = found->distinct > 0   ? found->distinct
                      : found->distinct < 0 ? -found->distinct * rows
                                            : 200;
    result.null_fraction = std::max(0.0, found->null_fraction);
    if (found->width > 0) result.width = found->width;
    result.correlation = found->correlation;
    result.distinct = std::clamp(result.distinct, 1.0, rows);
    return result;
  }
  result.distinct = rows / 20;
  if (column.type.name.name == "bool") {
    result.distinct = 2;
  } else if (EndsLikeState(column.name)) {
    result.distinct = 10;
  }
  if (const CatalogType* type = evidence_.catalog->FindType(column.type.name)) {
    if (type->kind == CatalogType::Kind::kEnum)
      result.distinct = std::max<double>(1, static_cast<double>(type->labels.size()));
  }
  if (IsAppendTime(column.name)) {
    result.correlation = 1;
    result.distinct = rows;
  }
  for (const CatalogConstraint& constraint : table.constraints) {
    const bool only = constraint.columns.size() == 1 && constraint.columns[0] == column.name;
    if (!only) continue;
    if (constraint.kind == ConstraintKind::kPrimaryKey ||
        constraint.kind == ConstraintKind::kUnique) {
      result.distinct = rows;
      if (constraint.kind == ConstraintKind::kPrimaryKey) result.correlation = 1;
    } else if (constraint.kind == ConstraintKind::kForeignKey && snapshot_ != nullptr) {
      if (const TableStatistics* parent = snapshot_->Table(constraint.referenced_name);
          parent != nullptr && parent->rows > 0) {
        result.distinct = std::min(rows, parent->rows);
      }
    }
  }
  for (const Relation* index : evidence_.catalog->IndexesOf(table)) {
    if (index->index.has_value() && index->index->unique && index->index->elements.size() == 1 &&
        index->index->elements[0].column == column.name && index->index->where == nullptr) {
      result.distinct = rows;
    }
  }
  result.distinct = std::clamp(result.distinct, 1.0, rows);
  return result;
}

std::unique_ptr<TableFacts> FactsOfTables::Make(const Relation& table) {
  auto facts = std::make_unique<TableFacts>();
  facts->relation = &table;
  double width = 0;
  for (const CatalogColumn& column : table.columns) width += WidthOfType(column.type);
  facts->rows = kRowsAssumed;
  double rows = -1;
  double pages = -1;
  std::vector<const Relation*> parts = {&table};
  if (table.kind == RelationKind::kPartitionedTable)
    parts = evidence_.catalog->DescendantsOf(table);
  double visible = 0;
  for (const Relation* part : parts) {
    const TableStatistics* found = snapshot_ != nullptr ? snapshot_->Table(part->name) : nullptr;
    if (found == nullptr) continue;
    if (part == &table) facts->statistics = found;
    const double own_rows = found->rows >= 0 ? found->rows : found->live_tuples;
    double own_pages = found->bytes >= 0 ? found->bytes / kPageBytes : found->pages;
    if (own_rows < 0) continue;
    double scaled = own_rows;
    if (found->rows >= 0 && found->pages > 0 && own_pages > 0)
      scaled = own_rows * own_pages / found->pages;
    if (own_pages < 0) own_pages = own_rows * (width + kTupleHeader) / kPageBytes;
    rows = std::max(0.0, rows) + scaled;
    pages = std::max(0.0, pages) + own_pages;
    if (found->all_visible >= 0 && found->pages > 0) {
      visible += scaled * std::min(1.0, found->all_visible / found->pages);
    } else if (found->last_vacuum_us > 0 || found->last_autovacuum_us > 0) {
      visible += kVisibleAssumed * scaled;
    }
  }
  if (rows >= 0) {
    facts->rows = std::max(1.0, rows);
    facts->pages = std::max(1.0, pages);
    facts->known = true;
    facts->visible = visible / facts->rows;
  } else {
    const auto seen = rows_of_plans_.find(table.name);
    if (seen != rows_of_plans_.end()) {
      facts->rows = std::max(1.0, seen->second);
      facts->known = true;
    }
    facts->pages = std::max(1.0, facts->rows * (width + kTupleHeader) / kPageBytes);
  }
  double known_width = 0;
  for (const CatalogColumn& column : table.columns) {
    ColumnFacts one = MakeColumn(table, column, *facts);
    facts->analyzed = facts->analyzed || one.statistics != nullptr;
    known_width += one.width;
    facts->columns.emplace(column.name, one);
  }
  facts->width = std::max(1.0, known_width);
  return facts;
}

const TableFacts& FactsOfTables::Of(const Relation& table) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<TableFacts>& facts = facts_[table.id];
  if (facts == nullptr) facts = Make(table);
  return *facts;
}

}  // namespace pgsift
