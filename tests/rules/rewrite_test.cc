// What StatementText knows of a statement's text.

#include <gtest/gtest.h>

#include "rules/rewrite/statement_text.h"

namespace pgsift {
namespace {

std::vector<std::string> Texts(const StatementText& text, const std::vector<TextRange>& ranges) {
  std::vector<std::string> texts;
  for (const TextRange range : ranges) texts.push_back(text.Text(range));
  return texts;
}

TEST(StatementTextTest, FindsTheClausesOfTheQueryItself) {
  const std::string sql =
      "SELECT DISTINCT a IS DISTINCT FROM b, extract(year FROM c), (SELECT 1 FROM x WHERE y = 2) "
      "FROM t /* FROM nowhere WHERE */ JOIN u ON true WHERE a = 'x WHERE y' AND b IN (SELECT q "
      "FROM r ORDER BY 1) GROUP BY a HAVING count(*) > 1 ORDER BY a OFFSET 5 LIMIT 3 FOR UPDATE";
  const StatementText text(sql);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(0));
  EXPECT_TRUE(clauses.select && clauses.distinct);
  EXPECT_FALSE(clauses.with || clauses.set_operation);
  EXPECT_EQ(text.Items(clauses.output).size(), 3u);
  EXPECT_EQ(text.Text(clauses.from), " t /* FROM nowhere WHERE */ JOIN u ON true");
  EXPECT_EQ(Texts(text, text.Arms(clauses.where)),
            (std::vector<std::string>{"a = 'x WHERE y'", "b IN (SELECT q FROM r ORDER BY 1)"}));
  EXPECT_EQ(text.Text(clauses.order_by), " a");
  EXPECT_EQ(text.Text(clauses.offset_clause), "OFFSET 5");
  EXPECT_EQ(text.Text(clauses.limit_clause), "LIMIT 3");
  const size_t inner = sql.find("q FROM r");
  EXPECT_EQ(text.Text(text.QueryAround(inner)), "SELECT q FROM r ORDER BY 1");
  EXPECT_EQ(text.Text(text.ParenthesesAround(sql.find("year"))), "(year FROM c)");
}

TEST(StatementTextTest, PartsConditions) {
  const std::string sql =
      "a BETWEEN 1 AND 2 AND (b = 1 AND (c = 2 OR d = 3)) AND CASE WHEN e AND f THEN g END AND "
      "$tag$ AND $tag$ = x";
  const StatementText text(sql);
  const TextRange all{0, sql.size()};
  EXPECT_EQ(text.Arms(all).size(), 4u);
  EXPECT_EQ(text.Text(text.ArmAt(all, sql.find("b = 1"))), "b = 1");
  EXPECT_EQ(text.Text(text.ArmAt(all, sql.find("d = 3"))), "(c = 2 OR d = 3)");
  // Beside an OR, the arms of AND are no conditions of their own.
  const StatementText either("a = 1 AND b = 2 OR c = 3");
  EXPECT_EQ(either.Arms({0, 24}).size(), 1u);
  EXPECT_EQ(either.Arms({0, 24}, "or").size(), 2u);
}

TEST(StatementTextTest, FoldsWithoutTouchingLiterals) {
  EXPECT_EQ(
      StatementText("SELECT 'a  --b' , \"x  y\"\n -- note\n FROM  t /* c /* d */ */ ;").Folded(),
      "SELECT 'a  --b' , \"x  y\" FROM t ;");
  EXPECT_EQ(StatementText("SELECT E'it\\'s', $1, $a$ $1 $a$, $12").HighestParameter(), 12);
}

TEST(StatementTextTest, ShowsOnlyWhatTheGrammarTakes) {
  Finding finding;
  EXPECT_FALSE(ShowRewritten("SELECT FROM WHERE", "", &finding));
  EXPECT_FALSE(ShowRewritten("", "", &finding));
  EXPECT_FALSE(ShowRewritten("SELECT " + std::string(5000, '1'), "", &finding));
  EXPECT_FALSE(
      ShowRewritten("SELECT " + std::string(500, '(') + "1" + std::string(500, ')'), "", &finding));
  EXPECT_TRUE(finding.helps.empty());
  EXPECT_TRUE(ShowRewritten("SELECT 1 -- one", "not at all", &finding));
  EXPECT_EQ(finding.helps.front(), "the whole statement: SELECT 1");
  EXPECT_EQ(finding.notes.front(), "the rewritten statement differs: not at all");
}

}  // namespace
}  // namespace pgsift
