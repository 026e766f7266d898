#ifndef PGSIFT_INGEST_FILE_DISCOVERY_H_
#define PGSIFT_INGEST_FILE_DISCOVERY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace pgsift {

class MigrationFiles;

struct DiscoveryOptions {
  // SQL, plans and statistics are read whole, up to this size.
  uint64_t whole_file_bytes_max = uint64_t{1} << 30;
  uint64_t held_plans_bytes_max = uint64_t{64} << 20;  // Longer files of plans are not held.
  // All files are of this kind, whatever they look like; kUnknown: their content tells.
  InputKind assume = InputKind::kUnknown;
  // Which tool's conventions the migrations follow; null: nothing is told about them.
  MigrationFiles* migrations = nullptr;
  // Name of standard input in reports.
  std::string stdin_name = "<stdin>";
};

// What could not be used: one line each, naming the path and the way out.
struct DiscoveryProblem {
  std::string path;
  std::string message;
};

// Finds the files under `paths` (files, folders, "-" for standard input), tells from its content
// what each is, and adds it to *sources. SQL, plans and statistics get their text, a byte-order
// mark and all; logs only path and size. Migrations come in the order in which their tool runs
// them. Folders are walked in order of their names, numbers in them compared as numbers; hidden
// files and folders, node_modules and links to folders are passed over. Files of a folder that are
// nothing known are left out silently; files named by the user are reported.
std::vector<DiscoveryProblem> Discover(const std::vector<std::string>& paths,
                                       const DiscoveryOptions& options, SourceSet* sources);

// What the beginning of a file says that it is. `path` decides only where the content leaves a
// choice.
InputKind KindOf(std::string_view path, std::string_view start, std::string* format);

// Orders names as people do: digits compare as numbers, so 9 comes before 10.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_FILE_DISCOVERY_H_
