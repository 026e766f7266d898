#include "base/unified_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pgsift {
namespace {

constexpr size_t kContext = 3;
constexpr int64_t kDifferencesMax = 2'000;

using Lines = std::vector<std::string_view>;

// Lines with their ends.
Lines LinesOf(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == text.npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// For each line of `a` and of `b`, whether it stays. E. W. Myers, "An O(ND) Difference Algorithm
// and Its Variations": walks the diagonals of the edit graph, keeps each round to find the way
// back.
void MarkKept(const Lines& a, const Lines& b, std::vector<bool>* keep_a,
              std::vector<bool>* keep_b) {
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) ++same;
  size_t tail = 0;
  while (tail < a.size() - same && tail < b.size() - same &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  for (size_t i = 0; i < same; ++i) (*keep_a)[i] = (*keep_b)[i] = true;
  for (size_t i = 0; i < tail; ++i) {
    (*keep_a)[a.size() - 1 - i] = (*keep_b)[b.size() - 1 - i] = true;
  }
  const int64_t n = static_cast<int64_t>(a.size() - same - tail);
  const int64_t m = static_cast<int64_t>(b.size() - same - tail);
  const int64_t most = std::min(n + m, kDifferencesMax);
  const auto at = [&](int64_t k) { return static_cast<size_t>(k + most + 1); };
  std::vector<int64_t> far(static_cast<size_t>(2 * most + 3), 0);
  std::vector<std::vector<int64_t>> rounds;
  for (int64_t d = 0; d <= most; ++d) {
    rounds.push_back(far);
    for (int64_t k = -d; k <= d; k += 2) {
      const bool down = k == -d || (k != d && far[at(k - 1)] < far[at(k + 1)]);
      int64_t x = down ? far[at(k + 1)] : far[at(k - 1)] + 1;
      while (x < n && x - k < m &&
             a[same + static_cast<size_t>(x)] == b[same + static_cast<size_t>(x - k)]) {
        ++x;
      }
      far[at(k)] = x;
      if (x < n || x - k < m) continue;
      // Back along the rounds.
      int64_t y = x - k;
      for (int64_t back = d; x > 0 || y > 0; --back) {
        const std::vector<int64_t>& before = rounds[static_cast<size_t>(back)];
        const int64_t diagonal = x - y;
        const bool came_down =
            diagonal == -back ||
            (diagonal != back && before[at(diagonal - 1)] < before[at(diagonal + 1)]);
        const int64_t from = came_down ? diagonal + 1 : diagonal - 1;
        const int64_t from_x = back == 0 ? 0 : before[at(from)];
        const int64_t from_y = back == 0 ? 0 : from_x - from;
        while (x > from_x && y > from_y) {
          --x;
          --y;
          (*keep_a)[same + static_cast<size_t>(x)] = true;
          (*keep_b)[same + static_cast<size_t>(y)] = true;
        }
        if (back == 0) break;
        x = from_x;
        y = from_y;
      }
      return;
    }
  }
}

// One line of a hunk, with a note if it has no end.
void AddLine(char mark, std::string_view line, std::string* out) {
  *out += mark;
  *out += line;
  if (!line.ends_with('\n')) *out += "\n\\ No newline at end of file\n";
}

std::string Range(size_t begin, size_t size) {
  // An empty range names the line before it.
  const std::string line = std::to_string(size == 0 ? begin : begin + 1);
  return size == 1 ? line : line + "," + std::to_string(size);
}

}  // namespace

std::string UnifiedDiff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines a = LinesOf(before);
  const Lines b = LinesOf(after);
  std::vector<bool> keep_a(a.size());
  std::vector<bool> keep_b(b.size());
  MarkKept(a, b, &keep_a, &keep_b);
  std::string out = "--- a/" + std::string(path) + "\n+++ b/" + std::string(path) + "\n";
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && keep_a[i] && j < b.size() && keep_b[j]) {
      ++i;
      ++j;
      continue;
    }
    const size_t lead = std::min({kContext, i, j});
    const size_t begin_a = i - lead;
    const size_t begin_b = j - lead;
    std::string body;
    for (size_t line = begin_a; line < i; ++line) AddLine(' ', a[line], &body);
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && !keep_a[i]) {
        AddLine('-', a[i++], &body);
      } else if (j < b.size() && !keep_b[j]) {
        AddLine('+', b[j++], &body);
      } else {
        // A long run of kept lines ends the hunk.
        size_t run = 0;
        while (i + run < a.size() && keep_a[i + run] && j + run < b.size() && keep_b[j + run])
          ++run;
        const bool last = i + run == a.size() && j + run == b.size();
        if (last || run > 2 * kContext) {
          const size_t trail = std::min(run, kContext);
          for (size_t line = 0; line < trail; ++line) AddLine(' ', a[i + line], &body);
          i += trail;
          j += trail;
          break;
        }
        AddLine(' ', a[i], &body);
        ++i;
        ++j;
      }
    }
    out +=
        "@@ -" + Range(begin_a, i - begin_a) + " +" + Range(begin_b, j - begin_b) + " @@\n" + body;
  }
  return out;
}

}  // namespace pgsift
