#include "ingest/pooler/pooler_config.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {
namespace {

enum class Section : uint8_t { kNone, kPgbouncer, kDatabases, kUsers, kPeers };

bool IsComment(std::string_view line) { return line.starts_with(';') || line.starts_with('#'); }

std::optional<double> NumberOf(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  double number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool IsMode(std::string_view mode) {
  return mode == "session" || mode == "transaction" || mode == "statement";
}

using Words = std::vector<std::pair<std::string, std::string>>;

// "host=10.0.0.1 dbname=shop password='it''s'": as a connection string has it. False, with the
// reason in *error, if it is none.
bool ReadWords(std::string_view text, Words* words, std::string* error) {
  for (text = Trim(text); !text.empty(); text = Trim(text)) {
    const size_t equals = text.find('=');
    const std::string name(Trim(text.substr(0, equals)));
    if (equals == text.npos || name.empty() || name.find_first_of(" \t'") != name.npos) {
      *error = absl::StrFormat("'%s' has no value: key=value is expected", name);
      return false;
    }
    text.remove_prefix(equals + 1);
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    std::string value;
    if (text.starts_with('\'')) {
      size_t at = 1;
      for (;; ++at) {
        if (at >= text.size()) {
          *error = absl::StrFormat("the quote that opens the value of %s is never closed", name);
          return false;
        }
        if (text[at] == '\'') {
          if (at + 1 >= text.size() || text[at + 1] != '\'') break;
          ++at;
        }
        value += text[at];
      }
      text.remove_prefix(at + 1);
    } else {
      const size_t end = std::min(text.find_first_of(" \t"), text.size());
      value = text.substr(0, end);
      text.remove_prefix(end);
    }
    words->emplace_back(Lower(name), std::move(value));
  }
  return true;
}

class Reader {
 public:
  Reader(PoolerConfig* config, std::vector<PoolerProblem>* problems)
      : config_(*config), problems_(*problems) {}

  void Read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (line_ = 1; !text.empty(); ++line_) {
      const size_t end = std::min(text.find('\n'), text.size());
      Line(Trim(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

 private:
  void Problem(std::string message) { problems_.push_back({line_, std::move(message)}); }

  void Line(std::string_view line) {
    if (line.empty() || IsComment(line)) return;
    if (line.starts_with("%include")) {
      config_.includes.emplace_back(Trim(line.substr(8)));
      return;
    }
    if (line.starts_with('[')) return Begin(line);
    const size_t equals = line.find('=');
    if (equals == line.npos) {
      return Problem(absl::StrFormat("'%s' is neither a section nor key = value", line));
    }
    std::string name(Trim(line.substr(0, equals)));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    const std::string_view value = Trim(line.substr(equals + 1));
    if (section_ == Section::kPgbouncer) return Setting(Lower(name), value);
    if (section_ == Section::kDatabases) return Entry(name, value, &config_.databases);
    if (section_ == Section::kUsers) return Entry(name, value, &config_.users);
    if (section_ == Section::kNone) Problem("a setting stands before the first [section]");
  }

  void Begin(std::string_view line) {
    const std::string name = Lower(line.substr(1, line.size() - 2));
    section_ = Section::kPeers;  // One that says nothing of pools.
    if (line.back() != ']') return Problem("the section's name is not closed by ']'");
    if (name == "pgbouncer") section_ = Section::kPgbouncer;
    if (name == "databases") section_ = Section::kDatabases;
    if (name == "users") section_ = Section::kUsers;
    if (section_ == Section::kPeers && name != "peers") {
      Problem(absl::StrFormat(
          "[%s] is no section of PgBouncer's: pgbouncer, databases, users, peers", name));
    }
  }

  void Number(std::string_view name, std::string_view value, double* to) {
    if (const std::optional<double> number = NumberOf(value)) {
      *to = *number;
    } else {
      Problem(absl::StrFormat("%s = %s: a whole number is expected", name, value));
    }
  }

  void Mode(std::string_view name, std::string_view value, std::string* to) {
    if (IsMode(value)) {
      *to = value;
    } else {
      Problem(
          absl::StrFormat("%s = %s: session, transaction or statement is expected", name, value));
    }
  }

  void Setting(const std::string& name, std::string_view value) {
    if (name == "pool_mode") {
      config_.pool_mode_line = line_;
      return Mode(name, value, &config_.pool_mode);
    }
    if (name == "max_client_conn") config_.max_client_conn_line = line_;
    if (name == "default_pool_size") config_.default_pool_size_line = line_;
    const std::pair<std::string_view, double*> numbers[] = {
        {"max_client_conn", &config_.max_client_conn},
        {"default_pool_size", &config_.default_pool_size},
        {"min_pool_size", &config_.min_pool_size},
        {"reserve_pool_size", &config_.reserve_pool_size},
        {"max_db_connections", &config_.max_db_connections},
        {"max_user_connections", &config_.max_user_connections}};
    for (const auto& [known, to] : numbers) {
      if (name == known) return Number(name, value, to);
    }
  }

  void Entry(const std::string& name, std::string_view value, std::vector<PoolerEntry>* entries) {
    Words words;
    std::string error;
    if (!ReadWords(value, &words, &error)) {
      return Problem(absl::StrFormat("%s: %s", name, error));
    }
    PoolerEntry& entry = entries->emplace_back();
    entry.name = name;
    entry.line = line_;
    for (const auto& [key, text] : words) {
      if (key == "dbname") entry.database = text;
      if (key == "pool_mode") Mode(key, text, &entry.pool_mode);
      const std::pair<std::string_view, double*> numbers[] = {
          {"pool_size", &entry.pool_size},
          {"min_pool_size", &entry.min_pool_size},
          {"reserve_pool", &entry.reserve_pool},
          {"reserve_pool_size", &entry.reserve_pool},
          {"max_db_connections", &entry.max_db_connections},
          {"max_user_connections", &entry.max_user_connections}};
      for (const auto& [known, to] : numbers) {
        if (key == known) Number(key, text, to);
      }
    }
  }

  PoolerConfig& config_;
  std::vector<PoolerProblem>& problems_;
  Section section_ = Section::kNone;
  uint64_t line_ = 0;
};

}  // namespace

const PoolerEntry* PoolerConfig::DatabaseEntry(std::string_view database) const {
  const PoolerEntry* any = nullptr;
  for (const PoolerEntry& entry : databases) {
    if (entry.name == "*") {
      any = &entry;
    } else if ((entry.database.empty() ? entry.name : entry.database) == database) {
      return &entry;
    }
  }
  return any;
}

double PoolerConfig::PoolSizeOf(const PoolerEntry& database) const {
  return database.pool_size < 0 ? DefaultPoolSize() : database.pool_size;
}

std::string PoolerConfig::ModeOf(const PoolerEntry& database, std::string_view user) const {
  for (const PoolerEntry& entry : users) {
    if (entry.name == user && !entry.pool_mode.empty()) return entry.pool_mode;
  }
  return database.pool_mode.empty() ? Mode() : database.pool_mode;
}

PoolerConfig ReadPoolerConfig(std::string_view text, std::vector<PoolerProblem>* problems) {
  PoolerConfig config;
  Reader(&config, problems).Read(text);
  return config;
}

bool LooksLikePoolerConfig(std::string_view head) {
  while (!head.empty()) {
    const size_t end = std::min(head.find('\n'), head.size());
    std::string_view line = Trim(head.substr(0, end));
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (line.empty() || IsComment(line) || line.starts_with("%include")) continue;
    const std::string name = Lower(line);
    return name == "[pgbouncer]" || name == "[databases]";
  }
  return false;
}

}  // namespace pgsift
