#ifndef PGSIFT_INGEST_MIGRATION_PROJECT_FOLDER_H_
#define PGSIFT_INGEST_MIGRATION_PROJECT_FOLDER_H_

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ingest/migration/migration_script.h"

namespace pgsift {

// What lies in a folder of migrations and above it: the files by which tools are told apart and
// configured. Reads the disk when it is made; files that are missing or broken say nothing.
class ProjectFolder {
 public:
  // `above` is what was found in the folders above it, or null at a project's root.
  ProjectFolder(const std::filesystem::path& folder, const ProjectFolder* above);

  bool atlas = false;                // atlas.sum, here.
  bool flyway = false;               // flyway.conf, flyway.toml, or a project of Maven or Gradle.
  bool hasura = false;               // config.yaml with metadata beside it.
  bool liquibase = false;            // A changelog in XML or YAML, here or above.
  bool sqlx = false;                 // Cargo.toml that names sqlx.
  bool refinery = false;             // Cargo.toml that names refinery.
  bool dbup = false;                 // A .NET project that names DbUp for PostgreSQL.
  bool diesel = false;               // diesel.toml.
  bool node_pg_migrate = false;      // package.json that names it.
  bool postgres_migrations = false;  // The same.
  bool graphile = false;             // .gmrc.
  bool tern = false;                 // tern.conf, here or one folder further up.
  bool yoyo = false;                 // yoyo.ini.
  bool of_other_database = false;    // Prisma's migration_lock.toml names another provider.
  bool snapshot_beside = false;      // snapshot.json, here: Drizzle's folder for each migration.

  // The tool's own list: what stands for a file in it, and the file's number.
  std::map<std::string, size_t, std::less<>> listed;
  std::string list_folder;  // Where the list lies; empty: there is none.
  size_t list_above = 0;    // How many folders further up that is.
  bool listed_by_sqitch = false;

  // Flyway's settings: "placeholders.schema", "executeInTransaction" …
  std::map<std::string, std::string, std::less<>> flyway_settings;
  std::optional<bool> run_in_transaction;  // Diesel's metadata.toml, here.

 private:
  bool tern_here_ = false;

  using Names = std::set<std::string, std::less<>>;
  void Inherit(const ProjectFolder& above);
  static bool HoldsChangelog(const std::filesystem::path& folder, const Names& names);
  void ReadLists(const std::filesystem::path& folder, const Names& names);
  void ReadFlyway(const std::filesystem::path& folder, const Names& names);
  static bool NamesDbUp(const std::filesystem::path& folder, const Names& names);
  void ReadCargo(const std::filesystem::path& file);
  void ReadPackage(const std::filesystem::path& file);
};

// Settings in the form of Java's properties: `name=value` lines, # and ! begin comments.
std::map<std::string, std::string, std::less<>> ReadProperties(std::string_view text);
// sqitch.plan: which file is deployed as which, counted from 0. A change that is worked on again
// has its earlier file named after the tag that stands between.
std::map<std::string, size_t, std::less<>> ReadSqitchPlan(std::string_view text);
// Drizzle's meta/_journal.json: the tags of its entries, in their order.
std::map<std::string, size_t, std::less<>> ReadDrizzleJournal(const std::string& text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_PROJECT_FOLDER_H_
