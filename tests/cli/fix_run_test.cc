// Fixes that make a file worse: taken back, and named as defects. No rule of ours has such a fix,
// so two bad ones are added here, in a program of its own process.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "rules/registry.h"
#include "tests/cli/program.h"

namespace pgsift {
namespace {

constexpr RuleInfo kBreaks = Checked({
    .id = "TST901",
    .name = "fix-that-breaks",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .fix = FixSafety::kSafe,
    .summary = "a table whose fix does not parse",
    .why = "For a test.",
    .instead = "Nothing.",
    .bad = "CREATE TABLE breaks (a int);",
    .good = "SELECT 1;",
});
constexpr RuleInfo kRepeats = Checked({
    .id = "TST902",
    .name = "fix-that-repeats",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .fix = FixSafety::kSafe,
    .summary = "a sequence whose fix leaves what it complains of",
    .why = "For a test.",
    .instead = "Nothing.",
    .bad = "CREATE TABLE repeats (a int);",
    .good = "SELECT 1;",
});

void Offer(const RuleInfo& rule, const char* table, const char* text, const CreateTable& create,
           const Statement& statement, SqlPass& pass) {
  if (create.relation.name.name != table) return;
  pass.Report(rule, statement.span, "bad")
      .Offer({.title = "a bad fix",
              .safety = FixSafety::kSafe,
              .edits = {{{.begin = statement.span.begin, .size = 0, .file = statement.span.file},
                         text}}});
}
void CheckBreaks(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  Offer(kBreaks, "breaks", "CREATE CREATE ", create, statement, pass);
}
void CheckRepeats(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  Offer(kRepeats, "repeats", "SELECT 1; ", create, statement, pass);
}

struct Outcome {
  int status = 0;
  std::string err;
};

// A process of its own: the rules are added to the list of all.
Outcome LintWithBadRules(const std::string& folder, std::vector<std::string> arguments) {
  const pid_t child = ::fork();
  if (child == 0) {
    static constexpr Rule breaks = MakeSqlRule<&CheckBreaks>(kBreaks);
    static constexpr Rule repeats = MakeSqlRule<&CheckRepeats>(kRepeats);
    AddRule(&breaks);
    AddRule(&repeats);
    if (::chdir(folder.c_str()) != 0 || std::freopen("err", "w", stderr) == nullptr ||
        std::freopen("out", "w", stdout) == nullptr) {
      ::_exit(99);
    }
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    ::_exit(RunCommandLine(static_cast<int>(argv.size()), argv.data()));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::ostringstream err;
  err << std::ifstream(folder + "/err").rdbuf();
  return {WEXITSTATUS(status), err.str()};
}

class FixRunTest : public ProgramTest {
 protected:
  std::string Fixed(const std::string& sql, Outcome* outcome) {
    File("a.sql", sql);
    *outcome = LintWithBadRules(folder_.string(), {"pgsift", "lint", "--fix", "a.sql"});
    return Text("a.sql");
  }
};

TEST_F(FixRunTest, AFixThatDoesNotParseIsTakenBack) {
  const std::string sql = "SELECT 1;\nCREATE TABLE breaks (id bigint PRIMARY KEY);\n";
  Outcome outcome;
  EXPECT_EQ(Fixed(sql, &outcome), sql);
  EXPECT_NE(outcome.err.find("a.sql:2: the fix of fix-that-breaks made it worse and was undone"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(FixRunTest, AFixThatLeavesItsFindingIsTakenBack) {
  const std::string sql = "CREATE TABLE repeats (id bigint PRIMARY KEY);\n";
  Outcome outcome;
  EXPECT_EQ(Fixed(sql, &outcome), sql);
  EXPECT_NE(outcome.err.find("the fix of fix-that-repeats made it worse"), std::string::npos)
      << outcome.err;
}

// The good fixes of the same file are kept.
TEST_F(FixRunTest, OthersStay) {
  Outcome outcome;
  const std::string fixed = Fixed(
      "CREATE TABLE breaks (id bigint PRIMARY KEY);\n-- pgsift: ignore blocking-index-build "
      "because small\n"
      "SELECT 1;\n",
      &outcome);
  EXPECT_EQ(fixed, "CREATE TABLE breaks (id bigint PRIMARY KEY);\nSELECT 1;\n") << outcome.err;
  EXPECT_NE(outcome.err.find("fix-that-breaks"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("fixed 1 finding"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace pgsift
