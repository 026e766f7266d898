#include <cstdio>
#include <filesystem>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/rule_page.h"
#include "rules/registry.h"

namespace pgsift {
namespace {

bool WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool ok = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && ok;
}

int WriteDocs(const std::string& folder) {
  const std::filesystem::path rules = std::filesystem::path(folder) / "rules";
  std::error_code error;
  std::filesystem::create_directories(rules, error);
  bool ok = WriteFile(rules / "README.md", RuleIndexPage());
  for (const Rule* rule : AllRules()) {
    ok = ok && WriteFile(rules / (std::string(rule->info->name) + ".md"), RulePage(*rule->info));
  }
  if (!ok) Complain(rules.string() + ": cannot be written");
  return ok ? kExitClean : kExitUnusable;
}

int TestRules(const Config& config) {
  if (config.custom_rules.empty()) {
    Complain(config.path.empty()
                 ? std::string("no pgsift.toml here or above; give one with --config")
                 : config.path + ": has no [[custom_rules]] to test");
    return kExitUnusable;
  }
  size_t examples = 0;
  for (const auto& rule : config.custom_rules) examples += rule->bad.size() + rule->good.size();
  const std::vector<std::string> failures = TestCustomRules(config.path, config.custom_rules);
  for (const std::string& failure : failures) WriteStandardOutput(failure + "\n");
  WriteStandardOutput(absl::StrFormat("%s, %s, %s\n", Counted(config.custom_rules.size(), "rule"),
                                      Counted(examples, "example"),
                                      Counted(failures.size(), "failure")));
  return failures.empty() ? kExitClean : kExitFindings;
}

}  // namespace

// The list of rules; with a name, its whole page.
int RunRules(const Options& options, const Config& config) {
  if (options.test_rules) return TestRules(config);
  if (!options.write_docs.empty()) return WriteDocs(options.write_docs);
  if (options.format == "json") {
    WriteStandardOutput(RulesJson());
    return kExitClean;
  }
  if (!options.rule.empty()) {
    const Rule* rule = FindRule(options.rule);
    if (rule == nullptr) {
      const std::string_view near = NearestRule(options.rule);
      Complain(near.empty()
                   ? absl::StrFormat("unknown rule '%s': `pgsift rules` lists all", options.rule)
                   : absl::StrFormat("unknown rule '%s': did you mean '%s'?", options.rule, near));
      return kExitUnusable;
    }
    WriteStandardOutput(RulePage(*rule->info));
    return kExitClean;
  }
  std::string list;
  RuleFamily family = RuleFamily::kInput;
  bool first = true;
  for (const Rule* rule : AllRules()) {
    const RuleInfo& info = *rule->info;
    if (first || FamilyOf(info) != family) list += first ? "" : "\n";
    family = FamilyOf(info);
    first = false;
    list +=
        absl::StrFormat("%s  %-28s %-8s %s%s\n", info.id, info.name, SeverityName(info.severity),
                        info.summary, info.opt_in ? " (off unless selected)" : "");
  }
  WriteStandardOutput(list);
  return kExitClean;
}

}  // namespace pgsift
