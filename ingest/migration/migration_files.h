#ifndef PGSIFT_INGEST_MIGRATION_MIGRATION_FILES_H_
#define PGSIFT_INGEST_MIGRATION_MIGRATION_FILES_H_

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/source.h"
#include "ingest/migration/dialect.h"
#include "ingest/migration/migration_script.h"
#include "ingest/migration/project_folder.h"

namespace pgsift {

// What pgsift.toml says about migrations.
struct MigrationSettings {
  const DialectTraits* dialect = nullptr;  // Null: told from each file and its neighbours.
  std::optional<ToolTransaction> transaction;
  PlaceholderValues placeholders;
  // Files that differ: the last glob that matches wins.
  struct FileSettings {
    std::string glob;
    const DialectTraits* dialect = nullptr;
    std::optional<ToolTransaction> transaction;
  };
  std::vector<FileSettings> files;
};

// Tells whose conventions migrations follow, and puts them in the order in which they run. Looks at
// their folders, each once. Not thread-safe.
class MigrationFiles {
 public:
  explicit MigrationFiles(const MigrationSettings& settings) : settings_(settings) {}

  // From the settings, else from the file's markers, its name, and what lies beside it.
  Dialect DialectOf(const std::string& path, std::string_view text);

  // Names the dialect and the role of every migration in `files`, and sorts those of one tool and
  // one folder into the order in which the tool runs them. All else stays where it is.
  void Arrange(std::vector<SourceFile>* files);

  // What the file's neighbours and the settings say about how it runs.
  ScriptContext ContextOf(Dialect dialect, const std::string& path);

 private:
  // What lies beside `path` and above it.
  const ProjectFolder& FolderAt(const std::string& path);
  const ProjectFolder& FolderNamed(const std::filesystem::path& folder);
  Dialect ByName(const std::string& path);

  const MigrationSettings& settings_;
  std::map<std::string, std::unique_ptr<ProjectFolder>, std::less<>> folders_;  // By full path.
  std::map<std::string, const ProjectFolder*, std::less<>> of_path_;  // By folder as written.
};

// What the lines of a file say; nothing: they could be anyone's.
std::optional<Dialect> DialectByMarkers(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_MIGRATION_FILES_H_
