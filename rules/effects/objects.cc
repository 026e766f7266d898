// Statements about everything else: renames, schemas, views, sequences, types, domains, triggers,
// rules, policies, statistics, publications, comments, privileges, routines, sessions; and which of
// all statements a transaction block refuses.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parser/query_walk.h"
#include "parser/routine_body.h"
#include "rules/effects/alter_table_effects.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;
constexpr LockMode kWeak = LockMode::kShareUpdateExclusive;

QualifiedName NameOf(const std::vector<std::string>& parts, size_t drop) {
  QualifiedName name;
  const size_t count = parts.size() > drop ? parts.size() - drop : 0;
  if (count > 0) name.name = parts[count - 1];
  if (count > 1) name.schema = parts[count - 2];
  return name;
}

// COMMENT and SECURITY LABEL.
void AddCommentLike(ObjectKind object, const std::vector<std::string>& name, EffectBuilder* out) {
  switch (object) {
    case ObjectKind::kTable:
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
    case ObjectKind::kForeignTable:
    case ObjectKind::kSequence:
      out->Lock(NameOf(name, 0), kWeak);
      return;
    case ObjectKind::kIndex:
      out->Lock(NameOf(name, 0), kWeak, RelationKind::kIndex);
      return;
    case ObjectKind::kColumn:
      out->Lock(NameOf(name, 1), kWeak);
      return;
    case ObjectKind::kTableConstraint:
    case ObjectKind::kTrigger:
    case ObjectKind::kPolicy:
    case ObjectKind::kRule:
      out->Lock(NameOf(name, 1), LockMode::kAccessShare);
      return;
    default:
      return;
  }
}

bool IsDomainOver(const TypeName& type, const QualifiedName& domain, const Catalog& catalog) {
  TypeName current = type;
  for (int depth = 0; depth < 32; ++depth) {
    const CatalogType* known = catalog.FindType(current.name);
    if (known == nullptr || known->kind != CatalogType::Kind::kDomain) return false;
    if (known->name == domain) return true;
    current = known->base;
  }
  return false;
}

struct ObjectEffects {
  EffectBuilder* out;

  const Catalog& catalog() const { return out->catalog(); }

  template <typename T>
  void operator()(const T&) const {}

  void operator()(const Rename& s) const {
    const Relation* relation = catalog().Find(s.relation.name);
    if (relation == nullptr && s.if_exists && !catalog().empty() && !s.relation.name.empty())
      return;
    switch (s.object) {
      case ObjectKind::kTable:
      case ObjectKind::kView:
      case ObjectKind::kMaterializedView:
      case ObjectKind::kSequence:
      case ObjectKind::kForeignTable:
        out->Lock(s.relation.name, kStrong);
        return;
      case ObjectKind::kIndex:
        // ALTER INDEX on something else than an index is as ALTER TABLE.
        out->Lock(s.relation.name,
                  relation == nullptr || relation->index.has_value() ? kWeak : kStrong,
                  RelationKind::kIndex);
        return;
      case ObjectKind::kColumn:
        out->Lock(s.relation.name, kStrong);
        if (relation != nullptr && !s.relation.only) out->LockDescendants(*relation, kStrong);
        return;
      case ObjectKind::kAttribute:
        out->Lock(s.relation.name, kStrong, RelationKind::kCompositeType);
        if (relation == nullptr) return;
        for (const Relation* table : catalog().Relations()) {
          if (table->of_type != relation->name) continue;
          out->Lock(*table, kStrong);
          out->LockDescendants(*table, kStrong);
        }
        return;
      case ObjectKind::kTableConstraint:
        return RenameConstraint(s, relation);
      case ObjectKind::kTrigger:
        out->Lock(s.relation.name, kStrong);
        if (relation != nullptr && relation->kind == RelationKind::kPartitionedTable &&
            out->release() >= 15) {
          out->LockDescendants(*relation, kStrong);
        }
        return;
      case ObjectKind::kRule:
      case ObjectKind::kPolicy:
        out->Lock(s.relation.name, kStrong);
        return;
      case ObjectKind::kType:
        LockComposite(s.name);
        return;
      default:
        return;
    }
  }

  void RenameConstraint(const Rename& s, const Relation* relation) const {
    out->Lock(s.relation.name, kStrong);
    if (relation == nullptr) return;
    const CatalogConstraint* constraint = relation->FindConstraint(s.sub_name);
    if (constraint == nullptr) return;
    out->Lock(constraint->index, kWeak);
    const bool inherits =
        constraint->kind == ConstraintKind::kCheck || constraint->kind == ConstraintKind::kNotNull;
    if (inherits && !constraint->no_inherit) out->LockDescendants(*relation, kStrong);
  }

  void LockComposite(const QualifiedName& name) const {
    const Relation* type = catalog().Find(name);
    if (type != nullptr && type->kind == RelationKind::kCompositeType) out->Lock(*type, kStrong);
  }

  void operator()(const SetSchema& s) const {
    if (s.relation.name.empty()) return;
    const Relation* relation = catalog().Find(s.relation.name);
    if (relation == nullptr && s.if_exists && !catalog().empty()) return;
    out->Lock(s.relation.name, kStrong);
    if (relation == nullptr) return;
    for (const Relation* sequence : catalog().SequencesOf(relation->id)) {
      out->Lock(*sequence, kStrong);
    }
  }

  void operator()(const ChangeOwner& s) const {
    if (s.object == ObjectKind::kType) LockComposite(s.name);
  }

  void operator()(const CreateView& s) const {
    if (s.replace) {
      const Relation* view = catalog().Find(s.relation.name);
      if (view != nullptr) out->Lock(*view, kStrong);
    }
    if (s.query != nullptr) AddAnalyzedQuery(*s.query, out);
  }

  void LockOwner(const std::vector<std::string>& owned_by) const {
    if (owned_by.size() > 1) out->Lock(NameOf(owned_by, 1), LockMode::kAccessShare);
  }
  void operator()(const CreateSequence& s) const {
    if (s.if_not_exists && catalog().Find(s.relation.name) != nullptr) return;
    LockOwner(s.owned_by);
  }
  void operator()(const AlterSequence& s) const {
    if (s.if_exists && !catalog().empty() && catalog().Find(s.relation.name) == nullptr) return;
    out->Lock(s.relation.name, LockMode::kShareRowExclusive, RelationKind::kSequence);
    LockOwner(s.owned_by);
  }

  void operator()(const AlterDomain& s) const {
    const CatalogType* domain = catalog().FindType(s.name);
    const bool adds = s.action == 'C' && s.constraint.has_value() && !s.constraint->not_valid;
    bool checks = adds || s.action == 'V' || s.action == 'O';
    if (!checks) return;
    if (domain == nullptr) {
      out->Unknown("which tables have columns of domain `" + s.name.ToString() + "`");
      return;
    }
    if (s.action == 'O') {
      for (const ConstraintDef& constraint : domain->constraints) {
        if (constraint.kind == ConstraintKind::kNotNull) return;
      }
    }
    for (const Relation* relation : catalog().Relations()) {
      if (relation->kind != RelationKind::kTable &&
          relation->kind != RelationKind::kMaterializedView) {
        continue;
      }
      for (const CatalogColumn& column : relation->columns) {
        if (column.type.array_dimensions > 0) continue;
        if (!IsDomainOver(column.type, domain->name, catalog())) continue;
        out->Lock(*relation, LockMode::kShare);
        out->Scan(*relation, "values of the domain are checked");
      }
    }
  }

  void operator()(const CreateFunction& s) const {
    for (const auto& query : s.sql_body) AddRewrittenQuery(*query, out);
    if (!EqualsIgnoringCase(s.language, "sql") || s.body.empty()) return;
    if (!catalog().checks_function_bodies()) return;
    // Analyzed and rewritten while check_function_bodies is on, but not planned.
    for (const RoutineStatement& routine : ReadRoutineBody("sql", s.body).statements) {
      std::visit([&](const auto& node) { Analyze(node); }, routine.statement.node);
    }
  }
  template <typename T>
  void Analyze(const T&) const {}
  void Analyze(const CreateTableAs& s) const {
    if (s.query != nullptr) AddAnalyzedQuery(*s.query, out);
  }
  void Analyze(const DeclareCursor& s) const {
    if (s.query != nullptr) AddAnalyzedQuery(*s.query, out);
  }
  void Analyze(const Select& s) const { AddRewrittenQuery(Query{s}, out); }
  void Analyze(const Insert& s) const { AddRewrittenQuery(Query{s}, out); }
  void Analyze(const Update& s) const { AddRewrittenQuery(Query{s}, out); }
  void Analyze(const Delete& s) const { AddRewrittenQuery(Query{s}, out); }
  void Analyze(const Merge& s) const { AddRewrittenQuery(Query{s}, out); }

  void operator()(const DoBlock&) const {
    for (const CalledRoutine& block : RoutinesOf(out->statement(), catalog())) {
      AddRoutineBody(block.name, *block.body, out);
    }
  }
  void operator()(const Call& s) const {
    Statement call;
    call.node = s;
    const std::vector<CalledRoutine> routines = RoutinesOf(call, catalog());
    for (const CalledRoutine& routine : routines) AddRoutineBody(routine.name, *routine.body, out);
    const auto known = catalog().FindFunctions(NameOfCall(s.function));
    for (const CatalogFunction* procedure : known) {
      for (const auto& query : procedure->sql_body) AddQuery(*query, true, out);
    }
    if (known.empty()) {
      out->Unknown("what procedure `" + std::string(s.function.LastName()) + "` does");
    }
  }

  void operator()(const CreateTrigger& s) const {
    const Relation* table = out->Lock(s.relation.name, LockMode::kShareRowExclusive);
    if (!s.constraint_relation.name.empty()) {
      out->Lock(s.constraint_relation.name, LockMode::kAccessShare);
    }
    if (table != nullptr && s.row && table->kind == RelationKind::kPartitionedTable) {
      out->LockDescendants(*table, LockMode::kShareRowExclusive);
    }
  }
  void operator()(const CreateRule& s) const {
    out->Lock(s.relation.name, kStrong);
    for (const auto& action : s.actions) AddAnalyzedQuery(*action, out);
    AddAnalyzedExpr(s.where.get(), out);
  }
  void operator()(const CreatePolicy& s) const {
    out->Lock(s.relation.name, kStrong);
    AddAnalyzedExpr(s.using_expr.get(), out);
    AddAnalyzedExpr(s.check_expr.get(), out);
  }
  void operator()(const AlterPolicy& s) const {
    out->Lock(s.relation.name, kStrong);
    AddAnalyzedExpr(s.using_expr.get(), out);
    AddAnalyzedExpr(s.check_expr.get(), out);
  }
  void operator()(const CreateStatistics& s) const { out->Lock(s.relation.name, kWeak); }

  void LockPublished(const RelationRef& ref) const {
    const Relation* table = out->Lock(ref.name, kWeak);
    if (table != nullptr && !ref.only && table->kind == RelationKind::kTable) {
      out->LockDescendants(*table, kWeak);
    }
  }
  void operator()(const CreatePublication& s) const {
    for (const RelationRef& ref : s.relations) LockPublished(ref);
  }
  void operator()(const AlterPublication& s) const {
    for (const RelationRef& ref : s.relations) LockPublished(ref);
    const CatalogPublication* known = catalog().FindPublication(s.name);
    if (s.action != 's' || known == nullptr || s.options_only) return;
    // SET takes the others out.
    for (RelationId table : known->tables) out->Lock(table, kWeak);
  }

  void operator()(const CommentOn& s) const { AddCommentLike(s.object, s.name, out); }
  void operator()(const SecurityLabel& s) const { AddCommentLike(s.object, s.name, out); }
  void operator()(const Grant& s) const {
    if (out->release() < 18) return;
    for (const QualifiedName& name : s.names) out->Lock(name, LockMode::kAccessShare);
  }

  void operator()(const Copy& s) const {
    if (s.query != nullptr) return AddQuery(*s.query, true, out);
    if (s.from) return AddCopiedRows(s, out);
    out->Lock(s.relation.name, LockMode::kAccessShare);
  }
  void operator()(const Explain& s) const {
    if (s.query != nullptr) return AddQuery(*s.query, s.analyze, out);
    if (s.prepared.empty()) return;
    const Query* query = catalog().FindPrepared(s.prepared);
    if (query == nullptr) return out->Unknown("what prepared statement `" + s.prepared + "` is");
    AddQuery(*query, s.analyze, out);
  }
  void operator()(const Prepare& s) const {
    if (s.query != nullptr) AddRewrittenQuery(*s.query, out);
  }
  void operator()(const SetConstraints& s) const {
    if (!s.deferred) AddDeferredChecks(s.constraints, out);
  }
  void operator()(const Execute& s) const {
    const Query* query = catalog().FindPrepared(s.name);
    if (query == nullptr) return out->Unknown("what prepared statement `" + s.name + "` is");
    AddQuery(*query, true, out);
  }
  void operator()(const DeclareCursor& s) const {
    if (s.query != nullptr) AddQuery(*s.query, false, out);
  }
  void operator()(const DependsOnExtension& s) const {
    if (s.relation.name.empty()) return;
    out->Lock(s.relation.name, s.object == ObjectKind::kTrigger ? LockMode::kAccessShare : kStrong);
  }
  void operator()(const MoveAllInTablespace& s) const {
    if (s.from == s.to) return;
    for (const Relation* relation : catalog().Relations()) {
      if (relation->tablespace != s.from) continue;
      const bool index = relation->index.has_value();
      const bool view = relation->kind == RelationKind::kMaterializedView;
      const bool wanted = s.object == ObjectKind::kIndex              ? index
                          : s.object == ObjectKind::kMaterializedView ? view
                                                                      : !index && !view;
      if (wanted) out->Lock(*relation, kStrong);
    }
  }
  void operator()(const RoleOwned& s) const {
    for (const Relation* relation : catalog().Relations()) {
      const std::string& owner =
          relation->owner.empty() ? catalog().session_user() : relation->owner;
      if (std::find(s.roles.begin(), s.roles.end(), owner) == s.roles.end()) continue;
      if (relation->index.has_value()) continue;
      if (!s.reassign) {
        AddDropOfRelation(*relation, s.cascade, out);
        continue;
      }
      out->Lock(*relation, kStrong);
      out->LockIndexes(*relation, kStrong);
      for (const Relation* sequence : catalog().SequencesOf(relation->id)) {
        out->Lock(*sequence, kStrong);
      }
    }
  }
  void operator()(const CreateSchema& s) const {
    Catalog state = catalog();
    SqlFile file;
    Statement schema;
    schema.node = CreateSchema{.name = s.name};
    for (const auto& element : s.elements) {
      EffectBuilder inner(*element, state, out->pg(), out->depth() + 1);
      AddEffectsOf(*element, &inner);
      Effects effects = inner.Take();
      std::erase_if(effects.locks, [&](const LockEffect& lock) {
        const bool made = lock.id != RelationId::kNone && catalog().Find(lock.id) == nullptr;
        return made || lock.name.schema == s.name;
      });
      // A new schema's tables hold no rows.
      effects.scans.clear();
      effects.builds.clear();
      effects.unknown.clear();
      out->Merge(effects);
      state.Apply(file, *element);
    }
  }
  void operator()(const TransactionCommand& s) const {
    using Kind = TransactionCommand::Kind;
    switch (s.kind) {
      case Kind::kCommit:
      case Kind::kPrepare:
        AddDeferredChecks({}, out);
        return out->EndBlock();
      case Kind::kRollback:
        return out->EndBlock();
      case Kind::kCommitPrepared:
      case Kind::kRollbackPrepared:
        return out->RefuseInBlock();
      default:
        return;
    }
  }
  void operator()(const SetVariable& s) const {
    if (s.system) out->RefuseInBlock();
  }
  void operator()(const OtherStatement& s) const;
};

bool OptionIs(const std::vector<Option>& options, std::string_view name, bool missing) {
  for (const Option& option : options) {
    if (EqualsIgnoringCase(option.name, name)) {
      return !(option.value == "false" || option.value == "off" || option.value == "0");
    }
  }
  return missing;
}

void ObjectEffects::operator()(const OtherStatement& s) const {
  static constexpr auto kRefused = std::to_array<std::string_view>(
      {"CreatedbStmt", "DropdbStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt"});
  if (std::find(kRefused.begin(), kRefused.end(), s.node) != kRefused.end()) out->RefuseInBlock();
  if (s.node == "DiscardStmt" && s.target == "DISCARD_ALL") out->RefuseInBlock();
  if (s.node == "CreateSubscriptionStmt") {
    const bool connect = OptionIs(s.options, "connect", true);
    if (OptionIs(s.options, "create_slot", connect)) out->RefuseInBlock();
  }
  // Without a slot to drop on the publisher it may run in a block.
  if (s.node == "DropSubscriptionStmt" && !out->catalog().SubscriptionWithoutSlot(s.target)) {
    out->RefuseInBlock();
  }
  if (s.node == "AlterSubscriptionStmt" && s.target.find("REFRESH") != std::string::npos) {
    out->RefuseInBlock();
  }
  if (s.node == "AlterExtensionContentsStmt" && !s.options.empty()) {
    static constexpr auto kRelations = std::to_array<std::string_view>(
        {"TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE", "INDEX"});
    const Option& member = s.options.front();
    if (std::find(kRelations.begin(), kRelations.end(), member.name) != kRelations.end()) {
      out->Lock(ParseQualifiedName(member.value), kWeak);
    }
  }
  if (s.node == "AlterDatabaseStmt" && OptionIs(s.options, "tablespace", false)) {
    out->RefuseInBlock();
  }
}

}  // namespace

std::string OneLineOf(const std::string& sql) { return OneLine(sql, 60); }

void AddObjectEffects(const Statement& statement, EffectBuilder* out) {
  std::visit(ObjectEffects{out}, statement.node);
}

}  // namespace pgsift
