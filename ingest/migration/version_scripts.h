#ifndef PGSIFT_INGEST_MIGRATION_VERSION_SCRIPTS_H_
#define PGSIFT_INGEST_MIGRATION_VERSION_SCRIPTS_H_

// Scripts that are named after the versions between which they lead, beside ones that make a whole
// version at once: those of PostgreSQL's extensions (name--1.0.sql, name--1.0--1.1.sql) and of
// DBIx::Class (deploy/3/…, upgrade/2-3/…, downgrade/3-2/…).

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "ingest/migration/migration_name.h"

namespace pgsift {

// One product's scripts.
struct VersionScripts {
  // From the oldest version that can be made step by step to the newest: indices of paths, in the
  // order in which they run.
  std::vector<size_t> run;
  // Those that are no part of that way: a later version's whole, steps that skip versions, ways
  // back.
  std::vector<std::pair<size_t, MigrationRole>> other;
};

// The products among `paths`; "" stands for a file that is none of them.
std::vector<VersionScripts> FindVersionScripts(const std::vector<std::string>& paths);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_VERSION_SCRIPTS_H_
