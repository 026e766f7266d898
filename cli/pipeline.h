#ifndef PGSIFT_CLI_PIPELINE_H_
#define PGSIFT_CLI_PIPELINE_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"
#include "cli/config.h"
#include "cli/options.h"
#include "ingest/log/base_queries.h"
#include "ingest/log/partial.h"
#include "ingest/log/read_logs.h"
#include "ingest/log/workload.h"
#include "ingest/migration/migration_files.h"
#include "ingest/plan/plan.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/pooler/pooler_config.h"
#include "ingest/snapshot/snapshot.h"
#include "parser/catalog.h"
#include "parser/sql_file.h"
#include "reports/report.h"
#include "rules/engine.h"
#include "rules/observed_queries.h"
#include "rules/registry.h"
#include "rules/rule.h"

namespace pgsift {

// The inputs of one run, read, and what rules said of them. Each step is called once, in this
// order; the objects stay until the report is written, for findings point into them.
class Pipeline {
 public:
  Pipeline(const Options& options, const Config& config);

  // Settings that could not be understood: exit status 2, nothing is read.
  const std::vector<std::string>& setting_errors() const { return setting_errors_; }

  // Finds and reads the inputs. `assume` is the kind that a command takes its files for.
  void Load(InputKind assume);
  // Reads the logs, and the partials of earlier runs, into the workload, with what was `read` of
  // other logs already.
  void ReadLogFiles(std::vector<std::string> partial_paths, std::vector<Partial> read = {});
  // Folds migrations and schema; runs the SQL rules on the migrations (`lint`), works out what each
  // of their statements does (`statements`).
  struct SqlSteps {
    bool lint = false;
    bool statements = false;
    bool evidence = false;  // RunEvidence() follows, and judges indexes by all that is known.
  };
  void FoldSql(const SqlSteps& steps);
  // Runs the rules over queries, plans and everything joined.
  void RunEvidence();
  // For fixes: gives a migration another text, then reads, folds and lints anew what LintAgain()
  // finds in the sources.
  void SetText(FileId file, std::string text);
  void LintAgain();
  // Baseline, order, fingerprints. Returns false, with the reason said, if the baseline is
  // unusable.
  bool Finish(std::string* error);

  // The report's sections.
  Report MakeReport() const;
  WorkloadReport MakeWorkload() const;
  std::vector<PlanReport> MakePlans() const;
  // The plans of the first path with those of the second. A plan that got slower is a finding.
  std::vector<PlanComparisonReport> ComparePlanFiles(std::vector<Finding>* findings) const;
  std::vector<PlanGroupReport> MakePlanGroups() const;  // Of the plans that logs have.
  const std::vector<StatementReport>& MakeStatements() const { return statements_; }
  IndexAdvice MakeIndexAdvice() const;
  HealthReport MakeHealth() const;
  // Reads the earlier run that --compare names; a problem if it cannot be used.
  void ReadBase();
  // Holds the log against it. Returns how many queries became worse.
  size_t CompareWithBase(HealthReport* health) const;
  // What a time series database is given.
  std::vector<MetricFamily> MakeMetrics(const HealthReport& health) const;
  // What the findings ask to run on the server, in order.
  std::vector<MaintenanceStep> MakeMaintenance() const;

  // How the command line says that logs are read.
  LogOptions MakeLogOptions() const;
  const SourceSet& sources() const { return sources_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<std::string>& problems() const { return problems_; }  // Inputs not usable.
  // Some input is SQL, whether it is applied or not.
  bool has_sql() const;
  bool has_workload() const { return workload_.has_value(); }
  bool has_snapshot() const { return !snapshots_.empty(); }
  // "read 46 inputs, 2.1 MB, in 41 ms": for -v.
  std::string Progress() const;

 private:
  void ReadSqlFiles();
  FileId Include(FileId script, const std::string& name, std::map<std::string, FileId>* by_path);
  void Keep(SqlFile file);
  // Files that undo a migration of their own name, and the parts of a migration that undo it.
  void ReadUndoFiles();
  void MarkWholeSchemas(std::span<const SqlFile> read);
  // For each migration, whether findings about it are reported: --changed-since.
  std::vector<bool> ReportedMigrations();
  void ReadPlanFiles();
  std::vector<PlanError> ReadLongPlanFile(FileId file, const PlanTaker& take);
  static bool IsPartialFile(const std::string& path);
  // A partial, or a JSON report: what an earlier run wrote.
  static bool IsSummary(const std::string& path);
  std::optional<Partial> ReadSummary(const std::string& path);
  std::optional<Partial> ReadPartialFile(const std::string& path);
  void WritePartialFile(const Partial& whole);
  void TakeLoggedPlans();
  // Reads the statistics. Without --pg-version, rules are those of the release that they are from.
  void ReadSnapshots();
  void ReadPoolers();
  StatementReport MakeStatement(const SqlFile& file, const LineIndex& lines,
                                const Statement& statement, const SqlPass& pass) const;
  Evidence MakeEvidence() const;
  // The newest; an empty one if none was given.
  const Snapshot& NewestSnapshot() const;
  // Asks the advisor, once.
  const IndexAdviceResult& Advice() const;

  const Options& options_;
  const Config& config_;
  std::vector<std::string> setting_errors_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  size_t jobs_ = 1;
  PgVersion pg_ = kNewestPgVersion;
  RuleSettings rule_settings_;
  std::optional<RuleSet> rules_;

  MigrationFiles migration_files_;
  SourceSet sources_;
  std::vector<std::string> problems_;
  size_t stale_baseline_ = 0;
  std::vector<SqlFile> migrations_;
  std::vector<SqlFile> schemas_;
  UndoFiles undo_;
  bool has_whole_schema_ = false;  // One beside the scripts that lead to it.
  Catalog catalog_;
  std::vector<PoolerConfig> poolers_;
  std::vector<std::string>
      input_notes_;                  // What limits the figures of the inputs, for MakeHealth().
  std::vector<Snapshot> snapshots_;  // In the order in which they were taken.
  std::vector<StatementReport> statements_;
  std::optional<Workload> workload_;
  ObservedQueries traffic_;  // The log's queries, resolved against the schema that is known first.
  std::vector<BaseQuery> base_;  // Of the earlier run.
  std::vector<Plan> plans_;
  ObservedQueries queries_;
  std::vector<Finding> findings_;
  mutable std::shared_ptr<const IndexAdviceResult> advice_;  // Points into what stands above.
};

}  // namespace pgsift

#endif  // PGSIFT_CLI_PIPELINE_H_
