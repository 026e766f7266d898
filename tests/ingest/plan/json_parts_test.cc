// Big inputs are cut into parts that threads read: what comes out must be what one reading gives.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "ingest/plan/json_documents.h"
#include "ingest/plan/plan_collector.h"
#include "ingest/plan/plan_reader.h"

namespace pgsift {
namespace {

// A plan of two nodes, laid out as EXPLAIN does, each line behind `indent`.
std::string OnePlan(int i, const std::string& indent) {
  std::string text;
  for (const std::string& line :
       {std::string("{"), std::string("  \"Plan\": {"),
        std::string("    \"Node Type\": \"Limit\","),
        absl::StrFormat("    \"Actual Total Time\": %d.5,", i % 1000),
        std::string("    \"Actual Loops\": 1,"), std::string("    \"Plans\": ["),
        std::string("      {"), std::string("        \"Node Type\": \"Seq Scan\","),
        absl::StrFormat("        \"Filter\": \"(a = '}, {%d')\",", i),
        absl::StrFormat("        \"Relation Name\": \"t%d\"", i % 7), std::string("      }"),
        std::string("    ]"), std::string("  },"), std::string("  \"Triggers\": ["),
        std::string("  ]"), std::string("}")}) {
    text += indent + line + "\n";
  }
  text.pop_back();
  return text;
}

std::string Flat(std::string text) {
  std::string flat;
  for (char c : text) {
    if (c != '\n') flat += c;
  }
  return flat;
}

struct Read {
  std::vector<Plan> plans;
  std::vector<PlanError> errors;
};

Read ReadWith(const std::string& text, size_t jobs) {
  Read read;
  read.errors =
      ReadPlans(text, FileId{0}, jobs, [&](Plan plan) { read.plans.push_back(std::move(plan)); });
  return read;
}

// Every plan is there, once, in order, and where it says it is.
void ExpectAll(const std::string& text, int count, size_t jobs) {
  const Read read = ReadWith(text, jobs);
  ASSERT_EQ(read.plans.size(), static_cast<size_t>(count));
  std::string_view rest = text;
  uint64_t line = 1;
  for (int i = 0; i < count; ++i) {
    const Plan& plan = read.plans[static_cast<size_t>(i)];
    ASSERT_EQ(plan.nodes.size(), 2u);
    ASSERT_EQ(plan.nodes[1].filter, absl::StrFormat("(a = '}, {%d')", i));
    for (const PlanNode& node : plan.nodes) {
      const size_t place = rest.find("\"Node Type\"");
      ASSERT_EQ(static_cast<size_t>(rest.data() - text.data()) + place, node.offset);
      for (size_t at = 0; at < place; ++at) line += rest[at] == '\n' ? 1 : 0;
      ASSERT_EQ(node.line, line);
      rest.remove_prefix(place + 1);
    }
  }
}

constexpr int kCount = 9000;  // Some 3 MB: several parts.

TEST(JsonParts, AnArrayIsReadItemByItem) {
  std::string text = "[\n";
  for (int i = 0; i < kCount; ++i) text += (i > 0 ? ",\n" : "") + OnePlan(i, "  ");
  text += "\n]\n";
  ASSERT_GT(CutJson(text, 512 << 10).size(), 2u);
  ExpectAll(text, kCount, 1);
  ExpectAll(text, kCount, 4);
  EXPECT_TRUE(ReadWith(text, 4).errors.empty());
}

TEST(JsonParts, LinesAndDocuments) {
  std::string lines;
  std::string documents;
  for (int i = 0; i < kCount; ++i) {
    lines += Flat(OnePlan(i, "")) + "\n";
    documents += "[\n" + OnePlan(i, "  ") + "\n]\n";
  }
  for (const std::string& text : {lines, documents}) {
    ASSERT_GT(CutJson(text, 512 << 10).size(), 2u);
    ExpectAll(text, kCount, 1);
    ExpectAll(text, kCount, 3);
  }
}

// Layouts that tell nothing, or the wrong thing.
TEST(JsonParts, AnyOtherLayoutIsReadInOne) {
  std::string flat = "[";
  std::string margin = "[\n";
  std::string uneven = "[\n";
  for (int i = 0; i < kCount; ++i) {
    flat += (i > 0 ? "," : "") + Flat(OnePlan(i, ""));
    margin += (i > 0 ? ",\n" : "") + OnePlan(i, "");
    // The children of every other plan stand where items do.
    uneven += (i > 0 ? ",\n" : "") + OnePlan(i, i % 2 == 0 ? "      " : "  ");
  }
  for (std::string text : {flat, margin, uneven}) {
    text += "\n]\n";
    ExpectAll(text, kCount, 4);
  }
}

TEST(JsonParts, WhatIsBrokenIsSaidAndTheRestRead) {
  std::string text;
  for (int i = 0; i < kCount; ++i) {
    text += i == 4000 ? "{\"Plan\": {\"Node Type\": }}\n" : Flat(OnePlan(i, "")) + "\n";
  }
  text +=
      "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Sort\",\n      \"Actual Rows\": 1,\n      "
      "\"Fil";
  for (size_t jobs : {1, 4}) {
    const Read read = ReadWith(text, jobs);
    EXPECT_EQ(read.plans.size(), static_cast<size_t>(kCount));  // One less, and the one broken off.
    ASSERT_EQ(read.errors.size(), 2u);
    EXPECT_EQ(read.errors[0].line, 4001u);
    EXPECT_NE(read.errors[0].message.find("broken JSON"), std::string::npos);
    EXPECT_EQ(read.errors[1].line, static_cast<uint64_t>(kCount + 1));
    EXPECT_NE(read.errors[1].message.find("truncated"), std::string::npos);
    EXPECT_TRUE(read.plans.back().truncated);
    EXPECT_EQ(read.plans.back().line, static_cast<uint64_t>(kCount + 1));
  }
}

// Reads as a file is read, in windows of `window_bytes`.
Read Stream(const std::string& text, size_t jobs, size_t window_bytes) {
  Read read;
  size_t at = 0;
  const auto bytes = [&](char* buffer, size_t size) {
    const size_t got = std::min({size, text.size() - at, size_t{70'001}});
    std::memcpy(buffer, text.data() + at, got);
    at += got;
    return static_cast<ssize_t>(got);
  };
  read.errors = ReadPlanStream(
      bytes, FileId{0}, jobs, [&](Plan plan) { read.plans.push_back(std::move(plan)); },
      window_bytes);
  return read;
}

// Whatever the layout and the window, a stream gives what the whole text gives.
TEST(JsonParts, AStreamSaysWhatTheWholeTextSays) {
  std::string lines, documents, broken, torn;
  std::string bare = "[\n", array = "[\n", flat = "[", margin = "[\n", uneven = "[\n";
  for (int i = 0; i < 600; ++i) {
    const std::string comma = i > 0 ? ",\n" : "";
    lines += Flat(OnePlan(i, "")) + "\n";
    documents += "[\n" + OnePlan(i, "  ") + "\n]\n";
    broken += i % 170 == 100 ? "{\"Plan\": {\"Node Type\": }}\n" : Flat(OnePlan(i, "")) + "\n";
    torn += i % 170 == 100 ? "{\"Plan\": {\"Node Type\": \"Sort\", \"Fil\n"
                           : Flat(OnePlan(i, "")) + "\n";
    array += comma + OnePlan(i, "  ");
    flat += (i > 0 ? "," : "") + Flat(OnePlan(i, ""));
    margin += comma + OnePlan(i, "");
    uneven += comma + OnePlan(i, i % 2 == 0 ? "      " : "  ");
    std::string plan = OnePlan(i, "");
    for (size_t at; (at = plan.find("\n ")) != plan.npos;) plan.erase(at + 1, 1);
    bare += comma + plan;
  }
  broken += "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Sort\",\n      \"Fil";
  for (std::string* text : {&bare, &array, &flat, &margin, &uneven}) *text += "\n]\n";
  for (const std::string& text :
       {lines, documents, broken, torn, bare, array, flat, margin, uneven}) {
    const Read whole = ReadWith(text, 1);
    for (size_t window_bytes : {5'000, 60'000, 100'000'000}) {
      for (size_t jobs : {1, 3}) {
        const Read stream = Stream(text, jobs, window_bytes);
        ASSERT_EQ(stream.plans.size(), whole.plans.size()) << text.substr(0, 300) << window_bytes;
        for (size_t i = 0; i < whole.plans.size(); ++i) {
          ASSERT_EQ(stream.plans[i].nodes.size(), whole.plans[i].nodes.size());
          for (size_t node = 0; node < whole.plans[i].nodes.size(); ++node) {
            const PlanNode& is = stream.plans[i].nodes[node];
            const PlanNode& must = whole.plans[i].nodes[node];
            ASSERT_EQ(is.offset, must.offset);
            ASSERT_EQ(is.line, must.line);
            ASSERT_EQ(is.filter, must.filter);
          }
        }
        ASSERT_EQ(stream.errors.size(), whole.errors.size())
            << stream.errors.front().message << ' ' << window_bytes << text.substr(0, 60);
        for (size_t i = 0; i < whole.errors.size(); ++i) {
          EXPECT_EQ(stream.errors[i].line, whole.errors[i].line);
          EXPECT_EQ(stream.errors[i].message, whole.errors[i].message);
        }
      }
    }
  }
  EXPECT_EQ(Stream("{}", 1, 5'000).errors.size(), 1u);
}

Plan Named(const std::string& relation, const std::string& filter, double ms) {
  Plan plan;
  plan.file = FileId{0};
  plan.execution_ms = ms;
  plan.nodes.resize(1);
  plan.nodes[0].type = "Seq Scan";
  plan.nodes[0].relation = relation;
  plan.nodes[0].filter = filter;
  plan.shape = relation == "t" ? 1 : 2;
  return plan;
}

TEST(PlanCollector, KeepsAllUntilThereAreTooMany) {
  PlanCollector collector(4);
  for (int i = 0; i < 4; ++i) collector.Add(Named("t", absl::StrFormat("(a = %d)", i), i));
  EXPECT_FALSE(collector.grouped());
  EXPECT_EQ(collector.plans().size(), 4u);
  EXPECT_EQ(collector.plans()[3].logged.runs, 0);
}

TEST(PlanCollector, EqualPlansAreOneAndTheSlowestStandsForThem) {
  PlanCollector collector(4);
  for (int i = 0; i < 9; ++i)
    collector.Add(Named("t", absl::StrFormat("(a = %d)", i), i == 2 ? 50 : i));
  collector.Add(Named("t", "(b = 1)", 1));
  collector.Add(Named("u", "(a = 1)", 1));
  ASSERT_TRUE(collector.grouped());
  ASSERT_EQ(collector.plans().size(), 3u);
  const Plan& first = collector.plans()[0];
  EXPECT_EQ(first.nodes[0].filter, "(a = 2)");
  EXPECT_EQ(first.logged.runs, 9);
  EXPECT_EQ(first.logged.total_ms, 50 + 0 + 1 + 3 + 4 + 5 + 6 + 7 + 8);
  EXPECT_EQ(first.logged.longest_ms, 50);
  EXPECT_EQ(collector.added(), 11u);
  EXPECT_EQ(collector.left_out(), 0u);
}

TEST(PlanCollector, KindsBeyondTheLimitAreCounted) {
  PlanCollector collector(3);
  for (const char* filter : {"(a > 1)", "(b > 1)", "(c > 1)", "(d > 1)", "(d > 2)", "(a > 7)"}) {
    collector.Add(Named("t", filter, 1));
  }
  EXPECT_EQ(collector.plans().size(), 3u);
  EXPECT_EQ(collector.left_out(), 2u);
  EXPECT_EQ(collector.plans()[0].logged.runs, 2);
}

}  // namespace
}  // namespace pgsift
