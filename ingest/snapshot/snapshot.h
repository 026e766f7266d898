#ifndef PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_
#define PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/name.h"

namespace pgsift {

// What the script of `pgsift snapshot` exports, as values. Everywhere: a number of -1 is one that
// the export does not have (the role may not read it, or the release is too old), an empty text as
// well. Times are microseconds since the Unix epoch, 0 where there is none; durations milliseconds,
// ages transactions, sizes bytes. Counters count since the statistics were reset.

// A table, partitioned table, materialized view or foreign table.
// pg_class, pg_stat_all_tables, pg_statio_all_tables.
struct TableStatistics {
  char kind = 'r';          // pg_class.relkind.
  bool partition = false;   // Of a partitioned table.
  double bytes = -1;        // The main fork.
  double total_bytes = -1;  // With indexes and TOAST.
  double pages = -1;        // relpages: of the last VACUUM or ANALYZE.
  double rows = -1;         // reltuples; -1 also where it was never analyzed.
  double all_visible = -1;  // relallvisible: pages of which index-only scans need not look at rows.
  double live_tuples = -1;
  double dead_tuples = -1;
  double inserted = -1, updated = -1, deleted = -1, hot_updated = -1;
  double modified_since_analyze = -1, inserted_since_vacuum = -1;
  double seq_scans = -1, seq_tuples = -1, index_scans = -1, index_tuples = -1;
  double vacuums = -1, autovacuums = -1, analyzes = -1, autoanalyzes = -1;
  int64_t last_vacuum_us = 0, last_autovacuum_us = 0;
  int64_t last_analyze_us = 0, last_autoanalyze_us = 0;
  double xid_age = -1, mxid_age = -1;
  double heap_read = -1, heap_hit = -1, index_read = -1, index_hit = -1;  // Blocks.
  std::vector<std::string> options;  // reloptions: "fillfactor=90".
};

// pg_index, pg_stat_all_indexes.
struct IndexStatistics {
  QualifiedName table;
  std::string definition;  // pg_get_indexdef.
  std::string method;      // "btree".
  std::string constraint;  // That it backs.
  double bytes = -1;
  double scans = -1, tuples_read = -1, tuples_fetched = -1;
  int64_t last_scan_us = 0;  // 16 and later.
  bool unique = false, primary = false;
  bool valid = true, ready = true;
  bool replica_identity = false;
  bool partition = false;  // Of a partitioned index.
};

// pg_stats. The lists are empty where the export was made without values.
struct ColumnStatistics {
  std::string type;  // format_type.
  bool not_null = false;
  double null_fraction = -1;
  double distinct = 0;  // n_distinct: > 0 a number, < 0 a share of the rows, 0 unknown.
  double width = -1;    // Average, bytes.
  double correlation = 0;
  std::vector<std::string> common_values;  // most_common_vals, and how frequent each is.
  std::vector<double> common_frequencies;
  std::vector<std::string> histogram;  // Bounds, ascending.
};

struct SequenceStatistics {
  std::string type;
  double last_value = -1;  // -1: never used, or not readable.
  double max_value = -1, min_value = 1, increment = 1;
  bool cycles = false;
  QualifiedName owner_table;  // Of the column that it is for; empty: none.
  std::string owner_column, owner_type;
};

struct SettingValue {
  std::string value, unit, source;  // As pg_settings has them: "16384", "8kB", "default".
  bool pending_restart = false;
};

// A row of pg_stat_statements.
struct StatementStatistics {
  std::string query_id, user, database, query;
  double calls = 0, rows = 0;
  double total_ms = 0, mean_ms = 0, min_ms = 0, max_ms = 0, stddev_ms = 0;
  double blocks_hit = -1, blocks_read = -1, blocks_dirtied = -1, blocks_written = -1;
  double temp_read = -1, temp_written = -1;
  double wal_bytes = -1;
};

// A row of pg_stat_activity.
struct SessionState {
  int64_t pid = 0;
  std::string user, database, application, client, backend_type;
  std::string state;  // "idle in transaction".
  std::string wait_event_type, wait_event, query;
  int64_t backend_start_us = 0, transaction_start_us = 0, query_start_us = 0, state_change_us = 0;
  double xmin_age = -1;
  std::vector<int64_t> blocked_by;  // pids.
};

// A row of pg_locks.
struct LockState {
  int64_t pid = 0;
  std::string type, mode;  // "relation", "AccessShareLock".
  QualifiedName relation;
  // What is locked, as the view's columns say it together: equal for locks of the same thing.
  std::string object;
  bool granted = true;
  int64_t wait_start_us = 0;  // 14 and later; 0: not waiting, or not known.
};

// A row of pg_stat_io (16 and later).
struct IoStatistics {
  std::string backend_type, object, context;  // "client backend", "relation", "normal".
  // Operations, of the server's block size (up to 17) or with bytes of their own (18).
  double reads = -1, writes = -1, extends = -1, hits = -1, evictions = -1, fsyncs = -1;
  double read_ms = -1, write_ms = -1, fsync_ms = -1;  // 0 without track_io_timing.
};

struct ReplicationSlot {
  std::string name, type;
  bool active = false;
  double retained_bytes = -1, xmin_age = -1, catalog_xmin_age = -1;
};

struct PreparedTransaction {
  std::string id, owner, database;
  int64_t prepared_us = 0;
  double xid_age = -1;
};

// Owns its text; immutable once read.
struct Snapshot {
  std::string path;        // Where it was read from.
  int64_t taken_us = 0;    // When it was taken.
  int64_t started_us = 0;  // When the server was started.
  int64_t reset_us = 0;    // When this database's counters were reset.
  int server_version_num = 0;
  std::string server_version, database;
  bool in_recovery = false;
  std::string role;             // Who took it; empty: not said.
  bool reads_all_stats = true;  // The role sees the sessions and statements of others.
  double block_size = 8192;

  std::map<QualifiedName, TableStatistics> tables;
  std::map<QualifiedName, IndexStatistics> indexes;
  std::map<QualifiedName, std::map<std::string, ColumnStatistics>> columns;  // By table.
  std::map<QualifiedName, SequenceStatistics> sequences;
  std::map<std::string, SettingValue> settings;
  bool has_statements = false;                  // pg_stat_statements could be read.
  std::vector<StatementStatistics> statements;  // Most time first.
  bool has_activity = false;
  std::vector<SessionState> activity;
  std::vector<LockState> locks;
  std::vector<IoStatistics> io;
  std::vector<ReplicationSlot> slots;
  std::vector<PreparedTransaction> prepared;
  // The numbers of pg_stat_database (and xid_age, mxid_age, bytes, connection_limit),
  // pg_stat_bgwriter, pg_stat_checkpointer, pg_stat_wal and pg_stat_archiver, by column.
  std::map<std::string, double> database_counters, bgwriter, checkpointer, wal, archiver;
  std::map<std::string, std::string> extensions;  // Name to version.

  bool empty() const { return tables.empty() && settings.empty() && activity.empty(); }
  // -1: not in the export.
  double TableBytes(const QualifiedName& name) const;
  double IndexBytes(const QualifiedName& name) const;
  // Null: not in the export.
  const TableStatistics* Table(const QualifiedName& name) const;
  const IndexStatistics* Index(const QualifiedName& name) const;
  const ColumnStatistics* Column(const QualifiedName& table, const std::string& column) const;
  // The setting in its own unit ("8kB" pages, ms …); `otherwise` if it is not a number or missing.
  double Setting(const std::string& name, double otherwise) const;
  // The same in bytes, for settings of memory and disk.
  double SettingBytes(const std::string& name, double otherwise) const;
};

// Reads the JSON document. Sections that are missing or null stay empty; returns false, with the
// reason in *error, if it is no such document.
bool ReadSnapshot(std::string_view json, Snapshot* snapshot, std::string* error);

// The elements of a PostgreSQL array's text, `{a,"b,c",NULL}`; NULL gives "". Empty for what is no
// array of one dimension.
std::vector<std::string> ArrayElements(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_SNAPSHOT_SNAPSHOT_H_
