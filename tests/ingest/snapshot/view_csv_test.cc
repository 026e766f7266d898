// CSV exports of single views.

#include "ingest/snapshot/view_csv.h"

#include <gtest/gtest.h>

#include "ingest/snapshot/snapshot.h"

namespace pgsift {
namespace {

Snapshot Read(const std::string& document) {
  Snapshot snapshot;
  std::string error;
  EXPECT_TRUE(ReadSnapshot(document, &snapshot, &error)) << error << document;
  return snapshot;
}

TEST(ViewCsvTest, TellsViewsByTheirHeader) {
  EXPECT_EQ(ViewCsv::ViewOf("relid,schemaname,relname,seq_scan,n_live_tup\n1,public,t,2,3\n"),
            "pg_stat_user_tables");
  EXPECT_EQ(ViewCsv::ViewOf("name,setting,unit,category\n"), "pg_settings");
  EXPECT_EQ(ViewCsv::ViewOf("id,name\n1,a\n"), "");
  EXPECT_EQ(ViewCsv::ViewOf("2024-05-01 10:00:00 UTC LOG:  hello, world\n"), "");
  EXPECT_EQ(ViewCsv::ViewOf(""), "");
}

TEST(ViewCsvTest, FilesOfDifferentViewsAreOneExport) {
  ViewCsv views;
  std::string error;
  uint64_t rows = 0;
  ASSERT_TRUE(
      views.Add("schemaname,relname,seq_scan,idx_scan,n_live_tup,n_dead_tup,last_autovacuum\n"
                "public,orders,5,7,1000,200,2026-01-01 10:00:00.5+00\n"
                "public,\"odd, name\",,,1,0,\n",
                &rows, &error));
  EXPECT_EQ(rows, 2u);
  ASSERT_TRUE(
      views.Add("pid;usename;datname;state;backend_start;query\r\n"
                "7;app;shop;idle in transaction;2026-01-01 10:00:01+00;\"SELECT \"\"a\"\";\n"
                "b\"\r\n",
                &rows, &error));
  ASSERT_TRUE(views.Add("name,setting,unit,context\nwork_mem,4096,kB,user\n", &rows, &error));
  ASSERT_TRUE(views.Add("datname,xact_commit,blks_hit,blks_read\npostgres,1,1,1\nshop,90,50,50\n",
                        &rows, &error));
  ASSERT_EQ(views.Documents().size(), 1u);
  const Snapshot snapshot = Read(views.Documents()[0]);
  const TableStatistics* orders = snapshot.Table({"public", "orders"});
  ASSERT_NE(orders, nullptr);
  EXPECT_EQ(orders->dead_tuples, 200);
  EXPECT_NE(orders->last_autovacuum_us, 0);
  EXPECT_EQ(snapshot.Table({"public", "odd, name"})->seq_scans, -1);
  ASSERT_EQ(snapshot.activity.size(), 1u);
  EXPECT_EQ(snapshot.activity[0].user, "app");
  EXPECT_EQ(snapshot.activity[0].query, "SELECT \"a\";\nb");
  EXPECT_EQ(snapshot.SettingBytes("work_mem", 0), 4096.0 * 1024);
  EXPECT_EQ(snapshot.database, "shop");
  EXPECT_EQ(snapshot.database_counters.at("xact_commit"), 90);
  EXPECT_EQ(snapshot.taken_us, snapshot.activity[0].backend_start_us);
}

TEST(ViewCsvTest, AViewThatComesAgainBeginsTheNextExport) {
  ViewCsv views;
  std::string error;
  uint64_t rows = 0;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(views.Add("datname,xact_commit,blks_hit\nshop,9,5\n", &rows, &error));
  }
  EXPECT_EQ(views.Documents().size(), 2u);
}

TEST(ViewCsvTest, SaysWhichRowIsBroken) {
  ViewCsv views;
  std::string error;
  uint64_t rows = 0;
  EXPECT_FALSE(views.Add("datname,xact_commit,blks_hit\nshop,9\n", &rows, &error));
  EXPECT_NE(error.find("row 1"), std::string::npos) << error;
  EXPECT_FALSE(views.Add("a,b\n1,2\n", &rows, &error));
}

}  // namespace
}  // namespace pgsift
