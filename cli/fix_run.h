#ifndef PGSIFT_CLI_FIX_RUN_H_
#define PGSIFT_CLI_FIX_RUN_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/pipeline.h"

namespace pgsift {

// Fixes the findings of a linted pipeline, in memory. After each round the migrations are read and
// linted again: a fix after which a file holds more findings, or more severe ones, or a statement
// that no longer parses, is undone. The pipeline's sources and findings are then those of the fixed
// texts.
class FixRun {
 public:
  FixRun(FixSafety least, Pipeline* pipeline) : least_(least), pipeline_(*pipeline) {}

  void Run();

  // What changed: the texts before and after, by file.
  struct Change {
    FileId file = FileId::kNone;
    std::string before, after;
  };
  std::vector<Change> Changes() const;
  size_t fixed() const { return fixed_; }
  // Fixes of ours that made a file worse and were undone: one line each.
  const std::vector<std::string>& defects() const { return defects_; }

 private:
  // How a file fares: what must not grow.
  struct Health {
    size_t unparsed = 0;
    size_t findings = 0;  // The sum of their weights.
  };
  Health HealthOf(FileId file) const;
  // Applies what can be applied to each file at once; false if there was nothing to do.
  bool Round();
  void OneByOne(FileId file);
  void Undo(FileId file, const std::string& text) { pipeline_.SetText(file, text); }

  const FixSafety least_;
  Pipeline& pipeline_;
  std::map<FileId, std::string> before_;
  std::set<std::string> given_up_;  // Rule and statement of fixes that were undone.
  size_t fixed_ = 0;
  std::vector<std::string> defects_;
};

// Writes a file anew, whole or not at all: beside it first, with its mode, then renamed over it.
// Links are followed. Returns what went wrong, or "".
std::string ReplaceFile(const std::string& path, const std::string& text);

}  // namespace pgsift

#endif  // PGSIFT_CLI_FIX_RUN_H_
