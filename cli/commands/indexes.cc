#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "parser/name.h"

namespace pgsift {
namespace {

// Calls that make the proposals hypothetical indexes of a session. HypoPG knows btree, hash and
// BRIN; all others are left as comments.
std::string HypopgCalls(const IndexAdvice& advice) {
  std::string text =
      "-- CREATE EXTENSION IF NOT EXISTS hypopg;\n"
      "-- In one session: run these, then EXPLAIN (without ANALYZE) a statement.\n";
  for (const RecommendedIndex& index : advice.recommended) {
    std::string sql = index.sql.substr(0, index.sql.find_last_not_of(";\n") + 1);
    if (const size_t at = sql.find(" CONCURRENTLY"); at != std::string::npos) sql.erase(at, 13);
    const bool known = index.method == "btree" || index.method == "hash" || index.method == "brin";
    if (!known) text += "-- not known to HypoPG: ";
    text += "SELECT * FROM hypopg_create_index(" + QuoteLiteral(sql) + ");\n";
  }
  text += "-- SELECT hypopg_reset();\n";
  return text;
}

}  // namespace

// Duplicate, redundant, unused and missing indexes of a schema, with SQL.
int RunIndexes(const Options& options, const Config& config) {
  if (options.hypopg) {
    std::string calls;
    Options silent = options;
    silent.outputs = {"/dev/null"};
    silent.format = "text";
    const int status = RunSteps(silent, config, {}, [&](const Pipeline& pipeline, Report*) {
      calls = HypopgCalls(pipeline.MakeIndexAdvice());
    });
    WriteStandardOutput(calls);
    return status;
  }
  return RunSteps(options, config, {}, [](const Pipeline& pipeline, Report* report) {
    KeepFamily(RuleFamily::kIndex, report);
    report->indexes = pipeline.MakeIndexAdvice();
  });
}

}  // namespace pgsift
