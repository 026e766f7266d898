#include "cli/rule_page.h"

#include "absl/strings/str_format.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "rules/registry.h"

namespace pgsift {
namespace {

std::string VersionText(PgVersion version) {
  if (version.release >= 10) return std::to_string(version.release);
  return absl::StrFormat("%d.%d", version.release, version.update);
}

std::string Trimmed(std::string_view text) { return std::string(Trim(text)); }

std::string_view ExampleLanguage(RuleFamily family) {
  if (family == RuleFamily::kPlan) return "text";
  if (family == RuleFamily::kServer) return "text";
  return "sql";
}

}  // namespace

std::string RulePage(const RuleInfo& rule) {
  const RuleFamily family = FamilyOf(rule);
  std::string page = absl::StrFormat("# %s (%s)\n\n%s.\n\n", rule.name, rule.id, rule.summary);
  page += absl::StrFormat(
      "- Family: %s\n- Category: %s\n- Severity: %s%s\n- Applies from PostgreSQL: %s\n- Fix: "
      "%s\n\n",
      FamilyName(family), CategoryName(rule.category), SeverityName(rule.severity),
      rule.opt_in ? ", only when selected" : "", VersionText(rule.since_pg),
      FixSafetyName(rule.fix));
  page += "## Why\n\n" + Trimmed(rule.why) + "\n\n## Instead\n\n" + Trimmed(rule.instead) + "\n\n";
  const std::string_view language = ExampleLanguage(family);
  if (!rule.bad.empty()) {
    page += absl::StrFormat("## Example\n\nReported:\n\n```%s\n%s\n```\n\n", language,
                            Trimmed(rule.bad));
  }
  if (!rule.good.empty()) {
    page += absl::StrFormat("Not reported:\n\n```%s\n%s\n```\n\n", language, Trimmed(rule.good));
  }
  if (!rule.options.empty()) {
    page += absl::StrFormat(
        "## Options\n\nIn `pgsift.toml`, under `[rules.%s]`:\n\n| option | default | meaning "
        "|\n|---|---|---|\n",
        rule.name);
    for (const RuleOption& option : rule.options) {
      page += absl::StrFormat("| `%s` | %g | %s |\n", option.name, option.value, option.about);
    }
    page += "\n";
  }
  page += absl::StrFormat(
      "## Switching it off\n\n`--ignore %s`, `ignore = [\"%s\"]` in `pgsift.toml`%s\n", rule.name,
      rule.name,
      family == RuleFamily::kMigration
          ? absl::StrFormat(
                ", or above one statement:\n\n```sql\n-- pgsift: ignore %s because REASON\n```",
                rule.name)
          : std::string("."));
  return page;
}

std::string RuleIndexPage() {
  std::string page = "# Rules\n\n| id | name | severity | what it finds |\n|---|---|---|---|\n";
  for (const Rule* rule : AllRules()) {
    page +=
        absl::StrFormat("| %s | [%s](%s.md) | %s | %s |\n", rule->info->id, rule->info->name,
                        rule->info->name, SeverityName(rule->info->severity), rule->info->summary);
  }
  return page;
}

std::string RulesJson() {
  JsonWriter json(JsonWriter::Layout::kIndented);
  json.BeginObject().Field("schema_version", 1).Key("rules").BeginArray();
  for (const Rule* entry : AllRules()) {
    const RuleInfo& rule = *entry->info;
    json.BeginObject().Field("id", rule.id).Field("name", rule.name);
    json.Field("family", FamilyName(FamilyOf(rule))).Field("category", CategoryName(rule.category));
    json.Field("severity", SeverityName(rule.severity))
        .Field("since_pg", VersionText(rule.since_pg));
    json.Field("fix", FixSafetyName(rule.fix)).Field("opt_in", rule.opt_in);
    json.Field("summary", rule.summary)
        .Field("why", Trim(rule.why))
        .Field("instead", Trim(rule.instead));
    json.Field("bad", rule.bad).Field("good", rule.good).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

}  // namespace pgsift
