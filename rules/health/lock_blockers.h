#ifndef PGSIFT_RULES_HEALTH_LOCK_BLOCKERS_H_
#define PGSIFT_RULES_HEALTH_LOCK_BLOCKERS_H_

#include "ingest/snapshot/snapshot.h"

namespace pgsift {

// Works out who waits for whom from pg_locks, where the export does not say it: CSV of views has no
// pg_blocking_pids(). Who holds a lock that conflicts with the one that is waited for, blocks; who
// only stands before in the queue does not. Processes that are in pg_locks alone are added to the
// activity.
void FindBlockers(Snapshot* snapshot);

}  // namespace pgsift

#endif  // PGSIFT_RULES_HEALTH_LOCK_BLOCKERS_H_
