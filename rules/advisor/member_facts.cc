#include "rules/advisor/member_facts.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "rules/advisor/constant_value.h"

namespace pgsift {
namespace {

constexpr size_t kDocumentsMin = 30;
// So few documents do not show whether a value is there a few times.
constexpr double kRepeatsAssumed = 5;

struct MemberPath {
  std::string column;
  std::vector<std::string> names;
};

std::string_view WithoutParentheses(std::string_view text) {
  text = Trim(text);
  while (text.size() > 1 && text.front() == '(' && text.back() == ')') {
    // (a) || (b) has none around it.
    int depth = 0;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth == 0) return text;
    }
    text = Trim(text.substr(1, text.size() - 2));
  }
  return text;
}

// Where `op` stands for the last time outside of parentheses and quotes.
size_t LastOf(std::string_view text, std::string_view op) {
  size_t last = text.npos;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0 && text.substr(i).starts_with(op)) last = i;
  }
  return last;
}

std::optional<MemberPath> PathOf(std::string_view expression) {
  std::string_view text = WithoutParentheses(expression);
  if (const size_t cast = LastOf(text, "::"); cast != text.npos)
    text = WithoutParentheses(text.substr(0, cast));
  MemberPath path;
  bool text_wanted = true;  // The last step is ->>, those before it are ->.
  for (;;) {
    const size_t arrow = LastOf(text, "->");
    if (arrow == text.npos) break;
    const bool as_text = text.substr(arrow).starts_with("->>");
    if (as_text != text_wanted) return std::nullopt;
    text_wanted = false;
    const std::string_view name = Trim(text.substr(arrow + (as_text ? 3 : 2)));
    if (name.size() < 2 || name.front() != '\'' || name.back() != '\'') return std::nullopt;
    const std::string_view inner = name.substr(1, name.size() - 2);
    if (inner.find('\'') != inner.npos) return std::nullopt;
    path.names.insert(path.names.begin(), std::string(inner));
    text = WithoutParentheses(text.substr(0, arrow));
  }
  if (path.names.empty()) return std::nullopt;
  path.column = std::string(text);
  return path;
}

// Steps over one JSON value that begins at `at`; its end, or npos.
size_t EndOfValue(std::string_view json, size_t at) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = at; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
        if (depth == 0) return i + 1;
      }
      continue;
    }
    if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return i;
      if (--depth == 0) return i + 1;
    } else if (c == ',' && depth == 0) {
      return i;
    }
  }
  return depth == 0 && !quoted ? json.size() : json.npos;
}

// The value of a name of an object, as it is written.
std::optional<std::string_view> ValueOf(std::string_view object, std::string_view name) {
  object = Trim(object);
  if (object.empty() || object.front() != '{') return std::nullopt;
  size_t at = 1;
  while (at < object.size()) {
    while (at < object.size() && (object[at] == ' ' || object[at] == ',')) ++at;
    if (at >= object.size() || object[at] != '"') return std::nullopt;
    const size_t end = EndOfValue(object, at);
    if (end == object.npos) return std::nullopt;
    const std::string_view key = object.substr(at + 1, end - at - 2);
    at = end;
    while (at < object.size() && (object[at] == ' ' || object[at] == ':')) ++at;
    const size_t value_end = EndOfValue(object, at);
    if (value_end == object.npos) return std::nullopt;
    if (key == name) return Trim(object.substr(at, value_end - at));
    at = value_end;
  }
  return std::nullopt;
}

// The number of different values in the table: of Haas and Stokes, as ANALYZE reckons it.
double DistinctOf(double sampled, double different, double once, double rows) {
  if (once >= sampled) return std::max(different, rows / kRepeatsAssumed);
  const double estimate = sampled * different / (sampled - once + once * sampled / rows);
  return std::clamp(estimate, different, rows);
}

}  // namespace

std::optional<std::string> MemberOf(std::string_view json, const std::vector<std::string>& path) {
  for (const std::string& name : path) {
    const std::optional<std::string_view> value = ValueOf(json, name);
    if (!value.has_value()) return std::nullopt;
    json = *value;
  }
  if (json == "null") return std::nullopt;
  if (json.size() >= 2 && json.front() == '"') json = json.substr(1, json.size() - 2);
  return std::string(json);
}

std::optional<MemberFacts> FactsOfMember(const std::string& expression, const TableFacts& table) {
  if (expression.find("->>") == expression.npos) return std::nullopt;
  const std::optional<MemberPath> path = PathOf(expression);
  if (!path.has_value()) return std::nullopt;
  const CatalogColumn* column = table.relation->FindColumn(path->column);
  const ColumnFacts& documents = table.Column(path->column);
  if (column == nullptr || column->type.name.name != "jsonb" || documents.statistics == nullptr)
    return std::nullopt;
  const ColumnStatistics& from = *documents.statistics;
  if (from.common_values.size() + from.histogram.size() < kDocumentsMin) return std::nullopt;

  double common = 0;
  for (double frequency : from.common_frequencies) common += frequency;
  const double rest = std::max(0.0, 1 - common - documents.null_fraction);
  struct Seen {
    double share = 0;  // Of the table's rows.
    double times = 0;  // In the sample; a common document is there more than once.
  };
  std::map<std::string, Seen> values;
  double known = 0;
  double width = 0;
  const auto take = [&](const std::string& document, double share, double times) {
    const std::optional<std::string> value = MemberOf(document, path->names);
    if (!value.has_value()) return;
    Seen& seen = values[*value];
    seen.share += share;
    seen.times += times;
    known += share;
    width += share * (static_cast<double>(value->size()) + 1);
  };
  for (size_t i = 0; i < from.common_values.size() && i < from.common_frequencies.size(); ++i)
    take(from.common_values[i], from.common_frequencies[i], 2);
  for (const std::string& document : from.histogram)
    take(document, rest / static_cast<double>(from.histogram.size()), 1);

  MemberFacts member;
  member.statistics = std::make_unique<ColumnStatistics>();
  double sampled = 0;
  double once = 0;
  std::vector<std::string> single;
  for (const auto& [value, seen] : values) {
    sampled += seen.times;
    if (seen.times > 1) {
      member.statistics->common_values.push_back(value);
      member.statistics->common_frequencies.push_back(seen.share);
    } else {
      once += 1;
      single.push_back(value);
    }
  }
  const bool numbers = std::all_of(single.begin(), single.end(), [](const std::string& value) {
    return OrdinalOf(value).has_value();
  });
  if (numbers) {
    std::sort(single.begin(), single.end(), [](const std::string& a, const std::string& b) {
      return *OrdinalOf(a) < *OrdinalOf(b);
    });
  }
  if (single.size() >= 2) member.statistics->histogram = std::move(single);
  const double rows = std::max(1.0, table.rows * std::max(known, 1e-6));
  ColumnFacts& facts = member.column;
  facts.null_fraction = std::clamp(1 - known, 0.0, 1.0);
  facts.width = known > 0 ? width / known : 8;
  facts.distinct =
      values.empty() ? 1 : DistinctOf(sampled, static_cast<double>(values.size()), once, rows);
  facts.statistics = member.statistics.get();
  member.statistics->null_fraction = facts.null_fraction;
  member.statistics->width = facts.width;
  member.statistics->distinct = facts.distinct;
  return member;
}

}  // namespace pgsift
