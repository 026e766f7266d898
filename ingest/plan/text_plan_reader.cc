// EXPLAIN's text form. A node stands behind its "->", whose column tells its parent; what a node
// says of itself stands below it, six columns to the right of the arrow. What is said of the whole
// stands in the root's column, behind all nodes.

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/plan/text_plan_node.h"
#include "ingest/plan/value_plan_reader.h"

namespace pgsift {
namespace {

constexpr std::string_view kArrow = "->";
constexpr size_t kTabColumns = 8;     // From one stop to the next.
constexpr size_t kWrapWidthMin = 40;  // Columns: narrower lines are not taken for wrapped ones.

struct Line {
  std::string_view content;  // Without blanks around it.
  size_t column = 0;         // Where it begins; of a node with an arrow, the arrow's.
  uint64_t offset = 0;
  uint64_t number = 0;
};

struct TextNode {
  PlanValue value = PlanValue::Object();
  int parent = -1;
  int depth = 0;
  size_t inside = 0;  // The column in which what belongs to it stands.
  size_t children = 0;
  std::string type;
  std::map<int, PlanValue> workers;
  std::vector<PlanValue> plans;  // Of its children, the last first.
};

// The name and the numbers of a node's line: "Seq Scan on t  (cost=…) (actual …)".
struct NodeLine {
  std::string_view name;
  std::vector<std::string_view> numbers;  // Of each pair of parentheses.
  bool broken = false;                    // A pair is not closed.
  bool joined = false;                    // More nodes follow in the same line.
};

NodeLine TakeApart(std::string_view content) {
  NodeLine line;
  size_t begin = content.npos;
  for (std::string_view mark : {"(cost=", "(actual ", "(never executed)"}) {
    begin = std::min(begin, content.find(mark));
  }
  line.name = Trim(content.substr(0, begin));
  while (begin < content.size()) {
    const size_t open = content.find('(', begin);
    if (open == content.npos) break;
    const size_t close = content.find(')', open);
    if (close == content.npos) {
      line.broken = true;
      break;
    }
    if (Trim(content.substr(begin, open - begin)).find(kArrow) != content.npos) {
      line.joined = true;
      break;
    }
    line.numbers.push_back(content.substr(open + 1, close - open - 1));
    begin = close + 1;
  }
  return line;
}

// "$1 = 'a'" lists and "work_mem = '4MB', jit = 'off'".
PlanValue SettingsOf(std::string_view text) {
  PlanValue settings = PlanValue::Object();
  for (const std::string& part : SplitList(text)) {
    const size_t equals = part.find(" = ");
    if (equals == std::string::npos) continue;
    std::string_view value = std::string_view(part).substr(equals + 3);
    if (value.size() >= 2 && value.front() == '\'') value = value.substr(1, value.size() - 2);
    settings.Add(part.substr(0, equals), PlanValue::Scalar(std::string(value)));
  }
  return settings;
}

class TextReader {
 public:
  TextReader(std::string_view text, FileId file, PlanReadResult* result)
      : text_(text), file_(file), result_(*result) {}

  void Run() {
    uint64_t number = 0;
    for (size_t at = 0; at < text_.size();) {
      const Line line = LineAt(at, ++number);
      size_t next = EndOfLine(at) + 1;
      if (line.content.empty()) {
        ++blank_;
      } else if (std::string whole = Unwrapped(line, &next, &number); whole.empty()) {
        Read(line);
        blank_ = 0;
      } else {
        unwrapped_.push_back(std::move(whole));
        Read({.content = unwrapped_.back(),
              .column = line.column,
              .offset = line.offset,
              .number = line.number});
        blank_ = 0;
      }
      at = next;
    }
    Finish();
  }

 private:
  size_t EndOfLine(size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

  // The line that begins at `at`; without content: it is blank, or the text ends there.
  Line LineAt(size_t at, uint64_t number) const {
    if (at >= text_.size()) return {.offset = at, .number = number};
    const std::string_view line = text_.substr(at, EndOfLine(at) - at);
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos) return {.offset = at, .number = number};
    size_t column = 0;
    for (char blank : line.substr(0, begin)) {
      column = blank == '\t' ? (column / kTabColumns + 1) * kTabColumns : column + 1;
    }
    return {.content = Trim(line), .column = column, .offset = at + begin, .number = number};
  }

  // What a terminal, a mail or a form has broken into several lines, put together; "" where the
  // line is whole. `next` and `number` move to the last line that was taken.
  std::string Unwrapped(const Line& line, size_t* next, uint64_t* number) const {
    std::string whole;
    if (in_query_ || open_quote_) return whole;
    std::string_view content = line.content;
    Line last = line;
    while (*next < text_.size()) {
      const Line more = LineAt(*next, *number + 1);
      if (!GoesOn(content, last, more, *next)) break;
      if (whole.empty()) whole = std::string(line.content);
      // The break may have eaten a blank, or stand within a word.
      const char before = text_[*next - 1 > 0 ? *next - 2 : 0];
      if (more.column > 0 || before == ' ' || more.content.front() == '(') whole += ' ';
      whole += more.content;
      content = whole;
      last = more;
      *next = EndOfLine(*next) + 1;
      ++*number;
    }
    return whole;
  }

  // Whether `more`, which begins at `at`, is the rest of `content`, whose last line is `last`.
  bool GoesOn(std::string_view content, const Line& last, const Line& more, size_t at) const {
    if (more.content.empty() || more.content.starts_with(kArrow)) return false;
    const bool node = content.starts_with(kArrow) || BeginsPlan({.content = content});
    if (!node && nodes_.empty()) return false;
    // Numbers belong to the node before them.
    for (std::string_view mark : {"(cost=", "(actual time=", "(actual rows=", "(never executed)"}) {
      if (node && more.content.starts_with(mark)) return true;
    }
    if (node && Opens(content) && TakeApart(content).broken) return !BeginsPlan(more);
    if (more.column > base_ || BeginsPlan(more) || IsOfWhole(more.content)) return false;
    const size_t width = last.column + last.content.size();
    const bool first = last.content == content;
    if (width < kWrapWidthMin || (first && last.column <= base_) || IsOfWhole(content)) {
      return false;
    }
    return Opens(content) || PlanGoesOn(EndOfLine(at) + 1);
  }

  // More parentheses are opened than closed.
  static bool Opens(std::string_view content) {
    return std::count(content.begin(), content.end(), '(') >
           std::count(content.begin(), content.end(), ')');
  }

  // One of the next lines, before a blank one, is of a plan.
  bool PlanGoesOn(size_t at) const {
    constexpr int kLinesMax = 8;
    for (int i = 0; i < kLinesMax; ++i) {
      const Line line = LineAt(at, 0);
      if (line.content.empty()) return false;
      if (line.content.starts_with(kArrow) || IsOfWhole(line.content)) return true;
      if (line.column > base_ && line.content.find(": ") != line.content.npos) return true;
      at = EndOfLine(at) + 1;
    }
    return false;
  }

  // What is said of the whole plan, behind its nodes.
  static bool IsOfWhole(std::string_view content) {
    static constexpr std::string_view kWhole[] = {
        "planning time:", "execution time:", "total runtime:",    "planning:", "settings:",
        "jit:",           "serialization:",  "query identifier:", "trigger "};
    return std::any_of(std::begin(kWhole), std::end(kWhole), [&](std::string_view start) {
      return StartsWithIgnoringCase(content, start);
    });
  }

  // A root has no arrow: it is told by its numbers, or, without any, by standing where a plan must
  // begin.
  bool BeginsPlan(const Line& line) const {
    if (line.content.starts_with(kArrow)) return false;
    const bool numbers = line.content.find("(cost=") != std::string_view::npos ||
                         line.content.find("(actual ") != std::string_view::npos;
    if (!numbers && !nodes_.empty()) return false;
    PlanValue probe = PlanValue::Object();
    const NodeLine parts = TakeApart(line.content);
    if (!ReadNodeName(parts.name, &probe)) return false;
    return numbers || parts.name == line.content;
  }

  void Read(const Line& line) {
    // A text that goes on over line ends is taken as it stands.
    if (open_quote_) return Continue(line);
    if (in_query_ && !EndsQuery(line)) {
      query_ += "\n";
      query_ += line.content;
      return;
    }
    if (line.content.starts_with(kArrow) && !nodes_.empty()) {
      Line node = line;
      node.content = Trim(node.content.substr(kArrow.size()));
      return AddNode(node);
    }
    if (BeginsPlan(line)) {
      Finish();
      base_ = line.column;
      return AddNode(line);
    }
    if (nodes_.empty()) return BeforePlan(line);
    if (line.column <= base_) return OfWhole(line);
    if (section_ != nullptr && line.column > section_column_) return OfSection(line);
    section_ = nullptr;
    OfNode(line);
  }

  bool EndsQuery(const Line& line) {
    const bool ends = BeginsPlan(line) || line.content.starts_with("Query Parameters: ") ||
                      line.content.starts_with("Query Text: ");
    if (ends) in_query_ = false;
    return ends;
  }

  void BeforePlan(const Line& line) {
    std::string_view content = line.content;
    // What a raw log has in front of auto_explain's entry.
    if (const size_t text = content.find("Query Text: "); text != content.npos) {
      query_ = std::string(content.substr(text + 12));
      in_query_ = true;
      return;
    }
    if (content.starts_with("Query Parameters: ")) {
      parameters_ = std::string(content.substr(18));
      return;
    }
    // psql echoes what it was given.
    const std::string lower = Lower(content);
    const size_t explain = lower.find("explain");
    if (explain != std::string::npos && (explain == 0 || content[explain - 1] == ' ')) {
      echo_ = std::string(content.substr(explain));
    } else if (!echo_.empty() && blank_ == 0) {
      const size_t prompt = content.find("# ");
      const bool continued =
          prompt != content.npos && prompt > 0 &&
          std::string_view("-('\"*$^").find(content[prompt - 1]) != std::string_view::npos;
      echo_ += "\n";
      echo_ += continued ? content.substr(prompt + 2) : content;
    } else {
      echo_.clear();
    }
  }

  // The statement behind EXPLAIN and its options.
  static std::string Explained(std::string_view echo) {
    std::string_view rest = Trim(echo.substr(std::min<size_t>(7, echo.size())));
    if (rest.starts_with('(')) {
      rest = Trim(rest.substr(std::min(rest.find(')'), rest.size() - 1) + 1));
    } else {
      for (std::string_view word : {"analyze", "verbose"}) {
        if (StartsWithIgnoringCase(rest, word)) rest = Trim(rest.substr(word.size()));
      }
    }
    if (rest.ends_with(';')) rest.remove_suffix(1);
    return std::string(rest);
  }

  void AddNode(const Line& line) {
    if (nodes_.size() >= kPlanNodesMax) {
      too_large_ = true;
      return;
    }
    const bool root = nodes_.empty();
    TextNode node;
    const NodeLine parts = TakeApart(line.content);
    if (!ReadNodeName(parts.name, &node.value)) {
      // A node of an extension, or of a release that is not known: it keeps its words.
      node.value.Add("Node Type", PlanValue::Scalar(std::string(parts.name)));
    }
    for (const auto& [key, member] : node.value.members) {
      if (key == "Node Type") node.type = member.text;
    }
    for (std::string_view numbers : parts.numbers) ReadNodeNumbers(numbers, &node.value);
    broken_ = parts.broken;
    joined_ = joined_ || parts.joined;
    node.value.offset = line.offset;
    node.value.line = line.number;
    node.inside = root ? base_ + 2 : line.column + 6;
    if (!root) {
      while (open_.size() > 1 && At(open_.back()).inside > line.column) open_.pop_back();
      node.parent = open_.back();
      TextNode& parent = At(node.parent);
      node.depth = parent.depth + 1;
      if (node.depth > kPlanDepthMax) {
        too_large_ = true;
        return;
      }
      std::string relationship;
      if (!subplan_.empty() && line.column > subplan_column_) {
        const bool init = subplan_.starts_with("InitPlan") || subplan_.starts_with("CTE ");
        relationship = init ? "InitPlan" : "SubPlan";
        node.value.Add("Subplan Name", PlanValue::Scalar(subplan_));
      } else {
        relationship = Relationship(parent);
        ++parent.children;
      }
      node.value.Add("Parent Relationship", PlanValue::Scalar(relationship));
    }
    subplan_.clear();
    section_ = nullptr;
    worker_ = -1;
    open_.push_back(static_cast<int>(nodes_.size()));
    nodes_.push_back(std::move(node));
  }

  static std::string Relationship(const TextNode& parent) {
    for (std::string_view type : {"Append", "Merge Append", "BitmapAnd", "BitmapOr"}) {
      if (parent.type == type) return "Member";
    }
    if (parent.type == "Subquery Scan") return "Subquery";
    return parent.children == 0 ? "Outer" : "Inner";
  }

  TextNode& At(int id) { return nodes_[static_cast<size_t>(id)]; }

  static bool IsSubplanHeader(std::string_view content) {
    for (std::string_view prefix : {"InitPlan ", "SubPlan ", "CTE "}) {
      if (content.starts_with(prefix)) return content.find(": ") == content.npos;
    }
    return false;
  }

  void OfNode(const Line& line) {
    if (IsSubplanHeader(line.content)) {
      subplan_ = std::string(line.content);
      subplan_column_ = line.column;
      // It hangs below the node in whose column it stands.
      while (open_.size() > 1 && At(open_.back()).inside > line.column) open_.pop_back();
      return;
    }
    TextNode& node = nodes_.back();
    if (line.content.starts_with("Worker ")) {
      const size_t colon = line.content.find(':');
      if (colon == line.content.npos) return;
      worker_ = std::atoi(std::string(line.content.substr(7, colon - 7)).c_str());
      worker_column_ = line.column;
      PlanValue& worker = node.workers[worker_];
      worker.kind = PlanValue::Kind::kObject;
      const std::string_view rest = Trim(line.content.substr(colon + 1));
      if (rest.starts_with("actual")) {
        ReadNodeNumbers(rest, &worker);
      } else {
        Property(rest, &worker);
      }
      return;
    }
    if (worker_ >= 0 && line.column > worker_column_) {
      Property(line.content, &node.workers[worker_]);
      return;
    }
    worker_ = -1;
    if (Property(line.content, &node.value)) return;
    if (line.content.find(": ") == line.content.npos && last_ != nullptr) Continue(line);
  }

  // "Key: value". Returns false if it is not of that form.
  bool Property(std::string_view content, PlanValue* target) {
    const size_t colon = content.find(": ");
    if (colon == content.npos) return false;
    const std::string_view value = Trim(content.substr(colon + 1));
    if (!ReadNodeProperty(content.substr(0, colon), value, target)) return false;
    // A literal may hold line ends: then its quote is still open.
    open_quote_ = std::count(value.begin(), value.end(), '\'') % 2 == 1;
    last_ = nullptr;
    if (target != &nodes_.back().value || target->members.empty()) return true;
    PlanValue& last = target->members.back().value;
    if (last.kind == PlanValue::Kind::kScalar && last.text == value) last_ = target;
    return true;
  }

  void Continue(const Line& line) {
    if (std::count(line.content.begin(), line.content.end(), '\'') % 2 == 1)
      open_quote_ = !open_quote_;
    if (last_ == nullptr) return;
    std::string& text = last_->members.back().value.text;
    text += "\n";
    text += line.content;
  }

  static std::string Ms(std::string_view text) {
    return std::string(Trim(text.substr(0, text.find("ms"))));
  }

  void OfWhole(const Line& line) {
    section_ = nullptr;
    worker_ = -1;
    last_ = nullptr;
    const size_t colon = line.content.find(':');
    const std::string key = Lower(line.content.substr(0, colon));
    const std::string_view value =
        colon == line.content.npos ? std::string_view() : Trim(line.content.substr(colon + 1));
    if (key == "planning time") {
      Put("Planning Time", Ms(value));
    } else if (key == "execution time" || key == "total runtime") {
      Put("Execution Time", Ms(value));
    } else if (key == "query identifier") {
      Put("Query Identifier", std::string(value));
    } else if (key == "settings") {
      whole_.Add("Settings", SettingsOf(value));
    } else if (key == "planning" || key == "jit") {
      OpenSection(key == "jit" ? "JIT" : "Planning", line);
    } else if (key == "serialization") {
      OpenSection("Serialization", line);
      PutPart("Time", value, "time=");
      PutPart("Output Volume", value, "output=");
      if (const size_t at = value.find("format="); at != value.npos) {
        section_->Add("Format", PlanValue::Scalar(std::string(value.substr(at + 7))));
      }
    } else if (StartsWithIgnoringCase(line.content, "trigger ")) {
      Trigger(line.content.substr(8));
    } else if (line.content.starts_with("Buffers: ") || IsSubplanHeader(line.content) ||
               line.content.starts_with("Time:")) {
      // Planning's buffers of 13, or what a paste has moved to the left.
    } else {
      Finish();
      BeforePlan(line);
    }
  }

  void Put(std::string_view key, std::string text) {
    whole_.Add(std::string(key), PlanValue::Scalar(std::move(text)));
  }
  void OpenSection(std::string_view name, const Line& line) {
    section_ = &whole_.Add(std::string(name), PlanValue::Object());
    section_column_ = line.column;
  }
  void PutPart(std::string_view key, std::string_view text, std::string_view name) {
    PutPart(section_, key, text, name);
  }
  static void PutPart(PlanValue* target, std::string_view key, std::string_view text,
                      std::string_view name) {
    const size_t at = text.find(name);
    if (at == text.npos) return;
    size_t end = at + name.size();
    while (end < text.size() &&
           (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.'))
      ++end;
    target->Add(
        std::string(key),
        PlanValue::Scalar(std::string(text.substr(at + name.size(), end - at - name.size()))));
  }

  void OfSection(const Line& line) {
    const size_t colon = line.content.find(": ");
    if (colon == line.content.npos) return;
    const std::string_view key = line.content.substr(0, colon);
    const std::string_view value = line.content.substr(colon + 2);
    if (key == "Buffers") ReadBuffers(value, section_);
    if (key == "I/O Timings") ReadIoTimings(value, section_);
    if (key == "Memory") {
      PutPart("Memory Used", value, "used=");
      PutPart("Memory Allocated", value, "allocated=");
    }
    if (key == "Functions") PutPart("Functions", line.content, "Functions: ");
    if (key == "Options") {
      PlanValue options = PlanValue::Object();
      for (const std::string& part : SplitList(value)) {
        const size_t blank = part.find(' ');
        if (blank == std::string::npos) continue;
        options.Add(part.substr(0, blank), PlanValue::Scalar(part.substr(blank + 1)));
      }
      section_->Add("Options", std::move(options));
    }
    if (key == "Timing") {
      PlanValue timing = PlanValue::Object();
      PlanValue generation = PlanValue::Object();
      PutPart(&generation, "Deform", value, "(Deform ");
      PutPart(&generation, "Total", value, "Generation ");
      timing.Add("Generation", std::move(generation));
      for (std::string_view part : {"Inlining", "Optimization", "Emission", "Total"}) {
        PutPart(&timing, part, value, std::string(part) + " ");
      }
      section_->Add("Timing", std::move(timing));
    }
  }

  // "for constraint fk on t: time=1.0 calls=2", "name on t: …", "name for constraint fk on t: …"
  void Trigger(std::string_view text) {
    const size_t colon = text.rfind(": ");
    if (colon == text.npos) return;
    PlanValue trigger = PlanValue::Object();
    PutPart(&trigger, "Time", text.substr(colon), "time=");
    PutPart(&trigger, "Calls", text.substr(colon), "calls=");
    std::string_view names = text.substr(0, colon);
    if (const size_t on = names.rfind(" on "); on != names.npos) {
      trigger.Add("Relation", PlanValue::Scalar(std::string(names.substr(on + 4))));
      names = names.substr(0, on);
    }
    static constexpr std::string_view kFor = "for constraint ";
    if (const size_t at = names.find(kFor); at != names.npos) {
      trigger.Add("Constraint Name",
                  PlanValue::Scalar(std::string(names.substr(at + kFor.size()))));
      names = Trim(names.substr(0, at));
    }
    if (!names.empty()) trigger.Add("Trigger Name", PlanValue::Scalar(std::string(names)));
    triggers_.items.push_back(std::move(trigger));
  }

  // Hands on the plan that was read so far, if any.
  void Finish() {
    if (nodes_.empty()) return;
    const uint64_t line = nodes_.front().value.line;
    PlanValue statement = PlanValue::Object();
    statement.offset = nodes_.front().value.offset;
    statement.line = line;
    if (query_.empty() && !echo_.empty()) query_ = Explained(echo_);
    if (!query_.empty()) statement.Add("Query Text", PlanValue::Scalar(std::string(Trim(query_))));
    if (!parameters_.empty()) statement.Add("Query Parameters", PlanValue::Scalar(parameters_));
    statement.Add("Plan", Assembled());
    if (!triggers_.items.empty()) statement.Add("Triggers", std::move(triggers_));
    std::move(whole_.members.begin(), whole_.members.end(), std::back_inserter(statement.members));
    AddPlan(statement, PlanFormat::kText, broken_, file_, &result_);
    Dismantle(std::move(statement));
    if (broken_) {
      result_.errors.push_back(
          {.line = line,
           .message = absl::StrFormat("the plan breaks off within a line: what is whole of its %d "
                                      "nodes was read",
                                      nodes_.size())});
    }
    if (joined_) {
      result_.errors.push_back(
          {.line = line,
           .message = "the plan has lost its line ends: several nodes stand in one line, of which "
                      "the first alone was read; paste it as EXPLAIN prints it"});
    }
    if (too_large_) {
      result_.errors.push_back(
          {.line = line,
           .message = absl::StrFormat("a plan of more than %d nodes, or nested deeper than %d: "
                                      "its first %d nodes were read",
                                      kPlanNodesMax, kPlanDepthMax, nodes_.size())});
    }
    nodes_.clear();
    open_.clear();
    query_.clear();
    parameters_.clear();
    echo_.clear();
    subplan_.clear();
    whole_ = PlanValue::Object();
    triggers_ = PlanValue::List();
    section_ = nullptr;
    last_ = nullptr;
    worker_ = -1;
    open_quote_ = in_query_ = broken_ = joined_ = too_large_ = false;
  }

  // ROWS FROM several functions has an alias alone, which stands where a function's name would.
  static void CheckFunctionName(PlanValue* node) {
    std::string name;
    std::string call;
    for (const auto& [key, member] : node->members) {
      if (key == "Function Name") name = member.text;
      if (key == "Function Call") call = member.text;
    }
    if (name.empty() || call.empty() || call.find(name + "(") != std::string::npos) return;
    std::erase_if(node->members, [](const auto& member) { return member.key == "Function Name"; });
  }

  // The tree of all nodes: from the last to the first, each into its parent.
  PlanValue Assembled() {
    for (size_t i = nodes_.size(); i-- > 0;) {
      TextNode& node = nodes_[i];
      if (node.type == "Function Scan") CheckFunctionName(&node.value);
      if (!node.workers.empty()) {
        PlanValue workers = PlanValue::List();
        for (auto& [number, worker] : node.workers) {
          worker.Add("Worker Number", PlanValue::Scalar(std::to_string(number)));
          workers.items.push_back(std::move(worker));
        }
        node.value.Add("Workers", std::move(workers));
      }
      if (!node.plans.empty()) {
        std::reverse(node.plans.begin(), node.plans.end());
        PlanValue plans = PlanValue::List();
        plans.items = std::move(node.plans);
        node.value.Add("Plans", std::move(plans));
      }
      if (node.parent >= 0) At(node.parent).plans.push_back(std::move(node.value));
    }
    return std::move(nodes_.front().value);
  }

  const std::string_view text_;
  const FileId file_;
  PlanReadResult& result_;

  std::vector<TextNode> nodes_;
  std::vector<int> open_;  // The node read last and what is above it, the root first.
  size_t base_ = 0;        // The root's column.
  PlanValue whole_ = PlanValue::Object();
  PlanValue triggers_ = PlanValue::List();
  PlanValue* section_ = nullptr;  // Of whole_, that the lines further right belong to.
  size_t section_column_ = 0;
  PlanValue* last_ = nullptr;  // Whose last member may go on in the next line.
  int worker_ = -1;
  size_t worker_column_ = 0;
  std::string subplan_;  // Read, waiting for its node.
  size_t subplan_column_ = 0;
  std::string query_, parameters_, echo_;
  size_t blank_ = 0;
  bool in_query_ = false;
  bool open_quote_ = false;
  bool broken_ = false;
  bool joined_ = false;
  std::deque<std::string> unwrapped_;  // What lines that were put together point into.
  bool too_large_ = false;
};

}  // namespace

void ReadTextPlans(std::string_view text, FileId file, PlanReadResult* result) {
  TextReader(text, file, result).Run();
}

}  // namespace pgsift
