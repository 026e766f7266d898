#ifndef PGSIFT_RULES_EFFECTS_QUERY_EFFECTS_H_
#define PGSIFT_RULES_EFFECTS_QUERY_EFFECTS_H_

// Internal to rules/effects/: one query followed through parse analysis, rewriting, planning
// (query_effects.cc) and, where it writes, execution (write_effects.cc). builtin_calls.cc:
// functions that come with PostgreSQL.

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "parser/query_walk.h"
#include "rules/effects/effect_builder.h"

namespace pgsift {

LockMode ModeOf(RelationUse use);
inline bool Writes(RelationUse use) { return use > RelationUse::kLocked; }

// Follows one query with all that it sets off.
class QueryEffects {
 public:
  QueryEffects(EffectBuilder* out, bool executed, bool planned = true)
      : out_(*out), executed_(executed), planned_(planned) {}

  void Add(const Query& query, int depth);
  // COPY table FROM.
  void AddCopied(const Copy& copy);
  // What the transaction has left unchecked: all of it, or the constraints that are named.
  void AddDeferred(const std::vector<RelationRef>& named);
  // The expression is computed: sequences that it draws from, functions that it calls.
  void AddCalls(const Expr& expr);

 private:
  void Use(const Relation& relation, const RelationRef& ref, RelationUse use, int depth,
           const Expr* where);

  // A rule ON … DO INSTEAD without a condition takes the statement's place.
  static bool IsReplaced(const Relation& relation, RelationUse use);

  // What a rule does instead joins the rows that the statement would have changed.
  static bool RulesReadRows(const Relation& relation, RelationUse use);

  // Children that the planner opens: of a partitioned table those that constants allow.
  std::vector<const Relation*> Touched(const Relation& relation, const std::string& label,
                                       const Expr* where);
  void AddPartitions(const Relation& parent, const std::string& label, const Expr* where,
                     std::vector<const Relation*>* touched);

  // Tables that row security looks at, for a role that it applies to.
  void UsePolicies(const Relation& relation, int depth);

  // The columns that the statement gives values to, if it writes the relation.
  std::vector<std::string> WrittenColumns(const Relation& relation) const;
  static bool HasInsteadTrigger(const Relation& view, RelationUse use);

  // A view is replaced by its query. Written, what it is made of is written, unless a trigger or a
  // rule does the work.
  void UseView(const Relation& view, RelationUse use, const std::vector<std::string>& columns,
               int depth, const std::string& label = {}, const Expr* outer = nullptr);
  void AddSequences(const Query& query);
  void AddArbiters(const Query& query);
  void AddTargetRules(const Query& query, int depth);

  // pg_get_serial_sequence('table', 'column') for nextval() and its like.
  bool LockSequenceOfColumn(const Expr& call);

  // Queries in WITH that write.
  void AddWritesOfWith(const Query& query, int depth);

  // Children have triggers and keys of their own.
  void AddChecksOfTree(const Relation& table, RelationUse use, const Query* query, int depth);
  void AddWrites(const Query& query, int depth);
  // What the columns draw from that are not in `given`.
  void AddDefaults(const Relation& table, const std::vector<std::string>& given);
  void AddDefault(const Relation& table, const CatalogColumn& column);

  // A row that is written to a partition by its own name is held against the bounds of all above
  // it. A session that has done so lately need not read them again; this says what a new one does.
  void LockAncestors(const Relation& table);
  // Where new rows go, and what their defaults draw from.
  void AddInsert(const Insert& insert, const Relation& table);
  // Of the columns that an INSERT gives, those whose value is not drawn all the same.
  static std::vector<std::string> Valued(const Insert& insert, const Relation& table,
                                         std::vector<std::string> given);

  // DO UPDATE, where a row is there already.
  void AddConflict(const Insert& insert, const Relation& table, int depth);

  // Where a changed row goes that its new key takes out of its partition.
  void AddMove(const Update& update, const Relation& table);
  void AddRouting(const Insert& insert, const Relation& table,
                  const std::vector<std::string>& given);
  bool Route(const Relation& parent, const std::vector<std::string>& given,
             const std::vector<Expr>& row, std::vector<const Relation*>* leaves);

  // Foreign keys and triggers that rows set off.
  void AddChecksOf(const Relation& table, RelationUse use, const Query* query, int depth);
  void AddChanges(const Relation& table, RelationUse use, const std::vector<std::string>& columns,
                  int depth);
  void AddChangesOfTree(const Relation& table, RelationUse use,
                        const std::vector<std::string>& columns, int depth);

  // Functions that a new version of a row is checked and computed with.
  void AddRowChecks(const Relation& table, RelationUse use);

  // Whether the key is checked now: at the statement's end, or with those that were left.
  bool IsCheckedNow(const CatalogConstraint& key) const;
  void AddKeyChecks(const Relation& table, RelationUse use,
                    const std::vector<std::string>& columns);

  // With MATCH SIMPLE one null is enough for a key not to be looked up.
  bool NullOnly(const CatalogConstraint& key, const Relation& table) const;

  void LookUpRows(const CatalogConstraint& key, const Relation& parent, const Relation& table);
  Expr KeyCondition(const CatalogConstraint& key, const Relation& table) const;
  // The partitions in which a key is looked up.
  void LookUp(const CatalogConstraint& key, const Relation& parent, const Relation& table);
  void AddTriggers(const Relation& table, RelationUse use, const std::vector<std::string>& columns,
                   int depth);
  void AddRules(const Relation& table, RelationUse use, int depth);
  void AddFunctions(const Query& query, int depth);
  // builtin_calls.cc: a function of PostgreSQL's own that locks relations by itself.
  void AddBuiltinCall(const Expr& call, int depth);
  // The function is called so.
  void RunFunction(const CatalogFunction& function, const Expr& call);
  // nextval('s'), currval('s') and setval('s', …).
  void AddSequenceCall(const Expr& call);
  const Catalog& catalog() const { return out_.catalog(); }

  EffectBuilder& out_;
  const bool executed_;
  const bool planned_;  // Else analyzed and rewritten only.
  const Query* query_ = nullptr;
  std::set<RelationId> checked_;
  std::set<std::tuple<QualifiedName, RelationUse, RelationId>> triggered_;
  bool checks_deferred_ = false;
  std::set<std::string> wanted_;  // Of the deferred ones; empty: all.
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_QUERY_EFFECTS_H_
