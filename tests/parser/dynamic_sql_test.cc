#include "parser/dynamic_sql.h"

#include <gtest/gtest.h>

#include "parser/sql_file.h"

namespace pgsift {
namespace {

std::optional<std::string> TextOf(const std::string& expression,
                                  const CallArguments& arguments = {}) {
  const Statement statement = ReadStatement("SELECT " + expression);
  const auto* select = statement.As<Select>();
  if (select == nullptr || select->targets.size() != 1) return "not one expression";
  return ConstantText(select->targets.front().expr, arguments);
}

TEST(DynamicSql, ConstantsMakeUpATextWhereTheyCan) {
  EXPECT_EQ(TextOf("'DROP TABLE ' || quote_ident('My Table')"), "DROP TABLE \"My Table\"");
  EXPECT_EQ(TextOf("format('%I.%I %L %s %%', 's', 'T', 'it''s', 'x')"), "s.\"T\" 'it''s' x %");
  EXPECT_EQ(TextOf("format('%2$s %1$s', 'a', 'b')"), "b a");
  EXPECT_EQ(TextOf("concat('a', 'b', quote_literal('c'))"), "ab'c'");
  EXPECT_EQ(TextOf("'t'::regclass"), "t");
  EXPECT_EQ(TextOf("p || '_x'", {{"p", "jobs"}}), "jobs_x");
  EXPECT_EQ(TextOf("format('ALTER TABLE %s', $1)", {{"$1", "t"}}), "ALTER TABLE t");
}

TEST(DynamicSql, WhatConstantsDoNotTellIsNotGuessed) {
  for (const char* expression :
       {"p", "'a' || p", "format('%s')", "format('%10s', 'a')", "format('%x', 'a')", "upper('a')",
        "NULL", "format(p, 'a')", "'1'::int", "1 + 2", "format('%')"}) {
    EXPECT_EQ(TextOf(expression), std::nullopt) << expression;
  }
}

TEST(DynamicSql, ArgumentsAreThoseOfTheCall) {
  const std::string sql =
      "CREATE FUNCTION f(a text, OUT o int, b text DEFAULT 'd', c text DEFAULT 'e') LANGUAGE "
      "plpgsql "
      "AS $$ BEGIN c := 'other'; EXECUTE a; END $$;";
  const SqlFile file = ReadSqlFile(sql, FileId{0});
  Catalog catalog;
  catalog.Apply(file, file.statements.front());
  const auto functions = catalog.FindFunctions({"", "f"});
  ASSERT_EQ(functions.size(), 1u);
  const Statement call = ReadStatement("SELECT f('SELECT 1')");
  const CallArguments arguments =
      ArgumentsOf(*functions.front(), call.As<Select>()->targets.front().expr);
  EXPECT_EQ(arguments.at("a"), "SELECT 1");
  EXPECT_EQ(arguments.at("$1"), "SELECT 1");
  EXPECT_EQ(arguments.at("b"), "d");
  EXPECT_FALSE(arguments.contains("c"));
}

TEST(DynamicSql, AParameterThatIsGivenAnotherValueIsNotTold) {
  for (const auto& [body, known] : {std::pair<const char*, bool>{"BEGIN EXECUTE p; END", true},
                                    {"BEGIN IF p = 'x' THEN EXECUTE p; END IF; END", true},
                                    {"BEGIN P  := 'x'; EXECUTE p; END", false},
                                    {"BEGIN p = 'x'; EXECUTE p; END", false},
                                    {"BEGIN SELECT 'x' INTO STRICT p; EXECUTE p; END", false},
                                    {"BEGIN pp := 'x'; EXECUTE p; END", true}}) {
    const CatalogFunction function{.parameters = {{.name = "p"}}, .body = body};
    const Statement call = ReadStatement("SELECT f('SELECT 1')");
    EXPECT_EQ(ArgumentsOf(function, call.As<Select>()->targets.front().expr).contains("p"), known)
        << body;
  }
}

TEST(DynamicSql, ExecuteBecomesItsStatements) {
  RoutineBody body = ReadRoutineBody(
      "plpgsql", "BEGIN EXECUTE 'DELETE FROM ' || t || '; SELECT 1'; EXECUTE other; END");
  ASSERT_EQ(body.statements.size(), 2u);
  const uint64_t before = body.id;
  ResolveDynamic({{"t", "jobs"}}, &body);
  ASSERT_EQ(body.statements.size(), 3u);
  EXPECT_NE(body.statements[0].statement.As<Delete>(), nullptr);
  EXPECT_NE(body.statements[1].statement.As<Select>(), nullptr);
  EXPECT_EQ(body.statements[2].kind, RoutineStatement::Kind::kDynamic);
  EXPECT_NE(body.id, before);
}

}  // namespace
}  // namespace pgsift
