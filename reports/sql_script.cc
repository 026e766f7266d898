// The maintenance that findings ask for, as one commented script for psql.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/places.h"
#include "reports/report.h"
#include "reports/text_style.h"

namespace pgsift {
namespace {

constexpr size_t kWidth = 100;

// As SQL comments: nothing of an input may end one.
void Comment(std::string_view text, std::string* out) {
  *out += "-- " + Wrapped(Printable(OneLine(text, 2000)), kWidth - 3, "-- ") + "\n";
}

}  // namespace

std::string RenderSql(const Report& report) {
  if (report.command == "indexes") return RenderIndexSql(report);
  std::string out;
  Comment(
      "Maintenance that pgsift proposes. Nothing has been run: read it, then run it with psql, "
      "outside of a transaction block, section by section.",
      &out);
  Comment("psql -X -v ON_ERROR_STOP=1 -f FILE", &out);
  out += "\n";
  if (report.maintenance.empty()) {
    Comment("Nothing to do.", &out);
    return out;
  }
  std::string section;
  for (const MaintenanceStep& step : report.maintenance) {
    if (step.section != section) {
      section = step.section;
      out += "-- ===== " + section + " =====\n\n";
    }
    Comment(absl::StrFormat("[%s] %s", step.rule, step.why), &out);
    for (const std::string& effect : step.effects) Comment(effect, &out);
    if (step.by_hand) {
      Comment("By hand, after thought:", &out);
      std::string_view rest = step.sql;
      while (!rest.empty()) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        out += "--   " + std::string(rest.substr(0, end)) + "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      out += "\n";
    } else {
      out += step.sql + "\n\n";
    }
  }
  return out;
}

}  // namespace pgsift
