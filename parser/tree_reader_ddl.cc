// Tables, columns, constraints, indexes and the other DDL of libpg_query's trees.

#include <pg_query.h>

#include <array>

#include "parser/tree_reader.h"

namespace pgsift {
namespace {

constexpr bool kGrammarHasNotEnforced = PG_VERSION_NUM >= 180000;

ConstraintKind ReadConstraintKind(std::string_view type) {
  if (type == "CONSTR_NULL") return ConstraintKind::kNull;
  if (type == "CONSTR_NOTNULL") return ConstraintKind::kNotNull;
  if (type == "CONSTR_DEFAULT") return ConstraintKind::kDefault;
  if (type == "CONSTR_IDENTITY") return ConstraintKind::kIdentity;
  if (type == "CONSTR_GENERATED") return ConstraintKind::kGenerated;
  if (type == "CONSTR_CHECK") return ConstraintKind::kCheck;
  if (type == "CONSTR_PRIMARY") return ConstraintKind::kPrimaryKey;
  if (type == "CONSTR_UNIQUE") return ConstraintKind::kUnique;
  if (type == "CONSTR_EXCLUSION") return ConstraintKind::kExclusion;
  if (type == "CONSTR_FOREIGN") return ConstraintKind::kForeignKey;
  return ConstraintKind::kAttribute;
}

char Letter(std::string_view text, char missing) { return text.empty() ? missing : text.front(); }

AlterAction ReadAction(std::string_view subtype) {
  struct Entry {
    std::string_view name;
    AlterAction action;
  };
  static constexpr Entry kEntries[] = {
#define PGSIFT_ACTION(name) {"AT_" #name, AlterAction::k##name},
      PGSIFT_ALTER_ACTIONS(PGSIFT_ACTION)
#undef PGSIFT_ACTION
  };
  for (const Entry& entry : kEntries) {
    if (entry.name == subtype) return entry.action;
  }
  return AlterAction::kOther;
}

}  // namespace

ObjectKind TreeObjectKind(std::string_view object_type) {
  struct Entry {
    std::string_view name;
    ObjectKind kind;
  };
  static constexpr Entry kEntries[] = {
#define PGSIFT_KIND(name, word) {"OBJECT_" #word, ObjectKind::k##name},
      PGSIFT_OBJECT_KINDS(PGSIFT_KIND)
#undef PGSIFT_KIND
  };
  for (const Entry& entry : kEntries) {
    if (entry.name == object_type) return entry.kind;
  }
  return ObjectKind::kOther;
}

std::vector<Option> TreeReader::ReadOptions(const std::vector<TreeNode>& nodes) const {
  std::vector<Option> options;
  for (const TreeNode& wrapped : nodes) {
    const TreeNode node = wrapped.Unwrapped().second;
    Option option{.name = std::string(node.Text("defname")), .value = "true"};
    if (node["arg"]) option.value = TreeValueText(node["arg"]);
    options.push_back(std::move(option));
  }
  return options;
}

IndexElement TreeReader::ReadIndexElement(TreeNode node) const {
  IndexElement element;
  element.column = node.Text("name");
  element.expr = ReadSharedExpr(node["expr"]);
  // An expression that is a bare column is that column.
  if (element.expr != nullptr && element.expr->IsColumn() && element.expr->name.size() == 1) {
    element.column = element.expr->name.front();
    element.expr = nullptr;
  }
  element.collation = TreeName(node.Items("collation")).name;
  element.opclass = TreeName(node.Items("opclass")).name;
  const std::string_view ordering = node.Text("ordering");
  if (ordering == "SORTBY_ASC") element.direction = SortDirection::kAscending;
  if (ordering == "SORTBY_DESC") element.direction = SortDirection::kDescending;
  const std::string_view nulls = node.Text("nulls_ordering");
  if (nulls == "SORTBY_NULLS_FIRST") element.nulls = NullsOrder::kFirst;
  if (nulls == "SORTBY_NULLS_LAST") element.nulls = NullsOrder::kLast;
  element.offset = Offset(node);
  return element;
}

std::vector<IndexElement> TreeReader::ReadIndexElements(const std::vector<TreeNode>& nodes) const {
  std::vector<IndexElement> elements;
  for (const TreeNode& wrapped : nodes) {
    elements.push_back(ReadIndexElement(wrapped.Unwrapped().second));
  }
  return elements;
}

ConstraintDef TreeReader::ReadConstraint(TreeNode node) const {
  ConstraintDef constraint;
  constraint.kind = ReadConstraintKind(node.Text("contype"));
  constraint.name = node.Text("conname");
  constraint.columns = TreeStrings(node.Items("keys"));
  constraint.include = TreeStrings(node.Items("including"));
  constraint.expr = ReadSharedExpr(node["raw_expr"]);
  if (constraint.kind == ConstraintKind::kForeignKey) {
    const std::vector<std::string> columns = TreeStrings(node.Items("fk_attrs"));
    if (!columns.empty()) constraint.columns = columns;
    constraint.referenced = ReadRelation(node["pktable"]);
    constraint.referenced_columns = TreeStrings(node.Items("pk_attrs"));
    constraint.on_delete = Letter(node.Text("fk_del_action"), 'a');
    constraint.on_update = Letter(node.Text("fk_upd_action"), 'a');
    constraint.period = node.Flag("fk_with_period");
    constraint.match = Letter(node.Text("fk_matchtype"), 's');
  }
  constraint.deferrable = node.Flag("deferrable");
  constraint.initially_deferred = node.Flag("initdeferred");
  constraint.not_valid = node.Flag("skip_validation");
  constraint.no_inherit = node.Flag("is_no_inherit");
  constraint.nulls_not_distinct = node.Flag("nulls_not_distinct");
  const bool can_be_unenforced =
      constraint.kind == ConstraintKind::kCheck || constraint.kind == ConstraintKind::kForeignKey;
  constraint.not_enforced =
      kGrammarHasNotEnforced && can_be_unenforced && !node.Flag("is_enforced");
  constraint.always = node.Text("generated_when") == "a";
  constraint.virtual_ = node.Text("generated_kind") == "v";
  constraint.using_index = node.Text("indexname");
  constraint.method = node.Text("access_method");
  for (const TreeNode& pair : node.Items("exclusions")) {
    const std::vector<TreeNode> items = pair.Unwrapped().second.Items("items");
    if (items.size() != 2) continue;
    constraint.elements.push_back(ReadIndexElement(items[0].Unwrapped().second));
    constraint.operators.push_back(TreeValueText(items[1]));
  }
  constraint.where = ReadSharedExpr(node["where_clause"]);
  constraint.offset = Offset(node);
  return constraint;
}

ColumnDef TreeReader::ReadColumn(TreeNode node) const {
  ColumnDef column;
  column.name = node.Text("colname");
  column.type = ReadType(node["typeName"]);
  column.collation = TreeName(node["collClause"].Items("collname")).name;
  column.offset = Offset(node);
  for (const TreeNode& wrapped : node.Items("constraints")) {
    ConstraintDef constraint = ReadConstraint(wrapped.Unwrapped().second);
    if (constraint.kind == ConstraintKind::kAttribute) {
      // DEFERRABLE and its like stand after the constraint that they change.
      if (column.constraints.empty()) continue;
      ConstraintDef& before = column.constraints.back();
      const std::string_view type = wrapped.Unwrapped().second.Text("contype");
      if (type == "CONSTR_ATTR_DEFERRABLE") before.deferrable = true;
      if (type == "CONSTR_ATTR_DEFERRED") before.deferrable = before.initially_deferred = true;
      if (type == "CONSTR_ATTR_NOT_ENFORCED") before.not_enforced = true;
      continue;
    }
    column.constraints.push_back(std::move(constraint));
  }
  // ALTER COLUMN … TYPE … USING keeps its expression beside the type.
  if (node["raw_default"]) {
    ConstraintDef using_expr;
    using_expr.kind = ConstraintKind::kDefault;
    using_expr.expr = ReadSharedExpr(node["raw_default"]);
    column.constraints.push_back(std::move(using_expr));
  }
  return column;
}

PartitionBound TreeReader::ReadBound(TreeNode node) const {
  PartitionBound bound;
  bound.is_default = node.Flag("is_default");
  bound.strategy = Letter(node.Text("strategy"), 'r');
  bound.list = ReadExprs(node.Items("listdatums"));
  bound.lower = ReadExprs(node.Items("lowerdatums"));
  bound.upper = ReadExprs(node.Items("upperdatums"));
  bound.modulus = node.Int("modulus");
  bound.remainder = node.Int("remainder");
  return bound;
}

PartitionKey TreeReader::ReadPartitionKey(TreeNode node) const {
  PartitionKey key;
  // "PARTITION_STRATEGY_RANGE" since 16, "range" or "r" before.
  std::string_view strategy = node.Text("strategy");
  if (strategy.starts_with("PARTITION_STRATEGY_")) strategy.remove_prefix(19);
  key.strategy = static_cast<char>(Letter(strategy, 'r') | 0x20);
  key.elements = ReadIndexElements(node.Items("partParams"));
  return key;
}

CreateTable TreeReader::ReadCreateTable(TreeNode node) const {
  CreateTable table;
  table.relation = ReadRelation(node["relation"]);
  for (const TreeNode& wrapped : node.Items("tableElts")) {
    const auto [kind, element] = wrapped.Unwrapped();
    if (kind == "ColumnDef") table.columns.push_back(ReadColumn(element));
    if (kind == "Constraint") table.constraints.push_back(ReadConstraint(element));
    if (kind == "TableLikeClause") {
      table.likes.push_back({.relation = ReadRelation(element["relation"]),
                             .options = static_cast<uint32_t>(element.Int("options"))});
    }
  }
  table.inherits = ReadRelations(node.Items("inhRelations"));
  if (node["ofTypename"]) table.of_type = ReadType(node["ofTypename"]);
  if (node["partspec"]) table.partition_by = ReadPartitionKey(node["partspec"]);
  if (node["partbound"]) table.bound = ReadBound(node["partbound"]);
  table.options = ReadOptions(node.Items("options"));
  table.tablespace = node.Text("tablespacename");
  table.access_method = node.Text("accessMethod");
  table.if_not_exists = node.Flag("if_not_exists");
  return table;
}

AlterSubcommand TreeReader::ReadSubcommand(TreeNode node) const {
  AlterSubcommand command;
  command.action = ReadAction(node.Text("subtype"));
  command.name = node.Text("name");
  command.missing_ok = node.Flag("missing_ok");
  command.cascade = node.Text("behavior") == "DROP_CASCADE";
  if (command.action == AlterAction::kChangeOwner) command.name = node["newowner"].Text("rolename");
  const TreeNode def = node["def"];
  const auto [kind, inner] = def.Unwrapped();
  if (kind == "ColumnDef") {
    command.column = ReadColumn(inner);
    command.offset = command.column->offset;
    if (command.action == AlterAction::kAddColumn) command.name = command.column->name;
    if (command.action == AlterAction::kAlterColumnType) {
      if (const ConstraintDef* expr = command.column->Find(ConstraintKind::kDefault)) {
        command.expr = expr->expr;
      }
    }
  } else if (kind == "Constraint" || kind == "ATAlterConstraint") {
    command.constraint = ReadConstraint(inner);
    command.offset = command.constraint->offset;
    if (command.name.empty()) command.name = command.constraint->name;
    if (kind == "ATAlterConstraint") {
      command.alters_enforceability = inner.Flag("alterEnforceability");
      command.alters_inheritability = inner.Flag("alterInheritability");
      command.constraint->not_enforced = !inner.Flag("is_enforced");
      command.constraint->no_inherit = inner.Flag("noinherit");
    }
  } else if (kind == "PartitionCmd") {
    command.relation = ReadRelation(inner["name"]);
    command.concurrently = inner.Flag("concurrent");
    if (inner["bound"]) command.bound = ReadBound(inner["bound"]);
    command.offset = command.relation.offset;
  } else if (kind == "RangeVar") {
    command.relation = ReadRelation(inner);
    command.offset = command.relation.offset;
  } else if (kind == "ReplicaIdentityStmt") {
    command.replica_identity = Letter(inner.Text("identity_type"), 'd');
    command.name = inner.Text("name");
  } else if (kind == "List") {
    command.options = ReadOptions(inner.Items("items"));
  } else if (kind == "TypeName") {
    command.column.emplace();
    command.column->type = ReadType(inner);
  } else if (kind == "String" || kind == "Integer") {
    command.options.push_back({.name = "value", .value = TreeValueText(def)});
  } else if (def && !kind.empty()) {
    command.expr = ReadSharedExpr(def);
    if (command.expr != nullptr) command.offset = command.expr->offset;
  }
  return command;
}

AlterTable TreeReader::ReadAlterTable(TreeNode node) const {
  AlterTable alter;
  alter.relation = ReadRelation(node["relation"]);
  alter.object = TreeObjectKind(node.Text("objtype"));
  alter.if_exists = node.Flag("missing_ok");
  for (const TreeNode& wrapped : node.Items("cmds")) {
    alter.subcommands.push_back(ReadSubcommand(wrapped.Unwrapped().second));
  }
  return alter;
}

CreateIndex TreeReader::ReadCreateIndex(TreeNode node) const {
  CreateIndex index;
  index.name = node.Text("idxname");
  index.relation = ReadRelation(node["relation"]);
  if (!node.Text("accessMethod").empty()) index.method = node.Text("accessMethod");
  index.elements = ReadIndexElements(node.Items("indexParams"));
  index.include = ReadIndexElements(node.Items("indexIncludingParams"));
  index.where = ReadSharedExpr(node["whereClause"]);
  index.options = ReadOptions(node.Items("options"));
  index.tablespace = node.Text("tableSpace");
  index.unique = node.Flag("unique");
  index.nulls_not_distinct = node.Flag("nulls_not_distinct");
  index.concurrently = node.Flag("concurrent");
  index.if_not_exists = node.Flag("if_not_exists");
  return index;
}

Drop TreeReader::ReadDrop(TreeNode node) const {
  Drop drop;
  drop.object = TreeObjectKind(node.Text("removeType"));
  drop.if_exists = node.Flag("missing_ok");
  drop.cascade = node.Text("behavior") == "DROP_CASCADE";
  drop.concurrently = node.Flag("concurrent");
  const bool belongs_to_table = drop.object == ObjectKind::kTrigger ||
                                drop.object == ObjectKind::kRule ||
                                drop.object == ObjectKind::kPolicy;
  for (const TreeNode& wrapped : node.Items("objects")) {
    const auto [kind, inner] = wrapped.Unwrapped();
    if (kind == "List" && belongs_to_table) {
      std::vector<TreeNode> parts = inner.Items("items");
      if (parts.empty()) continue;
      drop.names.push_back(TreeName({parts.back()}));
      parts.pop_back();
      drop.on.push_back(TreeName(parts));
    } else if (kind == "List") {
      drop.names.push_back(TreeName(inner.Items("items")));
    } else if (kind == "ObjectWithArgs") {
      drop.names.push_back(TreeName(inner.Items("objname")));
    } else if (kind == "TypeName") {
      drop.names.push_back(ReadType(inner).name);
    } else if (kind == "String") {
      drop.names.push_back({.schema = "", .name = std::string(inner.Text("sval"))});
    }
  }
  return drop;
}

Rename TreeReader::ReadRename(TreeNode node) const {
  Rename rename;
  rename.object = TreeObjectKind(node.Text("renameType"));
  rename.relation_object = TreeObjectKind(node.Text("relationType"));
  rename.relation = ReadRelation(node["relation"]);
  const auto [kind, object] = node["object"].Unwrapped();
  if (kind == "List") rename.name = TreeName(object.Items("items"));
  if (kind == "ObjectWithArgs") rename.name = TreeName(object.Items("objname"));
  if (kind == "TypeName") rename.name = ReadType(object).name;
  if (kind == "String") rename.name.name = object.Text("sval");
  rename.sub_name = node.Text("subname");
  rename.new_name = node.Text("newname");
  rename.if_exists = node.Flag("missing_ok");
  return rename;
}

CreateFunction TreeReader::ReadCreateFunction(TreeNode node) const {
  CreateFunction function;
  function.name = TreeName(node.Items("funcname"));
  function.procedure = node.Flag("is_procedure");
  function.replace = node.Flag("replace");
  if (node["returnType"]) function.returns = ReadType(node["returnType"]);
  for (const TreeNode& wrapped : node.Items("parameters")) {
    const TreeNode parameter = wrapped.Unwrapped().second;
    const std::string_view mode = parameter.Text("mode");
    function.parameters.push_back({.name = std::string(parameter.Text("name")),
                                   .type = ReadType(parameter["argType"]),
                                   .mode = mode == "FUNC_PARAM_OUT"        ? 'o'
                                           : mode == "FUNC_PARAM_INOUT"    ? 'b'
                                           : mode == "FUNC_PARAM_VARIADIC" ? 'v'
                                           : mode == "FUNC_PARAM_TABLE"    ? 't'
                                                                           : 'i'});
    if (const TreeNode value = parameter["defexpr"]) {
      function.parameters.back().default_expr = std::make_shared<const Expr>(ReadExpr(value));
    }
  }
  for (const TreeNode& wrapped : node.Items("options")) {
    const TreeNode option = wrapped.Unwrapped().second;
    const std::string_view name = option.Text("defname");
    if (name == "language") function.language = TreeValueText(option["arg"]);
    if (name == "volatility") function.volatility = Letter(TreeValueText(option["arg"]), 'v');
    if (name == "as") {
      const std::vector<TreeNode> texts = option["arg"].Unwrapped().second.Items("items");
      if (!texts.empty()) function.body = TreeValueText(texts.front());
    }
  }
  const auto [body_kind, body] = node["sql_body"].Unwrapped();
  if (body_kind == "ReturnStmt") {
    Select select;
    select.targets.push_back({.expr = ReadExpr(body["returnval"])});
    function.sql_body.push_back(std::make_shared<const Query>(Query{std::move(select)}));
  }
  if (body_kind == "List") {
    for (const TreeNode& outer : body.Items("items")) {
      for (const TreeNode& statement : outer.Unwrapped().second.Items("items")) {
        if (statement.Unwrapped().first == "ReturnStmt") {
          Select select;
          select.targets.push_back({.expr = ReadExpr(statement.Unwrapped().second["returnval"])});
          function.sql_body.push_back(std::make_shared<const Query>(Query{std::move(select)}));
        }
        if (auto query = ReadQuery(statement)) function.sql_body.push_back(std::move(query));
      }
    }
  }
  return function;
}

}  // namespace pgsift
