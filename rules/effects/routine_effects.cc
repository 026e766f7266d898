// What runs inside a statement: the bodies of functions, triggers and DO blocks.

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "parser/dynamic_sql.h"
#include "rules/effects/effect_builder.h"

namespace pgsift {

namespace {

uint8_t OperationOf(std::string_view name) {
  return name == "INSERT"   ? kOnInsert
         : name == "UPDATE" ? kOnUpdate
         : name == "DELETE" ? kOnDelete
                            : kOnTruncate;
}

// Whether applying a routine's statement would leave the catalog as it is, as most do: the copy
// that it would be applied to is dear.
bool LeavesCatalog(const Statement& statement, const Catalog& catalog) {
  const auto* select = statement.As<Select>();
  if (select != nullptr) {
    const bool sets =
        std::any_of(select->targets.begin(), select->targets.end(), [](const Target& target) {
          return target.expr.kind == ExprKind::kFunction && target.expr.LastName() == "set_config";
        });
    if (select->into.has_value() || sets) return false;
  } else {
    const bool changes_rows = statement.As<Insert>() != nullptr ||
                              statement.As<Update>() != nullptr ||
                              statement.As<Delete>() != nullptr || statement.As<Merge>() != nullptr;
    if (!changes_rows || statement.transaction != kNoTransaction) return false;
  }
  return RoutinesOf(statement, catalog).empty();
}

}  // namespace

void AddTrigger(const Relation& table, const CatalogTrigger& trigger, std::string_view operation,
                EffectBuilder* out) {
  const auto functions = out->catalog().FindFunctions(trigger.function);
  // Trigger functions in C that change nothing but the row: PostgreSQL's own, and contrib's.
  static constexpr std::string_view kOnlyTheRow[] = {"suppress_redundant_updates_trigger",
                                                     "tsvector_update_trigger",
                                                     "tsvector_update_trigger_column",
                                                     "moddatetime",
                                                     "insert_username",
                                                     "tcn",
                                                     "triggered_change_notification",
                                                     "lo_manage"};
  if (functions.empty() && std::find(std::begin(kOnlyTheRow), std::end(kOnlyTheRow),
                                     trigger.function.name) != std::end(kOnlyTheRow)) {
    return;
  }
  if (functions.empty()) {
    out->Unknown("what trigger function `" + trigger.function.ToString() + "` does");
  }
  out->Ignore(trigger.transition_tables);
  const CallArguments known = {{"tg_table_name", table.name.name},
                               {"tg_relname", table.name.name},
                               {"tg_table_schema", table.name.schema},
                               {"tg_op", std::string(operation)},
                               {"tg_name", trigger.name}};
  for (const CatalogFunction* function : functions) {
    const auto body = BodyAsCalled(function->language, function->body, known);
    AddRoutineBody(function->name.ToString(), *body, out, OperationOf(operation));
  }
}

// What a function or DO block does: its static SQL, every branch, against the schema as the
// statements before leave it.
void AddRoutineBody(const std::string& name, const RoutineBody& body, EffectBuilder* out,
                    uint8_t operations) {
  if (!body.known) {
    out->Unknown(absl::StrFormat("what `%s` does: %s", name, body.unknown));
    return;
  }
  if (out->depth() > kEffectDepthMax || !out->RunsFirst(body.id, operations)) return;
  std::optional<Catalog> changed;
  const SqlFile file;
  for (const RoutineStatement& routine : body.statements) {
    if (operations != 0 && (routine.operations & operations) == 0) continue;
    if (routine.kind == RoutineStatement::Kind::kDynamic) {
      out->Unknown(absl::StrFormat("`%s` runs SQL that it puts together itself: EXECUTE %s", name,
                                   OneLineOf(*routine.text)));
      continue;
    }
    if (routine.statement.As<UnparsedStatement>() != nullptr) {
      out->Unknown(absl::StrFormat("`%s` holds SQL that could not be read: %s", name,
                                   OneLineOf(*routine.text)));
      continue;
    }
    const Catalog& state = changed.has_value() ? *changed : out->catalog();
    EffectBuilder inner(routine.statement, state, out->pg(), out->depth() + 1);
    inner.RunInside(*out);
    inner.Ignore({out->ignored().begin(), out->ignored().end()});
    AddEffectsOf(routine.statement, &inner);
    const Effects effects = inner.Take();
    const bool does = !effects.locks.empty();
    if (routine.conditional && does) {
      out->Assume(absl::StrFormat("the branch of `%s` with \"%s\" is taken as run", name,
                                  OneLineOf(*routine.text)));
    }
    // Relations that the body made itself are nobody else's.
    Effects visible = effects;
    std::erase_if(visible.locks, [&](const LockEffect& lock) {
      return lock.id != RelationId::kNone && out->catalog().Find(lock.id) == nullptr;
    });
    out->Merge(visible);
    if (LeavesCatalog(routine.statement, state)) continue;
    if (!changed.has_value()) changed = out->catalog();
    changed->Apply(file, routine.statement);
  }
}

}  // namespace pgsift
