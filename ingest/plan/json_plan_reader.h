#ifndef PGSIFT_INGEST_PLAN_JSON_PLAN_READER_H_
#define PGSIFT_INGEST_PLAN_JSON_PLAN_READER_H_

#include <string_view>

#include "ingest/plan/plan_reader.h"

namespace pgsift {

// Reads EXPLAIN (FORMAT JSON): all documents of the text, whatever stands between them. A document
// that breaks off is closed where its last whole value ends, and read.
void ReadJsonPlans(std::string_view text, FileId file, PlanReadResult* result);
// The same for a part of a bigger text: it holds documents or items of an array, never the begin of
// an array whose end is elsewhere.
void ReadJsonDocuments(std::string_view text, FileId file, PlanReadResult* result);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_JSON_PLAN_READER_H_
