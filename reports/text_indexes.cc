// Advice about indexes, as text with the SQL to run.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

constexpr size_t kServedShown = 3;

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
      const auto line = [&](const std::string& text) {
        out += "       " + style.Dim(Wrapped(text, options.width - 7, "       ")) + "\n";
      };
      if (!index.required_sql.empty()) line("first: " + index.required_sql);
      line(index.benefit);
      line(absl::StrFormat("confidence %s; about %s; %s", index.confidence, HumanBytes(index.bytes),
                           index.writes));
      for (size_t i = 0; i < index.served.size() && i < kServedShown; ++i) {
        const ServedQueryAdvice& query = index.served[i];
        line(absl::StrFormat("%.0f -> %.0f  %s", query.cost_before, query.cost_after,
                             OneLine(query.query, options.width > 40 ? options.width - 30 : 40)));
      }
      if (index.served.size() > kServedShown)
        line(absl::StrFormat("and %d more statements", index.served.size() - kServedShown));
      for (const std::string& sql : index.replaces_sql)
        line("then: " + sql + " (it does the same)");
    }
    if (indexes.cost_before > 0) {
      out += style.Dim(absl::StrFormat("       together: planner cost of the workload %s -> %s\n",
                                       Grouped(static_cast<uint64_t>(indexes.cost_before)),
                                       Grouped(static_cast<uint64_t>(indexes.cost_after))));
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
  if (!indexes.remarks.empty()) {
    out += style.Bold(absl::StrFormat("Other remarks (%d)\n", indexes.remarks.size()));
    for (const IndexRemark& remark : indexes.remarks) {
      out += absl::StrFormat("  %s: %s\n", remark.kind,
                             remark.index.empty() ? remark.table : remark.index);
      out += "      " + style.Dim(Wrapped(remark.reason, options.width - 6, "      ")) + "\n";
      if (!remark.sql.empty()) out += "      " + remark.sql + "\n";
    }
    out += "\n";
  }
  if (!indexes.rejected.empty() && !indexes.recommended.empty()) {
    out += style.Bold("Considered and left out\n");
    for (size_t i = 0; i < indexes.rejected.size() && i < 5; ++i) {
      out += "  " + indexes.rejected[i].sql + "\n";
      out += "      " +
             style.Dim(Wrapped(indexes.rejected[i].reason, options.width - 6, "      ")) + "\n";
    }
    out += "\n";
  }
  if (out.empty()) out = "No index to create or to drop.\n\n";
  for (const std::string& note : indexes.notes)
    out += style.Dim("note: " + Wrapped(note, options.width - 6, "      ")) + "\n";
  if (!indexes.notes.empty()) out += "\n";
  return out;
}

}  // namespace pgsift
