#ifndef PGSIFT_INGEST_MIGRATION_MIGRATION_NAME_H_
#define PGSIFT_INGEST_MIGRATION_MIGRATION_NAME_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/migration/dialect.h"

namespace pgsift {

// What a file is for. Only what is applied is folded and linted.
enum class MigrationRole : uint8_t {
  kApply,          // It runs when the database is brought up to date.
  kRevert,         // It undoes another file.
  kVerify,         // It checks that another one ran.
  kBaseline,       // It stands for versions whose own files are there too.
  kOtherDatabase,  // It is for another database than PostgreSQL.
};
// "apply", "revert", "verify", "baseline", "other-database".
std::string_view MigrationRoleName(MigrationRole role);

// What a file's path says, read as its dialect reads it.
struct MigrationName {
  MigrationRole role = MigrationRole::kApply;
  // Which of the dialect's runs it takes part in: callbacks before, versions, repeatable files,
  // callbacks after.
  enum class Turn : uint8_t { kBefore, kVersioned, kRepeatable, kAfter } turn = Turn::kVersioned;
  bool baseline = false;    // Flyway's B…__: stands for all versions up to its own.
  std::string version;      // "1.10", "20240131120000"; empty: the name has none.
  std::string description;  // What follows the version.
};

MigrationName ReadMigrationName(Dialect dialect, std::string_view path);

// Whether `a` runs before `b`, both of one dialect; names decide where versions are equal.
bool RunsBefore(VersionOrder order, const MigrationName& a, std::string_view path_a,
                const MigrationName& b, std::string_view path_b);

// Compares versions whose parts dots, underscores or dashes divide, each part as a number of any
// length: below 0, 0 or above 0. Parts that are missing count as 0.
int CompareDotted(std::string_view a, std::string_view b);

// Which change of sqitch's a file deploys, reverts or verifies: what follows the last folder of
// that name, "" if there is none.
std::string_view SqitchChange(std::string_view path);

// Files that a file with a name like `x_down.sql` or `x-rollback.sql` may undo: `x_up.sql`,
// `x.sql`. Only if one is there does it undo anything: such words may be a part of a name.
std::vector<std::string> UndoneBy(std::string_view path);

// The last part of a path, and the one before it.
std::string_view FileName(std::string_view path);
std::string_view ParentName(std::string_view path);
// The path without its last part; "" if it has only one.
std::string_view FolderOf(std::string_view path);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_MIGRATION_NAME_H_
