// The text, YAML and XML readers, against the JSON of the same plan; what clients put around plans;
// plans that break off.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "ingest/plan/plan_reader.h"

namespace pgsift {
namespace {

// What the formats must agree on, in one line a node.
std::string Model(const PlanReadResult& result) {
  std::string text;
  for (const PlanError& error : result.errors) text += "error: " + error.message + "\n";
  for (const Plan& plan : result.plans) {
    for (const PlanNode& node : plan.nodes) {
      text += std::string(static_cast<size_t>(node.depth), ' ') + node.type + "|" + node.join_type +
              "|" + node.strategy + "|" + node.partial_mode + "|" + node.schema + "." +
              node.relation + "|" + node.alias + "|" + node.index + "|" + node.parent_relationship +
              "|" + node.subplan_name + "|" + node.filter + "|" + node.index_cond + "|" +
              std::to_string(node.plan_rows) + "|" + std::to_string(node.actual_rows) + "|" +
              std::to_string(node.loops) + "|" + std::to_string(node.rows_removed_by_filter) + "|" +
              node.sort_method + "|" + std::to_string(node.sort_space_kb) + "|" +
              std::to_string(node.buffers.shared_hit) + "|" +
              std::to_string(node.buffers.temp_written) + "|" + std::to_string(node.workers.size());
      for (const std::string& key : node.sort_keys) text += "|" + key;
      text += "\n";
    }
    text += std::to_string(plan.planning_ms) + " " + std::to_string(plan.execution_ms) + " " +
            std::to_string(plan.triggers.size()) + " " + std::to_string(plan.jit.total_ms) + "\n";
  }
  return text;
}

const char kJson[] = R"json([{"Plan": {"Node Type": "Sort", "Parallel Aware": false,
  "Startup Cost": 10.5, "Total Cost": 20.25, "Plan Rows": 10, "Plan Width": 8,
  "Actual Startup Time": 5.0, "Actual Total Time": 6.0, "Actual Rows": 9, "Actual Loops": 1,
  "Sort Key": ["a", "f(b, 'x, y') DESC"], "Sort Method": "external merge", "Sort Space Used": 120,
  "Sort Space Type": "Disk", "Shared Hit Blocks": 7, "Temp Written Blocks": 15,
  "Plans": [
    {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0)",
     "Schema": "public", "Relation Name": "limits", "Alias": "limits", "Startup Cost": 0.0, "Total Cost": 1.0,
     "Plan Rows": 1, "Plan Width": 4, "Actual Startup Time": 0.01, "Actual Total Time": 0.02,
     "Actual Rows": 1, "Actual Loops": 1},
    {"Node Type": "Index Scan", "Parent Relationship": "Outer", "Scan Direction": "Forward",
     "Index Name": "odd name", "Schema": "public", "Relation Name": "t", "Alias": "o", "Startup Cost": 0.0,
     "Total Cost": 9.0, "Plan Rows": 10, "Plan Width": 8, "Actual Startup Time": 0.1,
     "Actual Total Time": 4.0, "Actual Rows": 3, "Actual Loops": 3, "Index Cond": "(o.a > $0)",
     "Filter": "(o.c <> 'two\nlines'::text)", "Rows Removed by Filter": 90, "Shared Hit Blocks": 7}]},
  "Planning Time": 0.2, "Triggers": [{"Constraint Name": "fk", "Relation": "t", "Time": 1.5, "Calls": 3}],
  "JIT": {"Functions": 3, "Timing": {"Generation": {"Deform": 0.1, "Total": 0.4}, "Total": 2.5}},
  "Execution Time": 6.1}])json";

const char kText[] =
    R"text(Sort  (cost=10.50..20.25 rows=10 width=8) (actual time=5.000..6.000 rows=9 loops=1)
  Sort Key: a, f(b, 'x, y') DESC
  Sort Method: external merge  Disk: 120kB
  Buffers: shared hit=7, temp written=15
  InitPlan 1 (returns $0)
    ->  Seq Scan on public.limits  (cost=0.00..1.00 rows=1 width=4) (actual time=0.010..0.020 rows=1 loops=1)
  ->  Index Scan using "odd name" on public.t o  (cost=0.00..9.00 rows=10 width=8) (actual time=0.100..4.000 rows=3 loops=3)
        Index Cond: (o.a > $0)
        Filter: (o.c <> 'two
lines'::text)
        Rows Removed by Filter: 90
        Buffers: shared hit=7
Planning Time: 0.200 ms
Trigger for constraint fk on t: time=1.500 calls=3
JIT:
  Functions: 3
  Timing: Generation 0.400 ms (Deform 0.100 ms), Inlining 0.000 ms, Optimization 0.000 ms, Emission 0.000 ms, Total 2.500 ms
Execution Time: 6.100 ms
)text";

const char kYaml[] = R"yaml(- Plan: 
    Node Type: "Sort"
    Parallel Aware: false
    Startup Cost: 10.50
    Total Cost: 20.25
    Plan Rows: 10
    Plan Width: 8
    Actual Startup Time: 5.000
    Actual Total Time: 6.000
    Actual Rows: 9
    Actual Loops: 1
    Sort Key: 
      - "a"
      - "f(b, 'x, y') DESC"
    Sort Method: "external merge"
    Sort Space Used: 120
    Sort Space Type: "Disk"
    Shared Hit Blocks: 7
    Temp Written Blocks: 15
    Plans: 
      - Node Type: "Seq Scan"
        Parent Relationship: "InitPlan"
        Subplan Name: "InitPlan 1 (returns $0)"
        Schema: "public"
        Relation Name: "limits"
        Alias: "limits"
        Plan Rows: 1
        Actual Total Time: 0.020
        Actual Rows: 1
        Actual Loops: 1
      - Node Type: "Index Scan"
        Parent Relationship: "Outer"
        Index Name: "odd name"
        Schema: "public"
        Relation Name: "t"
        Alias: "o"
        Plan Rows: 10
        Actual Total Time: 4.000
        Actual Rows: 3
        Actual Loops: 3
        Index Cond: "(o.a > $0)"
        Filter: "(o.c <> 'two\nlines'::text)"
        Rows Removed by Filter: 90
        Shared Hit Blocks: 7
  Planning Time: 0.200
  Triggers: 
    - Constraint Name: "fk"
      Relation: "t"
      Time: 1.500
      Calls: 3
  JIT: 
    Functions: 3
    Timing: 
      Generation: 
        Deform: 0.100
        Total: 0.400
      Total: 2.500
  Execution Time: 6.100
)yaml";

const char kXml[] = R"xml(<explain xmlns="http://www.postgresql.org/2009/explain">
  <Query>
    <Plan>
      <Node-Type>Sort</Node-Type>
      <Plan-Rows>10</Plan-Rows>
      <Actual-Total-Time>6.000</Actual-Total-Time>
      <Actual-Rows>9</Actual-Rows>
      <Actual-Loops>1</Actual-Loops>
      <Sort-Key>
        <Item>a</Item>
        <Item>f(b, 'x, y') DESC</Item>
      </Sort-Key>
      <Sort-Method>external merge</Sort-Method>
      <Sort-Space-Used>120</Sort-Space-Used>
      <Sort-Space-Type>Disk</Sort-Space-Type>
      <Shared-Hit-Blocks>7</Shared-Hit-Blocks>
      <Temp-Written-Blocks>15</Temp-Written-Blocks>
      <Plans>
        <Plan>
          <Node-Type>Seq Scan</Node-Type>
          <Parent-Relationship>InitPlan</Parent-Relationship>
          <Subplan-Name>InitPlan 1 (returns $0)</Subplan-Name>
          <Relation-Name>limits</Relation-Name>
          <Schema>public</Schema>
          <Alias>limits</Alias>
          <Plan-Rows>1</Plan-Rows>
          <Actual-Total-Time>0.020</Actual-Total-Time>
          <Actual-Rows>1</Actual-Rows>
          <Actual-Loops>1</Actual-Loops>
        </Plan>
        <Plan>
          <Node-Type>Index Scan</Node-Type>
          <Parent-Relationship>Outer</Parent-Relationship>
          <Index-Name>odd name</Index-Name>
          <Relation-Name>t</Relation-Name>
          <Schema>public</Schema>
          <Alias>o</Alias>
          <Plan-Rows>10</Plan-Rows>
          <Actual-Total-Time>4.000</Actual-Total-Time>
          <Actual-Rows>3</Actual-Rows>
          <Actual-Loops>3</Actual-Loops>
          <Index-Cond>(o.a &gt; $0)</Index-Cond>
          <Filter>(o.c &lt;&gt; 'two
lines'::text)</Filter>
          <Rows-Removed-by-Filter>90</Rows-Removed-by-Filter>
          <Shared-Hit-Blocks>7</Shared-Hit-Blocks>
        </Plan>
      </Plans>
    </Plan>
    <Planning-Time>0.200</Planning-Time>
    <Triggers>
      <Trigger>
        <Constraint-Name>fk</Constraint-Name>
        <Relation>t</Relation>
        <Time>1.500</Time>
        <Calls>3</Calls>
      </Trigger>
    </Triggers>
    <JIT>
      <Functions>3</Functions>
      <Timing>
        <Generation><Deform>0.100</Deform><Total>0.400</Total></Generation>
        <Total>2.500</Total>
      </Timing>
    </JIT>
    <Execution-Time>6.100</Execution-Time>
  </Query>
</explain>
)xml";

TEST(PlanFormats, AllGiveTheSameModel) {
  const std::string wanted = Model(ReadPlans(kJson, FileId{0}));
  EXPECT_NE(wanted.find("f(b, 'x, y') DESC"), std::string::npos);
  EXPECT_EQ(Model(ReadPlans(kText, FileId{0})), wanted);
  EXPECT_EQ(Model(ReadPlans(kYaml, FileId{0})), wanted);
  EXPECT_EQ(Model(ReadPlans(kXml, FileId{0})), wanted);
  for (const char* text : {kJson, kText, kYaml, kXml}) EXPECT_TRUE(LooksLikePlan(text));
}

TEST(PlanFormats, NodesHaveTheirPlaces) {
  for (const char* text : {kText, kYaml, kXml}) {
    const PlanReadResult result = ReadPlans(text, FileId{0});
    ASSERT_EQ(result.plans.size(), 1u);
    const PlanNode& scan = result.plans[0].nodes[2];
    const std::string_view at = std::string_view(text).substr(scan.offset, 60);
    EXPECT_TRUE(at.find("Index Scan") != at.npos) << at;
    const auto lines = std::count(text, text + scan.offset, '\n');
    EXPECT_EQ(scan.line, static_cast<uint64_t>(lines) + 1);
  }
}

std::string WithLines(const char* text, const std::string& before, const std::string& after) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += before + line + after + "\n";
  return out;
}

TEST(PlanFormats, WhatClientsPutAroundIsTakenOff) {
  const std::string wanted = Model(ReadPlans(kJson, FileId{0}));
  const std::string plain = "   QUERY PLAN   \n----------------\n";
  EXPECT_EQ(Model(ReadPlans(plain + WithLines(kYaml, " ", "   +") + "(1 row)\n", FileId{0})),
            wanted);
  // A literal over two lines is padded too.
  const PlanReadResult xml =
      ReadPlans(plain + WithLines(kXml, " ", " +") + "(1 Zeile)\n", FileId{0});
  ASSERT_EQ(xml.plans.size(), 1u);
  EXPECT_EQ(xml.plans[0].nodes.size(), 3u);
  EXPECT_TRUE(xml.errors.empty());
  const std::string boxed =
      "+-----+\n| QUERY PLAN |\n+-----+\n" + WithLines(kJson, "| ", "  +|") + "+----+\n(1 row)\n";
  EXPECT_EQ(Model(ReadPlans(boxed, FileId{0})), wanted);
  std::string doubled;
  for (char c : std::string(kJson)) {
    if (c == '"') doubled += '"';
    doubled += c;
  }
  const std::string cell = "\"QUERY PLAN\"\n\"" + doubled + "\"\n";
  EXPECT_EQ(Model(ReadPlans(cell, FileId{0})), wanted);
}

TEST(PlanFormats, TextOfServersAndPsqlSessions) {
  const char session[] = R"text(shop=# EXPLAIN (ANALYZE, BUFFERS)
shop-# SELECT 1;
                     QUERY PLAN
----------------------------------------------------
 Gather  (cost=1000.00..9000.00 rows=100 width=8) (actual time=0.5..90.0 rows=100.00 loops=1)
   Workers Planned: 2
   Workers Launched: 2
   ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=25 width=8) (actual time=0.1..80.0 rows=33.33 loops=3)
         Worker 0:  actual time=0.1..80.0 rows=30.00 loops=1
           Buffers: shared hit=3
         Worker 1:  actual time=0.1..80.0 rows=40.00 loops=1
 Settings: work_mem = '64kB', search_path = 'a, b'
 Planning:
   Buffers: shared hit=12
   Memory: used=12kB  allocated=16kB
 Planning Time: 0.1 ms
 Execution Time: 91.0 ms
(14 rows)

shop=# EXPLAIN SELECT 2;
 Result  (cost=0.00..0.01 rows=1 width=4)
(1 row)
)text";
  const PlanReadResult result = ReadPlans(session, FileId{0});
  ASSERT_EQ(result.plans.size(), 2u);
  const Plan& plan = result.plans[0];
  EXPECT_TRUE(result.errors.empty());
  EXPECT_EQ(plan.query, "SELECT 1");
  EXPECT_EQ(result.plans[1].query, "SELECT 2");
  EXPECT_TRUE(plan.fractional_rows);
  EXPECT_EQ(plan.Setting("work_mem"), "64kB");
  EXPECT_EQ(plan.planning_buffers.shared_hit, 12);
  EXPECT_EQ(plan.planning_memory_kb, 12);
  ASSERT_EQ(plan.nodes.size(), 2u);
  EXPECT_EQ(plan.nodes[1].workers.size(), 2u);
  EXPECT_EQ(plan.nodes[1].workers[0].buffers.shared_hit, 3);
  EXPECT_EQ(plan.nodes[1].processes, 3);
  EXPECT_DOUBLE_EQ(plan.nodes[1].inclusive_ms, 80);
  EXPECT_FALSE(result.plans[1].analyzed);
}

TEST(PlanFormats, WhatBreaksOffIsReadAsFarAsItIsWhole) {
  for (const char* whole : {kJson, kText, kXml}) {
    const std::string text(whole);
    const std::string cut = text.substr(0, text.find("Index Scan") + 60);
    const PlanReadResult result = ReadPlans(cut, FileId{0});
    ASSERT_EQ(result.plans.size(), 1u) << cut;
    EXPECT_GE(result.plans[0].nodes.size(), 2u);
    EXPECT_TRUE(result.plans[0].truncated);
    ASSERT_EQ(result.errors.size(), 1u) << cut;
  }
}

TEST(PlanFormats, DeepAndLargePlansAreReadOrRefusedWithAWord) {
  std::string text = "Sort  (cost=0.00..1.00 rows=1 width=8)\n";
  for (int i = 0; i < 10'000; ++i) {
    text += std::string(2 + static_cast<size_t>(i) * 6, ' ');
    text += "->  Sort  (cost=0.00..1.00 rows=1 width=8)\n";
    if (text.size() > size_t{64} << 20) break;
  }
  PlanReadResult result = ReadPlans(text, FileId{0});
  EXPECT_TRUE(result.errors.empty());
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_GT(result.plans[0].nodes.size(), 4'000u);
  std::string yaml = "- Plan: \n";
  for (int i = 0; i < 3'000; ++i) {
    yaml += std::string(4 + static_cast<size_t>(i) * 4, ' ') + "Plans: \n" +
            std::string(6 + static_cast<size_t>(i) * 4, ' ') + "- Node Type: \"Sort\"\n";
  }
  result = ReadPlans(yaml, FileId{0});
  EXPECT_FALSE(result.errors.empty());
}

TEST(PlanFormats, SplitsConditionsAndKeepsDisabledNodes) {
  const PlanReadResult result = ReadPlans(
      "Seq Scan on t  (cost=10000000000.00..10000000001.00 rows=1 width=8)\n  Disabled: true\n",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_TRUE(result.plans[0].nodes[0].disabled);
}

// Everything of a plan but blanks, which wrapping may add or take away.
std::string WithoutBlanks(const PlanReadResult& result) {
  std::string text = Model(result);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST(PlanFormats, TextThatATerminalHasWrappedSaysTheSame) {
  const std::string whole =
      R"text( Sort  (cost=44832.31..60037.31 rows=23 width=252) (actual time=768.246..170300.695 rows=4032 loops=1)
   Output: sq.nspname, sq.tblname, sq.idxname, sq.reltuples, s.null_frac, s.avg_width, s.most_common_vals
   Sort Key: sq.nspname, sq.tblname, sq.idxname, sq.reltuples, sq.relpages, sq.relam, sq.attrelid
   Sort Method: quicksort  Memory: 1168kB
   Buffers: shared hit=223644
   ->  Nested Loop  (cost=44832.02..60029.40 rows=23 width=224) (actual time=768.200..170266.644 rows=4032 loops=1)
         Join Filter: (((s.tablename = sq.tblname) AND ((s.attname)::text = pg_get_indexdef(sq.attrelid))) OR (s.tablename = sq.idxname))
         Rows Removed by Join Filter: 813056483
         ->  Seq Scan on public.statistics_of_columns s  (cost=0.00..1.00 rows=100 width=8) (actual time=0.100..0.200 rows=100 loops=1)
               Filter: ((s.schemaname = 'public'::name) AND (s.null_frac < '0.5'::double precision))
               Rows Removed by Filter: 12
         ->  Index Scan using index_with_a_long_name on public.queue sq  (cost=0.00..1.00 rows=1 width=8) (actual time=0.010..0.020 rows=1 loops=100)
               Index Cond: ((sq.schemaname = s.schemaname) AND (sq.tablename = s.tablename))
 Planning Time: 1.000 ms
 Execution Time: 170301.000 ms
)text";
  const PlanReadResult expected = ReadPlans(whole, FileId{0});
  ASSERT_EQ(expected.plans.size(), 1u);
  ASSERT_EQ(expected.plans[0].nodes.size(), 4u);
  for (size_t width = 60; width <= 180; ++width) {
    std::string wrapped;
    std::istringstream lines(whole);
    for (std::string line; std::getline(lines, line);) {
      for (size_t at = 0; at < line.size(); at += width) wrapped += line.substr(at, width) + "\n";
    }
    const PlanReadResult result = ReadPlans(wrapped, FileId{0});
    EXPECT_EQ(WithoutBlanks(result), WithoutBlanks(expected)) << width << "\n" << wrapped;
  }
}

TEST(PlanFormats, WhatFollowsAPlanIsNoPartOfIt) {
  const PlanReadResult result = ReadPlans(
      "Seq Scan on orders  (cost=0.00..431.00 rows=10 width=244)\n"
      "  Filter: ((state = 'open'::text) AND (placed > '2024-01-01'::date))\n"
      "We see that the table is read as a whole, which takes long.\n"
      "An index would help.\n",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_EQ(result.plans[0].nodes[0].filter,
            "((state = 'open'::text) AND (placed > '2024-01-01'::date))");
}

TEST(PlanFormats, PlansCitedAmidMarkdownAndCutByAPagerAreRead) {
  const PlanReadResult cited = ReadPlans(
      "# Slow\n\n```\nSeq Scan on a  (cost=0.00..1.00 rows=1 width=4)\n```\n\nIt was:\n\n"
      "> Index Scan using i on a  (cost=0.00..1.00 rows=1 width=4)\n>   Index Cond: (x = 1)\n",
      FileId{0});
  ASSERT_EQ(cited.plans.size(), 2u);
  EXPECT_EQ(cited.plans[1].nodes[0].index_cond, "(x = 1)");
  const PlanReadResult cut = ReadPlans(
      "|  Nested Loop  (cost=1.00..2.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)  >\n"
      "|    Join Filter: (a.x = b.x)                                                           >\n"
      "|    ->  Seq Scan on a  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 "
      "loops=1) >\n"
      "|    ->  Seq Scan on b  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 "
      "loops=1) >\n",
      FileId{0});
  ASSERT_EQ(cut.plans.size(), 1u);
  ASSERT_EQ(cut.plans[0].nodes.size(), 3u);
  EXPECT_EQ(cut.plans[0].nodes[0].join_filter, "(a.x = b.x)");
}

TEST(PlanFormats, NodesInOneLineAreSaidToBeLost) {
  const PlanReadResult result = ReadPlans(
      "Limit  (cost=0.00..1.00 rows=1 width=4)   ->  Seq Scan on a  (cost=0.00..1.00 rows=1 "
      "width=4)\n",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_NE(result.errors[0].message.find("lost its line ends"), std::string::npos);
}

TEST(PlanFormats, WithoutCostsNothingIsMisestimated) {
  const PlanReadResult result = ReadPlans(
      "Hash Join (actual time=5.1..15.8 rows=748912 loops=1)\n"
      "  Hash Cond: (a.x = b.x)\n"
      "  ->  Seq Scan on a (actual time=2.8..7.1 rows=16243 loops=1)\n"
      "  ->  Hash (actual time=2.5..2.5 rows=16243 loops=1)\n"
      "        ->  Seq Scan on b (actual time=0.2..1.4 rows=16243 loops=1)\n",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  EXPECT_FALSE(result.plans[0].has_costs);
  for (const PlanNode& node : result.plans[0].nodes) {
    EXPECT_EQ(node.plan_rows, node.actual_rows);
  }
}

}  // namespace
}  // namespace pgsift
