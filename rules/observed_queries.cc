#include "rules/observed_queries.h"

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "ingest/log/workload.h"
#include "parser/routine_body.h"

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
    query->held_p95_ms = stats.held.Quantile(0.95) / 1000;
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

namespace {

// Adds the statements of a routine's body. `body_at` is where the body begins in the file, if it
// stands there as it is.
void ObserveBody(std::string_view language, std::string_view body, Span whole,
                 std::optional<uint64_t> body_at, const Catalog& catalog,
                 ObservedQueries* observed) {
  for (const RoutineStatement& inner : ReadRoutineBody(language, body).statements) {
    if (inner.kind != RoutineStatement::Kind::kStatic || inner.text == nullptr) continue;
    auto query = std::make_unique<ObservedQuery>();
    query->origin = QueryOrigin::kRoutine;
    query->sql = query->example = *inner.text;
    query->span = whole;
    if (body_at.has_value()) {
      query->base = *body_at + inner.offset;
      query->span = {.begin = *query->base,
                     .size = static_cast<uint32_t>(inner.text->size()),
                     .file = whole.file};
    }
    TakeApart(catalog, query.get());
    if (!query->blocks.empty()) observed->push_back(std::move(query));
  }
}

// Where `body` begins in the file, given the statement that holds it.
std::optional<uint64_t> PlaceOfBody(std::string_view sql, Span span, std::string_view body) {
  const size_t at = body.empty() ? sql.npos : sql.find(body);
  if (at == sql.npos) return std::nullopt;
  return span.begin + at;
}

}  // namespace

ObservedQueries ObserveSchema(const Catalog& catalog, const SourceSet& sources) {
  ObservedQueries observed;
  const auto in_schema = [&](const Span& span) {
    return span.known() && sources[span.file].kind == InputKind::kSchema;
  };
  for (const Relation* view : catalog.Relations()) {
    if (view->query == nullptr || !in_schema(view->origin.span)) continue;
    auto query = std::make_unique<ObservedQuery>();
    query->origin = QueryOrigin::kView;
    query->sql = std::string(sources.Bytes(view->origin.span));
    query->example = query->sql;
    query->span = view->origin.span;
    query->base = 0;
    query->blocks = BlocksOf(*view->query, catalog);
    query->evidence = {.input = std::string(sources.path(view->origin.span.file)),
                       .kind = "schema",
                       .ref = view->name.ToString()};
    observed.push_back(std::move(query));
  }
  for (const CatalogFunction* function : catalog.Functions()) {
    const Span span = function->origin.span;
    if (!in_schema(span)) continue;
    ObserveBody(function->language, function->body, span,
                PlaceOfBody(sources.Bytes(span), span, function->body), catalog, &observed);
  }
  return observed;
}

ObservedQueries ObserveStatement(const Statement& statement, const Catalog& catalog) {
  ObservedQueries observed;
  if (const auto* create = statement.As<CreateFunction>()) {
    ObserveBody(create->language, create->body, statement.span,
                PlaceOfBody(statement.sql, statement.span, create->body), catalog, &observed);
    return observed;
  }
  if (const auto* block = statement.As<DoBlock>()) {
    ObserveBody(block->language.empty() ? "plpgsql" : block->language, block->body, statement.span,
                PlaceOfBody(statement.sql, statement.span, block->body), catalog, &observed);
    return observed;
  }
  auto query = std::make_unique<ObservedQuery>();
  query->blocks = BlocksOf(statement, catalog);
  if (query->blocks.empty()) return observed;
  query->origin =
      statement.As<CreateView>() != nullptr ? QueryOrigin::kView : QueryOrigin::kStatement;
  query->sql = query->example = std::string(statement.sql);
  query->span = statement.span;
  query->base = 0;
  observed.push_back(std::move(query));
  return observed;
}

bool ReadsCatalogsOnly(const ObservedQuery& query) {
  bool any = false;
  for (const QueryBlock& block : query.blocks) {
    for (const BlockTable& table : block.tables) {
      if (!table.base_relation) continue;
      const std::string& schema = table.name.schema;
      const bool system = schema == "pg_catalog" || schema == "information_schema" ||
                          (table.id == RelationId::kNone && table.name.name.starts_with("pg_"));
      if (!system) return false;
      any = true;
    }
  }
  return any;
}

}  // namespace pgsift
