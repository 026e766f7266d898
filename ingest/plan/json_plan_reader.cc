#include "ingest/plan/json_plan_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/plan/json_documents.h"
#include "ingest/plan/plan_filler.h"

namespace pgsift {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// Finds the nodes of a document in its text, one after the other. "Node Type" comes first in each
// node and before its children: the nth one in the text is the nth node. It cannot stand inside a
// string, where its quotes would be escaped.
class NodePlaces {
 public:
  NodePlaces(std::string_view text, uint64_t base, uint64_t line)
      : text_(text), base_(base), line_(line) {
    static constexpr std::string_view kKey = "\"Node Type\"";
    const char* const end = text.data() + text.size();
    for (const char* at = text.data();; at += kKey.size()) {
      at = static_cast<const char*>(
          memmem(at, static_cast<size_t>(end - at), kKey.data(), kKey.size()));
      if (at == nullptr) break;
      places_.push_back(static_cast<size_t>(at - text.data()));
    }
  }

  size_t count() const { return places_.size(); }
  void Next(PlanNode* node) {
    if (next_ >= places_.size()) return;
    const size_t place = places_[next_++];
    line_ += CountNewlines(text_.substr(counted_, place - counted_));
    counted_ = place;
    node->line = line_;
    node->offset = base_ + place;
  }

 private:
  const std::string_view text_;
  const uint64_t base_;
  uint64_t line_;
  std::vector<size_t> places_;
  size_t next_ = 0;
  size_t counted_ = 0;
};

// A handle for PlanFiller.
class JsonValue {
 public:
  JsonValue(element value, NodePlaces* places) : value_(value), places_(places) {}

  bool IsObject() const { return value_.type() == element_type::OBJECT; }
  bool HasDecimals() const { return value_.type() == element_type::DOUBLE; }
  double Number() const {
    double number = 0;
    return value_.get(number) == simdjson::SUCCESS ? number : 0;
  }
  bool Flag() const {
    bool flag = false;
    return value_.get(flag) == simdjson::SUCCESS && flag;
  }
  std::string Text() const {
    std::string_view text;
    if (value_.get(text) == simdjson::SUCCESS) return std::string(text);
    int64_t number = 0;
    if (value_.get(number) == simdjson::SUCCESS) return std::to_string(number);
    return {};
  }
  template <typename Function>
  void ForEachMember(const Function& function) const {
    simdjson::dom::object object;
    if (value_.get(object) != simdjson::SUCCESS) return;
    for (const auto& [key, value] : object) function(key, JsonValue(value, places_));
  }
  template <typename Function>
  void ForEachItem(const Function& function) const {
    simdjson::dom::array array;
    if (value_.get(array) != simdjson::SUCCESS) return;
    for (element item : array) function(JsonValue(item, places_));
  }
  void Locate(PlanNode* node) const { places_->Next(node); }

 private:
  element value_;
  NodePlaces* places_;
};

class Reader {
 public:
  Reader(std::string_view text, FileId file, PlanReadResult* result)
      : text_(text),
        file_(file),
        result_(*result),
        parser_(text.size() <= kSmallText ? SmallParser() : own_parser_) {}

  void Run() {
    // The usual file is one document: then nothing needs to be looked for.
    const size_t first = text_.find_first_not_of(" \t\r\n");
    const bool several = text_.find("\n{") != text_.npos || text_.find("\n[") != text_.npos;
    if (!several && first != text_.npos && (text_[first] == '[' || text_[first] == '{')) {
      const std::string_view whole = text_.substr(first);
      MoveTo(first);
      if (Parse(whole) == simdjson::SUCCESS) {
        if (!Take(whole, first, false)) Say(whole.size(), kNoPlan);
        return;
      }
    }
    RunDocuments();
  }

  // Reads documents one after the other, whatever stands between them.
  void RunDocuments() {
    JsonDocument document;
    for (size_t at = 0; at < text_.size(); at = document.end) {
      at = text_.find_first_of("[{", at);
      if (at == text_.npos) break;
      if (ReadByLayout(at, &document)) continue;
      if (!NextJsonDocument(text_, at, false, kPlanJsonDepthMax, &document)) break;
      if (!document.closed) {
        // It breaks off here, or where another begins.
        const size_t next = NextLineLike(text_, document.begin);
        NextJsonDocument(text_.substr(0, next), document.begin, true, kPlanJsonDepthMax, &document);
      }
      Read(document);
    }
  }

 private:
  // More costs memory for each parser.
  static constexpr size_t kUsualDepth = 1100;
  static constexpr size_t kSmallText = size_t{1} << 20;
  // Levels above a plan that others' JSON may have.
  static constexpr int kRowDepthMax = 8;

  // A log's plans come one by one: what one has allocated is there for the next.
  static simdjson::dom::parser& SmallParser() {
    thread_local simdjson::dom::parser parser;
    return parser;
  }

  static constexpr const char* kNoPlan =
      "JSON without a \"Plan\": not EXPLAIN (FORMAT JSON) output";

  // Reads the document at `at` if its layout tells where it ends.
  bool ReadByLayout(size_t at, JsonDocument* document) {
    const size_t end = LikelyEndOfJson(text_, at);
    if (end == 0) return false;
    const std::string_view json = text_.substr(at, end - at);
    if (Parse(json) != simdjson::SUCCESS) return false;
    MoveTo(at);
    if (!Take(json, at, false)) Say(json.size(), kNoPlan);
    *document = {.begin = at, .end = end, .closed = true};
    return true;
  }

  simdjson::error_code Parse(std::string_view json) {
    const simdjson::error_code code = Parse(json, kUsualDepth);
    return code == simdjson::DEPTH_ERROR ? Parse(json, kPlanJsonDepthMax + 8) : code;
  }

  simdjson::error_code Parse(std::string_view json, size_t depth) {
    const size_t capacity = std::max<size_t>(json.size(), 64);
    if (parser_.capacity() < capacity || parser_.max_depth() < depth) {
      const simdjson::error_code code =
          parser_.allocate(std::max(capacity, 2 * parser_.capacity()), depth);
      if (code != simdjson::SUCCESS) return code;
    }
    // It copies what has no padding behind it.
    const char* const end = text_.data() + text_.size();
    const bool within = json.data() >= text_.data() && json.data() < end;
    const bool padded = within && static_cast<size_t>(end - json.data()) >=
                                      json.size() + simdjson::SIMDJSON_PADDING;
    return parser_.parse(json.data(), json.size(), !padded).get(root_);
  }

  void MoveTo(size_t place) {
    line_ += CountNewlines(text_.substr(counted_, place - counted_));
    counted_ = place;
  }

  void Say(uint64_t bytes, std::string message) {
    result_.errors.push_back({.line = line_, .bytes = bytes, .message = std::move(message)});
  }

  void Read(const JsonDocument& document) {
    MoveTo(document.begin);
    const uint64_t size = document.end - document.begin;
    if (document.depth > kPlanJsonDepthMax) {
      return Say(size,
                 absl::StrFormat("nested deeper than %d levels: not analyzed", kPlanJsonDepthMax));
    }
    const std::string_view json = text_.substr(document.begin, size);
    if (document.closed) {
      const simdjson::error_code code = Parse(json);
      if (code != simdjson::SUCCESS) {
        Say(size, absl::StrFormat("broken JSON: %s; give EXPLAIN's output as it was printed",
                                  simdjson::error_message(code)));
      } else if (!Take(json, document.begin, false)) {
        Say(size, kNoPlan);
      }
      return;
    }
    std::string repaired;
    size_t nodes = 0;
    if (document.whole > 0) {
      repaired = std::string(text_.substr(document.begin, document.whole - document.begin)) +
                 document.closing;
      const size_t before = result_.plans.size();
      if (Parse(repaired) == simdjson::SUCCESS && Take(repaired, document.begin, true)) {
        for (size_t i = before; i < result_.plans.size(); ++i)
          nodes += result_.plans[i].nodes.size();
      }
    }
    Say(size, nodes == 0
                  ? "the JSON ends before the plan does: the file is truncated; export it again"
                  : absl::StrFormat("the JSON ends before the plan does: the file is truncated; "
                                    "%d nodes that are whole were read",
                                    nodes));
  }

  // Takes the plans of what was parsed.
  bool Take(std::string_view json, size_t base, bool truncated) {
    NodePlaces places(json, base, line_);
    bool any = false;
    if (root_.type() == element_type::OBJECT) {
      any = TakeStatement(root_, base, line_, truncated, places.count(), &places);
    } else {
      simdjson::dom::array array;
      if (root_.get(array) != simdjson::SUCCESS) return false;
      for (element item : array) {
        if (item.type() != element_type::OBJECT) continue;
        const size_t nodes = array.size() == 1 ? places.count() : 0;
        any = TakeStatement(item, base, line_, truncated, nodes, &places) || any;
      }
    }
    return any || TakeWithin(root_, base, truncated, kRowDepthMax, &places);
  }

  // What a driver hands out has the plan in a field of its rows; who cut it out, a root alone.
  bool TakeWithin(element value, size_t base, bool truncated, int depth, NodePlaces* places) {
    simdjson::dom::array array;
    simdjson::dom::object object;
    bool any = false;
    if (value.get(array) == simdjson::SUCCESS && depth > 0) {
      for (element item : array) any = TakeWithin(item, base, truncated, depth - 1, places) || any;
    } else if (value.get(object) == simdjson::SUCCESS && depth > 0) {
      if (TakeStatement(value, base, line_, truncated, 0, places)) return true;
      for (const auto& [key, member] : object)
        any = TakeWithin(member, base, truncated, depth - 1, places) || any;
    }
    return any;
  }

  // `nodes`: how many it has; 0: not known.
  bool TakeStatement(element statement, size_t base, uint64_t line, bool truncated, size_t nodes,
                     NodePlaces* places) {
    Plan plan;
    plan.file = file_;
    plan.format = PlanFormat::kJson;
    plan.offset = base;
    plan.line = line;
    plan.truncated = truncated;
    plan.nodes.reserve(std::min(nodes, kPlanNodesMax));
    PlanFiller<JsonValue> filler(&plan);
    const JsonValue value(statement, places);
    const bool root = statement["Node Type"].error() == simdjson::SUCCESS;
    if (root ? !filler.FillRoot(value) : !filler.Fill(value)) return false;
    // The first plan of an array begins with it; those after it near their root.
    if (taken_ == base + 1) {
      plan.offset = plan.nodes.front().offset;
      plan.line = plan.nodes.front().line;
    }
    taken_ = base + 1;
    if (filler.overflow()) {
      Say(0, absl::StrFormat("a plan of more than %d nodes, or nested deeper than %d: its first %d "
                             "nodes were read",
                             kPlanNodesMax, kPlanDepthMax, plan.nodes.size()));
      plan.truncated = true;
    }
    result_.plans.push_back(std::move(plan));
    return true;
  }

  const std::string_view text_;
  const FileId file_;
  PlanReadResult& result_;
  simdjson::dom::parser own_parser_;
  simdjson::dom::parser& parser_;
  element root_;
  size_t counted_ = 0;
  uint64_t line_ = 1;
  size_t taken_ = 0;
};

}  // namespace

void ReadJsonPlans(std::string_view text, FileId file, PlanReadResult* result) {
  Reader(text, file, result).Run();
}

void ReadJsonDocuments(std::string_view text, FileId file, PlanReadResult* result) {
  Reader(text, file, result).RunDocuments();
}

}  // namespace pgsift
