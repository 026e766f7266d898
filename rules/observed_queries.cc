#include "rules/observed_queries.h"

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "ingest/log/workload.h"

namespace pgsift {

ObservedQueries ObserveLog(const Workload& workload, const Catalog& catalog,
                           const SourceSet& sources, size_t jobs) {
  const std::vector<QueryStats>& all = workload.totals().queries;
  ObservedQueries observed(all.size());
  ParallelFor(jobs, all.size(), [&](size_t i) {
    const QueryStats& stats = all[i];
    auto query = std::make_unique<ObservedQuery>();
    query->id = stats.id;
    query->sql = stats.query;
    query->example = stats.example.empty() ? stats.query : stats.example;
    query->parameters = stats.parameters;
    query->calls = stats.calls;
    query->total_ms = static_cast<double>(stats.total_us) / 1000;
    query->mean_ms = stats.mean_us() / 1000;
    query->p95_ms = stats.latency.Quantile(0.95) / 1000;
    query->max_ms = static_cast<double>(stats.max_us) / 1000;
    const LogPlace& place = stats.example_place;
    query->span = {.begin = place.offset, .size = 0, .file = place.file};
    query->evidence = {.input = std::string(sources.path(place.file)),
                       .kind = "log",
                       .ref = absl::StrFormat("line %d", place.line)};
    TakeApart(catalog, query.get());
    observed[i] = std::move(query);
  });
  return observed;
}

ObservedQueries ObserveViews(const Catalog& catalog, const SourceSet& sources) {
  ObservedQueries observed;
  for (const Relation* view : catalog.Relations()) {
    if (view->query == nullptr) continue;
    auto query = std::make_unique<ObservedQuery>();
    query->sql = std::string(sources.Bytes(view->origin.span));
    query->example = query->sql;
    query->span = view->origin.span;
    query->blocks = BlocksOf(*view->query, catalog);
    query->evidence = {.input = std::string(sources.path(view->origin.span.file)),
                       .kind = "schema",
                       .ref = view->name.ToString()};
    observed.push_back(std::move(query));
  }
  return observed;
}

}  // namespace pgsift
