#include "parser/splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pgsift {
namespace {

std::vector<std::string> Statements(std::string_view text) {
  std::vector<std::string> statements;
  for (const Piece& piece : SplitStatements(text).pieces) {
    if (piece.kind == PieceKind::kStatement) {
      statements.emplace_back(text.substr(piece.begin, piece.size));
    }
  }
  return statements;
}

using Texts = std::vector<std::string>;

TEST(Splitter, SplitsAtSemicolonsOutsideQuotesAndComments) {
  EXPECT_EQ(Statements("SELECT 1; SELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(Statements("SELECT ';'; SELECT \"a;b\" -- c;\n;"),
            (Texts{"SELECT ';'", "SELECT \"a;b\""}));
  EXPECT_EQ(Statements("SELECT E'it\\';s'; SELECT 2"), (Texts{"SELECT E'it\\';s'", "SELECT 2"}));
  EXPECT_EQ(Statements("SELECT 'it'';s'; x"), (Texts{"SELECT 'it'';s'", "x"}));
  EXPECT_EQ(Statements("SELECT U&'d\\0061;t'; x"), (Texts{"SELECT U&'d\\0061;t'", "x"}));
  EXPECT_EQ(Statements("/* a; /* b; */ c; */ SELECT 1;;"), (Texts{"SELECT 1"}));
}

TEST(Splitter, KeepsDollarQuotesWhole) {
  EXPECT_EQ(Statements("DO $$ BEGIN; END $$; x"), (Texts{"DO $$ BEGIN; END $$", "x"}));
  EXPECT_EQ(Statements("DO $a$ ; $b$ ; $a$; x"), (Texts{"DO $a$ ; $b$ ; $a$", "x"}));
  EXPECT_EQ(Statements("SELECT $1; SELECT a$1$b; x"), (Texts{"SELECT $1", "SELECT a$1$b", "x"}));
}

TEST(Splitter, KeepsSqlStandardBodiesAndRulesWhole) {
  const std::string function =
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; "
      "SELECT 2; END";
  EXPECT_EQ(Statements(function + "; x"), (Texts{function, "x"}));
  const std::string rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)";
  EXPECT_EQ(Statements(rule + "; x"), (Texts{rule, "x"}));
  EXPECT_EQ(Statements("BEGIN; SELECT 1; END;"), (Texts{"BEGIN", "SELECT 1", "END"}));
}

TEST(Splitter, ReadsWhatPsqlReads) {
  const std::string text =
      "\\set x 1\nSELECT 1 \\gexec\nCOPY t (a) FROM stdin;\n1;\n';\n\\.\nSELECT 2;\n\\echo done";
  const SplitSql split = SplitStatements(text);
  EXPECT_EQ(Statements(text), (Texts{"SELECT 1", "COPY t (a) FROM stdin", "SELECT 2"}));
  size_t meta = 0;
  size_t data = 0;
  for (const Piece& piece : split.pieces) {
    if (piece.kind == PieceKind::kMetaCommand) ++meta;
    if (piece.kind == PieceKind::kCopyData) data += piece.size;
  }
  EXPECT_EQ(meta, 3u);
  EXPECT_EQ(data, std::string("1;\n';\n").size());
}

TEST(Splitter, ReadsByteOrderMarkAndCarriageReturns) {
  EXPECT_EQ(Statements("\xef\xbb\xbfSELECT 1;\r\nSELECT 2;\r\n"), (Texts{"SELECT 1", "SELECT 2"}));
}

TEST(Splitter, UnclosedQuoteCostsOneStatement) {
  const std::string text = "SELECT 1;\nSELECT 'oops;\nSELECT 2;\nSELECT 3;\n";
  const SplitSql split = SplitStatements(text);
  ASSERT_EQ(split.pieces.size(), 4u);
  EXPECT_FALSE(split.pieces[1].error.empty());
  EXPECT_EQ(split.pieces[1].error_at, text.find('\''));
  EXPECT_EQ(Statements(text)[3], "SELECT 3");
  EXPECT_FALSE(SplitStatements("/* never closed").pieces[0].error.empty());
}

// Found by fuzzing: the gap lay behind the statement's last token.
TEST(Splitter, CommandBehindAnUnfinishedStatementIsNoGapInIt) {
  const SplitSql split = SplitStatements("SELECT 1 \\set x\n");
  ASSERT_EQ(split.pieces.size(), 1u);
  EXPECT_TRUE(split.pieces[0].gaps.empty());
  EXPECT_EQ(SplitStatements("SELECT \\set x\n 1;").pieces[0].gaps.size(), 1u);
}

TEST(Splitter, CountsNestingAlongTheWayNotAcrossSiblings) {
  EXPECT_LT(SplitStatements("SELECT " + std::string(1000, 'a')).pieces[0].nesting, 10u);
  std::string list = "SELECT 1";
  for (int i = 0; i < 30'000; ++i) list += ", -1";
  EXPECT_LT(SplitStatements(list).pieces[0].nesting, 100u);
  EXPECT_GT(SplitStatements(std::string(50'000, '(')).pieces[0].nesting, kNestingMax);
  std::string chain = "SELECT 1";
  for (int i = 0; i < 30'000; ++i) chain += "+1";
  EXPECT_GT(SplitStatements(chain).pieces[0].nesting, kNestingMax);
}

TEST(Splitter, PiecesAndCommentsNeverOverlapWhereverTheTextIsCut) {
  const std::string text =
      "-- a\nCREATE FUNCTION f() RETURNS int AS $x$ ; $x$ LANGUAGE sql; /* b /* c */ */ SELECT "
      "E'\\'';"
      "COPY t FROM STDIN;\n1\n\\.\nSELECT \"q\" FROM (VALUES (1));\\d\n";
  for (size_t size = 0; size <= text.size(); ++size) {
    uint64_t last = 0;
    for (const Piece& piece : SplitStatements(text.substr(0, size)).pieces) {
      EXPECT_GE(piece.begin, last);
      last = piece.begin + piece.size;
      EXPECT_LE(last, size);
    }
  }
}

}  // namespace
}  // namespace pgsift
