// Expressions, data types and sort items of libpg_query's trees.

#include "parser/filled_sql.h"
#include "parser/tree_reader.h"

namespace pgsift {

TreeNode TreeNode::operator[](std::string_view key) const {
  if (!there_) return {};
  simdjson::dom::element found;
  if (element_[key].get(found) != simdjson::SUCCESS) return {};
  return TreeNode(found);
}

std::string_view TreeNode::Text(std::string_view key) const {
  std::string_view text;
  const TreeNode node = (*this)[key];
  if (!node || node.element_.get(text) != simdjson::SUCCESS) return {};
  return text;
}

int64_t TreeNode::Int(std::string_view key, int64_t missing) const {
  int64_t value = 0;
  const TreeNode node = (*this)[key];
  if (!node || node.element_.get(value) != simdjson::SUCCESS) return missing;
  return value;
}

bool TreeNode::Flag(std::string_view key) const {
  bool value = false;
  const TreeNode node = (*this)[key];
  return node && node.element_.get(value) == simdjson::SUCCESS && value;
}

std::vector<TreeNode> TreeNode::Items(std::string_view key) const { return (*this)[key].Items(); }

std::vector<TreeNode> TreeNode::Items() const {
  std::vector<TreeNode> items;
  simdjson::dom::array array;
  if (!there_ || element_.get(array) != simdjson::SUCCESS) return items;
  for (simdjson::dom::element item : array) items.emplace_back(item);
  return items;
}

std::pair<std::string_view, TreeNode> TreeNode::Unwrapped() const {
  simdjson::dom::object object;
  if (!there_ || element_.get(object) != simdjson::SUCCESS) return {};
  for (const simdjson::dom::key_value_pair field : object)
    return {field.key, TreeNode(field.value)};
  return {};
}

std::vector<std::string> TreeStrings(const std::vector<TreeNode>& nodes) {
  std::vector<std::string> strings;
  for (const TreeNode& node : nodes) {
    const auto [kind, inner] = node.Unwrapped();
    strings.emplace_back(kind == "String" ? inner.Text("sval") : kind == "A_Star" ? "*" : "");
  }
  return strings;
}

QualifiedName TreeName(const std::vector<TreeNode>& nodes) {
  const std::vector<std::string> parts = TreeStrings(nodes);
  QualifiedName name;
  if (!parts.empty()) name.name = parts.back();
  if (parts.size() >= 2) name.schema = parts[parts.size() - 2];
  return name;
}

std::string TreeValueText(TreeNode wrapped) {
  const auto [kind, node] = wrapped.Unwrapped();
  if (kind == "String") return std::string(node.Text("sval"));
  if (kind == "Integer") return std::to_string(node.Int("ival"));
  if (kind == "Float") return std::string(node.Text("fval"));
  if (kind == "Boolean") return node.Flag("boolval") ? "true" : "false";
  if (kind == "A_Const") {
    if (node["sval"]) return std::string(node["sval"].Text("sval"));
    if (node["ival"]) return std::to_string(node["ival"].Int("ival"));
    if (node["fval"]) return std::string(node["fval"].Text("fval"));
    if (node["boolval"]) return node["boolval"].Flag("boolval") ? "true" : "false";
    return {};
  }
  if (kind == "TypeName") return TreeName(node.Items("names")).ToString();
  if (kind == "TypeCast") return TreeValueText(node["arg"]);
  if (kind == "List") {
    std::string text;
    for (const TreeNode& item : node.Items("items")) {
      if (!text.empty()) text += '.';
      text += TreeValueText(item);
    }
    return text;
  }
  return {};
}

uint64_t TreeReader::Offset(TreeNode node) const {
  const int64_t location = node.Int("location");
  const uint64_t offset = static_cast<uint64_t>(location < 0 ? 0 : location);
  return filled_ != nullptr ? filled_->InFile(offset) : base_ + offset;
}

TypeName TreeReader::ReadType(TreeNode node) const {
  TypeName type;
  type.name = TreeName(node.Items("names"));
  if (type.name.schema == "pg_catalog") type.name.schema.clear();
  for (const TreeNode& modifier : node.Items("typmods")) {
    const auto [kind, constant] = modifier.Unwrapped();
    if (kind == "A_Const") type.modifiers.push_back(constant["ival"].Int("ival"));
  }
  type.array_dimensions = static_cast<uint32_t>(node.Items("arrayBounds").size());
  type.set_of = node.Flag("setof");
  type.offset = Offset(node);
  return type;
}

std::shared_ptr<const Expr> TreeReader::ReadSharedExpr(TreeNode wrapped) const {
  if (!wrapped) return nullptr;
  return std::make_shared<const Expr>(ReadExpr(wrapped));
}

std::vector<Expr> TreeReader::ReadExprs(const std::vector<TreeNode>& nodes) const {
  std::vector<Expr> exprs;
  exprs.reserve(nodes.size());
  for (const TreeNode& node : nodes) exprs.push_back(ReadExpr(node));
  return exprs;
}

SortItem TreeReader::ReadSort(TreeNode wrapped) const {
  SortItem item;
  const TreeNode node = wrapped.Unwrapped().second;
  item.expr = ReadExpr(node["node"]);
  const std::string_view direction = node.Text("sortby_dir");
  if (direction == "SORTBY_ASC") item.direction = SortDirection::kAscending;
  if (direction == "SORTBY_DESC") item.direction = SortDirection::kDescending;
  if (direction == "SORTBY_USING") item.direction = SortDirection::kUsing;
  const std::string_view nulls = node.Text("sortby_nulls");
  if (nulls == "SORTBY_NULLS_FIRST") item.nulls = NullsOrder::kFirst;
  if (nulls == "SORTBY_NULLS_LAST") item.nulls = NullsOrder::kLast;
  return item;
}

Expr TreeReader::ReadExpr(TreeNode wrapped) const {
  Expr expr;
  const auto [kind, node] = wrapped.Unwrapped();
  expr.offset = Offset(node);
  if (kind == "A_Expr") {
    ReadOperator(node, &expr);
  } else if (kind == "FuncCall") {
    ReadFunction(node, &expr);
  } else if (kind == "BoolExpr") {
    const std::string_view op = node.Text("boolop");
    expr.kind = op == "AND_EXPR"  ? ExprKind::kAnd
                : op == "OR_EXPR" ? ExprKind::kOr
                                  : ExprKind::kNot;
    expr.args = ReadExprs(node.Items("args"));
  } else if (kind == "NullTest") {
    expr.kind = ExprKind::kNullTest;
    expr.negated = node.Text("nulltesttype") == "IS_NOT_NULL";
    expr.args.push_back(ReadExpr(node["arg"]));
  } else if (kind == "TypeCast") {
    expr.kind = ExprKind::kCast;
    expr.args.push_back(ReadExpr(node["arg"]));
    expr.type = std::make_shared<const TypeName>(ReadType(node["typeName"]));
  } else if (kind == "SubLink") {
    ReadSublink(node, &expr);
  } else if (kind == "CaseExpr") {
    ReadCase(node, &expr);
  } else {
    ReadLeaf(kind, node, &expr);
  }
  return expr;
}

void TreeReader::ReadOperator(TreeNode node, Expr* expr) const {
  expr->kind = ExprKind::kOperator;
  expr->name = TreeStrings(node.Items("name"));
  const std::string symbol(expr->LastName());
  const std::string_view kind = node.Text("kind");
  if (kind == "AEXPR_OP_ANY") expr->op = OperatorKind::kAny;
  if (kind == "AEXPR_OP_ALL") expr->op = OperatorKind::kAll;
  if (kind == "AEXPR_NULLIF") expr->op = OperatorKind::kNullif;
  if (kind == "AEXPR_IN") {
    expr->op = OperatorKind::kIn;
    expr->negated = symbol == "<>";
  } else if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE" || kind == "AEXPR_SIMILAR") {
    expr->op = kind == "AEXPR_LIKE"    ? OperatorKind::kLike
               : kind == "AEXPR_ILIKE" ? OperatorKind::kIlike
                                       : OperatorKind::kSimilar;
    expr->negated = symbol.starts_with("!");
  } else if (kind == "AEXPR_DISTINCT" || kind == "AEXPR_NOT_DISTINCT") {
    expr->op = OperatorKind::kDistinct;
    expr->negated = kind == "AEXPR_NOT_DISTINCT";
  } else if (kind.starts_with("AEXPR_") && kind.find("BETWEEN") != kind.npos) {
    expr->op = OperatorKind::kBetween;
    expr->negated = kind.starts_with("AEXPR_NOT");
  }
  if (node["lexpr"]) expr->args.push_back(ReadExpr(node["lexpr"]));
  if (!node["rexpr"]) return;
  if (expr->op == OperatorKind::kBetween) {
    const TreeNode list = node["rexpr"].Unwrapped().second;
    for (const TreeNode& bound : list.Items("items")) expr->args.push_back(ReadExpr(bound));
    return;
  }
  expr->args.push_back(ReadExpr(node["rexpr"]));
  // x LIKE y ESCAPE z comes as x LIKE like_escape(y, z); the pattern is what matters.
  Expr& right = expr->args.back();
  const bool pattern = expr->op == OperatorKind::kLike || expr->op == OperatorKind::kIlike;
  if (pattern && right.kind == ExprKind::kFunction && right.LastName() == "like_escape" &&
      !right.args.empty()) {
    Expr inner = std::move(right.args[0]);
    right = std::move(inner);
  }
}

void TreeReader::ReadFunction(TreeNode node, Expr* expr) const {
  expr->kind = ExprKind::kFunction;
  expr->name = TreeStrings(node.Items("funcname"));
  expr->args = ReadExprs(node.Items("args"));
  expr->star = node.Flag("agg_star");
  expr->distinct = node.Flag("agg_distinct");
  expr->windowed = static_cast<bool>(node["over"]);
  expr->filter = ReadSharedExpr(node["agg_filter"]);
}

void TreeReader::ReadCase(TreeNode node, Expr* expr) const {
  expr->kind = ExprKind::kCase;
  if (node["arg"]) {
    expr->has_operand = true;
    expr->args.push_back(ReadExpr(node["arg"]));
  }
  for (const TreeNode& wrapped : node.Items("args")) {
    const TreeNode when = wrapped.Unwrapped().second;
    expr->args.push_back(ReadExpr(when["expr"]));
    expr->args.push_back(ReadExpr(when["result"]));
  }
  if (node["defresult"]) expr->args.push_back(ReadExpr(node["defresult"]));
}

void TreeReader::ReadSublink(TreeNode node, Expr* expr) const {
  expr->kind = ExprKind::kSubquery;
  const std::string_view type = node.Text("subLinkType");
  expr->sublink = type == "EXISTS_SUBLINK"  ? SublinkKind::kExists
                  : type == "ANY_SUBLINK"   ? SublinkKind::kAny
                  : type == "ALL_SUBLINK"   ? SublinkKind::kAll
                  : type == "ARRAY_SUBLINK" ? SublinkKind::kArray
                                            : SublinkKind::kScalar;
  if (node["testexpr"]) expr->args.push_back(ReadExpr(node["testexpr"]));
  expr->name = TreeStrings(node.Items("operName"));
  expr->query = ReadQuery(node["subselect"]);
}

void TreeReader::ReadLeaf(std::string_view kind, TreeNode node, Expr* expr) const {
  if (kind == "ColumnRef") {
    expr->kind = ExprKind::kColumn;
    expr->name = TreeStrings(node.Items("fields"));
  } else if (kind == "A_Const") {
    expr->kind = ExprKind::kConstant;
    expr->constant = node["sval"]      ? ConstantKind::kString
                     : node["ival"]    ? ConstantKind::kInteger
                     : node["fval"]    ? ConstantKind::kFloat
                     : node["boolval"] ? ConstantKind::kBoolean
                     : node["bsval"]   ? ConstantKind::kBitString
                                       : ConstantKind::kNull;
    if (node["sval"]) expr->value = node["sval"].Text("sval");
    if (node["ival"]) expr->value = std::to_string(node["ival"].Int("ival"));
    if (node["fval"]) expr->value = node["fval"].Text("fval");
    if (node["bsval"]) expr->value = node["bsval"].Text("bsval");
    if (node["boolval"]) expr->value = node["boolval"].Flag("boolval") ? "true" : "false";
  } else if (kind == "ParamRef") {
    expr->kind = ExprKind::kParam;
    expr->value = std::to_string(node.Int("number"));
  } else if (kind == "A_ArrayExpr") {
    expr->kind = ExprKind::kArray;
    expr->args = ReadExprs(node.Items("elements"));
  } else if (kind == "RowExpr") {
    expr->kind = ExprKind::kRow;
    expr->args = ReadExprs(node.Items("args"));
  } else if (kind == "List") {
    expr->kind = ExprKind::kList;
    expr->args = ReadExprs(node.Items("items"));
    if (!expr->args.empty()) expr->offset = expr->args.front().offset;
  } else if (kind == "CollateClause") {
    expr->kind = ExprKind::kCollate;
    expr->args.push_back(ReadExpr(node["arg"]));
    expr->name = TreeStrings(node.Items("collname"));
  } else if (kind == "SetToDefault") {
    expr->kind = ExprKind::kDefault;
  } else if (kind == "String") {
    expr->kind = ExprKind::kConstant;
    expr->constant = ConstantKind::kString;
    expr->value = node.Text("sval");
  } else {
    ReadOtherExpr(kind, node, expr);
  }
}

void TreeReader::ReadOtherExpr(std::string_view kind, TreeNode node, Expr* expr) const {
  if (kind == "CoalesceExpr") {
    expr->kind = ExprKind::kCoalesce;
    expr->args = ReadExprs(node.Items("args"));
  } else if (kind == "MinMaxExpr") {
    expr->kind = ExprKind::kMinMax;
    expr->value = node.Text("op") == "IS_LEAST" ? "LEAST" : "GREATEST";
    expr->args = ReadExprs(node.Items("args"));
  } else if (kind == "BooleanTest") {
    expr->kind = ExprKind::kBooleanTest;
    expr->value = node.Text("booltesttype");
    expr->args.push_back(ReadExpr(node["arg"]));
  } else if (kind == "A_Indirection") {
    expr->kind = ExprKind::kIndirection;
    expr->args.push_back(ReadExpr(node["arg"]));
    for (const TreeNode& part : node.Items("indirection")) {
      const auto [part_kind, inner] = part.Unwrapped();
      if (part_kind == "String") expr->name.emplace_back(inner.Text("sval"));
      if (part_kind != "A_Indices") continue;
      if (inner["lidx"]) expr->args.push_back(ReadExpr(inner["lidx"]));
      if (inner["uidx"]) expr->args.push_back(ReadExpr(inner["uidx"]));
    }
  } else if (kind == "SQLValueFunction") {
    expr->kind = ExprKind::kValueFunction;
    std::string_view op = node.Text("op");
    if (op.starts_with("SVFOP_")) op.remove_prefix(6);
    expr->value = op;
  } else if (kind == "MultiAssignRef") {
    // SET (a, b) = (1, 2) gives each column its own; = (SELECT …) gives all to the first.
    const auto [source_kind, source] = node["source"].Unwrapped();
    const auto at = static_cast<size_t>(node.Int("colno"));
    const std::vector<TreeNode> row = source.Items("args");
    expr->kind = ExprKind::kOther;
    expr->value = kind;
    if (source_kind == "RowExpr" && at > 0 && at <= row.size()) {
      *expr = ReadExpr(row[at - 1]);
    } else if (source_kind != "RowExpr" && at == 1) {
      *expr = ReadExpr(node["source"]);
    }
  } else if (kind == "GroupingSet" || kind == "GroupingFunc") {
    expr->kind = ExprKind::kGrouping;
    expr->value = kind;
    expr->args = ReadExprs(node.Items(kind == "GroupingSet" ? "content" : "args"));
  } else {
    expr->kind = ExprKind::kOther;
    expr->value = kind;
    // XML and JSON constructors: what they compute from still counts as being read.
    for (const char* list : {"args", "named_args", "exprs"}) {
      for (const TreeNode& item : node.Items(list)) expr->args.push_back(ReadExpr(item));
    }
    for (const char* member : {"arg", "expr", "context_item", "raw_expr", "val"}) {
      if (node[member]) expr->args.push_back(ReadExpr(node[member]));
    }
  }
}

}  // namespace pgsift
