// What one condition proves of another: each answer is PostgreSQL's own.

#include "rules/advisor/predicate_proof.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/migration/migration_script.h"
#include "rules/engine.h"

namespace pgsift {
namespace {

// Whether an index with the first condition has only rows of an index with the second.
bool Shows(const std::string& given, const std::string& wanted) {
  SourceSet sources;
  const FileId id =
      sources.Add({.path = "schema.sql",
                   .text = "CREATE TABLE t (x int, y int, s text, flag bool, day date, big int8);\n"
                           "CREATE INDEX given ON t (x) WHERE " +
                           given + ";\n" + "CREATE INDEX wanted ON t (x) WHERE " + wanted + ";\n"});
  const MigrationScript script = ReadMigrationScript(Dialect::kSql, sources[id].text, {});
  std::vector<SqlFile> files;
  files.push_back(ReadSqlFile(sources[id].text, id, script.options));
  RuleSettings settings;
  std::vector<Finding> findings;
  Catalog catalog;
  RunSqlRules(files, RuleSet(settings), kNewestPgVersion, sources, {true}, &catalog, &findings);
  const Relation* table = catalog.Find({"public", "t"});
  const Relation* a = catalog.Find({"public", "given"});
  const Relation* b = catalog.Find({"public", "wanted"});
  if (table == nullptr || a == nullptr || b == nullptr) {
    ADD_FAILURE() << given << "; " << wanted;
    return false;
  }
  return Proves(*a->index->where, *b->index->where, *table);
}

TEST(PredicateProofTest, Proved) {
  const char* pairs[][2] = {
      {"x > 10", "x > 10"},
      {"x > 10", "x > 5"},
      {"x > 10", "x >= 10"},
      {"10 < x", "x > 5"},
      {"x = 10", "x > 5"},
      {"x = 10", "x <> 5"},
      {"x < 5", "x <> 5"},
      {"x <= 4", "x < 5"},
      {"x <> 3", "x <> 3"},
      {"x = 1", "x IS NOT NULL"},
      {"x + 1 > 3", "x IS NOT NULL"},
      {"lower(s) = 'a'", "s IS NOT NULL"},
      {"s LIKE 'a%'", "s IS NOT NULL"},
      {"x IN (1, 2)", "x IS NOT NULL"},
      {"s = 'a'", "s IN ('a', 'b')"},
      {"s IN ('a', 'b')", "s IN ('b', 'c', 'a')"},
      {"s = ANY (ARRAY['a'::text, 'b'::text])", "s IN ('a', 'b')"},
      {"s = 'a'", "s <> 'b'"},
      {"s NOT IN ('a', 'b')", "s <> 'a'"},
      {"x > 1 AND y = 2", "y = 2"},
      {"x > 1 AND y = 2", "x > 0 AND y IN (2, 3)"},
      {"x > 5", "x > 3 OR y = 1"},
      {"x = 1 OR x = 2", "x < 3"},
      {"x BETWEEN 3 AND 5", "x >= 3"},
      {"x = 4", "x BETWEEN 3 AND 5"},
      {"flag", "flag = true"},
      {"flag = false", "NOT flag"},
      {"day > '2024-05-01'", "day > '2024-01-01'"},
      {"y IS NULL AND x = 1", "y IS NULL"},
      {"x > 1.5", "x > 1"},
  };
  for (const auto& [given, wanted] : pairs)
    EXPECT_TRUE(Shows(given, wanted)) << given << " => " << wanted;
}

TEST(PredicateProofTest, NotProved) {
  const char* pairs[][2] = {
      {"x > 5", "x > 10"},
      {"x >= 10", "x > 10"},
      {"x > 10", "y > 5"},
      {"x <> 3", "x <> 4"},
      {"x IS NULL", "x IS NOT NULL"},
      {"NOT flag", "flag IS NOT NULL"},
      {"coalesce(x, 0) = 0", "x IS NOT NULL"},
      {"x IS DISTINCT FROM 3", "x IS NOT NULL"},
      {"s IN ('a', 'c')", "s IN ('a', 'b')"},
      {"s > 'b'", "s > 'a'"},
      {"x > 1 OR y = 2", "y = 2"},
      {"flag", "flag IS TRUE"},
      {"big > 9007199254740993", "big > 9007199254740992"},
      {"lower(s) = 'a'", "s = 'a'"},
  };
  for (const auto& [given, wanted] : pairs)
    EXPECT_FALSE(Shows(given, wanted)) << given << " => " << wanted;
}

}  // namespace
}  // namespace pgsift
