// Plans whose characters a page, a word processor or a terminal has replaced.

#include "ingest/plan/plan_characters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/plan/plan_reader.h"

namespace pgsift {
namespace {

constexpr std::string_view kPlan =
    R"text(Nested Loop  (cost=0.29..60.00 rows=9 width=8) (actual time=0.100..9.000 rows=9 loops=1)
  Buffers: shared hit=30
  ->  Seq Scan on depots d  (cost=0.00..5.00 rows=9 width=4) (actual time=0.010..1.000 rows=9 loops=1)
        Filter: ((label > 'a "b" & c'::text) AND (id < 7))
        Rows Removed by Filter: 91
  ->  Index Scan using vans_depot on vans v  (cost=0.29..6.00 rows=1 width=4) (actual time=0.200..0.500 rows=1 loops=9)
        Index Cond: (depot_id = d.id)
Planning Time: 0.200 ms
Execution Time: 9.500 ms
)text";

// In one pass: what was put in is not replaced again.
std::string Replaced(std::string_view text,
                     const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::pair<std::string, std::string>* found = nullptr;
    for (const auto& pair : pairs) {
      if (text.substr(at).starts_with(pair.first)) found = &pair;
    }
    out += found == nullptr ? std::string(text.substr(at, 1)) : found->second;
    at += found == nullptr ? 1 : found->first.size();
  }
  return out;
}

std::string Model(std::string_view text) {
  const PlanReadResult result = ReadPlans(text, FileId{0});
  std::string model;
  for (const PlanError& error : result.errors) model += "error: " + error.message + "\n";
  for (const Plan& plan : result.plans) {
    for (const PlanNode& node : plan.nodes) {
      model += std::string(static_cast<size_t>(node.depth), ' ') + node.type + "|" + node.relation +
               "|" + node.index + "|" + node.filter + "|" + node.index_cond + "|" +
               std::to_string(node.actual_rows) + "|" + std::to_string(node.loops) + "|" +
               std::to_string(node.rows_removed_by_filter) + "|" + std::to_string(node.line) + "\n";
    }
    model += std::to_string(plan.execution_ms) + "\n";
  }
  return model;
}

TEST(PlanCharacters, BlanksThatDoNotBreakAreBlanks) {
  EXPECT_EQ(Model(Replaced(kPlan, {{" ", "\xC2\xA0"}})), Model(kPlan));
  EXPECT_EQ(Model(Replaced(kPlan, {{"  ", " \xC2\xA0"}})), Model(kPlan));
  EXPECT_EQ(Model(Replaced(kPlan, {{"  ->", "\xE2\x80\x83\xE2\x80\x83->"}})), Model(kPlan));
}

TEST(PlanCharacters, WhatAPageEscapesIsReadAsItWas) {
  const std::string page = Replaced(
      kPlan, {{"<", "&lt;"}, {">", "&gt;"}, {"&", "&amp;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
  EXPECT_EQ(Model(page), Model(kPlan));
  EXPECT_EQ(Model(Replaced(page, {{" ", "&nbsp;"}})), Model(kPlan));
}

TEST(PlanCharacters, ArrowsInOneCharacterAndColours) {
  EXPECT_EQ(Model(Replaced(kPlan, {{"->", "\xE2\x86\x92"}})), Model(kPlan));
  EXPECT_EQ(Model(Replaced(kPlan, {{"->", "\xE2\x80\x93>"}})), Model(kPlan));
  EXPECT_EQ(Model(Replaced(kPlan, {{"Seq Scan", "\x1B[1;32mSeq Scan\x1B[0m"}})), Model(kPlan));
}

TEST(PlanCharacters, NodesHaveTheirPlacesInTheText) {
  const std::string text = Replaced(kPlan, {{" ", "\xC2\xA0"}});
  const PlanReadResult result = ReadPlans(text, FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  ASSERT_EQ(result.plans[0].nodes.size(), 3u);
  EXPECT_EQ(text.substr(result.plans[0].nodes[2].offset, 11), "->\xC2\xA0\xC2\xA0Index");
}

TEST(PlanCharacters, TextsOfAPlanStayAsTheyAre) {
  const std::string text = Replaced(kPlan, {{"a \"b\"", "caf\xC3\xA9\xC2\xA0noir &amp; x"}});
  EXPECT_FALSE(HasForeignCharacters(text));
  const PlanReadResult result = ReadPlans(text, FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_NE(result.plans[0].nodes[1].filter.find("\xC2\xA0noir &amp; x"), std::string::npos);
}

TEST(PlanCharacters, TabsReachToTheNextStop) {
  const std::string tabs = Replaced(kPlan, {{"        ", "\t"}});
  EXPECT_EQ(Model(tabs), Model(kPlan));
}

TEST(PlanCharacters, AByteOrderMarkAndReturnsAlone) {
  EXPECT_EQ(Model("\xEF\xBB\xBF" + std::string(kPlan)), Model(kPlan));
  EXPECT_EQ(Model(Replaced(kPlan, {{"\n", "\r"}})).size(), Model(kPlan).size());
}

// The plan's lines, each between two texts.
std::string Lines(std::string_view plan, const std::string& before, const std::string& after) {
  std::string out;
  for (size_t at = 0; at < plan.size();) {
    const size_t end = plan.find('\n', at);
    out += before + std::string(plan.substr(at, end - at)) + after + "\n";
    at = end + 1;
  }
  return out;
}

std::string WithoutLines(std::string model) {
  // What a node's line is, the rows of a grid change.
  std::string out;
  for (size_t at = 0; at < model.size();) {
    const size_t end = model.find('\n', at);
    const std::string line = model.substr(at, end - at);
    out += line.substr(0, line.rfind('|')) + "\n";
    at = end + 1;
  }
  return out;
}

TEST(PlanCharacters, RowsAsLiteralsOfALanguage) {
  const std::string wanted = WithoutLines(Model(kPlan));
  const std::string escaped = Replaced(kPlan, {{"\"", "\\\""}});
  EXPECT_EQ(WithoutLines(Model("[\n" + Lines(escaped, "{\"QUERY PLAN\": \"", "\"},") + "]\n")),
            wanted);
  EXPECT_EQ(WithoutLines(Model("[" + Lines(Replaced(escaped, {{"'", "\\'"}}), "('", "',),") + "]")),
            wanted);
  EXPECT_EQ(WithoutLines(Model("\"" + Replaced(escaped, {{"\n", "\\n"}}) + "\"\n")), wanted);
  const std::string doubled = Replaced(kPlan, {{"\"", "\"\""}});
  EXPECT_EQ(WithoutLines(Model("\"\",\"QUERY PLAN\"\n" + Lines(doubled, "\"1\",\"", "\""))),
            wanted);
  EXPECT_EQ(Model(Lines(doubled, "7\t\"", "\"")), Model(kPlan));
  EXPECT_EQ(Model(Lines(kPlan, "7\t", "")), Model(kPlan));
}

// A plan in JSON with `before` and `after` around it.
size_t NodesOfJson(const std::string& before, const std::string& after) {
  const PlanReadResult result = ReadPlans(
      before +
          "{\"Node Type\": \"Limit\", \"Startup Cost\": 0.5, \"Total Cost\": 2.5, \"Plans\": "
          "[{\"Node Type\": \"Seq Scan\", \"Relation Name\": \"t\", \"Startup Cost\": 0.0}]}" +
          after,
      FileId{0});
  EXPECT_TRUE(result.errors.empty());
  return result.plans.size() == 1 ? result.plans[0].nodes.size() : 0;
}

TEST(PlanCharacters, JsonWithinOthersJson) {
  EXPECT_EQ(NodesOfJson("[{\"QUERY PLAN\": [{\"Plan\": ", "}]}]"), 2u);
  EXPECT_EQ(NodesOfJson("{\"rows\": [{\"QUERY PLAN\": [{\"Plan\": ", "}]}], \"rowCount\": 1}"), 2u);
  EXPECT_EQ(NodesOfJson("", ""), 2u);
  EXPECT_EQ(NodesOfJson("-- [{\"Plan\": ", "}]"), 2u);
}

TEST(PlanCharacters, JsonAsPythonPrintsIt) {
  const PlanReadResult result = ReadPlans(
      "[{'Plan': {'Node Type': 'Seq Scan', 'Parallel Aware': False, 'Relation Name': 't', "
      "'Filter': \"(a = 'x'::text)\"}, 'Planning Time': 0.5}]",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_TRUE(result.errors.empty());
  EXPECT_EQ(result.plans[0].nodes[0].filter, "(a = 'x'::text)");
  EXPECT_DOUBLE_EQ(result.plans[0].planning_ms, 0.5);
}

TEST(PlanCharacters, CellsOfACsvFileWithAPlainHeader) {
  const std::string plan = Replaced(kPlan, {{"\"", "-"}});
  EXPECT_EQ(WithoutLines(Model("QUERY PLAN\n\"" + plan + "\"\n")), WithoutLines(Model(plan)));
}

// psql --csv quotes the rows that hold a comma or a quote.
TEST(PlanCharacters, RowsOfWhichSomeAreQuoted) {
  const std::string plan = Replaced(kPlan, {{"hit=30", "hit=30, temp read=2"}, {"\"", "-"}});
  const std::string rows = Replaced(plan, {{"  Buffers: shared hit=30, temp read=2",
                                            "\"  Buffers: shared hit=30, temp read=2\""}});
  EXPECT_EQ(WithoutLines(Model("QUERY PLAN\n" + rows)), WithoutLines(Model(plan)));
  EXPECT_EQ(Model(rows), Model(plan));
}

TEST(PlanCharacters, CommentsOfPrograms) {
  for (const char* mark : {"-- ", "# ", "// ", " * "}) {
    EXPECT_EQ(Model(Lines(kPlan, mark, "")), Model(kPlan)) << mark;
  }
}

TEST(PlanCharacters, CitationsWithinCitations) {
  std::string cited;
  for (size_t at = 0; at < kPlan.size();) {
    const size_t end = kPlan.find('\n', at);
    cited += ">> " + std::string(kPlan.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  EXPECT_EQ(Model(cited), Model(kPlan));
}

}  // namespace
}  // namespace pgsift
