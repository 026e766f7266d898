#include "rules/advisor/constant_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/snapshot/snapshot.h"
#include "rules/evidence.h"

namespace pgsift {
namespace {

constexpr double kDay = 86'400;

// Days since 1970-01-01 of a date of the Gregorian calendar.
int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto in_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
  const unsigned day_of_era = in_era * 365 + in_era / 4 - in_era / 100 + day_of_year;
  return era * 146'097 + static_cast<int64_t>(day_of_era) - 719'468;
}

// "2024-03-01", "2024-03-01 12:30:00.5+02".
std::optional<double> TimeOf(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int used = 0;
  const std::string owned(text);
  if (std::sscanf(owned.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3 || month < 1 ||
      month > 12 || day < 1 || day > 31) {
    return std::nullopt;
  }
  double seconds = static_cast<double>(DaysFromCivil(year, month, day)) * kDay;
  const char* rest = owned.c_str() + used;
  if (*rest == ' ' || *rest == 'T') {
    int hour = 0;
    int minute = 0;
    double second = 0;
    int length = 0;
    if (std::sscanf(rest + 1, "%2d:%2d%n", &hour, &minute, &length) == 2) {
      rest += 1 + length;
      if (*rest == ':' && std::sscanf(rest + 1, "%lf%n", &second, &length) == 1) rest += 1 + length;
      seconds += hour * 3600 + minute * 60 + second;
    }
    int zone = 0;
    if ((*rest == '+' || *rest == '-') && std::sscanf(rest, "%3d", &zone) == 1)
      seconds -= zone * 3600;
  }
  return seconds;
}

// "30 days", "1 year 2 mons", "12:00:00", as seconds.
std::optional<double> IntervalSeconds(std::string_view text) {
  const std::string owned(text);
  const char* at = owned.c_str();
  double seconds = 0;
  bool any = false;
  while (*at != '\0') {
    while (*at == ' ' || *at == '@') ++at;
    if (*at == '\0') break;
    char* end = nullptr;
    const double number = std::strtod(at, &end);
    if (end == at) return any ? std::optional(seconds) : std::nullopt;
    at = end;
    if (*at == ':') {
      const double minutes = std::strtod(at + 1, &end);
      seconds += number * 3600 + minutes * 60;
      at = end;
      if (*at == ':') {
        seconds += std::strtod(at + 1, &end);
        at = end;
      }
      any = true;
      continue;
    }
    while (*at == ' ') ++at;
    std::string unit;
    while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')) unit += *at++;
    unit = Lower(unit);
    double factor = 1;
    if (unit.starts_with("min")) {
      factor = 60;
    } else if (unit.starts_with("h")) {
      factor = 3600;
    } else if (unit.starts_with("d")) {
      factor = kDay;
    } else if (unit.starts_with("w")) {
      factor = 7 * kDay;
    } else if (unit.starts_with("mon")) {
      factor = 30 * kDay;
    } else if (unit.starts_with("y")) {
      factor = 365.25 * kDay;
    } else if (!unit.empty() && !unit.starts_with("s")) {
      return std::nullopt;
    }
    seconds += number * factor;
    any = true;
  }
  return any ? std::optional(seconds) : std::nullopt;
}

std::string TimeText(double seconds) {
  int64_t days = static_cast<int64_t>(seconds / kDay);
  double rest = seconds - static_cast<double>(days) * kDay;
  if (rest < 0) {
    --days;
    rest += kDay;
  }
  // The civil date of a day number: the reverse of DaysFromCivil.
  const int64_t z = days + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(z - era * 146'097);
  const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int64_t year = static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  const int whole = static_cast<int>(rest);
  return absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d", year, month, day, whole / 3600,
                         whole / 60 % 60, whole % 60);
}

bool IsClock(const Expr& expr) {
  if (expr.kind == ExprKind::kValueFunction) {
    const std::string name = Lower(expr.value);
    return name.find("current_timestamp") != name.npos || name.find("current_date") != name.npos ||
           name.find("localtimestamp") != name.npos;
  }
  if (expr.kind != ExprKind::kFunction) return false;
  const std::string_view name = expr.LastName();
  return name == "now" || name == "transaction_timestamp" || name == "statement_timestamp" ||
         name == "clock_timestamp";
}

std::optional<std::string> IntervalText(const Expr& expr, const ValueContext& context) {
  if (expr.kind == ExprKind::kCast && !expr.args.empty())
    return ConstantValue(expr.args[0], context);
  return ConstantValue(expr, context);
}

std::optional<std::string> OperatorValue(const Expr& expr, const ValueContext& context) {
  const std::string_view symbol = expr.LastName();
  if (expr.args.size() == 1 && (symbol == "-" || symbol == "+")) {
    std::optional<std::string> value = ConstantValue(expr.args[0], context);
    if (value.has_value() && symbol == "-") {
      value = value->starts_with('-') ? value->substr(1) : "-" + *value;
    }
    return value;
  }
  if (expr.args.size() != 2 || expr.op != OperatorKind::kPlain) return std::nullopt;
  const std::optional<std::string> left = ConstantValue(expr.args[0], context);
  if (!left.has_value()) return std::nullopt;
  if (symbol == "||") {
    const std::optional<std::string> right = ConstantValue(expr.args[1], context);
    if (right.has_value()) return *left + *right;
    return std::nullopt;
  }
  if (symbol != "+" && symbol != "-") return std::nullopt;
  const double sign = symbol == "+" ? 1 : -1;
  const std::optional<std::string> right = IntervalText(expr.args[1], context);
  if (!right.has_value()) return std::nullopt;
  if (const std::optional<double> time = TimeOf(*left)) {
    const std::optional<double> seconds = IntervalSeconds(*right);
    // date - integer is days.
    const bool days =
        expr.args[1].kind == ExprKind::kConstant && expr.args[1].constant == ConstantKind::kInteger;
    if (!seconds.has_value()) return std::nullopt;
    return TimeText(*time + sign * *seconds * (days ? kDay : 1));
  }
  const std::optional<double> a = OrdinalOf(*left);
  const std::optional<double> b = OrdinalOf(*right);
  if (!a.has_value() || !b.has_value()) return std::nullopt;
  return absl::StrFormat("%.15g", *a + sign * *b);
}

}  // namespace

std::optional<double> OrdinalOf(std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (value == "t" || value == "true") return 1;
  if (value == "f" || value == "false") return 0;
  if (value.size() >= 8 && value.find('-', 1) == 4) {
    if (const std::optional<double> time = TimeOf(value)) return time;
  }
  const std::string owned(value);
  char* end = nullptr;
  const double number = std::strtod(owned.c_str(), &end);
  if (end == owned.c_str() || *end != '\0') return std::nullopt;
  return number;
}

std::optional<std::string> ConstantValue(const Expr& expr, const ValueContext& context) {
  switch (expr.kind) {
    case ExprKind::kConstant:
      if (expr.constant == ConstantKind::kNull) return std::nullopt;
      if (expr.constant == ConstantKind::kBoolean) return expr.value.starts_with('t') ? "t" : "f";
      return expr.value;
    case ExprKind::kParam: {
      std::string value = ParameterValue(context.parameters, expr.value);
      if (value.empty() || value == "NULL") return std::nullopt;
      return value;
    }
    case ExprKind::kCast: {
      if (expr.args.empty()) return std::nullopt;
      std::optional<std::string> value = ConstantValue(expr.args[0], context);
      if (value.has_value() && expr.type != nullptr && expr.type->name.name == "date" &&
          value->size() > 10) {
        value->resize(10);
      }
      return value;
    }
    case ExprKind::kOperator:
      return OperatorValue(expr, context);
    default:
      break;
  }
  if (context.now_us > 0 && IsClock(expr)) {
    std::string text = TimeText(static_cast<double>(context.now_us) / 1e6);
    const bool date = expr.kind == ExprKind::kValueFunction &&
                      Lower(expr.value).find("current_date") != std::string::npos;
    if (date) text.resize(10);
    return text;
  }
  return std::nullopt;
}

std::vector<std::string> ConstantList(const Expr& expr, const ValueContext& context, bool* known) {
  std::vector<std::string> values;
  *known = true;
  const auto add = [&](const Expr& one) {
    const std::optional<std::string> value = ConstantValue(one, context);
    if (value.has_value()) {
      values.push_back(*value);
    } else {
      *known = *known && one.IsNullConstant();
    }
  };
  if (expr.kind == ExprKind::kList || expr.kind == ExprKind::kArray) {
    for (const Expr& one : expr.args) add(one);
    return values;
  }
  if (expr.kind == ExprKind::kCast && !expr.args.empty())
    return ConstantList(expr.args[0], context, known);
  const std::optional<std::string> text = ConstantValue(expr, context);
  if (text.has_value() && text->starts_with('{')) return ArrayElements(*text);
  *known = false;
  return values;
}

bool IsLiteralValue(const Expr& expr) {
  if (expr.kind == ExprKind::kConstant) return true;
  if (expr.kind == ExprKind::kCast || expr.kind == ExprKind::kList ||
      expr.kind == ExprKind::kArray) {
    return std::all_of(expr.args.begin(), expr.args.end(), IsLiteralValue);
  }
  return expr.kind == ExprKind::kOperator && expr.args.size() == 1 && IsLiteralValue(expr.args[0]);
}

std::optional<double> ExactOrdinalOf(std::string_view value) {
  constexpr double kExact = 9007199254740992;  // 2^53.
  const std::optional<double> ordinal = OrdinalOf(value);
  return ordinal.has_value() && std::abs(*ordinal) < kExact ? ordinal : std::nullopt;
}

bool HasKnownOrder(const CatalogColumn* column) {
  constexpr std::string_view kTypes[] = {"int2",   "int4",   "int8",      "numeric", "float4",
                                         "float8", "serial", "bigserial", "date",    "timestamp"};
  return column != nullptr && column->type.array_dimensions == 0 &&
         std::find(std::begin(kTypes), std::end(kTypes), column->type.name.name) !=
             std::end(kTypes);
}

bool HasPlainEquality(const CatalogColumn* column) {
  constexpr std::string_view kTypes[] = {"text", "varchar"};
  return column != nullptr && column->type.array_dimensions == 0 && column->collation.empty() &&
         std::find(std::begin(kTypes), std::end(kTypes), column->type.name.name) !=
             std::end(kTypes);
}

}  // namespace pgsift
