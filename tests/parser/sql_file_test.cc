#include "parser/sql_file.h"

#include <gtest/gtest.h>

#include <string>

#include "base/parallel.h"
#include "parser/repeated_rows.h"

namespace pgsift {
namespace {

// Parses on a thread with the stack that ReadSqlFile asks for.
template <typename Check>
void OnWorker(const Check& check) {
  ParallelFor(1, 1, [&](size_t) { check(); });
}

template <typename T>
T Only(std::string_view sql) {
  const Statement statement = ReadStatement(sql);
  const T* node = statement.As<T>();
  if (const auto* bad = statement.As<UnparsedStatement>())
    ADD_FAILURE() << sql << ": " << bad->error;
  EXPECT_NE(node, nullptr) << sql;
  return node != nullptr ? *node : T{};
}

TEST(SqlFile, ReadsTheGrammarOf18) {
  if (GrammarVersion() != "18") GTEST_SKIP() << "grammar " << GrammarVersion();
  const auto alter = Only<AlterTable>("ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID");
  ASSERT_EQ(alter.subcommands.size(), 1u);
  EXPECT_EQ(alter.subcommands[0].constraint->kind, ConstraintKind::kNotNull);
  EXPECT_TRUE(alter.subcommands[0].constraint->not_valid);
  EXPECT_EQ(alter.subcommands[0].constraint->columns, (std::vector<std::string>{"a"}));
  const auto table = Only<CreateTable>("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2))");
  EXPECT_TRUE(table.columns[1].Find(ConstraintKind::kGenerated)->virtual_);
}

TEST(SqlFile, ReadsColumnsWithTypesAndConstraints) {
  const auto table = Only<CreateTable>(
      "CREATE TABLE s.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
      "n numeric(10,2)[] NOT NULL DEFAULT now(), r int REFERENCES o (x) ON DELETE CASCADE "
      "DEFERRABLE, "
      "CHECK (n > 0) NO INHERIT, UNIQUE (id, r) INCLUDE (n)) PARTITION BY RANGE (r, lower(n))");
  EXPECT_EQ(table.relation.name.ToString(), "s.t");
  ASSERT_EQ(table.columns.size(), 3u);
  EXPECT_EQ(table.columns[0].type.ToString(), "bigint");
  EXPECT_TRUE(table.columns[0].Find(ConstraintKind::kIdentity)->always);
  EXPECT_EQ(table.columns[1].type.ToString(), "numeric(10,2)[]");
  EXPECT_EQ(ToSql(*table.columns[1].Find(ConstraintKind::kDefault)->expr), "now()");
  const ConstraintDef* key = table.columns[2].Find(ConstraintKind::kForeignKey);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->referenced.name.name, "o");
  EXPECT_EQ(key->on_delete, 'c');
  EXPECT_TRUE(key->deferrable);
  EXPECT_FALSE(key->not_enforced);
  ASSERT_EQ(table.constraints.size(), 2u);
  EXPECT_TRUE(table.constraints[0].no_inherit);
  EXPECT_EQ(table.constraints[1].include, (std::vector<std::string>{"n"}));
  ASSERT_TRUE(table.partition_by.has_value());
  EXPECT_EQ(table.partition_by->strategy, 'r');
  EXPECT_EQ(ToSql(*table.partition_by->elements[1].expr), "lower(n)");
}

TEST(SqlFile, ReadsIndexes) {
  const auto index = Only<CreateIndex>(
      "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin (lower(a) COLLATE "
      "\"C\" "
      "text_ops DESC NULLS LAST, (b)) INCLUDE (c) WHERE d IS NULL");
  EXPECT_TRUE(index.unique && index.concurrently && index.if_not_exists && index.relation.only);
  EXPECT_EQ(index.method, "gin");
  EXPECT_EQ(ToSql(*index.elements[0].expr), "lower(a)");
  EXPECT_EQ(index.elements[0].opclass, "text_ops");
  EXPECT_EQ(index.elements[0].nulls, NullsOrder::kLast);
  EXPECT_EQ(index.elements[1].column, "b");
  EXPECT_EQ(ToSql(*index.where), "d IS NULL");
}

TEST(SqlFile, ReadsAlterTable) {
  const auto alter = Only<AlterTable>(
      "ALTER TABLE IF EXISTS ONLY t ADD COLUMN IF NOT EXISTS c int, DROP CONSTRAINT x CASCADE, "
      "ALTER COLUMN d TYPE numeric(12,2) USING d::numeric, ALTER e SET DEFAULT 5, ALTER f SET NOT "
      "NULL, "
      "REPLICA IDENTITY USING INDEX q, SET (fillfactor = 70), ALTER g DROP DEFAULT");
  ASSERT_EQ(alter.subcommands.size(), 8u);
  EXPECT_TRUE(alter.if_exists && alter.relation.only);
  EXPECT_EQ(alter.subcommands[0].action, AlterAction::kAddColumn);
  EXPECT_TRUE(alter.subcommands[0].missing_ok);
  EXPECT_TRUE(alter.subcommands[1].cascade);
  EXPECT_EQ(alter.subcommands[2].action, AlterAction::kAlterColumnType);
  EXPECT_EQ(alter.subcommands[2].name, "d");
  EXPECT_EQ(ToSql(*alter.subcommands[2].expr), "d::numeric");
  EXPECT_EQ(ToSql(*alter.subcommands[3].expr), "5");
  EXPECT_EQ(alter.subcommands[4].action, AlterAction::kSetNotNull);
  EXPECT_EQ(alter.subcommands[5].replica_identity, 'i');
  EXPECT_EQ(alter.subcommands[6].options[0].name, "fillfactor");
  EXPECT_EQ(alter.subcommands[7].expr, nullptr);
}

TEST(SqlFile, ReadsPartitionBounds) {
  const auto range = Only<CreateTable>(
      "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1, MINVALUE) TO (9, MAXVALUE)");
  ASSERT_TRUE(range.bound.has_value());
  EXPECT_EQ(range.bound->lower.size(), 2u);
  EXPECT_EQ(range.inherits[0].name.name, "t");
  const auto attach = Only<AlterTable>("ALTER TABLE t ATTACH PARTITION p DEFAULT");
  EXPECT_TRUE(attach.subcommands[0].bound->is_default);
  EXPECT_EQ(attach.subcommands[0].relation.name.name, "p");
}

TEST(SqlFile, ReadsQueries) {
  const auto select = Only<Select>(
      "WITH w AS MATERIALIZED (SELECT 1) SELECT DISTINCT a.x AS y, count(*) FROM s.a AS a "
      "LEFT JOIN b ON a.id = b.id, LATERAL (SELECT 2) l WHERE a.name LIKE '%x' AND b.c IN (1, 2) "
      "AND EXISTS (SELECT 1 FROM c) GROUP BY a.x HAVING count(*) > 1 ORDER BY 1 DESC NULLS LAST "
      "LIMIT 5 OFFSET $1 FOR UPDATE SKIP LOCKED");
  EXPECT_EQ(select.with.tables[0].materialized, CommonTable::Materialized::kAlways);
  EXPECT_TRUE(select.distinct && select.distinct_on.empty());
  ASSERT_EQ(select.from.size(), 2u);
  EXPECT_EQ(select.from[0].join, JoinType::kLeft);
  EXPECT_EQ(ToSql(*select.from[0].on), "a.id = b.id");
  EXPECT_TRUE(select.from[1].lateral);
  EXPECT_EQ(ToSql(*select.where), "(a.name LIKE '%x') AND (b.c IN (1, 2)) AND EXISTS (SELECT …)");
  EXPECT_EQ(select.order_by[0].nulls, NullsOrder::kLast);
  EXPECT_EQ(ToSql(*select.offset), "$1");
  EXPECT_TRUE(select.locking[0].skip_locked);
  const auto insert = Only<Insert>(
      "INSERT INTO t (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET b = excluded.b "
      "RETURNING a");
  EXPECT_EQ(insert.columns.size(), 2u);
  EXPECT_TRUE(insert.on_conflict->update);
  EXPECT_EQ(insert.returning.size(), 1u);
  const auto merge = Only<Merge>(
      "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b "
      "WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)");
  ASSERT_EQ(merge.actions.size(), 2u);
  EXPECT_EQ(merge.actions[0].command, MergeAction::Command::kUpdate);
  const auto between = Only<Select>("SELECT 1 FROM t WHERE a NOT BETWEEN 1 AND 2 AND b NOT IN (1)");
  EXPECT_EQ(ToSql(*between.where), "(a NOT BETWEEN 1 AND 2) AND (b NOT IN (1))");
}

TEST(SqlFile, ReadsEverythingElseThatChangesASchema) {
  EXPECT_EQ(Only<Drop>("DROP INDEX CONCURRENTLY IF EXISTS a.b, c CASCADE").names.size(), 2u);
  EXPECT_EQ(Only<Drop>("DROP TRIGGER x ON s.t").on[0].ToString(), "s.t");
  EXPECT_EQ(Only<Drop>("DROP FUNCTION f(int)").names[0].name, "f");
  EXPECT_EQ(Only<Rename>("ALTER TABLE t RENAME COLUMN a TO b").sub_name, "a");
  EXPECT_EQ(Only<AlterEnum>("ALTER TYPE e ADD VALUE 'x' AFTER 'y'").neighbour, "y");
  EXPECT_EQ(Only<CreateSequence>("CREATE SEQUENCE s OWNED BY t.c").owned_by.size(), 2u);
  EXPECT_EQ(Only<SetSchema>("ALTER TABLE t SET SCHEMA x").new_schema, "x");
  EXPECT_EQ(
      Only<CreateFunction>("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'")
          .volatility,
      's');
  EXPECT_EQ(Only<LockTable>("LOCK TABLE a, b IN SHARE MODE").mode, 5);
  EXPECT_TRUE(Only<Vacuum>("VACUUM (FULL, ANALYZE) t").full);
  EXPECT_TRUE(Only<Reindex>("REINDEX INDEX CONCURRENTLY i").concurrently);
  EXPECT_EQ(Only<SetVariable>("SET LOCAL lock_timeout = '2s'").values[0], "2s");
  EXPECT_EQ(Only<CommentOn>("COMMENT ON TABLE s.t IS 'x'").name.size(), 2u);
  EXPECT_EQ(
      Only<CreateTrigger>("CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()")
          .function.name,
      "f");
  EXPECT_EQ(ReadStatement("ALTER TABLE t ADD x int").tag, "ALTER TABLE");
  EXPECT_EQ(ReadStatement("CREATE ROLE r").tag, "CREATE ROLE");
}

TEST(SqlFile, OneBadStatementLeavesTheOthers) {
  const std::string text = "CREATE TABLE a (x int);\nCREATE TABLE é b (;\nDROP TABLE a;\n";
  const SqlFile file = ReadSqlFile(text, FileId{0});
  ASSERT_EQ(file.statements.size(), 3u);
  const auto* bad = file.statements[1].As<UnparsedStatement>();
  ASSERT_NE(bad, nullptr);
  EXPECT_EQ(bad->error, "syntax error at or near \"b\"");
  EXPECT_EQ(text[bad->error_offset], 'b');
  EXPECT_NE(file.statements[2].As<Drop>(), nullptr);
  EXPECT_EQ(text.substr(file.statements[2].span.begin, file.statements[2].span.size),
            "DROP TABLE a");
}

TEST(SqlFile, MarksTransactions) {
  const SqlFile file = ReadSqlFile(
      "SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3; START TRANSACTION; SELECT 4;", FileId{0});
  EXPECT_EQ(file.transactions.size(), 2u);
  EXPECT_EQ(file.statements[0].transaction, kNoTransaction);
  EXPECT_EQ(file.statements[2].transaction, 0u);
  EXPECT_EQ(file.statements[4].transaction, kNoTransaction);
  EXPECT_EQ(file.statements[6].transaction, 1u);
}

TEST(SqlFile, ReadsOtherEncodingsThatTheFileNames) {
  const std::string text = "COMMENT ON TABLE t IS 'caf\xe9'; DROP TABLE caf\xe9;";
  const SqlFile unnamed = ReadSqlFile(text, FileId{0});
  const auto* refused = unnamed.statements.at(0).As<UnparsedStatement>();
  ASSERT_NE(refused, nullptr);
  EXPECT_NE(refused->error.find("not UTF-8"), std::string::npos);
  const std::string named_text = "SET client_encoding = 'LATIN1'; " + text;
  const SqlFile named = ReadSqlFile(named_text, FileId{0});
  EXPECT_NE(named.statements.at(2).As<Drop>(), nullptr);
}

std::string Inserts(const std::string& head, int statements) {
  std::string text;
  for (int i = 0; i < statements; ++i) {
    const std::string number = std::to_string(i);
    text += head + " (" + number + ", 'it''s " + number + "; x', NULL, -1.5);\n";
  }
  return text;
}

TEST(SqlFile, InsertsThatRepeatAreReadOnce) {
  OnWorker([] {
    const std::string text = Inserts("INSERT INTO t VALUES", 1500) + "UPDATE t SET a = 1;\n" +
                             Inserts("INSERT INTO t (a, b, c, d) VALUES", 1200);
    const SqlFile file = ReadSqlFile(text, FileId{0});
    ASSERT_EQ(file.statements.size(), 1000u + 1 + 1000);
    EXPECT_EQ(RepeatsOf(file.statements[0]), 0u);
    EXPECT_EQ(RepeatsOf(file.statements[999]), 500u);
    EXPECT_EQ(RepeatsOf(file.statements[2000]), 200u);
    EXPECT_EQ(file.statements[1000].tag, "UPDATE");
    // Its own row, and one that stands for those of the others.
    EXPECT_EQ(file.statements[999].As<Insert>()->source->values.size(), 2u);
    EXPECT_EQ(file.statements[998].As<Insert>()->source->values.size(), 1u);
  });
}

TEST(SqlFile, InsertsRepeatBetweenOtherChangesOfRows) {
  OnWorker([] {
    std::string text;
    const std::string insert = Inserts("INSERT INTO t VALUES", 1);
    for (int i = 0; i < 1500; ++i) text += insert + "UPDATE u SET a = 1;\n";
    text += "ALTER TABLE t ADD COLUMN b int;\n" + insert;
    const SqlFile file = ReadSqlFile(text, FileId{0});
    ASSERT_EQ(file.statements.size(), 1000u + 1500 + 2);
    EXPECT_EQ(RepeatsOf(file.statements[1998]), 500u);
    EXPECT_EQ(file.statements.back().tag, "INSERT");
    EXPECT_EQ(RepeatsOf(file.statements.back()), 0u);
  });
}

TEST(SqlFile, WhatRepeatsInLiteralsOnlyIsTold) {
  OnWorker([] {
    // What a function is given, a quote that is never closed, a string of another kind: each is
    // read.
    const std::string text = Inserts("INSERT INTO t VALUES", 1000) +
                             "INSERT INTO t VALUES (1, nextval('a'), NULL, -1.5);\n"
                             "INSERT INTO t VALUES (1, nextval('b'), NULL, -1.5);\n"
                             "INSERT INTO t VALUES (1, E'\\'', NULL, -1.5);\n"
                             "INSERT INTO t VALUES (1, 'a', NULL -1.5;\n"
                             "INSERT INTO t VALUES (1, 'a', NULL, -1.5, 2) RETURNING a;\n"
                             "INSERT INTO t VALUES (1, 'a', NULL, 1.5x);\n";
    const SqlFile file = ReadSqlFile(text, FileId{0});
    ASSERT_EQ(file.statements.size(), 1006u);
    EXPECT_NE(file.statements[1003].As<UnparsedStatement>(), nullptr);
    EXPECT_NE(file.statements[1005].As<UnparsedStatement>(), nullptr);
  });
}

TEST(SqlFile, RowsThatRepeatAreReadOnce) {
  OnWorker([] {
    std::string text = "INSERT INTO t VALUES";
    for (int i = 0; i < 5000; ++i) {
      text += (i > 0 ? ",\n (" : " (") + std::to_string(i) + ", " +
              (i == 4000 ? "DEFAULT" : "'x'") + ")";
    }
    text += " ON CONFLICT DO NOTHING; SELECT 1 +;";
    const SqlFile file = ReadSqlFile(text, FileId{0});
    ASSERT_EQ(file.statements.size(), 2u);
    const auto* insert = file.statements[0].As<Insert>();
    ASSERT_NE(insert, nullptr);
    EXPECT_TRUE(insert->on_conflict.has_value());
    // A thousand, the one that looks otherwise, and one that stands for the rest.
    EXPECT_EQ(insert->source->values.size(), 1002u);
    EXPECT_EQ(insert->source->values[1000][1].kind, ExprKind::kDefault);
    EXPECT_EQ(file.statements[1].As<UnparsedStatement>()->error_offset, text.size() - 2);
  });
}

SqlFile ReadAs(std::string_view text, ToolTransaction transaction) {
  return ReadSqlFile(text, FileId{0},
                     {.sections = {{.begin = 0, .end = text.size(), .transaction = transaction}}});
}

TEST(SqlFile, MarksTheTransactionsThatToolsOpen) {
  EXPECT_TRUE(ReadAs("SELECT 1", ToolTransaction::kOpened).transactions.at(0).implicit);
  EXPECT_TRUE(ReadAs("SELECT 1", ToolTransaction::kOneString).transactions.empty());
  EXPECT_EQ(ReadAs("SELECT 1; SELECT 2", ToolTransaction::kOneString).transactions.at(0).last, 1u);
  EXPECT_EQ(ReadAs("SELECT 1; SELECT 2", ToolTransaction::kUnlessRefused).transactions.size(), 1u);
  EXPECT_TRUE(
      ReadAs("CREATE INDEX CONCURRENTLY i ON t (a); ANALYZE t;", ToolTransaction::kUnlessRefused)
          .transactions.empty());
  // In one string BEGIN makes the server's transaction the file's; after COMMIT it opens another.
  const SqlFile string =
      ReadAs("SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3", ToolTransaction::kOneString);
  ASSERT_EQ(string.transactions.size(), 2u);
  EXPECT_FALSE(string.transactions[0].implicit);
  EXPECT_EQ(string.transactions[0].first, 0u);
  EXPECT_EQ(string.transactions[0].last, 3u);
  EXPECT_TRUE(string.transactions[1].implicit);
  EXPECT_EQ(string.transactions[1].first, 4u);
  // A COMMIT of the file's own ends the tool's transaction.
  const SqlFile file = ReadAs("SELECT 1; COMMIT; VACUUM t;", ToolTransaction::kOpened);
  EXPECT_EQ(file.statements.at(1).transaction, 0u);
  EXPECT_EQ(file.statements.at(2).transaction, kNoTransaction);
}

TEST(SqlFile, SectionsShareATransactionOnlyIfTheySaySo) {
  const std::string_view text = "SELECT 1;SELECT 2;SELECT 3;";
  const SqlFile file = ReadSqlFile(
      text, FileId{0},
      {.sections = {
           {.begin = 0, .end = 9, .transaction = ToolTransaction::kOpened},
           {.begin = 9, .end = 18, .transaction = ToolTransaction::kOpened, .continues = true},
           {.begin = 18, .end = 27, .transaction = ToolTransaction::kOpened}}});
  ASSERT_EQ(file.statements.size(), 3u);
  EXPECT_EQ(file.statements[1].transaction, 0u);
  EXPECT_EQ(file.statements[2].transaction, 1u);
  EXPECT_EQ(file.statements[2].span.begin, 18u);
}

TEST(SqlFile, OffsetsAreThoseOfTheFileWhateverIsFilledIn) {
  const std::string_view text = "SELECT a FROM ${s}.t WHERE b = 1";
  const SqlFile file = ReadSqlFile(text, FileId{0},
                                   {.sections = {{.begin = 0, .end = text.size()}},
                                    .substitutions = {{14, 4, "a_rather_long_schema_name", true}}});
  const auto* select = file.statements.at(0).As<Select>();
  ASSERT_NE(select, nullptr);
  ASSERT_TRUE(select->where.has_value());
  EXPECT_EQ(text.substr(select->where->offset, 1), "=");
  EXPECT_EQ(file.statements[0].sql, text);
}

TEST(SqlFile, APlaceholderThatFitsNowhereIsSaidSo) {
  const std::string_view text = "CREATE TABLE t (a int) ${with}; SELECT 1 LIMIT ${n};";
  const SqlFile file =
      ReadSqlFile(text, FileId{0},
                  {.sections = {{.begin = 0, .end = text.size()}},
                   .substitutions = {{23, 7, "\"${with}\"", false}, {47, 4, "\"${n}\"", false}}});
  const auto* unparsed = file.statements.at(0).As<UnparsedStatement>();
  ASSERT_NE(unparsed, nullptr);
  EXPECT_TRUE(unparsed->placeholder);
  EXPECT_EQ(unparsed->error, "the value of `${with}` is not known: not analyzed");
  EXPECT_EQ(unparsed->error_offset, 23u);
  EXPECT_EQ(file.unresolved, 1u);
  EXPECT_NE(file.statements.at(1).As<Select>(), nullptr);
}

// What programs fill in, in forms that no tool of migrations has.
TEST(SqlFile, PlaceholdersOfUnknownTools) {
  for (const std::string_view sql : {
           "CREATE TABLE ${schema}.t (a int)",
           "ALTER TABLE {{ schema }}.t ADD COLUMN a int DEFAULT {{ value }}",
           "CREATE TABLE {schema}.t (a varchar({size}))",
           "CREATE INDEX #{name} ON t (a)",
           "GRANT SELECT ON t TO $(role)",
           "CREATE ROLE <%= role %>",
           "{% if fresh %}\nCREATE TABLE t (a int)\n{% endif %}",
           "CREATE TABLE %(schema)s.t (a int)",
           "CREATE TABLE %s.t (a varchar(%d))",
           "ALTER TABLE %prefix%users ADD COLUMN a int",
           "CREATE TABLE #__users (id bigint)",
           "CREATE TABLE $SCHEMA.t (a int)",
           "DROP TABLE <name>",
           "INSERT INTO t (a, b) VALUES (?, ?)",
           "UPDATE t SET a = :a WHERE b = :b",
       }) {
    const SqlFile file = ReadSqlFile(sql, FileId{0});
    ASSERT_EQ(file.statements.size(), 1u) << sql;
    EXPECT_EQ(file.statements[0].As<UnparsedStatement>(), nullptr) << sql;
    EXPECT_EQ(file.statements[0].sql, sql);
  }
  const SqlFile joined = ReadSqlFile("ALTER TABLE #__users ADD COLUMN a int", FileId{0});
  EXPECT_EQ(joined.statements.at(0).As<AlterTable>()->relation.name.name, "prefix_users");
  // One that stands for more than a name or a value is not to blame; a mistake beside a parameter
  // stays one.
  const SqlFile clause = ReadSqlFile("INSERT INTO t {{ rows }}; UPDATE t SETT a = ?;", FileId{0});
  EXPECT_TRUE(clause.statements.at(0).As<UnparsedStatement>()->placeholder);
  EXPECT_FALSE(clause.statements.at(1).As<UnparsedStatement>()->placeholder);
  EXPECT_EQ(clause.unresolved, 1u);
}

TEST(SqlFile, HugeNestingIsAFindingNotACrash) {
  OnWorker([] {
    for (const std::string& sql :
         {std::string(1 << 20, '('), "SELECT " + std::string(1 << 20, '-') + "1",
          "SELECT " + std::string(15'000, '(') + "1" + std::string(15'000, ')'), [] {
            std::string chain = "SELECT 1";
            for (int i = 0; i < 9'000; ++i) chain += " + 1";
            return chain;
          }()}) {
      const SqlFile file = ReadSqlFile(sql + "; SELECT 2;", FileId{0});
      ASSERT_FALSE(file.statements.empty());
    }
    std::string text = "SELECT 1";
    text += '\0';
    text += "; SELECT 2";
    const SqlFile file = ReadSqlFile(text, FileId{0});
    EXPECT_NE(file.statements[0].As<UnparsedStatement>(), nullptr);
    EXPECT_NE(file.statements[1].As<Select>(), nullptr);
  });
}

}  // namespace
}  // namespace pgsift
