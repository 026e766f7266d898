#ifndef PGSIFT_INGEST_LOG_SESSION_KIND_H_
#define PGSIFT_INGEST_LOG_SESSION_KIND_H_

#include <cstdint>
#include <string>

#include "ingest/log/log_record.h"

namespace pgsift {

// Who ran statements: the parts of a prefix that repeat together.
struct SessionKind {
  std::string database, user, application, client;
};

SessionKind KindIn(const LogRecord& record);
// Whether KindIn(record) is `kind`.
bool IsOf(const SessionKind& kind, const LogRecord& record);
// Names the kind of a record in this run only: not the same for other builds.
uint64_t HashKind(const LogRecord& record);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SESSION_KIND_H_
