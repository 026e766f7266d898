#include "ingest/log/log_clock.h"

#include <cstring>

#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr int64_t kSecond = 1'000'000;

struct Zone {
  std::string_view name;
  int minutes;
};
// Abbreviations that the tz database prints today for the zones servers are set to.
constexpr Zone kZones[] = {
    {"UTC", 0},    {"GMT", 0},    {"Z", 0},       {"UCT", 0},     {"WET", 0},    {"WEST", 60},
    {"BST", 60},   {"IST", 330},  {"CET", 60},    {"CEST", 120},  {"MET", 60},   {"MEST", 120},
    {"EET", 120},  {"EEST", 180}, {"MSK", 180},   {"SAST", 120},  {"CAT", 120},  {"EAT", 180},
    {"WAT", 60},   {"PKT", 300},  {"WIB", 420},   {"WITA", 480},  {"WIT", 540},  {"HKT", 480},
    {"JST", 540},  {"KST", 540},  {"PST", -480},  {"PDT", -420},  {"MST", -420}, {"MDT", -360},
    {"CST", -360}, {"CDT", -300}, {"EST", -300},  {"EDT", -240},  {"AST", -240}, {"ADT", -180},
    {"NST", -210}, {"NDT", -150}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"SST", -660},
    {"AWST", 480}, {"ACST", 570}, {"ACDT", 630},  {"AEST", 600},  {"AEDT", 660}, {"NZST", 720},
    {"NZDT", 780}, {"ChST", 600}, {"IDT", 180},
};

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
int Digit(char c) { return c - '0'; }
bool TwoDigits(const char* at, int* value) {
  if (!IsDigit(at[0]) || !IsDigit(at[1])) return false;
  *value = Digit(at[0]) * 10 + Digit(at[1]);
  return true;
}

bool ReadMinute(const char* at, int64_t* time_us) {
  int century, years, month, day, hour, minute;
  if (!TwoDigits(at, &century) || !TwoDigits(at + 2, &years) || at[4] != '-' ||
      !TwoDigits(at + 5, &month) || at[7] != '-' || !TwoDigits(at + 8, &day) ||
      (at[10] != ' ' && at[10] != 'T') || !TwoDigits(at + 11, &hour) || at[13] != ':' ||
      !TwoDigits(at + 14, &minute)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return false;
  *time_us = EpochMicroseconds(century * 100 + years, static_cast<unsigned>(month),
                               static_cast<unsigned>(day), (hour * 60 + minute) * 60);
  return true;
}

}  // namespace

std::optional<int> ZoneOffsetMinutes(std::string_view zone) {
  if (zone.size() >= 3 && (zone[0] == '+' || zone[0] == '-')) {
    int hours = 0, minutes = 0;
    if (!TwoDigits(zone.data() + 1, &hours)) return std::nullopt;
    if (zone.size() == 5 && !TwoDigits(zone.data() + 3, &minutes)) return std::nullopt;
    const int offset = hours * 60 + minutes;
    return zone[0] == '-' ? -offset : offset;
  }
  for (const Zone& known : kZones) {
    if (known.name == zone) return known.minutes;
  }
  return std::nullopt;
}

// Days from the civil calendar: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
int64_t EpochMicroseconds(int year, unsigned month, unsigned day, int64_t second_of_day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  const int64_t days = era * 146097 + static_cast<int64_t>(day_of_era) - 719468;
  return (days * 86400 + second_of_day) * kSecond;
}

std::optional<int64_t> ReadIsoTime(std::string_view text, size_t* size) {
  int64_t time = 0;
  int seconds = 0;
  if (text.size() < 19 || !ReadMinute(text.data(), &time) || text[16] != ':' ||
      !TwoDigits(text.data() + 17, &seconds)) {
    return std::nullopt;
  }
  time += seconds * kSecond;
  size_t at = 19;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    int64_t scale = kSecond / 10;
    for (++at; at < text.size() && IsDigit(text[at]); ++at, scale /= 10) {
      time += Digit(text[at]) * scale;
    }
  }
  const size_t space = at < text.size() && text[at] == ' ' ? 1 : 0;
  const auto zone = [&](size_t from) {
    size_t end = from;
    while (end < text.size() && IsAlpha(text[end])) ++end;
    return end;
  };
  const size_t from = at + space;
  if (from < text.size() && (text[from] == '+' || text[from] == '-')) {
    int hours = 0, minutes = 0;
    if (from + 3 > text.size() || !TwoDigits(text.data() + from + 1, &hours)) return time;
    size_t end = from + 3;
    const size_t colon = end < text.size() && text[end] == ':' ? 1 : 0;
    if (end + colon + 2 <= text.size() && TwoDigits(text.data() + end + colon, &minutes)) {
      end += colon + 2;
    }
    const int64_t offset = (hours * 60 + minutes) * 60 * kSecond;
    time += text[from] == '-' ? offset : -offset;
    at = end;
  } else if (const size_t end = zone(from); end > from) {
    if (const auto known = ZoneOffsetMinutes(text.substr(from, end - from))) {
      time -= *known * 60 * kSecond;
      at = end;
    }
  }
  *size = at;
  return time;
}

const char* LogClock::ReadZone(const char* begin, const char* end, int64_t* offset_us) {
  const char* at = begin;
  uint64_t bytes = 0;
  const auto take = [&] { bytes = bytes << 8 | static_cast<unsigned char>(*at++); };
  if (at < end && (*at == '+' || *at == '-')) {
    take();
    while (at < end && IsDigit(*at) && at - begin < 5) take();
    if (at - begin != 3 && at - begin != 5) return nullptr;
  } else {
    while (at < end && IsAlpha(*at) && at - begin < 7) take();
    if (at == begin || at - begin > 6) return nullptr;
  }
  if (bytes != zone_) {
    const std::optional<int> minutes =
        ZoneOffsetMinutes(std::string_view(begin, static_cast<size_t>(at - begin)));
    zone_ = bytes;
    zone_known_ = minutes.has_value();
    zone_us_ = minutes.value_or(0) * 60 * kSecond;
  }
  unknown_zones_ += !zone_known_;
  *offset_us = zone_us_;
  return at;
}

const char* LogClock::Read(const char* begin, const char* end, int64_t* time_us) {
  constexpr std::ptrdiff_t kMinuteSize = 16;
  if (end - begin < kMinuteSize + 4) return nullptr;
  if (minute_.empty() || std::memcmp(begin, minute_.data(), kMinuteSize) != 0) {
    if (!ReadMinute(begin, &minute_us_)) {
      minute_.clear();
      return nullptr;
    }
    minute_.assign(begin, kMinuteSize);
  }
  const char* at = begin + kMinuteSize;
  int seconds = 0;
  if (*at != ':' || !TwoDigits(at + 1, &seconds)) return nullptr;
  int64_t time = minute_us_ + seconds * kSecond;
  at += 3;
  if (at < end && *at == '.') {
    int64_t scale = kSecond / 10;
    for (++at; at < end && IsDigit(*at); ++at) {
      time += Digit(*at) * scale;
      scale /= 10;
    }
  }
  if (at >= end || *at != ' ') return nullptr;
  int64_t zone_us = 0;
  at = ReadZone(at + 1, end, &zone_us);
  if (at == nullptr) return nullptr;
  *time_us = time - zone_us;
  return at;
}

}  // namespace pgsift
