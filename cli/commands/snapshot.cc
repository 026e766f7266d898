#include "cli/commands/commands.h"
#include "cli/output.h"
#include "ingest/snapshot/snapshot_script.h"

namespace pgsift {

// A psql script that exports statistics into one JSON file.
int RunSnapshot(const Options&, const Config&) {
  WriteStandardOutput(SnapshotScript());
  return kExitClean;
}

}  // namespace pgsift
