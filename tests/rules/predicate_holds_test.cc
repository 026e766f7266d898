// Which partial indexes a statement's conditions may use: each answer is PostgreSQL's own.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/migration/migration_script.h"
#include "rules/advisor/index_design.h"
#include "rules/advisor/scans.h"
#include "rules/engine.h"

namespace pgsift {
namespace {

// Whether a query with the first condition may read an index with the second.
bool Fits(const std::string& given, const std::string& wanted) {
  SourceSet sources;
  const FileId id = sources.Add(
      {.path = "schema.sql",
       .text =
           "CREATE TABLE t (x int, y int, s text, flag bool, u uuid, day date, at timestamptz);\n"
           "CREATE INDEX given ON t (x) WHERE " +
           given + ";\nCREATE INDEX wanted ON t (x) WHERE " + wanted + ";\n"});
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
  const std::vector<Need> needs = NeedsOf(*a->index->where, *table);
  TableFacts facts;
  facts.relation = table;
  const IndexDesign design = DesignOf(*b, *table, facts, nullptr);
  std::vector<const Need*> list;
  for (const Need& need : needs) list.push_back(&need);
  return PredicateHolds(design, list);
}

TEST(PredicateHoldsTest, Fits) {
  const char* pairs[][2] = {
      {"x > 10", "x > 10"},
      {"x > 10", "x > 5"},
      {"x > 10", "x >= 10"},
      {"x = 10", "x > 5"},
      {"x IN (6, 7)", "x > 5"},
      {"x BETWEEN 6 AND 8", "x > 5"},
      {"x < 5", "x <> 5"},
      {"x = 10", "x <> 5"},
      {"x = 1 AND y = 2", "y IS NOT NULL"},
      {"x > 3", "x IS NOT NULL"},
      {"s LIKE '%a%'", "s IS NOT NULL"},
      {"s = 'a'", "s IN ('a', 'b')"},
      {"s IN ('a', 'b')", "s IN ('b', 'c', 'a')"},
      {"s = 'a'", "s <> 'b'"},
      {"day >= '2024-02-01'", "day > '2024-01-01'"},
      {"flag", "flag"},
      {"s = 'a'", "s = 'a' OR x > 5"},
      {"x = 7 AND y = 1", "s = 'a' OR x > 5"},
      {"x = 7 OR x = 8", "x > 5"},
      {"s = 'a' OR x = 7", "s = 'a' OR x > 5"},
      {"x = 7 AND s = 'a'", "x > 5 AND s IS NOT NULL"},
  };
  for (const auto& [given, wanted] : pairs)
    EXPECT_TRUE(Fits(given, wanted)) << given << "; " << wanted;
}

TEST(PredicateHoldsTest, DoesNotFit) {
  const char* pairs[][2] = {
      {"x > 5", "x > 10"},
      {"x >= 10", "x > 10"},
      {"x < 10", "x > 5"},
      {"x = 5", "x > 5"},
      {"x IN (5, 6)", "x > 5"},
      {"x <= 5", "x <> 5"},
      {"x = 5.0", "x <> 5"},
      {"x > 3", "y IS NOT NULL"},
      {"x IS NULL", "x IS NOT NULL"},
      {"s IN ('a', 'd')", "s IN ('b', 'c', 'a')"},
      {"s > 'b'", "s > 'a'"},
      {"at > '2024-02-01'", "at > '2024-01-01'"},
      {"x = 7 OR y = 8", "x > 5"},
      {"s = 'b'", "s = 'a' OR x > 5"},
      {"x IS DISTINCT FROM 5", "x IS NOT NULL"},
      {"x = 7", "x > 5 AND s IS NOT NULL"},
      {"u = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "u <> 'a0eebc999c0b4ef8bb6d6bb9bd380a11'"},
      {"flag = 't'", "flag <> 'true'"},
  };
  for (const auto& [given, wanted] : pairs)
    EXPECT_FALSE(Fits(given, wanted)) << given << "; " << wanted;
}

}  // namespace
}  // namespace pgsift
