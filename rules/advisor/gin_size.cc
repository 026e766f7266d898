#include "rules/advisor/gin_size.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace pgsift {
namespace {

// A posting list stores how far apart the rows are: the more rows have a trigram, the less each
// takes. Measured, with the room that page splits leave.
constexpr double kRareBytes = 3.6;
constexpr double kCommonBytes = 1.3;
constexpr double kCommonShare = 0.05;  // Of the rows.
constexpr size_t kValuesMin = 30;
constexpr double kTrigramBytesOfWidth = 3.4;  // Where no values are known.

// As pg_trgm cuts them: of each word, with two spaces before it and one behind it.
std::set<std::string> TrigramsOf(const std::string& value) {
  std::set<std::string> found;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    const std::string padded = "  " + word + " ";
    for (size_t i = 0; i + 3 <= padded.size(); ++i) found.insert(padded.substr(i, 3));
    word.clear();
  };
  for (const char c : value) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool part = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (part) {
      word += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      end_word();
    }
  }
  end_word();
  return found;
}

// Bytes of one row.
double TrigramBytes(const ColumnFacts& column) {
  if (column.statistics == nullptr || column.statistics->histogram.size() < kValuesMin)
    return std::max(4.0, column.width) * kTrigramBytesOfWidth;
  std::map<std::string, double> rows;
  for (const std::string& value : column.statistics->histogram) {
    for (const std::string& trigram : TrigramsOf(value)) rows[trigram] += 1;
  }
  const auto values = static_cast<double>(column.statistics->histogram.size());
  double bytes = 0;
  for (const auto& [trigram, count] : rows)
    bytes += count / values * (count / values < kCommonShare ? kRareBytes : kCommonBytes);
  return std::max(4.0, bytes) * (1 - column.null_fraction);
}

}  // namespace

double GinBytes(const IndexDesign& design, const TableFacts& facts, double rows) {
  double bytes = 0;
  for (const DesignKey& key : design.keys) {
    const double width = facts.Column(key.column).width;
    if (key.opclass == "gin_trgm_ops") {
      bytes += rows * TrigramBytes(facts.Column(key.column));
    } else if (key.opclass == "jsonb_path_ops") {
      bytes += rows * std::max(10.0, width * 0.2);
    } else {
      bytes += rows * std::max(10.0, width * 0.35);
    }
  }
  return bytes;
}

}  // namespace pgsift
