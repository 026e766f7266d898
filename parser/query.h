#ifndef PGSIFT_PARSER_QUERY_H_
#define PGSIFT_PARSER_QUERY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "parser/expression.h"

namespace pgsift {

// A relation as a statement names it.
struct RelationRef {
  QualifiedName name;
  std::string alias;
  std::vector<std::string> column_aliases;
  bool only = false;       // ONLY t: without its children.
  bool temporary = false;  // CREATE TEMP …
  bool unlogged = false;
  uint64_t offset = 0;

  // What columns are qualified with: the alias, else the name.
  const std::string& Label() const { return alias.empty() ? name.name : alias; }
};

enum class SortDirection : uint8_t { kDefault, kAscending, kDescending, kUsing };
enum class NullsOrder : uint8_t { kDefault, kFirst, kLast };

struct SortItem {
  Expr expr;
  SortDirection direction = SortDirection::kDefault;
  NullsOrder nulls = NullsOrder::kDefault;
};

enum class JoinType : uint8_t { kInner, kLeft, kRight, kFull, kCross };
enum class FromKind : uint8_t { kRelation, kSubquery, kFunction, kJoin, kOther };

// One item of FROM. Joins hold their two sides in `sides`.
struct FromItem {
  FromKind kind = FromKind::kOther;
  RelationRef relation;                // kRelation; for the others only alias and columns.
  std::shared_ptr<const Query> query;  // kSubquery.
  std::vector<Expr> functions;         // kFunction.
  JoinType join = JoinType::kInner;
  std::vector<FromItem> sides;
  std::shared_ptr<const Expr> on;
  std::vector<std::string> using_columns;
  bool natural = false;
  bool lateral = false;
  uint64_t offset = 0;
};

struct Target {
  Expr expr;
  std::string alias;  // The output name, or the assigned column of INSERT and UPDATE.
  uint64_t offset = 0;
};

struct CommonTable {
  std::string name;
  std::vector<std::string> columns;
  std::shared_ptr<const Query> query;
  enum class Materialized : uint8_t { kDefault, kAlways, kNever } materialized;
  uint64_t offset = 0;
};

struct WithClause {
  bool recursive = false;
  std::vector<CommonTable> tables;
};

struct LockingClause {
  std::string strength;  // "UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE".
  std::vector<RelationRef> relations;
  bool nowait = false;
  bool skip_locked = false;
};

enum class SetOperation : uint8_t { kNone, kUnion, kIntersect, kExcept };

struct Select {
  WithClause with;
  bool distinct = false;
  std::vector<Expr> distinct_on;
  std::vector<Target> targets;
  std::optional<RelationRef> into;
  std::vector<FromItem> from;
  std::optional<Expr> where;
  std::vector<Expr> group_by;
  std::optional<Expr> having;
  std::vector<std::vector<Expr>> values;  // VALUES lists.
  std::vector<SortItem> order_by;
  std::optional<Expr> limit;
  std::optional<Expr> offset;
  std::vector<LockingClause> locking;
  SetOperation set_operation = SetOperation::kNone;
  bool set_all = false;
  std::vector<Select> sides;  // The two sides of a set operation.
};

struct OnConflict {
  bool update = false;  // DO UPDATE, else DO NOTHING.
  std::vector<Expr> targets;
  std::string constraint;
  std::vector<Target> assignments;
  std::optional<Expr> where;
};

struct Insert {
  WithClause with;
  RelationRef relation;
  std::vector<std::string> columns;
  std::shared_ptr<const Select> source;  // Null: DEFAULT VALUES.
  // OVERRIDING USER VALUE: identity columns draw from their sequences whatever is given.
  bool overriding_user = false;
  std::optional<OnConflict> on_conflict;
  std::vector<Target> returning;
};

struct Update {
  WithClause with;
  RelationRef relation;
  std::vector<Target> assignments;
  std::vector<FromItem> from;
  std::optional<Expr> where;
  std::vector<Target> returning;
};

struct Delete {
  WithClause with;
  RelationRef relation;
  std::vector<FromItem> using_items;
  std::optional<Expr> where;
  std::vector<Target> returning;
};

struct MergeAction {
  enum class Match : uint8_t { kMatched, kNotMatchedBySource, kNotMatchedByTarget } match;
  enum class Command : uint8_t { kInsert, kUpdate, kDelete, kNothing } command;
  std::optional<Expr> condition;
  std::vector<Target> assignments;  // Of UPDATE and INSERT.
  std::vector<Expr> values;
  bool overriding_user = false;  // As Insert::overriding_user.
};

struct Merge {
  WithClause with;
  RelationRef relation;
  FromItem source;
  std::optional<Expr> on;
  std::vector<MergeAction> actions;
  std::vector<Target> returning;
};

// A statement that reads or changes rows.
struct Query {
  std::variant<Select, Insert, Update, Delete, Merge> node;
};

}  // namespace pgsift

#endif  // PGSIFT_PARSER_QUERY_H_
