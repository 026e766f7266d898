#include "rules/registry.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

#define PGSIFT_RULE(folder, file, symbol) \
  namespace file {                        \
  extern const Rule k##symbol;            \
  }
#include "rules/rule_list.inc"
#undef PGSIFT_RULE

namespace {

#define PGSIFT_RULE(folder, file, symbol) &file::k##symbol,
constexpr const Rule* kRules[] = {
#include "rules/rule_list.inc"
};
#undef PGSIFT_RULE

std::vector<const Rule*>& Rules() {
  static auto& rules = *new std::vector<const Rule*>(std::begin(kRules), std::end(kRules));
  return rules;
}

bool AnySelects(const std::vector<std::string>& selectors, const RuleInfo& rule) {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const std::string& selector) { return Selects(selector, rule); });
}

}  // namespace

std::span<const Rule* const> AllRules() { return Rules(); }

void AddRule(const Rule* rule) { Rules().push_back(rule); }

const Rule* FindRule(std::string_view id_or_name) {
  for (const Rule* rule : Rules()) {
    if (EqualsIgnoringCase(rule->info->id, id_or_name)) return rule;
    if (EqualsIgnoringCase(rule->info->name, id_or_name)) return rule;
  }
  return nullptr;
}

std::string_view NearestRule(std::string_view id_or_name) {
  std::vector<std::string_view> words;
  for (const Rule* rule : Rules()) {
    words.push_back(rule->info->name);
    words.push_back(rule->info->id);
  }
  return NearestWord(id_or_name, words);
}

bool Selects(std::string_view selector, const RuleInfo& rule) {
  if (EqualsIgnoringCase(selector, "all")) return true;
  if (EqualsIgnoringCase(selector, rule.name)) return true;
  if (EqualsIgnoringCase(selector, FamilyName(FamilyOf(rule)))) return true;
  return !selector.empty() && StartsWithIgnoringCase(rule.id, selector);
}

RuleSet::RuleSet(const RuleSettings& settings, std::vector<std::string>* unknown)
    : settings_(settings) {
  for (const Rule* rule : Rules()) {
    const bool selected =
        settings.select.empty() ? !rule->info->opt_in : AnySelects(settings.select, *rule->info);
    if (selected && !AnySelects(settings.ignore, *rule->info)) on_.push_back(rule);
  }
  for (const auto& [key, value] : settings_.options) {
    const size_t dot = key.find('.');
    const Rule* rule = FindRule(key.substr(0, dot));
    if (rule != nullptr && dot != key.npos)
      set_options_.push_back({rule->info, key.substr(dot + 1), value});
  }
  if (unknown == nullptr) return;
  for (const auto* list : {&settings.select, &settings.ignore}) {
    for (const std::string& selector : *list) {
      const bool known = std::any_of(Rules().begin(), Rules().end(), [&](const Rule* rule) {
        return Selects(selector, *rule->info);
      });
      if (known) continue;
      const std::string_view near = NearestRule(selector);
      unknown->push_back(
          near.empty() ? absl::StrFormat("unknown rule '%s': `pgsift rules` lists all", selector)
                       : absl::StrFormat("unknown rule '%s': did you mean '%s'?", selector, near));
    }
  }
}

bool RuleSet::On(const RuleInfo& rule) const {
  return std::any_of(on_.begin(), on_.end(), [&](const Rule* on) { return on->info == &rule; });
}

bool RuleSet::OnIn(const RuleInfo& rule, std::string_view path) const {
  for (const auto& [glob, ignored] : settings_.per_file) {
    if (GlobMatches(glob, path) && AnySelects(ignored, rule)) return false;
  }
  return true;
}

Severity RuleSet::SeverityOf(const RuleInfo& rule) const {
  if (const auto found = settings_.severities.find(rule.name);
      found != settings_.severities.end()) {
    return found->second;
  }
  return rule.severity;
}

double RuleSet::Option(const RuleInfo& rule, std::string_view name) const {
  for (const SetOption& option : set_options_) {
    if (option.rule == &rule && option.name == name) return option.value;
  }
  for (const RuleOption& option : rule.options) {
    if (option.name == name) return option.value;
  }
  return 0;
}

double Pass::option(const RuleInfo& rule, std::string_view name) const {
  return rules_.Option(rule, name);
}

Finding& Pass::Report(const RuleInfo& rule, Span at, std::string message) {
  Finding& finding = out_->emplace_back();
  finding.rule = &rule;
  finding.severity = rules_.SeverityOf(rule);
  finding.message = std::move(message);
  finding.primary.span = at;
  return finding;
}

}  // namespace pgsift
