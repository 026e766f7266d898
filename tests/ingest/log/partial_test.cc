#include "ingest/log/partial.h"

#include <gtest/gtest.h>

#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

constexpr const char* kPrefix = "%m [%p] %q%u@%d/%a ";

std::string Finished(Workload workload) {
  workload.Finish(1);
  return WorkloadText(workload.totals());
}

Partial PartialOf(std::string_view log, size_t begin, size_t end) {
  const LinePrefix prefix = Prefix(kPrefix);
  Partial partial;
  partial.workload = PartOf(log, begin, end, prefix);
  partial.paths = {"a.log"};
  partial.results.resize(1);
  return partial;
}

TEST(PartialTest, ReadsBackWhatWasWritten) {
  const std::string log = SampleLog("pg15_stderr.log") + SampleLog("pg15_pairs.log");
  std::string error;
  const std::string bytes = WritePartial(PartialOf(log, 0, log.size()));
  std::optional<Partial> read = ReadPartial(bytes, &error);
  ASSERT_TRUE(read.has_value()) << error;
  EXPECT_EQ(WritePartial(*read), bytes);
  EXPECT_EQ(read->paths, std::vector<std::string>{"a.log"});
  const LinePrefix prefix = Prefix(kPrefix);
  EXPECT_EQ(Finished(std::move(read->workload)), Finished(PartOf(log, 0, log.size(), prefix)));
}

TEST(PartialTest, MergedInAnyOrderIsTheWhole) {
  const std::string log = SampleLog("pg15_stderr.log") + SampleLog("pg15_pairs.log");
  const LinePrefix prefix = Prefix(kPrefix);
  const std::string whole = Finished(PartOf(log, 0, log.size(), prefix));
  std::string error;
  size_t cuts = 0;
  for (size_t from = 500; from < log.size(); from += 1500) {
    const size_t cut = NextRecordStart(log, from, Syntax(prefix));
    if (cut == log.npos) break;
    ++cuts;
    std::vector<Partial> parts;
    for (const auto& [begin, end] : {std::pair{cut, log.size()}, {size_t{0}, cut}}) {
      std::optional<Partial> part = ReadPartial(WritePartial(PartialOf(log, begin, end)), &error);
      ASSERT_TRUE(part.has_value()) << error;
      parts.push_back(std::move(*part));
    }
    Partial merged = MergePartials(std::move(parts), cuts % 2 == 0);
    // Both are of one file here.
    RenameFiles({FileId{0}, FileId{0}}, &merged.workload);
    EXPECT_EQ(Finished(std::move(merged.workload)), whole) << cut;
  }
  EXPECT_GT(cuts, 20u);
}

TEST(PartialTest, DamageIsSaid) {
  const std::string log = SampleLog("pg15_pairs.log");
  const std::string bytes = WritePartial(PartialOf(log, 0, log.size()));
  std::string error;
  EXPECT_FALSE(ReadPartial("", &error).has_value());
  EXPECT_FALSE(ReadPartial(log, &error).has_value());
  EXPECT_NE(error.find("no partial"), std::string::npos);
  std::string other = bytes;
  other[std::string_view("pgsift-partial ").size()] = '7';
  EXPECT_FALSE(ReadPartial(other, &error).has_value());
  EXPECT_NE(error.find("version 7"), std::string::npos) << error;
  for (size_t at = 40; at < bytes.size(); at += 97) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    EXPECT_FALSE(ReadPartial(damaged, &error).has_value()) << at;
    EXPECT_FALSE(ReadPartial(bytes.substr(0, at), &error).has_value()) << at;
  }
}

TEST(PartialTest, IsSmall) {
  std::string log;
  for (int i = 0; i < 40; ++i) log += SampleLog("pg15_stderr.log");
  EXPECT_LT(WritePartial(PartialOf(log, 0, log.size())).size(), log.size() / 20);
}

}  // namespace
}  // namespace pgsift
