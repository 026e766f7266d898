#ifndef PGSIFT_INGEST_PLAN_PLAN_FRAME_H_
#define PGSIFT_INGEST_PLAN_PLAN_FRAME_H_

#include <string>
#include <string_view>

namespace pgsift {

// The text looks as if a client had put something around EXPLAIN's output: psql its header,
// borders,
// `+` and row count; pgAdmin and CSV files quotes.
bool HasFrame(std::string_view text);

// Blanks what the client put there, byte for byte: offsets, lines and columns stay.
std::string WithoutFrame(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_FRAME_H_
