// `pgsift lint` as its users call it: fixes, git, settings, rules of their own, bad input.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/cli/program.h"

namespace {

namespace fs = std::filesystem;

class Lint : public ProgramTest {
 protected:
  // "a.sql:1:1: error[MIG001]: …" without the messages.
  std::string Places(const std::string& arguments) {
    std::istringstream lines(Run("lint --format concise " + arguments).out);
    std::string places;
    for (std::string line; std::getline(lines, line);) {
      places += line.substr(0, line.find("]: ") + 1) + "\n";
    }
    return places;
  }
};

TEST_F(Lint, DiffShowsWhatFixWrites) {
  File("a.sql", "-- pgsift: ignore blocking-index-build because small\nSELECT 1;\n");
  fs::permissions(folder_ / "a.sql", fs::perms(0640));
  const Result diff = Run("lint --diff a.sql");
  EXPECT_EQ(diff.status, 1);
  EXPECT_EQ(diff.out,
            "--- a/a.sql\n+++ b/a.sql\n@@ -1,2 +1 @@\n"
            "--- pgsift: ignore blocking-index-build because small\n SELECT 1;\n");
  EXPECT_NE(Text("a.sql"), "SELECT 1;\n");
  const Result fix = Run("lint --fix a.sql");
  EXPECT_EQ(fix.status, 0);
  EXPECT_EQ(fix.err, "pgsift: fixed 1 finding in 1 file\n");
  EXPECT_EQ(Text("a.sql"), "SELECT 1;\n");
  struct stat status {};
  ::stat((folder_ / "a.sql").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  EXPECT_EQ(Run("lint --diff a.sql").status, 0);
}

TEST_F(Lint, IndexesThatAreTooManyOrMissing) {
  File("schema.sql",
       "CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);\n"
       "CREATE INDEX users_email ON users (email);\n"
       "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n");
  File("m/001.sql", "CREATE INDEX CONCURRENTLY by_email ON users (email);\n");
  File("m/002.sql", "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint);\n");
  File("m/003.sql",
       "CREATE INDEX CONCURRENTLY by_name ON users (name, email);\n"
       "-- pgsift: ignore prefix-redundant-index because its index is much smaller\n"
       "CREATE INDEX CONCURRENTLY by_name_alone ON users (name);\n");
  File("m/004.sql",
       "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n");
  // Of the schema's own nothing is said.
  EXPECT_EQ(Places("--schema schema.sql m"),
            "m/001.sql:1:1: info[IDX001]\nm/004.sql:1:1: info[IDX003]\n");
  File("m/005.sql",
       "CREATE INDEX CONCURRENTLY visits_user ON visits (user_id);\n"
       "DROP INDEX CONCURRENTLY by_email;\n");
  EXPECT_EQ(Places("--schema schema.sql m"), "");
}

TEST_F(Lint, AWholeSchemaBesideUpgradesIsWhereTheyEnd) {
  File("sql/schema.sql",
       "CREATE TABLE users (id bigint PRIMARY KEY, email text, active boolean);\n"
       "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint, at timestamptz);\n"
       "CREATE INDEX logins_user ON logins (user_id);\n");
  File("sql/upgrade-1.sql",
       "ALTER TABLE users ADD COLUMN active boolean;\n"
       "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint);\n");
  File("sql/upgrade-2.sql",
       "ALTER TABLE logins ADD COLUMN at timestamptz;\n"
       "CREATE INDEX logins_user ON logins (user_id);\n"
       "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n");
  EXPECT_EQ(Places("--select already-exists,missing-object,blocking-index-build,unproven-not-null "
                   "sql"),
            "sql/upgrade-2.sql:2:1: error[MIG001]\nsql/upgrade-2.sql:3:1: error[MIG003]\n");
  const auto report = nlohmann::json::parse(Run("lint --format json sql").out);
  EXPECT_EQ(report["inputs"][0]["kind"], "schema");
}

// Patches of one version for several products: one of them is run.
TEST_F(Lint, AlternativePatchesDoNotMakeEachOtherFail) {
  const std::string patch = "ALTER TABLE prices ADD COLUMN currency text;\n";
  const std::string table = "CREATE TABLE prices (id bigint PRIMARY KEY);\n";
  File("patches/1.0.sql", table);
  File("patches/2.1-shop.sql", patch);
  File("patches/2.1-market.sql", patch);
  EXPECT_EQ(Places("--select already-exists patches"), "");
  File("seeds/en/menu.sql", "CREATE TABLE menu (id bigint PRIMARY KEY);\n");
  File("seeds/de/menu.sql", "CREATE TABLE menu (id bigint PRIMARY KEY);\n");
  EXPECT_EQ(Places("--select already-exists seeds"), "");
  // Whole schemas, of which nobody runs two.
  const std::string schema = "CREATE TABLE a (id bigint);\nCREATE TABLE b (id bigint);\n";
  File("whole/old.sql", schema);
  File("whole/new.sql", schema + "CREATE TABLE c (id bigint);\n");
  EXPECT_EQ(Places("--select already-exists whole"), "");
  // What follows one another does.
  File("steps/0_prices.sql", table);
  File("steps/1_a.sql", patch);
  File("steps/2_b.sql", patch);
  EXPECT_EQ(Places("--select already-exists steps"), "steps/2_b.sql:1:1: error[MIG091]\n");
}

// What lies beside migrations and looks like a plan is nobody's concern.
TEST_F(Lint, FilesBesideMigrationsDoNotEndTheRun) {
  File("m/1.sql", "CREATE TABLE t (id bigint PRIMARY KEY);\n");
  File("m/phpunit.xml.dist", "<?xml version=\"1.0\"?>\n<!-- 3 (actual 4) -->\n<phpunit/>\n");
  File("m/check.py", "print('Seq Scan  (cost=' + cost + ')')\n");
  EXPECT_EQ(Run("lint m").status, 0) << Run("lint m").err;
}

TEST_F(Lint, UnsafeFixesAreMadeOnlyWhenAskedFor) {
  File("a.sql", "create index i on t (a);\nDROP INDEX j;\n");
  EXPECT_EQ(Run("lint --fix a.sql").status, 1);
  EXPECT_EQ(Text("a.sql"), "create index i on t (a);\nDROP INDEX j;\n");
  EXPECT_EQ(Run("lint --fix --unsafe-fixes a.sql").status, 0);
  EXPECT_EQ(Text("a.sql"), "create index CONCURRENTLY i on t (a);\nDROP INDEX CONCURRENTLY j;\n");
  EXPECT_EQ(Run("lint --unsafe-fixes a.sql").status, 2);
}

// An invalid index of a build that failed would be kept by IF NOT EXISTS.
TEST_F(Lint, AConcurrentBuildThatIsTriedAgainDropsFirst) {
  File("a.sql", "CREATE INDEX IF NOT EXISTS i ON s.t (a);\n");
  EXPECT_EQ(Run("lint --fix --unsafe-fixes a.sql").status, 0);
  EXPECT_EQ(Text("a.sql"),
            "DROP INDEX CONCURRENTLY IF EXISTS s.i;\n"
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a);\n");
}

// In a transaction only the first half of it can be written.
TEST_F(Lint, AFixMayLeaveALesserFinding) {
  File("1.sql",
       "CREATE TABLE a (id bigint PRIMARY KEY, b bigint);\nCREATE TABLE b (id bigint "
       "PRIMARY KEY);\n");
  File("2.sql",
       "BEGIN;\nALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES b (id);\nCOMMIT;\n");
  const Result fix = Run("lint --fix --unsafe-fixes .");
  EXPECT_EQ(fix.err, "pgsift: fixed 1 finding in 1 file\n");
  EXPECT_EQ(fix.status, 0) << fix.out;
  EXPECT_NE(Text("2.sql").find("REFERENCES b (id) NOT VALID;"), std::string::npos);
}

TEST_F(Lint, ConstraintsAreAddedFirstAndValidatedThen) {
  File("a.sql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);\r\nSELECT 1;\r\n");
  Run("lint --fix --unsafe-fixes a.sql");
  EXPECT_EQ(Text("a.sql"),
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n"
            "ALTER TABLE t VALIDATE CONSTRAINT c;\r\nSELECT 1;\r\n");
}

TEST_F(Lint, ATransactionAroundOneConcurrentBuildIsTakenAway) {
  File("a.sql", "BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;\n");
  EXPECT_EQ(Run("lint --fix --unsafe-fixes a.sql").status, 0);
  EXPECT_EQ(Text("a.sql"), "CREATE INDEX CONCURRENTLY i ON t (a);\n");
}

TEST_F(Lint, FixOfStandardInputGoesToStandardOutput) {
  File("a.sql", "DROP INDEX j;\n");
  EXPECT_EQ(Run("lint --fix --unsafe-fixes --stdin-filename x.sql - < a.sql").out,
            "DROP INDEX CONCURRENTLY j;\n");
}

TEST_F(Lint, ALinkStaysALink) {
  File("real/a.sql", "DROP INDEX j;\n");
  fs::create_symlink("real/a.sql", folder_ / "a.sql");
  Run("lint --fix --unsafe-fixes a.sql");
  EXPECT_TRUE(fs::is_symlink(folder_ / "a.sql"));
  EXPECT_EQ(Text("real/a.sql"), "DROP INDEX CONCURRENTLY j;\n");
}

TEST_F(Lint, ChangedSinceReportsNewFilesAndKnowsAll) {
  const std::string git = "git -c user.name=a -c user.email=a@b ";
  File("m/1.sql", "CREATE TABLE t (a int);\nCREATE INDEX old ON other (a);\n");
  Shell("git init -q -b main . && git add . && " + git + "commit -qm 1");
  EXPECT_EQ(Run("lint --changed-since HEAD m").status, 0);
  File("m/2.sql", "CREATE INDEX i ON t (a);\n");
  EXPECT_EQ(Places("--changed-since HEAD m"), "m/2.sql:1:1: error[MIG001]\n");
  Shell("git checkout -qb work && git add . && " + git + "commit -qm 2");
  // What main does meanwhile does not count.
  Shell("git checkout -q main");
  File("m/3.sql", "CREATE INDEX i3 ON t (a);\n");
  Shell("git add . && " + git +
        "commit -qm 3 && git checkout -q work && git checkout main -- m/3.sql");
  EXPECT_EQ(Places("--changed-since main m"),
            "m/2.sql:1:1: error[MIG001]\nm/3.sql:1:1: error[MIG001]\nm/3.sql:1:1: info[IDX001]\n");
  const Result bad = Run("lint --changed-since nowhere m");
  EXPECT_EQ(bad.status, 2);
  EXPECT_NE(bad.err.find("'nowhere' is no revision"), std::string::npos) << bad.err;
}

TEST_F(Lint, ChangedSinceNeedsARepository) {
  File("m/1.sql", "SELECT 1;\n");
  const Result result = Run("lint --changed-since HEAD m");
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("is in no git repository"), std::string::npos) << result.err;
}

TEST_F(Lint, NothingToLintIsUnusable) {
  File("notes/readme.txt", "nothing here\n");
  EXPECT_EQ(Run("lint notes").status, 2);
  File("logs/p.json",
       "[{\"Plan\": {\"Node Type\": \"Result\", \"Startup Cost\": 0.0, "
       "\"Total Cost\": 0.01, \"Plan Rows\": 1, \"Plan Width\": 4}}]\n");
  const Result result = Run("lint logs");
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("no migration among the inputs"), std::string::npos) << result.err;
  File("m/1_x.down.sql", "DROP TABLE x;\n");
  EXPECT_EQ(Run("lint m").status, 0);
}

TEST_F(Lint, SettingsThatAreWrongAreNamedWithWhatWasMeant) {
  File("a.sql", "SELECT 1;\n");
  const std::pair<const char*, const char*> kWrong[] = {
      {"[migrations]\ndialect = \"flywya\"\n", "did you mean 'flyway'?"},
      {"[migrations]\ndialct = \"flyway\"\n", "did you mean 'dialect'?"},
      {"[migrations]\ntransaction = \"yes\"\n", "none, file, string"},
      {"[[migrations.files]]\ndialect = \"goose\"\n", "needs `glob`"},
      {"[severity]\nblocking-index-bild = \"info\"\n", "did you mean 'blocking-index-build'?"},
      {"[[custom_rules]]\nid = \"X1\"\n", "letters and three digits"},
      {"[[custom_rules]]\nid = \"ACM001\"\nname = \"a\"\nmessage = \"m\"\nrelatoin = \"x\"\n",
       "did you mean 'relation'?"},
      {"[[custom_rules]]\nid = \"ACM001\"\nname = \"a\"\nmessage = \"m\"\ntext = \"(\"\n",
       "no regular expression"},
      {"selct = []\n", "did you mean 'select'?"}};
  for (const auto& [settings, said] : kWrong) {
    File("pgsift.toml", settings);
    const Result result = Run("lint a.sql");
    EXPECT_EQ(result.status, 2) << settings;
    EXPECT_NE(result.err.find(said), std::string::npos) << settings << result.err;
    EXPECT_NE(result.err.find("pgsift.toml:"), std::string::npos) << result.err;
  }
}

constexpr char kOwnRules[] = R"toml(
[[custom_rules]]
id = "ACME001"
name = "money-as-float"
message = "money is kept as a floating-point number"
help = "use numeric(12,2)"
severity = "error"
statements = ["CREATE TABLE", "ALTER TABLE"]
column = "(_cents|price)$"
column_type = "^(real|double precision)$"
bad = ["CREATE TABLE t (price real)", "ALTER TABLE t ADD COLUMN fee_cents double precision"]
good = ["CREATE TABLE t (price numeric(12,2), ratio real)"]

[[custom_rules]]
id = "ACME002"
name = "hands-off-orders"
message = "orders is changed only by its owners"
relation = "^public\\.orders$"
in_transaction = false
bad = ["ALTER TABLE orders ADD COLUMN a int", "TRUNCATE customers, orders"]
good = ["BEGIN; ALTER TABLE orders ADD COLUMN a int; COMMIT", "ALTER TABLE shop.orders ADD a int"]

[[custom_rules]]
id = "ACME003"
name = "big-table-rewritten"
message = "events is too big to be written anew"
relation = "^public\\.events$"
mode = ["AccessExclusiveLock"]
rewrites = true
bad = ["CREATE TABLE events (a int); COMMIT; ALTER TABLE events ALTER a TYPE bigint"]
good = ["ALTER TABLE events ADD COLUMN b int", "ALTER TABLE users ALTER a TYPE bigint"]
)toml";

TEST_F(Lint, RulesOfTheProjectsOwn) {
  File("pgsift.toml", kOwnRules);
  File("a.sql",
       "CREATE TABLE p (price real);\n"
       "-- pgsift: ignore money-as-float because it is a sensor's\n"
       "CREATE TABLE q (price real);\n"
       "TRUNCATE orders;\n");
  EXPECT_EQ(Places("--select ACME a.sql"),
            "a.sql:1:1: error[ACME001]\na.sql:4:1: warning[ACME002]\n");
  EXPECT_EQ(Places("--select ACME --ignore hands-off-orders a.sql"), "a.sql:1:1: error[ACME001]\n");
  const Result tests = Run("rules --test");
  EXPECT_EQ(tests.status, 0) << tests.out;
  EXPECT_EQ(tests.out, "3 rules, 10 examples, 0 failures\n");
  EXPECT_NE(Run("rules money-as-float").out.find("numeric(12,2)"), std::string::npos);
}

TEST_F(Lint, ExamplesThatFailAreNamed) {
  File(
      "pgsift.toml",
      "[[custom_rules]]\nid = \"ACM001\"\nname = \"no-drops\"\nmessage = \"m\"\n"
      "statements = [\"DROP TABLE\"]\nbad = [\"SELECT 1\", \"DROP\"]\ngood = [\"DROP TABLE t\"]\n");
  const Result result = Run("rules --test");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.out.find("the bad example `SELECT 1` is not reported"), std::string::npos);
  EXPECT_NE(result.out.find("the bad example `DROP` cannot be parsed"), std::string::npos);
  EXPECT_NE(result.out.find("the good example `DROP TABLE t` is reported"), std::string::npos);
}

TEST_F(Lint, BadInputCostsOneStatement) {
  File("a.sql", "CREATE TABEL x;\nCREATE INDEX i ON t (a);\n");
  EXPECT_EQ(Places("a.sql"), "a.sql:1:8: error[MIG000]\na.sql:2:1: error[MIG001]\n");
  File("b.sql", "SELECT 'caf\xe9';\nCREATE INDEX i ON t (a);\n");
  EXPECT_NE(Places("b.sql").find("b.sql:2:1: error[MIG001]"), std::string::npos);
  const Result json = Run("lint --format json b.sql");
  EXPECT_TRUE(nlohmann::json::accept(json.out));
  std::string text = "-- " + std::string(200, '-') + "\nSELECT '?';\nCREATE INDEX i ON t (a);\n";
  text[text.find('?')] = '\0';
  File("c.sql", text);
  const Result nul = Run("lint --format concise c.sql");
  EXPECT_NE(nul.out.find("NUL byte"), std::string::npos) << nul.out;
  EXPECT_NE(nul.out.find("c.sql:3:1: error[MIG001]"), std::string::npos) << nul.out;
}

TEST_F(Lint, AMigrationInUtf16IsNamedWithAWayOut) {
  std::string text = "\xff\xfe";
  for (char c : std::string("DROP TABLE t;\n")) text += {c, '\0'};
  fs::create_directories(folder_ / "m");
  File("m/1.sql", text);
  File("m/2.sql", "CREATE INDEX i ON t (a);\n");
  const Result result = Run("lint --format concise m");
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("m/1.sql: is UTF-16; save it as UTF-8"), std::string::npos)
      << result.err;
  EXPECT_NE(result.out.find("m/2.sql:1:1: error[MIG001]"), std::string::npos) << result.out;
}

TEST_F(Lint, ADumpOf100MegabytesIsRead) {
  {
    std::ofstream dump(folder_ / "dump.sql", std::ios::binary);
    dump << "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (a int, b text);\n"
            "COPY public.t (a, b) FROM stdin;\n";
    const std::string line = "1\t" + std::string(997, 'x') + "\n";
    for (int i = 0; i < 100'000; ++i) dump << line;
    dump << "\\.\nCREATE INDEX i ON public.t (a);\n";
  }
  const auto report = nlohmann::json::parse(Run("lint --format json dump.sql").out);
  EXPECT_EQ(report["inputs"][0]["kind"], "schema");
  EXPECT_EQ(report["inputs"][0]["format"], "pg_dump");
  EXPECT_EQ(report["inputs"][0]["records"], 3);
  EXPECT_EQ(report["inputs"][0]["skipped_records"], 0);
}

TEST_F(Lint, WhatAnUnknownPlaceholderHidesIsCounted) {
  File("V1__a.sql", "CREATE TABLE ${s}.t (a int);\nCREATE TABLE u (a int) ${with};\n");
  const auto report = nlohmann::json::parse(Run("lint --format json .").out);
  EXPECT_EQ(report["inputs"][0]["unresolved_placeholders"], 1);
  EXPECT_EQ(report["findings"][0]["rule"], "CFG004");
  EXPECT_NE(Run("lint .").out.find("1 of them for placeholders"), std::string::npos);
  File("pgsift.toml", "[migrations.placeholders]\nwith = \"WITH (fillfactor = 70)\"\n");
  EXPECT_EQ(Places("."), "");
}

TEST_F(Lint, TheMarkdownFitsIntoAComment) {
  std::string sql;
  for (int i = 0; i < 2'000; ++i) sql += "CREATE INDEX i" + std::to_string(i) + " ON t (a);\n";
  File("a.sql", sql);
  const std::string text = Run("lint --format markdown a.sql").out;
  EXPECT_LT(text.size(), 65'536u);
  EXPECT_NE(text.find("findings more did not fit here"), std::string::npos);
  EXPECT_NE(text.find("| `a.sql` | 2000 | 0 | 0 |"), std::string::npos);
}

TEST_F(Lint, ABaselineIsPruned) {
  File("a.sql", "CREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);\n");
  Run("lint --write-baseline base a.sql");
  EXPECT_EQ(Run("lint --baseline base a.sql").status, 0);
  File("a.sql", "CREATE INDEX j ON t (b);\n");
  const Result stale = Run("lint -v --baseline base a.sql");
  EXPECT_NE(stale.err.find("1 entry of the baseline match"), std::string::npos) << stale.err;
  Run("lint --baseline base --write-baseline base a.sql");
  const std::string text = Text("base");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(Run("lint --baseline base a.sql").status, 0);
}

// A folder of migrations is the schema of one of its own files: what comes before it.
TEST_F(Lint, SchemaFolderThatHoldsTheFile) {
  fs::create_directories(folder_ / "m");
  File("m/001_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY, b text);\n");
  File("m/002_b.sql", "ALTER TABLE a ALTER COLUMN b TYPE varchar(9);\n");
  File("m/003_c.sql", "ALTER TABLE a DROP COLUMN b;\n");
  const Result lint = Run("lint --format concise m/002_b.sql --schema m");
  EXPECT_NE(lint.out.find("MIG006"), std::string::npos) << lint.out;
  EXPECT_EQ(lint.out.find("MIG010"), std::string::npos) << lint.out;
}

// Of a tool's folder, what undoes is no schema, and the order is the tool's.
TEST_F(Lint, SchemaFolderOfATool) {
  fs::create_directories(folder_ / "m");
  File("m/9_a.up.sql", "CREATE TABLE a (id bigint PRIMARY KEY, b text);\n");
  File("m/9_a.down.sql", "DROP TABLE a;\n");
  File("m/10_b.up.sql", "ALTER TABLE a ADD COLUMN c varchar(20);\n");
  File("m/10_b.down.sql", "ALTER TABLE a DROP COLUMN c;\n");
  fs::create_directories(folder_ / "g");
  File("g/001_a.sql",
       "-- +goose Up\nCREATE TABLE a (id bigint PRIMARY KEY, c varchar(20));\n"
       "-- +goose Down\nDROP TABLE a;\n");
  File("m/schema.prisma", "model A {\n  id BigInt @id\n}\n");
  File("m/lock.toml", "# do not edit; generated\nprovider = \"postgresql\"\n");
  File("next.sql", "ALTER TABLE a ALTER COLUMN c TYPE varchar(30);\n");
  EXPECT_NE(Run("lint --format concise next.sql").out.find("MIG006"), std::string::npos);
  for (const char* folder : {"m", "g"}) {
    const Result lint = Run(std::string("lint --format concise next.sql --schema ") + folder);
    EXPECT_EQ(lint.out.find("MIG006"), std::string::npos) << folder << lint.out;
    EXPECT_EQ(lint.out.find("MIG000"), std::string::npos) << folder << lint.out;
  }
}

// Scripts of extensions, and those that a build fills in.
TEST_F(Lint, NamesBetweenAtSigns) {
  File("e--1.0--1.1.sql",
       "ALTER TABLE @extschema@.parts ADD COLUMN note text;\n"
       "CREATE FUNCTION @extschema@.last() RETURNS int LANGUAGE sql SET search_path TO "
       "@extschema@,pg_temp AS $$ SELECT max(id) FROM @extschema:other@.parts $$;\n"
       "CREATE TABLE @NAMESPACE@.nodes (id bigint PRIMARY KEY, mail text DEFAULT 'a@b');\n"
       "SELECT '{1}'::int[] @> '{1}', to_tsvector('a') @@ 'a', @ -1;\n");
  const Result lint = Run("lint --format json --select MIG000 e--1.0--1.1.sql");
  EXPECT_EQ(lint.status, 0) << lint.out;
  EXPECT_NE(lint.out.find("\"records\": 4"), std::string::npos) << lint.out;
  // What is no placeholder stays a mistake.
  File("bad.sql", "SELECT * FROM @other@.t;\n");
  EXPECT_EQ(Run("lint --select MIG000 bad.sql").status, 1);
}

// What a DO block does is judged as if it stood alone, but for fixes: in a block nothing is
// CONCURRENTLY.
TEST_F(Lint, WhatADoBlockDoes) {
  File("001.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n");
  const std::string block =
      "DO $x$\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'i') THEN\n"
      "    CREATE INDEX i ON orders (total);\n    ALTER TABLE orders ALTER COLUMN total SET NOT "
      "NULL;\n"
      "  END IF;\nEND $x$;\n";
  File("002.sql", block);
  EXPECT_EQ(Places("001.sql 002.sql"), "002.sql:4:5: error[MIG001]\n002.sql:5:5: error[MIG003]\n");
  EXPECT_EQ(Run("lint --fix --unsafe-fixes 001.sql 002.sql").status, 1);
  EXPECT_EQ(Text("002.sql"), block);
  // What the block made itself is nobody's yet, and a suppression before it holds for all of it.
  File("003.sql",
       "DO $$ BEGIN CREATE TABLE fresh (id bigint PRIMARY KEY, a int); CREATE INDEX j ON fresh "
       "(a); END $$;\n");
  EXPECT_EQ(Places("001.sql 003.sql"), "");
  File("004.sql",
       "-- pgsift: ignore blocking-index-build because small\nDO $$ BEGIN CREATE INDEX k ON orders "
       "(id, total); END $$;\n");
  EXPECT_EQ(Places("001.sql 004.sql"), "");
}

// Its one row is no backfill.
TEST_F(Lint, TablesOfMigrationTools) {
  File("a.sql",
       "BEGIN;\nALTER TABLE account ADD COLUMN a int;\nUPDATE alembic_version SET version_num = "
       "'b' WHERE "
       "alembic_version.version_num = 'a';\nCOMMIT;\n");
  EXPECT_EQ(Places("a.sql"), "");
}

}  // namespace
