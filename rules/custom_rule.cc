#include "rules/custom_rule.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "rules/effects/effects.h"
#include "rules/statement_facts.h"

namespace pgsift {
namespace {

bool Matches(const std::unique_ptr<re2::RE2>& pattern, std::string_view text) {
  return pattern == nullptr ||
         re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

bool Holds(const std::optional<bool>& wanted, bool fact) {
  return !wanted.has_value() || *wanted == fact;
}

bool RelationHolds(const CustomRule& rule, const QualifiedName& relation) {
  return Matches(rule.relation, relation.ToString()) && Matches(rule.schema, relation.schema);
}

bool ColumnHolds(const CustomRule& rule, const StatementFacts::Column& column) {
  if (rule.column_type != nullptr && column.type.empty()) return false;
  return Matches(rule.column, column.name) && Matches(rule.column_type, column.type) &&
         Holds(rule.nullable, column.nullable);
}

// Whether `works` has a relation that the rule is about.
bool AnyOf(const CustomRule& rule, const std::vector<WorkEffect>& works) {
  return std::any_of(works.begin(), works.end(),
                     [&](const WorkEffect& work) { return RelationHolds(rule, work.name); });
}

bool EffectsHold(const CustomRule& rule, const Statement& statement, const SqlPass& pass) {
  if (rule.mode.empty() && !rule.rewrites.has_value() && !rule.scans.has_value()) return true;
  const Effects effects = EffectsOf(statement, pass.catalog(), pass.pg());
  const bool locked =
      rule.mode.empty() ||
      std::any_of(effects.locks.begin(), effects.locks.end(), [&](const LockEffect& lock) {
        return RelationHolds(rule, lock.name) &&
               std::find(rule.mode.begin(), rule.mode.end(), LockModeName(lock.mode)) !=
                   rule.mode.end();
      });
  return locked && Holds(rule.rewrites, AnyOf(rule, effects.rewrites)) &&
         Holds(rule.scans, AnyOf(rule, effects.scans));
}

bool FlagsHold(const CustomRule& rule, const StatementFacts& facts) {
  return Holds(rule.concurrently, facts.concurrently) && Holds(rule.cascade, facts.cascade) &&
         Holds(rule.if_exists, facts.if_exists) && Holds(rule.if_not_exists, facts.if_not_exists) &&
         Holds(rule.not_valid, facts.not_valid) && Holds(rule.unique, facts.unique);
}

}  // namespace

CustomRule::CustomRule() = default;
CustomRule::~CustomRule() = default;

void CustomRule::Complete() {
  if (why.empty()) why = "A rule of this project, from its `pgsift.toml`.";
  info = {.id = id,
          .name = name,
          .category = Category::kCorrectness,
          .severity = severity,
          .since_pg = {8, 0},
          .summary = message,
          .why = why,
          .instead = help};
  rule = {.info = &info, .custom = this};
}

void CheckCustomRule(const CustomRule& rule, const Statement& statement, SqlPass& pass) {
  const bool kind =
      rule.statements.empty() ||
      std::any_of(rule.statements.begin(), rule.statements.end(),
                  [&](const std::string& tag) { return EqualsIgnoringCase(tag, statement.tag); });
  if (!kind || statement.As<UnparsedStatement>() != nullptr) return;
  if (!Matches(rule.text, statement.sql)) return;
  if (rule.not_text != nullptr && Matches(rule.not_text, statement.sql)) return;
  if (!Holds(rule.in_transaction, pass.TransactionOf(statement) != nullptr)) return;
  const StatementFacts facts = FactsOf(statement, pass.catalog());
  if (!FlagsHold(rule, facts)) return;
  std::string relation;
  if (rule.relation != nullptr || rule.schema != nullptr) {
    const auto found =
        std::find_if(facts.relations.begin(), facts.relations.end(),
                     [&](const QualifiedName& name) { return RelationHolds(rule, name); });
    if (found == facts.relations.end()) return;
    relation = found->ToString();
  } else if (!facts.relations.empty()) {
    relation = facts.relations.front().ToString();
  }
  if (rule.new_relation.has_value()) {
    if (facts.relations.empty()) return;
    if (pass.IsNew(statement, facts.relations.front()) != *rule.new_relation) return;
  }
  if (rule.column != nullptr || rule.column_type != nullptr || rule.nullable.has_value()) {
    if (std::none_of(facts.columns.begin(), facts.columns.end(),
                     [&](const auto& column) { return ColumnHolds(rule, column); })) {
      return;
    }
  }
  if (rule.object_name != nullptr &&
      std::none_of(facts.names.begin(), facts.names.end(),
                   [&](const std::string& name) { return Matches(rule.object_name, name); })) {
    return;
  }
  if (!EffectsHold(rule, statement, pass)) return;
  Finding& finding = pass.Report(rule.info, statement.span, rule.message);
  finding.On(std::move(relation));
  if (!rule.help.empty()) finding.Help(rule.help);
}

}  // namespace pgsift
