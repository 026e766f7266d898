// The same log in all that other programs wrap it in says the same.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "ingest/log/read_logs.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

using nlohmann::json;

// What a log says, without where it says it.
std::string Said(const WorkloadTotals& totals) {
  std::string text = std::to_string(totals.records) + ' ' + std::to_string(totals.statements) +
                     ' ' + std::to_string(totals.total_us) + ' ' + std::to_string(totals.last_us) +
                     ' ' + std::to_string(totals.sessions) + '\n';
  for (const QueryStats& query : totals.queries) {
    text += query.id + ' ' + query.query + ' ' + std::to_string(query.calls) + ' ' +
            std::to_string(query.total_us) + ' ' + std::to_string(query.temp_bytes) + ' ' +
            std::to_string(query.errors) + '\n' + query.example + query.parameters + '\n';
  }
  for (size_t i = 0; i < kEventCount; ++i) text += std::to_string(totals.events[i].count) + ' ';
  for (const LockWait& wait : totals.locks.examples) text += wait.holders + wait.statement;
  for (const Deadlock& deadlock : totals.deadlocks) text += deadlock.detail + deadlock.statement;
  return text;
}

struct Outcome {
  std::string said;
  LogFileResult result;
};

Outcome ReadText(const std::string& text, size_t block_bytes, const std::string& format = "") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("pgsift_wrapped_" + std::to_string(::getpid()) + "_" +
       testing::UnitTest::GetInstance()->current_test_info()->name());
  std::ofstream(path, std::ios::binary) << text;
  const std::vector<LogFile> files = {{path.string(), FileId{0}}};
  LogOptions options;
  options.jobs = 2;
  options.block_bytes = block_bytes;
  options.format = format;
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, options, &results);
  std::filesystem::remove(path);
  return {Said(workload.totals()), results[0]};
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool BeginsWithTime(const std::string& line) { return line.starts_with("2026-"); }

// The lines of a record and of its DETAIL, STATEMENT …, which the server writes at once.
std::vector<std::vector<std::string>> Records(const std::string& log) {
  std::vector<std::vector<std::string>> records;
  for (const std::string& line : LinesOf(log)) {
    bool begins = BeginsWithTime(line);
    for (const char* label : {"DETAIL:  ", "HINT:  ", "STATEMENT:  ", "CONTEXT:  ", "QUERY:  "}) {
      const size_t at = line.find(label);
      begins &= at == std::string::npos || at > 90;
    }
    if (begins || records.empty()) records.emplace_back();
    records.back().push_back(line);
  }
  return records;
}

uint32_t PidOf(const std::string& line) {
  return static_cast<uint32_t>(std::stoul(line.substr(line.find('[') + 1)));
}

// What write_syslog() makes of a record: one message a line, cut at spaces before 900 bytes.
std::vector<std::string> Chunks(const std::vector<std::string>& lines, size_t sequence) {
  std::vector<std::string> chunks;
  int chunk = 0;
  for (std::string rest : lines) {
    do {
      size_t size = std::min<size_t>(rest.size(), 900);
      if (size < rest.size() && rest[size] != ' ') {
        const size_t space = rest.rfind(' ', size - 1);
        if (space != std::string::npos && space > 0) size = space;
      }
      chunks.push_back("[" + std::to_string(sequence) + "-" + std::to_string(++chunk) + "] " +
                       rest.substr(0, size));
      rest.erase(0, size);
    } while (!rest.empty());
  }
  return chunks;
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (char c : text) out += c == '\t' ? "#011" : std::string(1, c);
  return out;
}

// A statement longer than a syslog message, with spaces and without.
std::string Sample() {
  std::string log = SampleLog("pg15_stderr.log");
  std::string list;
  for (int i = 0; i < 700; ++i) list += std::to_string(i) + ", ";
  const std::string front = "2026-11-24 13:50:00.000 CET [999] postgres@postgres/psql ";
  log += front + "LOG:  duration: 9.000 ms  statement: select * from items where id in (" + list +
         "7)\n\t  and name = '" + std::string(2500, 'x') + "'\n";
  log += front + "ERROR:  division by zero\n" + front + "STATEMENT:  select 1 / 0\n";
  return log;
}

void ExpectSame(const std::string& wrapped, const std::string& format,
                const std::string& plain = Sample()) {
  const Outcome expected = ReadText(plain, size_t{1} << 20);
  ASSERT_EQ(expected.result.error, "");
  for (size_t block_bytes : {size_t{1} << 20, size_t{3000}, size_t{1}}) {
    const Outcome got = ReadText(wrapped, block_bytes);
    EXPECT_EQ(got.result.error, "") << format;
    EXPECT_EQ(got.result.format, format);
    EXPECT_EQ(got.result.bytes, wrapped.size());
    EXPECT_EQ(got.result.record_bytes + got.result.skipped_bytes, got.result.bytes) << format;
    EXPECT_EQ(got.result.skipped_bytes, 0u) << format;
    EXPECT_EQ(got.result.lines,
              static_cast<uint64_t>(std::count(wrapped.begin(), wrapped.end(), '\n')) +
                  !wrapped.ends_with('\n'));
    EXPECT_EQ(got.said, expected.said) << format << ' ' << block_bytes;
  }
}

std::string EachLine(const std::function<std::string(const std::string&)>& wrap) {
  std::string out;
  for (const std::string& line : LinesOf(Sample())) out += wrap(line) + '\n';
  return out;
}

TEST(WrappedLogsTest, Docker) {
  std::string out;
  for (const std::string& line : LinesOf(Sample())) {
    // Long lines come in pieces.
    const std::string text = line + "\n";
    for (size_t at = 0; at < text.size(); at += 1000) {
      out += json{{"log", text.substr(at, 1000)},
                  {"stream", "stderr"},
                  {"time", "2026-11-24T12:46:22.394123456Z"}}
                 .dump() +
             "\n";
    }
  }
  ExpectSame(out, "docker");
}

// Fluent Bit's parsers take the newlines off.
TEST(WrappedLogsTest, DockerWithoutNewlines) {
  std::string out;
  for (const std::string& line : LinesOf(Sample())) {
    if (line.empty()) continue;
    out += json{{"date", 1795949478.5}, {"log", line}, {"stream", "stderr"}}.dump() + "\n";
  }
  ExpectSame(out, "docker");
}

TEST(WrappedLogsTest, Cri) {
  ExpectSame(EachLine([](const std::string& line) {
               const std::string front = "2026-11-24T12:46:22.394123456+01:00 stderr ";
               if (line.size() < 500) return front + "F " + line;
               return front + "P " + line.substr(0, 300) + "\n" + front + "F " + line.substr(300);
             }),
             "cri");
}

TEST(WrappedLogsTest, CloudWatch) {
  ExpectSame(EachLine([](const std::string& line) {
               return BeginsWithTime(line) ? "2026-11-24T12:46:22.000Z " + line : line;
             }),
             "cloudwatch");
}

std::string Syslog(const std::function<std::string(uint32_t, const std::string&)>& header,
                   bool escape) {
  std::string out;
  size_t sequence = 0;
  for (const std::vector<std::string>& record : Records(Sample())) {
    for (const std::string& chunk : Chunks(record, ++sequence)) {
      out += header(PidOf(record.front()), escape ? Escaped(chunk) : chunk) + "\n";
    }
  }
  return out;
}

TEST(WrappedLogsTest, Syslog3164) {
  ExpectSame(Syslog(
                 [](uint32_t pid, const std::string& chunk) {
                   return "Nov 24 13:46:22 db-1 postgres[" + std::to_string(pid) + "]: " + chunk;
                 },
                 true),
             "syslog");
}

TEST(WrappedLogsTest, Syslog5424) {
  ExpectSame(Syslog(
                 [](uint32_t pid, const std::string& chunk) {
                   return "<134>1 2026-11-24T13:46:22.394123+01:00 db-1 postgres " +
                          std::to_string(pid) + " - [meta@1 a=\"x]\\\"y\"] " + chunk;
                 },
                 true),
             "syslog");
}

// Lines of other processes stand between the parts of a message.
TEST(WrappedLogsTest, SyslogInterleaved) {
  std::vector<std::vector<std::string>> queues;
  std::vector<uint32_t> pids;
  size_t sequence = 0;
  for (const std::vector<std::string>& record : Records(Sample())) {
    queues.emplace_back();
    pids.push_back(PidOf(record.front()));
    for (const std::string& chunk : Chunks(record, ++sequence)) {
      queues.back().push_back("2026-11-24T13:46:22.394123+01:00 db-1 postgres[" +
                              std::to_string(PidOf(record.front())) + "]: " + Escaped(chunk));
    }
  }
  std::string out;
  for (size_t i = 0; i < queues.size(); ++i) {
    // A record of another process begins before this one has ended.
    const bool mix = i + 1 < queues.size() && queues[i].size() > 1 && pids[i] != pids[i + 1];
    if (mix) {
      out += queues[i][0] + "\n" + queues[i + 1][0] + "\n";
      queues[i].erase(queues[i].begin());
      queues[i + 1].erase(queues[i + 1].begin());
    }
    for (const std::string& line : queues[i]) out += line + "\n";
  }
  ExpectSame(out, "syslog");
}

TEST(WrappedLogsTest, Heroku) {
  ExpectSame(Syslog(
                 [](uint32_t pid, const std::string& chunk) {
                   return "2026-11-24T12:46:22+00:00 app[postgres." + std::to_string(pid) +
                          "]: [DATABASE] " + chunk;
                 },
                 false),
             "heroku");
}

TEST(WrappedLogsTest, CloudSql) {
  json entries = json::array();
  std::string lines;
  // One entry for each group of lines.
  for (const std::string& line : LinesOf(Sample())) {
    if (!BeginsWithTime(line)) {
      entries.back()["textPayload"] =
          entries.back()["textPayload"].get<std::string>() + "\n" + line;
      continue;
    }
    entries.push_back({{"insertId", "x"},
                       {"logName", "projects/p/logs/cloudsql.googleapis.com%2Fpostgres.log"},
                       {"resource", {{"type", "cloudsql_database"}}},
                       {"severity", "INFO"},
                       {"textPayload", line},
                       {"timestamp", "2026-11-24T12:46:22.394123Z"}});
  }
  for (const json& entry : entries) lines += entry.dump() + "\n";
  ExpectSame(lines, "cloudsql");
  ExpectSame(entries.dump(2), "cloudsql");
  ExpectSame(entries.dump(), "cloudsql");
}

TEST(WrappedLogsTest, Azure) {
  json records = json::array();
  for (const std::vector<std::string>& record : Records(Sample())) {
    std::string text;
    for (const std::string& line : record) text += (text.empty() ? "" : "\n") + line;
    records.push_back({{"properties", {{"message", text}, {"processId", PidOf(text)}}},
                       {"time", "2026-11-24T12:46:22Z"},
                       {"resourceId", "/SUBSCRIPTIONS/X"},
                       {"category", "PostgreSQLLogs"}});
  }
  std::string lines;
  for (const json& record : records) lines += record.dump() + "\n";
  ExpectSame(lines, "azure");
  ExpectSame(json{{"records", records}}.dump(), "azure");
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

TEST(WrappedLogsTest, RowsOfAzureLogAnalytics) {
  std::string diagnostics =
      "TenantId,\"TimeGenerated [UTC]\",ResourceId,Category,Message,errorLevel_s,processId_d\n";
  std::string tables = "\xef\xbb\xbfTimeGenerated,BackendType,ErrorLevel,Message,ProcessId\r\n";
  std::string insights = "@timestamp,@message\n";
  for (const std::vector<std::string>& record : Records(Sample())) {
    std::string text;
    for (const std::string& line : record) text += (text.empty() ? "" : "\n") + line;
    const std::string pid = std::to_string(PidOf(text));
    diagnostics += "x,\"11/24/2026, 12:46:22.394 PM\",/SUBSCRIPTIONS/X,PostgreSQLLogs," +
                   Quoted(text) + ",LOG," + pid + "\n";
    tables += "2026-11-24T12:46:22.394123Z,client backend,LOG," + Quoted(text) + "," + pid + "\r\n";
    insights += "2026-11-24 12:46:22.394," + Quoted(text) + "\n";
  }
  ExpectSame(diagnostics, "csv-export");
  ExpectSame(tables, "csv-export");
  ExpectSame(insights, "csv-export");
}

// Where log_line_prefix is cut off, the row's own columns say when, who and how grave.
TEST(WrappedLogsTest, RowsWithTheLevelApart) {
  const Outcome outcome = ReadText(
      "TimeGenerated,ErrorLevel,Message,ProcessId,Detail\n"
      "\"5/1/2024, 10:00:00.250 PM\",LOG,\"duration: 12.500 ms  statement: SELECT \"\"a\"\",\n b "
      "FROM t\",77,\n"
      "\"5/1/2024, 12:00:01.000 AM\",ERROR,\"duplicate key value violates unique constraint "
      "\"\"t_pkey\"\"\",78,Key (id)=(1) already exists.\n"
      "one,row,too,many,fields,here\n",
      1 << 20);
  EXPECT_EQ(outcome.result.format, "csv-export");
  EXPECT_EQ(outcome.result.records, 2u);
  EXPECT_EQ(outcome.result.skipped_records, 1u);
  EXPECT_EQ(outcome.result.first_skipped_line, 5u);
  EXPECT_TRUE(outcome.said.starts_with("2 1 12500 1714600800250000 ")) << outcome.said;
}

TEST(WrappedLogsTest, JournaldJson) {
  std::string out;
  size_t sequence = 0;
  for (const std::vector<std::string>& record : Records(Sample())) {
    for (const std::string& chunk : Chunks(record, ++sequence)) {
      out += json{{"MESSAGE", chunk},
                  {"_PID", std::to_string(PidOf(record.front()))},
                  {"SYSLOG_IDENTIFIER", "postgres"},
                  {"__REALTIME_TIMESTAMP", "1795524382394123"}}
                 .dump() +
             "\n";
    }
  }
  ExpectSame(out, "journald");
}

TEST(WrappedLogsTest, JournaldExport) {
  std::string out;
  size_t sequence = 0;
  for (const std::vector<std::string>& record : Records(Sample())) {
    for (const std::string& chunk : Chunks(record, ++sequence)) {
      out += "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795524382394123\n_PID=" +
             std::to_string(PidOf(record.front())) + "\n";
      if (chunk.find('\t') == std::string::npos) {
        out += "MESSAGE=" + chunk + "\n\n";
        continue;
      }
      const uint64_t size = chunk.size();
      out += "MESSAGE\n" + std::string(reinterpret_cast<const char*>(&size), 8) + chunk + "\n\n";
    }
  }
  ExpectSame(out, "journald");
}

TEST(WrappedLogsTest, CloudNativePg) {
  const std::map<std::string, std::string> names = {{"timestamp", "log_time"},
                                                    {"user", "user_name"},
                                                    {"dbname", "database_name"},
                                                    {"pid", "process_id"},
                                                    {"ps", "command_tag"},
                                                    {"session_start", "session_start_time"},
                                                    {"state_code", "sql_state_code"},
                                                    {"statement", "query"},
                                                    {"vxid", "virtual_transaction_id"},
                                                    {"txid", "transaction_id"},
                                                    {"remote_host", "connection_from"}};
  std::string out, supabase;
  for (const std::string& line : LinesOf(SampleLog("pg15.json"))) {
    json record, parsed;
    const json fields = json::parse(line);
    for (const auto& [key, value] : fields.items()) {
      const auto name = names.find(key);
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      record[name == names.end() ? key : name->second] = text;
      if (key != "message") parsed[name == names.end() ? key : name->second] = text;
    }
    out += json{{"level", "info"},      {"ts", "2026-11-24T12:46:22Z"},
                {"logger", "postgres"}, {"msg", "record"},
                {"record", record},     {"logging_pod", "pg-1"}}
               .dump() +
           "\n";
    supabase +=
        json{{"event_message", record["message"]},
             {"id", "x"},
             {"metadata", json::array({{{"host", "db"}, {"parsed", json::array({parsed})}}})},
             {"timestamp", 1795524382394123}}
            .dump(1) +
        "\n";
  }
  ExpectSame(out, "cloudnativepg", SampleLog("pg15.json"));
  ExpectSame(supabase, "supabase", SampleLog("pg15.json"));
}

TEST(WrappedLogsTest, PrettyJsonLog) {
  std::string pretty;
  json all = json::array();
  for (const std::string& line : LinesOf(SampleLog("pg15.json"))) {
    pretty += json::parse(line).dump(4) + "\n";
    all.push_back(json::parse(line));
  }
  ExpectSame(pretty, "json", SampleLog("pg15.json"));
  ExpectSame(all.dump(2), "json", SampleLog("pg15.json"));
}

TEST(WrappedLogsTest, WrappedTwice) {
  std::string out;
  for (const std::string& line : LinesOf(SampleLog("pg15.json"))) {
    out += "2026-11-24T12:46:22.394123456Z stdout F " + line + "\n";
  }
  ExpectSame(out, "cri", SampleLog("pg15.json"));
}

// A prefix that lacks time and process gets them from the system logger.
TEST(WrappedLogsTest, TheWrapperGivesTimeAndProcess) {
  const std::string log =
      "Nov 24 13:46:22 db postgres[11]: [1-1] LOG:  statement: select 1\n"
      "Nov 24 13:46:23 db postgres[12]: [1-1] LOG:  statement: select now()\n"
      "Nov 24 13:46:24 db postgres[11]: [2-1] LOG:  duration: 2.000 ms\n"
      "Nov 24 13:46:24 db sshd[99]: session opened for user root\n"
      "Nov 24 13:46:25 db postgres[12]: [2-1] LOG:  duration: 3.000 ms\n";
  const Outcome outcome = ReadText(log, size_t{1} << 20);
  EXPECT_EQ(outcome.result.records, 4u);
  EXPECT_NE(outcome.said.find("4 2 5000 "), std::string::npos) << outcome.said;
  EXPECT_EQ(outcome.result.skipped_records, 1u);
  EXPECT_EQ(outcome.result.first_skipped_line, 4u);
  EXPECT_EQ(outcome.result.record_bytes + outcome.result.skipped_bytes, log.size());
}

TEST(WrappedLogsTest, TornObjectsAreCounted) {
  std::string out = "\"end of one\"}\n";
  for (const std::string& line : LinesOf(Sample())) {
    out += json{{"log", line + "\n"}, {"stream", "stderr"}}.dump() + "\n";
    if (line.find("select * from items where id = 17") != std::string::npos) {
      out += "{\"log\":\"torn\n";
    }
  }
  const Outcome outcome = ReadText(out, 5000);
  EXPECT_EQ(outcome.result.record_bytes + outcome.result.skipped_bytes, out.size());
  // With the newline that ends the object before it.
  EXPECT_EQ(outcome.result.skipped_bytes, std::string("\n{\"log\":\"torn\n").size());
  EXPECT_EQ(outcome.result.records, 195u);
}

TEST(WrappedLogsTest, Pgbouncer) {
  const std::string log =
      "2026-11-24 13:46:22.001 UTC [23] LOG kernel file descriptor limit: 1024\n"
      "2026-11-24 13:46:22.394 UTC [23] LOG C-0x55e: shop/web@10.0.0.1:4711 login attempt: db=shop "
      "user=web tls=no\n"
      "2026-11-24 13:46:22.395 UTC [23] LOG S-0x55f: shop/web@10.0.0.2:5432 new connection to "
      "server (from 10.0.0.9:3)\n"
      "2026-11-24 13:46:23.394 UTC [23] LOG C-0x55e: shop/web@10.0.0.1:4711 closing because: "
      "client "
      "close request (age=1s)\n"
      "2026-11-24 13:46:24.394 UTC [23] WARNING C-0x560: (nodb)/(nouser)@10.0.0.1:4712 pooler "
      "error: query_wait_timeout\n"
      "2026-11-24 13:46:25.394 UTC [23] LOG stats: 3 xacts/s, 4 queries/s, in 5 B/s, out 6 B/s, "
      "xact 7 us, query 8 us, wait 9 us\n";
  const Outcome outcome = ReadText(log, 100);
  EXPECT_EQ(outcome.result.format, "pgbouncer");
  EXPECT_EQ(outcome.result.records, 6u);
  EXPECT_EQ(outcome.result.record_bytes, log.size());
}

}  // namespace
}  // namespace pgsift
