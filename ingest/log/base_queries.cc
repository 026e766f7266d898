#include "ingest/log/base_queries.h"

#include <simdjson.h>

namespace pgsift {
namespace {

using simdjson::dom::element;

double Number(element object, std::string_view key) {
  double number = 0;
  return object[key].get(number) == simdjson::SUCCESS ? number : 0;
}

std::string Text(element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

}  // namespace

bool ReadBaseReport(std::string_view json, std::vector<BaseQuery>* queries, std::string* error) {
  simdjson::dom::parser parser;
  element document;
  const simdjson::padded_string padded(json);
  if (const auto code = parser.parse(padded).get(document); code != simdjson::SUCCESS) {
    *error = std::string("is no whole JSON document: ") + simdjson::error_message(code);
    return false;
  }
  simdjson::dom::array list;
  if (document["workload"]["queries"].get(list) != simdjson::SUCCESS) {
    *error =
        "has no workload: give a report of `pgsift logs --format json`, or what --partial wrote";
    return false;
  }
  for (element each : list) {
    queries->push_back({.id = Text(each, "id"),
                        .query = Text(each, "query"),
                        .calls = static_cast<uint64_t>(Number(each, "calls")),
                        .errors = static_cast<uint64_t>(Number(each, "errors")),
                        .mean_ms = Number(each, "mean_ms"),
                        .p95_ms = Number(each, "p95_ms")});
  }
  return true;
}

std::vector<BaseQuery> BaseOf(const WorkloadTotals& totals) {
  std::vector<BaseQuery> queries;
  for (const QueryStats& query : totals.queries) {
    queries.push_back({.id = query.id,
                       .query = query.query,
                       .calls = query.calls,
                       .errors = query.errors,
                       .mean_ms = query.mean_us() / 1000,
                       .p95_ms = query.latency.Quantile(0.95) / 1000});
  }
  return queries;
}

}  // namespace pgsift
