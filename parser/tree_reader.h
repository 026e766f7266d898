#ifndef PGSIFT_PARSER_TREE_READER_H_
#define PGSIFT_PARSER_TREE_READER_H_

// Internal to parser/: turns libpg_query's JSON trees into the structures of statement.h.

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/statement.h"

namespace pgsift {

// A value of the JSON tree, or nothing. Reading a member of nothing gives nothing; text of nothing
// is
// "", a number 0: libpg_query leaves out members that hold their zero value.
class TreeNode {
 public:
  TreeNode() = default;
  explicit TreeNode(simdjson::dom::element element) : element_(element), there_(true) {}

  explicit operator bool() const { return there_; }
  TreeNode operator[](std::string_view key) const;
  std::string_view Text(std::string_view key) const;
  int64_t Int(std::string_view key, int64_t missing = 0) const;
  bool Flag(std::string_view key) const;
  std::vector<TreeNode> Items(std::string_view key) const;
  std::vector<TreeNode> Items() const;
  // For {"ColumnRef": {…}}: the name and what it holds.
  std::pair<std::string_view, TreeNode> Unwrapped() const;

 private:
  simdjson::dom::element element_;
  bool there_ = false;
};

// Reads one statement's tree. `base` is added to every location. Defined over tree_reader.cc
// (statements), tree_reader_ddl.cc, tree_reader_query.cc and tree_reader_expression.cc.
class TreeReader {
 public:
  explicit TreeReader(uint64_t base) : base_(base) {}

  StatementNode ReadStatement(TreeNode wrapped) const;

 private:
  friend struct StatementDispatch;

  uint64_t Offset(TreeNode node) const;
  // Expressions.
  Expr ReadExpr(TreeNode wrapped) const;
  std::shared_ptr<const Expr> ReadSharedExpr(TreeNode wrapped) const;
  std::vector<Expr> ReadExprs(const std::vector<TreeNode>& nodes) const;
  void ReadOperator(TreeNode node, Expr* expr) const;
  void ReadFunction(TreeNode node, Expr* expr) const;
  void ReadCase(TreeNode node, Expr* expr) const;
  void ReadSublink(TreeNode node, Expr* expr) const;
  void ReadLeaf(std::string_view kind, TreeNode node, Expr* expr) const;
  void ReadOtherExpr(std::string_view kind, TreeNode node, Expr* expr) const;
  TypeName ReadType(TreeNode node) const;
  SortItem ReadSort(TreeNode wrapped) const;
  // Queries.
  RelationRef ReadRelation(TreeNode node) const;
  std::vector<RelationRef> ReadRelations(const std::vector<TreeNode>& nodes) const;
  FromItem ReadFrom(TreeNode wrapped) const;
  std::vector<FromItem> ReadFromList(const std::vector<TreeNode>& nodes) const;
  std::vector<Target> ReadTargets(const std::vector<TreeNode>& nodes) const;
  std::vector<Target> ReadReturning(TreeNode node) const;
  WithClause ReadWith(TreeNode node) const;
  Select ReadSelect(TreeNode node) const;
  Insert ReadInsert(TreeNode node) const;
  Update ReadUpdate(TreeNode node) const;
  Delete ReadDelete(TreeNode node) const;
  Merge ReadMerge(TreeNode node) const;
  std::shared_ptr<const Query> ReadQuery(TreeNode wrapped) const;
  // DDL.
  ColumnDef ReadColumn(TreeNode node) const;
  ConstraintDef ReadConstraint(TreeNode node) const;
  IndexElement ReadIndexElement(TreeNode node) const;
  std::vector<IndexElement> ReadIndexElements(const std::vector<TreeNode>& nodes) const;
  PartitionBound ReadBound(TreeNode node) const;
  PartitionKey ReadPartitionKey(TreeNode node) const;
  CreateTable ReadCreateTable(TreeNode node) const;
  AlterTable ReadAlterTable(TreeNode node) const;
  AlterSubcommand ReadSubcommand(TreeNode node) const;
  CreateIndex ReadCreateIndex(TreeNode node) const;
  Drop ReadDrop(TreeNode node) const;
  Rename ReadRename(TreeNode node) const;
  CreateFunction ReadCreateFunction(TreeNode node) const;
  std::vector<Option> ReadOptions(const std::vector<TreeNode>& nodes) const;
  // Statements.
  StatementNode ReadTypeStatement(std::string_view kind, TreeNode node) const;
  StatementNode ReadMaintenance(std::string_view kind, TreeNode node) const;
  StatementNode ReadSession(std::string_view kind, TreeNode node) const;
  StatementNode ReadObject(std::string_view kind, TreeNode node) const;
  StatementNode ReadPrepared(std::string_view kind, TreeNode node) const;

  const uint64_t base_;
};

// The strings of a list of String nodes.
std::vector<std::string> TreeStrings(const std::vector<TreeNode>& nodes);
// The last two parts of a dotted name; pg_catalog is kept.
QualifiedName TreeName(const std::vector<TreeNode>& nodes);
// A value node (String, Integer, A_Const, TypeName, List …) as text.
std::string TreeValueText(TreeNode wrapped);
ObjectKind TreeObjectKind(std::string_view object_type);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_TREE_READER_H_
