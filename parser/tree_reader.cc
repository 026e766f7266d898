// Statements of libpg_query's trees: which structure each becomes.

#include "parser/tree_reader.h"

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

std::vector<std::string> ObjectParts(TreeNode wrapped) {
  const auto [kind, node] = wrapped.Unwrapped();
  if (kind == "List") return TreeStrings(node.Items("items"));
  if (kind == "ObjectWithArgs") return TreeStrings(node.Items("objname"));
  if (kind == "TypeName") return TreeStrings(node.Items("names"));
  if (kind == "String") return {std::string(node.Text("sval"))};
  return {};
}

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
                   .concurrently = HasOption(ReadOptions(node.Items("params")), "concurrently")};
  }
  if (kind == "RefreshMatViewStmt") {
    return RefreshMaterializedView{.relation = ReadRelation(node["relation"]),
                                   .concurrently = node.Flag("concurrent"),
                                   .with_no_data = node.Flag("skipData")};
  }
  if (kind == "CopyStmt") {
    return Copy{.relation = ReadRelation(node["relation"]),
                .query = ReadQuery(node["query"]),
                .from = node.Flag("is_from")};
  }
  if (kind == "ExplainStmt") {
    return Explain{.query = ReadQuery(node["query"]),
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
    return CreateSchema{.name = text("schemaname"),
                        .if_not_exists = node.Flag("if_not_exists"),
                        .elements = node.Items("schemaElts").size()};
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
                                .name = parts.empty() ? "" : parts.back()}};
  }
  if (kind == "CreateTrigStmt") {
    return CreateTrigger{.name = text("trigname"),
                         .relation = ReadRelation(node["relation"]),
                         .function = TreeName(node.Items("funcname")),
                         .row = node.Flag("row"),
                         .constraint = node.Flag("isconstraint"),
                         .replace = node.Flag("replace"),
                         .constraint_relation = ReadRelation(node["constrrel"])};
  }
  if (kind == "RuleStmt") {
    return CreateRule{.name = text("rulename"),
                      .relation = ReadRelation(node["relation"]),
                      .replace = node.Flag("replace"),
                      .instead = node.Flag("instead")};
  }
  if (kind == "CreatePolicyStmt") {
    return CreatePolicy{.name = text("policy_name"), .relation = ReadRelation(node["table"])};
  }
  if (kind == "AlterPolicyStmt") {
    return AlterPolicy{.name = text("policy_name"), .relation = ReadRelation(node["table"])};
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
                            .action = action == "AP_DropObjects"  ? 'd'
                                      : action == "AP_SetObjects" ? 's'
                                                                  : 'a'};
  }
  if (kind == "GrantStmt") {
    Grant grant{.revoke = !node.Flag("is_grant"), .object = TreeObjectKind(node.Text("objtype"))};
    for (const TreeNode& wrapped : node.Items("objects")) {
      const auto [object_kind, object] = wrapped.Unwrapped();
      if (object_kind == "RangeVar") grant.names.push_back(ReadRelation(object).name);
    }
    return grant;
  }
  return OtherStatement{.node = std::string(kind)};
}

}  // namespace pgsift
