#include "base/json_writer.h"
#include "base/text.h"
#include "reports/json_health.h"
#include "reports/json_plans.h"
#include "reports/json_workload.h"
#include "reports/places.h"
#include "reports/report.h"

namespace pgsift {
namespace {

constexpr int kMsDigits = 3;

class JsonReport {
 public:
  explicit JsonReport(const Report& report)
      : report_(report), places_(*report.sources), json_(JsonWriter::Layout::kIndented) {}

  std::string Write() {
    json_.BeginObject().Field("schema_version", 1);
    json_.Key("tool").BeginObject();
    json_.Field("name", "pgsift").Field("version", report_.tool_version);
    json_.Field("postgres_grammar", report_.postgres_grammar).EndObject();
    Inputs();
    json_.Key("findings").BeginArray();
    for (const Finding& finding : report_.findings) WriteFinding(finding);
    json_.EndArray();
    if (report_.statements.has_value()) Statements();
    if (report_.workload.has_value()) WriteJsonWorkload(*report_.workload, &json_);
    if (report_.plans.has_value()) WriteJsonPlans(*report_.plans, &json_);
    if (report_.plan_groups.has_value()) WriteJsonPlanGroups(*report_.plan_groups, &json_);
    if (report_.plan_comparisons.has_value()) {
      WriteJsonPlanComparisons(*report_.plan_comparisons, &json_);
    }
    if (report_.indexes.has_value()) Indexes(*report_.indexes);
    if (report_.health.has_value()) WriteJsonHealth(*report_.health, &json_);
    json_.EndObject();
    const uint64_t replaced = json_.replaced_bytes();
    std::string text = json_.Take() + "\n";
    if (replaced > 0) {
      // The count is known only now: it goes in front of the closing brace.
      const size_t brace = text.rfind("\n}");
      text.insert(brace, ",\n  \"replaced_bytes\": " + std::to_string(replaced));
    }
    return text;
  }

 private:
  void OptionalText(std::string_view key, const std::string& text) {
    if (!text.empty()) json_.Field(key, text);
  }
  void Ms(std::string_view key, double ms) { json_.Key(key).Rounded(ms, kMsDigits); }
  void Texts(std::string_view key, const std::vector<std::string>& texts) {
    json_.Key(key).BeginArray();
    for (const std::string& text : texts) json_.String(text);
    json_.EndArray();
  }
  void Inputs() {
    json_.Key("inputs").BeginArray();
    for (size_t i = 0; i < report_.sources->size(); ++i) {
      const SourceFile& source = (*report_.sources)[report_.sources->id(i)];
      json_.BeginObject().Field("path", source.path).Field("kind", InputKindName(source.kind));
      OptionalText("format", source.format);
      OptionalText("role", source.role);
      json_.Field("bytes", source.bytes)
          .Field("lines", source.lines)
          .Field("records", source.records);
      json_.Field("skipped_records", source.skipped_records)
          .Field("skipped_bytes", source.skipped_bytes);
      if (source.first_skipped_line > 0)
        json_.Field("first_skipped_line", source.first_skipped_line);
      if (source.unresolved > 0) json_.Field("unresolved_placeholders", source.unresolved);
      OptionalText("error", source.error);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WritePlace(Span span) {
    const Place place = places_.Of(span);
    if (!place.path.empty()) json_.Field("path", place.path);
    if (place.has_lines) {
      json_.Field("line", place.begin.line).Field("column", place.begin.column);
      json_.Field("end_line", place.end.line).Field("end_column", place.end.column);
    }
    if (span.known()) json_.Field("offset", span.begin).Field("length", span.size);
  }

  void WriteFinding(const Finding& finding) {
    json_.BeginObject();
    json_.Field("rule", finding.rule->id).Field("name", finding.rule->name);
    json_.Field("severity", SeverityName(finding.severity));
    json_.Field("category", CategoryName(finding.rule->category));
    json_.Field("message", finding.message);
    WritePlace(finding.primary.span);
    OptionalText("statement", finding.statement);
    OptionalText("relation", finding.relation);
    json_.Key("labels").BeginArray();
    if (!finding.primary.text.empty()) WriteLabel(finding.primary, true);
    for (const Label& label : finding.secondary) WriteLabel(label, false);
    json_.EndArray();
    Texts("notes", finding.notes);
    Texts("helps", finding.helps);
    json_.Key("fixes").BeginArray();
    for (const Fix& fix : finding.fixes) {
      json_.BeginObject().Field("title", fix.title).Field("safety", FixSafetyName(fix.safety));
      json_.Key("edits").BeginArray();
      for (const Edit& edit : fix.edits) {
        json_.BeginObject().Field("offset", edit.span.begin).Field("length", edit.span.size);
        json_.Field("text", edit.text).EndObject();
      }
      json_.EndArray().EndObject();
    }
    json_.EndArray();
    json_.Key("metrics").BeginArray();
    for (const Metric& metric : finding.metrics) {
      json_.BeginObject().Field("name", metric.name).Key("value").Rounded(metric.value, 6);
      json_.Field("unit", metric.unit).EndObject();
    }
    json_.EndArray();
    json_.Key("evidence").BeginArray();
    for (const EvidenceItem& item : finding.evidence) {
      json_.BeginObject().Field("input", item.input).Field("kind", item.kind);
      json_.Field("ref", item.ref).Field("text", item.text).EndObject();
    }
    json_.EndArray();
    json_.Field("fingerprint", Hex64(finding.fingerprint)).Field("suppressed", finding.suppressed);
    OptionalText("suppressed_because", finding.suppressed_because);
    json_.EndObject();
  }

  void WriteLabel(const Label& label, bool primary) {
    json_.BeginObject().Field("primary", primary).Field("text", label.text);
    WritePlace(label.span);
    json_.EndObject();
  }

  void Statements() {
    json_.Key("statements").BeginArray();
    for (const StatementReport& statement : *report_.statements) {
      json_.BeginObject().Field("path", statement.path).Field("line", statement.line);
      json_.Field("sql", statement.sql).Field("kind", statement.kind);
      if (statement.transaction >= 0) json_.Field("transaction", statement.transaction);
      if (statement.repeats > 0) json_.Field("repeats", statement.repeats);
      OptionalText("error", statement.error);
      if (statement.effects.has_value()) Effects(*statement.effects);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // The names, and why in a list beside it where there is something to say.
  void Work(std::string_view key, const std::vector<WorkReport>& list) {
    json_.Key(key).BeginArray();
    for (const WorkReport& work : list) json_.String(work.relation);
    json_.EndArray();
  }

  void Effects(const StatementReport::EffectsReport& effects) {
    json_.Key("locks").BeginArray();
    for (const LockReport& lock : effects.locks) {
      json_.BeginObject().Field("relation", lock.relation).Field("kind", lock.kind);
      json_.Field("mode", lock.mode).Field("held_until", lock.held_until);
      if (lock.until_line > 0) json_.Field("held_until_line", lock.until_line);
      if (lock.created_here) json_.Field("created_here", true);
      json_.EndObject();
    }
    json_.EndArray();
    Work("rewrites", effects.rewrites);
    Work("scans", effects.scans);
    Work("index_builds", effects.index_builds);
    Texts("blocks", effects.blocks);
    json_.Field("transaction_block", effects.transaction_block);
    json_.Field("waits_for_transactions", effects.waits_for_transactions);
    OptionalText("lock_timeout", effects.lock_timeout);
    json_.Key("reasons").BeginArray();
    for (const auto* list : {&effects.rewrites, &effects.scans, &effects.index_builds}) {
      for (const WorkReport& work : *list) {
        json_.BeginObject().Field("relation", work.relation).Field("text", work.why).EndObject();
      }
    }
    json_.EndArray();
    Texts("unknown", effects.unknown);
    Texts("assumed", effects.assumed);
    if (effects.estimate.has_value()) Estimate(*effects.estimate);
    if (!effects.blast_radius.empty()) BlastRadius(effects.blast_radius);
  }

  void Number(std::string_view key, double value) { json_.Key(key).Rounded(value, kMsDigits); }

  void Estimate(const EstimateReport& estimate) {
    json_.Key("estimate").BeginObject();
    Number("bytes_read", estimate.bytes_read);
    Number("bytes_written", estimate.bytes_written);
    Number("seconds_min", estimate.seconds_min);
    Number("seconds_max", estimate.seconds_max);
    Texts("assumptions", estimate.assumptions);
    Texts("without_size", estimate.without_size);
    json_.EndObject();
  }

  void BlastRadius(const std::vector<BlastReport>& radius) {
    json_.Key("blast_radius").BeginArray();
    for (const BlastReport& blast : radius) {
      json_.BeginObject().Field("relation", blast.relation).Field("mode", blast.mode);
      json_.Key("waiting_per_second").BeginObject();
      for (const BlastReport::Rate& rate : blast.waiting) Number(rate.kind, rate.per_second);
      json_.EndObject();
      Number("statements_per_second", blast.per_second);
      Number("longest_transaction_seconds", blast.behind_seconds);
      Number("held_seconds_min", blast.held_seconds_min);
      Number("held_seconds_max", blast.held_seconds_max);
      Number("queue_min", blast.queue_min);
      Number("queue_max", blast.queue_max);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Redundant(std::string_view key, const std::vector<RedundantIndexAdvice>& list) {
    json_.Key(key).BeginArray();
    for (const RedundantIndexAdvice& advice : list) {
      json_.BeginObject().Field("index", advice.index).Field("by", advice.by);
      json_.Field("table", advice.table).Field("reason", advice.reason).Field("sql", advice.sql);
      json_.Field("undo_sql", advice.undo_sql).EndObject();
    }
    json_.EndArray();
  }

  void Recommended(const RecommendedIndex& index) {
    json_.BeginObject().Field("sql", index.sql).Field("table", index.table);
    OptionalText("name", index.name);
    Texts("columns", index.columns);
    OptionalText("where", index.where);
    if (!index.include.empty()) Texts("include", index.include);
    json_.Field("method", index.method).Key("score").Rounded(index.score, 1);
    json_.Field("benefit", index.benefit);
    OptionalText("confidence", index.confidence);
    json_.Key("bytes").Rounded(index.bytes, 0);
    OptionalText("write_penalty", index.writes);
    OptionalText("lock", index.lock);
    OptionalText("required_sql", index.required_sql);
    OptionalText("undo_sql", index.undo_sql);
    if (!index.replaces.empty()) {
      Texts("replaces", index.replaces);
      Texts("replaces_sql", index.replaces_sql);
      Texts("restore_sql", index.restore_sql);
    }
    Texts("queries", index.queries);
    json_.Key("served").BeginArray();
    for (const ServedQueryAdvice& query : index.served) {
      json_.BeginObject().Field("id", query.id).Field("query", query.query);
      json_.Key("calls").Rounded(query.calls, 0);
      json_.Key("cost_before").Rounded(query.cost_before, 2);
      json_.Key("cost_after").Rounded(query.cost_after, 2);
      Ms("saved_ms", query.saved_ms);
      json_.EndObject();
    }
    json_.EndArray().EndObject();
  }

  void Indexes(const IndexAdvice& indexes) {
    json_.Key("indexes").BeginObject().Key("recommended").BeginArray();
    for (const RecommendedIndex& index : indexes.recommended) Recommended(index);
    json_.EndArray();
    Redundant("redundant", indexes.redundant);
    Redundant("duplicate", indexes.duplicate);
    json_.Key("unused").BeginArray();
    for (const UnusedIndexAdvice& advice : indexes.unused) {
      json_.BeginObject().Field("index", advice.index).Field("table", advice.table);
      json_.Field("bytes", advice.bytes).Field("reason", advice.reason).Field("sql", advice.sql);
      OptionalText("undo_sql", advice.undo_sql);
      json_.EndObject();
    }
    json_.EndArray().Key("remarks").BeginArray();
    for (const IndexRemark& remark : indexes.remarks) {
      json_.BeginObject().Field("kind", remark.kind);
      OptionalText("index", remark.index);
      json_.Field("table", remark.table);
      if (remark.bytes > 0) json_.Field("bytes", remark.bytes);
      json_.Field("reason", remark.reason);
      OptionalText("sql", remark.sql);
      OptionalText("undo_sql", remark.undo_sql);
      json_.EndObject();
    }
    json_.EndArray().Key("rejected").BeginArray();
    for (const RejectedIndexAdvice& rejected : indexes.rejected) {
      json_.BeginObject().Field("sql", rejected.sql).Field("table", rejected.table);
      json_.Field("reason", rejected.reason).EndObject();
    }
    json_.EndArray();
    Texts("notes", indexes.notes);
    json_.Key("cost_before").Rounded(indexes.cost_before, 1);
    json_.Key("cost_after").Rounded(indexes.cost_after, 1);
    json_.EndObject();
  }

  const Report& report_;
  Places places_;
  JsonWriter json_;
};

}  // namespace

std::string RenderJson(const Report& report) { return JsonReport(report).Write(); }

}  // namespace pgsift
