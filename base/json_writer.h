#ifndef PGSIFT_BASE_JSON_WRITER_H_
#define PGSIFT_BASE_JSON_WRITER_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// Writes JSON into a string, as it is called: no tree in between, so a report of a million queries
// costs its own bytes. Bytes that are not UTF-8 become U+FFFD and are counted. Numbers that JSON
// lacks (NaN, infinity) become null. `<`, `>` and `&` are written as \u escapes if asked, so that
// the text may stand inside an HTML script element.
//
//   JsonWriter json;
//   json.BeginObject().Key("calls").Number(3).EndObject();
class JsonWriter {
 public:
  enum class Layout : uint8_t { kCompact, kIndented };
  explicit JsonWriter(Layout layout = Layout::kCompact, bool html_safe = false)
      : layout_(layout), html_safe_(html_safe) {}

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view text);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  template <std::integral T>
  JsonWriter& Number(T value) {
    if constexpr (std::signed_integral<T>) return Signed(value);
    return Unsigned(value);
  }
  // Shortest text that reads back as the same double; whole numbers without a point.
  JsonWriter& Number(double value);
  // Rounded to `digits` after the point, so that reports stay readable and stable.
  JsonWriter& Rounded(double value, int digits);

  // Key and value in one.
  JsonWriter& Field(std::string_view key, std::string_view text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, const char* text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, bool value) { return Key(key).Bool(value); }
  template <typename T>
  requires(std::integral<T> || std::same_as<T, double>) &&
      (!std::same_as<T, bool>)JsonWriter& Field(std::string_view key, T value) {
    return Key(key).Number(value);
  }

  uint64_t replaced_bytes() const { return replaced_bytes_; }
  // The finished text; the writer is empty afterwards.
  std::string Take();

 private:
  JsonWriter& Signed(int64_t value);
  JsonWriter& Unsigned(uint64_t value);
  void BeforeValue();
  void NewLine();
  void Quoted(std::string_view text);

  struct Level {
    bool array = false;
    bool empty = true;
  };
  std::string out_;
  std::vector<Level> levels_;
  Layout layout_;
  bool html_safe_;
  bool after_key_ = false;
  uint64_t replaced_bytes_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_JSON_WRITER_H_
