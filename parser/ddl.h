#ifndef PGSIFT_PARSER_DDL_H_
#define PGSIFT_PARSER_DDL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/query.h"

namespace pgsift {

struct Statement;

// What a DROP, RENAME, COMMENT … is about, in the grammar's words.
// clang-format off
#define PGSIFT_OBJECT_KINDS(X) \
  X(AccessMethod, ACCESS_METHOD) X(Aggregate, AGGREGATE) X(Attribute, ATTRIBUTE) X(Cast, CAST) \
  X(Column, COLUMN) X(Collation, COLLATION) X(Conversion, CONVERSION) X(Database, DATABASE) \
  X(Domain, DOMAIN) X(DomainConstraint, DOMCONSTRAINT) X(EventTrigger, EVENT_TRIGGER) \
  X(Extension, EXTENSION) X(ForeignDataWrapper, FDW) \
  X(ForeignServer, FOREIGN_SERVER) X(ForeignTable, FOREIGN_TABLE) \
  X(Function, FUNCTION) X(Index, INDEX) X(Language, LANGUAGE) X(MaterializedView, MATVIEW) \
  X(OperatorClass, OPCLASS) X(Operator, OPERATOR) X(OperatorFamily, OPFAMILY) X(Policy, POLICY) \
  X(Procedure, PROCEDURE) X(Publication, PUBLICATION) X(Role, ROLE) X(Routine, ROUTINE) \
  X(Rule, RULE) X(Schema, SCHEMA) X(Sequence, SEQUENCE) X(Subscription, SUBSCRIPTION) \
  X(Statistics, STATISTIC_EXT) \
  X(TableConstraint, TABCONSTRAINT) X(Table, TABLE) X(Tablespace, TABLESPACE) \
  X(Trigger, TRIGGER) X(TextConfiguration, TSCONFIGURATION) X(TextDictionary, TSDICTIONARY) \
  X(TextParser, TSPARSER) X(TextTemplate, TSTEMPLATE) X(Type, TYPE) X(View, VIEW) \
  X(Other, OTHER)
// clang-format on

enum class ObjectKind : uint8_t {
#define PGSIFT_KIND(name, word) k##name,
  PGSIFT_OBJECT_KINDS(PGSIFT_KIND)
#undef PGSIFT_KIND
};

enum class Persistence : uint8_t { kPermanent, kUnlogged, kTemporary };

// A storage parameter or another `name = value` of a statement; flags have the value "true".
struct Option {
  std::string name;
  std::string value;
};

// An indexed column or expression with what decides whether a query can use it.
struct IndexElement {
  std::string column;                // Empty: an expression.
  std::shared_ptr<const Expr> expr;  // Null: a column.
  std::string collation;             // Empty: the column's own.
  std::string opclass;               // Empty: the method's default for the type.
  SortDirection direction = SortDirection::kDefault;
  NullsOrder nulls = NullsOrder::kDefault;
  uint64_t offset = 0;
};

enum class ConstraintKind : uint8_t {
  kNull,
  kNotNull,
  kDefault,
  kIdentity,
  kGenerated,
  kCheck,
  kPrimaryKey,
  kUnique,
  kExclusion,
  kForeignKey,
  kAttribute,  // DEFERRABLE and its like, written after another constraint.
};

struct ConstraintDef {
  ConstraintKind kind = ConstraintKind::kCheck;
  std::string name;
  std::vector<std::string> columns;  // Keys, or the referencing columns of a foreign key.
  std::vector<std::string> include;
  std::shared_ptr<const Expr> expr;             // DEFAULT, CHECK, GENERATED … AS (expr).
  RelationRef referenced;                       // Foreign key: the other table …
  std::vector<std::string> referenced_columns;  // … and its columns; empty: its primary key.
  char on_delete = 'a';                         // As pg_constraint.confdeltype: a, r, c, n, d.
  char on_update = 'a';
  char match = 's';     // s, f, p.
  bool period = false;  // FOREIGN KEY (…, PERIOD …).
  bool deferrable = false;
  bool initially_deferred = false;
  bool not_valid = false;
  bool not_enforced = false;
  bool no_inherit = false;
  bool nulls_not_distinct = false;
  bool always = false;                 // GENERATED ALWAYS AS IDENTITY, not BY DEFAULT.
  bool virtual_ = false;               // GENERATED … VIRTUAL, not STORED.
  std::string using_index;             // ADD CONSTRAINT … USING INDEX.
  std::string method;                  // Exclusion: the index method.
  std::vector<IndexElement> elements;  // Exclusion.
  std::vector<std::string> operators;  // Exclusion, one per element.
  std::shared_ptr<const Expr> where;
  uint64_t offset = 0;
};

struct ColumnDef {
  std::string name;
  TypeName type;
  std::string collation;
  std::vector<ConstraintDef> constraints;
  uint64_t offset = 0;

  const ConstraintDef* Find(ConstraintKind kind) const {
    for (const ConstraintDef& constraint : constraints) {
      if (constraint.kind == kind) return &constraint;
    }
    return nullptr;
  }
};

struct PartitionKey {
  char strategy = 'r';  // As pg_partitioned_table.partstrat: r, l, h.
  std::vector<IndexElement> elements;
};

struct PartitionBound {
  bool is_default = false;
  char strategy = 'r';
  std::vector<Expr> list;
  std::vector<Expr> lower;  // Of a range; MINVALUE and MAXVALUE are columns of that name.
  std::vector<Expr> upper;
  int64_t modulus = 0;
  int64_t remainder = 0;
};

struct LikeClause {
  RelationRef relation;
  uint32_t options = 0;  // Bits of PostgreSQL's TableLikeOption, 0x7fffffff for INCLUDING ALL.
};

struct CreateTable {
  RelationRef relation;
  std::vector<ColumnDef> columns;
  std::vector<ConstraintDef> constraints;
  std::vector<LikeClause> likes;
  std::vector<RelationRef> inherits;  // With `bound`: the partitioned table.
  std::optional<TypeName> of_type;
  std::optional<PartitionKey> partition_by;
  std::optional<PartitionBound> bound;
  std::vector<Option> options;
  std::string server;         // Of a foreign table.
  std::string tablespace;     // Empty: the default.
  std::string access_method;  // Empty: the default, heap.
  bool if_not_exists = false;
  bool foreign = false;
};

struct CreateTableAs {
  RelationRef relation;
  std::vector<std::string> columns;
  std::shared_ptr<const Query> query;  // Null: EXECUTE of a prepared statement.
  std::string prepared;                // Its name.
  bool materialized_view = false;
  bool with_no_data = false;
  bool if_not_exists = false;
  bool select_into = false;
};

// The subcommands of ALTER TABLE, in the grammar's words.
// clang-format off
#define PGSIFT_ALTER_ACTIONS(X) \
  X(AddColumn) X(ColumnDefault) X(DropNotNull) X(SetNotNull) X(SetExpression) X(DropExpression) \
  X(SetStatistics) X(SetOptions) X(ResetOptions) X(SetStorage) X(SetCompression) X(DropColumn) \
  X(AddConstraint) X(AlterConstraint) X(ValidateConstraint) X(DropConstraint) X(AlterColumnType) \
  X(AlterColumnGenericOptions) X(ChangeOwner) X(ClusterOn) X(DropCluster) X(SetLogged) \
  X(SetUnLogged) X(DropOids) X(SetAccessMethod) X(SetTableSpace) X(SetRelOptions) \
  X(ResetRelOptions) X(EnableTrig) X(EnableAlwaysTrig) X(EnableReplicaTrig) X(DisableTrig) \
  X(EnableTrigAll) X(DisableTrigAll) X(EnableTrigUser) X(DisableTrigUser) X(EnableRule) \
  X(EnableAlwaysRule) X(EnableReplicaRule) X(DisableRule) X(AddInherit) X(DropInherit) X(AddOf) \
  X(DropOf) X(ReplicaIdentity) X(EnableRowSecurity) X(DisableRowSecurity) X(ForceRowSecurity) \
  X(NoForceRowSecurity) X(GenericOptions) X(AttachPartition) X(DetachPartition) \
  X(DetachPartitionFinalize) X(AddIdentity) X(SetIdentity) X(DropIdentity) X(Other)
// clang-format on

enum class AlterAction : uint8_t {
#define PGSIFT_ACTION(name) k##name,
  PGSIFT_ALTER_ACTIONS(PGSIFT_ACTION)
#undef PGSIFT_ACTION
};

struct AlterSubcommand {
  AlterAction action = AlterAction::kOther;
  std::string name;                         // The column, constraint, trigger or index.
  std::optional<ColumnDef> column;          // kAddColumn; kAlterColumnType: the new type.
  std::optional<ConstraintDef> constraint;  // kAddConstraint, kAddIdentity, kAlterConstraint.
  std::shared_ptr<const Expr> expr;         // kColumnDefault (null: DROP DEFAULT), USING of a type.
  RelationRef relation;                     // kAttachPartition, kDetachPartition, kAddInherit …
  std::optional<PartitionBound> bound;      // kAttachPartition.
  std::vector<Option> options;
  bool missing_ok = false;  // IF EXISTS, IF NOT EXISTS.
  bool cascade = false;
  bool concurrently = false;  // kDetachPartition.
  // kAlterConstraint: which of its properties the command names (PostgreSQL 18; before it there is
  // only deferrability). `constraint` has the new values.
  bool alters_enforceability = false;
  bool alters_inheritability = false;
  char replica_identity = 'd';
  uint64_t offset = 0;  // In the file; 0 where the grammar gives none.
};

struct AlterTable {
  RelationRef relation;
  ObjectKind object = ObjectKind::kTable;
  std::vector<AlterSubcommand> subcommands;
  bool if_exists = false;
};

struct CreateIndex {
  std::string name;  // Empty: PostgreSQL makes one up.
  RelationRef relation;
  std::string method = "btree";
  std::vector<IndexElement> elements;
  std::vector<IndexElement> include;
  std::shared_ptr<const Expr> where;
  std::vector<Option> options;
  std::string tablespace;  // Empty: the default.
  bool unique = false;
  bool nulls_not_distinct = false;
  bool concurrently = false;
  bool if_not_exists = false;
};

struct Drop {
  ObjectKind object = ObjectKind::kOther;
  // Relations, types, functions …; for what belongs to a table (trigger, rule, policy), `on` has
  // it.
  std::vector<QualifiedName> names;
  std::vector<QualifiedName> on;
  bool if_exists = false;
  bool cascade = false;
  bool concurrently = false;
};

struct Rename {
  ObjectKind object = ObjectKind::kOther;
  ObjectKind relation_object = ObjectKind::kOther;  // Of what a column belongs to.
  RelationRef relation;  // The relation renamed, or that holds what is renamed.
  QualifiedName name;    // What is renamed when it is no relation: a schema, a type, …
  std::string sub_name;  // The old name of a column, constraint, attribute, trigger …
  std::string new_name;
  bool if_exists = false;
};

struct SetSchema {
  ObjectKind object = ObjectKind::kOther;
  RelationRef relation;
  QualifiedName name;
  std::string new_schema;
  bool if_exists = false;
};

struct ChangeOwner {
  ObjectKind object = ObjectKind::kOther;
  QualifiedName name;
  std::string owner;
};

struct CreateSchema {
  std::string name;
  bool if_not_exists = false;
  std::vector<std::shared_ptr<const Statement>> elements;  // What is created inside the statement.
};

struct CreateSequence {
  RelationRef relation;
  std::vector<Option> options;
  std::vector<std::string> owned_by;  // [schema,] table, column.
  bool if_not_exists = false;
};

struct AlterSequence {
  RelationRef relation;
  std::vector<Option> options;
  std::vector<std::string> owned_by;
  bool if_exists = false;
};

struct CreateEnum {
  QualifiedName name;
  std::vector<std::string> labels;
};

struct AlterEnum {
  QualifiedName name;
  std::string old_label;  // Not empty: RENAME VALUE.
  std::string new_label;
  std::string neighbour;
  bool after = false;
  bool if_not_exists = false;
};

struct CreateDomain {
  QualifiedName name;
  TypeName type;
  std::vector<ConstraintDef> constraints;
};

struct AlterDomain {
  QualifiedName name;
  char action =
      'T';  // As the grammar: T default, N drop / O set NOT NULL, C add / X drop, V validate.
  std::string constraint_name;
  std::optional<ConstraintDef> constraint;
  std::shared_ptr<const Expr> default_expr;  // SET DEFAULT; null: DROP DEFAULT, or another action.
  bool cascade = false;
};

struct CreateCompositeType {
  RelationRef relation;
  std::vector<ColumnDef> columns;
};

struct CreateRangeType {
  QualifiedName name;
  std::vector<Option> options;
};

struct CreateView {
  RelationRef relation;
  std::vector<std::string> columns;
  std::shared_ptr<const Query> query;
  bool replace = false;
};

struct RefreshMaterializedView {
  RelationRef relation;
  bool concurrently = false;
  bool with_no_data = false;
};

struct FunctionParameter {
  std::string name;
  TypeName type;
  char mode = 'i';                           // i, o, b, v, t.
  std::shared_ptr<const Expr> default_expr;  // Null: none.
};

struct CreateFunction {
  QualifiedName name;
  std::vector<FunctionParameter> parameters;
  TypeName returns;
  std::string language;
  char volatility = 'v';  // As pg_proc.provolatile: i, s, v.
  std::string body;       // The text of AS '…'; empty for a SQL-standard body.
  std::vector<std::shared_ptr<const Query>> sql_body;
  bool procedure = false;
  bool replace = false;
};

struct DoBlock {
  std::string language = "plpgsql";
  std::string body;
};

struct CreateTrigger {
  std::string name;
  RelationRef relation;
  QualifiedName function;
  bool row = false;
  bool constraint = false;
  bool replace = false;
  bool instead = false;  // INSTEAD OF, on a view.
  bool before = false;   // BEFORE; else AFTER, unless `instead`.
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<std::string> update_columns;     // UPDATE OF.
  std::vector<std::string> transition_tables;  // REFERENCING OLD TABLE AS …
  RelationRef constraint_relation;
};

struct CreateRule {
  std::string name;
  RelationRef relation;
  bool replace = false;
  bool instead = false;
  std::string event;  // "SELECT", "INSERT", "UPDATE", "DELETE".
  std::vector<std::shared_ptr<const Query>> actions;
  std::shared_ptr<const Expr> where;
};

struct CreatePolicy {
  std::string name;
  RelationRef relation;
  std::shared_ptr<const Expr> using_expr;
  std::shared_ptr<const Expr> check_expr;
};

struct AlterPolicy {
  std::string name;
  RelationRef relation;
  std::shared_ptr<const Expr> using_expr;
  std::shared_ptr<const Expr> check_expr;
};

struct CreateExtension {
  std::string name;
  std::string schema;
  bool if_not_exists = false;
};

struct CreateStatistics {
  QualifiedName name;
  std::vector<std::string> kinds;
  std::vector<IndexElement> elements;
  RelationRef relation;
  bool if_not_exists = false;
};

struct CreatePublication {
  std::string name;
  std::vector<RelationRef> relations;
  std::vector<std::string> schemas;
  bool all_tables = false;
};

struct AlterPublication {
  std::string name;
  std::vector<RelationRef> relations;
  bool options_only = false;  // SET (publish = …).
  char action = 'a';          // a add, d drop, s set.
};

struct CommentOn {
  ObjectKind object = ObjectKind::kOther;
  std::vector<std::string> name;
  std::string text;
};

struct Grant {
  bool revoke = false;
  ObjectKind object = ObjectKind::kOther;
  std::vector<QualifiedName> names;  // Tables and sequences; empty for ALL … IN SCHEMA and others.
  bool all_in_schema = false;
  bool column_privileges = false;
};

struct Truncate {
  std::vector<RelationRef> relations;
  bool cascade = false;
  bool restart_identity = false;
};

struct LockTable {
  std::vector<RelationRef> relations;
  int mode = 8;  // PostgreSQL's lock mode number: 1 ACCESS SHARE … 8 ACCESS EXCLUSIVE.
  bool nowait = false;
};

// VACUUM and ANALYZE.
struct Vacuum {
  bool is_vacuum = true;  // Else ANALYZE.
  bool full = false;
  bool analyze = false;
  std::vector<RelationRef> relations;
  std::vector<Option> options;
};

struct Cluster {
  RelationRef relation;
  std::string index;
};

struct Reindex {
  std::string kind;  // "INDEX", "TABLE", "SCHEMA", "SYSTEM", "DATABASE".
  RelationRef relation;
  std::string name;
  std::string tablespace;  // Of the option TABLESPACE.
  bool concurrently = false;
};

struct Copy {
  RelationRef relation;
  std::vector<std::string> columns;  // Empty: all.
  std::shared_ptr<const Query> query;
  bool from = false;
};

struct Explain {
  std::shared_ptr<const Query> query;  // Null: of a utility statement, such as EXECUTE.
  std::string prepared;                // EXECUTE: the statement's name.
  bool analyze = false;
};

struct SetVariable {
  std::string name;  // Empty: RESET ALL.
  std::vector<std::string> values;
  bool local = false;
  bool reset = false;   // RESET, or SET … TO DEFAULT.
  bool system = false;  // ALTER SYSTEM.
};

struct TransactionCommand {
  enum class Kind : uint8_t {
    kBegin,
    kCommit,
    kRollback,
    kSavepoint,
    kRelease,
    kRollbackTo,
    kPrepare,
    kCommitPrepared,
    kRollbackPrepared,
  } kind = Kind::kBegin;
  std::string savepoint;
  bool chain = false;
};

struct SetConstraints {
  std::vector<RelationRef> constraints;
  bool deferred = false;
};

struct Call {
  Expr function;
};

struct Prepare {
  std::string name;
  std::shared_ptr<const Query> query;
};

struct Execute {
  std::string name;
};

struct DeclareCursor {
  std::string name;
  std::shared_ptr<const Query> query;
};

// REASSIGN OWNED and DROP OWNED.
struct RoleOwned {
  std::vector<std::string> roles;
  std::string new_owner;  // REASSIGN.
  bool reassign = false;
  bool cascade = false;
};

struct CreateServer {
  std::string name;
  std::string wrapper;
};

// ALTER … DEPENDS ON EXTENSION.
struct DependsOnExtension {
  ObjectKind object = ObjectKind::kOther;
  RelationRef relation;
};

// ALTER TABLE | INDEX | MATERIALIZED VIEW ALL IN TABLESPACE.
struct MoveAllInTablespace {
  ObjectKind object = ObjectKind::kTable;
  std::string from;
  std::string to;
};

struct SecurityLabel {
  ObjectKind object = ObjectKind::kOther;
  std::vector<std::string> name;
};

// "TABLE", "MATERIALIZED VIEW": as SQL writes the kind.
std::string_view ObjectKindSql(ObjectKind kind);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_DDL_H_
