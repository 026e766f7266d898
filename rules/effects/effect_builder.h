#ifndef PGSIFT_RULES_EFFECTS_EFFECT_BUILDER_H_
#define PGSIFT_RULES_EFFECTS_EFFECT_BUILDER_H_

// Internal to rules/effects/: collects the effects of one statement. Each kind of statement has its
// functions in a file of its own; they are declared here.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/routine_body.h"
#include "rules/effects/effects.h"

namespace pgsift {

// How deep views, cascades and routines are followed into each other.
inline constexpr int kEffectDepthMax = 16;

class EffectBuilder {
 public:
  // `depth`: how many routines the statement runs in.
  EffectBuilder(const Statement& statement, const Catalog& catalog, PgVersion pg, int depth = 0)
      : statement_(statement), catalog_(catalog), pg_(pg), depth_(depth) {}

  const Statement& statement() const { return statement_; }

  const Catalog& catalog() const { return catalog_; }
  unsigned release() const { return pg_.release; }
  PgVersion pg() const { return pg_; }
  int depth() const { return depth_; }

  void Lock(const Relation& relation, LockMode mode, bool released = false);
  void Lock(RelationId id, LockMode mode, bool released = false);
  // The relation of that name; null where the catalog has none: then the name is locked, as `kind`.
  const Relation* Lock(const QualifiedName& name, LockMode mode,
                       RelationKind kind = RelationKind::kTable, bool released = false);
  void LockDescendants(const Relation& relation, LockMode mode);
  // Only the children themselves, not theirs.
  void LockChildren(const Relation& relation, LockMode mode);
  void LockIndexes(const Relation& table, LockMode mode, bool released = false);

  void Rewrite(const Relation& table, std::string_view why);
  void Scan(const Relation& table, std::string_view why);
  void ScanName(const QualifiedName& name, std::string_view why);
  void Build(const Relation& index, std::string_view why);
  void BuildNew(const QualifiedName& name, std::string_view why);
  // The table's files are written anew and its indexes built anew, all locked.
  // The table's indexes but for those in `without`, if that is not null.
  void RewriteWithIndexes(const Relation& table, std::string_view why,
                          const std::set<RelationId>* without = nullptr);
  // Names that are no relations: transition tables of a trigger.
  void Ignore(const std::vector<std::string>& names) {
    ignored_.insert(names.begin(), names.end());
  }
  const std::set<std::string>& ignored() const { return ignored_; }

  // The indexes that the statement makes on relations that are there already, from the catalog as
  // it is after the statement; they live as long as the builder.
  std::vector<const Relation*> NewIndexes();
  void BuildNewIndexes(std::string_view why);
  // The name that an index has after the statement.
  QualifiedName NameAfter(const Relation& index);
  // The statement makes the index a part of a partitioned one.
  bool GetsParent(RelationId index);

  // False from the second time on: what a routine's body does in a statement is known after the
  // first, whatever calls it. Routines may call themselves, or each other.
  bool RunsFirst(uint64_t body, uint8_t operations) {
    return routines_->emplace(body, operations).second;
  }
  // A routine's statement, which runs inside that of `outer`.
  void RunInside(const EffectBuilder& outer) { routines_ = outer.routines_; }

  // True from the second time on: a relation is dropped once, whatever leads to it.
  bool Dropping(RelationId id) { return !dropped_.insert(id).second; }

  void Assume(std::string what);
  void Unknown(std::string what);
  void RefuseInBlock() { effects_.block_use = BlockUse::kRefused; }
  void EndBlock() { effects_.block_use = BlockUse::kEndsItself; }
  void WaitForTransactions() { effects_.waits_for_transactions = true; }
  // Everything of `other` happens too.
  void Merge(const Effects& other);

  const Effects& effects() const { return effects_; }
  Effects Take() { return std::move(effects_); }

 private:
  void Add(LockEffect lock);

  const Statement& statement_;
  const Catalog& catalog_;
  const PgVersion pg_;
  const int depth_;
  std::optional<Catalog> after_;
  std::set<RelationId> dropped_;
  std::set<std::string> ignored_;
  // Bodies that ran, and for which operations of a trigger; shared by all inside one statement.
  std::shared_ptr<std::set<std::pair<uint64_t, uint8_t>>> routines_ =
      std::make_shared<std::set<std::pair<uint64_t, uint8_t>>>();
  Effects effects_;
};

// alter_table.cc
void AddEffects(const AlterTable& alter, EffectBuilder* out);
// create_table.cc
void AddEffects(const CreateTable& create, EffectBuilder* out);
void AddEffects(const CreateTableAs& create, EffectBuilder* out);
// create_index.cc
void AddEffects(const CreateIndex& create, EffectBuilder* out);
void AddEffects(const Reindex& reindex, EffectBuilder* out);
// drop.cc
void AddEffects(const Drop& drop, EffectBuilder* out);
void AddDropOfRelation(const Relation& relation, bool cascade, EffectBuilder* out);
void AddDropOfConstraint(const Relation& table, const CatalogConstraint& constraint, bool cascade,
                         EffectBuilder* out);
// maintenance.cc
void AddEffects(const Truncate& truncate, EffectBuilder* out);
void AddEffects(const LockTable& lock, EffectBuilder* out);
void AddEffects(const Vacuum& vacuum, EffectBuilder* out);
void AddEffects(const Cluster& cluster, EffectBuilder* out);
void AddEffects(const RefreshMaterializedView& refresh, EffectBuilder* out);
// query_effects.cc, routine_effects.cc
void AddQuery(const Query& query, bool executed, EffectBuilder* out);
// An expression that is computed for rows: what it draws from and calls.
void AddComputedExpr(const Expr& expr, EffectBuilder* out);
// Analyzed and rewritten, but not planned, as PREPARE does: views are taken apart.
void AddRewrittenQuery(const Query& query, EffectBuilder* out);
// COPY … FROM.
void AddCopiedRows(const Copy& copy, EffectBuilder* out);
// Foreign keys that the transaction has left to its end, or those of them that are named.
void AddDeferredChecks(const std::vector<RelationRef>& constraints, EffectBuilder* out);
// Parse analysis only, as CREATE VIEW and CREATE RULE do: what is named is locked.
void AddAnalyzedQuery(const Query& query, EffectBuilder* out);
void AddAnalyzedExpr(const Expr* expr, EffectBuilder* out);
// What the function of a trigger of `table` does for an operation ("INSERT").
void AddTrigger(const Relation& table, const CatalogTrigger& trigger, std::string_view operation,
                EffectBuilder* out);
// `operations`: of a trigger function, those that it runs for (TriggerOperation).
void AddRoutineBody(const std::string& name, const RoutineBody& body, EffectBuilder* out,
                    uint8_t operations = 0);
// effects.cc: any statement.
void AddEffectsOf(const Statement& statement, EffectBuilder* out);
// objects.cc: everything else.
std::string OneLineOf(const std::string& sql);
void AddObjectEffects(const Statement& statement, EffectBuilder* out);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_EFFECT_BUILDER_H_
