#include "ingest/log/log_reader.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

constexpr std::string_view kLog =
    "torn end of a record\n"
    "2026-11-23 22:35:14.100 UTC [7] ERROR:  relation \"x\" does not exist at character 15\n"
    "2026-11-23 22:35:14.100 UTC [7] HINT:  look\n"
    "\tcloser\n"
    "2026-11-23 22:35:14.100 UTC [7] STATEMENT:  select *\n"
    "\t\tfrom x\n"
    "2026-11-23 22:35:14.200 UTC [8] LOG:  00000: duration: 1.5 ms  statement: select 1\n"
    "2026-11-23 22:35:14.200 UTC [8] LOCATION:  exec_simple_query, postgres.c:1\n"
    "TopMemoryContext: 9 total in 1 blocks; 1 free (1 chunks); 8 used\n"
    "Grand total: 9 bytes in 1 blocks; 1 free (1 chunks); 8 used\n"
    "2026-11-23 22:35:14.300 UTC [9] STATEMENT:  of nobody\n"
    "2026-11-23 22:35:14.400 UTC [9] FATAL:  out of memory";

TEST(LogReaderTest, JoinsTheLinesOfARecord) {
  const LinePrefix prefix = Prefix("%m [%p] ");
  LogReader reader(kLog, 1000, prefix);
  std::vector<LogRecord> records;
  LogRecord record;
  while (reader.Next(&record)) records.push_back(record);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].offset, 1021u);
  EXPECT_EQ(records[0].line, 1u);
  EXPECT_EQ(records[0].message, "relation \"x\" does not exist at character 15");
  EXPECT_EQ(WithoutTabs(records[0].hint), "look\ncloser");
  EXPECT_EQ(WithoutTabs(records[0].statement), "select *\n\tfrom x");
  EXPECT_EQ(records[1].message, "duration: 1.5 ms  statement: select 1");
  EXPECT_EQ(records[1].sqlstate, "00000");
  EXPECT_EQ(records[2].level, LogLevel::kFatal);
  EXPECT_EQ(records[2].pid, 9u);
}

TEST(LogReaderTest, CountsEveryByteOnce) {
  const LinePrefix prefix = Prefix("%m [%p] ");
  LogReader reader(kLog, 0, prefix);
  LogRecord record;
  while (reader.Next(&record)) {
  }
  EXPECT_EQ(reader.records(), 3u);
  EXPECT_EQ(reader.record_bytes() + reader.damage().bytes, kLog.size());
  EXPECT_EQ(reader.damage().records, 2u);
  EXPECT_EQ(reader.damage().first_line, 1u);
  EXPECT_EQ(reader.lines(), 12u);
}

TEST(LogReaderTest, ReadsWindowsLineEnds) {
  const LinePrefix prefix = Prefix("%m [%p] ");
  constexpr std::string_view kText = "2026-11-23 22:35:14.100 UTC [7] LOG:  a\r\n\tb\r\n";
  LogReader reader(kText, 0, prefix);
  LogRecord record;
  ASSERT_TRUE(reader.Next(&record));
  EXPECT_EQ(WithoutTabs(record.message), "a\nb");
}

TEST(LogReaderTest, ReadsOnWhereThePrefixChanges) {
  const LinePrefix prefix = Prefix("%m [%p] ");
  constexpr std::string_view kText =
      "2026-11-23 22:35:14.100 UTC [7] LOG:  a\n"
      "<2026-11-23 22:35:14.100 UTC 7> ERROR:  b\n"
      "<2026-11-23 22:35:14.100 UTC 7> STATEMENT:  select\n"
      "\tc\n"
      "2026-11-23 22:35:14.100 UTC [7] LOG:  d\n"
      "rsync: no time here ERROR:  e\n";
  LogReader reader(kText, 0, prefix);
  LogRecord record;
  ASSERT_TRUE(reader.Next(&record));
  EXPECT_EQ(record.message, "a");
  ASSERT_TRUE(reader.Next(&record));
  EXPECT_EQ(record.message, "b");
  EXPECT_EQ(WithoutTabs(record.statement), "select\nc");
  EXPECT_TRUE(record.has_time);
  ASSERT_TRUE(reader.Next(&record));
  EXPECT_EQ(WithoutTabs(record.message), "d\nrsync: no time here ERROR:  e");
  EXPECT_FALSE(reader.Next(&record));
  EXPECT_EQ(reader.record_bytes(), kText.size());
}

TEST(SplitterTest, FindsRecordStartsOnly) {
  const LinePrefix prefix = Prefix("%m [%p] ");
  const size_t error = kLog.find("2026");
  EXPECT_EQ(NextRecordStart(kLog, 0, Syntax(prefix)), error);
  EXPECT_EQ(NextRecordStart(kLog, error, Syntax(prefix)), error);
  EXPECT_EQ(NextRecordStart(kLog, error + 1, Syntax(prefix)), kLog.find("2026-11-23 22:35:14.200"));
  EXPECT_EQ(LastRecordStart(kLog, Syntax(prefix)), kLog.rfind("2026"));
  EXPECT_EQ(NextRecordStart(kLog, kLog.rfind("2026") + 1, Syntax(prefix)), kLog.npos);
}

template <typename Reader>
void ExpectTornIsCounted(const std::string& log, std::string_view torn) {
  const size_t middle = log.find('\n', log.size() / 2) + 1;
  size_t begin = middle;
  while (begin < log.size() &&
         !(std::is_same_v<Reader, CsvReader> ? BeginsCsvRecord(log, begin) : log[begin] == '{')) {
    begin = log.find('\n', begin) + 1;
  }
  const std::string damaged = std::string(torn) + log.substr(0, begin) + std::string(torn) +
                              log.substr(begin, log.size() - begin - 10);
  Reader reader(damaged, 0);
  LogRecord record;
  while (reader.Next(&record)) {
  }
  EXPECT_EQ(reader.record_bytes() + reader.damage().bytes, damaged.size());
  EXPECT_GE(reader.records(), 192u);
  EXPECT_GE(reader.damage().records, 2u);
  EXPECT_EQ(reader.damage().first_line, 1u);
}

TEST(CsvReaderTest, TornRecordsAreCounted) {
  ExpectTornIsCounted<CsvReader>(SampleLog("pg15.csv"), "end\" of one,,,\n");
}

TEST(CsvReaderTest, UnescapesQuotes) {
  const std::string log =
      "2026-11-23 22:35:14.123 UTC,\"bob\",\"shop\",7,\"::1:5544\",6566c9ce.7,3,\"SELECT\","
      "2026-11-23 22:35:14 UTC,3/4,0,ERROR,42P01,\"relation \"\"x\"\" does\nnot exist\",,,,,,"
      "\"select 1\",15,,\"psql\"\n";
  CsvReader reader(log, 100);
  LogRecord record;
  ASSERT_TRUE(reader.Next(&record));
  EXPECT_EQ(record.message, "relation \"x\" does\nnot exist");
  EXPECT_EQ(record.client, "::1");
  EXPECT_EQ(record.statement, "select 1");
  EXPECT_EQ(record.sqlstate, "42P01");
  EXPECT_EQ(record.pid, 7u);
  EXPECT_EQ(record.offset, 100u);
  EXPECT_EQ(record.level, LogLevel::kError);
  EXPECT_FALSE(reader.Next(&record));
  EXPECT_EQ(reader.lines(), 2u);
}

TEST(JsonLogReaderTest, TornRecordsAreCounted) {
  ExpectTornIsCounted<JsonLogReader>(SampleLog("pg15.json"), "{\"timestamp\": torn\n");
}

}  // namespace
}  // namespace pgsift
