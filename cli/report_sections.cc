// The sections of a report, made of what the pipeline read and found.

#include "cli/pipeline.h"
#include "cli/version.h"

namespace pgsift {

Report Pipeline::MakeReport() const {
  Report report;
  report.command = options_.command;
  report.tool_version = ToolVersion();
  report.postgres_grammar = std::string(GrammarVersion());
  report.sources = &sources_;
  report.findings = findings_;
  return report;
}

}  // namespace pgsift
