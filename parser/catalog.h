#ifndef PGSIFT_PARSER_CATALOG_H_
#define PGSIFT_PARSER_CATALOG_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "parser/sql_file.h"

namespace pgsift {

// A relation of the catalog, for its whole life: it stays through RENAME and SET SCHEMA and is
// never used again after DROP.
enum class RelationId : uint32_t { kNone = 0 };

enum class RelationKind : uint8_t {
  kTable,
  kPartitionedTable,
  kForeignTable,
  kView,
  kMaterializedView,
  kSequence,
  kIndex,
  kPartitionedIndex,
  kCompositeType,
};
// "table", "partitioned table", "view" …
std::string_view RelationKindName(RelationKind kind);

// Where an object came from: which statement of which file, and in which transaction.
struct Origin {
  Span span;
  uint32_t transaction = kNoTransaction;
};

struct CatalogColumn {
  std::string name;
  TypeName type;
  std::string collation;
  bool not_null = false;
  bool not_null_valid = true;  // False: added NOT VALID (PostgreSQL 18) and not validated yet.
  bool generated_stored = false;
  bool generated_virtual = false;
  bool identity = false;
  bool serial = false;
  std::shared_ptr<const Expr> default_expr;  // Also the expression of a generated column.
  Origin origin;
};

struct CatalogConstraint {
  std::string name;
  ConstraintKind kind = ConstraintKind::kCheck;
  std::vector<std::string> columns;
  std::shared_ptr<const Expr> check;
  RelationId referenced = RelationId::kNone;  // Foreign key; kNone where the table is not known.
  QualifiedName referenced_name;              // As it was written.
  std::vector<std::string> referenced_columns;
  char on_delete = 'a';
  char on_update = 'a';
  bool validated = true;
  bool enforced = true;
  bool deferrable = false;
  bool initially_deferred = false;
  bool no_inherit = false;
  bool inherited = false;  // A partition's or child's copy of its parent's constraint.
  RelationId index = RelationId::kNone;  // Primary key, unique, exclusion.
  Origin origin;
};

struct CatalogIndex {
  std::string method = "btree";
  std::vector<IndexElement> elements;
  std::vector<std::string> include;
  std::shared_ptr<const Expr> where;
  bool unique = false;
  bool nulls_not_distinct = false;
  bool primary = false;
  bool valid = true;
  bool constraint = false;  // Backs a primary key, unique or exclusion constraint.
  bool exclusion = false;
  bool replica_identity = false;
  bool clustered = false;  // CLUSTER without an index name uses it.
};

struct CatalogTrigger {
  std::string name;
  QualifiedName function;
  bool enabled = true;
  bool row = false;
  bool before = false;
  bool constraint = false;
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<std::string> update_columns;     // UPDATE OF; empty: any.
  std::vector<std::string> transition_tables;  // REFERENCING … AS.
  bool inherited = false;                      // A partition's copy of its parent's row trigger.
};

struct CatalogPolicy {
  std::string name;
  std::vector<RelationId> reads;  // Tables of the sub-queries in its expressions.
};

struct CatalogRule {
  std::string name;
  std::string event;  // "SELECT", "INSERT", "UPDATE", "DELETE".
  bool instead = false;
  std::vector<std::shared_ptr<const Query>> actions;
};

// A table, view, index, sequence or composite type. Members that do not fit the kind are empty.
struct Relation {
  RelationId id = RelationId::kNone;
  QualifiedName name;  // The schema is always there.
  RelationKind kind = RelationKind::kTable;
  Persistence persistence = Persistence::kPermanent;
  std::vector<CatalogColumn> columns;
  std::vector<CatalogConstraint> constraints;
  std::vector<RelationId> indexes;  // Of a table or materialized view.
  std::vector<RelationId> parents;  // Inheritance, partitioned table, or partitioned index.
  std::vector<RelationId> children;
  std::optional<PartitionKey> partition_key;
  std::optional<PartitionBound> bound;  // It is a partition with these bounds.
  std::optional<CatalogIndex> index;
  RelationId table = RelationId::kNone;  // Of an index; of a sequence that a column owns.
  std::string owning_column;             // Of a sequence.
  std::shared_ptr<const Query> query;    // Of a view.
  std::vector<RelationId> depends_on;    // Of a view: what it reads.
  std::vector<CatalogTrigger> triggers;
  std::vector<CatalogPolicy> policies;
  std::vector<CatalogRule> rules;
  std::vector<QualifiedName> statistics;  // CREATE STATISTICS … ON this table.
  bool row_security = false;
  bool row_security_forced = false;  // Also for the owner.
  std::string owner;                 // Empty: who created it, the session's user.
  std::string server;                // Of a foreign table.
  std::string tablespace;            // Empty: the database's default.
  std::string access_method;         // Empty: the default, heap.
  QualifiedName of_type;             // CREATE TABLE … OF.
  Origin origin;

  const CatalogColumn* FindColumn(std::string_view column) const;
  const CatalogConstraint* FindConstraint(std::string_view constraint) const;
  const CatalogConstraint* PrimaryKey() const;
  bool IsTable() const {
    return kind == RelationKind::kTable || kind == RelationKind::kPartitionedTable ||
           kind == RelationKind::kForeignTable;
  }
};

struct CatalogType {
  QualifiedName name;
  enum class Kind : uint8_t { kEnum, kDomain, kRange, kComposite } kind = Kind::kEnum;
  std::vector<std::string> labels;         // Enum.
  TypeName base;                           // Domain.
  std::vector<ConstraintDef> constraints;  // Domain.
  Origin origin;
};

struct CatalogFunction {
  QualifiedName name;
  std::vector<FunctionParameter> parameters;
  TypeName returns;
  std::string language;
  char volatility = 'v';
  std::string body;
  std::vector<std::shared_ptr<const Query>> sql_body;  // BEGIN ATOMIC, RETURN.
  Origin origin;
};

struct CatalogPublication {
  std::string name;
  std::vector<RelationId> tables;
  bool all_tables = false;
};

// The schema that statements have built so far. A fold: start empty (or from a dump), Apply each
// statement in the order in which they run, and ask in between what was known. What it was not told
// it does not know: a relation that no statement created is absent, and names that statements use
// are taken as they are. Copyable; not thread-safe while it is changed.
class Catalog {
 public:
  Catalog();

  // Changes the catalog as `statement` of `file` does. A statement that fails on a real server
  // (unknown table, duplicate name) changes what can be made sense of. SET search_path counts until
  // EndOfFile. ROLLBACK and ROLLBACK TO undo; static SQL in DO blocks and in functions that the
  // statement calls is applied too, every branch of it.
  void Apply(const SqlFile& file, const Statement& statement);
  // SET LOCAL counts until the transaction's end, which is the statement's where no block is open.
  // What a session leaves: search_path and SET are reset, temporary tables go.
  void EndOfFile();

  // Finds by name; without a schema along the search_path. Null: not known.
  const Relation* Find(const QualifiedName& name) const;
  const Relation* Find(RelationId id) const;
  const CatalogType* FindType(const QualifiedName& name) const;
  // Functions of that name, any parameters.
  std::vector<const CatalogFunction*> FindFunctions(const QualifiedName& name) const;
  std::vector<QualifiedName> FunctionsIn(const std::string& schema) const;
  // All functions, by name.
  std::vector<const CatalogFunction*> Functions() const;
  std::vector<QualifiedName> TypesIn(const std::string& schema) const;
  // SET ROLE or SET SESSION AUTHORIZATION was seen: row security may apply.
  bool role_is_set() const { return !settings_.role.empty(); }
  // That role; empty: the session's user.
  const std::string& role() const { return settings_.role; }
  // The PostgreSQL release (15, …) whose behaviour Apply follows where releases differ.
  void set_release(unsigned release) { release_ = release; }
  // The name with the schema that it resolves to: that of the relation, else the first of the
  // search_path. Never empty for a known or a new relation.
  QualifiedName Resolve(const QualifiedName& name) const;

  // All relations, by schema and name.
  std::vector<const Relation*> Relations() const;
  // All foreign keys that point at `table`, with the tables that have them.
  std::vector<std::pair<const Relation*, const CatalogConstraint*>> ReferencesTo(
      RelationId table) const;
  // The indexes of a table.
  std::vector<const Relation*> IndexesOf(const Relation& table) const;
  // The sequences that columns of a table own; of one column if `column` is not empty.
  std::vector<const Relation*> SequencesOf(RelationId table, std::string_view column = {}) const;
  // The sequence that a DEFAULT draws from by nextval('name'), or null.
  const Relation* SequenceOf(const Expr* default_expr) const;
  // Everything that inherits from a relation, at any depth, parents before children.
  std::vector<const Relation*> DescendantsOf(const Relation& relation) const;
  // What a name in the query of a view means, whatever the search_path is now; null: not known.
  const Relation* FindIn(const Relation& view, const QualifiedName& name) const;
  // Views and materialized views that read a relation directly; with `column`, that name this
  // column or "*" (an approximation: a column of another table with that name counts too).
  std::vector<const Relation*> ViewsOn(RelationId relation, std::string_view column = {}) const;
  // Tables and composite types with a column of this type, also as array.
  std::vector<std::pair<const Relation*, const CatalogColumn*>> ColumnsOfType(
      const QualifiedName& type) const;
  // The partition of `parent` for all that no other takes, or null.
  const Relation* DefaultPartition(const Relation& parent) const;
  const CatalogPublication* FindPublication(std::string_view name) const;
  // The table of a statistics object, or kNone.
  RelationId StatisticsTable(const QualifiedName& name) const;
  // The name that PostgreSQL makes up for an index that gets none: free in the table's schema.
  std::string MadeUpIndexName(const Relation& table, const CatalogIndex& index) const;
  // What PREPARE gave that name in this session; null: not known.
  const Query* FindPrepared(std::string_view name) const;

  // The relation was created in this file, in the transaction that `statement` stands in (or, for a
  // file without transactions, earlier in the same file): no other session can have used it much.
  bool CreatedTogether(const SqlFile& file, const Statement& statement,
                       const Relation& relation) const;

  const std::vector<std::string>& search_path() const { return settings_.search_path; }
  // The role that made what the catalog shows, where a dump says it; else "postgres".
  const std::string& session_user() const { return session_user_; }
  // SET TimeZone to a zone whose offset is 0 at all times was seen in this session.
  bool time_zone_is_utc() const { return settings_.time_zone_is_utc; }
  // SET TimeZone to anything was seen in this session.
  bool time_zone_is_known() const { return settings_.time_zone_is_known; }
  // check_function_bodies, on unless the session sets it off.
  bool checks_function_bodies() const { return settings_.checks_function_bodies; }
  // A foreign key that SET CONSTRAINTS or its definition leaves to the end of the transaction.
  bool IsDeferred(const CatalogConstraint& constraint) const;
  // Rows that the transaction at hand has written.
  struct Written {
    bool inserted = false, updated = false, deleted = false;
    bool all_rows = false;  // By a rewrite or an UPDATE without WHERE.
  };
  const std::map<RelationId, Written>& written() const { return written_; }
  // The statement, applied next, writes these tables anew.
  void NoteRewrite(RelationId table) { written_[table].all_rows = true; }
  // The foreign data wrapper of a server; empty where CREATE SERVER was not seen.
  std::string WrapperOf(const std::string& server) const;
  // ALTER SUBSCRIPTION … SET (slot_name = NONE) was seen.
  bool SubscriptionWithoutSlot(const std::string& name) const;
  const std::vector<std::string>& extensions() const { return extensions_; }
  size_t size() const { return names_.size(); }
  bool empty() const { return names_.empty(); }

  // Takes over all relations of `other` that are not known here, with their indexes and sequences.
  void AddUnknownFrom(const Catalog& other);

 private:
  friend class CatalogEditor;

  std::map<RelationId, std::shared_ptr<const Relation>> relations_;
  std::map<QualifiedName, RelationId> names_;
  std::set<RelationId> referencing_;  // Tables that have, or had, a foreign key.
  std::map<QualifiedName, CatalogType> types_;
  std::multimap<QualifiedName, CatalogFunction> functions_;
  // What SET has set.
  struct Settings {
    std::vector<std::string> search_path = {"public"};
    std::string role;  // Of SET ROLE or SET SESSION AUTHORIZATION; empty: the session's user.
    bool time_zone_is_utc = false;
    bool time_zone_is_known = false;
    bool checks_function_bodies = true;
  };
  Settings settings_;
  // What SET LOCAL has put aside until the transaction ends.
  std::optional<Settings> before_local_;
  std::string session_user_ = "postgres";
  unsigned release_ = 18;
  std::map<std::string, std::string> servers_;  // Their wrappers.
  std::set<std::string> subscriptions_without_slot_;
  std::vector<std::string> extensions_;
  std::map<std::string, CatalogPublication> publications_;
  std::map<std::string, std::shared_ptr<const Query>> prepared_;
  std::map<RelationId, Written> written_;
  // SET CONSTRAINTS in the transaction: "" is ALL; true: deferred.
  std::map<std::string, bool> constraint_modes_;
  // What ROLLBACK goes back to, the innermost last: the transaction's start ("") and savepoints.
  std::vector<std::pair<std::string, std::shared_ptr<const Catalog>>> saved_;
  uint32_t next_id_ = 1;
};

// PostgreSQL's own choice of a name, at most 63 bytes: makeObjectName in
// src/backend/commands/indexcmds.c.
std::string MakeObjectName(std::string_view name1, std::string_view name2, std::string_view label);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_CATALOG_H_
