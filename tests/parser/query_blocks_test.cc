#include "parser/query_blocks.h"

#include <gtest/gtest.h>

#include <string>

namespace pgsift {
namespace {

class QueryBlocks : public ::testing::Test {
 protected:
  QueryBlocks() {
    file_ = ReadSqlFile(schema_, FileId{0});
    for (const Statement& statement : file_.statements) catalog_.Apply(file_, statement);
  }

  // One line for each block: "table.column kind" of its predicates, then order and limits.
  std::string Dump(const std::string& sql) {
    statement_ = ReadStatement(sql);
    std::string text;
    for (const QueryBlock& block : BlocksOf(statement_, catalog_)) {
      if (!text.empty()) text += " | ";
      for (const Predicate& p : block.predicates) {
        text += Name(p.column, block) + ":" + std::to_string(static_cast<int>(p.kind)) +
                (p.wrapped ? "w" : "") + (p.in_or ? "o" : "") + " ";
      }
      for (const BlockSortKey& key : block.order_by) text += "<" + Name(key.column, block) + "> ";
      if (block.limit != nullptr) text += "limit ";
      if (block.offset != nullptr) text += "offset ";
      if (block.correlated) text += "correlated ";
    }
    return text;
  }

 private:
  static std::string Name(const ColumnUse& use, const QueryBlock& block) {
    return use.resolved() ? block.tables[use.table].name.name + "." + use.column : "?";
  }
  const std::string schema_ =
      "CREATE TABLE a (id int, name text, tags jsonb, at timestamptz); CREATE TABLE b (id int, "
      "a_id int, n int);";
  SqlFile file_;
  Catalog catalog_;
  Statement statement_;
};

TEST_F(QueryBlocks, FindsPredicatesByOperator) {
  EXPECT_EQ(Dump("SELECT * FROM a WHERE id = 1 AND name LIKE '%x' AND at > $1 AND tags @> '{}'"),
            "a.id:0 a.name:4 a.at:1 a.tags:9 ");
  EXPECT_EQ(Dump("SELECT * FROM a WHERE lower(name) = $1 OR id IN (1, 2)"), "a.name:0wo a.id:0o ");
  EXPECT_EQ(Dump("SELECT * FROM a WHERE 5 < id AND name LIKE 'x%' AND name LIKE '%' || $1"),
            "a.id:1 a.name:3 a.name:4 ");
  EXPECT_EQ(Dump("SELECT * FROM a WHERE name IS NULL AND id IS NOT NULL AND id <> 3"),
            "a.name:6 a.id:7 a.id:2 ");
}

TEST_F(QueryBlocks, ResolvesJoinsBothWays) {
  EXPECT_EQ(Dump("SELECT * FROM a JOIN b ON b.a_id = a.id WHERE n = 3"), "b.a_id:8 a.id:8 b.n:0 ");
  EXPECT_EQ(Dump("SELECT * FROM a x LEFT JOIN b y USING (id)"), "b.id:8 a.id:8 ");
}

TEST_F(QueryBlocks, NestsSubqueriesAndSeesCorrelation) {
  EXPECT_EQ(Dump("SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)"),
            "b.a_id:8 correlated ");
  EXPECT_EQ(Dump("WITH w AS (SELECT id FROM a WHERE id = 1) SELECT * FROM w WHERE id = 2"),
            "w.id:0  | a.id:0 ");
  EXPECT_EQ(Dump("UPDATE b SET n = 1 WHERE a_id IN (SELECT id FROM a WHERE at < now())"),
            "b.a_id:0  | a.at:1 ");
}

TEST_F(QueryBlocks, ReadsOrderGroupsAndLimits) {
  EXPECT_EQ(Dump("SELECT id AS k, name FROM a ORDER BY k, 2 DESC LIMIT 5 OFFSET 10"),
            "<a.id> <a.name> limit offset ");
}

TEST_F(QueryBlocks, WithoutASchemaTheOnlyTableOwnsItsColumns) {
  EXPECT_EQ(Dump("DELETE FROM unknown WHERE x = 1"), "unknown.x:0 ");
}

}  // namespace
}  // namespace pgsift
