// SELECT, INSERT, UPDATE, DELETE and MERGE of libpg_query's trees.

#include "parser/tree_reader.h"

namespace pgsift {
namespace {

template <typename T>
std::shared_ptr<const Query> Share(T&& node) {
  return std::make_shared<const Query>(Query{std::forward<T>(node)});
}

JoinType ReadJoinType(std::string_view type) {
  if (type == "JOIN_LEFT") return JoinType::kLeft;
  if (type == "JOIN_RIGHT") return JoinType::kRight;
  if (type == "JOIN_FULL") return JoinType::kFull;
  return JoinType::kInner;
}

}  // namespace

RelationRef TreeReader::ReadRelation(TreeNode node) const {
  RelationRef relation;
  if (!node) return relation;
  relation.name.schema = node.Text("schemaname");
  relation.name.name = node.Text("relname");
  relation.only = !node.Flag("inh");
  relation.temporary = node.Text("relpersistence") == "t" || relation.name.schema == "pg_temp";
  relation.unlogged = node.Text("relpersistence") == "u";
  relation.alias = node["alias"].Text("aliasname");
  relation.column_aliases = TreeStrings(node["alias"].Items("colnames"));
  relation.offset = Offset(node);
  return relation;
}

std::vector<RelationRef> TreeReader::ReadRelations(const std::vector<TreeNode>& nodes) const {
  std::vector<RelationRef> relations;
  for (const TreeNode& wrapped : nodes) {
    const auto [kind, node] = wrapped.Unwrapped();
    if (kind == "RangeVar") relations.push_back(ReadRelation(node));
  }
  return relations;
}

FromItem TreeReader::ReadFrom(TreeNode wrapped) const {
  FromItem item;
  const auto [kind, node] = wrapped.Unwrapped();
  item.offset = Offset(node);
  item.lateral = node.Flag("lateral");
  item.relation.alias = node["alias"].Text("aliasname");
  item.relation.column_aliases = TreeStrings(node["alias"].Items("colnames"));
  if (kind == "RangeVar") {
    item.kind = FromKind::kRelation;
    item.relation = ReadRelation(node);
  } else if (kind == "RangeTableSample") {
    return ReadFrom(node["relation"]);
  } else if (kind == "RangeSubselect") {
    item.kind = FromKind::kSubquery;
    item.query = ReadQuery(node["subquery"]);
  } else if (kind == "RangeFunction") {
    item.kind = FromKind::kFunction;
    for (const TreeNode& function : node.Items("functions")) {
      const std::vector<TreeNode> parts = function.Unwrapped().second.Items("items");
      if (!parts.empty()) item.functions.push_back(ReadExpr(parts.front()));
    }
  } else if (kind == "JoinExpr") {
    item.kind = FromKind::kJoin;
    item.join = ReadJoinType(node.Text("jointype"));
    item.natural = node.Flag("isNatural");
    item.sides.push_back(ReadFrom(node["larg"]));
    item.sides.push_back(ReadFrom(node["rarg"]));
    item.on = ReadSharedExpr(node["quals"]);
    item.using_columns = TreeStrings(node.Items("usingClause"));
    if (item.join == JoinType::kInner && item.on == nullptr && item.using_columns.empty() &&
        !item.natural) {
      item.join = JoinType::kCross;
    }
  }
  return item;
}

std::vector<FromItem> TreeReader::ReadFromList(const std::vector<TreeNode>& nodes) const {
  std::vector<FromItem> items;
  for (const TreeNode& node : nodes) items.push_back(ReadFrom(node));
  return items;
}

std::vector<Target> TreeReader::ReadTargets(const std::vector<TreeNode>& nodes) const {
  std::vector<Target> targets;
  targets.reserve(nodes.size());
  for (const TreeNode& wrapped : nodes) {
    const TreeNode node = wrapped.Unwrapped().second;
    Target target;
    if (node["val"]) target.expr = ReadExpr(node["val"]);
    target.alias = node.Text("name");
    target.offset = Offset(node);
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<Target> TreeReader::ReadReturning(TreeNode node) const {
  // A list up to PostgreSQL 17; 18 wraps it for OLD and NEW.
  if (node["returningClause"]) return ReadTargets(node["returningClause"].Items("exprs"));
  return ReadTargets(node.Items("returningList"));
}

WithClause TreeReader::ReadWith(TreeNode node) const {
  WithClause with;
  if (!node) return with;
  with.recursive = node.Flag("recursive");
  for (const TreeNode& wrapped : node.Items("ctes")) {
    const TreeNode cte = wrapped.Unwrapped().second;
    CommonTable table;
    table.name = cte.Text("ctename");
    table.columns = TreeStrings(cte.Items("aliascolnames"));
    table.query = ReadQuery(cte["ctequery"]);
    const std::string_view materialized = cte.Text("ctematerialized");
    table.materialized = materialized == "CTEMaterializeAlways" ? CommonTable::Materialized::kAlways
                         : materialized == "CTEMaterializeNever"
                             ? CommonTable::Materialized::kNever
                             : CommonTable::Materialized::kDefault;
    table.offset = Offset(cte);
    with.tables.push_back(std::move(table));
  }
  return with;
}

Select TreeReader::ReadSelect(TreeNode node) const {
  Select select;
  select.with = ReadWith(node["withClause"]);
  for (const TreeNode& item : node.Items("distinctClause")) {
    select.distinct = true;
    if (!item.Unwrapped().first.empty()) select.distinct_on.push_back(ReadExpr(item));
  }
  select.targets = ReadTargets(node.Items("targetList"));
  if (node["intoClause"]) select.into = ReadRelation(node["intoClause"]["rel"]);
  select.from = ReadFromList(node.Items("fromClause"));
  if (node["whereClause"]) select.where = ReadExpr(node["whereClause"]);
  select.group_by = ReadExprs(node.Items("groupClause"));
  if (node["havingClause"]) select.having = ReadExpr(node["havingClause"]);
  for (const TreeNode& row : node.Items("valuesLists")) {
    select.values.push_back(ReadExprs(row.Unwrapped().second.Items("items")));
  }
  for (const TreeNode& item : node.Items("sortClause")) select.order_by.push_back(ReadSort(item));
  if (node["limitCount"]) select.limit = ReadExpr(node["limitCount"]);
  if (node["limitOffset"]) select.offset = ReadExpr(node["limitOffset"]);
  for (const TreeNode& wrapped : node.Items("lockingClause")) {
    const TreeNode lock = wrapped.Unwrapped().second;
    const std::string_view strength = lock.Text("strength");
    select.locking.push_back({.strength = strength == "LCS_FORUPDATE"        ? "UPDATE"
                                          : strength == "LCS_FORNOKEYUPDATE" ? "NO KEY UPDATE"
                                          : strength == "LCS_FORSHARE"       ? "SHARE"
                                                                             : "KEY SHARE",
                              .relations = ReadRelations(lock.Items("lockedRels")),
                              .nowait = lock.Text("waitPolicy") == "LockWaitError",
                              .skip_locked = lock.Text("waitPolicy") == "LockWaitSkip"});
  }
  const std::string_view operation = node.Text("op");
  if (operation == "SETOP_UNION") select.set_operation = SetOperation::kUnion;
  if (operation == "SETOP_INTERSECT") select.set_operation = SetOperation::kIntersect;
  if (operation == "SETOP_EXCEPT") select.set_operation = SetOperation::kExcept;
  select.set_all = node.Flag("all");
  if (node["larg"]) select.sides.push_back(ReadSelect(node["larg"]));
  if (node["rarg"]) select.sides.push_back(ReadSelect(node["rarg"]));
  return select;
}

Insert TreeReader::ReadInsert(TreeNode node) const {
  Insert insert;
  insert.with = ReadWith(node["withClause"]);
  insert.relation = ReadRelation(node["relation"]);
  for (const Target& target : ReadTargets(node.Items("cols"))) {
    insert.columns.push_back(target.alias);
  }
  insert.overriding_user = node.Text("override") == "OVERRIDING_USER_VALUE";
  const auto [kind, source] = node["selectStmt"].Unwrapped();
  if (kind == "SelectStmt") insert.source = std::make_shared<const Select>(ReadSelect(source));
  if (const TreeNode conflict = node["onConflictClause"]) {
    OnConflict on;
    on.update = conflict.Text("action") == "ONCONFLICT_UPDATE";
    for (const IndexElement& element : ReadIndexElements(conflict["infer"].Items("indexElems"))) {
      Expr target;
      if (element.expr != nullptr) {
        target = *element.expr;
      } else {
        target.kind = ExprKind::kColumn;
        target.name = {element.column};
      }
      on.targets.push_back(std::move(target));
    }
    on.constraint = conflict["infer"].Text("conname");
    on.assignments = ReadTargets(conflict.Items("targetList"));
    if (conflict["whereClause"]) on.where = ReadExpr(conflict["whereClause"]);
    insert.on_conflict = std::move(on);
  }
  insert.returning = ReadReturning(node);
  return insert;
}

Update TreeReader::ReadUpdate(TreeNode node) const {
  Update update;
  update.with = ReadWith(node["withClause"]);
  update.relation = ReadRelation(node["relation"]);
  update.assignments = ReadTargets(node.Items("targetList"));
  update.from = ReadFromList(node.Items("fromClause"));
  if (node["whereClause"]) update.where = ReadExpr(node["whereClause"]);
  update.returning = ReadReturning(node);
  return update;
}

Delete TreeReader::ReadDelete(TreeNode node) const {
  Delete del;
  del.with = ReadWith(node["withClause"]);
  del.relation = ReadRelation(node["relation"]);
  del.using_items = ReadFromList(node.Items("usingClause"));
  if (node["whereClause"]) del.where = ReadExpr(node["whereClause"]);
  del.returning = ReadReturning(node);
  return del;
}

Merge TreeReader::ReadMerge(TreeNode node) const {
  Merge merge;
  merge.with = ReadWith(node["withClause"]);
  merge.relation = ReadRelation(node["relation"]);
  merge.source = ReadFrom(node["sourceRelation"]);
  if (node["joinCondition"]) merge.on = ReadExpr(node["joinCondition"]);
  for (const TreeNode& wrapped : node.Items("mergeWhenClauses")) {
    const TreeNode when = wrapped.Unwrapped().second;
    MergeAction action;
    const std::string_view match = when.Text("matchKind");
    const bool matched = when.Flag("matched") || match == "MERGE_WHEN_MATCHED";
    action.match = matched ? MergeAction::Match::kMatched
                   : match == "MERGE_WHEN_NOT_MATCHED_BY_SOURCE"
                       ? MergeAction::Match::kNotMatchedBySource
                       : MergeAction::Match::kNotMatchedByTarget;
    const std::string_view command = when.Text("commandType");
    action.command = command == "CMD_INSERT"   ? MergeAction::Command::kInsert
                     : command == "CMD_UPDATE" ? MergeAction::Command::kUpdate
                     : command == "CMD_DELETE" ? MergeAction::Command::kDelete
                                               : MergeAction::Command::kNothing;
    if (when["condition"]) action.condition = ReadExpr(when["condition"]);
    action.overriding_user = when.Text("override") == "OVERRIDING_USER_VALUE";
    action.assignments = ReadTargets(when.Items("targetList"));
    action.values = ReadExprs(when.Items("values"));
    merge.actions.push_back(std::move(action));
  }
  merge.returning = ReadReturning(node);
  return merge;
}

std::shared_ptr<const Query> TreeReader::ReadQuery(TreeNode wrapped) const {
  const auto [kind, node] = wrapped.Unwrapped();
  if (kind == "SelectStmt") return Share(ReadSelect(node));
  if (kind == "InsertStmt") return Share(ReadInsert(node));
  if (kind == "UpdateStmt") return Share(ReadUpdate(node));
  if (kind == "DeleteStmt") return Share(ReadDelete(node));
  if (kind == "MergeStmt") return Share(ReadMerge(node));
  return nullptr;
}

}  // namespace pgsift
