#include "base/text.h"

#include "absl/strings/str_format.h"
#include "reports/report.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

std::string Skipped(const SourceSet& sources, const TextStyle& style) {
  std::string out;
  for (size_t i = 0; i < sources.size(); ++i) {
    const SourceFile& source = sources[sources.id(i)];
    if (!source.error.empty()) {
      out += "  " + Printable(source.error) + "\n";
    } else if (source.skipped_records > 0 || source.skipped_bytes > 0) {
      out += absl::StrFormat("  %s: skipped %s (%s), the first at line %d\n", source.path,
                             Counted(source.skipped_records, "record"),
                             HumanBytes(static_cast<double>(source.skipped_bytes)),
                             source.first_skipped_line);
      if (source.unresolved > 0) {
        out += absl::StrFormat("    %d of them for placeholders whose values are not known\n",
                               source.unresolved);
      }
    }
  }
  return out.empty() ? out : style.Bold("Skipped\n") + out + "\n";
}

// "28 migrations, 1 log"
std::string InputsInWords(const SourceSet& sources) {
  constexpr InputKind kKinds[] = {InputKind::kMigration, InputKind::kSchema,   InputKind::kLog,
                                  InputKind::kPlan,      InputKind::kSnapshot, InputKind::kWorkload,
                                  InputKind::kPooler};
  std::string words;
  for (InputKind kind : kKinds) {
    size_t count = 0;
    for (size_t i = 0; i < sources.size(); ++i) {
      const SourceFile& source = sources[sources.id(i)];
      if (source.kind == kind && source.error.empty()) ++count;
    }
    if (count == 0) continue;
    if (!words.empty()) words += ", ";
    words += Counted(count, InputKindName(kind));
  }
  return words.empty() ? "nothing" : words;
}

// What is no part of the way up was not linted; say so.
std::string NotApplied(const SourceSet& sources) {
  size_t undo = 0, others = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::string& role = sources[sources.id(i)].role;
    if (!role.empty()) ++(role == "other-database" ? others : undo);
  }
  std::string words;
  if (undo > 0) words = absl::StrFormat("%d that revert or verify", undo);
  if (others > 0) {
    if (undo > 0) words += ", ";
    words += absl::StrFormat("%d of other databases", others);
  }
  return words.empty() ? words : " (" + words + " not linted)";
}

}  // namespace

std::string RenderText(const Report& report, const RenderOptions& options) {
  const TextStyle style(options.color);
  Places places(*report.sources);
  std::string out;
  if (report.command == "optimize") return RenderSql(report);
  if (report.health.has_value() && report.command == "monitor" && !options.quiet)
    out += TextHealth(*report.health, options, style);
  if (report.workload.has_value() && report.command != "monitor" && !options.quiet)
    out += TextWorkload(*report.workload, options, style);
  if (report.statements.has_value() && report.command == "locks") {
    out += TextLocks(*report.statements, options, style);
  }
  if (report.plans.has_value() && report.command == "plans" && !options.quiet) {
    out += TextPlans(*report.plans, options, style);
    if (report.plan_groups.has_value())
      out += TextPlanGroups(*report.plan_groups, *report.plans, options, style);
  }
  if (report.plan_comparisons.has_value() && !options.quiet)
    out += TextPlanComparisons(*report.plan_comparisons, options, style);
  if (report.indexes.has_value() && report.command == "indexes") {
    out += TextIndexes(*report.indexes, options, style);
  }
  for (const Finding& finding : report.findings) {
    if (!finding.suppressed) out += TextFinding(finding, *report.sources, options, style, &places);
  }
  if (options.quiet) return out;
  if (report.command == "locks") return out + Skipped(*report.sources, style);
  out += Skipped(*report.sources, style);
  const FindingCounts counts = CountFindings(report.findings);
  if (counts.errors + counts.warnings + counts.infos == 0) {
    out += style.Bold("No findings");
  } else {
    out += style.Bold(absl::StrFormat("%s, %s, %d info", Counted(counts.errors, "error"),
                                      Counted(counts.warnings, "warning"), counts.infos));
  }
  if (counts.suppressed > 0) out += absl::StrFormat(", %d suppressed", counts.suppressed);
  out += " in " + InputsInWords(*report.sources) + NotApplied(*report.sources) + ".\n";
  if (counts.errors + counts.warnings + counts.infos > 0) {
    out += style.Dim("`pgsift rules NAME` explains a rule.\n");
  }
  return out;
}

}  // namespace pgsift
