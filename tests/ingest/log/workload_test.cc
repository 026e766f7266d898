#include "ingest/log/workload.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "ingest/log/read_logs.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

constexpr const char* kSamplePrefix = "%m [%p] %q%u@%d/%a ";

const EventStats& EventOf(const WorkloadTotals& totals, Event event) {
  return totals.events[static_cast<size_t>(event)];
}

const QueryStats* QueryLike(const WorkloadTotals& totals, std::string_view part) {
  for (const QueryStats& query : totals.queries) {
    if (query.query.find(part) != query.query.npos) return &query;
  }
  return nullptr;
}

// Adds "<time> [pid] <text>" lines.
Workload Lines(std::initializer_list<std::pair<int, std::string_view>> lines) {
  std::string log;
  for (const auto& [pid, text] : lines) {
    log += "2026-11-23 22:35:14.123 UTC [" + std::to_string(pid) + "] " + std::string(text) + "\n";
  }
  return WorkloadOf(log, Prefix("%m [%p] "));
}

TEST(WorkloadTest, CutAnywhereSaysTheSame) {
  for (const char* name : {"pg15_stderr.log", "pg15_pairs.log"}) {
    const std::string log = SampleLog(name);
    ASSERT_FALSE(log.empty()) << name;
    const LinePrefix prefix = Prefix(kSamplePrefix);
    const std::string whole = WorkloadText(WorkloadOf(log, prefix).totals());
    std::set<size_t> starts;
    for (size_t cut = 0; cut <= log.size(); ++cut) {
      starts.insert(std::min(NextRecordStart(log, cut, Syntax(prefix)), log.size()));
    }
    EXPECT_GT(starts.size(), 90u);
    for (size_t start : starts) {
      Workload joined = PartOf(log, 0, start, prefix);
      joined.Merge(PartOf(log, start, log.size(), prefix));
      joined.Finish(1);
      ASSERT_EQ(WorkloadText(joined.totals()), whole) << name << " cut at " << start;
    }
  }
}

TEST(WorkloadTest, MergingIsAssociative) {
  const std::string log = SampleLog("pg15_pairs.log");
  const LinePrefix prefix = Prefix(kSamplePrefix);
  const std::string whole = WorkloadText(WorkloadOf(log, prefix).totals());
  for (size_t a = 0; a < log.size(); a += 977) {
    const size_t first = NextRecordStart(log, a, Syntax(prefix));
    const size_t second = std::min(NextRecordStart(log, first + 300, Syntax(prefix)), log.size());
    if (first == log.npos) break;
    Workload tail = PartOf(log, first, second, prefix);
    tail.Merge(PartOf(log, second, log.size(), prefix));
    Workload joined = PartOf(log, 0, first, prefix);
    joined.Merge(std::move(tail));
    joined.Finish(1);
    ASSERT_EQ(WorkloadText(joined.totals()), whole) << first << ' ' << second;
  }
}

TEST(WorkloadTest, LocksAreHeldToTheTransactionsEnd) {
  // Two sessions: in one, a SELECT keeps its locks for 9 s, an UPDATE for 4 s; the other commits
  // every statement by itself.
  constexpr std::string_view kSecond[] = {
      "02.000 UTC [1] LOG:  duration: 0.000 ms  statement: BEGIN",
      "03.000 UTC [1] LOG:  duration: 1000.000 ms  statement: SELECT * FROM a",
      "03.500 UTC [2] LOG:  duration: 500.000 ms  statement: UPDATE c SET x = 1",
      "05.000 UTC [1] LOG:  duration: 500.000 ms  statement: SELECT * FROM a",
      "08.000 UTC [1] LOG:  duration: 1000.000 ms  statement: UPDATE b SET x = 1",
      "11.000 UTC [1] LOG:  duration: 0.000 ms  statement: COMMIT",
      "12.000 UTC [1] LOG:  duration: 10.000 ms  statement: SELECT * FROM a"};
  std::string log;
  std::vector<size_t> starts;
  for (std::string_view line : kSecond) {
    starts.push_back(log.size());
    log += "2026-11-23 22:35:" + std::string(line) + "\n";
  }
  const LinePrefix prefix = Prefix("%m [%p] ");
  for (size_t cut : starts) {
    for (size_t second : starts) {
      if (second < cut) continue;
      Workload joined = PartOf(log, 0, cut, prefix);
      Workload rest = PartOf(log, cut, second, prefix);
      rest.Merge(PartOf(log, second, log.size(), prefix));
      joined.Merge(std::move(rest));
      joined.Finish(1);
      const auto held = [&](std::string_view part) {
        return QueryLike(joined.totals(), part)->held;
      };
      ASSERT_EQ(held("FROM a").count(), 1u) << cut << ' ' << second;
      ASSERT_NEAR(held("FROM a").Quantile(0.95), 9e6, 9e4) << cut << ' ' << second;
      ASSERT_EQ(held("UPDATE b").count(), 1u);
      ASSERT_NEAR(held("UPDATE b").Quantile(0.95), 4e6, 4e4) << cut << ' ' << second;
      ASSERT_EQ(held("UPDATE c").count(), 0u);
    }
  }
}

TEST(WorkloadTest, RealServerLog) {
  const Workload workload = WorkloadOf(SampleLog("pg15_stderr.log"), Prefix(kSamplePrefix));
  const WorkloadTotals& totals = workload.totals();
  EXPECT_EQ(totals.records, 193u);
  EXPECT_EQ(totals.statements, 66u);
  EXPECT_EQ(totals.connections.authorized, 11u);
  EXPECT_EQ(totals.connections.disconnections, 9u);
  EXPECT_EQ(totals.connections.rejected, 2u);
  EXPECT_EQ(totals.connections.peak, 2u);
  EXPECT_EQ(totals.locks.still_waiting, 2u);
  EXPECT_EQ(totals.locks.acquired, 2u);
  EXPECT_EQ(totals.locks.objects.at("items").waits, 2u);
  ASSERT_EQ(totals.deadlocks.size(), 1u);
  EXPECT_NE(totals.deadlocks[0].detail.find("blocked by process"), std::string::npos);
  EXPECT_EQ(totals.temp_files.count, 5u);
  EXPECT_EQ(totals.checkpoints.complete, 1u);
  EXPECT_EQ(totals.checkpoints.requested, 1u);
  EXPECT_EQ(totals.checkpoints.buffers, 199u);
  EXPECT_EQ(totals.maintenance.at("postgres.public.items").vacuums, 2u);
  EXPECT_EQ(totals.plans_seen, 7u);
  EXPECT_EQ(EventOf(totals, Event::kUniqueViolation).count, 1u);
  EXPECT_EQ(EventOf(totals, Event::kStatementTimeout).count, 1u);
  EXPECT_EQ(EventOf(totals, Event::kSyntaxError).count, 1u);
  // RAISE LOG: the one message that the server did not write itself.
  EXPECT_EQ(EventOf(totals, Event::kUnrecognized).count, 1u);
  const QueryStats* in_list = QueryLike(totals, "from items where id = $1");
  ASSERT_NE(in_list, nullptr);
  const QueryStats* spilled = QueryLike(totals, "from items i, items j");
  ASSERT_NE(spilled, nullptr);
  EXPECT_GT(spilled->temp_bytes, 1000000u);
  const QueryStats* bound = QueryLike(totals, "price = price + $2");
  ASSERT_NE(bound, nullptr);
  EXPECT_EQ(bound->calls, 20u);
  EXPECT_EQ(bound->parses, 2u);
  EXPECT_EQ(bound->binds, 20u);
  EXPECT_TRUE(bound->parameters.starts_with("$1 = '")) << bound->parameters;
}

TEST(WorkloadTest, DurationsJoinTheirStatements) {
  const Workload workload = WorkloadOf(SampleLog("pg15_pairs.log"), Prefix(kSamplePrefix));
  const WorkloadTotals& totals = workload.totals();
  EXPECT_EQ(totals.statements, 23u);
  // Parse and bind of 20 executions.
  EXPECT_EQ(totals.unattributed_durations, 40u);
  const QueryStats* bound = QueryLike(totals, "price = price + $2");
  ASSERT_NE(bound, nullptr);
  EXPECT_EQ(bound->calls, 10u);
  EXPECT_EQ(bound->timed_calls, 10u);
  const QueryStats* broken = QueryLike(totals, "select broken");
  ASSERT_NE(broken, nullptr);
  // It was logged before it ran, and failed.
  EXPECT_EQ(broken->calls, 0u);
  EXPECT_EQ(broken->timed_calls, 0u);
  EXPECT_EQ(broken->errors, 1u);
}

TEST(WorkloadTest, ParseAndBindAreNoCalls) {
  const Workload workload = Lines({{1, "LOG:  duration: 0.100 ms  parse s: select 1"},
                                   {1, "LOG:  duration: 0.200 ms  bind s/p:1: select 1"},
                                   {1, "LOG:  duration: 0.400 ms  execute s/p:1: select 1"},
                                   {1, "LOG:  duration: 0.800 ms  execute fetch from s: select 1"},
                                   {1,
                                    "LOG:  duration: 99.000 ms  plan:\n\tQuery Text: select 1\n\t"
                                    "Result  (cost=0.00..0.01 rows=1 width=4)"}});
  ASSERT_EQ(workload.totals().queries.size(), 1u);
  const QueryStats& query = workload.totals().queries[0];
  EXPECT_EQ(query.calls, 1u);
  EXPECT_EQ(query.total_us, 1200);
  EXPECT_EQ(query.max_us, 400);
  EXPECT_EQ(query.parse_us, 100);
  EXPECT_EQ(query.bind_us, 200);
  EXPECT_EQ(query.fetches, 1u);
  ASSERT_EQ(workload.totals().plans.size(), 1u);
  EXPECT_EQ(workload.totals().plans[0].query, "select 1");
  EXPECT_EQ(workload.totals().plans[0].query_id, query.id);
}

TEST(WorkloadTest, LiteralsParametersAndListsAreOneQuery) {
  const Workload workload = Lines(
      {{1, "LOG:  duration: 1.000 ms  statement: SELECT * FROM t WHERE a IN (1,2,3)"},
       {1, "LOG:  duration: 2.000 ms  statement: select *  from t where a in (4) ;"},
       {1, "LOG:  duration: 4.000 ms  execute <unnamed>: select * from t where a in ($1, $2)"}});
  ASSERT_EQ(workload.totals().queries.size(), 1u);
  EXPECT_EQ(workload.totals().queries[0].calls, 3u);
  EXPECT_EQ(workload.totals().queries[0].total_us, 7000);
}

TEST(WorkloadTest, TemporaryFilesWaitForTheirStatement) {
  const Workload workload =
      Lines({{1, "LOG:  temporary file: path \"base/pgsql_tmp/pgsql_tmp1.0\", size 1000"},
             {2, "LOG:  duration: 1.000 ms  statement: select 2 from other"},
             {1, "LOG:  temporary file: path \"base/pgsql_tmp/pgsql_tmp1.1\", size 500"},
             {1, "LOG:  duration: 1.000 ms  statement: select 1 from big"}});
  EXPECT_EQ(QueryLike(workload.totals(), "big")->temp_bytes, 1500u);
  EXPECT_EQ(QueryLike(workload.totals(), "other")->temp_bytes, 0u);
  EXPECT_EQ(workload.totals().temp_files.bytes_max, 1000u);
}

TEST(WorkloadTest, MaintenanceOfAllReleases) {
  const Workload workload =
      Lines({{1,
              "LOG:  automatic aggressive vacuum to prevent wraparound of table \"a.b.c\": index "
              "scans: 2\n"
              "\tpages: 1 removed, 2 remain, 3 scanned (1.00% of total), 4 eagerly scanned\n"
              "\ttuples: 5 removed, 6 remain, 7 are dead but not yet removable\n"
              "\tremovable cutoff: 9, which was 8 XIDs old when operation ended\n"
              "\tbuffer usage: 1 hits, 2 reads, 3 dirtied\n"
              "\tWAL usage: 1 records, 2 full page images, 345 bytes, 0 buffers full\n"
              "\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 1.25 s"},
             {1,
              "LOG:  automatic analyze of table \"a.b.c\" system usage: CPU: user: 0.00 s, system: "
              "0.00 s, "
              "elapsed: 0.50 s"}});
  const TableMaintenance& table = workload.totals().maintenance.at("a.b.c");
  EXPECT_EQ(table.vacuums, 1u);
  EXPECT_EQ(table.aggressive, 1u);
  EXPECT_EQ(table.wraparound, 1u);
  EXPECT_EQ(table.index_scans_max, 2u);
  EXPECT_EQ(table.tuples_removed, 5u);
  EXPECT_EQ(table.tuples_not_removable_max, 7u);
  EXPECT_EQ(table.cutoff_age_max, 8u);
  EXPECT_EQ(table.wal_bytes, 345u);
  EXPECT_EQ(table.vacuum_us, 1250000);
  EXPECT_EQ(table.analyze_us, 500000);
}

TEST(WorkloadTest, RedactedKeepsNoLiteral) {
  const std::string log =
      "2026-11-23 22:35:14.123 UTC [1] LOG:  duration: 1.0 ms  statement: select 'secret' from t\n"
      "2026-11-23 22:35:14.123 UTC [1] ERROR:  invalid input syntax for type integer: \"secret\"\n"
      "2026-11-23 22:35:14.123 UTC [1] DETAIL:  Key (a)=(secret) is bad.\n"
      "2026-11-23 22:35:14.123 UTC [1] STATEMENT:  select 'secret'::int\n";
  Workload workload({.redact = true});
  const LinePrefix prefix = Prefix("%m [%p] ");
  LogReader reader(log, 0, prefix);
  LogRecord record;
  while (reader.Next(&record)) workload.Add(record);
  workload.Finish(1);
  EXPECT_EQ(WorkloadText(workload.totals()).find("secret"), std::string::npos);
}

std::string ReadSample(size_t jobs, size_t block_bytes, LogFileResult* result) {
  const std::vector<LogFile> files = {{SampleLogPath("pg15_stderr.log"), FileId{0}},
                                      {SampleLogPath("pg15_pairs.log"), FileId{1}}};
  LogOptions options;
  options.jobs = jobs;
  options.block_bytes = block_bytes;
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, options, &results);
  *result = results[0];
  return WorkloadText(workload.totals());
}

TEST(ReadLogsTest, SameForAllJobsAndBlocks) {
  LogFileResult whole_result;
  const std::string whole = ReadSample(1, size_t{4} << 20, &whole_result);
  EXPECT_EQ(whole_result.line_prefix, kSamplePrefix);
  EXPECT_EQ(whole_result.record_bytes + whole_result.skipped_bytes, whole_result.bytes);
  EXPECT_EQ(whole_result.lines, 597u);
  for (size_t jobs : {1, 4}) {
    for (size_t block_bytes : {1, 200, 777, 5000, 100000}) {
      LogFileResult result;
      EXPECT_EQ(ReadSample(jobs, block_bytes, &result), whole) << jobs << ' ' << block_bytes;
      EXPECT_EQ(result.record_bytes + result.skipped_bytes, result.bytes);
      EXPECT_EQ(result.lines, whole_result.lines);
    }
  }
}

// log_statement writes a statement before it runs; the server counts those that ran to their end.
TEST(ReadLogsTest, StatementsThatFailAreNoCalls) {
  const std::string path = testing::TempDir() + "/failing.log";
  std::ofstream(path) << "2026-11-23 10:00:00 UTC [7] u@d LOG:  statement: SELECT 1 / n FROM t\n"
                         "2026-11-23 10:00:01 UTC [7] u@d LOG:  duration: 2.000 ms\n"
                         "2026-11-23 10:00:02 UTC [7] u@d LOG:  statement: SELECT 1 / n FROM t\n"
                         "2026-11-23 10:00:02 UTC [8] u@d LOG:  statement: SELECT 2 / n FROM t\n"
                         "2026-11-23 10:00:03 UTC [7] u@d LOG:  temporary file: path "
                         "\"base/pgsql_tmp/pgsql_tmp7.0\", size 1000\n"
                         "2026-11-23 10:00:03 UTC [7] u@d ERROR:  division by zero\n"
                         "2026-11-23 10:00:03 UTC [7] u@d STATEMENT:  SELECT 1 / n FROM t\n"
                         "2026-11-23 10:00:04 UTC [8] u@d LOG:  duration: 3.000 ms\n"
                         "2026-11-23 10:00:05 UTC [8] u@d LOG:  statement: DELETE FROM t\n"
                         "2026-11-23 10:00:06 UTC [8] u@d ERROR:  syntax error at or near \"x\"\n"
                         "2026-11-23 10:00:06 UTC [8] u@d STATEMENT:  x\n"
                         "2026-11-23 10:00:07 UTC [9] v@d LOG:  statement: UPDATE t SET n = 1\n"
                         "2026-11-23 10:00:08 UTC [9] v@d FATAL:  terminating connection\n"
                         "2026-11-23 10:00:08 UTC [9] v@d STATEMENT:  UPDATE t SET n = 1\n";
  std::string first;
  for (size_t block_bytes : {1, 150, 300, 100000}) {
    const std::vector<LogFile> files = {{path, FileId{0}}};
    LogOptions options;
    options.jobs = 2;
    options.block_bytes = block_bytes;
    std::vector<LogFileResult> results;
    const Workload workload = ReadLogs(files, options, &results);
    const WorkloadTotals& totals = workload.totals();
    EXPECT_EQ(totals.statements, 3u);
    std::map<std::string, uint64_t> calls;
    for (const QueryStats& query : totals.queries) calls[query.query] = query.calls;
    EXPECT_EQ(calls["SELECT $1 / n FROM t"], 2u);
    EXPECT_EQ(calls["DELETE FROM t"], 1u);
    EXPECT_EQ(QueryLike(totals, "SELECT $1 / n")->temp_bytes, 1000u);
    EXPECT_EQ(calls["UPDATE t SET n = $1"], 0u);
    const std::string text = WorkloadText(totals);
    if (first.empty()) first = text;
    EXPECT_EQ(text, first) << block_bytes;
  }
  std::remove(path.c_str());
}

// More queries than a thread tallies, and more than there is room for; durations with and without
// their text, many of the same length. `clients`: of each user.
void ExpectSameForAllJobs(size_t clients) {
  std::mt19937 random(3);
  std::string log;
  auto line = [&log, &random, clients, time = 0](uint32_t pid, const std::string& text) mutable {
    const int second = time++ / 100;
    char clock[16];
    std::snprintf(clock, sizeof(clock), "%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60,
                  second % 60);
    log += std::string("2026-11-23 ") + clock + " UTC [" + std::to_string(pid) + "] u" +
           std::to_string(pid % 7) + "@d,10.0." + std::to_string(pid % 7) + '.' +
           std::to_string(random() % clients) + " LOG:  " + text + '\n';
  };
  for (int i = 0; i < 15000; ++i) {
    const auto pid = static_cast<uint32_t>(100 + random() % 90);
    // Some queries come often, most seldom.
    const size_t query = random() % (random() % 3 == 0 ? 4000 : 40);
    std::string text = "SELECT c" + std::to_string(query) + " FROM t WHERE id = ";
    text += std::to_string(random() % 100000);
    const std::string duration = "duration: " + std::to_string(random() % 40 * 10) + "." +
                                 (random() % 2 == 0 ? "000" : "500") + " ms";
    if (random() % 4 == 0) {
      line(pid, "statement: " + text);
      line(pid, duration);
    } else {
      line(pid, duration + "  statement: " + text);
    }
  }
  const std::string path = testing::TempDir() + "/many_queries.log";
  std::ofstream(path) << log;
  for (size_t shapes_max : {20u, 1500u}) {
    std::string first;
    for (size_t jobs : {1, 2, 5}) {
      for (size_t block_bytes : {100000, 1000000}) {
        const std::vector<LogFile> files = {{path, FileId{0}}};
        LogOptions options;
        options.jobs = jobs;
        options.block_bytes = block_bytes;
        options.shapes_max = shapes_max;
        std::vector<LogFileResult> results;
        const Workload workload = ReadLogs(files, options, &results);
        EXPECT_EQ(workload.totals().statements, 15000u);
        const std::string text = WorkloadText(workload.totals());
        if (first.empty()) first = text;
        ASSERT_EQ(text, first) << shapes_max << ' ' << jobs << ' ' << block_bytes;
      }
    }
    // The tally is a shortcut: without it the figures are the same.
    LogOptions options;
    options.shapes_max = shapes_max;
    options.publish = [](const Workload&, const std::vector<LogFileResult>&) {};
    const std::vector<LogFile> files = {{path, FileId{0}}};
    std::vector<LogFileResult> results;
    EXPECT_EQ(WorkloadText(ReadLogs(files, options, &results).totals()), first) << shapes_max;
  }
  std::remove(path.c_str());
}

TEST(ReadLogsTest, SameForAllJobsWithManyQueries) { ExpectSameForAllJobs(8); }
// More kinds of sessions than a thread tallies, and more than there is room for.
TEST(ReadLogsTest, SameForAllJobsWithManyClients) {
  ExpectSameForAllJobs(200);
  ExpectSameForAllJobs(800);
}

// The server wrote these three at the same time.
TEST(ReadLogsTest, AllFormatsSayTheSame) {
  std::vector<std::string> said;
  for (const char* name : {"pg15_stderr.log", "pg15.csv", "pg15.json"}) {
    for (size_t block_bytes : {size_t{1} << 20, size_t{1000}}) {
      const std::vector<LogFile> files = {{SampleLogPath(name), FileId{0}}};
      LogOptions options;
      options.jobs = 2;
      options.block_bytes = block_bytes;
      std::vector<LogFileResult> results;
      const Workload workload = ReadLogs(files, options, &results);
      EXPECT_EQ(results[0].error, "");
      EXPECT_EQ(results[0].records, 193u);
      EXPECT_EQ(results[0].record_bytes, results[0].bytes);
      const WorkloadTotals& totals = workload.totals();
      std::string text = std::to_string(totals.statements) + ' ' + std::to_string(totals.total_us) +
                         ' ' + std::to_string(totals.last_us) + '\n';
      for (const QueryStats& query : totals.queries) {
        text += query.id + ' ' + query.query + ' ' + std::to_string(query.calls) + ' ' +
                std::to_string(query.total_us) + ' ' + std::to_string(query.temp_bytes) + ' ' +
                (query.applications.empty() ? "" : query.applications.front().name) + '\n' +
                query.example + query.parameters + '\n';
      }
      for (size_t i = 0; i < kEventCount; ++i) text += std::to_string(totals.events[i].count) + ' ';
      for (const LockWait& wait : totals.locks.examples) text += wait.object + wait.statement;
      for (const Deadlock& deadlock : totals.deadlocks) text += deadlock.detail;
      for (const LoggedPlan& plan : totals.plans) text += plan.query_id + plan.text;
      said.push_back(text);
    }
  }
  for (const std::string& text : said) EXPECT_EQ(text, said.front());
}

TEST(ReadLogsTest, FiltersRecords) {
  const std::vector<LogFile> files = {{SampleLogPath("pg15_stderr.log"), FileId{0}}};
  LogOptions options;
  options.filter.applications = {"pgbench"};
  options.filter.include = {"update items"};
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, options, &results);
  ASSERT_EQ(workload.totals().queries.size(), 1u);
  EXPECT_EQ(workload.totals().statements, 20u);
  EXPECT_EQ(results[0].filtered_records + workload.totals().records, results[0].records);
}

TEST(ReadLogsTest, NamesWhatCannotBeRead) {
  const std::vector<LogFile> files = {
      {"/nonexistent/x.log", FileId{0}},
      {std::string(PGSIFT_SOURCE_DIR) + "/CMakeLists.txt", FileId{1}}};
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, LogOptions(), &results);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_NE(results[0].error, "");
  EXPECT_NE(results[1].error, "");
  EXPECT_EQ(results[1].skipped_bytes, results[1].bytes);
  EXPECT_EQ(workload.totals().records, 0u);
}

TEST(ReadLogsTest, TellsLogsFromOtherFiles) {
  std::string format;
  EXPECT_TRUE(LooksLikeLog(SampleLog("pg15_stderr.log"), &format));
  EXPECT_EQ(format, "stderr");
  EXPECT_FALSE(LooksLikeLog("CREATE TABLE t (a int);\n-- LOG:  not one\n", &format));
  EXPECT_FALSE(LooksLikeLog("", &format));
}

}  // namespace
}  // namespace pgsift
