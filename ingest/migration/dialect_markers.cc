// Which tool's markers the lines of a file hold.

#include <array>

#include "base/text.h"
#include "ingest/migration/migration_files.h"
#include "ingest/migration/script_lines.h"

namespace pgsift {
namespace {

// Markers stand near the beginning; a dump's data need not be searched for them.
constexpr size_t kSearchedBytes = size_t{256} << 10;

struct Marker {
  std::string_view words;  // Behind `--`, case ignored.
  Dialect dialect;
};
constexpr auto kMarkers = std::to_array<Marker>({
    {"liquibase formatted sql", Dialect::kLiquibase},
    {"+goose up", Dialect::kGoose},
    {"+goose down", Dialect::kGoose},
    {"+goose no transaction", Dialect::kGoose},
    {"+migrate up", Dialect::kSqlMigrate},
    {"+migrate down", Dialect::kSqlMigrate},
    {"migrate:up", Dialect::kDbmate},
    {"migrate:down", Dialect::kDbmate},
    {"rambler up", Dialect::kRambler},
    {"-- create above / drop below ----", Dialect::kTern},
    {"-- tern: disable-tx ----", Dialect::kTern},
    {"//@undo", Dialect::kMybatis},
    {"! previous:", Dialect::kGraphile},
    {"! hash:", Dialect::kGraphile},
    {"! no-transaction", Dialect::kGraphile},
    {"up migration", Dialect::kNodePgMigrate},
    {"down migration", Dialect::kNodePgMigrate},
    {"> statement-breakpoint", Dialect::kDrizzle},
    {"bun:split", Dialect::kBun},
    {";;", Dialect::kMigratus},
    {":disable-transaction", Dialect::kMigratus},
    {"upgrade --", Dialect::kAerich},
    {"downgrade --", Dialect::kAerich},
    {"atlas:txmode", Dialect::kAtlas},
    {"atlas:delimiter", Dialect::kAtlas},
    {"atlas:txtar", Dialect::kAtlas},
    {"atlas:checkpoint", Dialect::kAtlas},
    {"atlas:nolint", Dialect::kAtlas},
    {"running upgrade", Dialect::kAlembic},
    {"running downgrade", Dialect::kAlembic},
    {"morph:nontransactional", Dialect::kMorph},
    {"postgres-migrations disable-transaction", Dialect::kPostgresMigrations},
    {"transactional: false", Dialect::kYoyo},
});

// What Django's sqlmigrate writes between two lines of `--`.
constexpr auto kDjangoWords = std::to_array<std::string_view>(
    {"create model ", "add field ", "alter field ", "remove field ", "rename field ",
     "delete model ", "rename model ", "alter unique_together ", "create index ", "remove index ",
     "create constraint ", "remove constraint ", "raw python operation", "raw sql operation",
     "rename table for ", "alter index_together ", "concurrently create index ",
     "concurrently remove index "});

// "-- Deploy project:change to pg", "-- Verify change on pg".
bool IsSqitchHeader(std::string_view comment) {
  for (std::string_view word : {"deploy ", "revert ", "verify "}) {
    if (!StartsWithIgnoringCase(comment, word)) continue;
    if (comment.ends_with(" to pg") || comment.ends_with(" from pg") ||
        comment.ends_with(" on pg")) {
      return true;
    }
  }
  return false;
}

bool IsPsqlCommand(std::string_view line) {
  for (std::string_view command :
       {"\\i ",    "\\ir ",    "\\include ", "\\set ",  "\\if ",  "\\connect ",
        "\\c ",    "\\echo ",  "\\copy ",    "\\gexec", "\\gset", "\\unset ",
        "\\pset ", "\\timing", "\\prompt ",  "\\q",     "\\x",    "\\getenv ",
        "\\o ",    "\\warn ",  "\\qecho ",   "\\ef ",   "\\sf ",  "\\encoding "}) {
    if (line.starts_with(command) || line == Trim(command)) return true;
  }
  return false;
}

}  // namespace

std::optional<Dialect> DialectByMarkers(std::string_view text) {
  const std::string_view head = text.substr(0, kSearchedBytes);
  if (head.find("PostgreSQL database dump") < 400) return Dialect::kPgDump;
  bool psql = false;
  bool django_dash = false;
  ScriptLines lines(head);
  size_t number = 0;
  while (const auto line = lines.Next()) {
    ++number;
    if (line->text.starts_with('\\')) psql = psql || IsPsqlCommand(line->text);
    if (line->text.starts_with("# --- !")) return Dialect::kPlay;
    if (line->text.ends_with("--> statement-breakpoint")) return Dialect::kDrizzle;
    const auto comment = LineComment(line->text);
    if (!comment.has_value()) {
      django_dash = false;
      continue;
    }
    for (const Marker& marker : kMarkers) {
      if (AfterMark(*comment, marker.words).has_value()) return marker.dialect;
    }
    if (comment->starts_with('-') && comment->find("- !Ups") != comment->npos)
      return Dialect::kPlay;
    if (IsFramed(*comment, "up") || IsFramed(*comment, "down")) return Dialect::kShmig;
    if (NumberedStep(*comment).has_value()) return Dialect::kMojo;
    if (number <= 3 && IsSqitchHeader(*comment)) return Dialect::kSqitch;
    for (std::string_view words : kDjangoWords) {
      if (django_dash && StartsWithIgnoringCase(*comment, words)) return Dialect::kDjango;
    }
    django_dash = comment->empty();
  }
  if (head.find("__EFMigrationsHistory") != head.npos) return Dialect::kEfCore;
  if (head.find("alembic_version") != head.npos) return Dialect::kAlembic;
  if (psql) return Dialect::kPsql;
  return std::nullopt;
}

}  // namespace pgsift
