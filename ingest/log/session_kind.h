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
// Name the kind of a record, and the same whatever its client, in this run only: not the same for
// other builds.
uint64_t HashKind(const LogRecord& record);
uint64_t HashWithoutClient(const SessionKind& kind);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SESSION_KIND_H_
