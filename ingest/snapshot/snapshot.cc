#include "ingest/snapshot/snapshot.h"

#include <simdjson.h>

namespace pgsift {
namespace {

using simdjson::dom::element;

std::string Text(element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

double Number(element object, std::string_view key) {
  double number = -1;
  if (object[key].get(number) == simdjson::SUCCESS) return number;
  return -1;
}

}  // namespace

double Snapshot::TableBytes(const QualifiedName& name) const {
  const auto found = tables.find(name);
  return found == tables.end() ? -1 : found->second.bytes;
}

double Snapshot::IndexBytes(const QualifiedName& name) const {
  const auto found = indexes.find(name);
  return found == indexes.end() ? -1 : found->second.bytes;
}

bool ReadSnapshot(std::string_view json, Snapshot* snapshot, std::string* error) {
  simdjson::dom::parser parser;
  element document;
  const simdjson::padded_string padded(json);
  if (const auto code = parser.parse(padded).get(document); code != simdjson::SUCCESS) {
    *error = std::string("is no whole JSON document: ") + simdjson::error_message(code);
    return false;
  }
  snapshot->server_version_num = static_cast<int>(Number(document, "server_version_num"));
  simdjson::dom::array rows;
  if (document["tables"].get(rows) == simdjson::SUCCESS) {
    for (element row : rows) {
      TableStatistics& table = snapshot->tables[{Text(row, "schema"), Text(row, "name")}];
      table.bytes = Number(row, "bytes");
      table.total_bytes = Number(row, "total_bytes");
      table.rows = Number(row, "reltuples");
      table.live_tuples = Number(row, "live_tuples");
      table.dead_tuples = Number(row, "dead_tuples");
    }
  }
  if (document["indexes"].get(rows) == simdjson::SUCCESS) {
    for (element row : rows) {
      IndexStatistics& index = snapshot->indexes[{Text(row, "schema"), Text(row, "name")}];
      index.bytes = Number(row, "bytes");
      index.scans = Number(row, "scans");
      bool valid = true;
      if (row["is_valid"].get(valid) == simdjson::SUCCESS) index.valid = valid;
    }
  }
  return true;
}

}  // namespace pgsift
