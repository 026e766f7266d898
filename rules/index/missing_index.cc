// IDX004 missing-index: log, plans and schema together show an index that is not there.

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/plan/plan.h"
#include "rules/advisor/advisor.h"
#include "rules/rule.h"

namespace pgsift::missing_index {
namespace {

constexpr RuleOption kOptions[] = {
    {"total_ms_min", 100,
     "time of all calls in the log below which no index is proposed, unless a plan agrees"},
    {"calls_min", 10, "calls in the log below which no index is proposed, unless a plan agrees"},
    {"mean_ms_min", 1, "time of one call below which it needs no index"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "IDX004",
    .name = "missing-index",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 2},
    .summary = "statements search a table by columns that no index begins with",
    .why = R"md(
Without an index that begins with one of the columns a statement compares, PostgreSQL reads the whole
table for each call. The log says how often that happens and how long it takes, a plan says how many
rows are read and thrown away, the schema says that no index would do.
)md",
    .instead = R"md(
Create the index that the finding gives, `CONCURRENTLY`. It costs space and a little on each write.
Where no plan was among the inputs, run `EXPLAIN (ANALYZE, BUFFERS)` first: an index on a column with
few different values does not help.
)md",
    .bad = "CREATE TABLE t (id int, a int, b text);\n"
           "-- log: 500 calls, 20 ms each\nSELECT * FROM t WHERE a = 1;",
    .good = "CREATE TABLE t (id int, a int, b text);\nCREATE INDEX t_a ON t (a);\n"
            "-- log: 500 calls, 20 ms each\nSELECT * FROM t WHERE a = 1;",
    .options = kOptions,
});

std::string Columns(const AdvisedIndex& missing) {
  std::string text;
  for (const DesignKey& key : missing.design.keys) {
    if (!text.empty()) text += ", ";
    text += key.expression ? key.key : QuoteIdentifier(key.key);
  }
  return text;
}

bool Worth(const AdvisedIndex& missing, const EvidencePass& pass) {
  if (missing.foreign_key != nullptr) return false;
  if (missing.plan != nullptr) return true;
  const double mean = missing.total_ms / std::max(1.0, missing.calls);
  return missing.calls >= pass.option(kInfo, "calls_min") &&
         missing.total_ms >= pass.option(kInfo, "total_ms_min") &&
         mean >= pass.option(kInfo, "mean_ms_min");
}

void AddPlanEvidence(const AdvisedIndex& missing, const EvidencePass& pass, Finding* finding) {
  const Plan& plan = *missing.plan;
  const PlanNode& node = plan.nodes[missing.plan_node];
  const double read = missing.rows_removed + missing.rows_kept;
  finding->Evidence(
      {.input = std::string(pass.evidence().sources->path(plan.file)),
       .kind = "plan",
       .ref = absl::StrFormat("line %d", node.line),
       .text = absl::StrFormat("Seq Scan on %s reads %s rows and throws %s away (%.2f %%), %s",
                               node.relation, Grouped(static_cast<uint64_t>(read)),
                               Grouped(static_cast<uint64_t>(missing.rows_removed)),
                               100 * missing.rows_removed / std::max(1.0, read),
                               HumanMs(node.exclusive_ms))});
  finding->Measure("rows_removed", missing.rows_removed, "rows");
}

void AddSchemaEvidence(const AdvisedIndex& missing, const EvidencePass& pass, Finding* finding) {
  const Relation& table = *missing.design.table;
  const Span origin = table.origin.span;
  const auto indexes = pass.catalog().IndexesOf(table);
  std::string names;
  bool begins = false;
  for (const Relation* index : indexes) {
    if (!names.empty()) names += ", ";
    names += index->name.name;
    for (const DesignKey& key : missing.design.keys) {
      begins = begins || (index->index.has_value() && !index->index->elements.empty() &&
                          index->index->elements[0].column == key.key);
    }
  }
  const std::string there =
      names.empty() ? "there is none" : (indexes.size() == 1 ? "there is " : "there are ") + names;
  finding->Evidence(
      {.input = std::string(pass.evidence().sources->path(origin.file)),
       .kind = "schema",
       .ref = table.name.ToString(),
       .text = begins ? "no index answers this as well; " + there
               : missing.design.keys.size() == 1
                   ? "no index begins with " + Columns(missing) + "; " + there
                   : "no index begins with one of " + Columns(missing) + "; " + there});
}

void CheckEvidence(EvidencePass& pass) {
  std::optional<IndexAdviceResult> own;
  const IndexAdviceResult* advice = pass.evidence().advice;
  if (advice == nullptr) advice = &own.emplace(AdviseIndexes(pass.evidence(), {}));
  for (const AdvisedIndex& missing : advice->indexes) {
    if (!Worth(missing, pass)) continue;
    const ObservedQuery* query = missing.queries.empty() ? nullptr : missing.queries.front().query;
    const std::string table = missing.design.table->name.ToString();
    Span at = query != nullptr ? query->span : Span{};
    if (!at.known() && missing.plan != nullptr) {
      const PlanNode& node = missing.plan->nodes[missing.plan_node];
      at = {.begin = node.offset, .size = 0, .file = missing.plan->file};
    }
    Finding& finding = pass.Report(
        kInfo, at,
        absl::StrFormat("`%s` has no index for searches by (%s)", table, Columns(missing)));
    finding.On(table);
    finding.cost_ms = missing.saved_ms;
    if (query != nullptr) {
      finding.statement = query->sql;
      finding.Primary("every call reads far more rows than it needs");
      EvidenceItem log = query->evidence;
      log.text = absl::StrFormat(
          "%s of %s, %s in all, %s each", Counted(static_cast<uint64_t>(missing.calls), "call"),
          Counted(missing.queries.size(), "query shape"), HumanMs(missing.total_ms),
          HumanMs(missing.total_ms / std::max(1.0, missing.calls)));
      finding.Evidence(std::move(log));
      finding.Measure("calls", missing.calls, "1");
      finding.Measure("total_ms", missing.total_ms, "ms");
    }
    if (missing.plan != nullptr) AddPlanEvidence(missing, pass, &finding);
    AddSchemaEvidence(missing, pass, &finding);
    if (missing.plan == nullptr && missing.confidence != Confidence::kHigh) {
      finding.Note(
          "no plan of it was given: EXPLAIN (ANALYZE, BUFFERS) would show how many rows it reads");
    }
    finding.Measure("score", missing.score, "1");
    if (!missing.required_sql.empty()) finding.Help(missing.required_sql);
    finding.Help(missing.create_sql);
  }
}

}  // namespace

extern constinit const Rule kMissingIndex = MakeEvidenceRule(kInfo, &CheckEvidence);

}  // namespace pgsift::missing_index
