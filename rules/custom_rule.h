#ifndef PGSIFT_RULES_CUSTOM_RULE_H_
#define PGSIFT_RULES_CUSTOM_RULE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace pgsift {

// A rule that a project writes in its pgsift.toml: a statement is reported if every condition that
// is given holds. Conditions that name a pattern hold if one of the statement's names matches. Made
// once, before threads start; immutable from then on.
struct CustomRule {
  CustomRule();
  ~CustomRule();
  CustomRule(const CustomRule&) = delete;
  CustomRule& operator=(const CustomRule&) = delete;

  std::string id, name, message, help, why;
  Severity severity = Severity::kWarning;

  // Conditions. Null, empty or nothing: not asked about.
  std::vector<std::string> statements;  // Commands: "ALTER TABLE", "CREATE INDEX".
  std::unique_ptr<re2::RE2> relation;   // "public.orders".
  std::unique_ptr<re2::RE2> schema;
  std::unique_ptr<re2::RE2> column;       // A column that is created, changed or dropped …
  std::unique_ptr<re2::RE2> column_type;  // … and the type that it is given.
  std::unique_ptr<re2::RE2> object_name;  // Of what is created or renamed to.
  std::unique_ptr<re2::RE2> text;         // The statement, as written.
  std::unique_ptr<re2::RE2> not_text;     // It does not match.
  std::optional<bool> concurrently, cascade, if_exists, if_not_exists, not_valid, unique;
  std::optional<bool> nullable;  // Of the same column as `column` and `column_type`.
  std::optional<bool> in_transaction, new_relation;
  // Of the relations that `relation` and `schema` leave: one is locked in one of these modes, as
  // pg_locks.mode names them; one is written anew; one is read whole.
  std::vector<std::string> mode;
  std::optional<bool> rewrites, scans;

  std::vector<std::string> bad, good;  // SQL that must and must not be reported.

  // What makes it a rule like all others. Set by Complete().
  RuleInfo info;
  Rule rule;
  // Fills `info` and `rule` from the fields above.
  void Complete();
};

// Reports `statement` if the rule's conditions hold.
void CheckCustomRule(const CustomRule& rule, const Statement& statement, SqlPass& pass);

}  // namespace pgsift

#endif  // PGSIFT_RULES_CUSTOM_RULE_H_
