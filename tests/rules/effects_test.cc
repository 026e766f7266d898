// EffectsOf against what PostgreSQL documents, without a server: the parts that tests/server needs
// a schema for are there.

#include "rules/effects/effects.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/effects/transaction_locks.h"

namespace pgsift {
namespace {

constexpr PgVersion kPg18{18, 0};

// Folds all statements but the last, and says what the last one does.
Effects Last(const std::string& sql, PgVersion pg = kPg18) {
  static std::vector<std::unique_ptr<std::string>> kept;
  kept.push_back(std::make_unique<std::string>(sql));
  const SqlFile file = ReadSqlFile(*kept.back(), FileId::kNone);
  Catalog catalog;
  for (size_t i = 0; i + 1 < file.statements.size(); ++i) catalog.Apply(file, file.statements[i]);
  return EffectsOf(file.statements.back(), catalog, pg);
}

constexpr char kOrders[] = "CREATE TABLE orders (id bigint PRIMARY KEY, email varchar(20)); ";

TEST(EffectsTest, ConstantDefaultOnlyLocks) {
  const Effects effects =
      Last(std::string(kOrders) + "ALTER TABLE orders ADD COLUMN a int DEFAULT 1");
  ASSERT_EQ(effects.locks.size(), 1u);
  EXPECT_EQ(effects.locks[0].mode, LockMode::kAccessExclusive);
  EXPECT_TRUE(effects.rewrites.empty());
  EXPECT_TRUE(effects.scans.empty());
  EXPECT_TRUE(effects.unknown.empty());
}

TEST(EffectsTest, VolatileDefaultRewritesTableAndIndexes) {
  const Effects effects =
      Last(std::string(kOrders) + "ALTER TABLE orders ADD COLUMN a uuid DEFAULT gen_random_uuid()");
  EXPECT_TRUE(effects.Rewrites({"public", "orders"}));
  ASSERT_EQ(effects.builds.size(), 1u);
  EXPECT_EQ(effects.builds[0].name.name, "orders_pkey");
  EXPECT_EQ(effects.ModeOn(QualifiedName{"public", "orders_pkey"}), LockMode::kAccessExclusive);
}

TEST(EffectsTest, WiderVarcharKeepsTheRows) {
  EXPECT_TRUE(Last(std::string(kOrders) + "ALTER TABLE orders ALTER email TYPE varchar(50)")
                  .rewrites.empty());
  EXPECT_FALSE(Last(std::string(kOrders) + "ALTER TABLE orders ALTER email TYPE varchar(9)")
                   .rewrites.empty());
}

TEST(EffectsTest, ValidCheckSparesTheScanOfSetNotNull) {
  const std::string check =
      std::string(kOrders) +
      "ALTER TABLE orders ADD CONSTRAINT there CHECK (email IS NOT NULL) NOT VALID; ";
  const std::string set = "ALTER TABLE orders ALTER email SET NOT NULL";
  EXPECT_TRUE(Last(check + set).Scans({"public", "orders"}));
  EXPECT_FALSE(Last(check + "ALTER TABLE orders VALIDATE CONSTRAINT there; " + set)
                   .Scans({"public", "orders"}));
}

TEST(EffectsTest, ForeignKeyLocksAndReadsBothTables) {
  const std::string sql = std::string(kOrders) +
                          "CREATE TABLE lines (order_id bigint); ALTER TABLE lines ADD FOREIGN KEY "
                          "(order_id) REFERENCES orders";
  const Effects validated = Last(sql);
  EXPECT_EQ(validated.ModeOn(QualifiedName{"public", "lines"}), LockMode::kShareRowExclusive);
  EXPECT_EQ(validated.ModeOn(QualifiedName{"public", "orders"}), LockMode::kShareRowExclusive);
  EXPECT_EQ(validated.scans.size(), 2u);
  EXPECT_TRUE(Last(sql + " NOT VALID").scans.empty());
}

TEST(EffectsTest, UnknownTableIsSaid) {
  const Effects effects = Last("ALTER TABLE elsewhere ADD COLUMN a int");
  ASSERT_EQ(effects.locks.size(), 1u);
  EXPECT_EQ(effects.locks[0].name, (QualifiedName{"public", "elsewhere"}));
  EXPECT_FALSE(effects.unknown.empty());
}

TEST(EffectsTest, DoBlockIsFollowedAndDynamicSqlIsSaid) {
  const Effects known =
      Last(std::string(kOrders) +
           "DO $$ BEGIN IF true THEN LOCK TABLE orders IN SHARE MODE; END IF; END $$");
  EXPECT_EQ(known.ModeOn(QualifiedName{"public", "orders"}), LockMode::kShare);
  EXPECT_TRUE(known.unknown.empty());
  EXPECT_FALSE(known.assumed.empty());
  const Effects built =
      Last(std::string(kOrders) + "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'orders'; END $$");
  EXPECT_EQ(built.ModeOn(QualifiedName{"public", "orders"}), LockMode::kAccessExclusive);
  EXPECT_TRUE(built.unknown.empty());
  EXPECT_FALSE(Last(std::string(kOrders) +
                    "DO $$ DECLARE t text := 'x'; BEGIN EXECUTE 'DROP TABLE ' || t; END $$")
                   .unknown.empty());
}

TEST(EffectsTest, QueriesThatFunctionsAreGivenAsTextAreFollowed) {
  for (const char* call :
       {"SELECT * FROM ts_stat('SELECT v FROM orders')",
        "SELECT * FROM crosstab('SELECT a, b, c FROM orders ORDER BY 1') AS c(a int, b int)",
        "SELECT * FROM connectby('orders', 'id', 'up', '1', 0) AS c(id int, up int, level int)",
        "SELECT query_to_xml('TABLE orders', true, false, '')"}) {
    EXPECT_EQ(Last(std::string(kOrders) + call).ModeOn(QualifiedName{"public", "orders"}),
              LockMode::kAccessShare)
        << call;
  }
}

constexpr char kNoted[] =
    "CREATE TABLE orders (id int); CREATE TABLE made (id int); CREATE TABLE gone (id int); "
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' THEN INSERT INTO gone VALUES (1); RETURN OLD; END IF; "
    "INSERT INTO made VALUES (1); RETURN NEW; END $$; "
    "CREATE TRIGGER noted AFTER INSERT OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION note(); ";

TEST(EffectsTest, TriggerRunsTheBranchesOfItsOperation) {
  const Effects made = Last(std::string(kNoted) + "INSERT INTO orders VALUES (1)");
  EXPECT_EQ(made.ModeOn(QualifiedName{"public", "made"}), LockMode::kRowExclusive);
  EXPECT_EQ(made.ModeOn(QualifiedName{"public", "gone"}), LockMode::kNone);
  const Effects gone = Last(std::string(kNoted) + "DELETE FROM orders");
  EXPECT_EQ(gone.ModeOn(QualifiedName{"public", "gone"}), LockMode::kRowExclusive);
  EXPECT_EQ(gone.ModeOn(QualifiedName{"public", "made"}), LockMode::kNone);
}

// Each body is followed once a statement, however often and from wherever it is called.
TEST(EffectsTest, RoutinesThatCallThemselvesAndEachOther) {
  std::string sql = kOrders;
  for (const char* kind : {"int", "text", "int[]"}) {
    for (const char* name : {"f", "g"}) {
      sql += std::string("CREATE FUNCTION ") + name + "(n " + kind +
             ") RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN ";
      for (int i = 0; i < 8; ++i) sql += "SELECT f(1) + g(2) INTO x; ";
      sql += "PERFORM f(x - 1); DELETE FROM orders; RETURN g(x); END $$; ";
    }
  }
  const Effects effects = Last(sql + "SELECT f(3); SELECT g(3)");
  EXPECT_EQ(effects.ModeOn(QualifiedName{"public", "orders"}), LockMode::kRowExclusive);
}

TEST(EffectsTest, DeferredKeyIsCheckedAtTheEnd) {
  const std::string sql = std::string(kOrders) +
                          "CREATE TABLE lines (order_id bigint REFERENCES orders DEFERRABLE "
                          "INITIALLY DEFERRED); BEGIN; INSERT INTO lines VALUES (1)";
  const QualifiedName orders{"public", "orders"};
  EXPECT_EQ(Last(sql).ModeOn(orders), LockMode::kNone);
  EXPECT_EQ(Last(sql + "; COMMIT").ModeOn(orders), LockMode::kRowShare);
  EXPECT_EQ(Last(sql + "; SET CONSTRAINTS ALL IMMEDIATE").ModeOn(orders), LockMode::kRowShare);
}

TEST(EffectsTest, CopyChecksKeysAndDrawsFromSequences) {
  const Effects effects = Last(std::string(kOrders) +
                               "CREATE TABLE lines (id serial, order_id bigint REFERENCES orders); "
                               "COPY lines (order_id) FROM '/tmp/lines'");
  EXPECT_EQ(effects.ModeOn(QualifiedName{"public", "orders"}), LockMode::kRowShare);
  EXPECT_EQ(effects.ModeOn(QualifiedName{"public", "lines_id_seq"}), LockMode::kRowExclusive);
}

TEST(EffectsTest, WhatATransactionBlockRefuses) {
  EXPECT_EQ(Last(std::string(kOrders) + "CREATE INDEX CONCURRENTLY ON orders (email)").block_use,
            BlockUse::kRefused);
  EXPECT_EQ(Last("VACUUM").block_use, BlockUse::kRefused);
  EXPECT_EQ(Last("ANALYZE").block_use, BlockUse::kAllowed);
}

TEST(TransactionLocksTest, RollbackToGivesBackWhatWasTakenSince) {
  const std::string sql =
      "BEGIN; LOCK TABLE a IN SHARE MODE; SAVEPOINT s; LOCK TABLE b; ROLLBACK TO s; COMMIT";
  const SqlFile file = ReadSqlFile(sql, FileId::kNone);
  TransactionLocks locks;
  Catalog catalog;
  for (size_t i = 0; i < 5; ++i) {
    locks.Apply(file.statements[i], EffectsOf(file.statements[i], catalog, kPg18));
  }
  EXPECT_EQ(locks.ModeOn({"public", "a"}), LockMode::kShare);
  EXPECT_EQ(locks.ModeOn({"public", "b"}), LockMode::kNone);
  EXPECT_EQ(EndOfLocks(file, file.statements[3]).kind, LockEnd::Kind::kRollbackTo);
  EXPECT_EQ(EndOfLocks(file, file.statements[1]).kind, LockEnd::Kind::kCommit);
}

TEST(LockModeTest, ConflictsAreSymmetric) {
  for (int a = 1; a <= 8; ++a) {
    for (int b = 1; b <= 8; ++b) {
      EXPECT_EQ(Conflicts(static_cast<LockMode>(a), static_cast<LockMode>(b)),
                Conflicts(static_cast<LockMode>(b), static_cast<LockMode>(a)));
    }
  }
  EXPECT_FALSE(Conflicts(LockMode::kShare, LockMode::kShare));
  EXPECT_TRUE(Conflicts(LockMode::kShareRowExclusive, LockMode::kShareRowExclusive));
}

}  // namespace
}  // namespace pgsift
