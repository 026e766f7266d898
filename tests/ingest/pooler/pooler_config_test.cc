#include "ingest/pooler/pooler_config.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

TEST(PoolerConfigTest, ReadsPoolsOfDatabasesAndUsers) {
  std::vector<PoolerProblem> problems;
  const PoolerConfig config = ReadPoolerConfig(
      "\xef\xbb\xbf; pools\r\n[databases]\r\n"
      "shop = host=10.0.0.1 dbname=shop_1 pool_size=7 password='it''s = x'\n"
      "\"Big One\" = pool_mode=session reserve_pool=3 max_db_connections=50\n"
      "* = host=10.0.0.2\n"
      "%include /etc/more.ini\n"
      "[users]\nreport = pool_mode=statement max_user_connections=4\n"
      "[pgbouncer]\npool_mode = transaction\n  default_pool_size=15  \nMAX_CLIENT_CONN = 400\n"
      "auth_type = scram-sha-256\n# done\n[peers]\n1 = host=a\n",
      &problems);
  EXPECT_TRUE(problems.empty()) << problems.front().message;
  EXPECT_EQ(config.Mode(), "transaction");
  EXPECT_EQ(config.MaxClients(), 400);
  EXPECT_EQ(config.default_pool_size_line, 11u);
  EXPECT_EQ(config.includes, std::vector<std::string>{"/etc/more.ini"});
  ASSERT_EQ(config.databases.size(), 3u);
  const PoolerEntry* shop = config.DatabaseEntry("shop_1");
  ASSERT_NE(shop, nullptr);
  EXPECT_EQ(shop->line, 3u);
  EXPECT_EQ(config.PoolSizeOf(*shop), 7);
  EXPECT_EQ(config.ModeOf(*shop, "app"), "transaction");
  EXPECT_EQ(config.ModeOf(*shop, "report"), "statement");
  const PoolerEntry* any = config.DatabaseEntry("other");
  ASSERT_NE(any, nullptr);
  EXPECT_EQ(config.PoolSizeOf(*any), 15);
  EXPECT_EQ(config.ModeOf(*config.DatabaseEntry("Big One"), "app"), "session");
}

TEST(PoolerConfigTest, NamesTheLineOfWhatItCannotUnderstand) {
  std::vector<PoolerProblem> problems;
  const PoolerConfig config = ReadPoolerConfig(
      "stray = 1\n[databases\n[databases]\nshop = host\nother = password='open\n"
      "[pgbouncer]\npool_mode = sessions\ndefault_pool_size = -5\nno value\n[pgbuncer]\nx = 1\n"
      "[pgbouncer]\nmax_client_conn = 300\n",
      &problems);
  std::vector<uint64_t> lines;
  for (const PoolerProblem& problem : problems) lines.push_back(problem.line);
  EXPECT_EQ(lines, (std::vector<uint64_t>{1, 2, 4, 5, 7, 8, 9, 10}));
  EXPECT_NE(problems[4].message.find("session, transaction or statement"), std::string::npos);
  EXPECT_EQ(config.MaxClients(), 300);
  EXPECT_EQ(config.DefaultPoolSize(), 20);
  EXPECT_EQ(config.DatabaseEntry("shop"), nullptr);
}

TEST(PoolerConfigTest, IsToldByItsFirstSection) {
  EXPECT_TRUE(LooksLikePoolerConfig("; x\n\n[pgbouncer]\nlisten_port = 6432\n"));
  EXPECT_TRUE(LooksLikePoolerConfig("[databases]\n"));
  EXPECT_FALSE(LooksLikePoolerConfig("[mysqld]\n"));
  EXPECT_FALSE(LooksLikePoolerConfig("shared_buffers = 1GB\n"));
  EXPECT_FALSE(LooksLikePoolerConfig(""));
}

}  // namespace
}  // namespace pgsift
