// What is told of a member of a jsonb column from the documents that ANALYZE keeps.

#include "rules/advisor/member_facts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/advisor/selectivity.h"

namespace pgsift {
namespace {

using Path = std::vector<std::string>;

TEST(MemberFactsTest, FindsMembersAsTheServerGivesThem) {
  EXPECT_EQ(MemberOf(R"({"a": "x, y", "b": 7})", {"a"}), "x, y");
  EXPECT_EQ(MemberOf(R"({"a": "x, y", "b": 7})", {"b"}), "7");
  EXPECT_EQ(MemberOf(R"({"a": {"b": [1, {"c": 2}], "d": true}, "d": 1})", Path({"a", "d"})),
            "true");
  EXPECT_EQ(MemberOf(R"({"a\"b": 1, "c": "}"})", {"c"}), "}");
  EXPECT_EQ(MemberOf(R"({"a": null})", {"a"}), std::nullopt);
  EXPECT_EQ(MemberOf(R"({"a": 1})", {"b"}), std::nullopt);
  EXPECT_EQ(MemberOf(R"({"a": {"b": 1}})", {"b"}), std::nullopt);
  EXPECT_EQ(MemberOf("[1]", {"a"}), std::nullopt);
  EXPECT_EQ(MemberOf(R"({"a": "x)", {"a"}), std::nullopt);
  EXPECT_EQ(MemberOf("", {"a"}), std::nullopt);
}

// A table of 10,000 rows whose documents have a number n from 0 to 99, a state, and in half of them
// a member of a member.
class MemberFactsOfTableTest : public testing::Test {
 protected:
  MemberFactsOfTableTest() {
    relation_.columns.push_back({.name = "data"});
    relation_.columns.back().type.name.name = "jsonb";
    for (int n = 0; n < 100; ++n) {
      std::string document = "{\"n\": " + std::to_string(n) + ", \"state\": \"";
      document += n % 10 == 0 ? "rare" : "usual";
      document += n % 2 == 0 ? "\", \"of\": {\"unit\": \"u\"}}" : "\"}";
      documents_.histogram.push_back(document);
    }
    facts_.relation = &relation_;
    facts_.rows = 10'000;
    facts_.columns["data"] = {.distinct = 10'000, .width = 40, .statistics = &documents_};
  }

  Need On(const std::string& expression, NeedKind kind) const {
    Need need;
    need.kind = kind;
    need.key = expression;
    need.column = "data";
    need.expression = true;
    return need;
  }

  Relation relation_;
  ColumnStatistics documents_;
  TableFacts facts_;
};

TEST_F(MemberFactsOfTableTest, SharesOfValues) {
  Need state = On("data ->> 'state'", NeedKind::kEqual);
  state.values = {"rare"};
  EXPECT_NEAR(SelectivityOf(state, facts_), 0.1, 0.001);
  state.values = {"usual"};
  EXPECT_NEAR(SelectivityOf(state, facts_), 0.9, 0.001);
  EXPECT_NEAR(SelectivityOf(On("((data -> 'of') ->> 'unit')", NeedKind::kNull), facts_), 0.5,
              0.001);
}

TEST_F(MemberFactsOfTableTest, RangesOfNumbers) {
  Need high = On("(data ->> 'n')::integer", NeedKind::kRange);
  high.has_low = true;
  high.low = "95";
  EXPECT_NEAR(SelectivityOf(high, facts_), 0.04, 0.01);
  high.low = "9";
  EXPECT_NEAR(SelectivityOf(high, facts_), 0.9, 0.01);
}

TEST_F(MemberFactsOfTableTest, WidthAndNumberOfValues) {
  const std::optional<MemberFacts> state = FactsOfMember("(data ->> 'state')", facts_);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->column.distinct, 2);
  EXPECT_NEAR(state->column.width, 5.9, 0.01);
  // None is there twice: it may be there a few times all the same.
  EXPECT_NEAR(FactsOfMember("(data ->> 'n')::integer", facts_)->column.distinct, 2000, 0.01);
}

TEST_F(MemberFactsOfTableTest, KnowsNothingOfOtherExpressions) {
  EXPECT_FALSE(FactsOfMember("lower(data)", facts_).has_value());
  EXPECT_FALSE(FactsOfMember("data -> 'n'", facts_).has_value());
  EXPECT_FALSE(FactsOfMember("lower(data ->> 'state')", facts_).has_value());
  EXPECT_FALSE(FactsOfMember("(data ->> 'n') || 'x'", facts_).has_value());
  EXPECT_FALSE(FactsOfMember("other ->> 'n'", facts_).has_value());
  documents_.histogram.resize(10);
  EXPECT_FALSE(FactsOfMember("data ->> 'n'", facts_).has_value());
}

}  // namespace
}  // namespace pgsift
