#include "rules/advisor/selectivity.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "rules/advisor/member_facts.h"

namespace pgsift {
namespace {

// PostgreSQL's own defaults: src/include/utils/selfuncs.h.
constexpr double kEqualDefault = 0.005;
constexpr double kRangeDefault = 1.0 / 3;
constexpr double kBetweenDefault = 0.005;
constexpr double kMatchDefault = 0.005;
constexpr double kContainsDefault = 0.01;
constexpr double kSmallest = 1e-7;

bool SameValue(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (a.size() == b.size() && a.size() > 24) return false;
  const std::optional<double> x = OrdinalOf(a);
  if (!x.has_value()) return false;
  const std::optional<double> y = OrdinalOf(b);
  return y.has_value() && *x == *y;
}

double CommonShare(const ColumnStatistics& statistics) {
  double sum = 0;
  for (double frequency : statistics.common_frequencies) sum += frequency;
  return sum;
}

double EqualTo(const std::string& value, const ColumnFacts& column) {
  const ColumnStatistics* statistics = column.statistics;
  if (statistics == nullptr) return GenericSelectivity(column);
  const std::vector<std::string>& common = statistics->common_values;
  for (size_t i = 0; i < common.size() && i < statistics->common_frequencies.size(); ++i) {
    if (SameValue(common[i], value)) return statistics->common_frequencies[i];
  }
  const size_t others = common.size();
  if (others == 0) return GenericSelectivity(column);
  const double rest = std::max(0.0, 1 - CommonShare(*statistics) - column.null_fraction);
  const double distinct = column.distinct - static_cast<double>(others);
  double share = distinct > 1 ? rest / distinct : rest;
  if (!statistics->common_frequencies.empty())
    share = std::min(share, statistics->common_frequencies.back());
  return share;
}

// Where `value` lies in the histogram: 0 before it, 1 behind it.
double PlaceIn(const std::vector<std::string>& bounds, const std::string& value) {
  const std::optional<double> number = OrdinalOf(value);
  std::vector<double> numbers;
  if (number.has_value()) {
    for (const std::string& bound : bounds) {
      const std::optional<double> one = OrdinalOf(bound);
      if (!one.has_value()) break;
      numbers.push_back(*one);
    }
  }
  const double bins = static_cast<double>(bounds.size() - 1);
  if (numbers.size() == bounds.size()) {
    if (*number <= numbers.front()) return 0;
    if (*number >= numbers.back()) return 1;
    const auto above = std::upper_bound(numbers.begin(), numbers.end(), *number);
    const auto bin = static_cast<size_t>(above - numbers.begin()) - 1;
    const double width = numbers[bin + 1] - numbers[bin];
    const double within = width > 0 ? (*number - numbers[bin]) / width : 0.5;
    return (static_cast<double>(bin) + within) / bins;
  }
  // Texts: the middle of the bin.
  if (value <= bounds.front()) return 0;
  if (value >= bounds.back()) return 1;
  const auto above = std::upper_bound(bounds.begin(), bounds.end(), value);
  return (static_cast<double>(above - bounds.begin()) - 0.5) / bins;
}

bool LessValue(const std::string& a, const std::string& b) {
  const std::optional<double> x = OrdinalOf(a);
  const std::optional<double> y = x.has_value() ? OrdinalOf(b) : std::nullopt;
  return y.has_value() ? *x < *y : a < b;
}

// Values between the ends of the range, the most common ones one by one.
double Between(const Need& need, const ColumnFacts& column) {
  const ColumnStatistics& statistics = *column.statistics;
  const std::optional<std::string>& low = need.low;
  const std::optional<std::string>& high = need.high;
  double share = 0;
  for (size_t i = 0; i < statistics.common_values.size(); ++i) {
    if (i >= statistics.common_frequencies.size()) break;
    const std::string& value = statistics.common_values[i];
    if (low.has_value() && (LessValue(value, *low) || (need.low_open && SameValue(value, *low))))
      continue;
    if (high.has_value() &&
        (LessValue(*high, value) || (need.high_open && SameValue(value, *high))))
      continue;
    share += statistics.common_frequencies[i];
  }
  if (statistics.histogram.size() >= 2) {
    const double rest = std::max(0.0, 1 - CommonShare(statistics) - column.null_fraction);
    const double from = low.has_value() ? PlaceIn(statistics.histogram, *low) : 0;
    const double to = high.has_value() ? PlaceIn(statistics.histogram, *high) : 1;
    share += rest * std::max(0.0, to - from);
  }
  return share;
}

double RangeShare(const Need& need, const ColumnFacts& column) {
  const bool both = need.has_low && need.has_high;
  const bool known =
      (!need.has_low || need.low.has_value()) && (!need.has_high || need.high.has_value());
  const bool usable = column.statistics != nullptr && (column.statistics->histogram.size() >= 2 ||
                                                       !column.statistics->common_values.empty());
  if (!known || !usable) return both ? kBetweenDefault : kRangeDefault;
  const double least = 1 / std::max(100.0, column.distinct * 100);
  return std::max(least, Between(need, column));
}

// LIKE with % and _; no escapes.
bool LikeMatches(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '_' || pattern[p] == text[t]) && pattern[p] != '%') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

// As the planner does: the pattern tried on the values of the histogram, where there are enough.
double PatternShare(const Need& need, const ColumnFacts& column) {
  if (need.values.empty()) return kMatchDefault;
  const bool folded = need.op.find("ILIKE") != std::string::npos || need.op == "~~*";
  const std::string pattern = folded ? Lower(need.values[0]) : need.values[0];
  const bool regex = need.op == "~" || need.op == "~*";
  double guess = 5;
  size_t literal = 0;
  for (char c : pattern) literal += c != '%' && c != '_' ? 1 : 0;
  for (size_t i = 0; i < literal && i < 12; ++i) guess *= 0.2;
  guess = std::min(guess, 0.02);
  const ColumnStatistics* statistics = column.statistics;
  if (statistics == nullptr || regex) return std::max(guess, 1e-4);
  double matched = 0;
  for (const std::string& value : statistics->histogram)
    matched += LikeMatches(pattern, folded ? Lower(value) : value) ? 1 : 0;
  const double count = static_cast<double>(statistics->histogram.size());
  const double rest = std::max(0.0, 1 - CommonShare(*statistics) - column.null_fraction);
  double share = guess;
  if (count >= 10) {
    const double weight = std::min(1.0, count / 100);
    share = weight * (matched / count) + (1 - weight) * guess;
  }
  share = std::clamp(share, 1e-4, 0.9999) * rest;
  for (size_t i = 0; i < statistics->common_values.size(); ++i) {
    if (i >= statistics->common_frequencies.size()) break;
    const std::string& value = statistics->common_values[i];
    if (LikeMatches(pattern, folded ? Lower(value) : value))
      share += statistics->common_frequencies[i];
  }
  return share;
}

// The members of a flat JSON object, as jsonb writes them: `"a": 1`. Empty for all others.
std::vector<std::string> FlatMembers(const std::string& json) {
  std::vector<std::string> members;
  const std::string_view text = Trim(json);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return members;
  std::string member;
  bool quoted = false;
  for (char c : text.substr(1, text.size() - 2)) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '{' || c == '[' || c == '\\')) return {};
    if (!quoted && c == ',') {
      members.push_back(std::move(member));
      member.clear();
      continue;
    }
    if (!quoted && (c == ' ' || c == '\n')) continue;
    member += c;
    if (!quoted && c == ':') member += ' ';
  }
  if (!member.empty()) members.push_back(std::move(member));
  return members;
}

bool HoldsMembers(const std::string& value, const std::vector<std::string>& members) {
  return std::all_of(members.begin(), members.end(), [&](const std::string& member) {
    for (size_t at = value.find(member); at != value.npos; at = value.find(member, at + 1)) {
      const size_t end = at + member.size();
      if (end >= value.size() || value[end] == ',' || value[end] == '}') return true;
    }
    return false;
  });
}

// Of each word the planner's default, where it does not know how often it is there: of those that
// must all be there, the product.
double WordsShare(const Need& need) {
  if (need.values.empty() || need.values[0].find('|') != std::string::npos) return kEqualDefault;
  double words = 0;
  bool within = false;
  for (const char c : need.values[0]) {
    const bool letter = c != ' ' && c != '&' && c != '(' && c != ')' && c != '\'';
    words += letter && !within ? 1 : 0;
    within = letter;
  }
  return std::max(1e-6, std::pow(kEqualDefault, std::max(1.0, words)));
}

// As the planner does: the document tried on the most common values and the histogram.
double ContainsShare(const Need& need, const TableFacts& table, const ColumnFacts& column) {
  const CatalogColumn* known = table.relation->FindColumn(need.key);
  if (need.op == "@@") return WordsShare(need);
  if (need.expression) return kEqualDefault;
  if (known != nullptr && known->type.name.name.ends_with("range") && need.op != "&&")
    return kEqualDefault;
  if (known == nullptr || known->type.name.name != "jsonb" || need.op != "@>" ||
      need.values.empty() || column.statistics == nullptr) {
    return kContainsDefault;
  }
  const std::vector<std::string> members = FlatMembers(need.values[0]);
  if (members.empty()) return kContainsDefault;
  const ColumnStatistics& statistics = *column.statistics;
  const double count = static_cast<double>(statistics.histogram.size());
  double share = kContainsDefault;
  if (count >= 10) {
    double matched = 0;
    for (const std::string& value : statistics.histogram)
      matched += HoldsMembers(value, members) ? 1 : 0;
    const double weight = std::min(1.0, count / 100);
    share = weight * (matched / count) + (1 - weight) * kContainsDefault;
  }
  share = std::clamp(share, 1e-4, 0.9999) *
          std::max(0.0, 1 - CommonShare(statistics) - column.null_fraction);
  for (size_t i = 0; i < statistics.common_values.size(); ++i) {
    if (i < statistics.common_frequencies.size() &&
        HoldsMembers(statistics.common_values[i], members)) {
      share += statistics.common_frequencies[i];
    }
  }
  return share;
}

double PrefixShare(const Need& need, const ColumnFacts& column) {
  if (need.values.empty()) return kMatchDefault;
  const std::string& pattern = need.values[0];
  const std::string prefix = pattern.substr(0, pattern.find_first_of("%_"));
  const ColumnStatistics* statistics = column.statistics;
  if (statistics == nullptr || statistics->histogram.size() < 2) return PatternShare(need, column);
  if (prefix.size() == pattern.size()) return EqualTo(prefix, column);
  return std::max(PatternShare(need, column) * 0.5, 1 / std::max(10.0, column.distinct));
}

}  // namespace

double GenericSelectivity(const ColumnFacts& column) {
  return std::max(kSmallest, (1 - column.null_fraction) / std::max(1.0, column.distinct));
}

double SelectivityOf(const Need& need, const TableFacts& table) {
  // lower(email) has about as many values as email; of other expressions the planner knows nothing.
  ColumnFacts column;
  bool plain = !need.expression;
  if (need.expression && !need.column.empty() &&
      (need.key.starts_with("lower(") || need.key.starts_with("upper(") ||
       need.key.starts_with("md5("))) {
    column = table.Column(need.column);
    column.statistics = nullptr;
    plain = true;
  } else if (plain) {
    column = table.Column(need.key);
  }
  const std::optional<MemberFacts> member = plain ? std::nullopt : FactsOfMember(need.key, table);
  if (member.has_value()) {
    column = member->column;
    plain = true;
  }
  double share = 1;
  switch (need.kind) {
    case NeedKind::kEqual:
    case NeedKind::kIn: {
      if (!plain) {
        share = kEqualDefault * need.elements;
        break;
      }
      if (need.values.empty()) {
        share = GenericSelectivity(column) * need.elements;
        break;
      }
      share = 0;
      for (const std::string& value : need.values) share += EqualTo(value, column);
      break;
    }
    case NeedKind::kRange:
      share = plain ? RangeShare(need, column)
                    : (need.has_low && need.has_high ? kBetweenDefault : kRangeDefault);
      break;
    case NeedKind::kPrefix:
      share = plain ? PrefixShare(need, column) : kMatchDefault;
      break;
    case NeedKind::kInfix:
      share = plain ? PatternShare(need, column) : kMatchDefault;
      break;
    case NeedKind::kContains:
      share = ContainsShare(need, table, column);
      break;
    case NeedKind::kNull:
      share = plain ? std::max(column.null_fraction, column.statistics != nullptr ? 0.0 : 0.1)
                    : kEqualDefault;
      break;
    case NeedKind::kNotNull:
      share = plain ? 1 - column.null_fraction : 1 - kEqualDefault;
      break;
    case NeedKind::kNotEqual: {
      share = 1 - column.null_fraction;
      for (const std::string& value : need.values) share -= EqualTo(value, column);
      if (need.values.empty()) share -= GenericSelectivity(column);
      break;
    }
    case NeedKind::kOther:
      share = kRangeDefault;
      break;
  }
  return std::clamp(share, kSmallest, 1.0);
}

double SelectivityOf(const OrNeed& need, const TableFacts& table) {
  double none = 1;
  for (const std::vector<Need>& arm : need.arms) {
    double share = 1;
    for (const Need& one : arm) share *= SelectivityOf(one, table);
    none *= 1 - share;
  }
  return std::clamp(1 - none, kSmallest, 1.0);
}

double ShareAskedFor(const ColumnFacts& column) {
  if (column.statistics == nullptr) return 0;
  double sum = 0;
  double rest = 1 - column.null_fraction;
  for (double frequency : column.statistics->common_frequencies) {
    sum += frequency * frequency;
    rest -= frequency;
  }
  const double others =
      column.distinct - static_cast<double>(column.statistics->common_frequencies.size());
  if (rest > 0 && others >= 1) sum += rest * rest / others;
  return sum;
}

}  // namespace pgsift
