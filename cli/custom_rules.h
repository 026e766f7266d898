#ifndef PGSIFT_CLI_CUSTOM_RULES_H_
#define PGSIFT_CLI_CUSTOM_RULES_H_

#include <memory>
#include <string>
#include <vector>

#include "rules/custom_rule.h"

namespace toml {
inline namespace v3 {
class node;
}  // namespace v3
}  // namespace toml

namespace pgsift {

// The rules that the tables [[custom_rules]] of `path` describe. Problems go to *errors.
std::vector<std::unique_ptr<CustomRule>> ReadCustomRules(const std::string& path,
                                                         const toml::node& node,
                                                         std::vector<std::string>* errors);

// Runs the `bad` and `good` examples of a project's own rules: each bad one must be reported by its
// rule, no good one. Returns one line for each that is not so.
std::vector<std::string> TestCustomRules(const std::string& path,
                                         const std::vector<std::unique_ptr<CustomRule>>& rules);

}  // namespace pgsift

#endif  // PGSIFT_CLI_CUSTOM_RULES_H_
