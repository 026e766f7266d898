#ifndef PGSIFT_INGEST_POOLER_POOLER_CONFIG_H_
#define PGSIFT_INGEST_POOLER_POOLER_CONFIG_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace pgsift {

// What pgbouncer.ini says about pools. Numbers of -1 are not in the file; 0 is PgBouncer's own "no
// limit". Owns its text.

// A line of [databases] or [users]: what it sets otherwise than [pgbouncer] does.
struct PoolerEntry {
  std::string name;      // "*": the entry for all that have none.
  std::string database;  // Of the server, if it has another name there; of [databases].
  std::string pool_mode;
  double pool_size = -1, min_pool_size = -1, reserve_pool = -1;
  double max_db_connections = -1, max_user_connections = -1;
  uint64_t line = 0;  // 1-based.
};

struct PoolerConfig {
  std::string path;
  FileId file = FileId::kNone;
  std::string pool_mode;  // "session", "transaction", "statement"; empty: not in the file.
  double max_client_conn = -1, default_pool_size = -1, min_pool_size = -1, reserve_pool_size = -1;
  double max_db_connections = -1, max_user_connections = -1;
  uint64_t pool_mode_line = 0, max_client_conn_line = 0, default_pool_size_line = 0;
  std::vector<PoolerEntry> databases, users;
  std::vector<std::string> includes;  // %include: not read.

  // With PgBouncer's own defaults (1.18 to 1.24) for what is not in the file.
  double MaxClients() const { return max_client_conn < 0 ? 100 : max_client_conn; }
  double DefaultPoolSize() const { return default_pool_size < 0 ? 20 : default_pool_size; }
  std::string Mode() const { return pool_mode.empty() ? "session" : pool_mode; }
  // The entry of a server's database: its own, or "*"; null if PgBouncer does not serve it.
  const PoolerEntry* DatabaseEntry(std::string_view database) const;
  // How many server connections one user of it may have, and in which mode.
  double PoolSizeOf(const PoolerEntry& database) const;
  std::string ModeOf(const PoolerEntry& database, std::string_view user) const;
};

// What is wrong with a line.
struct PoolerProblem {
  uint64_t line = 0;
  std::string message;
};

// Reads pgbouncer.ini. Lines that cannot be understood are named in *problems and left out; all
// others count.
PoolerConfig ReadPoolerConfig(std::string_view text, std::vector<PoolerProblem>* problems);

// Whether a text begins like one: a section [pgbouncer] or [databases].
bool LooksLikePoolerConfig(std::string_view head);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_POOLER_POOLER_CONFIG_H_
