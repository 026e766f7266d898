// The index advisor: which indexes it proposes for statements, and which existing ones it calls
// needless.

#include "rules/advisor/advisor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "ingest/migration/migration_script.h"
#include "rules/advisor/redundant_indexes.h"
#include "rules/engine.h"
#include "rules/observed_queries.h"

namespace pgsift {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, city text, created_at "
    "timestamp);\n"
    "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers ON DELETE "
    "CASCADE, status text, created_at timestamp, total numeric, note text, attributes jsonb);\n";

class Advice {
 public:
  explicit Advice(const std::string& schema) {
    const FileId id = sources_.Add({.path = "schema.sql", .text = schema});
    const MigrationScript script = ReadMigrationScript(Dialect::kSql, sources_[id].text, {});
    files_.push_back(ReadSqlFile(sources_[id].text, id, script.options));
    RuleSettings settings;
    std::vector<Finding> findings;
    RunSqlRules(files_, RuleSet(settings), kNewestPgVersion, sources_, {true}, &catalog_,
                &findings);
  }

  void Log(const std::string& sql, uint64_t calls = 1000, double mean_ms = 20) {
    auto query = std::make_unique<ObservedQuery>();
    query->id = std::to_string(queries_.size());
    query->sql = query->example = sql;
    query->calls = calls;
    query->mean_ms = query->max_ms = mean_ms;
    query->total_ms = mean_ms * static_cast<double>(calls);
    TakeApart(catalog_, query.get());
    queries_.push_back(std::move(query));
  }

  std::vector<std::string> Sql(const AdvisorLimits& limits = {}) {
    const Evidence evidence{
        .sources = &sources_, .catalog = &catalog_, .queries = queries_, .snapshots = snapshots_};
    std::vector<std::string> list;
    for (const AdvisedIndex& index : AdviseIndexes(evidence, limits).indexes) {
      if (index.foreign_key == nullptr) list.push_back(index.create_sql);
    }
    return list;
  }

  void Column(const std::string& table, const std::string& column, ColumnStatistics statistics) {
    if (snapshots_.empty()) snapshots_.emplace_back();
    snapshots_[0].columns[{"public", table}][column] = std::move(statistics);
  }

  // Statistics of a table of that many rows.
  void Size(const std::string& table, double rows) {
    if (snapshots_.empty()) snapshots_.emplace_back();
    snapshots_[0].tables[{"public", table}] = {
        .bytes = rows * 80, .pages = rows / 100, .rows = rows};
  }

  std::vector<RedundantIndex> Redundant() {
    return FindRedundantIndexes(
        {.sources = &sources_, .catalog = &catalog_, .queries = queries_, .snapshots = snapshots_});
  }
  // Bytes of an index, in the statistics.
  void IndexSize(const std::string& index, double bytes) {
    if (snapshots_.empty()) snapshots_.emplace_back();
    snapshots_[0].indexes[{"public", index}] = {.bytes = bytes};
  }

 private:
  SourceSet sources_;
  std::vector<SqlFile> files_;
  Catalog catalog_;
  ObservedQueries queries_;
  std::vector<Snapshot> snapshots_;
};

bool Contains(const std::vector<std::string>& list, const std::string& part) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

testing::AssertionResult Proposes(const std::string& sql, const std::string& part) {
  Advice advice(kSchema);
  advice.Log(sql);
  const std::vector<std::string> list = advice.Sql();
  if (Contains(list, part)) return testing::AssertionSuccess();
  std::string all;
  for (const std::string& one : list) all += "\n  " + one;
  return testing::AssertionFailure() << sql << "\nproposes" << all;
}

TEST(AdvisorTest, OneColumn) {
  EXPECT_TRUE(Proposes("SELECT * FROM customers WHERE email = 'a'",
                       "CREATE INDEX CONCURRENTLY customers_email_idx ON public.customers (email"));
  EXPECT_TRUE(Proposes("SELECT * FROM customers WHERE email = $1", "(email"));
  EXPECT_TRUE(Proposes("UPDATE orders SET total = 0 WHERE customer_id = 5", "(customer_id)"));
  EXPECT_TRUE(Proposes("DELETE FROM orders WHERE customer_id = 5", "(customer_id)"));
}

TEST(AdvisorTest, EqualityThenRangeOrOrder) {
  EXPECT_TRUE(Proposes("SELECT * FROM orders WHERE customer_id = 5 AND created_at > '2024-01-01'",
                       "(customer_id, created_at"));
  EXPECT_TRUE(
      Proposes("SELECT * FROM orders WHERE customer_id = 5 ORDER BY created_at DESC LIMIT 10",
               "(customer_id, created_at"));
  EXPECT_TRUE(Proposes("SELECT * FROM orders ORDER BY created_at DESC LIMIT 10", "(created_at"));
  EXPECT_TRUE(Proposes("SELECT max(created_at) FROM orders", "(created_at"));
}

TEST(AdvisorTest, MixedDirections) {
  EXPECT_TRUE(Proposes("SELECT * FROM orders ORDER BY created_at DESC, total LIMIT 10",
                       "(created_at DESC, total"));
}

TEST(AdvisorTest, JoinsSubqueriesAndViews) {
  EXPECT_TRUE(
      Proposes("SELECT o.* FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = 7",
               "ON public.orders (customer_id"));
  EXPECT_TRUE(
      Proposes("SELECT c.* FROM customers c WHERE c.id = 3 AND EXISTS (SELECT 1 FROM orders "
               "o WHERE o.customer_id = c.id)",
               "ON public.orders (customer_id"));
  Advice advice(std::string(kSchema) +
                "CREATE VIEW paid AS SELECT id, customer_id AS buyer FROM orders WHERE status = "
                "'paid';");
  advice.Log("SELECT * FROM paid WHERE buyer = 5");
  EXPECT_TRUE(Contains(advice.Sql(), "ON public.orders (customer_id"));
}

TEST(AdvisorTest, ExpressionsPatternsAndContainment) {
  EXPECT_TRUE(Proposes("SELECT * FROM customers WHERE lower(email) = 'a'", "(lower(email)"));
  EXPECT_TRUE(Proposes("SELECT * FROM orders WHERE attributes->>'color' = 'red'",
                       "((attributes ->> 'color')"));
  EXPECT_TRUE(Proposes("SELECT * FROM orders WHERE attributes @> '{\"a\": 1}'",
                       "USING gin (attributes jsonb_path_ops)"));
  EXPECT_TRUE(
      Proposes("SELECT * FROM customers WHERE email LIKE 'anna%'", "(email text_pattern_ops"));
  EXPECT_TRUE(Proposes("SELECT * FROM customers WHERE email LIKE '%anna%'",
                       "USING gin (email gin_trgm_ops)"));
}

// A recursion is planned as ten steps: it does not outweigh everything else.
TEST(AdvisorTest, RecursionBesideOthers) {
  Advice advice(std::string(kSchema) + "CREATE TABLE parts (id int PRIMARY KEY, parent_id int);");
  advice.Size("parts", 8000);
  advice.Size("orders", 100'000);
  advice.Log(
      "WITH RECURSIVE tree AS (SELECT id FROM parts WHERE id = 3 UNION ALL SELECT p.id FROM parts "
      "p "
      "JOIN tree ON p.parent_id = tree.id) SELECT * FROM tree");
  advice.Log("SELECT * FROM orders WHERE customer_id = 5");
  EXPECT_TRUE(Contains(advice.Sql(), "ON public.orders (customer_id"));
}

// The planner does not take rows for sorted by what stands behind a column that IS NULL.
TEST(AdvisorTest, NullGivesNoOrder) {
  Advice advice(kSchema);
  advice.Log("SELECT id FROM orders WHERE note IS NULL ORDER BY created_at LIMIT 10");
  EXPECT_FALSE(Contains(advice.Sql(), "(note, created_at"));
}

// Each arm of an OR needs an index of its own: one alone saves nothing.
TEST(AdvisorTest, ArmsOfAnOrTogether) {
  Advice advice(kSchema);
  advice.Log(
      "SELECT id FROM orders WHERE (customer_id = 5 OR note = 'x') AND created_at > '2024-01-01' "
      "ORDER BY created_at DESC LIMIT 20");
  const std::vector<std::string> list = advice.Sql();
  EXPECT_TRUE(Contains(list, "ON public.orders (customer_id"));
  EXPECT_TRUE(Contains(list, "ON public.orders (note"));
}

TEST(AdvisorTest, WhatIsOrderedByIsRead) {
  Advice advice(kSchema);
  advice.Log("SELECT id FROM orders WHERE customer_id IN (1, 2, 3) ORDER BY total");
  for (const std::string& sql : advice.Sql()) {
    EXPECT_TRUE(sql.find("INCLUDE (id)") == std::string::npos) << sql;
  }
}

TEST(AdvisorTest, NothingWhereAnIndexIsThere) {
  Advice advice(std::string(kSchema) + "CREATE INDEX ON orders (customer_id);");
  advice.Log("SELECT * FROM orders WHERE customer_id = 5");
  advice.Log("SELECT * FROM orders WHERE id = 5");
  EXPECT_TRUE(advice.Sql().empty());
}

TEST(AdvisorTest, NothingForSmallTablesAndFlags) {
  Advice advice(kSchema);
  advice.Size("customers", 300);
  advice.Log("SELECT * FROM customers WHERE email = 'a'");
  EXPECT_TRUE(advice.Sql().empty());
  Advice flags("CREATE TABLE t (id int PRIMARY KEY, flag boolean, a int, b text, c text);");
  flags.Log("SELECT * FROM t WHERE flag");
  EXPECT_TRUE(flags.Sql().empty());
}

TEST(AdvisorTest, ConstantThatForcesACastIsNoSearch) {
  Advice advice(kSchema);
  advice.Log("SELECT * FROM orders WHERE customer_id = 5.0");
  EXPECT_TRUE(advice.Sql().empty());
}

TEST(AdvisorTest, OneIndexServesBoth) {
  Advice advice(kSchema);
  advice.Log("SELECT * FROM orders WHERE customer_id = 5");
  advice.Log("SELECT * FROM orders WHERE customer_id = 5 AND created_at > '2024-01-01'");
  EXPECT_EQ(advice.Sql().size(), 1U);
}

TEST(AdvisorTest, Limits) {
  Advice advice(kSchema);
  advice.Log("SELECT * FROM orders WHERE customer_id = 5");
  advice.Log("SELECT * FROM customers WHERE email = 'a'");
  EXPECT_EQ(advice.Sql().size(), 2U);
  AdvisorLimits limits;
  limits.selection.indexes_max = 1;
  EXPECT_EQ(advice.Sql(limits).size(), 1U);
  AdvisorLimits small;
  small.selection.bytes_max = 1;
  EXPECT_TRUE(advice.Sql(small).empty());
}

TEST(AdvisorTest, SameAdviceForAnyNumberOfThreads) {
  Advice advice(kSchema);
  advice.Log("SELECT * FROM orders WHERE customer_id = 5 AND status = 'a'");
  advice.Log("SELECT * FROM orders WHERE status = 'b' ORDER BY created_at LIMIT 5");
  advice.Log("SELECT * FROM customers WHERE city = 'x' AND email = 'a'");
  AdvisorLimits many;
  many.jobs = 4;
  EXPECT_EQ(advice.Sql(), advice.Sql(many));
}

// Where sizes are assumed, a statement weighs what the log says it took, not what the assumption
// makes of it.
TEST(AdvisorTest, TimesOfTheLogOutweighAssumedSizes) {
  Advice advice(kSchema);
  advice.Log("DELETE FROM customers WHERE created_at < '2020-01-01'", 300, 90);
  advice.Log("SELECT * FROM customers WHERE email = 'a@b'", 300, 90);
  const std::vector<std::string> sql = advice.Sql();
  EXPECT_TRUE(std::any_of(sql.begin(), sql.end(), [](const std::string& each) {
    return each.find("(email)") != std::string::npos;
  })) << (sql.empty() ? "" : sql.front());
}

// One row in a hundred has a flag: only these are of interest.
std::vector<std::string> AdviceOnFlags(const std::string& condition) {
  Advice advice("CREATE TABLE samples (id int, at timestamp, flags int, level int);");
  advice.Size("samples", 1'000'000);
  advice.Column("samples", "flags",
                {.distinct = 4,
                 .width = 4,
                 .common_values = {"0", "1", "2", "3"},
                 .common_frequencies = {0.99, 0.004, 0.003, 0.003}});
  ColumnStatistics times{.distinct = -1, .width = 8, .correlation = 0.2};
  for (int day = 10; day < 31; ++day)
    times.histogram.push_back("2024-01-" + std::to_string(day) + " 00:00:00");
  advice.Column("samples", "at", times);
  advice.Log("SELECT id, level FROM samples WHERE " + condition + " ORDER BY at LIMIT 100");
  return advice.Sql();
}

TEST(AdvisorTest, PartialIndexOfANumbersRange) {
  const auto partial = [](const std::vector<std::string>& list) {
    return Contains(list, "WHERE flags > 0");
  };
  const std::vector<std::string> list = AdviceOnFlags("flags > 0 AND level > $1");
  EXPECT_TRUE(partial(list)) << (list.empty() ? "nothing" : list.front());
  // A parameter proves no predicate, and half of the rows are no small part.
  EXPECT_FALSE(partial(AdviceOnFlags("flags > $1")));
  EXPECT_FALSE(Contains(AdviceOnFlags("flags >= 0 AND level > $1"), "WHERE flags"));
  // Times move on.
  EXPECT_FALSE(Contains(AdviceOnFlags("at > '2024-01-29' AND level = $1"), "WHERE at"));
}

// Which of the indexes of t (a, b int; c text) are needless.
std::string Needless(const std::string& indexes) {
  Advice advice(
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d int[], e int4range);\n" +
      indexes);
  std::string names;
  for (const RedundantIndex& one : advice.Redundant()) {
    names += (names.empty() ? "" : " ") + one.index->name.name;
    if (one.at_a_cost) names += " at a cost";
  }
  return names;
}

TEST(RedundantIndexesTest, Needless) {
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a, b);"), "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a);"), "y");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE UNIQUE INDEX y ON t (a);"), "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a DESC); CREATE INDEX y ON t (a, b);"), "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a DESC, b DESC); CREATE INDEX y ON t (a, b);"), "y");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (lower(c)); CREATE INDEX y ON t (lower(c::text), a);"),
            "x");
  EXPECT_EQ(
      Needless("CREATE INDEX x ON t (a) WHERE b > 0; CREATE INDEX y ON t (a, id) WHERE b > 0;"),
      "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (id);"), "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a) INCLUDE (b);"), "x");
  EXPECT_EQ(
      Needless("CREATE INDEX x ON t (a) WHERE b = 1; CREATE INDEX y ON t (a, c) WHERE b IN (1);"),
      "x at a cost");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a) WHERE b = 1 AND b > 0; "
                     "CREATE INDEX y ON t (a) WHERE b = 1;"),
            "y");
}

// The longer one is wider, as types or the statistics' sizes tell. By types alone, a column more is
// no reason to keep both.
TEST(RedundantIndexesTest, CoveredAtACost) {
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a, b);"), "x");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a, c);"), "x at a cost");
  EXPECT_EQ(Needless("CREATE INDEX x ON t (a); CREATE INDEX y ON t (a) INCLUDE (c);"),
            "x at a cost");
  const auto with_sizes = [](double x, double y, const std::string& where) {
    Advice advice(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text);\n"
        "CREATE INDEX x ON t (a)" +
        where + "; CREATE INDEX y ON t (a, c);");
    advice.Size("t", 100'000);
    advice.IndexSize("x", x);
    advice.IndexSize("y", y);
    const std::vector<RedundantIndex> found = advice.Redundant();
    if (found.empty()) return std::string("needed");
    return std::string(found[0].at_a_cost ? "at a cost" : "free");
  };
  EXPECT_EQ(with_sizes(4e6, 4e6, ""), "free");
  EXPECT_EQ(with_sizes(2e6, 4e6, ""), "at a cost");
  // A partial index beside one that holds all of its rows.
  EXPECT_EQ(with_sizes(2e5, 4e6, " WHERE b = 1"), "needed");
}

TEST(RedundantIndexesTest, Needed) {
  for (const char* indexes : {
           "CREATE UNIQUE INDEX x ON t (a); CREATE INDEX y ON t (a, b);",
           "CREATE INDEX x ON t (a DESC, b); CREATE INDEX y ON t (a, b);",
           "CREATE INDEX x ON t (a NULLS FIRST); CREATE INDEX y ON t (a, b);",
           "CREATE INDEX x ON t (b); CREATE INDEX y ON t (a, b);",
           "CREATE INDEX x ON t (c text_pattern_ops); CREATE INDEX y ON t (c);",
           "CREATE INDEX x ON t (c COLLATE \"C\"); CREATE INDEX y ON t (c);",
           "CREATE INDEX x ON t USING hash (a); CREATE INDEX y ON t (a);",
           "CREATE INDEX x ON t (a) WHERE b > 0; CREATE INDEX y ON t (a);",
           "CREATE INDEX x ON t (a) WHERE b > 0; CREATE INDEX y ON t (a) WHERE b <= 0;",
           "CREATE INDEX x ON t (a) INCLUDE (c); CREATE INDEX y ON t (a, b);",
           "CREATE INDEX x ON t USING gin (d); CREATE INDEX y ON t USING gist (e);",
           "CREATE INDEX x ON t (lower(c)); CREATE INDEX y ON t (upper(c));",
           "CREATE UNIQUE INDEX x ON t (a); CREATE TABLE u (a int REFERENCES t (a)); CREATE UNIQUE "
           "INDEX y ON t (a) INCLUDE (b);",
           "CREATE UNIQUE INDEX x ON t (a, b); ALTER TABLE t REPLICA IDENTITY USING INDEX x; "
           "CREATE "
           "INDEX y ON t (a, b, c);",
       }) {
    EXPECT_EQ(Needless(indexes), "") << indexes;
  }
}

}  // namespace
}  // namespace pgsift
