// `pgsift indexes` as its users call it: limits, HypoPG, SQL and migrations.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "tests/cli/program.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema =
    "CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n"
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, "
    "reference text, placed_at timestamptz);\n"
    "CREATE INDEX orders_placed ON orders (placed_at);\n"
    "CREATE INDEX orders_placed_again ON orders (placed_at);\n"
    "CREATE INDEX orders_placed_id ON orders (placed_at, id);\n";

class Indexes : public ProgramTest {
 protected:
  Indexes() {
    File("schema.sql", kSchema);
    std::ofstream log(folder_ / "postgresql.log");
    for (int i = 0; i < 200; ++i) {
      for (const char* sql : {"SELECT * FROM customers WHERE email = 'x'",
                              "SELECT * FROM orders WHERE reference = 'y'",
                              "SELECT * FROM orders WHERE customer_id = 7"}) {
        log << "2026-01-01 10:00:" << (i % 60 < 10 ? "0" : "") << i % 60
            << " UTC [100] app@db LOG:  duration: 80.000 ms  statement: " << sql << '\n';
      }
    }
  }

  std::string Run(const std::string& arguments, int* status = nullptr) {
    const Result result = ProgramTest::Run("indexes " + arguments, "COLUMNS=80 NO_COLOR=1");
    if (status != nullptr) *status = result.status;
    return result.out + result.err;
  }
  nlohmann::json Advice(const std::string& arguments) {
    return nlohmann::json::parse(
        Run("--format json schema.sql postgresql.log " + arguments))["indexes"];
  }
};

TEST_F(Indexes, LimitsOfNumberAndSize) {
  const auto all = Advice("")["recommended"];
  ASSERT_EQ(all.size(), 3u);
  const auto one = Advice("--max-indexes 1");
  ASSERT_EQ(one["recommended"].size(), 1u);
  EXPECT_EQ(one["recommended"][0]["sql"], all[0]["sql"]);
  EXPECT_NE(one["rejected"].dump().find("no more than 1 indexes"), std::string::npos)
      << one["rejected"];
  const auto none = Advice("--max-size 100KB");
  EXPECT_EQ(none["recommended"].size(), 0u);
  EXPECT_NE(none["rejected"].dump().find("does not fit into the size"), std::string::npos);
  EXPECT_EQ(Advice("--max-size 1GB")["recommended"].size(), 3u);
  int status = 0;
  EXPECT_NE(Run("schema.sql --max-size lots", &status).find("--max-size"), std::string::npos);
  EXPECT_EQ(status, 2);
}

TEST_F(Indexes, HypopgCalls) {
  const std::string calls = Run("--hypopg schema.sql postgresql.log");
  EXPECT_NE(calls.find("SELECT * FROM hypopg_create_index('CREATE INDEX orders_reference_idx ON "
                       "public.orders (reference)');"),
            std::string::npos)
      << calls;
  EXPECT_EQ(calls.find("CONCURRENTLY"), std::string::npos);
}

TEST_F(Indexes, SqlScriptHasItsRollback) {
  Run("schema.sql postgresql.log -o out.sql");
  const std::string sql = Text("out.sql");
  EXPECT_NE(sql.find("\nCREATE INDEX CONCURRENTLY orders_reference_idx"), std::string::npos) << sql;
  EXPECT_NE(sql.find("\nDROP INDEX CONCURRENTLY public.orders_placed"), std::string::npos);
  EXPECT_NE(sql.find("\n-- DROP INDEX CONCURRENTLY IF EXISTS public.orders_reference_idx;"),
            std::string::npos);
}

TEST_F(Indexes, MigrationsOfOneStatementEach) {
  int status = 0;
  Run("schema.sql postgresql.log --migrations out/migrations", &status);
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_ / "out/migrations")) {
    names.insert(entry.path().filename().string());
    std::string text = Text("out/migrations" / entry.path().filename());
    size_t statements = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      statements += !line.starts_with("--") && !line.empty();
    EXPECT_EQ(statements, 1u) << entry.path() << text;
  }
  // Three indexes to create, two to drop; up and down.
  EXPECT_EQ(names.size(), 10u);
  ASSERT_TRUE(names.begin()->starts_with("0001_create_")) << *names.begin();
  // They run: linted as migrations on that schema, none fails half-way.
  const std::string lint = Run("--format json schema.sql out/migrations");
  EXPECT_EQ(nlohmann::json::parse(lint)["indexes"]["duplicate"].size(), 0u) << lint;
  std::ofstream(folder_ / "file") << "x";
  EXPECT_NE(Run("schema.sql postgresql.log --migrations file", &status).find("cannot be written"),
            std::string::npos);
  EXPECT_EQ(status, 2);
}

}  // namespace
