#include "ingest/migration/project_folder.h"

#include <simdjson.h>

#include <algorithm>
#include <system_error>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/text.h"
#include "ingest/file/file_reader.h"
#include "ingest/migration/script_lines.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSettingsBytesMax = uint64_t{4} << 20;

bool Exists(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string Text(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  return ReadFile(path.string(), kSettingsBytesMax).bytes;
}

// All values of a table as text, under dotted names.
void Flatten(const toml::table& table, const std::string& prefix,
             std::map<std::string, std::string, std::less<>>* settings) {
  for (const auto& [key, value] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = value.as_table()) {
      Flatten(*inner, name + ".", settings);
    } else if (const auto text = value.value<std::string>()) {
      settings->insert_or_assign(name, *text);
    } else if (const auto flag = value.value<bool>()) {
      settings->insert_or_assign(name, *flag ? "true" : "false");
    }
  }
}

}  // namespace

std::map<std::string, std::string, std::less<>> ReadProperties(std::string_view text) {
  std::map<std::string, std::string, std::less<>> properties;
  ScriptLines lines(text);
  while (const auto line = lines.Next()) {
    if (line->text.empty() || line->text.front() == '#' || line->text.front() == '!') continue;
    const size_t divider = line->text.find_first_of("=:");
    if (divider == line->text.npos) continue;
    properties.insert_or_assign(std::string(Trim(line->text.substr(0, divider))),
                                std::string(Trim(line->text.substr(divider + 1))));
  }
  return properties;
}

std::map<std::string, size_t, std::less<>> ReadSqitchPlan(std::string_view text) {
  struct Entry {
    std::string name;
    size_t tag = 0;  // How many tags stand before it.
  };
  std::vector<Entry> changes;
  std::vector<std::string> tags;
  ScriptLines lines(text);
  while (const auto line = lines.Next()) {
    std::string_view words = line->text;
    if (words.empty() || words.front() == '%' || words.front() == '#') continue;
    const std::string name(words.substr(0, words.find_first_of(" \t")));
    if (name.front() == '@') {
      tags.push_back(name);
    } else if (name.front() != '-') {  // A line that begins with - is a revert.
      changes.push_back({name, tags.size()});
    }
  }
  std::map<std::string, size_t, std::less<>> listed;
  for (size_t i = 0; i < changes.size(); ++i) {
    std::string stem = changes[i].name;
    const bool reworked =
        std::any_of(changes.begin() + static_cast<std::ptrdiff_t>(i) + 1, changes.end(),
                    [&](const Entry& later) { return later.name == changes[i].name; });
    // Its file took the name of the first tag after it.
    if (reworked && changes[i].tag < tags.size()) stem += tags[changes[i].tag];
    listed.insert_or_assign(std::move(stem), i);
  }
  return listed;
}

std::map<std::string, size_t, std::less<>> ReadDrizzleJournal(const std::string& text) {
  std::map<std::string, size_t, std::less<>> listed;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text).get(root) != simdjson::SUCCESS) return listed;
  simdjson::dom::array entries;
  if (root["entries"].get(entries) != simdjson::SUCCESS) return listed;
  for (const simdjson::dom::element entry : entries) {
    std::string_view tag;
    if (entry["tag"].get(tag) == simdjson::SUCCESS)
      listed.try_emplace(std::string(tag), listed.size());
  }
  return listed;
}

ProjectFolder::ProjectFolder(const fs::path& folder, const ProjectFolder* above) {
  if (above != nullptr) Inherit(*above);
  Names names;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) return;
  for (const fs::directory_entry& entry : entries) names.insert(entry.path().filename().string());
  atlas = names.contains("atlas.sum");
  snapshot_beside = names.contains("snapshot.json");
  if (names.contains("metadata.toml")) {
    const toml::parse_result metadata = toml::parse(Text(folder / "metadata.toml"));
    if (metadata) run_in_transaction = metadata.table()["run_in_transaction"].value<bool>();
  }
  if (names.contains("migration_lock.toml")) {
    const toml::parse_result lock = toml::parse(Text(folder / "migration_lock.toml"));
    const std::string provider = lock ? lock.table()["provider"].value_or<std::string>("") : "";
    of_other_database = !provider.empty() && !provider.starts_with("postgres");
  }
  ReadLists(folder, names);
  ReadFlyway(folder, names);
  hasura = hasura || (names.contains("config.yaml") && names.contains("metadata"));
  dbup = dbup || NamesDbUp(folder, names);
  diesel = diesel || names.contains("diesel.toml");
  graphile = graphile || names.contains(".gmrc") || names.contains(".gmrc.js");
  tern_here_ = names.contains("tern.conf");
  tern = tern || tern_here_;
  yoyo = yoyo || names.contains("yoyo.ini");
  liquibase = liquibase || HoldsChangelog(folder, names);
  if (names.contains("Cargo.toml")) ReadCargo(folder / "Cargo.toml");
  if (names.contains("package.json")) ReadPackage(folder / "package.json");
}

void ProjectFolder::Inherit(const ProjectFolder& above) {
  *this = above;
  // These speak of their own folder only, or of the one below it.
  atlas = false;
  snapshot_beside = false;
  run_in_transaction.reset();
  tern = above.tern_here_;
  ++list_above;
  if (!list_folder.empty() && !listed_by_sqitch && list_above > 1) {
    list_folder.clear();
    listed.clear();
  }
}

bool ProjectFolder::HoldsChangelog(const fs::path& folder, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const std::string lower = Lower(name);
    const bool named =
        lower.ends_with(".xml") || lower.ends_with(".yaml") || lower.ends_with(".yml");
    return named && lower.find("changelog") != lower.npos &&
           Text(folder / name).find("databaseChangeLog") != std::string::npos;
  });
}

bool ProjectFolder::NamesDbUp(const fs::path& folder, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const bool project = name.ends_with(".csproj") || name.ends_with(".fsproj") ||
                         name == "Directory.Packages.props";
    return project && Lower(Text(folder / name)).find("dbup-postgresql") != std::string::npos;
  });
}

void ProjectFolder::ReadLists(const fs::path& folder, const Names& names) {
  if (names.contains("meta") && Exists(folder / "meta/_journal.json")) {
    listed = ReadDrizzleJournal(Text(folder / "meta/_journal.json"));
    list_folder = folder.string();
    list_above = 0;
    listed_by_sqitch = false;
  }
  // sqitch.plan, or what the settings call it; other tools that follow sqitch have their own names.
  for (const std::string& name : names) {
    if (!name.ends_with(".plan")) continue;
    const std::string plan = Text(folder / name);
    if (name != "sqitch.plan" && !plan.starts_with("%syntax-version")) continue;
    listed = ReadSqitchPlan(plan);
    list_folder = folder.string();
    list_above = 0;
    listed_by_sqitch = true;
  }
}

void ProjectFolder::ReadFlyway(const fs::path& folder, const Names& names) {
  const auto take = [&](const std::map<std::string, std::string, std::less<>>& found,
                        std::string_view prefix) {
    for (const auto& [name, value] : found) {
      if (!name.starts_with(prefix)) continue;
      flyway = true;
      flyway_settings.insert_or_assign(name.substr(prefix.size()), value);
    }
  };
  if (names.contains("conf")) take(ReadProperties(Text(folder / "conf/flyway.conf")), "flyway.");
  if (names.contains("flyway.conf")) take(ReadProperties(Text(folder / "flyway.conf")), "flyway.");
  if (names.contains("flyway.toml")) {
    std::map<std::string, std::string, std::less<>> found;
    const toml::parse_result parsed = toml::parse(Text(folder / "flyway.toml"));
    if (parsed) Flatten(parsed.table(), "", &found);
    take(found, "flyway.");
  }
  if (names.contains("application.properties")) {
    take(ReadProperties(Text(folder / "application.properties")), "spring.flyway.");
  }
  for (std::string_view file :
       {"pom.xml", "build.gradle", "build.gradle.kts", "flyway.conf", "flyway.toml"}) {
    flyway = flyway || names.contains(file);
  }
}

void ProjectFolder::ReadCargo(const fs::path& file) {
  if (!Exists(file)) return;
  const toml::parse_result parsed = toml::parse(Text(file));
  if (!parsed) return;
  for (const char* section : {"dependencies", "dev-dependencies", "build-dependencies"}) {
    for (const auto* root : {&parsed.table(), parsed.table()["workspace"].as_table()}) {
      if (root == nullptr) continue;
      const toml::table* names = (*root)[section].as_table();
      if (names == nullptr) continue;
      sqlx = sqlx || names->contains("sqlx");
      refinery = refinery || names->contains("refinery");
      diesel = diesel || names->contains("diesel");
    }
  }
}

void ProjectFolder::ReadPackage(const fs::path& file) {
  if (!Exists(file)) return;
  const std::string text = Text(file);
  node_pg_migrate = node_pg_migrate || text.find("\"node-pg-migrate\"") != std::string::npos;
  postgres_migrations =
      postgres_migrations || text.find("\"postgres-migrations\"") != std::string::npos;
  graphile = graphile || text.find("\"graphile-migrate\"") != std::string::npos;
}

}  // namespace pgsift
