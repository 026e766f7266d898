#ifndef PGSIFT_INGEST_PLAN_PLAN_READER_H_
#define PGSIFT_INGEST_PLAN_PLAN_READER_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan/plan.h"

namespace pgsift {

// Nodes nested deeper than this are refused in every format.
inline constexpr int kPlanDepthMax = 10'000;
// JSON nested deeper than this is refused: a plan node takes two levels.
inline constexpr size_t kPlanJsonDepthMax = 2 * kPlanDepthMax + 100;
// The readers of YAML and XML recurse: nodes nested deeper than this are refused there.
inline constexpr int kPlanRecursionMax = 500;
// A plan of more nodes is refused: each takes about two kilobytes.
inline constexpr size_t kPlanNodesMax = 200'000;

// A stretch that should have been a plan and could not be read, or not to its end.
struct PlanError {
  uint64_t line = 0;    // 1-based.
  uint64_t bytes = 0;   // That were passed over.
  std::string message;  // With the way out.
};

struct PlanReadResult {
  std::vector<Plan> plans;
  std::vector<PlanError> errors;
};

// Reads every plan of a text, whichever of EXPLAIN's formats it is in: JSON (arrays, objects,
// several documents, one per line), text, YAML or XML, with or without what psql or pgAdmin put
// around them. Times are computed. What cannot be read is in `errors`; the rest is read: of a plan
// that breaks off, the nodes that are whole. Never fails. Nesting is bounded by kPlanDepthMax.
PlanReadResult ReadPlans(std::string_view text, FileId file);

// The same for inputs of any size, on up to `jobs` threads: calls `take` with each plan in the
// order of the text, never twice at once, from any thread. A plan that it does not move from is
// given back to the memory of the thread that read it. Returns what could not be read.
using PlanTaker = std::function<void(Plan&& plan)>;
std::vector<PlanError> ReadPlans(std::string_view text, FileId file, size_t jobs,
                                 const PlanTaker& take);

// The same for JSON that need not be held, such as a file of many gigabytes: `read` fills a buffer
// as read(2) does. About `window_bytes` are in memory at once, or the longest plan; one that does
// not end within kPlanWindowMax ends the reading, with an error. REQUIRES: IsPlanStream(what it
// gives).
using ByteReader = std::function<ssize_t(char* buffer, size_t size)>;
inline constexpr size_t kPlanWindowBytes = size_t{32} << 20;
inline constexpr size_t kPlanWindowMax = size_t{1} << 30;
std::vector<PlanError> ReadPlanStream(const ByteReader& read, FileId file, size_t jobs,
                                      const PlanTaker& take,
                                      size_t window_bytes = kPlanWindowBytes);
// Whether ReadPlanStream() is for a text that begins so.
bool IsPlanStream(std::string_view text);

// The text looks like EXPLAIN output of a format that ReadPlans reads. Looks at its first 64 kB.
bool LooksLikePlan(std::string_view text);
// The format that ReadPlans would read the text in.
PlanFormat FormatOfPlans(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_READER_H_
