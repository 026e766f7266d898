#include "ingest/file/discovery.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

InputKind Kind(std::string_view path, std::string_view text) {
  std::string format;
  return KindOf(path, text, &format);
}

TEST(Discovery, ContentTellsTheKind) {
  EXPECT_EQ(Kind("a.sql", "SELECT 1;"), InputKind::kMigration);
  EXPECT_EQ(Kind("a.sql", "--\n-- PostgreSQL database dump\n--\n"), InputKind::kSchema);
  EXPECT_EQ(Kind("up", "-- why\nCREATE TABLE t (a int);\n"), InputKind::kMigration);
  EXPECT_EQ(Kind("x", "[{\"Plan\": {\"Node Type\": \"Result\"}}]"), InputKind::kPlan);
  EXPECT_EQ(Kind("x", "{\"pgsift_snapshot\": 1}"), InputKind::kSnapshot);
  EXPECT_EQ(Kind("x", "2024-05-01 10:00:00.000 UTC [1] LOG:  checkpoint starting: time\n"),
            InputKind::kLog);
  // The message is a plan, but the file is a log.
  const std::string log =
      "{\"timestamp\":\"2026-05-01 10:00:00.000 UTC\",\"pid\":7,\"error_severity\":\"LOG\","
      "\"message\":\"duration: 5 ms  plan:\\nResult  (cost=0.00..0.01 rows=1 width=4)\"}\n";
  EXPECT_EQ(Kind("x", log), InputKind::kLog);
  EXPECT_EQ(Kind("x.xml.dist", "<?xml version=\"1.0\"?>\n<a b=\"1 (actual 2)\"/>\n"),
            InputKind::kUnknown);
  EXPECT_EQ(Kind("x.xml",
                 "<?xml version=\"1.0\"?>\n<explain xmlns=\"x\"><Query><Plan>\n"
                 "<Node-Type>Result</Node-Type></Plan></Query></explain>\n"),
            InputKind::kPlan);
  EXPECT_EQ(Kind("README.md", "Update the table; then create it.\n"), InputKind::kUnknown);
  EXPECT_EQ(Kind("package.json", "{\"name\": \"x\"}"), InputKind::kUnknown);
}

TEST(Discovery, NumbersInNamesCompareAsNumbers) {
  EXPECT_TRUE(NaturalLess("9_x.sql", "10_a.sql"));
  EXPECT_TRUE(NaturalLess("001_x.sql", "2_a.sql"));
  EXPECT_TRUE(NaturalLess("V1.9__a.sql", "V1.10__a.sql"));
  EXPECT_FALSE(NaturalLess("b.sql", "a.sql"));
  EXPECT_FALSE(NaturalLess("a.sql", "a.sql"));
}

}  // namespace
}  // namespace pgsift
