#ifndef PGSIFT_RULES_RULE_H_
#define PGSIFT_RULES_RULE_H_

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/finding.h"
#include "base/rule_info.h"
#include "parser/catalog.h"
#include "parser/sql_file.h"
#include "rules/effects/effects.h"
#include "rules/effects/transaction_locks.h"
#include "rules/evidence.h"
#include "rules/migration_history.h"

namespace pgsift {

struct CustomRule;
struct Misestimate;
class RuleSet;

// What any rule may ask and say. Each worker has its own; not thread-safe.
class Pass {
 public:
  Pass(const RuleSet& rules, PgVersion pg, std::vector<Finding>* out)
      : rules_(rules), pg_(pg), out_(out) {}

  PgVersion pg() const { return pg_; }  // The release that the server runs.
  // A number of the rule's own, as configured. REQUIRES: the rule's RuleInfo declares it.
  double option(const RuleInfo& rule, std::string_view name) const;

  // Records a finding and returns it for labels, notes, fixes. The reference holds until the next.
  Finding& Report(const RuleInfo& rule, Span at, std::string message);

 private:
  const RuleSet& rules_;
  const PgVersion pg_;
  std::vector<Finding>* const out_;
};

// A pass over the statements of one migration. The catalog is what was known before the statement.
class SqlPass : public Pass {
 public:
  SqlPass(const RuleSet& rules, PgVersion pg, const SqlFile& file, const Catalog& catalog,
          const MigrationHistory& history, std::vector<Finding>* out)
      : Pass(rules, pg, out), file_(file), catalog_(catalog), history_(history) {}

  const SqlFile& file() const { return file_; }
  const Catalog& catalog() const { return catalog_; }
  // What the migrations before the statement did.
  const MigrationHistory& history() const { return history_; }
  // The span of `sql` bytes at `offset` of the file.
  Span At(uint64_t offset, size_t size) const {
    return {.begin = offset, .size = static_cast<uint32_t>(size), .file = file_.file};
  }
  // Created by the same file before the statement, or temporary: no one else can wait for it.
  bool IsNew(const Statement& statement, const QualifiedName& relation) const {
    const Relation* known = catalog_.Find(relation);
    return known != nullptr && catalog_.CreatedTogether(file_, statement, *known);
  }
  // What the statement at hand does to relations; worked out when a rule first asks.
  const Effects& effects() const {
    if (!effects_.has_value()) effects_ = EffectsOf(*statement_, catalog_, pg());
    return *effects_;
  }
  // What the session holds before the statement at hand.
  const TransactionLocks& locks() const { return locks_; }
  // True the first time that a rule asks it for a key in this file: what is one hazard for many
  // statements is said once.
  bool Once(const RuleInfo& rule, uint64_t key = 0) { return said_.emplace(&rule, key).second; }

  // The engine's: before and after the rules have seen a statement.
  void Enter(const Statement& statement) {
    statement_ = &statement;
    effects_.reset();
  }
  void Leave() { locks_.Apply(*statement_, effects()); }

  // The BEGIN that the statement stands under, or an unknown span when the tool opens it.
  const TransactionBlock* TransactionOf(const Statement& statement) const {
    return file_.TransactionOf(statement);
  }

 private:
  const SqlFile& file_;
  const Catalog& catalog_;
  const MigrationHistory& history_;
  std::set<std::pair<const RuleInfo*, uint64_t>> said_;
  const Statement* statement_ = nullptr;
  mutable std::optional<Effects> effects_;
  TransactionLocks locks_;
};

// A pass over what all migrations together have built.
class SchemaPass : public Pass {
 public:
  SchemaPass(const RuleSet& rules, PgVersion pg, const Catalog& catalog,
             const MigrationHistory& history, std::vector<Finding>* out)
      : Pass(rules, pg, out), catalog_(catalog), history_(history) {}

  const Catalog& catalog() const { return catalog_; }
  const MigrationHistory& history() const { return history_; }

 private:
  const Catalog& catalog_;
  const MigrationHistory& history_;
};

// A pass over a migration that says how to undo itself: what was before it, and what is left when
// it was applied and undone.
class RollbackPass : public Pass {
 public:
  RollbackPass(const RuleSet& rules, PgVersion pg, const SqlFile& undo, const Catalog& before,
               const Catalog& applied, const Catalog& undone, std::vector<Finding>* out)
      : Pass(rules, pg, out), undo_(undo), before_(before), applied_(applied), undone_(undone) {}

  const SqlFile& undo() const { return undo_; }
  const Catalog& before() const { return before_; }
  const Catalog& applied() const { return applied_; }
  const Catalog& undone() const { return undone_; }

 private:
  const SqlFile& undo_;
  const Catalog& before_;
  const Catalog& applied_;
  const Catalog& undone_;
};

// A pass over evidence: queries, plans, and everything together.
class EvidencePass : public Pass {
 public:
  EvidencePass(const RuleSet& rules, const Evidence& evidence, std::vector<Finding>* out)
      : Pass(rules, evidence.pg, out), evidence_(evidence) {}

  const Evidence& evidence() const { return evidence_; }
  const Catalog& catalog() const { return *evidence_.catalog; }

  // Where the estimates of a plan are wrong, kept from the rule that worked it out for those after
  // it; null: none has yet. Of the plan asked for last alone.
  using Misestimates = std::shared_ptr<const std::vector<Misestimate>>;
  Misestimates& misestimates(const Plan& plan) {
    if (plan_ != &plan) misestimates_.reset();
    plan_ = &plan;
    return misestimates_;
  }

 private:
  const Evidence& evidence_;
  const Plan* plan_ = nullptr;
  Misestimates misestimates_;
};

using SqlHandler = void (*)(const Statement&, SqlPass&);
using SchemaCheck = void (*)(SchemaPass&);
using RollbackCheck = void (*)(RollbackPass&);
using QueryCheck = void (*)(const ObservedQuery&, EvidencePass&);
using PlanCheck = void (*)(const Plan&, EvidencePass&);
using EvidenceCheck = void (*)(EvidencePass&);

// A rule: what it says of itself and which of the engine's passes it takes part in. Static storage,
// constant-initialized: the list of rules costs nothing at start-up.
struct Rule {
  const RuleInfo* info = nullptr;
  std::span<const SqlHandler> handlers = {};
  SchemaCheck schema = nullptr;
  RollbackCheck rollback = nullptr;
  QueryCheck query = nullptr;
  PlanCheck plan = nullptr;
  EvidenceCheck evidence = nullptr;
  const CustomRule* custom = nullptr;  // A rule of the project's own, from its pgsift.toml.
};

namespace rule_internal {
template <auto Check>
struct HandlerFor;
// The statement kind is read off the check's own first parameter.
template <void (*Check)(const Statement&, SqlPass&)>
struct HandlerFor<Check> {
  static void Run(const Statement& statement, SqlPass& pass) { Check(statement, pass); }
};
template <typename Node, void (*Check)(const Node&, const Statement&, SqlPass&)>
struct HandlerFor<Check> {
  static void Run(const Statement& statement, SqlPass& pass) {
    if (const Node* node = std::get_if<Node>(&statement.node)) Check(*node, statement, pass);
  }
};
template <auto... Checks>
inline constexpr std::array<SqlHandler, sizeof...(Checks)> kHandlers = {
    &HandlerFor<Checks>::Run...};
}  // namespace rule_internal

// Makes a rule over statements of its metadata and its checks:
// void Check(const CreateIndex&, const Statement&, SqlPass&), or for statements of any kind
// void Check(const Statement&, SqlPass&).
template <auto... Checks>
consteval Rule MakeSqlRule(const RuleInfo& info) {
  return Rule{.info = &info, .handlers = rule_internal::kHandlers<Checks...>};
}
// A rule over the schema at the end of all migrations.
consteval Rule MakeSchemaRule(const RuleInfo& info, SchemaCheck check) {
  return Rule{.info = &info, .schema = check};
}
// A rule over a migration and what undoes it.
consteval Rule MakeRollbackRule(const RuleInfo& info, RollbackCheck check) {
  return Rule{.info = &info, .rollback = check};
}
consteval Rule MakeQueryRule(const RuleInfo& info, QueryCheck check) {
  return Rule{.info = &info, .query = check};
}
consteval Rule MakePlanRule(const RuleInfo& info, PlanCheck check) {
  return Rule{.info = &info, .plan = check};
}
consteval Rule MakeEvidenceRule(const RuleInfo& info, EvidenceCheck check) {
  return Rule{.info = &info, .evidence = check};
}
// A rule that the engine itself reports: a syntax error, an unused suppression.
consteval Rule MakeEngineRule(const RuleInfo& info) { return Rule{.info = &info}; }

}  // namespace pgsift

#endif  // PGSIFT_RULES_RULE_H_
