#ifndef PGSIFT_INGEST_MIGRATION_OTHER_DATABASE_H_
#define PGSIFT_INGEST_MIGRATION_OTHER_DATABASE_H_

#include <string>
#include <vector>

namespace pgsift {

// Projects that run on several databases keep their scripts side by side: `mysql/`, `x.sqlite.sql`.
// For each path, whether its name says that it is for another database than PostgreSQL. A name
// within a longer one (`schema-mysql.sql`) says so only where PostgreSQL's own stands beside it,
// and if all paths are of other databases none of them is taken for one.
std::vector<bool> OfOtherDatabases(const std::vector<std::string>& paths);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_OTHER_DATABASE_H_
