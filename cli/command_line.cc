#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstring>
#include <map>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/version.h"
#include "parser/sql_file.h"

namespace pgsift {
namespace {

struct Command {
  const char* name;
  const char* about;
  int (*run)(const Options&, const Config&);
  bool paths;
  bool logs;  // Takes the filters of logs.
};

constexpr Command kCommands[] = {
    {"analyze", "Read anything: one report over all inputs, evidence joined", &RunAnalyze, true,
     true},
    {"lint", "Say what each statement of a migration endangers", &RunLint, true, false},
    {"locks", "Say what each statement of a migration locks, rewrites, scans and builds", &RunLocks,
     true, false},
    {"logs", "Workload, events, connections and slow patterns of server logs", &RunLogs, true,
     true},
    {"merge", "One report of the partials that `logs --partial` wrote", &RunMerge, true, true},
    {"monitor", "Connections, pools, vacuum, objectives and alerts of logs and statistics",
     &RunMonitor, true, true},
    {"optimize", "Print the maintenance to run as one commented SQL script", &RunOptimize, true,
     true},
    {"plans", "Say what EXPLAIN plans spend their time on, and why", &RunPlans, true, false},
    {"indexes", "Duplicate, redundant and missing indexes of a schema, with SQL", &RunIndexes, true,
     true},
    {"rules", "List the rules, or explain one", &RunRules, false, false},
    {"snapshot", "Print a psql script that exports a server's statistics", &RunSnapshot, false,
     false},
};

void AddOutput(CLI::App* app, Options* options) {
  app->add_option(
         "--format", options->format,
         "text, concise, json, html, sarif, github, gitlab, junit, markdown, prometheus or sql")
      ->group("Output");
  app->add_option("-o,--output", options->outputs,
                  "Write to FILE; its ending chooses the format (repeatable)")
      ->type_name("FILE")
      ->group("Output");
  app->add_option("--color", options->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group("Output");
  app->add_option("--top", options->top, "Rows of the text tables (10)")
      ->type_name("N")
      ->group("Output");
  app->add_flag("--redact", options->redact, "No literal, parameter or address in any report")
      ->group("Output");
}

void AddRules(CLI::App* app, Options* options) {
  app->add_option("--select", options->select, "Only these rules: ids, names, prefixes, families")
      ->delimiter(',')
      ->type_name("RULE")
      ->group("Rules");
  app->add_option("--ignore", options->ignore, "Not these rules")
      ->delimiter(',')
      ->type_name("RULE")
      ->group("Rules");
  app->add_option("--fail-on", options->fail_on,
                  "Exit with 1 at this severity: error, warning, info, never")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}))
      ->group("Rules");
  app->add_option("--baseline", options->baseline, "Findings in FILE are known")
      ->type_name("FILE")
      ->group("Rules");
  app->add_option("--write-baseline", options->write_baseline, "Write today's findings to FILE")
      ->type_name("FILE")
      ->group("Rules");
  app->add_option("--config", options->config, "Settings (else the nearest pgsift.toml upwards)")
      ->type_name("FILE")
      ->group("Rules");
  app->add_option("--pg-version", options->pg_version,
                  "PostgreSQL release of the server (newest known)")
      ->type_name("N")
      ->group("Context");
  app->add_option("--schema", options->schema,
                  "pg_dump --schema-only of the database, or earlier migrations")
      ->type_name("FILE")
      ->group("Context");
  app->add_option("--snapshot", options->snapshot, "Statistics from `pgsift snapshot`")
      ->type_name("FILE")
      ->group("Context");
  app->add_option("--workload", options->workload,
                  "A log that shows the usual traffic, what `logs --partial` wrote, or a JSON "
                  "report of logs")
      ->type_name("FILE")
      ->group("Context");
  app->add_option("--stdin-filename", options->stdin_filename, "Name of standard input in reports")
      ->type_name("NAME")
      ->group("Context");
  app->add_option("--changed-since", options->changed_since,
                  "Report only on migrations changed since this revision of git; read all")
      ->type_name("REF")
      ->group("Context");
  app->add_option("--jobs,-j", options->jobs, "Threads (all processors)")
      ->type_name("N")
      ->group("Context");
}

void AddFixes(CLI::App* app, Options* options) {
  CLI::Option* fix = app->add_flag("--fix", options->fix, "Write the fixes that keep the meaning");
  CLI::Option* diff = app->add_flag("--diff", options->diff,
                                    "Show as a diff what --fix would write; exit with 1 if it "
                                    "would change anything");
  fix->group("Fixes");
  diff->excludes(fix)->group("Fixes");
  app->add_flag("--unsafe-fixes", options->unsafe_fixes,
                "Also those that change what a statement does, or when")
      ->group("Fixes");
}

void AddLogs(CLI::App* app, Options* options) {
  app->add_option("--since", options->since, "Records from TIME on, UTC unless it has a zone")
      ->type_name("TIME")
      ->group("Logs");
  app->add_option("--until", options->until, "Records before TIME")
      ->type_name("TIME")
      ->group("Logs");
  app->add_option("--database", options->databases, "Only of these databases")
      ->delimiter(',')
      ->type_name("NAME")
      ->group("Logs");
  app->add_option("--user", options->users, "Only of these users")
      ->delimiter(',')
      ->type_name("NAME")
      ->group("Logs");
  app->add_option("--application", options->applications, "Only of these applications")
      ->type_name("NAME")
      ->group("Logs");
  app->add_option("--client", options->clients, "Only of these client addresses")
      ->type_name("HOST")
      ->group("Logs");
  app->add_option("--include", options->include, "Only records that match the regular expression")
      ->type_name("RE2")
      ->group("Logs");
  app->add_option("--exclude", options->exclude, "No record that matches it")
      ->type_name("RE2")
      ->group("Logs");
  app->add_option("--slow-ms", options->slow_ms, "A statement is slow from here on (100)")
      ->type_name("MS")
      ->group("Logs");
  app->add_option("--log-line-prefix", options->log_line_prefix, "As in postgresql.conf (detected)")
      ->type_name("PREFIX")
      ->group("Logs");
  app->add_option("--partial", options->partial,
                  "Write a summary to FILE that `pgsift merge` joins with others")
      ->type_name("FILE")
      ->group("Logs");
  app->add_option("--max-shapes", options->max_shapes,
                  "Query shapes to tell apart; further ones are summed as `(other)` (5000)")
      ->type_name("N")
      ->group("Logs");
  app->add_option("--sample-rate", options->sample_rate,
                  "log_statement_sample_rate of the server: estimates are given too")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("R")
      ->group("Logs");
  app->add_option("--sample-above", options->sample_above_ms,
                  "Statements that took longer were all logged (log_min_duration_statement)")
      ->type_name("MS")
      ->group("Logs");
  app->add_option("--log-format", options->log_format,
                  "How the log is written: stderr, csvlog, jsonlog, syslog, docker, … (detected)")
      ->type_name("NAME")
      ->group("Logs");
}

std::string Version() {
  return absl::StrFormat("pgsift %s (grammar of PostgreSQL %s)", ToolVersion(), GrammarVersion());
}

// CLI11's own message, and for a misspelt command or option the one that was meant.
std::string WithSuggestion(const CLI::App& app, const std::string& message, int argc, char** argv) {
  std::vector<std::string_view> words;
  std::vector<std::string> owned;
  for (const Command& command : kCommands) owned.emplace_back(command.name);
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    for (const CLI::Option* option : sub->get_options())
      owned.push_back("--" + option->get_single_name());
  }
  words.assign(owned.begin(), owned.end());
  for (int i = 1; i < argc; ++i) {
    const std::string_view word(argv[i],
                                std::min(std::strcspn(argv[i], "="), std::strlen(argv[i])));
    if (std::find(words.begin(), words.end(), word) != words.end()) continue;
    const bool option = word.starts_with("--");
    if (!option && i != 1) continue;
    const std::string_view near = NearestWord(word, words);
    if (!near.empty() && near.starts_with("--") == option) {
      return absl::StrFormat("%s; did you mean '%s'?", message, near);
    }
  }
  return message + "; see `pgsift --help`";
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  CLI::App app(
      "Reads what a PostgreSQL system leaves behind and says what is dangerous, what is slow, why, "
      "and what to do.");
  app.name("pgsift");
  app.set_version_flag("--version", Version());
  app.require_subcommand(1);
  std::map<const CLI::App*, const Command*> commands;
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.about);
    commands[sub] = &command;
    // Only the command that is called needs its options: making those of all takes milliseconds.
    const bool named = std::any_of(argv, argv + argc, [&](const char* word) {
      return std::string_view(word) == command.name;
    });
    if (!named) continue;
    sub->add_flag("-q,--quiet", options.quiet, "Findings and nothing else")->group("Output");
    sub->add_flag("-v,--verbose", options.verbose,
                  "Say on standard error what was read, and how fast")
        ->group("Output");
    if (command.paths) {
      sub->add_option("paths", options.paths, "Files and folders; - is standard input")
          ->required()
          ->type_name("PATH");
      AddOutput(sub, &options);
      AddRules(sub, &options);
    }
    if (command.logs) AddLogs(sub, &options);
    if (command.run == &RunMonitor || command.run == &RunAnalyze || command.run == &RunOptimize) {
      sub->add_option("--pgbouncer", options.pooler,
                      "pgbouncer.ini: its pools are held against what the work needs")
          ->type_name("FILE")
          ->group("Context");
    }
    if (command.run == &RunLint) AddFixes(sub, &options);
    if (command.run == &RunLogs) {
      sub->add_flag("--follow", options.follow,
                    "Read the last file as it grows, through rotation, until interrupted")
          ->group("Logs");
      sub->add_flag("--advise-settings", options.advise_settings,
                    "Say which settings of postgresql.conf the log lacks, instead of a report")
          ->group("Logs");
    }
    if (command.run == &RunIndexes) {
      sub->add_option("--max-indexes", options.max_indexes, "Propose at most so many indexes")
          ->type_name("N")
          ->group("Indexes");
      sub->add_option("--max-size", options.max_size,
                      "Propose indexes of at most this size together: 500MB, 2GB")
          ->transform(CLI::AsSizeValue(false))
          ->type_name("SIZE")
          ->group("Indexes");
      sub->add_option(
             "--migrations", options.migrations,
             "Write each statement as a migration of its own into FOLDER: NNNN_name.up.sql, "
             "and NNNN_name.down.sql that takes it back")
          ->type_name("FOLDER")
          ->group("Indexes");
      sub->add_flag("--hypopg", options.hypopg,
                    "Print the calls of HypoPG that try the indexes on a server, instead of a "
                    "report")
          ->group("Indexes");
    }
    if (command.run == &RunPlans) {
      sub->add_flag("--compare", options.compare_plans,
                    "Compare the plans of two paths, node by node: before and after; exit with 1 "
                    "if one became slower")
          ->group("Plans");
      sub->add_option("--slower-factor", options.slower_factor,
                      "With --compare: slower is what takes so many times as long (1.3)")
          ->check(CLI::PositiveNumber)
          ->type_name("FACTOR")
          ->group("Plans");
      sub->add_option("--slower-ms", options.slower_ms,
                      "With --compare: and takes longer by more than this (1)")
          ->check(CLI::NonNegativeNumber)
          ->type_name("MS")
          ->group("Plans");
    }
    if (command.run == &RunMonitor) {
      sub->add_option(
             "--compare", options.compare,
             "Hold the log against an earlier run: a JSON report, or what --partial wrote; "
             "exit with 1 if a query became worse")
          ->type_name("BASE")
          ->group("Logs");
      CLI::Option* follow =
          sub->add_flag("--follow", options.follow,
                        "Read the logs as they grow, through rotation, and say anew how the server "
                        "does, until interrupted");
      follow->group("Logs");
      sub->add_option("--listen", options.listen,
                      "With --follow: serve /metrics for Prometheus and /healthz; port 0 takes a "
                      "free one, and says which")
          ->needs(follow)
          ->type_name("HOST:PORT")
          ->group("Logs");
      sub->add_option("--refresh", options.refresh_s, "With --follow: judge anew so often (5)")
          ->needs(follow)
          ->check(CLI::Range(0.1, 3600.0))
          ->type_name("SECONDS")
          ->group("Logs");
    }
    if (command.run == &RunRules) {
      sub->add_option("rule", options.rule, "Id or name")->type_name("NAME");
      sub->add_option("--format", options.format, "text or json")
          ->check(CLI::IsMember({"text", "json"}));
      sub->add_flag("--test", options.test_rules,
                    "Run the examples of the project's own rules in pgsift.toml");
      sub->add_option("--config", options.config, "Settings (else the nearest pgsift.toml upwards)")
          ->type_name("FILE");
      sub->add_option("--write-docs", options.write_docs, "Write every rule's page below FOLDER")
          ->type_name("FOLDER");
    }
  }
  try {
    app.parse(argc, argv);
    if (!options.max_size.empty()) options.max_size_bytes = std::stod(options.max_size);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    WriteStandardOutput(chosen.empty() ? app.help() : chosen.front()->help());
    return kExitClean;
  } catch (const CLI::CallForVersion&) {
    WriteStandardOutput(Version() + "\n");
    return kExitClean;
  } catch (const CLI::ParseError& error) {
    Complain(WithSuggestion(app, error.what(), argc, argv));
    return kExitUnusable;
  }
  const CLI::App* chosen = app.get_subcommands().front();
  const Command& command = *commands[chosen];
  options.command = command.name;
  const bool configured = command.paths || command.run == &RunRules;
  const Config config = configured ? ReadConfig(options.config) : Config{};
  std::vector<std::string> errors = config.errors;
  if (command.paths) {
    const std::vector<std::string> outputs = CheckOutputs(options);
    errors.insert(errors.end(), outputs.begin(), outputs.end());
  }
  if (options.unsafe_fixes && !options.fix && !options.diff) {
    errors.push_back("--unsafe-fixes: says which fixes, not what to do; add --diff or --fix");
  }
  for (const std::string& error : errors) Complain(error);
  if (!errors.empty()) return kExitUnusable;
  return command.run(options, config);
}

}  // namespace pgsift
