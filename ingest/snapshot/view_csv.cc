#include "ingest/snapshot/view_csv.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace pgsift {
namespace {

// A view, how its header is told from others', and where its rows go in the document.
struct View {
  std::string_view name;
  std::array<std::string_view, 3> columns;  // All of them must be there.
  std::string_view section;
};
constexpr auto kViews = std::to_array<View>({
    {"pg_stat_user_indexes", {"indexrelname", "idx_scan", "relname"}, "indexes"},
    {"pg_stat_user_tables", {"relname", "seq_scan", "n_live_tup"}, "tables"},
    {"pg_stat_statements", {"query", "calls", "rows"}, "statements"},
    {"pg_stat_activity", {"pid", "state", "backend_start"}, "activity"},
    {"pg_settings", {"name", "setting", "context"}, "settings"},
    {"pg_settings", {"name", "setting", "unit"}, "settings"},
    {"pg_stat_database", {"datname", "xact_commit", "blks_hit"}, "database_stats"},
    {"pg_stat_bgwriter", {"checkpoints_timed", "checkpoints_req", "buffers_alloc"}, "bgwriter"},
    {"pg_stat_checkpointer", {"num_timed", "num_requested", "write_time"}, "checkpointer"},
    {"pg_stat_wal", {"wal_records", "wal_fpi", "wal_bytes"}, "wal"},
    {"pg_stat_io", {"backend_type", "object", "context"}, "io"},
    {"pg_locks", {"locktype", "mode", "granted"}, "locks"},
    {"pg_stats", {"tablename", "attname", "null_frac"}, "columns"},
    {"pg_sequences", {"sequencename", "last_value", "max_value"}, "sequences"},
    {"pg_replication_slots", {"slot_name", "slot_type", "active"}, "replication_slots"},
    {"pg_prepared_xacts", {"gid", "prepared", "owner"}, "prepared_transactions"},
});

// Columns that every release since 9.6 has and that rules need; "a|b": either.
struct Needed {
  std::string_view view;
  std::string_view columns;
};
constexpr auto kNeeded = std::to_array<Needed>({
    {"pg_stat_user_tables",
     "schemaname,n_dead_tup,n_tup_upd,n_tup_hot_upd,n_mod_since_analyze,seq_tup_read,idx_scan,"
     "last_autovacuum,last_autoanalyze"},
    {"pg_stat_user_indexes", "schemaname,idx_tup_read"},
    {"pg_stat_statements",
     "total_exec_time|total_time,mean_exec_time|mean_time,"
     "stddev_exec_time|stddev_time"},
    {"pg_stat_activity", "xact_start,query_start,state_change,query,application_name|usename"},
    {"pg_stat_database", "blks_read,xact_rollback,stats_reset"},
    {"pg_locks", "pid,database,relation,transactionid"},
    {"pg_stat_io", "reads,writes,read_time"},
});

// What the views call otherwise than the document.
struct Renamed {
  std::string_view view, from, to;
};
constexpr auto kRenamed = std::to_array<Renamed>({
    {"pg_stat_user_indexes", "schemaname", "schema"},
    {"pg_stat_user_indexes", "relname", "table"},
    {"pg_stat_user_indexes", "indexrelname", "name"},
    {"pg_stat_user_indexes", "idx_scan", "scans"},
    {"pg_stat_user_indexes", "idx_tup_read", "tup_read"},
    {"pg_stat_user_indexes", "idx_tup_fetch", "tup_fetch"},
    {"pg_stat_user_indexes", "last_idx_scan", "last_scan"},
    {"pg_stat_user_tables", "schemaname", "schema"},
    {"pg_stat_user_tables", "relname", "name"},
    {"pg_stat_user_tables", "n_live_tup", "live_tuples"},
    {"pg_stat_user_tables", "n_dead_tup", "dead_tuples"},
    {"pg_stat_statements", "total_time", "total_exec_time"},
    {"pg_stat_statements", "mean_time", "mean_exec_time"},
    {"pg_stat_statements", "min_time", "min_exec_time"},
    {"pg_stat_statements", "max_time", "max_exec_time"},
    {"pg_stat_statements", "stddev_time", "stddev_exec_time"},
    {"pg_stat_statements", "datname", "database"},
    {"pg_stat_statements", "usename", "user"},
    {"pg_stat_activity", "usename", "user"},
    {"pg_stat_activity", "datname", "database"},
    {"pg_stats", "schemaname", "schema"},
    {"pg_stats", "tablename", "table"},
    {"pg_stats", "attname", "column"},
    {"pg_sequences", "schemaname", "schema"},
    {"pg_sequences", "sequencename", "name"},
    {"pg_sequences", "data_type", "type"},
    {"pg_sequences", "increment_by", "increment"},
});

std::string_view DocumentName(std::string_view view, std::string_view column) {
  for (const Renamed& renamed : kRenamed) {
    if (renamed.view == view && renamed.from == column) return renamed.to;
  }
  return column;
}

// The fields of the next record; false at the end. Quoted fields may hold separators and lines.
bool NextRecord(std::string_view* text, char separator, std::vector<std::string>* fields) {
  fields->clear();
  if (text->empty()) return false;
  size_t at = 0;
  for (;;) {
    std::string field;
    if (at < text->size() && (*text)[at] == '"') {
      for (++at; at < text->size(); ++at) {
        if ((*text)[at] == '"') {
          if (at + 1 >= text->size() || (*text)[at + 1] != '"') break;
          ++at;
        }
        field += (*text)[at];
      }
      ++at;
    }
    for (; at < text->size() && (*text)[at] != separator && (*text)[at] != '\n'; ++at) {
      if ((*text)[at] != '\r') field += (*text)[at];
    }
    fields->push_back(std::move(field));
    if (at >= text->size() || (*text)[at] == '\n') break;
    ++at;
  }
  text->remove_prefix(std::min(at + 1, text->size()));
  return true;
}

char SeparatorOf(std::string_view start) {
  const std::string_view line = start.substr(0, start.find('\n'));
  for (char separator : {',', ';', '\t', '|'}) {
    if (line.find(separator) != line.npos) return separator;
  }
  return ',';
}

const View* FindView(const std::vector<std::string>& header) {
  for (const View& view : kViews) {
    if (std::all_of(view.columns.begin(), view.columns.end(), [&](std::string_view column) {
          return std::find(header.begin(), header.end(), column) != header.end();
        })) {
      return &view;
    }
  }
  return nullptr;
}

// The columns of kNeeded that a header lacks, joined by commas.
std::string Lacking(std::string_view view, const std::vector<std::string>& header) {
  const auto has = [&](std::string_view column) {
    return std::find(header.begin(), header.end(), column) != header.end();
  };
  std::string lacking;
  for (const Needed& needed : kNeeded) {
    if (needed.view != view) continue;
    for (std::string_view rest = needed.columns; !rest.empty();) {
      const size_t end = std::min(rest.find(','), rest.size());
      const std::string_view names = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const size_t bar = std::min(names.find('|'), names.size());
      const bool there =
          has(names.substr(0, bar)) || (bar < names.size() && has(names.substr(bar + 1)));
      if (!there) lacking += (lacking.empty() ? "" : ", ") + std::string(names.substr(0, bar));
    }
  }
  return lacking;
}

bool IsNumber(std::string_view text) {
  if (text.empty() || text.size() > 40) return false;
  if (text[0] == '-') text.remove_prefix(1);
  bool digit = false;
  for (char c : text) {
    digit = digit || (c >= '0' && c <= '9');
    if (!((c >= '0' && c <= '9') || c == '.' || c == 'e' || c == '+' || c == '-')) return false;
  }
  return digit && text[0] >= '0' && text[0] <= '9' && text.back() >= '0' && text.back() <= '9' &&
         text.find('-') == text.npos;
}

bool IsTime(std::string_view text) {
  return text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[13] == ':' &&
         text[16] == ':';
}

// "2026-01-01 00:00:00+00" with its zone as the document has it.
std::string WithWholeZone(std::string text) {
  const size_t sign = text.find_last_of("+-");
  if (sign > 18 && sign != text.npos && text.size() - sign == 3) text += ":00";
  return text;
}

void WriteValue(std::string_view column, const std::string& text, JsonWriter* json) {
  const bool textual = column == "query" || column == "setting" || column == "queryid" ||
                       column == "application_name" || column.starts_with("most_common") ||
                       column == "histogram_bounds";
  if (text.empty()) {
    json->Null();
  } else if (textual) {
    json->String(text);
  } else if (text == "t" || text == "f" || text == "true" || text == "false") {
    json->Bool(text[0] == 't');
  } else if (IsTime(text)) {
    json->String(WithWholeZone(text));
  } else if (IsNumber(text)) {
    json->Number(std::strtod(text.c_str(), nullptr));
  } else {
    json->String(text);
  }
}

}  // namespace

std::string_view ViewCsv::ViewOf(std::string_view start) {
  std::string_view rest = start;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  std::vector<std::string> header;
  if (!NextRecord(&rest, SeparatorOf(rest), &header)) return {};
  const View* view = FindView(header);
  return view == nullptr ? std::string_view() : view->name;
}

bool ViewCsv::Add(std::string_view text, uint64_t* rows, std::string* error) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const char separator = SeparatorOf(text);
  std::vector<std::string> header;
  NextRecord(&text, separator, &header);
  const View* view = FindView(header);
  if (view == nullptr) {
    *error = "no view of statistics; export it with a header line (CSV HEADER)";
    return false;
  }
  if (const std::string lacks = Lacking(view->name, header); !lacks.empty()) {
    missing_.push_back(absl::StrFormat("the export of %s has no %s: what needs them is not judged",
                                       view->name, lacks));
  }
  auto place = std::find_if(exports_.begin(), exports_.end(),
                            [&](const Export& each) { return !each.views.contains(view->name); });
  if (place == exports_.end()) place = exports_.insert(exports_.end(), Export());
  std::vector<Row>& list = place->views[std::string(view->name)];
  std::vector<std::string> fields;
  while (NextRecord(&text, separator, &fields)) {
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() != header.size()) {
      *error = absl::StrFormat("row %d has %d fields, the header has %d; export it anew",
                               list.size() + 1, fields.size(), header.size());
      return false;
    }
    Row& row = list.emplace_back();
    for (size_t i = 0; i < fields.size(); ++i) {
      row.fields.emplace_back(DocumentName(view->name, header[i]), std::move(fields[i]));
    }
  }
  *rows = list.size();
  return true;
}

std::vector<std::string> ViewCsv::Documents() const {
  std::vector<std::string> documents;
  for (const Export& each : exports_) {
    std::string newest;
    std::string database;
    for (const auto& [name, rows] : each.views) {
      for (const Row& row : rows) {
        for (const auto& [column, text] : row.fields) {
          if (IsTime(text) && text > newest) newest = text;
        }
      }
    }
    JsonWriter json;
    json.BeginObject().Field("pgsift_snapshot", 1);
    // The views do not say when they were read: no earlier than the newest time in them.
    if (!newest.empty()) json.Field("taken_at", WithWholeZone(newest));
    for (const auto& [name, rows] : each.views) {
      const View& view =
          *std::find_if(kViews.begin(), kViews.end(),
                        [&, id = std::string_view(name)](const View& of) { return of.name == id; });
      const auto write = [&](const Row& row) {
        json.BeginObject();
        if (view.section == "tables") json.Field("relkind", "r");
        for (const auto& [column, text] : row.fields) {
          json.Key(column);
          WriteValue(column, text, &json);
        }
        json.EndObject();
      };
      const auto field = [](const Row& row, std::string_view column) {
        for (const auto& [known, text] : row.fields) {
          if (known == column) return text;
        }
        return std::string();
      };
      if (view.section == "settings") {
        json.Key(view.section).BeginObject();
        for (const Row& row : rows) {
          json.Key(field(row, "name"));
          write(row);
        }
        json.EndObject();
      } else if (view.section == "database_stats") {
        // The busiest database is the one that the other views are about.
        const Row* most = nullptr;
        for (const Row& row : rows) {
          const auto commits = [&](const Row& of) {
            return std::strtod(field(of, "xact_commit").c_str(), nullptr);
          };
          if (field(row, "datname").empty()) continue;
          if (most == nullptr || commits(row) > commits(*most)) most = &row;
        }
        if (most == nullptr) continue;
        database = field(*most, "datname");
        json.Key(view.section);
        write(*most);
      } else if (view.section == "bgwriter" || view.section == "checkpointer" ||
                 view.section == "wal") {
        if (rows.empty()) continue;
        json.Key(view.section);
        write(rows.front());
      } else {
        json.Key(view.section).BeginArray();
        for (const Row& row : rows) write(row);
        json.EndArray();
      }
    }
    if (!database.empty()) json.Field("database", database);
    json.EndObject();
    documents.push_back(json.Take());
  }
  return documents;
}

}  // namespace pgsift
