#ifndef PGSIFT_BASE_FINDING_H_
#define PGSIFT_BASE_FINDING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rule_info.h"
#include "base/span.h"

namespace pgsift {

// A stretch of input and what to say about it. Lower case, no full stop.
struct Label {
  Span span;
  std::string text;
};

// Replaces the bytes of `span` by `text`. An empty span inserts.
struct Edit {
  Span span;
  std::string text;
};

inline Edit InsertAfter(Span place, std::string text) {
  return {{.begin = place.end(), .size = 0, .file = place.file}, std::move(text)};
}

// Edits that belong together: all are applied, or none.
struct Fix {
  std::string title;
  FixSafety safety = FixSafety::kDisplay;
  std::vector<Edit> edits;
};

// A number that a rule measured; stays a number in JSON.
struct Metric {
  std::string name;  // "calls", "total_ms": snake case, unit last.
  double value = 0;
  std::string unit;  // "ms", "rows", "bytes", "1" for a share or a plain count.
};

// What one input says for a finding. A finding that joins several inputs has one of each.
struct EvidenceItem {
  std::string input;  // Path of the input, as the user gave it.
  std::string kind;   // "log", "plan", "schema", "migration", "snapshot".
  std::string ref;    // Where in it: "line 120", "node 3", a query id, an object's name.
  std::string text;   // What it says, in one line.
};

// One thing a rule found. Owns its text, so it may cross threads and outlive every batch.
struct Finding {
  const RuleInfo* rule = nullptr;  // Static storage.
  Severity severity = Severity::kWarning;
  std::string message;  // Makes sense alone, without the snippet.
  Label primary;
  std::vector<Label> secondary;    // Places that explain the primary.
  std::vector<std::string> notes;  // Circumstances. "= note: ..."
  std::vector<std::string> helps;  // Ways out. "= help: ..."
  std::vector<Fix> fixes;          // Alternatives, best first.
  std::vector<Metric> metrics;
  std::vector<EvidenceItem> evidence;
  std::string statement;  // The SQL it is about; empty when it is about none.
  std::string relation;   // Schema-qualified; empty when it is about none.
  double cost_ms = 0;     // Time that it costs by the evidence; orders findings of logs and plans.
  uint64_t fingerprint = 0;  // Survives moved lines; 0 until the engine sets it.
  bool suppressed = false;
  std::string suppressed_because;  // The reason given, when suppressed by a comment.

  Finding& Primary(std::string text) {
    primary.text = std::move(text);
    return *this;
  }
  Finding& Also(Span span, std::string text) {
    secondary.push_back({span, std::move(text)});
    return *this;
  }
  Finding& Note(std::string text) {
    notes.push_back(std::move(text));
    return *this;
  }
  Finding& Help(std::string text) {
    helps.push_back(std::move(text));
    return *this;
  }
  Finding& Offer(Fix fix) {
    fixes.push_back(std::move(fix));
    return *this;
  }
  Finding& Measure(std::string name, double value, std::string unit) {
    metrics.push_back({std::move(name), value, std::move(unit)});
    return *this;
  }
  Finding& Evidence(EvidenceItem item) {
    evidence.push_back(std::move(item));
    return *this;
  }
  Finding& On(std::string relation_name) {
    relation = std::move(relation_name);
    return *this;
  }
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_FINDING_H_
