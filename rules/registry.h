#ifndef PGSIFT_RULES_REGISTRY_H_
#define PGSIFT_RULES_REGISTRY_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace pgsift {

// Every rule, in the order of rule_list.inc, then the project's own.
std::span<const Rule* const> AllRules();
// Adds a rule of the project's own; it must outlive all use of the list. Before threads start.
void AddRule(const Rule* rule);
// By id or name, case ignored; null if there is none.
const Rule* FindRule(std::string_view id_or_name);
// The id or name that a misspelt one most likely meant; "" if none is near.
std::string_view NearestRule(std::string_view id_or_name);

// What the user asked for.
struct RuleSettings {
  std::vector<std::string> select;  // Ids, names, prefixes of ids, "all"; empty: all but opt-in.
  std::vector<std::string> ignore;
  std::map<std::string, Severity, std::less<>> severities;                 // By rule name.
  std::map<std::string, double, std::less<>> options;                      // By "name.option".
  std::vector<std::pair<std::string, std::vector<std::string>>> per_file;  // Glob -> ignored.
};

// The rules of one run: which are on, how severe, with which numbers. Immutable; shared by threads.
class RuleSet {
 public:
  // Unknown selectors are left in `unknown`, with the nearest known word where there is one.
  explicit RuleSet(const RuleSettings& settings, std::vector<std::string>* unknown = nullptr);

  bool On(const RuleInfo& rule) const;
  bool OnIn(const RuleInfo& rule, std::string_view path) const;
  Severity SeverityOf(const RuleInfo& rule) const;
  double Option(const RuleInfo& rule, std::string_view name) const;
  std::span<const Rule* const> rules() const { return on_; }

 private:
  struct SetOption {
    const RuleInfo* rule;
    std::string name;
    double value;
  };
  RuleSettings settings_;
  std::vector<SetOption> set_options_;  // Of the settings: few, and asked for at every node.
  std::vector<const Rule*> on_;
};

// The selector names the rule: its id, its name, a prefix of its id, its family, or "all".
bool Selects(std::string_view selector, const RuleInfo& rule);

}  // namespace pgsift

#endif  // PGSIFT_RULES_REGISTRY_H_
