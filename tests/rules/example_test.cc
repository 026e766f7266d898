// Every rule's own examples: the bad one gives exactly one finding of the rule, the good one none.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/text.h"
#include "ingest/log/read_logs.h"
#include "ingest/migration/migration_script.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/pooler/pooler_config.h"
#include "rules/engine.h"
#include "rules/observed_queries.h"

namespace pgsift {
namespace {

// Runs one rule over an example of its family and returns what it found.
class Example {
 public:
  explicit Example(const Rule& rule) : rule_(rule) {
    settings_.select = {std::string(rule.info->id)};
    // Suppressions are about another rule: that one must run too.
    if (rule.info->id.starts_with("CFG")) settings_.select.emplace_back("MIG");
  }

  size_t Count(std::string_view text) {
    switch (FamilyOf(*rule_.info)) {
      case RuleFamily::kMigration:
      case RuleFamily::kInput:
        Sql(text, false);
        break;
      case RuleFamily::kQuery:
      case RuleFamily::kIndex:
        Sql(text, true);
        break;
      case RuleFamily::kPlan:
        Plans(text);
        break;
      case RuleFamily::kServer:
        if (text.starts_with('{')) {
          Statistics(text);
        } else {
          Log(text);
        }
        break;
    }
    size_t count = 0;
    for (const Finding& finding : findings_) {
      if (finding.rule == rule_.info && !finding.suppressed) ++count;
      EXPECT_FALSE(finding.message.empty());
      EXPECT_FALSE(finding.message.ends_with('.')) << finding.message;
    }
    return count;
  }

 private:
  void Sql(std::string_view text, bool queries) {
    const FileId id = sources_.Add({.path = "example.sql", .text = std::string(text)});
    std::vector<SqlFile> files(1);
    const MigrationScript script = ReadMigrationScript(Dialect::kSql, sources_[id].text, {});
    files[0] = ReadSqlFile(sources_[id].text, id, script.options);
    UndoFiles undo;
    if (!script.undo.sections.empty()) {
      undo.emplace(id, ReadSqlFile(sources_[id].text, id, script.undo));
    }
    Catalog catalog;
    RunSqlRules(files, RuleSet(settings_), kNewestPgVersion, sources_, {true}, &catalog, &findings_,
                nullptr, &undo);
    if (!queries) return;
    // "-- log: 500 calls, 20 ms each" says what a log would; without it, the statements of the file
    // have been looked at already.
    const bool logged = text.find("-- log: 500 calls, 20 ms each") != text.npos;
    if (FamilyOf(*rule_.info) == RuleFamily::kQuery && !logged) return;
    if (logged) findings_.clear();
    ObservedQueries observed;
    for (const Statement& statement : files[0].statements) {
      if (BlocksOf(statement, catalog).empty()) continue;
      auto query = std::make_unique<ObservedQuery>();
      query->sql = query->example = std::string(statement.sql);
      if (logged) {
        query->calls = 500;
        query->mean_ms = query->max_ms = 20;
        query->total_ms = 10'000;
      }
      TakeApart(catalog, query.get());
      observed.push_back(std::move(query));
    }
    RunEvidenceRules({.sources = &sources_, .catalog = &catalog, .queries = observed},
                     RuleSet(settings_), &findings_);
  }

  // A plan. In front of it may stand the schema and the statistics that the rule needs, each ended
  // by a line that names what it was: "-- schema", "-- statistics".
  void Plans(std::string_view text) {
    const auto take = [&](std::string_view mark) {
      const size_t at = text.find(mark);
      if (at == text.npos) return std::string_view();
      const std::string_view part = text.substr(0, at);
      text.remove_prefix(at + mark.size());
      return part;
    };
    Catalog catalog;
    const std::string_view schema = take("-- schema\n");
    if (!schema.empty()) {
      const FileId sql = sources_.Add({.path = "schema.sql", .text = std::string(schema)});
      std::vector<SqlFile> files(1);
      files[0] = ReadSqlFile(sources_[sql].text, sql, {});
      RunSqlRules(files, RuleSet(settings_), kNewestPgVersion, sources_, {false}, &catalog,
                  &findings_);
    }
    std::vector<Snapshot> snapshots;
    const std::string_view statistics = take("-- statistics\n");
    if (!statistics.empty()) {
      std::string error;
      snapshots.emplace_back();
      EXPECT_TRUE(ReadSnapshot(statistics, &snapshots.back(), &error)) << error;
    }
    const FileId id =
        sources_.Add({.path = "plan.txt", .kind = InputKind::kPlan, .text = std::string(text)});
    const PlanReadResult result = ReadPlans(sources_[id].text, id);
    EXPECT_GE(result.plans.size(), 1u);
    EXPECT_TRUE(result.errors.empty());
    RunEvidenceRules(
        {.sources = &sources_, .catalog = &catalog, .plans = result.plans, .snapshots = snapshots},
        RuleSet(settings_), &findings_);
  }

  void Statistics(std::string_view text) {
    Snapshot snapshot;
    snapshot.path = "snapshot.json";
    std::string error;
    ASSERT_TRUE(ReadSnapshot(text, &snapshot, &error)) << error << "\n" << text;
    const std::vector<Snapshot> snapshots = {std::move(snapshot)};
    const Catalog catalog;
    RunEvidenceRules({.sources = &sources_, .catalog = &catalog, .snapshots = snapshots},
                     RuleSet(settings_), &findings_);
  }

  // "[x20] line with {n}" stands for twenty lines, with 000 to 019 for {n}.
  static std::string Repeated(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end);
      int times = 1;
      if (line.starts_with("[x")) {
        times = std::atoi(std::string(line.substr(2)).c_str());
        line.remove_prefix(line.find("] ") + 2);
      }
      for (int n = 0; n < times; ++n) {
        std::string digits = std::to_string(1000 + n).substr(1);
        std::string copy(line);
        for (size_t at = 0; (at = copy.find("{n}")) != std::string::npos;) {
          copy.replace(at, 3, digits);
        }
        out += copy;
      }
    }
    return out;
  }

  void Log(std::string_view text) {
    const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                       ("pgsift_example_" + std::to_string(::getpid()) + ".log");
    // In front of a log may stand the pooler's configuration.
    std::vector<PoolerConfig> poolers;
    constexpr std::string_view kPooler = "-- pgbouncer.ini\n";
    if (const size_t at = text.find(kPooler); at != text.npos) {
      const FileId ini = sources_.Add({.path = "pgbouncer.ini",
                                       .kind = InputKind::kPooler,
                                       .text = std::string(text.substr(0, at))});
      std::vector<PoolerProblem> problems;
      poolers.push_back(ReadPoolerConfig(sources_[ini].text, &problems));
      poolers.back().file = ini;
      EXPECT_TRUE(problems.empty());
      text.remove_prefix(at + kPooler.size());
    }
    std::ofstream(path) << Repeated(text);
    const FileId id = sources_.Add({.path = path.string(), .kind = InputKind::kLog});
    const std::vector<LogFile> files = {{.path = path.string(), .file = id}};
    std::vector<LogFileResult> results;
    const Workload workload = ReadLogs(files, LogOptions{}, &results);
    std::filesystem::remove(path);
    EXPECT_GT(results.at(0).records, 0u) << text;
    const Catalog catalog;
    RunEvidenceRules(
        {.sources = &sources_, .catalog = &catalog, .workload = &workload, .poolers = poolers},
        RuleSet(settings_), &findings_);
  }

  const Rule& rule_;
  RuleSettings settings_;
  SourceSet sources_;
  std::vector<Finding> findings_;
};

class RuleExamples : public ::testing::TestWithParam<const Rule*> {};

TEST_P(RuleExamples, BadIsReportedOnceAndGoodIsNot) {
  const Rule& rule = *GetParam();
  ASSERT_FALSE(rule.info->bad.empty());
  ASSERT_FALSE(rule.info->good.empty());
  EXPECT_EQ(Example(rule).Count(rule.info->bad), 1u) << rule.info->bad;
  EXPECT_EQ(Example(rule).Count(rule.info->good), 0u) << rule.info->good;
}

INSTANTIATE_TEST_SUITE_P(All, RuleExamples,
                         ::testing::ValuesIn(AllRules().begin(), AllRules().end()),
                         [](const auto& test) { return std::string(test.param->info->id); });

TEST(Registry, FindsByIdNameAndPrefixAndSuggests) {
  EXPECT_EQ(FindRule("mig001"), FindRule("blocking-index-build"));
  EXPECT_EQ(FindRule("nothing"), nullptr);
  EXPECT_EQ(NearestRule("blocking-indx-build"), "blocking-index-build");
  EXPECT_TRUE(Selects("MIG", *FindRule("MIG001")->info));
  EXPECT_TRUE(Selects("migration", *FindRule("MIG001")->info));
  EXPECT_FALSE(Selects("QRY", *FindRule("MIG001")->info));
  std::vector<std::string> unknown;
  RuleSettings settings;
  settings.ignore = {"blocking-indx-build"};
  const RuleSet rules(settings, &unknown);
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_NE(unknown[0].find("did you mean 'blocking-index-build'"), std::string::npos);
}

TEST(Registry, IdsAndNamesAreUnique) {
  std::set<std::string_view> seen;
  for (const Rule* rule : AllRules()) {
    EXPECT_TRUE(seen.insert(rule->info->id).second) << rule->info->id;
    EXPECT_TRUE(seen.insert(rule->info->name).second) << rule->info->name;
  }
}

TEST(Registry, GlobsMatchAsShellsDo) {
  EXPECT_TRUE(GlobMatches("legacy/*.sql", "legacy/a.sql"));
  EXPECT_FALSE(GlobMatches("legacy/*.sql", "legacy/x/a.sql"));
  EXPECT_TRUE(GlobMatches("**/old_*.sql", "a/b/old_1.sql"));
  EXPECT_TRUE(GlobMatches("0??1.sql", "0001.sql"));
}

}  // namespace
}  // namespace pgsift
