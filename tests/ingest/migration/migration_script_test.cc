#include "ingest/migration/migration_script.h"

#include <gtest/gtest.h>

#include "ingest/migration/migration_files.h"

namespace pgsift {
namespace {

ScriptContext ContextOf(Dialect dialect) {
  ScriptContext context;
  context.placeholders.style = TraitsOf(dialect).placeholders;
  return context;
}

MigrationScript Script(Dialect dialect, std::string_view text) {
  return ReadMigrationScript(dialect, text, ContextOf(dialect));
}

// What the server is sent, with the transactions that each statement stands in: "A [0]; B [-]".
std::string Runs(Dialect dialect, std::string_view text) {
  const MigrationScript script = Script(dialect, text);
  if (!script.runs) return "nothing";
  const SqlFile file = ReadSqlFile(text, FileId{0}, script.options);
  std::string line;
  for (const Statement& statement : file.statements) {
    if (!line.empty()) line += "; ";
    line += std::string(statement.sql);
    line += statement.transaction == kNoTransaction
                ? " [-]"
                : " [" + std::to_string(statement.transaction) + "]";
  }
  return line;
}

TEST(MigrationScript, Goose) {
  EXPECT_EQ(Runs(Dialect::kGoose, "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kGoose, "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\nSELECT 2;\n"),
            "SELECT 1 [-]; SELECT 2 [-]");
  // What stands between the marks is sent as one string.
  EXPECT_EQ(Runs(Dialect::kGoose,
                 "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n"
                 "SELECT 2;\n-- +goose StatementEnd\nSELECT 3;\n-- +goose Down\nSELECT 4;"),
            "SELECT 1 [0]; SELECT 2 [0]; SELECT 3 [-]");
}

TEST(MigrationScript, GooseFillsInOnlyWhereItIsToldTo) {
  const std::string_view text =
      "-- +goose Up\nSELECT '${A}';\n-- +goose ENVSUB ON\nSELECT ${B:-7};\n-- +goose ENVSUB OFF\n"
      "SELECT '${C}';\n";
  const MigrationScript script = Script(Dialect::kGoose, text);
  ASSERT_EQ(script.options.substitutions.size(), 1u);
  EXPECT_EQ(script.options.substitutions[0].text, "7");
  EXPECT_TRUE(script.options.substitutions[0].known);
}

TEST(MigrationScript, Dbmate) {
  EXPECT_EQ(Runs(Dialect::kDbmate, "-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 2;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kDbmate,
                 "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);\n"),
            "CREATE INDEX CONCURRENTLY i ON t (a) [-]");
  EXPECT_EQ(Runs(Dialect::kDbmate, "-- migrate:up transaction:false\nSELECT 1;\nSELECT 2;\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
}

TEST(MigrationScript, SqlMigrateTernRamblerNodePgPlayMybatis) {
  EXPECT_EQ(Runs(Dialect::kSqlMigrate,
                 "-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n"),
            "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kTern, "SELECT 1;\n---- create above / drop below ----\nSELECT 2;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kTern, "---- tern: disable-tx ----\nSELECT 1;\n"), "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kRambler, "-- rambler up\nSELECT 1;\n-- rambler down\nSELECT 2;\n"),
            "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kNodePgMigrate,
                 "-- Down Migration\nSELECT 2;\n-- -- Up Migration\nSELECT 1;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kPlay, "# --- !Ups\nSELECT 1;\n\n# --- !Downs\nSELECT 2;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kMybatis, "-- // first\nSELECT 1;\n-- //@UNDO\nSELECT 2;\n"),
            "SELECT 1 [0]");
}

TEST(MigrationScript, BunAndMigratusSplitWhatTheySend) {
  EXPECT_EQ(Runs(Dialect::kBun, "SELECT 1;\n--bun:split\nSELECT 2;\n"),
            "SELECT 1 [-]; SELECT 2 [-]");
  EXPECT_EQ(Runs(Dialect::kBun, "SELECT 1; SELECT 2;\n"), "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kMigratus, "SELECT 1;\n--;;\nSELECT 2;\n"), "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kMigratus, "-- :disable-transaction\nSELECT 1;\n--;;\nSELECT 2;\n"),
            "SELECT 1 [-]; SELECT 2 [-]");
}

TEST(MigrationScript, PartsThatUndoInToolsOfFewMarkers) {
  EXPECT_EQ(Runs(Dialect::kShmig, "-- ====  UP  ====\nSELECT 1;\n-- ==== DOWN ====\nSELECT 2;\n"),
            "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kMojo, "-- 1 up\nSELECT 1;\n-- 1 down\nSELECT 2;\n-- 2 up\nSELECT 3;"),
            "SELECT 1 [0]; SELECT 3 [1]");
  EXPECT_EQ(Runs(Dialect::kAerich, "-- upgrade --\nSELECT 1;\n-- downgrade --\nSELECT 2;\n"),
            "SELECT 1 [0]");
  EXPECT_EQ(Runs(Dialect::kSql, "-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n"), "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kSql, "SELECT 1;\n-- Down\nSELECT 2;\n"), "SELECT 1 [-]; SELECT 2 [-]");
}

TEST(MigrationScript, MarksThatToolsLookForOnlyOnTheFirstLine) {
  EXPECT_EQ(Runs(Dialect::kSqlx, "-- no-transaction\nVACUUM t;\n"), "VACUUM t [-]");
  EXPECT_EQ(Runs(Dialect::kSqlx, "-- no-transaction\nVACUUM t;\n/* sqlx: split */\nVACUUM u;\n"),
            "VACUUM t [-]; VACUUM u [-]");
  EXPECT_EQ(Runs(Dialect::kSqlx, "SELECT 1;\n-- no-transaction\nSELECT 2;\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
}

TEST(MigrationScript, ToolsThatSendOneString) {
  EXPECT_EQ(Runs(Dialect::kGolangMigrate, "CREATE INDEX CONCURRENTLY i ON t (a);\n"),
            "CREATE INDEX CONCURRENTLY i ON t (a) [-]");
  EXPECT_EQ(Runs(Dialect::kPrisma, "SELECT 1;\nSELECT 2;\n"), "SELECT 1 [0]; SELECT 2 [0]");
}

TEST(MigrationScript, DrizzlesBreakpointsEndStatements) {
  EXPECT_EQ(Runs(Dialect::kDrizzle,
                 "SELECT 1;--> statement-breakpoint\nSELECT 2\n--> statement-breakpoint\nSELECT 3"),
            "SELECT 1 [0]; SELECT 2 [0]; SELECT 3 [0]");
}

TEST(MigrationScript, Atlas) {
  EXPECT_EQ(Runs(Dialect::kAtlas, "-- atlas:txmode none\n\nSELECT 1;\n"), "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kAtlas, "-- atlas:delimiter //\nSELECT 1 //\nSELECT 2 //\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kAtlas, "-- atlas:delimiter \\n\\n\nSELECT 1\n\nSELECT 2\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kAtlas,
                 "-- atlas:txtar\n\n-- checks.sql --\nSELECT 1;\n-- migration.sql --\nSELECT 2;\n"
                 "-- down.sql --\nSELECT 3;\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
}

TEST(MigrationScript, LiquibaseChangesets) {
  EXPECT_EQ(Runs(Dialect::kLiquibase,
                 "--liquibase formatted sql\nSELECT 0;\n--changeset ann:1\nSELECT 1;\nSELECT 2;\n"
                 "--rollback SELECT 9;\n\n-- changeset ann:2 runInTransaction:false\nVACUUM t;\n"
                 "/* liquibase rollback\nSELECT 8;\n*/\n--changeset ann:3 dbms:mysql\nSELECT 7;\n"
                 "--changeset ann:4 dbms:\"postgresql, h2\"\nSELECT 4;\n"
                 "--changeset ann:5 ignore:true\nSELECT 5;\n"),
            "SELECT 1 [0]; SELECT 2 [0]; VACUUM t [-]; SELECT 4 [1]");
  EXPECT_EQ(Runs(Dialect::kLiquibase,
                 "--liquibase formatted sql\n--changeset a:1 endDelimiter:/ \nSELECT 1\n/\n"
                 "/* liquibase rollback\nSELECT 9\n*/\nSELECT 2\n/\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kLiquibase,
                 "--liquibase formatted sql\n--changeset a:1 endDelimiter:\\nGO\\s*$\nSELECT 1\n"
                 "GO\nSELECT 2\nGO\n--changeset a:2 endDelimiter:$$\nSELECT 3 $$\nSELECT 4 $$\n"),
            "SELECT 1 [0]; SELECT 2 [0]; SELECT 3 [1]; SELECT 4 [1]");
  EXPECT_EQ(Runs(Dialect::kLiquibase,
                 "--liquibase formatted sql\n--changeset a:1 runInTransaction:false "
                 "splitStatements:false\nSELECT 1;\nSELECT 2;\n"),
            "SELECT 1 [0]; SELECT 2 [0]");
}

TEST(MigrationScript, LiquibasesPlainSqlRunsInATransactionIfItCan) {
  EXPECT_EQ(Runs(Dialect::kLiquibase, "SELECT 1;\nSELECT 2;\n"), "SELECT 1 [0]; SELECT 2 [0]");
  EXPECT_EQ(Runs(Dialect::kLiquibase, "CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 2;\n"),
            "CREATE INDEX CONCURRENTLY i ON t (a) [-]; SELECT 2 [-]");
}

TEST(MigrationScript, LiquibaseProperties) {
  const MigrationScript script =
      Script(Dialect::kLiquibase,
             "--liquibase formatted sql\n--property name:now value:clock_timestamp() dbms:mysql\n"
             "--property name:now value:now() dbms:postgresql\n--changeset a:1\nSELECT ${now};\n");
  ASSERT_EQ(script.options.substitutions.size(), 1u);
  EXPECT_EQ(script.options.substitutions[0].text, "now()");
}

TEST(MigrationScript, PsqlVariablesHaveTheValueOfTheirPlace) {
  const MigrationScript script =
      Script(Dialect::kPsql,
             "\\set t 'or''ders'\nSELECT * FROM :\"t\" WHERE a = :'t' AND b::text = ':t';\n"
             "\\set t plain\nSELECT :t, x[1:2], :other;\n\\i other.sql\n\\ir 'sub/b c.sql'\n");
  std::vector<std::string> texts;
  for (const Substitution& one : script.options.substitutions) texts.push_back(one.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"\"or'ders\"", "'or''ders'", "plain", "\":other\""}));
  EXPECT_EQ(script.includes, (std::vector<std::string>{"other.sql", "sub/b c.sql"}));
}

TEST(MigrationScript, PsqlConditionsThatAreKnownLeaveOneBranch) {
  EXPECT_EQ(Runs(Dialect::kPsql,
                 "\\set on true\n\\if :on\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\n"
                 "\\if :{?who}\nSELECT 3;\n\\elif no\nSELECT 4;\n\\else\nSELECT 5;\n\\endif\n"),
            "SELECT 1 [-]; SELECT 5 [-]");
  EXPECT_EQ(Runs(Dialect::kPsql, "\\if :unknown\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\n"),
            "SELECT 1 [-]; SELECT 2 [-]");
  EXPECT_EQ(Runs(Dialect::kPsql, "SELECT 1;\n\\q\nSELECT 2;\n"), "SELECT 1 [-]");
  EXPECT_EQ(Runs(Dialect::kPsql, "COPY t FROM stdin;\n1\t:a\n\\if\n\\.\nSELECT '\n\\q\n';\n"),
            "COPY t FROM stdin [-]; SELECT '\n\\q\n' [-]");
}

TEST(MigrationScript, PlaceholdersStandForNamesAndForPartsOfNames) {
  const std::string_view text =
      "CREATE TABLE ${schema}.${prefix}_t (a int DEFAULT ${n}, b text DEFAULT '${x}');";
  const MigrationScript script = Script(Dialect::kFlyway, text);
  std::vector<std::string> texts;
  for (const Substitution& one : script.options.substitutions) texts.push_back(one.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"\"${schema}\"", "prefix", "\"${n}\"", "${x}"}));
  const SqlFile file = ReadSqlFile(text, FileId{0}, script.options);
  const auto* table = file.statements.at(0).As<CreateTable>();
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->relation.name.ToString(), "${schema}.prefix_t");
}

TEST(MigrationScript, DbUpsVariablesAreNoDollarQuotes) {
  const std::string text =
      "CREATE TABLE $schema$.a (id int);\nCREATE TABLE $schema$.b_$env$ (id int);\n"
      "CREATE FUNCTION $schema$.f() RETURNS int AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql;\n"
      "DO $body$ BEGIN PERFORM 1; END $body$;\n";
  const SqlFile file = ReadSqlFile(text, FileId{0}, Script(Dialect::kDbUp, text).options);
  ASSERT_EQ(file.statements.size(), 4u);
  ASSERT_NE(file.statements[1].As<CreateTable>(), nullptr);
  EXPECT_EQ(file.statements[1].As<CreateTable>()->relation.name.ToString(), "$schema$.b_env");
  EXPECT_NE(file.statements[2].As<CreateFunction>(), nullptr);
  ASSERT_NE(file.statements[3].As<DoBlock>(), nullptr);
  EXPECT_EQ(file.statements[3].As<DoBlock>()->body, " BEGIN PERFORM 1; END ");
}

TEST(MigrationScript, FlywayRefusesToMix) {
  const auto transactions = [](const std::string& text, bool mixed) {
    ScriptContext context;
    context.mixed = mixed;
    const MigrationScript script = ReadMigrationScript(Dialect::kFlyway, text, context);
    return ReadSqlFile(text, FileId{0}, script.options).transactions.size();
  };
  const std::string alone = "SET lock_timeout = '1s';\nCREATE INDEX CONCURRENTLY i ON t (a);\n";
  EXPECT_EQ(transactions(alone, false), 0u);
  EXPECT_EQ(transactions(alone + "UPDATE t SET a = 1;\n", false), 1u);
  EXPECT_EQ(transactions(alone + "UPDATE t SET a = 1;\n", true), 0u);
  EXPECT_EQ(transactions("-- not CONCURRENTLY\nUPDATE t SET a = 1;\n", false), 1u);
}

TEST(DialectMarkers, AreKnown) {
  const auto told = [](std::string_view text) {
    const auto dialect = DialectByMarkers(text);
    return dialect.has_value() ? std::string(TraitsOf(*dialect).name) : std::string("-");
  };
  EXPECT_EQ(told("-- +goose Up\nSELECT 1;"), "goose");
  EXPECT_EQ(told("\xef\xbb\xbf--liquibase formatted sql\n"), "liquibase");
  EXPECT_EQ(told("--\r\n-- Add field a to b\r\n--\r\nSELECT 1;"), "django");
  EXPECT_EQ(told("-- Deploy app:users to pg\n"), "sqitch");
  EXPECT_EQ(told("BEGIN;\n\n-- Running upgrade  -> 1f2e\n"), "alembic");
  EXPECT_EQ(told("--! Previous: -\n"), "graphile");
  EXPECT_EQ(told("\\set ON_ERROR_STOP on\n"), "psql");
  EXPECT_EQ(told("# --- !Ups\n"), "play");
  EXPECT_EQ(told("SELECT 1;--> statement-breakpoint\n"), "drizzle");
  EXPECT_EQ(told("SELECT 1;\n--bun:split\nSELECT 2;"), "bun");
  EXPECT_EQ(told("-- ==== UP ====\n"), "shmig");
  EXPECT_EQ(told("-- 1 up\n"), "mojo");
  EXPECT_EQ(told("-- 1 up to 3 rows\n"), "-");
  EXPECT_EQ(told("-- up migrations are fun\nSELECT 1;"), "-");
}

}  // namespace
}  // namespace pgsift
