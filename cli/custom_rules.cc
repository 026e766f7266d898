#include "cli/custom_rules.h"

#include <re2/re2.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "base/text.h"
#include "cli/toml_reader.h"
#include "parser/sql_file.h"
#include "rules/engine.h"
#include "rules/registry.h"

namespace pgsift {
namespace {

bool IsId(std::string_view id) {
  size_t letters = 0;
  while (letters < id.size() && id[letters] >= 'A' && id[letters] <= 'Z') ++letters;
  const std::string_view number = id.substr(letters);
  return letters >= 2 && letters <= 8 && number.size() == 3 &&
         number.find_first_not_of("0123456789") == number.npos;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.back() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
}

// One table of [[custom_rules]].
class CustomRuleReader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  std::unique_ptr<CustomRule> Read(const toml::table& table) {
    auto rule = std::make_unique<CustomRule>();
    bool conditions = false;
    for (const auto& [key, value] : table) {
      if (About(key.str(), value, rule.get())) continue;
      if (Condition(key.str(), value, rule.get())) {
        conditions = true;
        continue;
      }
      Unknown(value, key.str(),
              {"id",        "name",         "message",     "help",           "why",
               "severity",  "bad",          "good",        "statements",     "relation",
               "schema",    "column",       "column_type", "object_name",    "text",
               "not_text",  "concurrently", "cascade",     "if_exists",      "if_not_exists",
               "not_valid", "unique",       "nullable",    "in_transaction", "new_relation",
               "mode",      "rewrites",     "scans"});
    }
    Check(table, *rule, conditions);
    rule->Complete();
    return rule;
  }

 private:
  bool About(std::string_view key, const toml::node& value, CustomRule* rule) {
    if (key == "id") {
      rule->id = String(value);
    } else if (key == "name") {
      rule->name = String(value);
    } else if (key == "message") {
      rule->message = String(value);
    } else if (key == "help") {
      rule->help = String(value);
    } else if (key == "why") {
      rule->why = String(value);
    } else if (key == "bad") {
      rule->bad = Strings(value);
    } else if (key == "good") {
      rule->good = Strings(value);
    } else if (key == "severity") {
      const std::string word = String(value);
      if (word == "error") {
        rule->severity = Severity::kError;
      } else if (word == "info") {
        rule->severity = Severity::kInfo;
      } else if (word != "warning") {
        NoneOf(value, word, "severity", {"error", "warning", "info"});
      }
    } else {
      return false;
    }
    return true;
  }

  bool Condition(std::string_view key, const toml::node& value, CustomRule* rule) {
    const std::pair<std::string_view, std::unique_ptr<re2::RE2>*> patterns[] = {
        {"relation", &rule->relation},       {"schema", &rule->schema},
        {"column", &rule->column},           {"column_type", &rule->column_type},
        {"object_name", &rule->object_name}, {"text", &rule->text},
        {"not_text", &rule->not_text}};
    for (const auto& [name, pattern] : patterns) {
      if (name != key) continue;
      re2::RE2::Options options;
      options.set_log_errors(false);
      options.set_dot_nl(true);
      options.set_case_sensitive(key != "text" && key != "not_text");
      *pattern = std::make_unique<re2::RE2>(String(value), options);
      if (!(*pattern)->ok()) Error(value, "no regular expression: " + (*pattern)->error());
      return true;
    }
    const std::pair<std::string_view, std::optional<bool>*> flags[] = {
        {"concurrently", &rule->concurrently},
        {"cascade", &rule->cascade},
        {"if_exists", &rule->if_exists},
        {"if_not_exists", &rule->if_not_exists},
        {"not_valid", &rule->not_valid},
        {"unique", &rule->unique},
        {"nullable", &rule->nullable},
        {"in_transaction", &rule->in_transaction},
        {"new_relation", &rule->new_relation},
        {"rewrites", &rule->rewrites},
        {"scans", &rule->scans}};
    for (const auto& [name, flag] : flags) {
      if (name != key) continue;
      *flag = value.value<bool>();
      if (!value.is_boolean()) Error(value, "must be true or false");
      return true;
    }
    if (key == "mode") {
      rule->mode = Strings(value);
      for (const std::string& mode : rule->mode) Mode(value, mode);
      return true;
    }
    if (key != "statements") return false;
    rule->statements = Strings(value);
    return true;
  }

  void Mode(const toml::node& node, const std::string& mode) {
    static constexpr std::string_view kModes[] = {
        "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
        "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
    if (std::find(std::begin(kModes), std::end(kModes), mode) != std::end(kModes)) return;
    NoneOf(node, mode, "lock mode", {std::begin(kModes), std::end(kModes)});
  }

  void Check(const toml::table& table, const CustomRule& rule, bool conditions) {
    if (!IsId(rule.id)) Error(table, "needs `id`, letters and three digits like ACME001");
    if (!IsName(rule.name)) {
      Error(table, "needs `name`, in lower case with dashes: it names the bad thing");
    }
    if (rule.message.empty()) Error(table, "needs `message`: what is wrong, in one line");
    if (!conditions) {
      Error(table, "has no condition and would report every statement; give `statements`");
    }
    for (const std::string& word : {rule.id, rule.name}) {
      if (!word.empty() && FindRule(word) != nullptr) {
        Error(table, absl::StrFormat("'%s' is the name of another rule", word));
      }
    }
  }
};

// How often `rule` reports `sql`.
size_t Reports(const CustomRule& rule, const std::string& sql, std::string* error) {
  std::vector<SqlFile> files(1);
  ParallelFor(1, 1, [&](size_t) { files[0] = ReadSqlFile(sql, FileId{0}); });
  for (const Statement& statement : files[0].statements) {
    if (const auto* bad = statement.As<UnparsedStatement>()) *error = bad->error;
  }
  SourceSet sources;
  sources.Add({.path = "example.sql", .kind = InputKind::kMigration});
  RuleSettings settings;
  settings.select = {rule.name};
  Catalog catalog;
  std::vector<Finding> findings;
  RunSqlRules(files, RuleSet(settings), kNewestPgVersion, sources, {true}, &catalog, &findings);
  return findings.size();
}

}  // namespace

std::vector<std::unique_ptr<CustomRule>> ReadCustomRules(const std::string& path,
                                                         const toml::node& node,
                                                         std::vector<std::string>* errors) {
  std::vector<std::unique_ptr<CustomRule>> rules;
  const toml::array* array = node.as_array();
  const bool tables =
      array != nullptr &&
      std::all_of(array->begin(), array->end(), [](const auto& item) { return item.is_table(); });
  if (!tables) {
    errors->push_back(absl::StrFormat("%s:%d: must be an array of tables: [[custom_rules]]", path,
                                      node.source().begin.line));
    return rules;
  }
  CustomRuleReader reader(path, errors);
  for (const toml::node& item : *array) {
    rules.push_back(reader.Read(*item.as_table()));
    if (FindRule(rules.back()->id) == nullptr && FindRule(rules.back()->name) == nullptr) {
      AddRule(&rules.back()->rule);
    }
  }
  return rules;
}

std::vector<std::string> TestCustomRules(const std::string& path,
                                         const std::vector<std::unique_ptr<CustomRule>>& rules) {
  std::vector<std::string> failures;
  for (const auto& rule : rules) {
    const auto run = [&](const std::string& sql, bool bad) {
      std::string error;
      const size_t reports = Reports(*rule, sql, &error);
      const std::string what = absl::StrFormat("%s: %s: the %s example `%s`", path, rule->name,
                                               bad ? "bad" : "good", OneLine(sql, 80));
      if (!error.empty()) {
        failures.push_back(what + " cannot be parsed: " + error);
      } else if (bad && reports == 0) {
        failures.push_back(what + " is not reported");
      } else if (!bad && reports > 0) {
        failures.push_back(what + " is reported");
      }
    };
    for (const std::string& sql : rule->bad) run(sql, true);
    for (const std::string& sql : rule->good) run(sql, false);
  }
  return failures;
}

}  // namespace pgsift
