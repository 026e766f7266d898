// `pgsift locks` with a log: whom a lock makes wait, and what it has to wait for itself.

#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace {

using json = nlohmann::json;

class Locks : public ProgramTest {
 protected:
  Locks() {
    File("schema.sql",
         "CREATE TABLE orders (id int PRIMARY KEY);\n"
         "CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders);\n");
    File("migration.sql",
         "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE items ADD COLUMN note text;\n");
    // Each transaction reads orders, is busy elsewhere for 1.5 s, and writes items just before its
    // end.
    std::string log;
    for (int i = 0; i < 20; ++i) {
      const auto line = [&](const char* time, const char* sql) {
        char text[200];
        std::snprintf(text, sizeof text,
                      "2026-11-23 22:%02d:%s UTC [1] LOG:  duration: 1.000 ms  statement: %s\n", i,
                      time, sql);
        log += text;
      };
      line("10.000", "BEGIN");
      line("10.100", "SELECT * FROM orders WHERE id = 1");
      line("11.600", "UPDATE items SET order_id = 2 WHERE id = 3");
      line("11.610", "COMMIT");
    }
    File("pg.log", log);
  }

  json Blast(size_t statement) {
    const Result result =
        Run("locks migration.sql --schema schema.sql --workload pg.log --format json");
    return json::parse(result.out)["statements"][statement]["blast_radius"][0];
  }
};

TEST_F(Locks, WaitBehindTransactionsNotStatements) {
  const json orders = Blast(0);
  EXPECT_EQ(orders["relation"], "public.orders");
  EXPECT_NEAR(orders["longest_transaction_seconds"].get<double>(), 1.511, 0.02);
  EXPECT_NEAR(Blast(1)["longest_transaction_seconds"].get<double>(), 0.011, 0.001);
  const std::string text =
      Run("locks migration.sql --schema schema.sql --workload pg.log --color never").out;
  EXPECT_NE(text.find("behind a transaction of 1.5"), std::string::npos) << text;
}

}  // namespace
