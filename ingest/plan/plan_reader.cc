#include "ingest/plan/plan_reader.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "ingest/plan/json_documents.h"
#include "ingest/plan/json_plan_reader.h"
#include "ingest/plan/plan_characters.h"
#include "ingest/plan/plan_collector.h"
#include "ingest/plan/plan_frame.h"
#include "ingest/plan/plan_times.h"
#include "ingest/plan/plan_windows.h"
#include "ingest/plan/value_plan_reader.h"

namespace pgsift {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;
// What a thread reads at once: small enough that its plans stay in the processor's caches.
constexpr size_t kPartBytes = size_t{512} << 10;

// A line that begins, but for blanks and "- ", with `word`.
bool HasLine(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    size_t begin = at;
    while (begin > 0 &&
           (text[begin - 1] == ' ' || text[begin - 1] == '-' || text[begin - 1] == '\t'))
      --begin;
    if (begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '"' || text[begin - 1] == '|')
      return true;
  }
  return false;
}

bool IsTextPlan(std::string_view text) {
  const bool numbers = text.find("  (cost=") != text.npos || text.find(" (actual ") != text.npos ||
                       text.find(" (never executed)") != text.npos;
  if (numbers) return true;
  return text.find("QUERY PLAN") != text.npos && text.find("->  ") != text.npos;
}

// Computes the times of what a part of the text gave.
void Compute(PlanReadResult* result) {
  for (Plan& plan : result->plans) ComputeTimes(&plan);
}

// Hands over what parts of a text gave, in their order, with places in the text.
class Handover {
 public:
  explicit Handover(const PlanTaker& take) : take_(take) {}

  // `begin`: where the part stands in the text that is read now.
  void Take(size_t begin, std::string_view part, PlanReadResult result) {
    Take(begin, CountNewlines(part), &result);
  }
  void Take(size_t begin, uint64_t newlines, PlanReadResult* result) {
    for (Plan& plan : result->plans) {
      plan.offset += base_ + begin;
      plan.line += lines_;
      for (PlanNode& node : plan.nodes) {
        node.offset += base_ + begin;
        node.line += lines_;
      }
      ++plans_;
      take_(std::move(plan));
    }
    for (PlanError& error : result->errors) {
      error.line += lines_;
      errors_.push_back(std::move(error));
    }
    lines_ += newlines;
  }

  // The text that was read is followed by another.
  void EndText(size_t size) { base_ += size; }
  void Fail(uint64_t bytes, std::string message) {
    errors_.push_back({.line = lines_ + 1, .bytes = bytes, .message = std::move(message)});
  }

  size_t plans() const { return plans_; }
  uint64_t bytes() const { return base_; }
  std::vector<PlanError>& errors() { return errors_; }

 private:
  const PlanTaker& take_;
  uint64_t base_ = 0;   // The size of the texts before.
  uint64_t lines_ = 0;  // Before the next part.
  size_t plans_ = 0;
  std::vector<PlanError> errors_;
};

void ReadAs(PlanFormat format, std::string_view text, FileId file, PlanReadResult* result) {
  switch (format) {
    case PlanFormat::kJson:
      ReadJsonPlans(text, file, result);
      break;
    case PlanFormat::kText:
      ReadTextPlans(text, file, result);
      break;
    case PlanFormat::kYaml:
      ReadYamlPlans(text, file, result);
      break;
    case PlanFormat::kXml:
      ReadXmlPlans(text, file, result);
      break;
  }
  Compute(result);
}

// Reads a big text's parts side by side. Returns how much of it was read and handed over: the first
// part that does not give whole plans alone may have been cut in a wrong place, so it and what
// follows are left to be read in one.
size_t ReadJsonParts(std::string_view text, const std::vector<std::string_view>& parts, FileId file,
                     size_t jobs, Handover* handover) {
  if (parts.empty()) return 0;
  const auto begin_of = [&](size_t part) {
    return static_cast<size_t>(parts[part].data() - text.data());
  };
  std::mutex lock;
  struct Part {
    PlanReadResult result;
    uint64_t newlines = 0;
    std::thread::id thread;  // That read it.
  };
  std::vector<std::optional<Part>> done(parts.size());
  size_t next = 0;
  bool failed = false;
  const auto read = [&](size_t i) {
    // What others have taken over is freed by the thread that made it: an allocator's threads are
    // in each other's way where they free each other's memory.
    std::vector<std::optional<Part>> own;
    const std::thread::id thread = std::this_thread::get_id();
    {
      const std::scoped_lock guard(lock);
      if (failed) return;
      for (size_t k = 0; k < next; ++k) {
        if (done[k].has_value() && done[k]->thread == thread) {
          own.push_back(std::exchange(done[k], std::nullopt));
        }
      }
    }
    own.clear();
    Part part{.result = {}, .newlines = CountNewlines(parts[i]), .thread = thread};
    ReadJsonDocuments(parts[i], file, &part.result);
    Compute(&part.result);
    for (Plan& plan : part.result.plans) plan.kind = PlanKind(plan);
    const std::scoped_lock guard(lock);
    done[i] = std::move(part);
    for (; !failed && next < done.size() && done[next].has_value(); ++next) {
      if (!done[next]->result.errors.empty()) {
        failed = true;
        break;
      }
      // Of an array, what stands before its first item.
      if (next == 0) handover->Take(0, text.substr(0, begin_of(0)), {});
      handover->Take(begin_of(next), done[next]->newlines, &done[next]->result);
    }
  };
  if (jobs <= 1) {
    for (size_t i = 0; i < parts.size(); ++i) read(i);
  } else {
    ParallelFor(jobs, parts.size(), read);
  }
  if (next == 0) return 0;
  return next < done.size() ? begin_of(next)
                            : static_cast<size_t>(parts.back().end() - text.begin());
}

// Reads a text in parts; what did not come out whole, and what follows it, in one.
void ReadJsonText(std::string_view text, const std::vector<std::string_view>& parts, FileId file,
                  size_t jobs, Handover* handover) {
  const size_t begin = ReadJsonParts(text, parts, file, jobs, handover);
  if (begin < text.size() || text.empty()) {
    PlanReadResult rest;
    ReadAs(PlanFormat::kJson, text.substr(begin), file, &rest);
    handover->Take(begin, text.substr(begin), std::move(rest));
  }
  handover->EndText(text.size());
}

// Where the last document, or item of the array that the input is, ends that is whole; at or after
// *begin. `first`: the text is the input's beginning; of an array *begin becomes its inside.
size_t EndOfWhole(std::string_view text, bool first, size_t* begin) {
  size_t at = *begin;
  JsonDocument document;
  while (NextJsonDocument(text, at, false, kPlanJsonDepthMax, &document)) {
    if (document.closed) {
      at = document.end;
    } else if (first && text[document.begin] == '[') {
      at = *begin = document.begin + 1;
    } else if (const size_t next = NextLineLike(text, document.begin); next != text.npos) {
      at = next;
    } else {
      break;
    }
    first = false;
  }
  return at;
}

// The text as the server wrote it, if someone has changed that; else an empty one. What comes out
// changed again is left as it is.
PlainCharacters Plain(std::string_view text) {
  if (HasForeignCharacters(text)) {
    PlainCharacters plain = WithPlainCharacters(text);
    if (!HasForeignCharacters(plain.text)) return plain;
  } else if (IsPrintedByPython(text)) {
    return FromPython(text);
  } else if (IsListOfLiterals(text)) {
    PlainCharacters plain = FromLiterals(text);
    if (!IsListOfLiterals(plain.text)) return plain;
  }
  return {};
}

// Which line of a text an offset is in.
class LineStarts {
 public:
  explicit LineStarts(std::string_view text) {
    for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
      ends_.push_back(at);
  }
  uint64_t LineOf(uint64_t offset) const {
    const auto after = std::lower_bound(ends_.begin(), ends_.end(), offset);
    return static_cast<uint64_t>(after - ends_.begin()) + 1;
  }

 private:
  std::vector<uint64_t> ends_;
};

std::vector<PlanError> ErrorsOf(Handover* handover) {
  if (handover->plans() == 0 && handover->errors().empty()) {
    return {{.line = 1,
             .bytes = handover->bytes(),
             .message = "no plan found: give the output of EXPLAIN (ANALYZE, BUFFERS)"}};
  }
  return std::move(handover->errors());
}

}  // namespace

PlanFormat FormatOfPlans(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  if (start.find("<explain") != start.npos) return PlanFormat::kXml;
  const size_t text_plan = std::min(start.find("  (cost="), start.find(" (actual "));
  const size_t json = std::min(start.find("\"Plan\""), start.find("\"Node Type\""));
  if (json != start.npos && json < text_plan) return PlanFormat::kJson;
  if (HasLine(start, "Plan:") && HasLine(start, "Node Type:")) return PlanFormat::kYaml;
  if (text_plan != start.npos || IsTextPlan(start)) return PlanFormat::kText;
  // Nothing tells: a JSON document that has no plan is named as that.
  return PlanFormat::kJson;
}

PlanReadResult ReadPlans(std::string_view original, FileId file) {
  PlanReadResult result;
  result.errors =
      ReadPlans(original, file, 1, [&](Plan plan) { result.plans.push_back(std::move(plan)); });
  return result;
}

std::vector<PlanError> ReadPlans(std::string_view original, FileId file, size_t jobs,
                                 const PlanTaker& take) {
  const PlainCharacters plain = Plain(original);
  if (!plain.text.empty()) {
    const LineStarts lines(original);
    return ReadPlans(plain.text, file, jobs, [&](Plan plan) {
      plan.offset = plain.OriginalOffset(plan.offset);
      plan.line = lines.LineOf(plan.offset);
      for (PlanNode& node : plan.nodes) {
        node.offset = plain.OriginalOffset(node.offset);
        node.line = lines.LineOf(node.offset);
      }
      take(std::move(plan));
    });
  }
  const bool framed = HasFrame(original);
  const std::string clean = framed ? WithoutFrame(original) : std::string();
  const std::string_view text = framed ? std::string_view(clean) : original;
  const PlanFormat format = FormatOfPlans(text);
  Handover handover(take);
  if (format == PlanFormat::kJson) {
    std::vector<std::string_view> parts = CutJson(text, kPartBytes);
    if (parts.size() == 1) parts.clear();
    ReadJsonText(text, parts, file, jobs, &handover);
  } else {
    PlanReadResult all;
    ReadAs(format, text, file, &all);
    handover.Take(0, text, std::move(all));
    handover.EndText(text.size());
  }
  return ErrorsOf(&handover);
}

bool IsPlanStream(std::string_view text) {
  return FormatOfPlans(text) == PlanFormat::kJson && !HasFrame(text);
}

std::vector<PlanError> ReadPlanStream(const ByteReader& read, FileId file, size_t jobs,
                                      const PlanTaker& take, size_t window_bytes) {
  Handover handover(take);
  PlanWindows windows(read, window_bytes);
  for (;;) {
    const std::string_view text = windows.text();
    const bool end = windows.end();
    std::vector<std::string_view> parts = CutJson(text, std::min(kPartBytes, window_bytes / 4));
    // The last part goes on in what comes.
    if (!end || parts.size() == 1) parts.pop_back();
    size_t done = ReadJsonParts(text, parts, file, jobs, &handover);
    const size_t cut = parts.empty() ? 0 : static_cast<size_t>(parts.back().end() - text.begin());
    if ((end && done < text.size()) || done < cut || cut == 0) {
      // Where the layout does not tell where plans end, brackets do.
      const bool first = handover.bytes() == 0 && done == 0;
      size_t begin = done;
      const size_t whole = end ? text.size() : EndOfWhole(text, first, &begin);
      handover.Take(done, text.substr(done, begin - done), {});
      const std::string_view part = text.substr(begin, whole - begin);
      PlanReadResult rest;
      if (end && first) {
        ReadAs(PlanFormat::kJson, part, file, &rest);
      } else {
        ReadJsonDocuments(part, file, &rest);
        Compute(&rest);
      }
      handover.Take(begin, part, std::move(rest));
      done = whole;
    }
    if (!end && done == 0 && text.size() >= kPlanWindowMax) {
      handover.Fail(text.size(),
                    "a plan that does not end within a gigabyte: what follows is not read");
      break;
    }
    handover.EndText(done);
    if (end) break;
    windows.Advance(done);
  }
  return ErrorsOf(&handover);
}

bool LooksLikePlan(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  if (const PlainCharacters plain = Plain(start); !plain.text.empty()) {
    return LooksLikePlan(plain.text);
  }
  // A client may have doubled the quotes.
  const bool json =
      start.find("\"Node Type\"") != start.npos &&
      (start.find("\"Plan\"") != start.npos || start.find("\"Startup Cost\"") != start.npos);
  if (json) return true;
  if (start.find("<explain") != start.npos && start.find("<Node-Type>") != start.npos) return true;
  if (HasLine(start, "Plan:") && HasLine(start, "Node Type:")) return true;
  return IsTextPlan(start);
}

}  // namespace pgsift
