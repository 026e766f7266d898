#ifndef PGSIFT_REPORTS_REPORT_H_
#define PGSIFT_REPORTS_REPORT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/health.h"
#include "base/index_advice.h"
#include "base/source.h"
#include "reports/plan_report.h"
#include "reports/statement_report.h"
#include "reports/workload_report.h"

namespace pgsift {

// All that a command has to say, ready to be written in any format. Sections that a command does
// not have are absent.
struct Report {
  std::string command;                 // "lint".
  std::string tool_version;            // "0.1.0".
  std::string postgres_grammar;        // "18".
  const SourceSet* sources = nullptr;  // Not null; must outlive the report.
  std::vector<Finding> findings;       // In the order in which they are shown.
  std::optional<std::vector<StatementReport>> statements;
  std::optional<WorkloadReport> workload;
  std::optional<std::vector<PlanReport>> plans;
  std::optional<std::vector<PlanGroupReport>> plan_groups;
  std::optional<std::vector<PlanComparisonReport>> plan_comparisons;
  std::optional<IndexAdvice> indexes;
  std::optional<HealthReport> health;
  std::vector<MetricFamily> metrics;  // For Format::kPrometheus, beside what all reports have.
  std::vector<MaintenanceStep> maintenance;  // For Format::kSql, in the order to run them.
};

struct RenderOptions {
  bool color = false;  // ANSI colours, for terminals.
  size_t width = 100;  // Columns of text.
  size_t top = 10;     // Rows of the text tables.
  bool quiet = false;  // Text: findings and nothing else.
};

enum class Format : uint8_t {
  kText,
  kConcise,
  kJson,
  kHtml,
  kSarif,
  kGithub,
  kGitlab,
  kJunit,
  kMarkdown,
  kPrometheus,
  kSql,  // What a command would run: maintenance, indexes.
};

// "text", "json" …; empty for a name that is none.
std::optional<Format> FormatByName(std::string_view name);
// By a file's ending: .html .json .sarif .md .xml .txt .prom .sql.
std::optional<Format> FormatByEnding(std::string_view path);
const std::vector<std::string_view>& FormatNames();

// The whole report in one format. Deterministic: equal reports give equal bytes.
std::string Render(Format format, const Report& report, const RenderOptions& options);

std::string RenderText(const Report& report, const RenderOptions& options);
std::string RenderConcise(const Report& report);
std::string RenderJson(const Report& report);
std::string RenderHtml(const Report& report);
std::string RenderSarif(const Report& report);
std::string RenderGithub(const Report& report);
std::string RenderGitlab(const Report& report);
std::string RenderJunit(const Report& report);
std::string RenderMarkdown(const Report& report);
// Prometheus's text exposition format.
std::string RenderPrometheus(const Report& report);
// The maintenance as one script for psql; of `indexes` the migration that creates them.
std::string RenderSql(const Report& report);
std::string RenderIndexSql(const Report& report);

// One statement of the advice about indexes as a migration of its own, with the one that takes it
// back.
struct IndexMigration {
  std::string name;  // "0001_create_orders_customer_id_idx"
  std::string up, down;
};
// In the order in which to run them. What is only worth a thought (unused indexes, remarks) is not
// among them.
std::vector<IndexMigration> IndexMigrations(const IndexAdvice& advice);

struct FindingCounts {
  size_t errors = 0, warnings = 0, infos = 0, suppressed = 0;
};
FindingCounts CountFindings(const std::vector<Finding>& findings);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_REPORT_H_
