// `pgsift monitor` and what it is given beside logs: reports of earlier runs, views as CSV, a
// pooler's configuration.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/cli/program.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Monitor : public ProgramTest {
 protected:
  // What the program writes; its status and complaints in status_ and err_.
  std::string Run(const std::string& arguments) {
    Result result = ProgramTest::Run(arguments);
    status_ = result.status;
    err_ = std::move(result.err);
    return std::move(result.out);
  }

  json Report(const std::string& arguments) {
    const std::string out = Run(arguments + " --format json");
    EXPECT_EQ(status_, 0) << err_;
    return json::parse(out);
  }

  // The findings of one rule.
  static json Of(const json& report, const std::string& name) {
    json found = json::array();
    for (const json& finding : report["findings"]) {
      if (finding["name"] == name) found.push_back(finding);
    }
    return found;
  }

  // So many statements of `ms` each, of many sessions at once.
  static std::string Busy(int count, int ms) {
    std::string log;
    for (int i = 0; i < count; ++i) {
      std::array<char, 200> line;
      std::snprintf(line.data(), line.size(),
                    "2026-03-01 10:00:%02d.%03d UTC [%d] app@shop/web LOG:  duration: %d.000 ms  "
                    "statement: SELECT a FROM t WHERE b = %d\n",
                    5 + i / 200, i % 200 * 4, 1000 + i % 100, ms, i);
      log += line.data();
    }
    return log;
  }

  const std::string shop_ = PGSIFT_SOURCE_DIR "/testdata/shop";
  int status_ = -1;
  std::string err_;
};

TEST_F(Monitor, AReportOfLogsIsAWorkload) {
  const std::string log = shop_ + "/postgresql.log";
  Run("logs '" + log + "' -o logs.json");
  const json first = json::parse(std::ifstream(folder_ / "logs.json"))["workload"];
  const json report = Report("analyze '" + shop_ + "/schema.sql' --workload logs.json");
  const json& second = report["workload"];
  for (const char* key : {"first_time", "last_time", "records", "statements", "sessions"}) {
    EXPECT_EQ(first[key], second[key]) << key;
  }
  for (const char* key : {"connections", "transactions", "temp_files", "errors", "messages"}) {
    EXPECT_EQ(first[key], second[key]) << key;
  }
  EXPECT_GT(first["connections"]["peak"], 0);
  for (const char* key :
       {"waits", "acquired", "failed", "wait_ms", "wait_ms_max", "modes", "objects"}) {
    EXPECT_EQ(first["locks"][key], second["locks"][key]) << key;
  }
  ASSERT_EQ(first["locks"]["examples"].size(), second["locks"]["examples"].size());
  for (size_t i = 0; i < first["locks"]["examples"].size(); ++i) {
    for (const char* key : {"pid", "mode", "object", "holders", "queue", "time", "waited_ms"}) {
      EXPECT_EQ(first["locks"]["examples"][i][key], second["locks"]["examples"][i][key]) << key;
    }
  }
  std::map<std::string, json> queries;
  for (const json& query : second["queries"]) queries[query["id"]] = query;
  ASSERT_EQ(first["queries"].size(), queries.size());
  size_t lost = 0;
  for (const json& query : first["queries"]) {
    // A text that the grammar rejects has an id of its folded form, which a report cannot give
    // back.
    if (!queries.contains(query["id"])) {
      ++lost;
      continue;
    }
    const json& again = queries[query["id"]];
    for (const char* key : {"query", "calls", "errors", "databases", "users", "applications",
                            "temp_bytes", "first_time", "last_time", "series"}) {
      EXPECT_EQ(query[key], again[key]) << key << " of " << query["query"];
    }
    EXPECT_NEAR(query["total_ms"].get<double>(), again["total_ms"].get<double>(), 0.01);
    // Of few calls, a percentile is one call or its neighbour.
    if (!query.contains("p95_ms") || query["calls"] < 200) continue;
    for (const char* key : {"p50_ms", "p95_ms", "max_ms"}) {
      const double was = query[key].get<double>();
      EXPECT_NEAR(was, again[key].get<double>(), 0.05 * was + 0.01) << key << query["query"];
    }
  }
  EXPECT_LE(lost, 1u);
  // Wherever a workload is taken, it says the same as the log.
  const auto recommended = [&](const std::string& workload) {
    json sql = json::array();
    const json advice = Report("indexes '" + shop_ + "/schema.sql' --workload " + workload);
    for (const json& index : advice["indexes"]["recommended"]) sql.push_back(index["sql"]);
    std::sort(sql.begin(), sql.end());
    return sql;
  };
  // But for one whose table only the log's plans show to be large enough.
  const json by_log = recommended("'" + log + "'");
  const json by_report = recommended("logs.json");
  for (const json& sql : by_report) {
    EXPECT_NE(std::find(by_log.begin(), by_log.end(), sql), by_log.end()) << sql;
  }
  EXPECT_GE(by_report.size() + 1, by_log.size());
  File("migration.sql", "ALTER TABLE orders ADD COLUMN note text;\n");
  const auto blocked = [&](const std::string& workload) {
    return Report("locks migration.sql --schema '" + shop_ + "/schema.sql' --workload " +
                  workload)["statements"];
  };
  EXPECT_EQ(blocked("'" + log + "'"), blocked("logs.json"));
}

TEST_F(Monitor, AReportWithoutAWorkloadIsSaid) {
  File("a.sql", "CREATE INDEX i ON t (a);\n");
  Run("lint a.sql -o lint.json");
  Run("analyze a.sql --workload lint.json");
  EXPECT_EQ(status_, 2);
  EXPECT_NE(err_.find("lint.json: has no workload: give a report of `pgsift logs"),
            std::string::npos)
      << err_;
  File("cut.json", R"({"schema_version": 1, "tool": {"name": "pgsift"}, "workload": {"quer)");
  Run("analyze a.sql --workload cut.json");
  EXPECT_EQ(status_, 2);
  EXPECT_NE(err_.find("cut.json: is no whole JSON document"), std::string::npos) << err_;
}

TEST_F(Monitor, APartialIsRedactedWhenItIsMerged) {
  File("a.log", Busy(3, 200));
  Run("logs a.log --partial a.partial -o a.json");
  EXPECT_NE(Run("merge a.partial --format json").find("b = 2"), std::string::npos);
  EXPECT_EQ(Run("merge a.partial --redact --format json").find("b = 2"), std::string::npos);
}

TEST_F(Monitor, LocksAndInputOfCsvAreUsed) {
  File("locks.csv",
       "locktype,database,relation,page,tuple,virtualxid,transactionid,classid,objid,objsubid,"
       "virtualtransaction,pid,mode,granted,fastpath,waitstart\n"
       "relation,5,16385,,,,,,,,3/7,71,RowExclusiveLock,t,t,\n"
       "relation,5,16385,,,,,,,,4/8,72,AccessExclusiveLock,f,f,2026-03-01 10:00:30+00\n"
       "relation,5,16385,,,,,,,,5/9,73,AccessShareLock,t,t,\n"
       "relation,5,99999,,,,,,,,6/1,74,AccessShareLock,t,t,\n");
  File("activity.csv",
       "datname,pid,usename,application_name,backend_start,xact_start,query_start,state_change,"
       "state,backend_type,query\n"
       "shop,71,app,worker,2026-03-01 09:00:00+00,2026-03-01 09:59:00+00,2026-03-01 09:59:00+00,"
       "2026-03-01 09:59:01+00,idle in transaction,client backend,UPDATE orders SET a = 1\n"
       "shop,72,app,deploy,2026-03-01 10:00:00+00,2026-03-01 10:00:30+00,2026-03-01 10:00:30+00,"
       "2026-03-01 10:01:00+00,active,client backend,ALTER TABLE orders ADD b int\n");
  const json both = Of(Report("monitor activity.csv locks.csv"), "blocked-sessions");
  // 71 and 73 hold locks that ALTER TABLE waits for; the first is at the head of the chain.
  ASSERT_EQ(both.size(), 1u);
  EXPECT_NE(both[0]["message"].get<std::string>().find("process 71 (worker)"), std::string::npos)
      << both[0]["message"];
  const json alone = Of(Report("monitor locks.csv"), "blocked-sessions");
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_NE(alone[0]["message"].get<std::string>().find("process 71"), std::string::npos);

  File("io.csv",
       "backend_type,object,context,reads,read_time,writes,write_time,extends,op_bytes,hits,"
       "evictions,fsyncs,fsync_time,stats_reset\n"
       "client backend,relation,normal,30000,330000.25,60000,10.5,5,8192,9,9,0,0,2026-03-01 "
       "00:00:00+00\n"
       "checkpointer,relation,normal,,,40000,9.5,,8192,,,1200,90000,2026-03-01 00:00:00+00\n"
       "client backend,relation,bulkwrite,0,0,900000,9.5,,8192,0,0,,,2026-03-01 00:00:00+00\n");
  const json io = Report("monitor io.csv");
  const json slow = Of(io, "slow-storage");
  ASSERT_EQ(slow.size(), 2u);
  EXPECT_NE(slow.dump().find("a read of a block takes 11 ms"), std::string::npos) << slow.dump();
  EXPECT_NE(slow.dump().find("an fsync takes 75 ms"), std::string::npos) << slow.dump();
  const json writes = Of(io, "backends-write-blocks");
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_NE(writes[0]["message"].get<std::string>().find("sessions write 60 %"), std::string::npos);
}

TEST_F(Monitor, ThePoolerIsHeldAgainstTheWork) {
  File("busy.log", Busy(400, 900));
  File("pgbouncer.ini",
       "[databases]\nshop = host=10.0.0.1\n[pgbouncer]\npool_mode = transaction\n"
       "default_pool_size = 3\n");
  for (const char* inputs : {"busy.log pgbouncer.ini", "busy.log --pgbouncer pgbouncer.ini"}) {
    const json found = Of(Report(std::string("monitor ") + inputs), "mis-sized-pooler");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0]["path"], "pgbouncer.ini");
    EXPECT_EQ(found[0]["line"], 5);
    EXPECT_EQ(found[0]["severity"], "warning");
    EXPECT_NE(found[0]["helps"].dump().find("[pgbouncer] default_pool_size = "), std::string::npos);
  }
  // As large as it says, nothing is left to say.
  const json advice = Of(Report("monitor busy.log pgbouncer.ini"), "mis-sized-pooler")[0];
  double needed = 0;
  for (const json& metric : advice["metrics"]) {
    if (metric["name"] == "needed") needed = metric["value"].get<double>();
  }
  File("pgbouncer.ini", "[databases]\nshop = pool_size=" + std::to_string(int(needed)) +
                            "\n[pgbouncer]\npool_mode = transaction\n");
  EXPECT_TRUE(Of(Report("monitor busy.log pgbouncer.ini"), "mis-sized-pooler").empty());

  File("pgbouncer.ini", "[pgbouncer]\npool_mode = transaktion\n");
  Run("monitor busy.log --pgbouncer pgbouncer.ini");
  EXPECT_EQ(status_, 2);
  EXPECT_NE(
      err_.find("pgbouncer.ini:2: pool_mode = transaktion: session, transaction or statement"),
      std::string::npos)
      << err_;
}

// What limits the figures is said, never passed over.
TEST_F(Monitor, InputsThatDoNotFitTogetherAreSaid) {
  File("a.log", Busy(3, 200));
  const auto notes = [&](const std::string& inputs) {
    return Report("monitor " + inputs)["health"]["notes"].dump();
  };
  const auto statistics = [&](const std::string& name, const std::string& rest) {
    File(name, R"({"pgsift_snapshot": 1, "taken_at": "2026-03-01T10:30:00+00:00", )" + rest + "}");
  };
  statistics("same.json", R"("database": "shop", "database_stats": {"xact_commit": 5})");
  EXPECT_EQ(notes("a.log same.json"), "[]");
  statistics("other.json", R"("database": "billing", "database_stats": {"xact_commit": 5})");
  EXPECT_NE(notes("a.log other.json").find("of which the log has no statement"), std::string::npos);
  statistics("restarted.json", R"("database": "shop", "started_at": "2026-03-01T10:20:00+00:00")");
  EXPECT_NE(notes("a.log restarted.json").find("was started after the log ends"),
            std::string::npos);
  statistics("reset.json", R"("database": "shop", "database_stats": {"xact_commit": 2,
      "stats_reset": "2026-03-01T10:20:00+00:00"})");
  EXPECT_NE(notes("a.log reset.json").find("reset after the log ends"), std::string::npos);
  EXPECT_NE(notes("same.json reset.json").find("counters were reset between"), std::string::npos);
  File("zones.log",
       "2026-03-01 10:00:00.000 XYZT [7] app@shop/web LOG:  duration: 1.0 ms  statement: SELECT a "
       "FROM t\n2026-03-01 10:00:01.000 XYZT [7] app@shop/web LOG:  duration: 1.0 ms  statement: "
       "SELECT a FROM t\n");
  EXPECT_NE(notes("zones.log").find("2 records in a time zone that is not known"),
            std::string::npos);
  File("tables.csv", "relid,schemaname,relname,seq_scan,n_live_tup\n1,public,t,5,100\n");
  EXPECT_NE(notes("tables.csv").find("pg_stat_user_tables has no n_dead_tup, n_tup_upd"),
            std::string::npos);
}

TEST_F(Monitor, AFamilyOfQueriesIsJoined) {
  std::string log;
  for (int page = 0; page < 30; ++page) {
    std::array<char, 300> line;
    std::snprintf(line.data(), line.size(),
                  "2026-03-01 10:%02d:00.000 UTC [7] app@shop/web LOG:  duration: 1.000 ms  "
                  "statement: SELECT id, name FROM customers WHERE region = %d LIMIT 20\n",
                  page, page);
    log += line.data();
    for (int i = 0; i < 8; ++i) {
      std::snprintf(line.data(), line.size(),
                    "2026-03-01 10:%02d:00.%03d UTC [7] app@shop/web LOG:  duration: 0.500 ms  "
                    "statement: SELECT * FROM orders WHERE customer_id = %d\n",
                    page, 10 + i * 20, page * 100 + i);
      log += line.data();
    }
  }
  File("a.log", log);
  const json by_name = Of(Report("monitor a.log"), "n-plus-one");
  ASSERT_EQ(by_name.size(), 1u);
  const std::string joined =
      "the whole statement: SELECT p.*, c.* FROM (SELECT id, name FROM customers WHERE region = $1 "
      "LIMIT $2) AS p JOIN (SELECT * FROM orders) AS c ON c.customer_id = p.id";
  EXPECT_NE(by_name[0]["helps"].dump().find(joined), std::string::npos) << by_name[0]["helps"];
  EXPECT_NE(by_name[0]["notes"].dump().find("told by their names"), std::string::npos);
  File("schema.sql",
       "-- PostgreSQL database dump\nCREATE TABLE customers (id int PRIMARY KEY, name text, region "
       "int);\nCREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);\n");
  const json declared = Of(Report("monitor a.log --schema schema.sql"), "n-plus-one");
  ASSERT_EQ(declared.size(), 1u);
  EXPECT_NE(declared[0]["helps"].dump().find("ON c.customer_id = p.id"), std::string::npos);
  EXPECT_EQ(declared[0]["notes"].dump().find("told by their names"), std::string::npos);
}

}  // namespace
