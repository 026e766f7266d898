#include "cli/pipeline.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/parallel.h"
#include "base/text.h"
#include "cli/output.h"
#include "ingest/file/discovery.h"
#include "ingest/file/file_reader.h"
#include "ingest/log/log_syntax.h"
#include "ingest/log/read_logs.h"
#include "ingest/migration/whole_schema.h"
#include "ingest/snapshot/view_csv.h"
#include "rules/baseline.h"
#include "rules/health/lock_blockers.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

// "16", "16.2", "9.6".
std::optional<PgVersion> ParseVersion(const std::string& text) {
  char* end = nullptr;
  const long release = std::strtol(text.c_str(), &end, 10);
  if (end == text.c_str() || release < 8 || release > 99) return std::nullopt;
  long update = 0;
  if (*end == '.') {
    const char* from = end + 1;
    update = std::strtol(from, &end, 10);
    if (end == from) return std::nullopt;
  }
  if (*end != '\0') return std::nullopt;
  return PgVersion{static_cast<uint16_t>(release),
                   static_cast<uint16_t>(release < 10 ? update : 0)};
}

// "2024-05-01", "2024-05-01 10:00", "2024-05-01T10:00:00Z"; UTC where no zone is given.
std::optional<int64_t> ParseTime(const std::string& text) {
  for (const char* format :
       {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S",
        "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"}) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error))
      return absl::ToUnixMicros(time);
  }
  return std::nullopt;
}

bool CreatesAny(const SqlFile& file, const Relation& relation) {
  for (const Statement& statement : file.statements) {
    const auto* create = statement.As<CreateTable>();
    if (create == nullptr || create->if_not_exists || create->relation.temporary) continue;
    if (create->relation.name.name == relation.name.name) return true;
  }
  return false;
}

}  // namespace

Pipeline::Pipeline(const Options& options, const Config& config)
    : options_(options), config_(config), migration_files_(config.migrations) {
  jobs_ = options.jobs > 0 ? options.jobs : AvailableJobs();
  rule_settings_ = config.rules;
  if (!options.select.empty()) rule_settings_.select = options.select;
  rule_settings_.ignore.insert(rule_settings_.ignore.end(), options.ignore.begin(),
                               options.ignore.end());
  rules_.emplace(rule_settings_, &setting_errors_);
  if (options.redact && !options.partial.empty()) {
    setting_errors_.push_back(
        "--partial: holds literals, so it cannot be written with --redact; give --redact to "
        "`pgsift merge`");
  }
  const std::vector<std::string_view>& formats = LogFormatNames();
  if (!options.log_format.empty() && options.log_format != "auto" &&
      std::find(formats.begin(), formats.end(), options.log_format) == formats.end()) {
    std::string names = "auto";
    for (std::string_view name : formats) names.append(", ").append(name);
    setting_errors_.push_back(absl::StrFormat(
        "--log-format: '%s' is no format of logs; there are %s", options.log_format, names));
  }
  const std::string& version = options.pg_version.empty() ? config.pg_version : options.pg_version;
  if (!version.empty()) {
    if (const auto parsed = ParseVersion(version)) {
      pg_ = *parsed;
    } else {
      setting_errors_.push_back(absl::StrFormat(
          "--pg-version: '%s' is no PostgreSQL release; give one like 16", version));
    }
  }
}

void Pipeline::Load(InputKind assume) {
  DiscoveryOptions discovery;
  discovery.assume = assume;
  discovery.migrations = &migration_files_;
  if (!options_.stdin_filename.empty()) discovery.stdin_name = options_.stdin_filename;
  for (DiscoveryProblem& problem : Discover(options_.paths, discovery, &sources_)) {
    problems_.push_back(std::move(problem.message));
  }
  const std::string& schema = options_.schema.empty() ? config_.schema : options_.schema;
  if (!schema.empty()) {
    std::error_code unknown;
    // A folder holds what made the schema, file by file: its order, and what undoes it, are told as
    // for any migrations.
    const bool folder = fs::is_directory(schema, unknown);
    DiscoveryOptions as_schema;
    as_schema.assume = folder ? InputKind::kUnknown : InputKind::kSchema;
    if (folder) as_schema.migrations = &migration_files_;
    SourceSet found;
    for (DiscoveryProblem& problem : Discover({schema}, as_schema, &found)) {
      problems_.push_back(std::move(problem.message));
    }
    // A folder of migrations that holds an input too: what is before it is the schema it finds.
    std::set<fs::path> inputs;
    for (size_t i = 0; i < sources_.size(); ++i) {
      inputs.insert(fs::weakly_canonical(std::string(sources_.path(sources_.id(i))), unknown));
    }
    for (size_t i = 0; i < found.size(); ++i) {
      SourceFile& file = found[found.id(i)];
      // What lies beside the scripts, a README or a lock file, is no part of the schema.
      const bool sql = file.kind == InputKind::kMigration || file.kind == InputKind::kSchema;
      if (folder && !sql && file.error.empty()) continue;
      if (found.size() > 1 && inputs.contains(fs::weakly_canonical(file.path, unknown))) break;
      file.kind = InputKind::kSchema;
      sources_.Add(std::move(file));
    }
  }
  if (!options_.workload.empty() && !IsSummary(options_.workload)) {
    DiscoveryOptions as_log;
    as_log.assume = InputKind::kLog;
    for (DiscoveryProblem& problem : Discover({options_.workload}, as_log, &sources_)) {
      problems_.push_back(std::move(problem.message));
    }
  }
  if (!options_.pooler.empty()) {
    DiscoveryOptions as_pooler;
    as_pooler.assume = InputKind::kPooler;
    for (DiscoveryProblem& problem : Discover({options_.pooler}, as_pooler, &sources_)) {
      problems_.push_back(std::move(problem.message));
    }
  }
  if (!options_.snapshot.empty()) {
    DiscoveryOptions as_snapshot;
    as_snapshot.assume = InputKind::kSnapshot;
    for (DiscoveryProblem& problem : Discover({options_.snapshot}, as_snapshot, &sources_)) {
      problems_.push_back(std::move(problem.message));
    }
  }
  ReadSqlFiles();
  ReadPlanFiles();
  ReadSnapshots();
  ReadPoolers();
}

void Pipeline::ReadPoolers() {
  for (size_t i = 0; i < sources_.size(); ++i) {
    SourceFile& source = sources_[sources_.id(i)];
    if (source.kind != InputKind::kPooler || !source.error.empty()) continue;
    std::vector<PoolerProblem> found;
    PoolerConfig config = ReadPoolerConfig(source.text, &found);
    config.path = source.path;
    config.file = sources_.id(i);
    source.format = "pgbouncer";
    source.records = config.databases.size() + config.users.size();
    for (const PoolerProblem& problem : found) {
      ++source.skipped_records;
      if (source.first_skipped_line == 0) source.first_skipped_line = problem.line;
      problems_.push_back(absl::StrFormat("%s:%d: %s", source.path, problem.line, problem.message));
    }
    poolers_.push_back(std::move(config));
  }
}

void Pipeline::ReadSnapshots() {
  ViewCsv views;
  std::string views_path;
  for (size_t i = 0; i < sources_.size(); ++i) {
    SourceFile& source = sources_[sources_.id(i)];
    if (source.kind != InputKind::kSnapshot || !source.error.empty()) continue;
    std::string error;
    Snapshot snapshot;
    snapshot.path = source.path;
    if (source.format == "csv") {
      if (!views.Add(source.text, &source.records, &error)) {
        source.error = source.path + ": " + error;
        problems_.push_back(source.error);
      }
      if (views_path.empty()) views_path = source.path;
      continue;
    }
    if (!ReadSnapshot(source.text, &snapshot, &error)) {
      source.error = source.path + ": " + error + "; export it anew with `pgsift snapshot`";
      problems_.push_back(source.error);
      continue;
    }
    if (!snapshot.reads_all_stats) {
      input_notes_.push_back(absl::StrFormat(
          "%s was taken by role %s, which sees neither what other roles' sessions do nor their "
          "statements, and column statistics only of tables that it may read: grant it pg_monitor",
          source.path, snapshot.role));
      if (options_.command != "monitor") Complain(input_notes_.back());
    }
    snapshots_.push_back(std::move(snapshot));
  }
  input_notes_.insert(input_notes_.end(), views.missing().begin(), views.missing().end());
  for (const std::string& document : views.Documents()) {
    std::string error;
    Snapshot snapshot;
    snapshot.path = views_path;
    if (ReadSnapshot(document, &snapshot, &error)) {
      snapshots_.push_back(std::move(snapshot));
    } else {
      problems_.push_back(views_path + ": " + error);
    }
  }
  for (Snapshot& snapshot : snapshots_) FindBlockers(&snapshot);
  std::stable_sort(snapshots_.begin(), snapshots_.end(),
                   [](const Snapshot& a, const Snapshot& b) { return a.taken_us < b.taken_us; });
  const bool given = !options_.pg_version.empty() || !config_.pg_version.empty();
  const int release = NewestSnapshot().server_version_num;
  if (given || release < 100'000) return;
  pg_ = PgVersion{static_cast<uint16_t>(release / 10'000), 0};
}

LogOptions Pipeline::MakeLogOptions() const {
  LogOptions options;
  if (options_.max_shapes > 0) options.shapes_max = options_.max_shapes;
  options.line_prefix =
      options_.log_line_prefix.empty() ? config_.log_line_prefix : options_.log_line_prefix;
  options.format = options_.log_format == "auto" ? "" : options_.log_format;
  if (config_.slow_ms >= 0) options.slow_ms = config_.slow_ms;
  if (options_.slow_ms >= 0) options.slow_ms = options_.slow_ms;
  options.redact = options_.redact;
  if (options_.sample_rate > 0) {
    options.sample_above_ms = options_.sample_above_ms >= 0 ? options_.sample_above_ms : 1e15;
  }
  options.jobs = jobs_;
  LogFilter& filter = options.filter;
  filter.databases = options_.databases;
  filter.users = options_.users;
  filter.applications = options_.applications;
  filter.clients = options_.clients;
  filter.include = options_.include;
  filter.exclude = options_.exclude;
  if (!options_.since.empty()) filter.since_us = ParseTime(options_.since);
  if (!options_.until.empty()) filter.until_us = ParseTime(options_.until);
  return options;
}

void Pipeline::FoldSql(const SqlSteps& steps) {
  Catalog dump;
  for (const SqlFile& file : schemas_) {
    for (const Statement& statement : file.statements) dump.Apply(file, statement);
    dump.EndOfFile();
  }
  // A dump shows the end of a history. What the migrations create is built up by them; what they do
  // not create was there before.
  Catalog start;
  if (!dump.empty()) {
    Catalog before = dump;
    for (const Relation* relation : dump.Relations()) {
      const bool made =
          std::any_of(migrations_.begin(), migrations_.end(),
                      [&](const SqlFile& file) { return CreatesAny(file, *relation); });
      if (!made) continue;
      Statement drop;
      drop.node = Drop{.object = ObjectKind::kTable, .names = {relation->name}};
      before.Apply(SqlFile{}, drop);
    }
    if (has_whole_schema_) {
      for (const Statement& less : WithoutAdditions(migrations_)) before.Apply(SqlFile{}, less);
    }
    start = std::move(before);
  }
  const std::vector<bool> report =
      steps.lint ? ReportedMigrations() : std::vector<bool>(migrations_.size(), false);
  StatementVisit visit;
  std::optional<LineIndex> lines;
  FileId lines_of = FileId::kNone;
  if (steps.statements) {
    if (workload_.has_value()) traffic_ = ObserveLog(*workload_, start, sources_, jobs_);
    visit = [&](const Statement& statement, const SqlPass& pass) {
      if (!lines.has_value() || lines_of != pass.file().file) {
        lines.emplace(pass.file().text);
        lines_of = pass.file().file;
      }
      statements_.push_back(MakeStatement(pass.file(), *lines, statement, pass));
    };
  }
  RunSqlRules(migrations_, *rules_, pg_, sources_, report, &start, &findings_, visit, &undo_,
              steps.lint && !steps.evidence);
  catalog_ = dump.empty() ? std::move(start) : std::move(dump);
  if (!steps.lint) return;
  std::vector<bool> only_errors(schemas_.size(), options_.changed_since.empty());
  RuleSettings syntax;
  syntax.select = {"MIG000"};
  Catalog scratch;
  if (rules_->On(*FindRule("MIG000")->info)) {
    RunSqlRules(schemas_, RuleSet(syntax), pg_, sources_, only_errors, &scratch, &findings_);
  }
}

Evidence Pipeline::MakeEvidence() const {
  return {.sources = &sources_,
          .catalog = &catalog_,
          .workload = workload_.has_value() ? &*workload_ : nullptr,
          .plans = plans_,
          .queries = queries_,
          .snapshots = snapshots_,
          .poolers = poolers_,
          .pg = pg_};
}

const Snapshot& Pipeline::NewestSnapshot() const {
  static const Snapshot none;
  return snapshots_.empty() ? none : snapshots_.back();
}

void Pipeline::RunEvidence() {
  queries_ = ObserveSchema(catalog_, sources_);
  if (workload_.has_value()) {
    ObservedQueries logged = ObserveLog(*workload_, catalog_, sources_, jobs_);
    std::move(logged.begin(), logged.end(), std::back_inserter(queries_));
  }
  Evidence evidence = MakeEvidence();
  if (rules_->On(*FindRule("missing-index")->info)) evidence.advice = &Advice();
  RunEvidenceRules(evidence, *rules_, &findings_, jobs_);
}

bool Pipeline::Finish(std::string* error) {
  FinishFindings(sources_, &findings_);
  const std::string& baseline = options_.baseline.empty() ? config_.baseline : options_.baseline;
  if (baseline.empty()) return true;
  const FileBytes bytes = ReadFile(baseline, uint64_t{1} << 30);
  if (!bytes.error.empty()) {
    *error = bytes.error;
    return false;
  }
  const BaselineResult result = ApplyBaseline(bytes.bytes, &findings_);
  if (!result.error.empty()) {
    *error = baseline + ": " + result.error;
    return false;
  }
  stale_baseline_ = result.stale;
  return true;
}

std::string Pipeline::Progress() const {
  uint64_t bytes = 0;
  size_t usable = 0;
  for (size_t i = 0; i < sources_.size(); ++i) {
    const SourceFile& source = sources_[sources_.id(i)];
    if (!source.error.empty()) continue;
    ++usable;
    bytes += source.bytes;
  }
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - begin_;
  std::string line =
      absl::StrFormat("read %s, %s, in %s", Counted(usable, "input"),
                      HumanBytes(static_cast<double>(bytes)), HumanMs(elapsed.count()));
  if (stale_baseline_ > 0) {
    line += absl::StrFormat(
        "; %s of the baseline match nothing any more: --write-baseline drops them",
        stale_baseline_ == 1 ? "1 entry" : absl::StrFormat("%d entries", stale_baseline_));
  }
  return line;
}

}  // namespace pgsift
