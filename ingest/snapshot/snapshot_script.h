#ifndef PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_SCRIPT_H_
#define PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_SCRIPT_H_

#include <string_view>

namespace pgsift {

// The psql script that exports a server's statistics as one JSON document: snapshot.sql, which the
// build puts into the program. Run it with `psql -X -q -f snapshot.sql > snapshot.json`.
std::string_view SnapshotScript();

}  // namespace pgsift

#endif  // PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_SCRIPT_H_
