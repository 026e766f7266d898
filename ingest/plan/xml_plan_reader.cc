// EXPLAIN (FORMAT XML): elements and text, as PostgreSQL writes them.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "ingest/plan/value_plan_reader.h"

namespace pgsift {
namespace {

std::string Decoded(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'},    {"&gt;", '>'},   {"&amp;", '&'},   {"&quot;", '"'},
      {"&apos;", '\''}, {"&#39;", '\''}, {"&#x0d;", '\r'}, {"&#x0a;", '\n'}};
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    bool entity = false;
    if (text[i] == '&') {
      for (const auto& [name, character] : kEntities) {
        if (!text.substr(i).starts_with(name)) continue;
        out += character;
        i += name.size();
        entity = true;
        break;
      }
    }
    if (!entity) out += text[i++];
  }
  return out;
}

// Children of these are items of a list, whatever their names.
bool IsList(std::string_view name) {
  static constexpr std::string_view kLists[] = {"Plans",         "Workers",    "Triggers",
                                                "Grouping-Sets", "Group-Keys", "Hash-Keys"};
  return std::find(std::begin(kLists), std::end(kLists), name) != std::end(kLists);
}

// XML names both kinds of groups of an Incremental Sort alike; those that were sorted in full come
// first.
std::string KeyOf(std::string_view name, const PlanValue& element) {
  if (name != "Incremental-Sort-Groups") return std::string(name);
  const bool second =
      std::any_of(element.members.begin(), element.members.end(),
                  [](const auto& member) { return member.key == "Full-sort Groups"; });
  return second ? "Pre-sorted Groups" : "Full-sort Groups";
}

class XmlReader {
 public:
  XmlReader(std::string_view text, FileId file, PlanReadResult* result)
      : text_(text), file_(file), result_(*result) {}

  void Run() {
    for (;;) {
      // auto_explain's <explain> has the statement itself, EXPLAIN's has <Query> elements.
      const size_t begin = text_.find("<explain", at_);
      if (begin == text_.npos) return;
      Count(begin);
      at_ = std::min(text_.find('>', begin), text_.size() - 1) + 1;
      const uint64_t line = line_;
      const PlanValue whole = Content("explain", begin, line, 0);
      bool any = false;
      for (const auto& [name, query] : whole.members) {
        if (name == "Query")
          any = AddPlan(query, PlanFormat::kXml, broken_, file_, &result_) || any;
      }
      any = AddPlan(whole, PlanFormat::kXml, broken_, file_, &result_) || any;
      if (broken_) {
        result_.errors.push_back({.line = line,
                                  .bytes = any ? 0 : text_.size() - begin,
                                  .message = "the XML ends before the plan does: the file is "
                                             "truncated; what is whole was read"});
      } else if (too_deep_) {
        result_.errors.push_back(
            {.line = line, .message = "XML that is nested too deep: not read to its end"});
      } else if (!any) {
        result_.errors.push_back({.line = line, .message = "XML without a <Plan>"});
      }
    }
  }

 private:
  void Count(size_t place) {
    line_ +=
        static_cast<uint64_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(place), '\n'));
    counted_ = place;
  }

  // What stands in the element `name`, up to its closing tag; at_ is behind the opening one.
  PlanValue Content(std::string_view name, uint64_t offset, uint64_t line, int depth) {
    PlanValue value;
    value.offset = offset;
    value.line = line;
    if (IsList(name)) value.kind = PlanValue::Kind::kList;
    for (;;) {
      const size_t tag = text_.find('<', at_);
      const size_t end = tag == text_.npos ? tag : text_.find('>', tag);
      if (end == text_.npos) {
        broken_ = true;
        at_ = text_.size();
        return value;
      }
      std::string_view inner = text_.substr(tag + 1, end - tag - 1);
      if (inner.starts_with('/')) {
        if (value.kind == PlanValue::Kind::kScalar && value.members.empty()) {
          value.text = Decoded(text_.substr(at_, tag - at_));
        }
        at_ = end + 1;
        return value;
      }
      at_ = end + 1;
      if (inner.starts_with('?') || inner.starts_with('!')) continue;
      const bool empty = inner.ends_with('/');
      const std::string_view child = inner.substr(0, inner.find_first_of(" /\t\r\n"));
      Count(tag);
      PlanValue content;
      if (depth > 2 * kPlanRecursionMax + 8) {
        too_deep_ = true;
        at_ = text_.size();
        return value;
      }
      if (!empty) content = Content(child, tag, line_, depth + 1);
      const bool item = child == "Item" || value.kind == PlanValue::Kind::kList;
      if (item) {
        value.kind = PlanValue::Kind::kList;
        value.items.push_back(std::move(content));
      } else {
        value.kind = PlanValue::Kind::kObject;
        value.Add(KeyOf(child, value), std::move(content));
      }
      if (broken_) return value;
    }
  }

  const std::string_view text_;
  const FileId file_;
  PlanReadResult& result_;
  size_t at_ = 0;
  size_t counted_ = 0;
  uint64_t line_ = 1;
  bool broken_ = false;
  bool too_deep_ = false;
};

}  // namespace

void ReadXmlPlans(std::string_view text, FileId file, PlanReadResult* result) {
  XmlReader(text, file, result).Run();
}

}  // namespace pgsift
