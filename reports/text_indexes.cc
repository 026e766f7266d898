// Advice about indexes, as text with the SQL to run.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

void Redundant(const char* title, const std::vector<RedundantIndexAdvice>& list,
               const RenderOptions& options, const TextStyle& style, std::string* out) {
  if (list.empty()) return;
  *out += style.Bold(absl::StrFormat("%s (%d)\n", title, list.size()));
  for (const RedundantIndexAdvice& advice : list) {
    *out += "  " + advice.sql + "\n";
    *out += "      " + style.Dim(Wrapped(advice.reason, options.width - 6, "      ")) + "\n";
    *out += "      " + style.Dim("undo: " + advice.undo_sql) + "\n";
  }
  *out += "\n";
}

}  // namespace

std::string TextIndexes(const IndexAdvice& indexes, const RenderOptions& options,
                        const TextStyle& style) {
  std::string out;
  if (!indexes.recommended.empty()) {
    out += style.Bold(absl::StrFormat("Indexes to create (%d)\n", indexes.recommended.size()));
    for (const RecommendedIndex& index : indexes.recommended) {
      out += absl::StrFormat("  %3.0f  %s\n", index.score, style.Bold(index.sql));
      out += "       " + style.Dim(Wrapped(index.benefit, options.width - 7, "       ")) + "\n";
    }
    out += "\n";
  }
  Redundant("Duplicate indexes", indexes.duplicate, options, style, &out);
  Redundant("Redundant indexes", indexes.redundant, options, style, &out);
  if (!indexes.unused.empty()) {
    out += style.Bold(absl::StrFormat("Unused indexes (%d)\n", indexes.unused.size()));
    for (const UnusedIndexAdvice& advice : indexes.unused) {
      out += absl::StrFormat("  %s  -- %s, %s\n", advice.sql,
                             HumanBytes(static_cast<double>(advice.bytes)), advice.reason);
    }
    out += "\n";
  }
  if (out.empty()) out = "No index to create or to drop.\n\n";
  return out;
}

}  // namespace pgsift
