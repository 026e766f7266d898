#include "ingest/plan/plan_reader.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/parallel.h"
#include "base/text.h"
#include "ingest/plan/json_documents.h"
#include "ingest/plan/json_plan_reader.h"
#include "ingest/plan/plan_frame.h"
#include "ingest/plan/plan_times.h"
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

  void Take(size_t begin, std::string_view part, PlanReadResult result) {
    for (Plan& plan : result.plans) {
      plan.offset += begin;
      plan.line += lines_;
      for (PlanNode& node : plan.nodes) {
        node.offset += begin;
        node.line += lines_;
      }
      ++plans_;
      take_(std::move(plan));
    }
    for (PlanError& error : result.errors) {
      error.line += lines_;
      errors_.push_back(std::move(error));
    }
    lines_ += CountNewlines(part);
  }

  size_t plans() const { return plans_; }
  std::vector<PlanError>& errors() { return errors_; }

 private:
  const PlanTaker& take_;
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
size_t ReadJsonParts(std::string_view text, FileId file, size_t jobs, Handover* handover) {
  const std::vector<std::string_view> parts = CutJson(text, kPartBytes);
  if (parts.size() <= 1) return 0;
  const auto begin_of = [&](size_t part) {
    return static_cast<size_t>(parts[part].data() - text.data());
  };
  std::mutex lock;
  std::vector<std::optional<PlanReadResult>> done(parts.size());
  size_t next = 0;
  bool failed = false;
  const auto read = [&](size_t i) {
    PlanReadResult result;
    {
      const std::scoped_lock guard(lock);
      if (failed) return;
    }
    ReadJsonDocuments(parts[i], file, &result);
    Compute(&result);
    const std::scoped_lock guard(lock);
    done[i] = std::move(result);
    for (; !failed && next < done.size() && done[next].has_value(); ++next) {
      if (!done[next]->errors.empty()) {
        failed = true;
        break;
      }
      // Of an array, what stands before its first item.
      if (next == 0) handover->Take(0, text.substr(0, begin_of(0)), {});
      handover->Take(begin_of(next), parts[next], std::move(*done[next]));
      done[next].reset();
    }
  };
  if (jobs <= 1) {
    for (size_t i = 0; i < parts.size(); ++i) read(i);
  } else {
    ParallelFor(jobs, parts.size(), read);
  }
  if (next == 0) return 0;
  return next < done.size() ? begin_of(next) : text.size();
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
  const bool framed = HasFrame(original);
  const std::string clean = framed ? WithoutFrame(original) : std::string();
  const std::string_view text = framed ? std::string_view(clean) : original;
  const PlanFormat format = FormatOfPlans(text);
  Handover handover(take);
  size_t begin = 0;
  if (format == PlanFormat::kJson) begin = ReadJsonParts(text, file, jobs, &handover);
  if (begin < text.size() || text.empty()) {
    PlanReadResult rest;
    ReadAs(format, text.substr(begin), file, &rest);
    handover.Take(begin, text.substr(begin), std::move(rest));
  }
  if (handover.plans() == 0 && handover.errors().empty()) {
    return {{.line = 1,
             .bytes = original.size(),
             .message = "no plan found: give the output of EXPLAIN (ANALYZE, BUFFERS)"}};
  }
  return std::move(handover.errors());
}

bool LooksLikePlan(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  // A client may have doubled the quotes.
  const bool json =
      start.find("\"Plan\"") != start.npos && start.find("\"Node Type\"") != start.npos;
  if (json) return true;
  if (start.find("<explain") != start.npos && start.find("<Node-Type>") != start.npos) return true;
  if (HasLine(start, "Plan:") && HasLine(start, "Node Type:")) return true;
  return IsTextPlan(start);
}

}  // namespace pgsift
