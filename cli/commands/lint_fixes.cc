#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "base/unified_diff.h"
#include "cli/commands/commands.h"
#include "cli/fix_run.h"
#include "cli/output.h"

namespace pgsift {
namespace {

bool IsStandardInput(const Options& options, const SourceFile& source) {
  const bool asked =
      std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  const std::string& name = options.stdin_filename;
  return asked && source.path == (name.empty() ? "<stdin>" : name);
}

// Writes the files; standard input goes to standard output, changed or not.
bool WriteFixes(const Options& options, const FixRun& run, const Pipeline& pipeline) {
  bool ok = true;
  for (const FixRun::Change& change : run.Changes()) {
    const SourceFile& source = pipeline.sources()[change.file];
    if (IsStandardInput(options, source)) continue;
    const std::string error = ReplaceFile(source.path, change.after);
    if (!error.empty()) Complain(error);
    ok = ok && error.empty();
  }
  return ok;
}

}  // namespace

std::optional<int> RunFixes(const Options& options, Pipeline* pipeline) {
  if (!options.fix && !options.diff) return std::nullopt;
  FixRun run(options.unsafe_fixes ? FixSafety::kUnsafe : FixSafety::kSafe, pipeline);
  run.Run();
  for (const std::string& defect : run.defects()) Complain(defect);
  if (options.diff) {
    for (const std::string& problem : pipeline->problems()) Complain(problem);
    std::string diff;
    for (const FixRun::Change& change : run.Changes()) {
      diff += UnifiedDiff(pipeline->sources().path(change.file), change.before, change.after);
    }
    WriteStandardOutput(diff);
    if (!pipeline->problems().empty()) return kExitUnusable;
    return diff.empty() ? kExitClean : kExitFindings;
  }
  if (!WriteFixes(options, run, *pipeline)) return kExitUnusable;
  if (run.fixed() > 0 && !options.quiet) {
    Complain(absl::StrFormat("fixed %s in %s", Counted(run.fixed(), "finding"),
                             Counted(run.Changes().size(), "file")));
  }
  const SourceSet& sources = pipeline->sources();
  for (size_t i = 0; i < sources.size(); ++i) {
    const SourceFile& source = sources[sources.id(i)];
    if (!IsStandardInput(options, source)) continue;
    WriteStandardOutput(source.text);
    return pipeline->problems().empty() ? kExitClean : kExitUnusable;
  }
  return std::nullopt;
}

}  // namespace pgsift
