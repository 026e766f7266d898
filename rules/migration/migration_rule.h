#ifndef PGSIFT_RULES_MIGRATION_MIGRATION_RULE_H_
#define PGSIFT_RULES_MIGRATION_MIGRATION_RULE_H_

// What rules over migrations ask again and again.

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace pgsift {

// A table in which a migration tool notes what it has run: a few rows, that no application reads.
bool IsToolsTable(std::string_view name);

// Others may use the relation: it was neither created by this migration nor is it temporary. An
// index counts as its table. Relations that the catalog does not have are in use.
bool InUse(const Relation* relation, const Statement& statement, const SqlPass& pass);
bool InUse(const QualifiedName& name, const Statement& statement, const SqlPass& pass);
bool InUse(const LockEffect& lock, const Statement& statement, const SqlPass& pass);
bool InUse(const WorkEffect& work, const Statement& statement, const SqlPass& pass);

bool HoldsRows(RelationKind kind);

// The statement's locks on tables and materialized views in use, of at least that mode, in the
// order taken; a partition is left out where its parent is there. Locks that the statement gives
// back itself are left out too.
std::vector<const LockEffect*> LocksInUse(const Statement& statement, const SqlPass& pass,
                                          LockMode mode_min);
// The same for what the transaction holds before the statement.
std::vector<const HeldLock*> HeldInUse(const Statement& statement, const SqlPass& pass,
                                       LockMode mode_min);

// The first of the statement's rewrites, index builds and scans on a relation in use; null: none.
// `word`, if not null, gets what is done to it: "rewrites", "builds an index on", "reads all of".
const WorkEffect* WorkInUse(const Statement& statement, const SqlPass& pass, const char** word);
// The table that work is done on: of an index its table.
std::string TableOf(const WorkEffect& work, const SqlPass& pass);
// Why the statement's `works` name the relation; empty: they do not.
std::string_view ReasonIn(const std::vector<WorkEffect>& works, const QualifiedName& name);

// "writes" for modes that leave readers alone, else "reads and writes".
std::string_view WaitingFor(LockMode mode);

// Column names as SQL has them, with commas.
std::string ColumnList(const std::vector<std::string>& columns);
std::string ColumnList(const std::vector<IndexElement>& elements);

// Each column that the statement gives a type: CREATE TABLE, ADD COLUMN, ALTER COLUMN TYPE.
struct NewColumn {
  const ColumnDef* column = nullptr;
  const RelationRef* table = nullptr;
  bool created = false;  // Its table is created by the statement.
  bool altered = false;  // The column is there already and gets another type.
};
void VisitNewColumns(const Statement& statement, const SqlPass& pass,
                     const std::function<void(const NewColumn&)>& visit);

// The words of SQL text in upper case, without quoted text, comments and punctuation.
std::vector<std::string> SqlWords(std::string_view sql);
// The words stand in the text one behind the other.
bool HasWords(std::string_view sql, std::initializer_list<std::string_view> words);

// The WHERE picks rows by a key of the table: `key = constant` or `key IN (constants)`.
bool PicksByKey(const Expr* where, const Relation* table);
// A constant that is true, or a comparison of equal constants.
bool AlwaysTrue(const Expr& where);

// What comes after the statement in its file.
std::span<const Statement> Later(const Statement& statement, const SqlPass& pass);

}  // namespace pgsift

#endif  // PGSIFT_RULES_MIGRATION_MIGRATION_RULE_H_
