#include "ingest/migration/migration_parts.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace pgsift {
namespace {

constexpr auto kDownLines =
    std::to_array<std::string_view>({"-- +goose down", "-- +migrate down", "-- migrate:down",
                                     "-- +micrate down", "---- create above / drop below ----"});

bool BeginsDown(std::string_view line) {
  const std::string_view trimmed = Trim(line);
  return std::any_of(kDownLines.begin(), kDownLines.end(),
                     [&](std::string_view mark) { return StartsWithIgnoringCase(trimmed, mark); });
}

}  // namespace

bool IsDownFile(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string name = Lower(slash == path.npos ? path : path.substr(slash + 1));
  const std::string_view folders = slash == path.npos ? std::string_view() : path.substr(0, slash);
  const size_t parent_at = folders.rfind('/');
  const std::string parent =
      Lower(parent_at == folders.npos ? folders : folders.substr(parent_at + 1));
  if (name == "down.sql" || name.ends_with(".down.sql") || name.ends_with("_down.sql")) return true;
  if (parent == "revert" || parent == "undo" || parent == "down") return true;
  // Flyway's undo migrations: U12__name.sql.
  return name.size() > 4 && name[0] == 'u' && name[1] >= '0' && name[1] <= '9' &&
         name.find("__") != std::string::npos;
}

std::string_view UpPart(std::string_view text) {
  size_t line = 0;
  while (line < text.size()) {
    const size_t end = std::min(text.find('\n', line), text.size());
    const bool mark = text[line] == '-' && BeginsDown(text.substr(line, end - line));
    if (mark) return text.substr(0, line);
    line = end + 1;
  }
  return text;
}

}  // namespace pgsift
