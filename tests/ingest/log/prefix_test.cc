#include "ingest/log/prefix.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "ingest/log/log_syntax.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

struct Case {
  const char* prefix;
  const char* line;
  uint32_t pid;
  const char* user;
  const char* database;
  const char* application;
  const char* client;
};

class PrefixTest : public testing::TestWithParam<Case> {};

constexpr const char* kTime = "2026-11-23 22:35:14.123 CET";

TEST_P(PrefixTest, IsMatched) {
  const Case& expected = GetParam();
  const std::string line = std::string(expected.line) + "LOG:  hello";
  const LinePrefix prefix = Prefix(expected.prefix);
  LogClock clock;
  LogRecord record;
  LinePart part = LinePart::kOther;
  const char* text = prefix.Match(line.data(), line.data() + line.size(), &clock, &record, &part);
  ASSERT_NE(text, nullptr) << expected.prefix << '\n' << line;
  EXPECT_STREQ(text, "hello");
  EXPECT_EQ(part, LinePart::kRecord);
  EXPECT_EQ(record.pid, expected.pid);
  EXPECT_EQ(record.user, expected.user);
  EXPECT_EQ(record.database, expected.database);
  EXPECT_EQ(record.application, expected.application);
  EXPECT_EQ(record.client, expected.client);
}

INSTANTIATE_TEST_SUITE_P(
    All, PrefixTest,
    testing::Values(
        Case{"%m [%p] ", "2026-11-23 22:35:14.123 CET [77] ", 77, "", "", "", ""},
        Case{"%m [%p] ", "2026-11-23 22:35:14.123 +0330 [77] ", 77, "", "", "", ""},
        Case{"%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
             "2026-11-23 22:35:14 UTC [77]: [3-1] user=bob,db=shop,app=my app, v2,client=::1 ", 77,
             "bob", "shop", "my app, v2", "::1"},
        Case{"%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
             "2026-11-23 22:35:14 UTC [77]: [3-1] user=,db=,app=,client= ", 77, "", "", "", ""},
        Case{"%m [%p] %q%u@%d ", "2026-11-23 22:35:14.123 CET [77] ", 77, "", "", "", ""},
        Case{"%m [%p] %q%u@%d ", "2026-11-23 22:35:14.123 CET [77] bob@shop ", 77, "bob", "shop",
             "", ""},
        Case{"%m [%p] %q%u@%d/%a ", "2026-11-23 22:35:14.123 CET [77] bob@shop/psql ui ", 77, "bob",
             "shop", "psql ui", ""},
        Case{"%t:%r:%u@%d:[%p]:", "2026-11-23 22:35:14 UTC:10.0.0.9(5544):bob@shop:[77]:", 77,
             "bob", "shop", "", "10.0.0.9"},
        Case{"%t:%r:%u@%d:[%p]:", "2026-11-23 22:35:14 UTC:fe80::1(5544):bob@shop:[77]:", 77, "bob",
             "shop", "", "fe80::1"},
        Case{"%t:%r:%u@%d:[%p]:", "2026-11-23 22:35:14 UTC::@:[77]:", 77, "", "", "", ""},
        Case{"%m [%p] %q[user=%u,db=%d,app=%a] ",
             "2026-11-23 22:35:14.123 CET [77] [user=bob,db=shop,app=[unknown]] ", 77, "bob",
             "shop", "", ""},
        Case{"%n %p %a ", "1795000000.250 77 psql ", 77, "", "", "psql", ""},
        Case{"%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:",
             "2026-11-23 22:35:14.123 UTC:[local]:bob@shop:[77]:9:00000:2026-11-23 22:00:00 "
             "UTC:3/14:"
             "0:6566c9ce.4d:psql:",
             77, "bob", "shop", "psql", "[local]"},
        Case{"%-10u|%5p|%h ", "bob       |   77|db-1.example.org ", 77, "bob", "", "",
             "db-1.example.org"},
        Case{"%b %P %L %Q %i [%p] ", "client backend  [local] -42 SELECT waiting [77] ", 77, "", "",
             "", ""},
        Case{"100%% %p %Z", "100% 77 ", 77, "", "", "", ""}));

// With a cache of names, every line gives what it gives without, whatever stood in lines before.
TEST(PrefixTest, KnownNamesAreTheSameNames) {
  const char* const prefixes[] = {"%m [%p] %q%u@%d ",    "%m [%p] user=%u,db=%d,app=%a,client=%h ",
                                  "%t:%r:%u@%d:[%p]:",   "%m [%p] %a ",
                                  "[%p] %u %d %h %m ",   "[%p] %-8u|%8d|%a: ",
                                  "%m [%p] %b,%i,%a,%d "};
  const std::vector<std::string> words = {
      "u", "app", "a b", "x,db=y", "LOG:  ", "", "[unknown]", "q@r", "LOG", ": "};
  const std::vector<std::string> hosts = {"10.0.0.1",       "[local]", "::1",
                                          "10.0.0.1(5432)", "host-a",  ""};
  std::mt19937 random(11);
  for (const char* format : prefixes) {
    const LinePrefix prefix = Prefix(format);
    std::vector<std::string> lines(4000);
    for (std::string& line : lines) {
      for (const char* at = format; *at != '\0'; ++at) {
        if (*at != '%') {
          line += *at;
          continue;
        }
        while (*++at == '-' || (*at >= '0' && *at <= '9')) {
        }
        switch (*at) {
          case 'm':
          case 't':
            line += "2026-11-23 22:35:14 CET";
            break;
          case 'p':
            line += std::to_string(random() % 5);
            break;
          case 'q':
            break;
          case 'r':
          case 'h':
            line += hosts[random() % hosts.size()];
            break;
          default:
            line += words[random() % words.size()];
        }
      }
      line += random() % 3 == 0 ? "ERROR:  LOG:  x" : "LOG:  hello,db=z@y LOG:  ";
    }
    NamesCache names;
    LogClock clock;
    size_t known = 0;
    std::map<uint32_t, std::string> of_id;
    for (const std::string& line : lines) {
      LogRecord is, must;
      LinePart part = LinePart::kOther;
      const char* const end = line.data() + line.size();
      const char* const text = prefix.Match(line.data(), end, &clock, &is, &part, &names);
      ASSERT_EQ(text, prefix.Match(line.data(), end, &clock, &must, &part)) << line;
      if (text == nullptr) continue;
      const auto fields = [](const LogRecord& record) {
        std::string all;
        for (std::string_view field : {record.user, record.database, record.application,
                                       record.client, record.backend_type, record.command_tag}) {
          all.append(field).append("|");
        }
        return all;
      };
      ASSERT_EQ(fields(is), fields(must)) << format << '\n' << line;
      ASSERT_EQ(is.pid, must.pid);
      if (is.names_id == 0) continue;
      const auto [at, added] = of_id.try_emplace(is.names_id, fields(is));
      ASSERT_EQ(at->second, fields(is));
      known += !added;
    }
    EXPECT_GT(known, 0u) << format;
  }
}

TEST(PrefixTest, OfAnotherKindIsRefused) {
  LogClock clock;
  for (const char* text : {"", "hello", "2026-11-23 22:35:14.123 CET [77] hello",
                           "2026-11-23 22:35 CET [77] LOG:  x", "\tLOG:  x"}) {
    const std::string line = text;
    LogRecord record;
    LinePart part;
    EXPECT_EQ(
        Prefix("%m [%p] ").Match(line.data(), line.data() + line.size(), &clock, &record, &part),
        nullptr)
        << line;
  }
}

TEST(PrefixTest, EndingInAnEscapeIsAnError) {
  std::string error;
  EXPECT_FALSE(LinePrefix::Compile("%m [%p] %-10", &error));
  EXPECT_NE(error, "");
}

class DetectTest : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(DetectTest, FindsThePrefix) {
  const auto& [format, session] = GetParam();
  std::string log;
  for (int i = 0; i < 3; ++i) {
    log +=
        std::string(session) + "LOG:  duration: 1.000 ms  statement: SELECT 'LOG:  x'\n\tFROM t\n";
    log +=
        std::string(session) + "ERROR:  division by zero\n" + session + "STATEMENT:  SELECT 1/0\n";
  }
  const PrefixGuess guess = DetectPrefix(log);
  EXPECT_EQ(guess.format, format);
  EXPECT_EQ(guess.matched, guess.lines);
}

// Who the users are, the log says itself: other words are none, whatever they look like.
TEST(DetectPrefix, UsersAreTheOnesThatConnect) {
  std::string log;
  for (int i = 0; i < 12; ++i) {
    const std::string prefix = "db-prod at 2026-11-23 22:35:14.123 CET pid 77 role bob: ";
    log += prefix + "LOG:  connection authorized: user=bob database=shop\n";
    log += prefix + "LOG:  duration: 1.0 ms  statement: SELECT 1\n";
  }
  EXPECT_EQ(DetectPrefix(log).format, "db-prod at %m pid %p role %u: ");
}

// Commas alone make no csvlog.
TEST(DetectPrefix, APrefixWithCommasIsOneOfLines) {
  std::string log;
  for (int i = 0; i < 5; ++i) {
    log += "2026-11-23 22:35:14.123 CET,bob,shop,77,LOG:  duration: 1.0 ms  statement: SELECT 1\n";
  }
  LogSyntax syntax;
  std::string error;
  ASSERT_TRUE(DetectSyntax(log, {}, &syntax, &error)) << error;
  EXPECT_EQ(syntax.format, LogFormat::kStderr);
  EXPECT_EQ(syntax.line_prefix, "%m,%u,%d,%p,");
}

INSTANTIATE_TEST_SUITE_P(
    All, DetectTest,
    testing::Values(
        std::pair{"%m [%p] ", "2026-11-23 22:35:14.123 CET [77] "},
        std::pair{"%m [%p] %q%u@%d ", "2026-11-23 22:35:14.123 CET [77] bob@shop "},
        std::pair{"%m [%p] %q%u@%d/%a ", "2026-11-23 22:35:14.123 CET [77] bob@shop/psql "},
        std::pair{"%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
                  "2026-11-23 22:35:14 UTC [77]: [3-1] user=bob,db=shop,app=x,client=10.1.1.1 "},
        std::pair{"%t:%r:%u@%d:[%p]:", "2026-11-23 22:35:14 UTC:10.0.0.9(5544):bob@shop:[77]:"},
        std::pair{"%m [%p] %q[user=%u,db=%d,app=%a] ",
                  "2026-11-23 22:35:14.123 CET [77] [user=bob,db=shop,app=web] "},
        std::pair{"%n %p %a ", "1795000000.250 77 psql "},
        // A number is no application, a command no user, a key no part of a name.
        std::pair{"%n %p %l ", "1795000000.250 77 3 "},
        std::pair{"%m [%p] Q=%Q %u@%d ",
                  "2026-11-23 22:35:14.123 CET [77] Q=-4837332358673113274 bob@shop "},
        std::pair{"%m [%p] Q=%Q %u@%d/%a ", "2026-11-23 22:35:14.123 CET [77] Q=0 bob@shop/psql "},
        std::pair{"%t %c %i ", "2026-11-23 22:35:14 CET 6566c9ce.4d SELECT "},
        std::pair{"%b %m %p: ", "client backend 2026-11-23 22:35:14.123 CET 77: "},
        std::pair{
            "%t|%u|%d|%p|%e|%Q|%b|| ",
            "2026-11-23 22:35:14 CET|bob|shop|77|00000|4837332358673113274|client backend|| "},
        std::pair{"{\"ts\":\"%m\",\"pid\":%p,\"user\":\"%u\",\"db\":\"%d\"} ",
                  "{\"ts\":\"2026-11-23 22:35:14.123 "
                  "CET\",\"pid\":77,\"user\":\"bob\",\"db\":\"shop\"} "},
        std::pair{
            "ts=%m pid=%p user=%u host=%h code=%e vxid=%v xid=%x bt=%b ",
            "ts=2026-11-23 22:35:14.123 CET pid=77 user=bob host=[local] code=00000 vxid=3/14 "
            "xid=0 bt=client backend "},
        std::pair{"%%%m%% [%p] ", "%2026-11-23 22:35:14.123 CET% [77] "},
        std::pair{"%m|%8p|%-10u|%9d| ",
                  "2026-11-23 22:35:14.123 CET|      77|bob       |     shop| "},
        // Built from the lines: nothing like these is in the list.
        std::pair{
            "%m|%p|%c|user=%u|database=%d|host=%h|",
            "2026-11-23 22:35:14.123 UTC|77|6566c9ce.4d|user=bob|database=shop|host=10.1.1.1|"},
        std::pair{"[%m] %h:%u ", "[2026-11-23 22:35:14.123 UTC] 10.1.1.1:bob "},
        std::pair{"{%p} %m (%r) %u@%d # ",
                  "{77} 2026-11-23 22:35:14.123 UTC (10.1.1.1(99)) bob@shop # "}));

TEST(ClockTest, ReadsZones) {
  LogClock clock;
  int64_t utc = 0, cet = 0, offset = 0, unknown = 0;
  const auto read = [&clock](std::string_view text, int64_t* time) {
    return clock.Read(text.data(), text.data() + text.size(), time) != nullptr;
  };
  ASSERT_TRUE(read("2026-11-23 21:35:14.123 UTC ", &utc));
  ASSERT_TRUE(read("2026-11-23 22:35:14.123 CET ", &cet));
  ASSERT_TRUE(read("2026-11-24 01:05:14.123 +0330 ", &offset));
  EXPECT_EQ(utc, 1795469714123000);
  EXPECT_EQ(cet, utc);
  EXPECT_EQ(offset, utc);
  EXPECT_EQ(clock.unknown_zones(), 0u);
  ASSERT_TRUE(read("2026-11-23 21:35:14.123 XYZT ", &unknown));
  EXPECT_EQ(unknown, utc);
  EXPECT_EQ(clock.unknown_zones(), 1u);
  EXPECT_EQ(std::string_view(kTime).size(), 27u);
}

}  // namespace
}  // namespace pgsift
