#include "parser/fingerprint.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

TEST(FingerprintTest, LiteralsParametersAndListsAreOne) {
  const QueryIdentity literal = IdentifyQuery("SELECT * FROM t WHERE a IN (1, 2, 3) AND b = 'x'");
  ASSERT_TRUE(literal.parsed);
  EXPECT_EQ(literal.normalized, "SELECT * FROM t WHERE a IN ($1, $2, $3) AND b = $4");
  for (const char* same : {"select * from t where a in ($1) and b = $2;",
                           "SELECT *\nFROM t -- why\nWHERE a IN (9, 8) AND b = ''"}) {
    EXPECT_EQ(IdentifyQuery(same).fingerprint, literal.fingerprint) << same;
  }
  EXPECT_NE(IdentifyQuery("SELECT * FROM t WHERE a = 1").fingerprint, literal.fingerprint);
}

TEST(FingerprintTest, UtilityStatementsParse) {
  for (const char* sql : {"SET x = 1", "BEGIN", "VACUUM t", "COMMIT;", "CREATE INDEX ON t (a)"}) {
    EXPECT_TRUE(IdentifyQuery(sql).parsed) << sql;
  }
}

TEST(FingerprintTest, RefusesWhatTheGrammarCannotTake) {
  EXPECT_FALSE(IdentifyQuery("selec 1").parsed);
  EXPECT_FALSE(IdentifyQuery("select 'cut off").parsed);
  EXPECT_FALSE(IdentifyQuery(std::string("select 1\0", 9)).parsed);
  EXPECT_FALSE(IdentifyQuery("select " + std::string(100000, '(')).parsed);
  EXPECT_FALSE(IdentifyQuery("select '" + std::string(kIdentifiedBytesMax, 'x') + "'").parsed);
  EXPECT_FALSE(IdentifyQuery("").parsed);
}

}  // namespace
}  // namespace pgsift
