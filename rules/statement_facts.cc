#include "rules/statement_facts.h"

#include <variant>

namespace pgsift {
namespace {

// Gathers facts from whatever kind of statement it is given.
class FactReader {
 public:
  FactReader(const Catalog& catalog, StatementFacts* facts) : catalog_(catalog), facts_(*facts) {}

  template <typename Node>
  void operator()(const Node& node) {
    if constexpr (requires { node.relation.name; }) Relation(node.relation.name);
    if constexpr (requires { node.if_exists; }) facts_.if_exists = node.if_exists;
    if constexpr (requires { node.if_not_exists; }) facts_.if_not_exists = node.if_not_exists;
    if constexpr (requires { node.concurrently; }) facts_.concurrently = node.concurrently;
    if constexpr (requires { node.cascade; }) facts_.cascade = node.cascade;
    if constexpr (requires { node.unique; }) facts_.unique = node.unique;
    Own(node);
  }

 private:
  void Relation(const QualifiedName& name) {
    if (!name.name.empty()) facts_.relations.push_back(catalog_.Resolve(name));
  }

  void Column(const ColumnDef& column) {
    const bool not_null = column.Find(ConstraintKind::kNotNull) != nullptr ||
                          column.Find(ConstraintKind::kPrimaryKey) != nullptr;
    facts_.columns.push_back(
        {.name = column.name, .type = column.type.ToString(), .nullable = !not_null});
    for (const ConstraintDef& constraint : column.constraints) Constraint(constraint);
  }

  void Constraint(const ConstraintDef& constraint) {
    if (!constraint.name.empty()) facts_.names.push_back(constraint.name);
    if (constraint.kind == ConstraintKind::kForeignKey) Relation(constraint.referenced.name);
    facts_.unique = facts_.unique || constraint.kind == ConstraintKind::kUnique;
    facts_.not_valid = facts_.not_valid || constraint.not_valid;
  }

  template <typename Node>
  void Own(const Node&) {}

  void Own(const CreateTable& table) {
    facts_.names.push_back(table.relation.name.name);
    for (const ColumnDef& column : table.columns) Column(column);
    for (const ConstraintDef& constraint : table.constraints) Constraint(constraint);
  }
  void Own(const CreateTableAs& table) { facts_.names.push_back(table.relation.name.name); }
  void Own(const CreateView& view) { facts_.names.push_back(view.relation.name.name); }
  void Own(const CreateSequence& sequence) { facts_.names.push_back(sequence.relation.name.name); }
  void Own(const CreateSchema& schema) { facts_.names.push_back(schema.name); }
  void Own(const CreateEnum& type) { facts_.names.push_back(type.name.name); }
  void Own(const CreateDomain& domain) { facts_.names.push_back(domain.name.name); }
  void Own(const CreateFunction& function) { facts_.names.push_back(function.name.name); }
  void Own(const CreateTrigger& trigger) { facts_.names.push_back(trigger.name); }
  void Own(const CreateExtension& extension) { facts_.names.push_back(extension.name); }
  void Own(const CreatePolicy& policy) { facts_.names.push_back(policy.name); }
  void Own(const CreateIndex& index) {
    if (!index.name.empty()) facts_.names.push_back(index.name);
    for (const IndexElement& element : index.elements) {
      if (!element.column.empty()) facts_.columns.push_back({.name = element.column});
    }
  }
  void Own(const Rename& rename) { facts_.names.push_back(rename.new_name); }
  void Own(const Truncate& truncate) {
    for (const RelationRef& relation : truncate.relations) Relation(relation.name);
  }
  void Own(const LockTable& lock) {
    for (const RelationRef& relation : lock.relations) Relation(relation.name);
  }
  void Own(const Vacuum& vacuum) {
    for (const RelationRef& relation : vacuum.relations) Relation(relation.name);
  }
  void Own(const Grant& grant) {
    for (const QualifiedName& name : grant.names) Relation(name);
  }
  void Own(const Drop& drop) {
    for (const QualifiedName& name : drop.on) Relation(name);
    if (drop.object == ObjectKind::kTrigger || drop.object == ObjectKind::kPolicy ||
        drop.object == ObjectKind::kRule) {
      return;
    }
    for (const QualifiedName& name : drop.names) Relation(name);
  }
  void Own(const AlterTable& alter) {
    for (const AlterSubcommand& command : alter.subcommands) {
      facts_.cascade = facts_.cascade || command.cascade;
      facts_.concurrently = facts_.concurrently || command.concurrently;
      if (command.column.has_value()) {
        Column(*command.column);
        if (facts_.columns.back().name.empty()) facts_.columns.back().name = command.name;
      } else if (command.action == AlterAction::kDropColumn ||
                 command.action == AlterAction::kColumnDefault ||
                 command.action == AlterAction::kSetNotNull ||
                 command.action == AlterAction::kDropNotNull) {
        facts_.columns.push_back({.name = command.name});
      }
      if (command.constraint.has_value()) Constraint(*command.constraint);
      if (!command.relation.name.name.empty()) Relation(command.relation.name);
    }
  }

  const Catalog& catalog_;
  StatementFacts& facts_;
};

}  // namespace

StatementFacts FactsOf(const Statement& statement, const Catalog& catalog) {
  StatementFacts facts;
  FactReader reader(catalog, &facts);
  std::visit(reader, statement.node);
  return facts;
}

}  // namespace pgsift
