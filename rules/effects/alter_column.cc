// ALTER TABLE … ADD, DROP and ALTER COLUMN.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/effects/alter_table_effects.h"
#include "rules/facts/not_null_proof.h"
#include "rules/facts/type_change.h"
#include "rules/facts/volatility.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;

bool NamesColumn(const std::shared_ptr<const Expr>& expr, std::string_view column) {
  bool names = false;
  if (expr == nullptr) return false;
  WalkExpr(*expr, [&](const Expr& inner) {
    names = names || (inner.kind == ExprKind::kColumn &&
                      (inner.LastName() == column || inner.LastName() == "*"));
  });
  return names;
}

// The index holds the column as a plain key or INCLUDE column.
bool HoldsColumn(const CatalogIndex& index, std::string_view column) {
  for (const IndexElement& element : index.elements) {
    if (element.column == column) return true;
  }
  return std::find(index.include.begin(), index.include.end(), column) != index.include.end();
}

// The column stands in an expression or the predicate.
bool ComputesFrom(const CatalogIndex& index, std::string_view column) {
  for (const IndexElement& element : index.elements) {
    if (NamesColumn(element.expr, column)) return true;
  }
  return NamesColumn(index.where, column);
}

// With an expression or a predicate the file is never kept. Source: CheckIndexCompatible.
bool HasExpression(const CatalogIndex& index) {
  return index.where != nullptr ||
         std::any_of(index.elements.begin(), index.elements.end(),
                     [](const IndexElement& element) { return element.column.empty(); });
}

bool Holds(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool IsSerial(std::string_view type) {
  return type == "serial" || type == "serial4" || type == "bigserial" || type == "serial8" ||
         type == "smallserial" || type == "serial2";
}

// A domain with a constraint, at any depth of domains over domains.
bool DomainConstrains(const TypeName& type, const Catalog& catalog) {
  TypeName current = type;
  for (int depth = 0; depth < 32; ++depth) {
    const CatalogType* domain = catalog.FindType(current.name);
    if (domain == nullptr || domain->kind != CatalogType::Kind::kDomain) return false;
    const bool constrains = std::any_of(
        domain->constraints.begin(), domain->constraints.end(), [](const ConstraintDef& c) {
          return c.kind == ConstraintKind::kCheck || c.kind == ConstraintKind::kNotNull;
        });
    if (constrains) return true;
    // The elements of an array are no values of the column.
    if (domain->base.array_dimensions > 0) return false;
    current = domain->base;
  }
  return false;
}

}  // namespace

const Expr* DomainDefault(const TypeName& type, const Catalog& catalog) {
  const CatalogType* domain = catalog.FindType(type.name);
  if (domain == nullptr) return nullptr;
  for (const ConstraintDef& constraint : domain->constraints) {
    if (constraint.kind == ConstraintKind::kDefault) return constraint.expr.get();
  }
  return nullptr;
}

void AlterTableEffects::Column(const AlterSubcommand& command) {
  switch (command.action) {
    case AlterAction::kAddColumn:
      return AddColumn(command);
    case AlterAction::kDropColumn:
      return DropColumn(command);
    case AlterAction::kSetNotNull:
      return SetNotNull(command);
    case AlterAction::kDropNotNull:
      return DropNotNull(command);
    case AlterAction::kColumnDefault:
      return ColumnDefault(command);
    case AlterAction::kAlterColumnType:
      return AlterType(command);
    case AlterAction::kAddIdentity:
    case AlterAction::kSetIdentity:
    case AlterAction::kDropIdentity:
      return Identity(command);
    default:
      return Expression(command);
  }
}

void AlterTableEffects::AddColumn(const AlterSubcommand& command) {
  if (!command.column.has_value()) return;
  const ColumnDef& column = *command.column;
  if (command.missing_ok && table_.FindColumn(column.name) != nullptr) return;
  AddColumnTo(command, table_);
  for (const ConstraintDef& constraint : column.constraints) {
    switch (constraint.kind) {
      case ConstraintKind::kCheck:
        AddCheck(constraint);
        break;
      case ConstraintKind::kForeignKey: {
        // Without a default every value is null: there is nothing to look up.
        const bool valued = column.Find(ConstraintKind::kDefault) != nullptr ||
                            column.Find(ConstraintKind::kGenerated) != nullptr ||
                            column.Find(ConstraintKind::kIdentity) != nullptr;
        AddForeignKey(constraint, valued && !constraint.not_valid);
        break;
      }
      case ConstraintKind::kPrimaryKey:
      case ConstraintKind::kUnique:
        AddKey(constraint);
        break;
      default:
        break;
    }
  }
}

// A child that has the column already keeps it, and what is below it.
void AlterTableEffects::AddColumnTo(const AlterSubcommand& command, const Relation& table) {
  out_.Lock(table, kStrong);
  if (&table != &table_ && table.FindColumn(command.column->name) != nullptr) return;
  AddColumnValues(command, table);
  if (!Recurses()) return;
  for (RelationId id : table.children) {
    if (const Relation* child = catalog_.Find(id)) AddColumnTo(command, *child);
  }
}

// What the new column's values ask for. Source: ATExecAddColumn.
void AlterTableEffects::AddColumnValues(const AlterSubcommand& command, const Relation& table) {
  const ColumnDef& column = *command.column;
  const ConstraintDef* generated = column.Find(ConstraintKind::kGenerated);
  const ConstraintDef* default_def = column.Find(ConstraintKind::kDefault);
  const bool not_null = column.Find(ConstraintKind::kNotNull) != nullptr ||
                        column.Find(ConstraintKind::kPrimaryKey) != nullptr;
  if (generated != nullptr && generated->virtual_) {
    if (not_null) Verify(table, "NOT NULL of a virtual column is checked in every row");
    return;
  }
  if (generated != nullptr) return Rewrite(table, "a stored generated column is computed");
  if (column.Find(ConstraintKind::kIdentity) != nullptr || IsSerial(column.type.name.name)) {
    return Rewrite(table, "every row draws from the sequence");
  }
  const Expr* value =
      default_def != nullptr ? default_def->expr.get() : DomainDefault(column.type, catalog_);
  const bool constrained = DomainConstrains(column.type, catalog_);
  if (constrained && column.type.array_dimensions == 0) {
    return Rewrite(table, "the domain's constraint is checked while every row is written anew");
  }
  if (value != nullptr && !value->IsNullConstant()) {
    std::string culprit;
    const Volatility volatility = VolatilityOf(*value, catalog_, &culprit);
    if (volatility >= Volatility::kVolatile) {
      Rewrite(table, "`" + culprit + "()` gives each row its own value");
      AddComputedExpr(*value, &out_);
    }
    if (volatility == Volatility::kUnknown) {
      out_.Unknown("`" + culprit +
                   "()` is not known: the table is written anew unless it is STABLE or IMMUTABLE");
    }
    return;
  }
  if (not_null) Verify(table, "NOT NULL without a default is checked in every row");
}

void AlterTableEffects::DropColumn(const AlterSubcommand& command) {
  if (table_.FindColumn(command.name) == nullptr && !table_.columns.empty() && command.missing_ok) {
    return;
  }
  out_.LockChildren(table_, kStrong);
  for (const Relation* target : Targets()) {
    out_.Lock(*target, kStrong);
    DropColumnOf(*target, command.name, command.cascade);
  }
}

void AlterTableEffects::DropColumnOf(const Relation& table, const std::string& column,
                                     bool cascade) {
  for (const Relation* index : catalog_.IndexesOf(table)) {
    if (HoldsColumn(*index->index, column) || ComputesFrom(*index->index, column)) {
      out_.Lock(*index, kStrong);
      gone_indexes_.insert(index->id);
    }
  }
  for (const CatalogConstraint& constraint : table.constraints) {
    if (!Holds(constraint.columns, column)) continue;
    if (constraint.kind == ConstraintKind::kCheck || constraint.kind == ConstraintKind::kNotNull)
      continue;
    if (constraint.kind == ConstraintKind::kForeignKey) {
      LockOtherTable(constraint, table.id, &out_);
      continue;
    }
    AddDropOfConstraint(table, constraint, cascade, &out_);
  }
  for (const Relation* sequence : catalog_.SequencesOf(table.id, column)) {
    AddDropOfRelation(*sequence, cascade, &out_);
  }
  if (!cascade) return;
  for (const Relation* view : catalog_.ViewsOn(table.id, column)) {
    AddDropOfRelation(*view, true, &out_);
  }
  // Generated columns that are computed from it go too.
  for (const CatalogColumn& other : table.columns) {
    const bool generated = other.generated_stored || other.generated_virtual;
    if (generated && other.name != column && NamesColumn(other.default_expr, column)) {
      DropColumnOf(table, other.name, true);
    }
  }
}

// A CHECK that the same ALTER TABLE drops is gone before it could prove something.
bool AlterTableEffects::ProvesNotNull(const Relation& table, const std::string& column) const {
  const CatalogConstraint* proof = NotNullProof(table, column);
  return proof != nullptr &&
         std::none_of(alter_.subcommands.begin(), alter_.subcommands.end(), [&](const auto& other) {
           return other.action == AlterAction::kDropConstraint && other.name == proof->name;
         });
}

void AlterTableEffects::SetNotNullOn(const std::string& name) {
  for (const Relation* target : Targets()) {
    const CatalogColumn* column = target->FindColumn(name);
    if (column != nullptr && column->not_null && column->not_null_valid) continue;
    if (ProvesNotNull(*target, name)) continue;
    Verify(*target, absl::StrFormat("`%s` is checked for nulls", name));
  }
}

void AlterTableEffects::SetNotNull(const AlterSubcommand& command) {
  const CatalogColumn* column = table_.FindColumn(command.name);
  const bool there = column != nullptr && column->not_null && column->not_null_valid;
  // Source: ATPrepSetNotNull: a column that is NOT NULL already spares the children their locks.
  if (there) return;
  if (!Recurses() && table_.kind != RelationKind::kPartitionedTable) {
    if (!ProvesNotNull(table_, command.name)) {
      Verify(table_, absl::StrFormat("`%s` is checked for nulls", command.name));
    }
    return;
  }
  if (out_.release() < 18) {
    out_.LockDescendants(table_, kStrong);
  } else {
    LockNullable(table_, command.name);
  }
  SetNotNullOn(command.name);
}

// Since 18 a child that has the NOT NULL already ends the way down.
void AlterTableEffects::LockNullable(const Relation& parent, const std::string& name) {
  for (RelationId id : parent.children) {
    const Relation* child = catalog_.Find(id);
    if (child == nullptr) continue;
    out_.Lock(*child, kStrong);
    const CatalogColumn* column = child->FindColumn(name);
    if (column == nullptr || !column->not_null) LockNullable(*child, name);
  }
}

void AlterTableEffects::DropNotNull(const AlterSubcommand& command) {
  if (!Recurses()) {
    if (out_.release() >= 18) out_.LockChildren(table_, kStrong);
    return;
  }
  (void)command;
  out_.LockDescendants(table_, kStrong);
}

void AlterTableEffects::ColumnDefault(const AlterSubcommand&) {
  if (Recurses() && table_.IsTable()) out_.LockDescendants(table_, kStrong);
}

void AlterTableEffects::Identity(const AlterSubcommand& command) {
  // RESTART and its like only concern the sequence.
  const bool column_changes =
      command.action != AlterAction::kSetIdentity ||
      std::any_of(command.options.begin(), command.options.end(),
                  [](const Option& option) { return option.name == "generated"; });
  const bool partitions = column_changes && out_.release() >= 17 &&
                          table_.kind == RelationKind::kPartitionedTable && Recurses();
  if (partitions) out_.LockDescendants(table_, kStrong);
  if (command.action == AlterAction::kAddIdentity) return;
  const CatalogColumn* column = table_.FindColumn(command.name);
  if (column != nullptr && !column->identity) return;
  for (const Relation* sequence : catalog_.SequencesOf(table_.id, command.name)) {
    out_.Lock(*sequence, command.action == AlterAction::kDropIdentity
                             ? kStrong
                             : LockMode::kShareRowExclusive);
  }
}

void AlterTableEffects::Expression(const AlterSubcommand& command) {
  if (Recurses()) out_.LockDescendants(table_, kStrong);
  if (command.action != AlterAction::kSetExpression) return;
  const CatalogColumn* column = table_.FindColumn(command.name);
  if (column != nullptr && column->generated_virtual) {
    if (column->not_null) Verify(table_, "NOT NULL of a virtual column is checked in every row");
    return;
  }
  for (const Relation* target : Targets()) {
    Rewrite(*target, "the stored generated column is computed anew");
  }
}

void AlterTableEffects::AlterType(const AlterSubcommand& command) {
  if (!command.column.has_value()) return;
  if (Recurses()) out_.LockDescendants(table_, kStrong);
  for (const Relation* target : Targets()) AlterTypeOf(*target, command);
  // An identity column's sequence gets the type as well.
  const CatalogColumn* column = table_.FindColumn(command.name);
  if (column == nullptr || !column->identity) return;
  for (const Relation* sequence : catalog_.SequencesOf(table_.id, command.name)) {
    out_.Lock(*sequence, LockMode::kShareRowExclusive);
  }
}

void AlterTableEffects::AlterTypeOf(const Relation& table, const AlterSubcommand& command) {
  const CatalogColumn* column = table.FindColumn(command.name);
  bool rewrite = false;
  if (column == nullptr) {
    out_.Unknown(absl::StrFormat(
        "the type that `%s.%s` has is not known: unless the new one holds the same bytes, the "
        "table is written anew",
        table.name.ToString(), command.name));
    rewrite = true;
  } else {
    switch (CostOfTypeChange(*column, command.column->type, command.expr.get(), catalog_)) {
      case TypeChange::kCatalogOnly:
        break;
      case TypeChange::kScan:
      case TypeChange::kRewrite:
        rewrite = true;
        break;
      case TypeChange::kTimeZone:
        if (catalog_.time_zone_is_utc()) break;
        rewrite = true;
        if (catalog_.time_zone_is_known()) break;
        out_.Unknown("the session's TimeZone is not known: with UTC the table is not written anew");
        break;
      case TypeChange::kUnknown:
        rewrite = true;
        out_.Unknown(absl::StrFormat(
            "the type that `%s.%s` has is not known: unless the new one holds the same bytes, the "
            "table is written anew",
            table.name.ToString(), command.name));
        break;
    }
  }
  if (rewrite) {
    Rewrite(table, absl::StrFormat("`%s` gets a type of other bytes", command.name));
  }
  AlterTypeOfIndexes(table, command, rewrite);
  AlterTypeOfKeys(table, command, rewrite);
  if (rewrite) return;
  for (const CatalogConstraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::kCheck || !constraint.validated) continue;
    if (Holds(constraint.columns, command.name)) {
      Verify(table, absl::StrFormat("CHECK `%s` is verified again", constraint.name));
    }
  }
}

// Indexes on the column are made anew in the catalog; they keep their file if the column's bytes
// and order stay. Source: ATPostAlterTypeParse, TryReuseIndex, CheckIndexCompatible.
void AlterTableEffects::AlterTypeOfIndexes(const Relation& table, const AlterSubcommand& command,
                                           bool rewrite) {
  const CatalogColumn* column = table.FindColumn(command.name);
  const bool collation = column != nullptr && command.column->collation != column->collation &&
                         !(command.column->collation.empty() && column->collation.empty());
  for (const Relation* index : catalog_.IndexesOf(table)) {
    const bool computes = ComputesFrom(*index->index, command.name);
    if (!computes && !HoldsColumn(*index->index, command.name)) continue;
    out_.Lock(*index, kStrong);
    if (rewrite) continue;
    // An operator class that is named stays; the type's default one may be another.
    const bool named =
        !index->index->elements.empty() &&
        std::all_of(index->index->elements.begin(), index->index->elements.end(),
                    [&](const IndexElement& element) {
                      return element.column != command.name || !element.opclass.empty();
                    });
    const bool order =
        collation || (column != nullptr && !named &&
                      ChangesOperatorClass(column->type, command.column->type, catalog_));
    // Parts of a partitioned index are made anew with it.
    const bool part = !index->parents.empty() && table_.kind == RelationKind::kPartitionedTable;
    const bool expression = HasExpression(*index->index);
    if (expression || order || part) {
      const std::string_view why = computes     ? "its expression uses the column"
                                   : expression ? "an index with an expression keeps no file"
                                   : order      ? "the order changes"
                                                : "it is made anew with its parent";
      out_.Build(*index, why);
      out_.Scan(table, "an index is built anew");
    }
  }
}

void AlterTableEffects::AlterTypeOfKeys(const Relation& table, const AlterSubcommand& command,
                                        bool rewrite) {
  for (const CatalogConstraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::kForeignKey) continue;
    if (!Holds(constraint.columns, command.name)) continue;
    const Relation* referenced = catalog_.Find(constraint.referenced);
    if (referenced == nullptr) {
      out_.Lock(constraint.referenced_name, kStrong);
      continue;
    }
    LockReferenced(*referenced, kStrong, &out_);
    if (rewrite && constraint.validated) ScanForForeignKey(table, referenced, &out_);
  }
  for (const auto& [referencing, constraint] : catalog_.ReferencesTo(table.id)) {
    if (!Holds(constraint->referenced_columns, command.name)) continue;
    out_.Lock(*referencing, kStrong);
    if (rewrite && constraint->validated) ScanForForeignKey(*referencing, &table, &out_);
  }
}

}  // namespace pgsift
