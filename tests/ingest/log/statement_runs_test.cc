// Runs of statements: what counts as one, and that a log cut anywhere gives the same.

#include "ingest/log/statement_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

constexpr std::string_view kPrefix = "%m [%p] ";

// A log of statements, one every ten milliseconds, by one process.
class LogText {
 public:
  LogText& Run(const std::string& sql, int pid = 1, int pause_ms = 10) {
    ms_ += pause_ms;
    const int second = ms_ / 1000;
    char line[64];
    std::snprintf(line, sizeof(line), "2024-05-01 10:%02d:%02d.%03d UTC [%d] ", second / 60,
                  second % 60, ms_ % 1000, pid);
    text_ += line + ("LOG:  duration: 1.000 ms  statement: " + sql + "\n");
    return *this;
  }
  LogText& Children(int count, int pid = 1) {
    for (int i = 0; i < count; ++i) {
      Run("SELECT * FROM items WHERE order_id = " + std::to_string(++key_), pid);
    }
    return *this;
  }
  const std::string& text() const { return text_; }
  std::vector<QueryRun> Runs() const { return WorkloadOf(text_, Prefix(kPrefix)).totals().runs; }

 private:
  std::string text_;
  int ms_ = 0, key_ = 0;
};

TEST(StatementRunsTest, ChildrenFollowTheirParent) {
  LogText log;
  for (int page = 0; page < 3; ++page) {
    log.Run("SELECT * FROM orders WHERE page = " + std::to_string(page)).Children(8);
  }
  const std::vector<QueryRun> runs = log.Runs();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_FALSE(runs[0].parent.empty());
  EXPECT_EQ(runs[0].stats.groups, 3u);
  EXPECT_EQ(runs[0].stats.calls, 24u);
  EXPECT_EQ(runs[0].stats.calls_max, 8u);
  EXPECT_EQ(runs[0].stats.same_text_groups, 0u);
  EXPECT_EQ(runs[0].stats.busy_us, 24'000);
  EXPECT_EQ(runs[0].stats.place.line, 2u);
}

TEST(StatementRunsTest, TwoChildrenInTurnAreTwoRuns) {
  LogText log;
  log.Run("SELECT * FROM orders");
  for (int i = 0; i < 6; ++i) {
    log.Run("SELECT * FROM items WHERE order_id = " + std::to_string(i));
    log.Run("SELECT * FROM customers WHERE id = " + std::to_string(i));
  }
  EXPECT_EQ(log.Runs().size(), 2u);
}

TEST(StatementRunsTest, APauseEndsAGroup) {
  LogText log;
  log.Run("SELECT * FROM orders").Children(4);
  log.Run("SELECT 1 FROM pauses", 1, 1500).Children(4);
  EXPECT_TRUE(log.Runs().empty());
}

TEST(StatementRunsTest, ATransactionOfSeveralStatementsEndsAGroup) {
  LogText log;
  log.Run("BEGIN").Run("SELECT * FROM orders").Children(4).Run("COMMIT").Children(4);
  EXPECT_TRUE(log.Runs().empty());
  LogText single;
  single.Run("SELECT * FROM orders");
  for (int i = 0; i < 6; ++i) {
    single.Run("BEGIN").Children(1).Run("COMMIT");
  }
  ASSERT_EQ(single.Runs().size(), 1u);
  EXPECT_EQ(single.Runs()[0].stats.calls, 6u);
}

TEST(StatementRunsTest, TheSameTextAndTheSameRowAreTold) {
  LogText log;
  for (int i = 0; i < 6; ++i) log.Run("SELECT v FROM settings WHERE name = 'tax'");
  ASSERT_EQ(log.Runs().size(), 1u);
  EXPECT_EQ(log.Runs()[0].stats.same_text_calls, 6u);
  LogText updates;
  for (int i = 0; i < 20; ++i) {
    updates.Run("UPDATE jobs SET done = " + std::to_string(i) + " WHERE id = 7");
  }
  ASSERT_EQ(updates.Runs().size(), 1u);
  EXPECT_EQ(updates.Runs()[0].stats.same_text_calls, 0u);
  EXPECT_EQ(updates.Runs()[0].stats.same_row_calls, 20u);
}

TEST(StatementRunsTest, SessionsAreKeptApart) {
  LogText log;
  log.Run("SELECT * FROM orders", 1).Run("SELECT * FROM orders", 2);
  for (int i = 0; i < 4; ++i) log.Children(1, 1).Children(1, 2);
  EXPECT_TRUE(log.Runs().empty());
}

// A log of random statements, cut into three at random, says what the whole says.
TEST(StatementRunsTest, CutAnywhereIsTheSame) {
  std::mt19937 random(7);
  const auto number = [&random](int n) { return static_cast<int>(random() % n); };
  for (int round = 0; round < 20; ++round) {
    LogText log;
    bool open[3] = {};
    for (int i = 0; i < 200; ++i) {
      const int pid = 1 + number(2);
      const int pause = number(40) == 0 ? 1200 : number(60);
      switch (number(8)) {
        case 0:
        case 1:
          log.Run(open[pid] ? "COMMIT" : "BEGIN", pid, pause);
          open[pid] = !open[pid];
          break;
        case 2:
          log.Run("SELECT * FROM orders WHERE page = " + std::to_string(i), pid, pause);
          break;
        case 3:
          log.Run("SELECT v FROM settings", pid, pause);
          break;
        default:
          log.Children(1 + number(3), pid);
      }
    }
    const LinePrefix prefix = Prefix(kPrefix);
    const std::string& text = log.text();
    const std::string whole = WorkloadText(WorkloadOf(text, prefix).totals());
    for (int cut = 0; cut < 10; ++cut) {
      size_t first = NextRecordStart(text, random() % text.size(), Syntax(prefix));
      first = std::min(first, text.size());
      size_t second = first == text.size()
                          ? first
                          : NextRecordStart(text, first + random() % 900, Syntax(prefix));
      second = std::min(second, text.size());
      Workload tail = PartOf(text, first, second, prefix);
      tail.Merge(PartOf(text, second, text.size(), prefix));
      Workload joined = PartOf(text, 0, first, prefix);
      if (round % 2 == 0) joined.SetBounded(true);
      joined.Merge(std::move(tail));
      joined.Finish(1);
      ASSERT_EQ(WorkloadText(joined.totals()), whole) << first << ' ' << second;
    }
  }
}

}  // namespace
}  // namespace pgsift
