#include <simdjson.h>

#include "absl/time/time.h"
#include "ingest/snapshot/snapshot.h"

namespace pgsift {
namespace {

using simdjson::dom::element;

std::string Text(element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool Flag(element object, std::string_view key, bool otherwise = false) {
  bool flag = otherwise;
  return object[key].get(flag) == simdjson::SUCCESS ? flag : otherwise;
}

double NumberOf(element value, double otherwise) {
  double number = otherwise;
  if (value.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;  // Numbers beyond what JSON readers keep come as text.
  if (value.get(text) != simdjson::SUCCESS) return otherwise;
  const std::string digits(text);
  char* end = nullptr;
  number = std::strtod(digits.c_str(), &end);
  return end == digits.c_str() ? otherwise : number;
}

double Number(element object, std::string_view key, double otherwise = -1) {
  element value;
  return object[key].get(value) == simdjson::SUCCESS ? NumberOf(value, otherwise) : otherwise;
}

// A value of any type as text; "" for null.
std::string ValueText(element object, std::string_view key) {
  element value;
  if (object[key].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  return simdjson::minify(value);
}

// "2026-11-25T02:10:11.123456+00:00", and with a blank for the T.
int64_t Time(element object, std::string_view key) {
  std::string text = Text(object, key);
  if (text.empty()) return 0;
  if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
  absl::Time time;
  std::string error;
  for (const char* format : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S"}) {
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error))
      return absl::ToUnixMicros(time);
  }
  return 0;
}

QualifiedName Name(element object, std::string_view schema, std::string_view name) {
  return {Text(object, schema), Text(object, name)};
}

template <typename Visit>
void EachRow(element document, std::string_view section, Visit visit) {
  simdjson::dom::array rows;
  if (document[section].get(rows) != simdjson::SUCCESS) return;
  for (element row : rows) visit(row);
}

void ReadCounters(element document, std::string_view section,
                  std::map<std::string, double>* counters) {
  simdjson::dom::object row;
  if (document[section].get(row) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : row) {
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) (*counters)[std::string(key)] = number;
  }
}

void ReadTable(element row, TableStatistics* table) {
  const std::string kind = Text(row, "relkind");
  if (!kind.empty()) table->kind = kind[0];
  table->partition = Flag(row, "is_partition");
  table->bytes = Number(row, "bytes");
  table->total_bytes = Number(row, "total_bytes");
  table->pages = Number(row, "pages");
  table->rows = Number(row, "reltuples");
  table->all_visible = Number(row, "all_visible");
  table->live_tuples = Number(row, "live_tuples");
  table->dead_tuples = Number(row, "dead_tuples");
  table->inserted = Number(row, "n_tup_ins");
  table->updated = Number(row, "n_tup_upd");
  table->deleted = Number(row, "n_tup_del");
  table->hot_updated = Number(row, "n_tup_hot_upd");
  table->modified_since_analyze = Number(row, "n_mod_since_analyze");
  table->inserted_since_vacuum = Number(row, "n_ins_since_vacuum");
  table->seq_scans = Number(row, "seq_scan");
  table->seq_tuples = Number(row, "seq_tup_read");
  table->index_scans = Number(row, "idx_scan");
  table->index_tuples = Number(row, "idx_tup_fetch");
  table->vacuums = Number(row, "vacuum_count");
  table->autovacuums = Number(row, "autovacuum_count");
  table->analyzes = Number(row, "analyze_count");
  table->autoanalyzes = Number(row, "autoanalyze_count");
  table->last_vacuum_us = Time(row, "last_vacuum");
  table->last_autovacuum_us = Time(row, "last_autovacuum");
  table->last_analyze_us = Time(row, "last_analyze");
  table->last_autoanalyze_us = Time(row, "last_autoanalyze");
  table->xid_age = Number(row, "xid_age");
  table->mxid_age = Number(row, "mxid_age");
  table->heap_read = Number(row, "heap_blks_read");
  table->heap_hit = Number(row, "heap_blks_hit");
  table->index_read = Number(row, "idx_blks_read");
  table->index_hit = Number(row, "idx_blks_hit");
  simdjson::dom::array options;
  if (row["reloptions"].get(options) == simdjson::SUCCESS) {
    for (element option : options) {
      std::string_view text;
      if (option.get(text) == simdjson::SUCCESS) table->options.emplace_back(text);
    }
  }
}

void ReadIndex(element row, IndexStatistics* index) {
  index->table = Name(row, "schema", "table");
  index->definition = Text(row, "definition");
  index->method = Text(row, "method");
  index->constraint = Text(row, "constraint");
  index->bytes = Number(row, "bytes");
  index->scans = Number(row, "scans");
  index->tuples_read = Number(row, "tup_read");
  index->tuples_fetched = Number(row, "tup_fetch");
  index->last_scan_us = Time(row, "last_scan");
  index->unique = Flag(row, "is_unique");
  index->primary = Flag(row, "is_primary");
  index->valid = Flag(row, "is_valid", true);
  index->ready = Flag(row, "is_ready", true);
  index->replica_identity = Flag(row, "is_replica_identity");
  index->partition = Flag(row, "is_partition");
}

void ReadColumn(element row, ColumnStatistics* column) {
  column->type = Text(row, "type");
  column->not_null = Flag(row, "not_null");
  column->null_fraction = Number(row, "null_frac");
  column->distinct = Number(row, "n_distinct", 0);
  column->width = Number(row, "avg_width");
  column->correlation = Number(row, "correlation", 0);
  column->common_values = ArrayElements(Text(row, "most_common_vals"));
  simdjson::dom::array frequencies;
  if (row["most_common_freqs"].get(frequencies) == simdjson::SUCCESS) {
    for (element frequency : frequencies) {
      column->common_frequencies.push_back(NumberOf(frequency, 0));
    }
  }
  column->histogram = ArrayElements(Text(row, "histogram_bounds"));
}

void ReadStatement(element row, StatementStatistics* statement) {
  statement->query_id = Text(row, "queryid");
  statement->user = Text(row, "user");
  statement->database = Text(row, "database");
  statement->query = Text(row, "query");
  statement->calls = Number(row, "calls", 0);
  statement->rows = Number(row, "rows", 0);
  statement->total_ms = Number(row, "total_exec_time", 0);
  statement->mean_ms = Number(row, "mean_exec_time", 0);
  statement->min_ms = Number(row, "min_exec_time", 0);
  statement->max_ms = Number(row, "max_exec_time", 0);
  statement->stddev_ms = Number(row, "stddev_exec_time", 0);
  statement->blocks_hit = Number(row, "shared_blks_hit");
  statement->blocks_read = Number(row, "shared_blks_read");
  statement->blocks_dirtied = Number(row, "shared_blks_dirtied");
  statement->blocks_written = Number(row, "shared_blks_written");
  statement->temp_read = Number(row, "temp_blks_read");
  statement->temp_written = Number(row, "temp_blks_written");
  statement->wal_bytes = Number(row, "wal_bytes");
}

void ReadSession(element row, SessionState* session) {
  session->pid = static_cast<int64_t>(Number(row, "pid", 0));
  session->user = Text(row, "user");
  session->database = Text(row, "database");
  session->application = Text(row, "application_name");
  session->client = Text(row, "client_addr");
  session->backend_type = Text(row, "backend_type");
  session->state = Text(row, "state");
  session->wait_event_type = Text(row, "wait_event_type");
  session->wait_event = Text(row, "wait_event");
  session->query = Text(row, "query");
  session->backend_start_us = Time(row, "backend_start");
  session->transaction_start_us = Time(row, "xact_start");
  session->query_start_us = Time(row, "query_start");
  session->state_change_us = Time(row, "state_change");
  session->xmin_age = Number(row, "xmin_age");
  simdjson::dom::array pids;
  if (row["blocked_by"].get(pids) == simdjson::SUCCESS) {
    for (element pid : pids) session->blocked_by.push_back(static_cast<int64_t>(NumberOf(pid, 0)));
  }
}

void ReadSequence(element row, SequenceStatistics* sequence) {
  sequence->type = Text(row, "type");
  sequence->last_value = Number(row, "last_value");
  sequence->min_value = Number(row, "min_value", 1);
  sequence->max_value = Number(row, "max_value");
  sequence->increment = Number(row, "increment", 1);
  sequence->cycles = Flag(row, "cycle");
  sequence->owner_table = Name(row, "owner_schema", "owner_table");
  sequence->owner_column = Text(row, "owner_column");
  sequence->owner_type = Text(row, "owner_type");
}

void ReadSettings(element document, Snapshot* snapshot) {
  simdjson::dom::object settings;
  if (document["settings"].get(settings) != simdjson::SUCCESS) return;
  for (const auto& [key, row] : settings) {
    SettingValue& setting = snapshot->settings[std::string(key)];
    setting.value = Text(row, "setting");
    setting.unit = Text(row, "unit");
    setting.source = Text(row, "source");
    setting.pending_restart = Flag(row, "pending_restart");
  }
}

// What sessions hold at the moment: activity, locks, slots, prepared transactions.
void ReadMoment(element document, Snapshot* snapshot) {
  simdjson::dom::array rows;
  snapshot->has_activity = document["activity"].get(rows) == simdjson::SUCCESS;
  EachRow(document, "activity",
          [&](element row) { ReadSession(row, &snapshot->activity.emplace_back()); });
  EachRow(document, "locks", [&](element row) {
    LockState& lock = snapshot->locks.emplace_back();
    lock.pid = static_cast<int64_t>(Number(row, "pid", 0));
    lock.type = Text(row, "locktype");
    lock.mode = Text(row, "mode");
    lock.relation = Name(row, "schema", "relation");
    lock.granted = Flag(row, "granted", true);
    lock.wait_start_us = Time(row, "waitstart");
    if (lock.wait_start_us == 0) lock.wait_start_us = Time(row, "wait_start");
    // The columns that together name what is locked.
    for (const char* column : {"locktype", "database", "relation", "page", "tuple", "virtualxid",
                               "transactionid", "classid", "objid", "objsubid"}) {
      lock.object += ValueText(row, column) + "/";
    }
  });
  EachRow(document, "io", [&](element row) {
    IoStatistics& io = snapshot->io.emplace_back();
    io.backend_type = Text(row, "backend_type");
    io.object = Text(row, "object");
    io.context = Text(row, "context");
    io.reads = Number(row, "reads");
    io.writes = Number(row, "writes");
    io.extends = Number(row, "extends");
    io.hits = Number(row, "hits");
    io.evictions = Number(row, "evictions");
    io.fsyncs = Number(row, "fsyncs");
    io.read_ms = Number(row, "read_time");
    io.write_ms = Number(row, "write_time");
    io.fsync_ms = Number(row, "fsync_time");
  });
  EachRow(document, "replication_slots", [&](element row) {
    ReplicationSlot& slot = snapshot->slots.emplace_back();
    slot.name = Text(row, "slot_name");
    slot.type = Text(row, "slot_type");
    slot.active = Flag(row, "active");
    slot.retained_bytes = Number(row, "retained_bytes");
    slot.xmin_age = Number(row, "xmin_age");
    slot.catalog_xmin_age = Number(row, "catalog_xmin_age");
  });
  EachRow(document, "prepared_transactions", [&](element row) {
    PreparedTransaction& prepared = snapshot->prepared.emplace_back();
    prepared.id = Text(row, "gid");
    prepared.owner = Text(row, "owner");
    prepared.database = Text(row, "database");
    prepared.prepared_us = Time(row, "prepared");
    prepared.xid_age = Number(row, "xid_age");
  });
}

}  // namespace

bool ReadSnapshot(std::string_view json, Snapshot* snapshot, std::string* error) {
  simdjson::dom::parser parser;
  element document;
  const simdjson::padded_string padded(json);
  if (const auto code = parser.parse(padded).get(document); code != simdjson::SUCCESS) {
    *error = std::string("is no whole JSON document: ") + simdjson::error_message(code);
    return false;
  }
  snapshot->taken_us = Time(document, "taken_at");
  snapshot->started_us = Time(document, "started_at");
  snapshot->server_version_num = static_cast<int>(Number(document, "server_version_num", 0));
  snapshot->server_version = Text(document, "server_version");
  snapshot->database = Text(document, "database");
  snapshot->in_recovery = Flag(document, "in_recovery");
  snapshot->role = Text(document, "role");
  snapshot->reads_all_stats = Flag(document, "reads_all_stats", true);
  snapshot->block_size = Number(document, "block_size", 8192);
  EachRow(document, "tables",
          [&](element row) { ReadTable(row, &snapshot->tables[Name(row, "schema", "name")]); });
  EachRow(document, "indexes",
          [&](element row) { ReadIndex(row, &snapshot->indexes[Name(row, "schema", "name")]); });
  EachRow(document, "columns", [&](element row) {
    ColumnStatistics& column = snapshot->columns[Name(row, "schema", "table")][Text(row, "column")];
    // A parent has statistics of itself and of the tree below it: the tree's count.
    if (!column.type.empty() && !Flag(row, "inherited")) return;
    column = ColumnStatistics();
    ReadColumn(row, &column);
  });
  EachRow(document, "sequences", [&](element row) {
    ReadSequence(row, &snapshot->sequences[Name(row, "schema", "name")]);
  });
  ReadSettings(document, snapshot);
  simdjson::dom::array statements;
  snapshot->has_statements = document["statements"].get(statements) == simdjson::SUCCESS;
  EachRow(document, "statements",
          [&](element row) { ReadStatement(row, &snapshot->statements.emplace_back()); });
  ReadMoment(document, snapshot);
  ReadCounters(document, "database_stats", &snapshot->database_counters);
  ReadCounters(document, "bgwriter", &snapshot->bgwriter);
  ReadCounters(document, "checkpointer", &snapshot->checkpointer);
  ReadCounters(document, "wal", &snapshot->wal);
  ReadCounters(document, "archiver", &snapshot->archiver);
  element row;
  if (document["database_stats"].get(row) == simdjson::SUCCESS)
    snapshot->reset_us = Time(row, "stats_reset");
  EachRow(document, "extensions", [&](element extension) {
    snapshot->extensions[Text(extension, "name")] = Text(extension, "version");
  });
  return true;
}

}  // namespace pgsift
