#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_format.h"
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

// Writes each statement of the advice and what takes it back into files of their own: CONCURRENTLY
// must not stand in a file that a tool sends as one message, or wraps in a transaction. False if
// that failed.
bool WriteMigrations(const IndexAdvice& advice, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const auto write = [](const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (file) return true;
    Complain(absl::StrFormat("%s: cannot be written: %s", path, std::strerror(errno)));
    return false;
  };
  for (const IndexMigration& migration : IndexMigrations(advice)) {
    const std::string path = (std::filesystem::path(folder) / migration.name).string();
    if (!write(path + ".up.sql", migration.up) || !write(path + ".down.sql", migration.down)) {
      return false;
    }
  }
  return true;
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
  bool written = true;
  const int status = RunSteps(options, config, {}, [&](const Pipeline& pipeline, Report* report) {
    KeepFamily(RuleFamily::kIndex, report);
    report->indexes = pipeline.MakeIndexAdvice();
    if (!options.migrations.empty()) {
      written = WriteMigrations(*report->indexes, options.migrations);
    }
  });
  return written ? status : kExitUnusable;
}

}  // namespace pgsift
