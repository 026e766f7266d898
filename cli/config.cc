#include "cli/config.h"

#include <filesystem>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/toml_reader.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

class ConfigReader : public TomlReader {
 public:
  explicit ConfigReader(Config* config)
      : TomlReader(config->path, &config->errors), config_(*config) {}

  void Read(const toml::table& root) {
    // First, so that everything else may name them.
    if (const toml::node* own = root.get("custom_rules")) {
      config_.custom_rules = ReadCustomRules(config_.path, *own, &config_.errors);
    }
    for (const auto& [key, value] : root) Top(key.str(), value);
  }

 private:
  void CheckRules(const toml::node& node, const std::vector<std::string>& selectors) {
    RuleSettings probe;
    probe.select = selectors;
    std::vector<std::string> unknown;
    const RuleSet rules(probe, &unknown);
    for (const std::string& message : unknown) Error(node, message);
  }

  void Top(std::string_view key, const toml::node& value) {
    if (key == "select") {
      config_.rules.select = Strings(value);
      CheckRules(value, config_.rules.select);
    } else if (key == "ignore") {
      config_.rules.ignore = Strings(value);
      CheckRules(value, config_.rules.ignore);
    } else if (key == "pg_version") {
      config_.pg_version = String(value);
    } else if (key == "schema") {
      config_.schema = String(value);
    } else if (key == "baseline") {
      config_.baseline = String(value);
    } else if (key == "fail_on") {
      config_.fail_on = String(value);
    } else if (key == "severity") {
      Severities(value);
    } else if (key == "rules") {
      Options(value);
    } else if (key == "per_file_ignores") {
      PerFile(value);
    } else if (key == "logs") {
      Logs(value);
    } else if (key == "plans") {
      Plans(value);
    } else if (key == "migrations") {
      Migrations(value);
    } else if (key == "monitor") {
      Monitor(value);
    } else if (key != "custom_rules") {
      Unknown(
          value, key,
          {"select", "ignore", "pg_version", "schema", "baseline", "fail_on", "severity", "rules",
           "per_file_ignores", "logs", "plans", "migrations", "monitor", "custom_rules"});
    }
  }

  const Rule* RuleOf(const toml::node& node, std::string_view name) {
    const Rule* rule = FindRule(name);
    if (rule == nullptr) {
      const std::string_view near = NearestRule(name);
      Error(node, near.empty()
                      ? absl::StrFormat("unknown rule '%s'", name)
                      : absl::StrFormat("unknown rule '%s': did you mean '%s'?", name, near));
    }
    return rule;
  }

  void Severities(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [severity]");
    for (const auto& [name, value] : *table) {
      const Rule* rule = RuleOf(value, name.str());
      const std::string text = String(value);
      if (rule == nullptr) continue;
      if (text == "error") {
        config_.rules.severities.insert_or_assign(std::string(rule->info->name), Severity::kError);
      } else if (text == "warning") {
        config_.rules.severities.insert_or_assign(std::string(rule->info->name),
                                                  Severity::kWarning);
      } else if (text == "info") {
        config_.rules.severities.insert_or_assign(std::string(rule->info->name), Severity::kInfo);
      } else if (text == "off") {
        config_.rules.ignore.emplace_back(rule->info->name);
      } else {
        Error(value, absl::StrFormat("'%s' is no severity: error, warning, info or off", text));
      }
    }
  }

  void Options(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be tables: [rules.NAME]");
    for (const auto& [name, value] : *table) {
      const Rule* rule = RuleOf(value, name.str());
      const toml::table* options = value.as_table();
      if (rule == nullptr || options == nullptr) {
        if (options == nullptr) Error(value, "must be a table: [rules.NAME]");
        continue;
      }
      for (const auto& [option, number] : *options) {
        std::vector<std::string_view> known;
        for (const RuleOption& candidate : rule->info->options) known.push_back(candidate.name);
        if (std::find(known.begin(), known.end(), option.str()) == known.end()) {
          Unknown(number, option.str(), known);
          continue;
        }
        const auto read = number.value<double>();
        if (!read.has_value()) {
          Error(number, "must be a number");
          continue;
        }
        config_.rules.options[std::string(rule->info->name) + "." + std::string(option.str())] =
            *read;
      }
    }
  }

  void PerFile(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [per_file_ignores]");
    for (const auto& [glob, value] : *table) {
      std::vector<std::string> rules = Strings(value);
      CheckRules(value, rules);
      config_.rules.per_file.emplace_back(std::string(glob.str()), std::move(rules));
    }
  }

  void Logs(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [logs]");
    for (const auto& [key, value] : *table) {
      if (key.str() == "slow_ms") {
        const auto read = value.value<double>();
        if (read.has_value()) {
          config_.slow_ms = *read;
        } else {
          Error(value, "must be a number");
        }
      } else if (key.str() == "log_line_prefix") {
        config_.log_line_prefix = String(value);
      } else {
        Unknown(value, key.str(), {"slow_ms", "log_line_prefix"});
      }
    }
  }

  void Plans(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [plans]");
    for (const auto& [key, value] : *table) {
      if (key.str() == "slower_factor") {
        const double factor = Number(value).value_or(config_.plan_gate.factor);
        if (factor <= 0) {
          Error(value, "must be more than 0");
        } else {
          config_.plan_gate.factor = factor;
        }
      } else if (key.str() == "slower_ms") {
        config_.plan_gate.ms = Number(value).value_or(config_.plan_gate.ms);
      } else {
        Unknown(value, key.str(), {"slower_factor", "slower_ms"});
      }
    }
  }

  // A number, or nothing with the error said.
  std::optional<double> Number(const toml::node& node) {
    const auto read = node.value<double>();
    if (!read.has_value()) Error(node, "must be a number");
    return read;
  }

  void Monitor(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [monitor]");
    for (const auto& [key, value] : *table) {
      const std::string_view name = key.str();
      if (name == "objectives") {
        Objectives(value);
      } else if (name == "alerts") {
        Thresholds(value);
      } else if (name == "headroom") {
        config_.health.headroom = Number(value).value_or(config_.health.headroom);
      } else if (name == "pool_max" || name == "pool_min") {
        const std::optional<double> number = Number(value);
        if (!number.has_value()) continue;
        config_.rules.options["mis-sized-pool." + std::string(name)] = *number;
      } else {
        Unknown(value, name, {"objectives", "alerts", "headroom", "pool_max", "pool_min"});
      }
    }
  }

  void Objectives(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [monitor.objectives]");
    std::vector<std::string_view> known;
    for (const Objective& objective : DefaultObjectives()) known.push_back(objective.name);
    for (const auto& [key, value] : *table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        Unknown(value, key.str(), known);
        continue;
      }
      HealthSettings::Change& change = config_.health.objectives[std::string(key.str())];
      const toml::table* parts = value.as_table();
      if (parts == nullptr) {
        const std::optional<double> number = Number(value);
        change.has_target = number.has_value();
        change.target = number.value_or(0);
        continue;
      }
      for (const auto& [part, number] : *parts) {
        if (part.str() == "target") {
          change.has_target = true;
          change.target = Number(number).value_or(0);
        } else if (part.str() == "limit") {
          change.has_limit = true;
          change.limit = Number(number).value_or(0);
        } else if (part.str() == "weight") {
          change.has_weight = true;
          change.weight = Number(number).value_or(1);
        } else {
          Unknown(number, part.str(), {"target", "limit", "weight"});
        }
      }
      const Objective changed = config_.health.ObjectiveOf(key.str());
      if (changed.at_least ? changed.limit > changed.target : changed.limit < changed.target) {
        Error(value, absl::StrFormat("limit must be %s target: there the score is 0",
                                     changed.at_least ? "below" : "above"));
      }
    }
  }

  void Thresholds(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [monitor.alerts]");
    std::vector<std::string_view> known;
    for (const AlertThreshold& threshold : DefaultThresholds()) known.push_back(threshold.name);
    for (const auto& [key, value] : *table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        Unknown(value, key.str(), known);
      } else if (const std::optional<double> number = Number(value)) {
        config_.health.thresholds[std::string(key.str())] = *number;
      }
    }
  }

  void Migrations(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [migrations]");
    MigrationSettings& migrations = config_.migrations;
    for (const auto& [key, value] : *table) {
      if (key.str() == "dialect") {
        migrations.dialect = DialectOf(value);
      } else if (key.str() == "transaction") {
        migrations.transaction = TransactionOf(value);
      } else if (key.str() == "placeholders") {
        Placeholders(value);
      } else if (key.str() == "files") {
        MigrationFileSettings(value);
      } else {
        Unknown(value, key.str(), {"dialect", "transaction", "placeholders", "files"});
      }
    }
  }

  void Placeholders(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Error(node, "must be a table: [migrations.placeholders]");
    for (const auto& [name, value] : *table) {
      config_.migrations.placeholders.insert_or_assign(std::string(name.str()), String(value));
    }
  }

  void MigrationFileSettings(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return Error(node, "must be an array of tables: [[migrations.files]]");
    for (const toml::node& item : *array) {
      const toml::table* table = item.as_table();
      if (table == nullptr) {
        Error(item, "must be a table: [[migrations.files]]");
        continue;
      }
      MigrationSettings::FileSettings& file = config_.migrations.files.emplace_back();
      for (const auto& [key, value] : *table) {
        if (key.str() == "glob") {
          file.glob = String(value);
        } else if (key.str() == "dialect") {
          file.dialect = DialectOf(value);
        } else if (key.str() == "transaction") {
          file.transaction = TransactionOf(value);
        } else {
          Unknown(value, key.str(), {"glob", "dialect", "transaction"});
        }
      }
      if (file.glob.empty()) Error(item, "needs `glob`: which files it is about");
    }
  }

  const DialectTraits* DialectOf(const toml::node& node) {
    const std::string name = String(node);
    const DialectTraits* traits = DialectByName(name);
    if (traits == nullptr && !name.empty()) NoneOf(node, name, "dialect", DialectNames());
    return traits;
  }

  std::optional<ToolTransaction> TransactionOf(const toml::node& node) {
    const std::string name = String(node);
    if (name == "none") return ToolTransaction::kNone;
    if (name == "file") return ToolTransaction::kOpened;
    if (name == "string") return ToolTransaction::kOneString;
    if (!name.empty()) NoneOf(node, name, "transaction mode", {"none", "file", "string"});
    return std::nullopt;
  }

  Config& config_;
};

std::string Nearest() {
  std::error_code error;
  for (fs::path folder = fs::current_path(error); !folder.empty(); folder = folder.parent_path()) {
    const fs::path candidate = folder / "pgsift.toml";
    if (fs::is_regular_file(candidate, error)) return candidate.string();
    if (folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace

Config ReadConfig(const std::string& path) {
  Config config;
  config.path = path.empty() ? Nearest() : path;
  if (config.path.empty()) return config;
  std::error_code error;
  if (!fs::is_regular_file(config.path, error)) {
    config.errors.push_back(config.path + ": no such configuration file; check --config");
    return config;
  }
  const toml::parse_result parsed = toml::parse_file(config.path);
  if (!parsed) {
    config.errors.push_back(absl::StrFormat("%s:%d: %s", config.path,
                                            parsed.error().source().begin.line,
                                            parsed.error().description()));
    return config;
  }
  ConfigReader(&config).Read(parsed.table());
  return config;
}

}  // namespace pgsift
