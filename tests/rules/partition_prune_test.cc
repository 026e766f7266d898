// Which partitions constants choose. The hashes are those of PostgreSQL 15's own functions.

#include "rules/facts/partition_prune.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "parser/extension_objects.h"
#include "rules/effects/effects.h"
#include "rules/effects/work_estimate.h"
#include "rules/facts/partition_hash.h"

namespace pgsift {
namespace {

constexpr PgVersion kPg18{18, 0};

struct Scene {
  std::unique_ptr<std::string> sql;
  SqlFile file;
  Catalog catalog;
};

// All statements but the last are folded.
Scene Play(const std::string& sql) {
  Scene scene;
  scene.sql = std::make_unique<std::string>(sql);
  scene.file = ReadSqlFile(*scene.sql, FileId::kNone);
  for (size_t i = 0; i + 1 < scene.file.statements.size(); ++i) {
    scene.catalog.Apply(scene.file, scene.file.statements[i]);
  }
  return scene;
}

// The tables that the last statement locks, but for the parent.
std::string Locked(const std::string& sql) {
  const Scene scene = Play(sql);
  const Effects effects = EffectsOf(scene.file.statements.back(), scene.catalog, kPg18);
  std::string names = effects.unknown.empty() ? "" : "? ";
  for (const LockEffect& lock : effects.locks) {
    if (lock.kind == RelationKind::kTable) names += lock.name.name + " ";
  }
  return names;
}

TEST(PartitionHashTest, IsPostgreSqlsOwn) {
  EXPECT_EQ(PartitionHash("int4", "7"), 1708571371176205364u);
  EXPECT_EQ(PartitionHash("int8", "-5"), 5466844944386338076u);
  EXPECT_EQ(PartitionHash("text", "a text of some length"), 2474000222775683868u);
  EXPECT_EQ(PartitionHash("date", "2024-05-05"), 2549439872969197536u);
  EXPECT_EQ(PartitionHash("timestamp", "2024-05-05"), 7078816754842584312u);
  EXPECT_EQ(PartitionHash("bool", "true"), 5968994663651403477u);
  EXPECT_EQ(PartitionHash("bpchar", "ab   "), 596009030900183869u);
  EXPECT_EQ(PartitionHash("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), 424513190990560493u);
}

TEST(PartitionHashTest, WhatIsNoValueHasNone) {
  EXPECT_FALSE(PartitionHash("int4", "7 apples").has_value());
  EXPECT_FALSE(PartitionHash("int4", "99999999999").has_value());
  EXPECT_FALSE(PartitionHash("date", "2024-13-05").has_value());
  EXPECT_FALSE(PartitionHash("uuid", "a0eebc99").has_value());
  EXPECT_FALSE(PartitionHash("numeric", "1").has_value());
}

constexpr char kRange[] =
    "CREATE TABLE t (a int, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); "
    "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20); "
    "CREATE TABLE t3 PARTITION OF t DEFAULT; ";

TEST(PartitionPruneTest, RangeAndItsDefault) {
  const std::string t = kRange;
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a = 3"), "t1 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a BETWEEN 3 AND 12"), "t1 t2 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a > 12"), "t2 t3 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a = 3 OR a = 99"), "t1 t3 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a IN (1, 11) AND b = 4"), "t1 t2 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a IS NULL"), "t3 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE b = 3"), "t1 t2 t3 ");
  EXPECT_EQ(Locked(t + "SELECT FROM t WHERE a = now()::text::int"), "t1 t2 t3 ");
}

TEST(PartitionPruneTest, AnotherTablesColumnDecidesNothing) {
  EXPECT_EQ(Locked(std::string(kRange) +
                   "CREATE TABLE o (a int); SELECT FROM t JOIN o ON o.a = t.b WHERE o.a = 3"),
            "t1 t2 t3 o ");
}

TEST(PartitionPruneTest, ViewsHandTheirConditionOn) {
  EXPECT_EQ(Locked(std::string(kRange) +
                   "CREATE VIEW v AS SELECT a AS x, b FROM t; SELECT FROM v WHERE x = 15"),
            "t2 ");
}

TEST(PartitionPruneTest, RowsThatCannotBePlacedAreSaid) {
  EXPECT_EQ(Locked(std::string(kRange) + "INSERT INTO t VALUES (5, 1), (50, 1)"), "t1 t3 ");
  EXPECT_EQ(Locked(std::string(kRange) + "INSERT INTO t SELECT n FROM generate_series(1, 3) n"),
            "? t1 t2 t3 ");
}

TEST(ExtensionObjectsTest, KnownAndUnknown) {
  ASSERT_NE(FindExtension("hstore"), nullptr);
  EXPECT_EQ(FindExtension("hstore")->types.front(), "hstore");
  EXPECT_EQ(FindExtension("postgis"), nullptr);
}

TEST(WorkEstimateTest, EachKindOfWorkHasItsSpeed) {
  Snapshot snapshot;
  snapshot.tables[{"public", "t"}].bytes = 100e6;
  const auto seconds = [&](const std::string& last) {
    const Scene scene = Play("CREATE TABLE t (a int, b jsonb); " + last);
    const Statement& statement = scene.file.statements.back();
    return EstimateWork(EffectsOf(statement, scene.catalog, kPg18), statement, scene.catalog,
                        snapshot);
  };
  const WorkEstimate scan = seconds("ALTER TABLE t ADD CHECK (a > 0)");
  const WorkEstimate btree = seconds("CREATE INDEX ON t (a)");
  const WorkEstimate gin = seconds("CREATE INDEX ON t USING gin (b)");
  const WorkEstimate rewrite = seconds("ALTER TABLE t ALTER a TYPE bigint");
  EXPECT_LT(scan.seconds_max, btree.seconds_max);
  EXPECT_LT(btree.seconds_max, gin.seconds_max);
  EXPECT_LT(scan.seconds_max, rewrite.seconds_max);
  for (const WorkEstimate& estimate : {scan, btree, gin, rewrite}) {
    EXPECT_GT(estimate.seconds_min, 0);
    EXPECT_LT(estimate.seconds_min, estimate.seconds_max);
    EXPECT_FALSE(estimate.assumptions.empty());
  }
}

}  // namespace
}  // namespace pgsift
