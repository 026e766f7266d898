#ifndef PGSIFT_CLI_RULE_PAGE_H_
#define PGSIFT_CLI_RULE_PAGE_H_

#include <string>

#include "base/rule_info.h"

namespace pgsift {

// A rule's whole page as Markdown: what `pgsift rules NAME` prints and docs/rules/<name>.md holds.
std::string RulePage(const RuleInfo& rule);
// docs/rules/README.md: the list of all rules.
std::string RuleIndexPage();
// One rule as an object of `pgsift rules --format json`.
std::string RulesJson();

}  // namespace pgsift

#endif  // PGSIFT_CLI_RULE_PAGE_H_
