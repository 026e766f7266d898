// A log cut at any byte, where the next record begins, says what the whole says: in every format.

#include <gtest/gtest.h>

#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/log_syntax.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

template <typename Reader>
void AddAll(Reader* reader, Workload* workload) {
  LogRecord record;
  while (reader->Next(&record)) workload->Add(record);
}

Workload Part(std::string_view log, size_t begin, size_t end, const LogSyntax& syntax) {
  Workload part;
  part.SetFile(FileId{0});
  const std::string_view block = log.substr(begin, end - begin);
  if (syntax.format == LogFormat::kCsv) {
    CsvReader reader(block, begin);
    AddAll(&reader, &part);
  } else if (syntax.format == LogFormat::kJson) {
    JsonLogReader reader(block, begin);
    AddAll(&reader, &part);
  } else {
    LogReader reader(block, begin, syntax.prefix);
    AddAll(&reader, &part);
  }
  part.ShiftLines(static_cast<uint64_t>(std::count(log.begin(), log.begin() + begin, '\n')));
  return part;
}

std::string Finished(Workload workload) {
  workload.Finish(1);
  return WorkloadText(workload.totals());
}

class CutTest : public testing::TestWithParam<const char*> {};

TEST_P(CutTest, AnywhereIsTheSame) {
  const std::string whole = SampleLog(GetParam());
  LogSyntax syntax;
  std::string error;
  ASSERT_TRUE(DetectSyntax(whole, {}, &syntax, &error));
  // A stretch with connections, waits, errors, a deadlock and plans is enough, and quick.
  const size_t size =
      std::min(LastRecordStart(whole.substr(0, std::min<size_t>(whole.size(), 24000)), syntax),
               whole.size());
  const std::string log = whole.substr(0, size);
  const std::string expected = Finished(Part(log, 0, log.size(), syntax));
  size_t last = std::string::npos, cuts = 0;
  for (size_t at = 0; at <= log.size(); ++at) {
    const size_t cut = std::min(NextRecordStart(log, at, syntax), log.size());
    if (cut == last) continue;
    last = cut;
    ++cuts;
    Workload first = Part(log, 0, cut, syntax);
    first.Merge(Part(log, cut, log.size(), syntax));
    ASSERT_EQ(Finished(std::move(first)), expected) << "cut at " << cut;
  }
  EXPECT_GT(cuts, 30u);
}

// Merging is associative: ((a b) c) = (a (b c)).
TEST_P(CutTest, InThreeIsTheSame) {
  const std::string log = SampleLog(GetParam());
  LogSyntax syntax;
  std::string error;
  ASSERT_TRUE(DetectSyntax(log, {}, &syntax, &error));
  for (size_t from = 1000; from + 3000 < log.size(); from += 2900) {
    const size_t one = std::min(NextRecordStart(log, from, syntax), log.size());
    const size_t two = std::min(NextRecordStart(log, from + 1300, syntax), log.size());
    Workload left = Part(log, 0, one, syntax);
    left.Merge(Part(log, one, two, syntax));
    left.Merge(Part(log, two, log.size(), syntax));
    Workload middle = Part(log, one, two, syntax);
    middle.Merge(Part(log, two, log.size(), syntax));
    Workload right = Part(log, 0, one, syntax);
    right.Merge(std::move(middle));
    ASSERT_EQ(Finished(std::move(left)), Finished(std::move(right))) << from;
  }
}

INSTANTIATE_TEST_SUITE_P(All, CutTest,
                         testing::Values("pg15_stderr.log", "pg15_pairs.log", "pg15.csv",
                                         "pg15.json"));

}  // namespace
}  // namespace pgsift
