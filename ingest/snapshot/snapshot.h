#ifndef PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_
#define PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "parser/name.h"

namespace pgsift {

// A table, partitioned table or materialized view of the export. -1: the export does not say.
struct TableStatistics {
  double bytes = -1;        // The main fork.
  double total_bytes = -1;  // With indexes and TOAST.
  double rows = -1;         // pg_class.reltuples.
  double live_tuples = -1;
  double dead_tuples = -1;
};

struct IndexStatistics {
  double bytes = -1;
  double scans = -1;
  bool valid = true;
};

// The statistics that the script of `pgsift snapshot` exports. Owns its text; immutable once read.
struct Snapshot {
  int server_version_num = 0;
  std::map<QualifiedName, TableStatistics> tables;
  std::map<QualifiedName, IndexStatistics> indexes;

  bool empty() const { return tables.empty(); }
  // -1: not in the export.
  double TableBytes(const QualifiedName& name) const;
  double IndexBytes(const QualifiedName& name) const;
};

// Reads the JSON document. Sections that are missing or null stay empty; returns false, with the
// reason in *error, if it is no such document.
bool ReadSnapshot(std::string_view json, Snapshot* snapshot, std::string* error);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_
