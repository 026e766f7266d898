#include "rules/version_mark.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace pgsift {
namespace {

// Tables of many rows that have versions (of documents, of apps) hold more than that.
constexpr size_t kColumnsMax = 4;

bool Speaks(const std::string& name) {
  const std::string lower = Lower(name);
  for (const char* word : {"version", "release", "revision", "migration"}) {
    if (lower.find(word) != lower.npos) return true;
  }
  return false;
}

}  // namespace

bool MarksVersion(const Update& update, const Relation* table) {
  if (!update.from.empty() || !update.with.tables.empty()) return false;
  const bool constant = std::all_of(
      update.assignments.begin(), update.assignments.end(), [](const Target& assignment) {
        const Expr& value = assignment.expr;
        return value.kind == ExprKind::kConstant ||
               (value.kind == ExprKind::kCast && value.args.size() == 1 &&
                value.args.front().kind == ExprKind::kConstant);
      });
  if (!constant) return false;
  const bool spoken =
      std::any_of(update.assignments.begin(), update.assignments.end(),
                  [](const Target& assignment) { return Speaks(assignment.alias); });
  if (table == nullptr) return spoken && Speaks(update.relation.name.name);
  // What is set in every column of every row is one row.
  if (!update.where.has_value() && update.assignments.size() == table->columns.size()) {
    return spoken || Speaks(table->name.name);
  }
  return spoken && Speaks(table->name.name) && table->columns.size() <= kColumnsMax;
}

}  // namespace pgsift
