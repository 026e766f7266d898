#ifndef PGSIFT_INGEST_LOG_LOG_CLOCK_H_
#define PGSIFT_INGEST_LOG_LOG_CLOCK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pgsift {

// Minutes east of Greenwich of a zone as PostgreSQL prints it: "UTC", "CEST", "+03", "-0330".
// Abbreviations that several zones share mean the one that most servers use. Nothing if unknown.
std::optional<int> ZoneOffsetMinutes(std::string_view zone);

// Microseconds since the Unix epoch of a date and time of day in UTC.
int64_t EpochMicroseconds(int year, unsigned month, unsigned day, int64_t second_of_day);

// Microseconds since the Unix epoch of an ISO 8601 time, "2026-11-24T10:00:00.123456789Z", with a
// zone of "Z", "+01", "+0100", "+01:00" or behind a space; without one it is UTC. *size: the bytes
// it takes. Nothing if none stands at the beginning of `text`.
std::optional<int64_t> ReadIsoTime(std::string_view text, size_t* size);

// Reads the times of a log. Remembers the last minute and zone, because neighbouring records share
// them. Not thread-safe: each reader has its own.
class LogClock {
 public:
  // Reads "YYYY-MM-DD HH:MM:SS[.mmm] ZONE" at `begin` and returns where it ends, or nullptr if
  // there is none. A zone that is not known counts as UTC and in unknown_zones().
  const char* Read(const char* begin, const char* end, int64_t* time_us);
  uint64_t unknown_zones() const { return unknown_zones_; }

 private:
  const char* ReadZone(const char* begin, const char* end, int64_t* offset_us);

  std::string minute_;  // "YYYY-MM-DD HH:MM", the last one read.
  int64_t minute_us_ = 0;
  uint64_t zone_ = 0;  // Its bytes, the last one read.
  int64_t zone_us_ = 0;
  bool zone_known_ = true;
  uint64_t unknown_zones_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_CLOCK_H_
