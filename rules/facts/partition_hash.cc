#include "rules/facts/partition_hash.h"

#include <charconv>
#include <limits>
#include <string>

#include "base/text.h"

namespace pgsift {
namespace {

constexpr uint64_t kSeed = 0x7A5B22367996DCFD;  // HASH_PARTITION_SEED

uint32_t Rotate(uint32_t x, int by) { return (x << by) | (x >> (32 - by)); }

// The state of Bob Jenkins's lookup3.
struct Lookup3 {
  uint32_t a, b, c;

  explicit Lookup3(uint32_t size) : a(0x9e3779b9 + size + 3923095), b(a), c(a) {
    a += static_cast<uint32_t>(kSeed >> 32);
    b += static_cast<uint32_t>(kSeed);
    Mix();
  }

  void Mix() {
    a -= c, a ^= Rotate(c, 4), c += b;
    b -= a, b ^= Rotate(a, 6), a += c;
    c -= b, c ^= Rotate(b, 8), b += a;
    a -= c, a ^= Rotate(c, 16), c += b;
    b -= a, b ^= Rotate(a, 19), a += c;
    c -= b, c ^= Rotate(b, 4), b += a;
  }

  uint64_t Final() {
    c ^= b, c -= Rotate(b, 14);
    a ^= c, a -= Rotate(c, 11);
    b ^= a, b -= Rotate(a, 25);
    c ^= b, c -= Rotate(b, 16);
    a ^= c, a -= Rotate(c, 4);
    b ^= a, b -= Rotate(a, 14);
    c ^= b, c -= Rotate(b, 24);
    return (static_cast<uint64_t>(b) << 32) | c;
  }
};

uint64_t HashWord(uint32_t word) {
  Lookup3 state(sizeof(word));
  state.a += word;
  return state.Final();
}

uint64_t HashLong(int64_t value) {
  auto low = static_cast<uint32_t>(value);
  const auto high = static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32);
  low ^= value >= 0 ? high : ~high;
  return HashWord(low);
}

// Reads up to four bytes as a little-endian word.
uint32_t Word(std::string_view bytes, size_t at, int shift) {
  uint32_t word = 0;
  for (size_t i = at; i < at + 4 && i < bytes.size(); ++i) {
    const int bits = 8 * static_cast<int>(i - at) + shift;
    if (bits < 32) word += static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])) << bits;
  }
  return word;
}

uint64_t HashBytes(std::string_view bytes) {
  Lookup3 state(static_cast<uint32_t>(bytes.size()));
  while (bytes.size() >= 12) {
    state.a += Word(bytes, 0, 0);
    state.b += Word(bytes, 4, 0);
    state.c += Word(bytes, 8, 0);
    state.Mix();
    bytes.remove_prefix(12);
  }
  state.a += Word(bytes, 0, 0);
  if (bytes.size() > 4) state.b += Word(bytes, 4, 0);
  // The lowest byte of c is left to the length.
  if (bytes.size() > 8) state.c += Word(bytes, 8, 8);
  return state.Final();
}

template <typename T>
std::optional<T> Number(std::string_view text) {
  text = Trim(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Days since 2000-01-01 of YYYY-MM-DD.
std::optional<int32_t> Days(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Number<int>(text.substr(0, 4));
  const auto month = Number<int>(text.substr(5, 2));
  const auto day = Number<int>(text.substr(8, 2));
  if (!year.has_value() || !month.has_value() || !day.has_value()) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  // Years begin in March, so that the leap day is the last one.
  const int y = *month <= 2 ? *year - 1 : *year;
  const int of_year = (153 * (*month + (*month > 2 ? -3 : 9)) + 2) / 5 + *day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 730425;
}

std::optional<std::string> UuidBytes(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c == '-' || c == '{' || c == '}') continue;
    digits += c;
  }
  if (digits.size() != 32) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* first = digits.data() + i;
    const auto [end, error] = std::from_chars(first, first + 2, value, 16);
    if (error != std::errc() || end != first + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace

std::optional<uint64_t> PartitionHash(std::string_view type, std::string_view text) {
  if (type == "int2" || type == "int4") {
    const auto value = Number<int32_t>(text);
    if (!value.has_value()) return std::nullopt;
    return HashWord(static_cast<uint32_t>(*value));
  }
  if (type == "int8") {
    const auto value = Number<int64_t>(text);
    if (!value.has_value()) return std::nullopt;
    return HashLong(*value);
  }
  if (type == "oid") {
    const auto value = Number<uint32_t>(text);
    if (!value.has_value()) return std::nullopt;
    return HashWord(*value);
  }
  if (type == "date") {
    const auto days = Days(text);
    if (!days.has_value()) return std::nullopt;
    return HashWord(static_cast<uint32_t>(*days));
  }
  if (type == "timestamp") {
    const auto days = Days(text);
    if (!days.has_value()) return std::nullopt;
    return HashLong(static_cast<int64_t>(*days) * 86400000000);
  }
  if (type == "bool") {
    if (text == "true" || text == "t") return HashWord(1);
    if (text == "false" || text == "f") return HashWord(0);
    return std::nullopt;
  }
  if (type == "uuid") {
    const auto bytes = UuidBytes(text);
    if (!bytes.has_value()) return std::nullopt;
    return HashBytes(*bytes);
  }
  if (type == "text" || type == "varchar") return HashBytes(text);
  if (type == "bpchar") {
    const size_t last = text.find_last_not_of(' ');
    return HashBytes(text.substr(0, last == text.npos ? 0 : last + 1));
  }
  return std::nullopt;
}

uint64_t CombinePartitionHashes(const std::vector<uint64_t>& hashes) {
  uint64_t row = 0;
  for (uint64_t hash : hashes) {
    row ^= hash + 0x49a0f4dd15e5a8e3 + (row << 54) + (row >> 7);
  }
  return row;
}

}  // namespace pgsift
