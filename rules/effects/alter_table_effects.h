#ifndef PGSIFT_RULES_EFFECTS_ALTER_TABLE_EFFECTS_H_
#define PGSIFT_RULES_EFFECTS_ALTER_TABLE_EFFECTS_H_

// Internal to rules/effects/: ALTER TABLE, subcommand by subcommand. PostgreSQL works in three
// passes: it locks, changes the catalog, and then reads or rewrites each table at most once. Here
// `locks` are collected at once; what each table needs is kept until Finish. Defined over
// alter_table.cc (the passes and what is about the table), alter_column.cc, alter_constraint.cc and
// alter_partition.cc.

#include <map>
#include <set>
#include <string>

#include "rules/effects/effect_builder.h"

namespace pgsift {

class AlterTableEffects {
 public:
  AlterTableEffects(const AlterTable& alter, const Relation& table, EffectBuilder* out)
      : alter_(alter), table_(table), out_(*out), catalog_(out->catalog()) {}

  void Add();

 private:
  // What has to be done to the rows of one table, and why; empty: nothing.
  struct Work {
    std::string rewrite;
    std::string verify;
  };

  bool Recurses() const { return !alter_.relation.only; }
  // The table and, unless ONLY, what inherits from it.
  std::vector<const Relation*> Targets() const;
  bool AddedHere(const std::string& column) const;
  bool AddedWithoutValue(const std::string& column) const;
  void LockForLookup(const Relation& referenced);
  void Rewrite(const Relation& table, std::string_view why);
  void Verify(const Relation& table, std::string_view why);
  void Subcommand(const AlterSubcommand& command);
  void Finish();

  // About the table.
  void ChangeOwner(const AlterSubcommand& command);
  void SetLogged(const AlterSubcommand& command);
  void ReplicaIdentity(const AlterSubcommand& command);

  // Columns.
  void Column(const AlterSubcommand& command);
  void AddColumn(const AlterSubcommand& command);
  void AddColumnTo(const AlterSubcommand& command, const Relation& table);
  void AddColumnValues(const AlterSubcommand& command, const Relation& table);
  void DropColumn(const AlterSubcommand& command);
  void DropColumnOf(const Relation& table, const std::string& column, bool cascade);
  void SetNotNull(const AlterSubcommand& command);
  bool ProvesNotNull(const Relation& table, const std::string& column) const;
  void LockNullable(const Relation& parent, const std::string& column);
  void SetNotNullOn(const std::string& column);
  void DropNotNull(const AlterSubcommand& command);
  void ColumnDefault(const AlterSubcommand& command);
  void AlterType(const AlterSubcommand& command);
  void AlterTypeOf(const Relation& table, const AlterSubcommand& command);
  void AlterTypeOfIndexes(const Relation& table, const AlterSubcommand& command, bool rewrite);
  void AlterTypeOfKeys(const Relation& table, const AlterSubcommand& command, bool rewrite);
  void Identity(const AlterSubcommand& command);
  void Expression(const AlterSubcommand& command);

  // Constraints.
  void Constraint(const AlterSubcommand& command);
  void AddConstraint(const ConstraintDef& def);
  void AddKey(const ConstraintDef& def);
  void AddCheck(const ConstraintDef& def);
  void AddForeignKey(const ConstraintDef& def, bool validate);
  void AddNotNull(const ConstraintDef& def);
  void Validate(const AlterSubcommand& command);
  void DropConstraint(const AlterSubcommand& command);
  void AlterConstraint(const AlterSubcommand& command);

  // Partitions and inheritance.
  void Partition(const AlterSubcommand& command);
  void Attach(const AlterSubcommand& command);
  void Detach(const AlterSubcommand& command);
  void AttachIndex(const AlterSubcommand& command);

  const AlterTable& alter_;
  const Relation& table_;
  EffectBuilder& out_;
  const Catalog& catalog_;
  std::map<RelationId, Work> work_;
  std::set<RelationId> gone_indexes_;  // Dropped with their column.
};

// The lock that a subcommand takes on the table itself. Source: AlterTableGetLockLevel.
LockMode LockOfSubcommand(const AlterSubcommand& command, RelationKind kind);

// What is locked besides when a foreign key goes with something else: the other table, whose
// triggers are dropped.
void LockOtherTable(const CatalogConstraint& constraint, RelationId own, EffectBuilder* out);
// The lock on the table of what a foreign key refers to, and on its partitions.
void LockReferenced(const Relation& referenced, LockMode mode, EffectBuilder* out);
// Indexes that partitions have already and that become parts of the new one of their parent.
void LockMatchingIndexes(const Relation& parent, LockMode mode, EffectBuilder* out);
// Both tables of a foreign key are read to validate it.
// `row_by_row`: not by a query that joins both (keys with PERIOD).
void ScanForForeignKey(const Relation& referencing, const Relation* referenced, EffectBuilder* out,
                       bool row_by_row = false);
// Partitions with rows of their own below (or the relation itself).
std::vector<const Relation*> Leaves(const Relation& relation, const Catalog& catalog);
// The DEFAULT of a column's domain, or null.
const Expr* DomainDefault(const TypeName& type, const Catalog& catalog);
// Effects on the parent's side of a new partition: default partition, foreign keys. `attached` is
// null for CREATE TABLE … PARTITION OF.
void AddNewPartition(const Relation& parent, const Relation* attached, const PartitionBound* bound,
                     EffectBuilder* out);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_ALTER_TABLE_EFFECTS_H_
