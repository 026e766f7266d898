#include "ingest/migration/other_database.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "ingest/migration/migration_name.h"

namespace pgsift {
namespace {

// Names that say by themselves that a script is none of PostgreSQL's,
constexpr auto kUnmistakable =
    std::to_array<std::string_view>({"mysql", "mariadb", "sqlite", "sqlite3", "mssql", "sqlserver",
                                     "cockroachdb", "hsqldb", "clickhouse", "bigquery", "duckdb"});
// and those that mean other things too: they count beside PostgreSQL's name in the same place.
constexpr auto kAmbiguous = std::to_array<std::string_view>(
    {"oracle", "cockroach", "crdb", "h2", "db2", "derby", "snowflake", "spanner", "ndb"});
constexpr auto kOurs =
    std::to_array<std::string_view>({"postgres", "postgresql", "pgsql", "pg", "psql"});

// Words that may stand beside such a name and leave it what it is: "mysql-migrations",
// "schema_sqlite.sql".
constexpr auto kNeutral = std::to_array<std::string_view>(
    {"migration", "migrations", "schema", "schemas", "sql",     "db",
     "database",  "ddl",        "script", "scripts", "upgrade", "upgrades",
     "update",    "updates",    "patch",  "patches", "change",  "changes",
     "create",    "install",    "init",   "initial", "setup",   "structure",
     "tables",    "seed",       "seeds",  "legacy",  "example", "examples"});

template <typename Names>
bool Holds(const Names& names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

// A word of a path between two of `dividers`.
struct Word {
  size_t begin = 0;
  std::string_view text;
};

std::vector<Word> Words(std::string_view path, std::string_view dividers) {
  std::vector<Word> words;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find_first_of(dividers, begin), path.size());
    if (end > begin) words.push_back({begin, path.substr(begin, end - begin)});
    begin = end + 1;
  }
  return words;
}

// "mysql", "mysql-migrations"; not "mysql-import".
bool NamesAnother(std::string_view name) {
  bool another = false;
  for (const Word& word : Words(name, ".-_")) {
    if (Holds(kUnmistakable, word.text)) {
      another = true;
    } else if (!Holds(kNeutral, word.text)) {
      return false;
    }
  }
  return another;
}

// Whether a folder is named after another database, or the file, or a part of its name that dots
// divide.
bool NamedAlone(std::string_view path) {
  const size_t file = path.size() - FileName(path).size();
  for (const Word& word : Words(path.substr(0, file), "/")) {
    if (NamesAnother(word.text)) return true;
  }
  if (NamesAnother(path.substr(file))) return true;
  for (const Word& word : Words(path.substr(file), ".")) {
    if (Holds(kUnmistakable, word.text)) return true;
  }
  return false;
}

// Whether PostgreSQL's name in the place of the other one's is a path that is there too: for a
// folder's name the folder, for the file's the file.
bool HasOurs(std::string_view path, const std::set<std::string, std::less<>>& known) {
  for (const Word& word : Words(path, "/.-_")) {
    if (!Holds(kUnmistakable, word.text) && !Holds(kAmbiguous, word.text)) continue;
    for (std::string_view ours : kOurs) {
      std::string other(path.substr(0, word.begin));
      other += ours;
      other += path.substr(word.begin + word.text.size());
      const size_t folder_end = other.find('/', word.begin);
      if (known.contains(other.substr(0, folder_end))) return true;
    }
  }
  return false;
}

// "mysql-legacy.sql" beside "pgsql.sql".
bool NamedBesideOurs(std::string_view path, const std::set<std::string, std::less<>>& ours_in) {
  const std::vector<Word> words = Words(FileName(path), ".-_");
  return !words.empty() && Holds(kUnmistakable, words.front().text) &&
         ours_in.contains(FolderOf(path));
}

// Whether PostgreSQL's place for the file is one folder further down, with folders of other
// databases beside it: what lies outside of these is of the database that needs no name.
bool OursIsBelow(std::string_view path, const std::set<std::string, std::less<>>& known) {
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    const std::string above(path.substr(0, slash + 1));
    const std::string_view rest = path.substr(slash + 1);
    const bool several = std::any_of(
        kUnmistakable.begin(), kUnmistakable.end(),
        [&](std::string_view other) { return known.contains(above + std::string(other)); });
    if (!several) continue;
    for (std::string_view ours : kOurs) {
      const std::string place = above + std::string(ours) + "/";
      if (known.contains(place + std::string(rest))) return true;
      const std::string_view folder = FolderOf(rest);
      if (!folder.empty() && known.contains(place + std::string(folder))) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<bool> OfOtherDatabases(const std::vector<std::string>& paths) {
  std::vector<std::string> lower;
  std::set<std::string, std::less<>> known;  // Files and folders.
  lower.reserve(paths.size());
  for (const std::string& path : paths) {
    lower.push_back(Lower(path));
    for (std::string_view up = lower.back(); !up.empty(); up = FolderOf(up)) {
      if (!known.emplace(up).second) break;
    }
  }
  std::set<std::string, std::less<>> ours_in;  // Folders with files that are named after ours.
  for (const std::string& path : lower) {
    for (const Word& word : Words(FileName(path), ".-_")) {
      if (Holds(kOurs, word.text)) ours_in.emplace(FolderOf(path));
    }
  }
  std::vector<bool> others(paths.size());
  bool any_left = false;
  for (size_t i = 0; i < paths.size(); ++i) {
    others[i] = NamedAlone(lower[i]) || HasOurs(lower[i], known) ||
                NamedBesideOurs(lower[i], ours_in) || OursIsBelow(lower[i], known);
    any_left = any_left || (!others[i] && !paths[i].empty());
  }
  if (!any_left) others.assign(paths.size(), false);
  return others;
}

}  // namespace pgsift
