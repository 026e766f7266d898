// Statements of libpg_query's trees: which structure each becomes.

#include "parser/tree_reader.h"

#include <algorithm>

namespace pgsift {
namespace {

std::vector<std::string> OwnedBy(TreeNode node) {
  for (const TreeNode& wrapped : node.Items("options")) {
    const TreeNode option = wrapped.Unwrapped().second;
    if (option.Text("defname") == "owned_by") {
      return TreeStrings(option["arg"].Unwrapped().second.Items("items"));
    }
  }
  return {};
}

bool HasOption(const std::vector<Option>& options, std::string_view name) {
  for (const Option& option : options) {
    if (option.name == name)
      return option.value != "false" && option.value != "off" && option.value != "0";
  }
  return false;
}

std::string OptionValue(const std::vector<Option>& options, std::string_view name) {
  for (const Option& option : options) {
    if (option.name == name) return option.value;
  }
  return {};
}

std::vector<std::string> ObjectParts(TreeNode wrapped) {
  const auto [kind, node] = wrapped.Unwrapped();
  if (kind == "List") return TreeStrings(node.Items("items"));
  if (kind == "ObjectWithArgs") return TreeStrings(node.Items("objname"));
  if (kind == "TypeName") return TreeStrings(node.Items("names"));
  if (kind == "String") return {std::string(node.Text("sval"))};
  return {};
}

// A RoleSpec: the role's name, or CURRENT_USER and its like as SQL writes them.
std::string RoleName(TreeNode node) {
  const std::string_view name = node.Text("rolename");
  if (!name.empty()) return std::string(name);
  std::string_view kind = node.Text("roletype");
  if (kind.starts_with("ROLESPEC_")) kind.remove_prefix(9);
  return std::string(kind);
}

// Bits of src/include/catalog/pg_trigger.h.
constexpr int64_t kTriggerBefore = 1 << 1, kTriggerInsert = 1 << 2, kTriggerDelete = 1 << 3,
                  kTriggerUpdate = 1 << 4, kTriggerTruncate = 1 << 5, kTriggerInstead = 1 << 6;

TransactionCommand::Kind TransactionKind(std::string_view kind) {
  using Kind = TransactionCommand::Kind;
  if (kind == "TRANS_STMT_COMMIT") return Kind::kCommit;
  if (kind == "TRANS_STMT_ROLLBACK") return Kind::kRollback;
  if (kind == "TRANS_STMT_SAVEPOINT") return Kind::kSavepoint;
  if (kind == "TRANS_STMT_RELEASE") return Kind::kRelease;
  if (kind == "TRANS_STMT_ROLLBACK_TO") return Kind::kRollbackTo;
  if (kind == "TRANS_STMT_PREPARE") return Kind::kPrepare;
  if (kind == "TRANS_STMT_COMMIT_PREPARED") return Kind::kCommitPrepared;
  if (kind == "TRANS_STMT_ROLLBACK_PREPARED") return Kind::kRollbackPrepared;
  return Kind::kBegin;
}

}  // namespace

StatementNode TreeReader::ReadStatement(TreeNode wrapped) const {
  const auto [kind, node] = wrapped.Unwrapped();
  if (kind == "SelectStmt") return ReadSelect(node);
  if (kind == "InsertStmt") return ReadInsert(node);
  if (kind == "UpdateStmt") return ReadUpdate(node);
  if (kind == "DeleteStmt") return ReadDelete(node);
  if (kind == "MergeStmt") return ReadMerge(node);
  if (kind == "CreateStmt") return ReadCreateTable(node);
  if (kind == "CreateForeignTableStmt") {
    CreateTable table = ReadCreateTable(node["base"] ? node["base"] : node["base_stmt"]);
    table.foreign = true;
    table.server = node.Text("servername");
    return table;
  }
  if (kind == "AlterTableStmt") return ReadAlterTable(node);
  if (kind == "IndexStmt") return ReadCreateIndex(node);
  if (kind == "DropStmt") return ReadDrop(node);
  if (kind == "RenameStmt") return ReadRename(node);
  if (kind == "CreateFunctionStmt") return ReadCreateFunction(node);
  if (kind == "CreateTableAsStmt") {
    CreateTableAs create;
    create.relation = ReadRelation(node["into"]["rel"]);
    create.columns = TreeStrings(node["into"].Items("colNames"));
    create.query = ReadQuery(node["query"]);
    if (const auto [inner, execute] = node["query"].Unwrapped(); inner == "ExecuteStmt") {
      create.prepared = std::string(execute.Text("name"));
    }
    create.materialized_view = node.Text("objtype") == "OBJECT_MATVIEW";
    create.with_no_data = node["into"].Flag("skipData");
    create.if_not_exists = node.Flag("if_not_exists");
    create.select_into = node.Flag("is_select_into");
    return create;
  }
  if (kind == "ViewStmt") {
    return CreateView{.relation = ReadRelation(node["view"]),
                      .columns = TreeStrings(node.Items("aliases")),
                      .query = ReadQuery(node["query"]),
                      .replace = node.Flag("replace")};
  }
  return ReadTypeStatement(kind, node);
}

StatementNode TreeReader::ReadTypeStatement(std::string_view kind, TreeNode node) const {
  if (kind == "CreateEnumStmt") {
    return CreateEnum{.name = TreeName(node.Items("typeName")),
                      .labels = TreeStrings(node.Items("vals"))};
  }
  if (kind == "AlterEnumStmt") {
    return AlterEnum{.name = TreeName(node.Items("typeName")),
                     .old_label = std::string(node.Text("oldVal")),
                     .new_label = std::string(node.Text("newVal")),
                     .neighbour = std::string(node.Text("newValNeighbor")),
                     .after = node.Flag("newValIsAfter"),
                     .if_not_exists = node.Flag("skipIfNewValExists")};
  }
  if (kind == "CreateDomainStmt") {
    CreateDomain domain{.name = TreeName(node.Items("domainname")),
                        .type = ReadType(node["typeName"])};
    for (const TreeNode& wrapped : node.Items("constraints")) {
      domain.constraints.push_back(ReadConstraint(wrapped.Unwrapped().second));
    }
    return domain;
  }
  if (kind == "AlterDomainStmt") {
    AlterDomain alter{.name = TreeName(node.Items("typeName")),
                      .constraint_name = std::string(node.Text("name"))};
    const std::string_view action = node.Text("subtype");
    if (!action.empty()) alter.action = action.front();
    const auto [def_kind, def] = node["def"].Unwrapped();
    if (def_kind == "Constraint") alter.constraint = ReadConstraint(def);
    if (alter.action == 'T' && node["def"]) {
      alter.default_expr = std::make_shared<const Expr>(ReadExpr(node["def"]));
    }
    alter.cascade = node.Text("behavior") == "DROP_CASCADE";
    return alter;
  }
  if (kind == "CompositeTypeStmt") {
    CreateCompositeType type{.relation = ReadRelation(node["typevar"])};
    for (const TreeNode& wrapped : node.Items("coldeflist")) {
      type.columns.push_back(ReadColumn(wrapped.Unwrapped().second));
    }
    return type;
  }
  if (kind == "CreateRangeStmt") {
    return CreateRangeType{.name = TreeName(node.Items("typeName")),
                           .options = ReadOptions(node.Items("params"))};
  }
  return ReadMaintenance(kind, node);
}

StatementNode TreeReader::ReadMaintenance(std::string_view kind, TreeNode node) const {
  if (kind == "TruncateStmt") {
    return Truncate{.relations = ReadRelations(node.Items("relations")),
                    .cascade = node.Text("behavior") == "DROP_CASCADE",
                    .restart_identity = node.Flag("restart_seqs")};
  }
  if (kind == "LockStmt") {
    return LockTable{.relations = ReadRelations(node.Items("relations")),
                     .mode = static_cast<int>(node.Int("mode")),
                     .nowait = node.Flag("nowait")};
  }
  if (kind == "VacuumStmt") {
    Vacuum vacuum;
    vacuum.is_vacuum = node.Flag("is_vacuumcmd");
    vacuum.options = ReadOptions(node.Items("options"));
    vacuum.full = HasOption(vacuum.options, "full");
    vacuum.analyze = !vacuum.is_vacuum || HasOption(vacuum.options, "analyze");
    for (const TreeNode& wrapped : node.Items("rels")) {
      vacuum.relations.push_back(ReadRelation(wrapped.Unwrapped().second["relation"]));
    }
    return vacuum;
  }
  if (kind == "ClusterStmt") {
    return Cluster{.relation = ReadRelation(node["relation"]),
                   .index = std::string(node.Text("indexname"))};
  }
  if (kind == "ReindexStmt") {
    std::string_view what = node.Text("kind");
    if (what.starts_with("REINDEX_OBJECT_")) what.remove_prefix(15);
    return Reindex{.kind = std::string(what),
                   .relation = ReadRelation(node["relation"]),
                   .name = std::string(node.Text("name")),
                   .tablespace = OptionValue(ReadOptions(node.Items("params")), "tablespace"),
                   .concurrently = HasOption(ReadOptions(node.Items("params")), "concurrently")};
  }
  if (kind == "RefreshMatViewStmt") {
    return RefreshMaterializedView{.relation = ReadRelation(node["relation"]),
                                   .concurrently = node.Flag("concurrent"),
                                   .with_no_data = node.Flag("skipData")};
  }
  if (kind == "CopyStmt") {
    return Copy{.relation = ReadRelation(node["relation"]),
                .columns = TreeStrings(node.Items("attlist")),
                .query = ReadQuery(node["query"]),
                .from = node.Flag("is_from")};
  }
  if (kind == "ExplainStmt") {
    const auto [inner, statement] = node["query"].Unwrapped();
    // EXPLAIN CREATE TABLE AS and its like: the query inside.
    const bool wrapped = inner == "CreateTableAsStmt" || inner == "DeclareCursorStmt";
    return Explain{.query = ReadQuery(wrapped ? statement["query"] : node["query"]),
                   .prepared = inner == "ExecuteStmt" ? std::string(statement.Text("name")) : "",
                   .analyze = HasOption(ReadOptions(node.Items("options")), "analyze")};
  }
  return ReadSession(kind, node);
}

StatementNode TreeReader::ReadSession(std::string_view kind, TreeNode node) const {
  if (kind == "TransactionStmt") {
    return TransactionCommand{.kind = TransactionKind(node.Text("kind")),
                              .savepoint = std::string(node.Text("savepoint_name")),
                              .chain = node.Flag("chain")};
  }
  if (kind == "VariableSetStmt" || kind == "AlterSystemStmt") {
    const TreeNode set = kind == "AlterSystemStmt" ? node["setstmt"] : node;
    SetVariable variable;
    variable.name = set.Text("name");
    for (const TreeNode& value : set.Items("args")) variable.values.push_back(TreeValueText(value));
    variable.local = set.Flag("is_local");
    const std::string_view how = set.Text("kind");
    variable.reset = how == "VAR_RESET" || how == "VAR_RESET_ALL" || how == "VAR_SET_DEFAULT";
    variable.system = kind == "AlterSystemStmt";
    return variable;
  }
  if (kind == "ConstraintsSetStmt") {
    return SetConstraints{.constraints = ReadRelations(node.Items("constraints")),
                          .deferred = node.Flag("deferred")};
  }
  if (kind == "CallStmt") {
    Call call;
    call.function.kind = ExprKind::kFunction;
    const TreeNode function = node["funccall"];
    call.function.offset = Offset(function);
    ReadFunction(function, &call.function);
    return call;
  }
  if (kind == "DoStmt") {
    DoBlock block;
    for (const Option& option : ReadOptions(node.Items("args"))) {
      if (option.name == "as") block.body = option.value;
      if (option.name == "language") block.language = option.value;
    }
    return block;
  }
  return ReadObject(kind, node);
}

StatementNode TreeReader::ReadObject(std::string_view kind, TreeNode node) const {
  const auto text = [&](std::string_view key) { return std::string(node.Text(key)); };
  if (kind == "CreateSchemaStmt") {
    CreateSchema schema{.name = text("schemaname"), .if_not_exists = node.Flag("if_not_exists")};
    if (schema.name.empty()) schema.name = RoleName(node["authrole"]);
    for (const TreeNode& wrapped : node.Items("schemaElts")) {
      auto element = std::make_shared<Statement>();
      element->node = ReadStatement(wrapped);
      schema.elements.push_back(std::move(element));
    }
    // In the order in which they are run. Source: transformCreateSchemaStmtElements.
    const auto rank = [](const std::shared_ptr<const Statement>& element) {
      return element->As<CreateSequence>() != nullptr  ? 0
             : element->As<CreateTable>() != nullptr   ? 1
             : element->As<CreateView>() != nullptr    ? 2
             : element->As<CreateIndex>() != nullptr   ? 3
             : element->As<CreateTrigger>() != nullptr ? 4
                                                       : 5;
    };
    std::stable_sort(schema.elements.begin(), schema.elements.end(),
                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return schema;
  }
  if (kind == "CreateSeqStmt") {
    return CreateSequence{.relation = ReadRelation(node["sequence"]),
                          .options = ReadOptions(node.Items("options")),
                          .owned_by = OwnedBy(node),
                          .if_not_exists = node.Flag("if_not_exists")};
  }
  if (kind == "AlterSeqStmt") {
    return AlterSequence{.relation = ReadRelation(node["sequence"]),
                         .options = ReadOptions(node.Items("options")),
                         .owned_by = OwnedBy(node),
                         .if_exists = node.Flag("missing_ok")};
  }
  if (kind == "AlterObjectSchemaStmt") {
    const std::vector<std::string> parts = ObjectParts(node["object"]);
    SetSchema set{.object = TreeObjectKind(node.Text("objectType")),
                  .relation = ReadRelation(node["relation"]),
                  .new_schema = text("newschema"),
                  .if_exists = node.Flag("missing_ok")};
    if (!parts.empty()) set.name.name = parts.back();
    if (parts.size() > 1) set.name.schema = parts[parts.size() - 2];
    return set;
  }
  if (kind == "AlterOwnerStmt") {
    const std::vector<std::string> parts = ObjectParts(node["object"]);
    return ChangeOwner{.object = TreeObjectKind(node.Text("objectType")),
                       .name = {.schema = parts.size() > 1 ? parts[parts.size() - 2] : "",
                                .name = parts.empty() ? "" : parts.back()},
                       .owner = RoleName(node["newowner"])};
  }
  if (kind == "CreateTrigStmt") {
    const int64_t events = node.Int("events");
    const int64_t timing = node.Int("timing");
    std::vector<std::string> transition_tables;
    for (const TreeNode& table : node.Items("transitionRels")) {
      transition_tables.emplace_back(table.Unwrapped().second.Text("name"));
    }
    return CreateTrigger{.name = text("trigname"),
                         .relation = ReadRelation(node["relation"]),
                         .function = TreeName(node.Items("funcname")),
                         .row = node.Flag("row"),
                         .constraint = node.Flag("isconstraint"),
                         .replace = node.Flag("replace"),
                         .instead = (timing & kTriggerInstead) != 0,
                         .before = (timing & kTriggerBefore) != 0,
                         .on_insert = (events & kTriggerInsert) != 0,
                         .on_update = (events & kTriggerUpdate) != 0,
                         .on_delete = (events & kTriggerDelete) != 0,
                         .on_truncate = (events & kTriggerTruncate) != 0,
                         .update_columns = TreeStrings(node.Items("columns")),
                         .transition_tables = std::move(transition_tables),
                         .constraint_relation = ReadRelation(node["constrrel"])};
  }
  if (kind == "RuleStmt") {
    CreateRule rule{.name = text("rulename"),
                    .relation = ReadRelation(node["relation"]),
                    .replace = node.Flag("replace"),
                    .instead = node.Flag("instead"),
                    .where = ReadSharedExpr(node["whereClause"])};
    std::string_view event = node.Text("event");
    if (event.starts_with("CMD_")) event.remove_prefix(4);
    rule.event = event;
    for (const TreeNode& action : node.Items("actions")) {
      if (auto query = ReadQuery(action)) rule.actions.push_back(std::move(query));
    }
    return rule;
  }
  if (kind == "CreatePolicyStmt") {
    return CreatePolicy{.name = text("policy_name"),
                        .relation = ReadRelation(node["table"]),
                        .using_expr = ReadSharedExpr(node["qual"]),
                        .check_expr = ReadSharedExpr(node["with_check"])};
  }
  if (kind == "AlterPolicyStmt") {
    return AlterPolicy{.name = text("policy_name"),
                       .relation = ReadRelation(node["table"]),
                       .using_expr = ReadSharedExpr(node["qual"]),
                       .check_expr = ReadSharedExpr(node["with_check"])};
  }
  if (kind == "CreateExtensionStmt") {
    CreateExtension extension{.name = text("extname"), .if_not_exists = node.Flag("if_not_exists")};
    for (const Option& option : ReadOptions(node.Items("options"))) {
      if (option.name == "schema") extension.schema = option.value;
    }
    return extension;
  }
  if (kind == "CommentStmt") {
    return CommentOn{.object = TreeObjectKind(node.Text("objtype")),
                     .name = ObjectParts(node["object"]),
                     .text = text("comment")};
  }
  if (kind == "CreateStatsStmt") {
    CreateStatistics statistics{.name = TreeName(node.Items("defnames")),
                                .kinds = TreeStrings(node.Items("stat_types")),
                                .elements = ReadIndexElements(node.Items("exprs")),
                                .if_not_exists = node.Flag("if_not_exists")};
    const std::vector<RelationRef> relations = ReadRelations(node.Items("relations"));
    if (!relations.empty()) statistics.relation = relations.front();
    return statistics;
  }
  if (kind == "CreatePublicationStmt" || kind == "AlterPublicationStmt") {
    std::vector<RelationRef> relations;
    std::vector<std::string> schemas;
    for (const TreeNode& wrapped : node.Items("pubobjects")) {
      const TreeNode object = wrapped.Unwrapped().second;
      if (object["pubtable"]) relations.push_back(ReadRelation(object["pubtable"]["relation"]));
      if (!object.Text("name").empty()) schemas.emplace_back(object.Text("name"));
    }
    if (kind == "CreatePublicationStmt") {
      return CreatePublication{.name = text("pubname"),
                               .relations = std::move(relations),
                               .schemas = std::move(schemas),
                               .all_tables = node.Flag("for_all_tables")};
    }
    const std::string_view action = node.Text("action");
    return AlterPublication{.name = text("pubname"),
                            .relations = std::move(relations),
                            .options_only = !node.Items("options").empty(),
                            .action = action == "AP_DropObjects"  ? 'd'
                                      : action == "AP_SetObjects" ? 's'
                                                                  : 'a'};
  }
  if (kind == "GrantStmt") {
    Grant grant{.revoke = !node.Flag("is_grant"),
                .object = TreeObjectKind(node.Text("objtype")),
                .all_in_schema = node.Text("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"};
    for (const TreeNode& wrapped : node.Items("privileges")) {
      if (!wrapped.Unwrapped().second.Items("cols").empty()) grant.column_privileges = true;
    }
    for (const TreeNode& wrapped : node.Items("objects")) {
      const auto [object_kind, object] = wrapped.Unwrapped();
      if (object_kind == "RangeVar") grant.names.push_back(ReadRelation(object).name);
    }
    return grant;
  }
  return ReadPrepared(kind, node);
}

StatementNode TreeReader::ReadPrepared(std::string_view kind, TreeNode node) const {
  const auto text = [&](std::string_view key) { return std::string(node.Text(key)); };
  if (kind == "PrepareStmt") {
    return Prepare{.name = text("name"), .query = ReadQuery(node["query"])};
  }
  if (kind == "ExecuteStmt") return Execute{.name = text("name")};
  if (kind == "DeclareCursorStmt") {
    return DeclareCursor{.name = text("portalname"), .query = ReadQuery(node["query"])};
  }
  if (kind == "ReassignOwnedStmt" || kind == "DropOwnedStmt") {
    RoleOwned owned{.reassign = kind == "ReassignOwnedStmt",
                    .cascade = node.Text("behavior") == "DROP_CASCADE"};
    if (owned.reassign) owned.new_owner = RoleName(node["newrole"]);
    for (const TreeNode& role : node.Items("roles")) {
      owned.roles.push_back(RoleName(role.Unwrapped().second));
    }
    return owned;
  }
  if (kind == "AlterObjectDependsStmt") {
    return DependsOnExtension{.object = TreeObjectKind(node.Text("objectType")),
                              .relation = ReadRelation(node["relation"])};
  }
  if (kind == "AlterTableMoveAllStmt") {
    return MoveAllInTablespace{.object = TreeObjectKind(node.Text("objtype")),
                               .from = text("orig_tablespacename"),
                               .to = text("new_tablespacename")};
  }
  if (kind == "CreateForeignServerStmt") {
    return CreateServer{.name = text("servername"), .wrapper = text("fdwname")};
  }
  if (kind == "SecLabelStmt") {
    return SecurityLabel{.object = TreeObjectKind(node.Text("objtype")),
                         .name = ObjectParts(node["object"])};
  }
  OtherStatement other{.node = std::string(kind)};
  for (std::string_view key : {"target", "kind", "subname", "dbname", "extname"}) {
    if (other.target.empty()) other.target = node.Text(key);
  }
  other.subscription = text("subname");
  other.options = ReadOptions(node.Items("options"));
  if (kind == "AlterExtensionContentsStmt") {
    // ALTER EXTENSION … ADD or DROP: what it is about, as options do not stand here.
    QualifiedName name;
    for (const std::string& part : ObjectParts(node["object"])) name = {name.name, part};
    other.options = {{.name = std::string(ObjectKindSql(TreeObjectKind(node.Text("objtype")))),
                      .value = name.ToString()}};
  }
  return other;
}

}  // namespace pgsift
