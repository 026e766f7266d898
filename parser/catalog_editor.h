#ifndef PGSIFT_PARSER_CATALOG_EDITOR_H_
#define PGSIFT_PARSER_CATALOG_EDITOR_H_

// Internal to parser/: changes a Catalog as one statement does. Defined over catalog_editor.cc
// (what all share, tables and indexes), catalog_alter.cc (ALTER TABLE) and catalog_objects.cc (the
// rest).

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "parser/catalog.h"

namespace pgsift {

class CatalogEditor {
 public:
  CatalogEditor(Catalog* catalog, const SqlFile& file, const Statement& statement)
      : catalog_(*catalog),
        origin_{.span = statement.span, .transaction = statement.transaction},
        statement_(statement) {
    (void)file;
  }

  void Apply();

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
  void AddConstraint(Relation* table, const ConstraintDef& def, const std::string& column);
  void CopyLike(Relation* table, const LikeClause& like);
  void InheritFrom(Relation* table, const QualifiedName& parent, bool partition);
  RelationId AddIndexFor(Relation* table, const CatalogConstraint& constraint,
                         const ConstraintDef& def);
  RelationId AddIndex(Relation* table, const std::string& name, CatalogIndex index);
  void AddSequence(Relation* table, const std::string& column);
  std::string IndexName(const Relation& table, const CatalogIndex& index) const;

  // ALTER TABLE.
  void Alter(const AlterTable& alter);
  void AlterOne(RelationId id, const AlterSubcommand& command, bool only);
  void AlterColumn(Relation* table, const AlterSubcommand& command);
  void AlterConstraint(Relation* table, const AlterSubcommand& command);
  void AlterPartition(Relation* table, const AlterSubcommand& command);
  void DropColumn(Relation* table, const std::string& column, bool cascade);
  void DropConstraint(Relation* table, const std::string& name, bool cascade);

  // Everything else.
  void DropObjects(const Drop& drop);
  void DropSchema(const std::string& schema, bool cascade);
  void DropType(const QualifiedName& name, bool cascade);
  void RenameObject(const Rename& rename);
  void RenameColumn(Relation* table, const std::string& from, const std::string& to);
  void MoveToSchema(const SetSchema& set);
  void AddView(const CreateView& create);
  void AddSequenceObject(const CreateSequence& create);
  void SetSearchPath(const SetVariable& set);
  std::vector<RelationId> ReadBy(const Query& query) const;
  QualifiedName NewName(const QualifiedName& name) const;

  Catalog& catalog_;
  const Origin origin_;
  const Statement& statement_;
};

// Calls visit(relation reference) for every relation that a query names, at any depth; names of its
// own WITH tables are left out.
void VisitRelations(const Query& query, const std::function<void(const RelationRef&)>& visit);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_CATALOG_EDITOR_H_
