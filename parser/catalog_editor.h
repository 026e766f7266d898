#ifndef PGSIFT_PARSER_CATALOG_EDITOR_H_
#define PGSIFT_PARSER_CATALOG_EDITOR_H_

// Internal to parser/: changes a Catalog as one statement does. Defined over catalog_editor.cc
// (what all share, tables), catalog_indexes.cc (indexes, and what partitions get from their
// parent), catalog_alter.cc (ALTER TABLE), catalog_names.cc (DROP, RENAME, SET SCHEMA) and
// catalog_objects.cc (the rest).

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "parser/catalog.h"
#include "parser/query_walk.h"

namespace pgsift {

class CatalogEditor {
 public:
  CatalogEditor(Catalog* catalog, const SqlFile& file, const Statement& statement)
      : catalog_(*catalog),
        origin_{.span = statement.span, .transaction = statement.transaction},
        file_(file),
        statement_(statement) {}

  void Apply();
  // The same of a statement that a client sends: what it sets for its transaction ends with it,
  // where it stands in no block.
  void ApplyToSession();

 private:
  struct Visitor;

  // Relations.
  Relation* Edit(RelationId id);
  Relation* Edit(const QualifiedName& name);
  Relation* Create(const RelationRef& ref, RelationKind kind);
  void Remove(RelationId id, bool cascade);
  void MoveName(Relation* relation, const QualifiedName& name);
  // The relation and all that inherit from it, at any depth.
  std::vector<RelationId> WithDescendants(RelationId id) const;
  std::string FreeName(const std::string& schema, const std::string& wanted) const;

  // Tables, columns, constraints, indexes.
  void Add(const CreateTable& create);
  void Add(const CreateTableAs& create);
  void Add(const CreateIndex& create);
  CatalogColumn MakeColumn(const ColumnDef& def, const Relation& table);
  void AddColumnConstraints(Relation* table, const ColumnDef& def);
  void AddConstraint(Relation* table, const ConstraintDef& def, const std::string& column,
                     bool only = false);
  void CopyLike(Relation* table, const LikeClause& like);
  void InheritFrom(Relation* table, const QualifiedName& parent, bool partition);
  RelationId AddIndexFor(Relation* table, const CatalogConstraint& constraint,
                         const ConstraintDef& def);
  RelationId AddIndex(Relation* table, const std::string& name, CatalogIndex index);
  // Gives the partitions of `table` an index each below `parent_index`, at any depth, and a
  // constraint where the parent's index backs one.
  void AddPartitionIndexes(RelationId table, RelationId parent_index);
  void AddPartitionIndex(RelationId partition, RelationId parent_index);
  void CloneForeignKeys(RelationId table, const CatalogConstraint& constraint);
  void AddSequence(Relation* table, const std::string& column);
  std::string ConstraintIndexName(const Relation& table, const CatalogIndex& index) const;

  // ALTER TABLE.
  void Alter(const AlterTable& alter);
  void AlterOne(RelationId id, const AlterSubcommand& command, bool only);
  void AlterColumn(Relation* table, const AlterSubcommand& command);
  void AlterConstraint(Relation* table, const AlterSubcommand& command);
  void AlterPartition(Relation* table, const AlterSubcommand& command);
  void DropLostForeignKeys(Relation* partition);
  void Detach(RelationId parent, RelationId child);
  void DropColumn(Relation* table, const std::string& column, bool cascade);
  void DropConstraint(Relation* table, const std::string& name, bool cascade);

  // Everything else.
  void DropObjects(const Drop& drop);
  void DropSchema(const std::string& schema, bool cascade);
  void DropType(const QualifiedName& name, bool cascade);
  // CASCADE takes along what is made of the extension's types, operator classes and functions.
  void DropExtension(const std::string& name, bool cascade);
  void DropServer(ObjectKind object, const std::string& name);
  void DropIndexesThatUse(const std::string& name);
  void DropFunction(const QualifiedName& name, bool cascade);
  void RenameObject(const Rename& rename);
  void RenameFunction(const Rename& rename);
  void RenameColumn(Relation* table, const std::string& from, const std::string& to);
  void MoveToSchema(const SetSchema& set);
  // Objects that are no relations: functions, types, statistics, text search configurations.
  void MoveObject(ObjectKind object, const QualifiedName& from, const QualifiedName& to);
  // Columns, tables and domains of a type follow its name.
  void MoveTypeOf(const QualifiedName& before, const QualifiedName& to);
  // The parts of partitioned indexes on a column are made anew with their parents, under names that
  // are made up.
  void RemakeParts(RelationId table, const std::string& column);
  // DEFAULTs that draw from a sequence follow its name.
  void MoveSequence(const QualifiedName& from, const QualifiedName& to);
  // What computes a column, a default, a check or an index with the function.
  void DropCallers(const std::string& function);
  void AddView(const CreateView& create);
  void AddSequenceObject(const CreateSequence& create);
  void AddTrigger(const CreateTrigger& create);
  void AddStatistics(const CreateStatistics& create);
  void MarkClustered(const Relation& table, const std::string& index);
  void Set(const SetVariable& set);
  // SELECT set_config('search_path', …, is_local), as pg_dump has it.
  void SetByCall(const Expr& call);
  static void Change(const SetVariable& set, Catalog::Settings* settings);
  void ChangeOwned(const RoleOwned& owned);
  std::vector<CatalogColumn> OutputColumns(const Query* query,
                                           const std::vector<std::string>& names) const;
  void AddOutput(const Target& target,
                 const std::vector<std::pair<std::string, const Relation*>>& tables,
                 std::vector<CatalogColumn>* columns) const;
  void SaveOrRestore(const TransactionCommand& command);
  void EndTransaction();
  void EndLocalSettings();
  void NoteWritten(const RelationRef& ref, const Catalog::Written& rows);
  void SetConstraintModes(const SetConstraints& set);
  void ApplyRoutines();
  std::vector<RelationId> ReadBy(const Query& query) const;
  std::vector<RelationId> ReadBy(const Expr* expr) const;
  QualifiedName NewName(const QualifiedName& name) const;

  Catalog& catalog_;
  const Origin origin_;
  const SqlFile& file_;
  const Statement& statement_;
  bool only_ = false;  // ALTER TABLE ONLY.
  // The routines that the statement has run, those that they call among them; null: none yet.
  std::shared_ptr<std::set<uint64_t>> routines_;
};

// The words of an index's made-up name: a column's name, a function's, or "expr".
std::vector<std::string> IndexNameParts(const std::vector<IndexElement>& elements,
                                        const std::vector<std::string>& include);
// "a_b": the parts of a made-up name.
std::string Underscored(const std::vector<std::string>& parts);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_CATALOG_EDITOR_H_
