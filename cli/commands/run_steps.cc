#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "rules/baseline.h"

namespace pgsift {
bool Fails(const std::vector<Finding>& findings, const std::string& fail_on) {
  if (fail_on == "never") return false;
  const Severity least = fail_on == "error"  ? Severity::kError
                         : fail_on == "info" ? Severity::kInfo
                                             : Severity::kWarning;
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return !finding.suppressed && finding.severity >= least;
  });
}

void KeepFamily(RuleFamily family, Report* report) {
  std::erase_if(report->findings,
                [&](const Finding& finding) { return FamilyOf(*finding.rule) != family; });
}

int RunSteps(const Options& options, const Config& config, const Steps& steps,
             const std::function<void(const Pipeline&, Report*)>& sections) {
  Pipeline pipeline(options, config);
  for (const std::string& error : pipeline.setting_errors()) Complain(error);
  if (!pipeline.setting_errors().empty()) return kExitUnusable;
  if (!steps.partials) pipeline.Load(steps.assume);
  if (steps.logs) {
    pipeline.ReadLogFiles(steps.partials ? options.paths : std::vector<std::string>());
  }
  if (steps.base) pipeline.ReadBase();
  pipeline.FoldSql(
      {.lint = steps.lint, .statements = steps.statements, .evidence = steps.evidence});
  if (steps.migrations_needed && pipeline.problems().empty() && !pipeline.has_sql()) {
    Complain("no migration among the inputs: give .sql files or a folder that holds some");
    return kExitUnusable;
  }
  if (const std::optional<int> status = RunFixes(options, &pipeline)) return *status;
  if (steps.evidence) pipeline.RunEvidence();
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  sections(pipeline, &report);
  for (const std::string& problem : pipeline.problems()) Complain(problem);
  if (options.verbose) Complain(pipeline.Progress());
  if (!WriteReport(report, options)) return kExitUnusable;
  if (!options.write_baseline.empty()) {
    const std::string text = WriteBaseline(pipeline.findings(), pipeline.sources());
    std::FILE* file = std::fopen(options.write_baseline.c_str(), "wb");
    if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size()) {
      Complain(options.write_baseline + ": cannot be written");
      if (file != nullptr) std::fclose(file);
      return kExitUnusable;
    }
    std::fclose(file);
  }
  if (!pipeline.problems().empty()) return kExitUnusable;
  std::string threshold = options.fail_on.empty() ? config.fail_on : options.fail_on;
  if (threshold.empty()) threshold = steps.fail_on;
  return Fails(report.findings, threshold) && options.write_baseline.empty() ? kExitFindings
                                                                             : kExitClean;
}

}  // namespace pgsift
