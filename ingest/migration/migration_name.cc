#include "ingest/migration/migration_name.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "ingest/file/discovery.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// How many of the first characters are digits.
size_t Digits(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && IsDigit(text[size])) ++size;
  return size;
}

std::string_view WithoutZeros(std::string_view number) {
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

int CompareNumbers(std::string_view a, std::string_view b) {
  a = WithoutZeros(a);
  b = WithoutZeros(b);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

// V1.2__name, U…, B…, R__name; callbacks are named after what they follow or precede.
void ReadFlyway(std::string_view stem, MigrationName* name) {
  using Turn = MigrationName::Turn;
  const size_t divider = stem.find("__");
  const char prefix = stem.empty() ? '\0' : stem.front();
  if (divider != stem.npos && divider > 0) {
    name->description = std::string(stem.substr(divider + 2));
    const std::string_view version = stem.substr(1, divider - 1);
    if (prefix == 'R' && version.empty()) {
      name->turn = Turn::kRepeatable;
      return;
    }
    if (!version.empty() && IsDigit(version.front()) &&
        (prefix == 'V' || prefix == 'U' || prefix == 'B')) {
      name->version = std::string(version);
      if (prefix == 'U') name->role = MigrationRole::kRevert;
      name->baseline = prefix == 'B';
      return;
    }
  }
  name->description = std::string(stem);
  if (stem.starts_with("before")) name->turn = Turn::kBefore;
  if (stem.starts_with("after")) name->turn = Turn::kAfter;
  if (stem.find("Undo") != stem.npos) name->role = MigrationRole::kRevert;
}

// What a file that undoes another may be called at its end, behind - or _.
constexpr auto kUndoWords = std::to_array<std::string_view>({"down", "rollback", "undo", "revert"});

bool EndsInWord(std::string_view stem, std::string_view word) {
  if (stem.size() <= word.size() + 1 || !stem.ends_with(word)) return false;
  const char divider = stem[stem.size() - word.size() - 1];
  return divider == '-' || divider == '_';
}

// The stem of a name without its `.sql`, and whether `.up`, `.down` or their like stood before it.
std::string_view Stem(std::string_view file, MigrationRole* role) {
  for (std::string_view packed : {".gz", ".zst", ".xz", ".bz2", ".lz4"}) {
    if (file.ends_with(packed)) file.remove_suffix(packed.size());
  }
  if (file.size() > 4 && EqualsIgnoringCase(file.substr(file.size() - 4), ".sql")) {
    file.remove_suffix(4);
  }
  const std::string lower = Lower(file);
  for (std::string_view down : {".down", ".rollback", ".undo"}) {
    if (!lower.ends_with(down)) continue;
    *role = MigrationRole::kRevert;
    return file.substr(0, file.size() - down.size());
  }
  if (lower == "down") *role = MigrationRole::kRevert;
  for (std::string_view word : kUndoWords) {
    if (EndsInWord(lower, word)) return file.substr(0, file.size() - word.size() - 1);
  }
  for (std::string_view up : {".up", ".do", "_up", "-up"}) {
    if (lower.ends_with(up)) return file.substr(0, file.size() - up.size());
  }
  return file;
}

// The folder says what its files are for.
MigrationRole RoleOfFolder(std::string_view folder) {
  const std::string name = Lower(FileName(folder));
  for (std::string_view undo : {"revert", "undo", "down", "rollback", "rollbacks"}) {
    if (name == undo) return MigrationRole::kRevert;
  }
  if (name == "verify") return MigrationRole::kVerify;
  return MigrationRole::kApply;
}

}  // namespace

std::string_view MigrationRoleName(MigrationRole role) {
  switch (role) {
    case MigrationRole::kApply:
      return "apply";
    case MigrationRole::kRevert:
      return "revert";
    case MigrationRole::kVerify:
      return "verify";
    case MigrationRole::kBaseline:
      return "baseline";
    case MigrationRole::kOtherDatabase:
      return "other-database";
  }
  return "apply";
}

std::string_view FileName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

std::string_view FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

std::string_view ParentName(std::string_view path) { return FileName(FolderOf(path)); }

std::string_view SqitchChange(std::string_view path) {
  size_t found = 0;
  for (std::string_view folder : {"deploy/", "revert/", "verify/"}) {
    for (size_t at = path.find(folder); at != path.npos; at = path.find(folder, at + 1)) {
      if (at == 0 || path[at - 1] == '/') found = std::max(found, at + folder.size());
    }
  }
  return found == 0 ? std::string_view() : path.substr(found);
}

std::vector<std::string> UndoneBy(std::string_view path) {
  const std::string lower = Lower(path);
  constexpr std::string_view kSuffix = ".sql";
  if (!lower.ends_with(kSuffix)) return {};
  const std::string_view stem = std::string_view(lower).substr(0, lower.size() - kSuffix.size());
  for (std::string_view word : kUndoWords) {
    if (!EndsInWord(stem, word)) continue;
    const std::string rest(path.substr(0, stem.size() - word.size() - 1));
    const std::string suffix(path.substr(stem.size()));
    const char divider = path[stem.size() - word.size() - 1];
    return {rest + divider + "up" + suffix, rest + suffix};
  }
  return {};
}

MigrationName ReadMigrationName(Dialect dialect, std::string_view path) {
  MigrationName name;
  name.role = RoleOfFolder(FolderOf(path));
  std::string_view stem = Stem(FileName(path), &name.role);
  if (dialect == Dialect::kFlyway) {
    ReadFlyway(stem, &name);
    return name;
  }
  if (const std::string_view change = SqitchChange(path);
      dialect == Dialect::kSqitch && !change.empty()) {
    // Changes may have folders of their own in their names.
    name.role = RoleOfFolder(FolderOf(path.substr(0, path.size() - change.size())));
    stem = change.substr(0, change.size() - (change.ends_with(".sql") ? 4 : 0));
  }
  if (TraitsOf(dialect).folder_each) stem = ParentName(path);
  if (dialect == Dialect::kRefinery && stem.size() > 1) stem.remove_prefix(1);
  // Flyway's undo migrations, in a folder of which no more is known.
  if (dialect == Dialect::kSql && stem.size() > 4 && stem[0] == 'U' && IsDigit(stem[1]) &&
      stem.find("__") != stem.npos) {
    name.role = MigrationRole::kRevert;
  }
  size_t end = Digits(stem);
  while (end > 0 && end + 1 < stem.size() && (stem[end] == '.' || stem[end] == '-') &&
         IsDigit(stem[end + 1])) {
    end += 1 + Digits(stem.substr(end + 1));
  }
  name.version = std::string(stem.substr(0, end));
  name.description = std::string(stem.substr(std::min(stem.size(), end)));
  // 001.do.name.sql and 001.undo.name.sql: what a file does stands before what it is called.
  for (std::string_view action : {".do.", ".undo."}) {
    if (dialect != Dialect::kPostgrator || !name.description.starts_with(action)) continue;
    if (action == ".undo.") name.role = MigrationRole::kRevert;
    name.description.erase(0, action.size() - 1);
  }
  return name;
}

int CompareDotted(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view* rest) {
    const size_t end = std::min(rest->find_first_of("._-"), rest->size());
    const std::string_view part = rest->substr(0, end);
    rest->remove_prefix(std::min(end + 1, rest->size()));
    return part.empty() ? std::string_view("0") : part;
  };
  while (!a.empty() || !b.empty()) {
    if (const int order = CompareNumbers(next(&a), next(&b)); order != 0) return order;
  }
  return 0;
}

bool RunsBefore(VersionOrder order, const MigrationName& a, std::string_view path_a,
                const MigrationName& b, std::string_view path_b) {
  if (a.turn != b.turn) return a.turn < b.turn;
  if (a.turn != MigrationName::Turn::kVersioned) {
    if (a.description != b.description) return a.description < b.description;
    return path_a < path_b;
  }
  switch (order) {
    case VersionOrder::kNatural:
    case VersionOrder::kListed:
      return NaturalLess(path_a, path_b);
    case VersionOrder::kText:
      return path_a < path_b;
    case VersionOrder::kNumber:
    case VersionOrder::kDotted:
      // Names without a version come last: the tools pass over them.
      if (a.version.empty() != b.version.empty()) return b.version.empty();
      if (const int versions = CompareDotted(a.version, b.version); versions != 0) {
        return versions < 0;
      }
      if (a.baseline != b.baseline) return a.baseline;
      return path_a < path_b;
  }
  return path_a < path_b;
}

}  // namespace pgsift
