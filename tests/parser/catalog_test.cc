#include "parser/catalog.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace pgsift {
namespace {

// Folds SQL texts, each a file of its own.
class Fold {
 public:
  Fold& Then(std::string sql) {
    texts_.push_back(std::move(sql));
    files_.push_back(ReadSqlFile(texts_.back(), static_cast<FileId>(files_.size())));
    for (const Statement& statement : files_.back().statements) {
      if (const auto* bad = statement.As<UnparsedStatement>()) ADD_FAILURE() << bad->error;
      catalog.Apply(files_.back(), statement);
    }
    catalog.EndOfFile();
    return *this;
  }
  const Relation& Get(const std::string& name, const std::string& schema = "") {
    const Relation* relation = catalog.Find(QualifiedName{schema, name});
    if (relation == nullptr) ADD_FAILURE() << name << " is not known";
    static const Relation kNothing;
    return relation != nullptr ? *relation : kNothing;
  }
  bool Has(const std::string& name, const std::string& schema = "") {
    return catalog.Find(QualifiedName{schema, name}) != nullptr;
  }
  Catalog catalog;

 private:
  std::deque<std::string> texts_;
  std::deque<SqlFile> files_;
};

TEST(Catalog, TablesGetColumnsKeysIndexesAndSequences) {
  Fold fold;
  fold.Then(
      "CREATE TABLE t (id bigserial PRIMARY KEY, a int UNIQUE DEFAULT 1, b text NOT NULL CHECK (b "
      "<> ''));"
      "CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY, t bigint REFERENCES t ON DELETE "
      "CASCADE)");
  const Relation& t = fold.Get("t");
  EXPECT_EQ(t.name.ToString(), "public.t");
  EXPECT_EQ(t.FindColumn("id")->type.ToString(), "bigint");
  EXPECT_TRUE(t.FindColumn("id")->not_null);
  ASSERT_NE(t.PrimaryKey(), nullptr);
  EXPECT_EQ(t.PrimaryKey()->name, "t_pkey");
  EXPECT_EQ(t.indexes.size(), 2u);
  EXPECT_TRUE(fold.Has("t_a_key") && fold.Has("t_id_seq") && fold.Has("u_id_seq"));
  EXPECT_NE(t.FindConstraint("t_b_check"), nullptr);
  const CatalogConstraint* key = fold.Get("u").FindConstraint("u_t_fkey");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->referenced, t.id);
  EXPECT_EQ(key->referenced_columns, (std::vector<std::string>{"id"}));
  EXPECT_EQ(fold.catalog.ReferencesTo(t.id).size(), 1u);
}

TEST(Catalog, RenameKeepsEverythingConnected) {
  Fold fold;
  fold.Then(
      "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX ON t (lower(b::text)) WHERE b > 0;"
      "CREATE TABLE u (t int REFERENCES t (a));"
      "ALTER TABLE t RENAME COLUMN b TO c; ALTER TABLE t RENAME COLUMN a TO id; ALTER TABLE t "
      "RENAME TO s;"
      "ALTER INDEX t_pkey RENAME TO s_pk; CREATE SCHEMA x; ALTER TABLE s SET SCHEMA x;");
  EXPECT_FALSE(fold.Has("t"));
  const Relation& s = fold.Get("s", "x");
  EXPECT_EQ(s.PrimaryKey()->name, "s_pk");
  EXPECT_EQ(s.PrimaryKey()->columns[0], "id");
  EXPECT_EQ(fold.Get("u").constraints[0].referenced, s.id);
  EXPECT_EQ(fold.Get("u").constraints[0].referenced_columns[0], "id");
  const Relation& index = fold.Get("t_lower_idx", "x");
  EXPECT_EQ(ToSql(*index.index->elements[0].expr), "lower(c::text)");
  EXPECT_EQ(ToSql(*index.index->where), "c > 0");
}

TEST(Catalog, DropTakesWhatDependsOnIt) {
  Fold fold;
  fold.Then(
      "CREATE TABLE t (a serial PRIMARY KEY, b int); CREATE INDEX i ON t (b); CREATE VIEW v AS "
      "SELECT * FROM t;"
      "CREATE VIEW w AS SELECT * FROM v; CREATE TABLE u (t int REFERENCES t);");
  Fold dropped = fold;
  dropped.Then("DROP TABLE t CASCADE");
  EXPECT_FALSE(dropped.Has("t") || dropped.Has("i") || dropped.Has("v") || dropped.Has("w") ||
               dropped.Has("t_a_seq") || dropped.Has("t_pkey"));
  EXPECT_TRUE(dropped.Get("u").constraints.empty());
  EXPECT_TRUE(fold.Has("t") && fold.Has("w"));  // The copy was changed, not the original.
  fold.Then("ALTER TABLE t DROP COLUMN b");
  EXPECT_FALSE(fold.Has("i"));
  fold.Then("DROP SCHEMA public CASCADE");
  EXPECT_TRUE(fold.catalog.empty());
}

TEST(Catalog, PartitionsInheritColumnsAndIndexes) {
  Fold fold;
  fold.Then(
      "CREATE TABLE p (a int, b date NOT NULL, PRIMARY KEY (a, b)) PARTITION BY RANGE (b);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
      "CREATE INDEX ON p (a);"
      "CREATE TABLE p2 (a int NOT NULL, b date NOT NULL); ALTER TABLE p ATTACH PARTITION p2 "
      "DEFAULT;");
  const Relation& p = fold.Get("p");
  EXPECT_EQ(p.kind, RelationKind::kPartitionedTable);
  EXPECT_EQ(p.children.size(), 2u);
  EXPECT_TRUE(fold.Has("p1_pkey") && fold.Has("p1_a_idx") && fold.Has("p2_pkey") &&
              fold.Has("p2_a_idx"));
  EXPECT_TRUE(fold.Get("p2").bound->is_default);
  fold.Then(
      "ALTER TABLE p ADD COLUMN c int; ALTER TABLE p DETACH PARTITION p2; ALTER TABLE p DROP "
      "COLUMN c;");
  EXPECT_EQ(fold.Get("p1").FindColumn("c"), nullptr);
  EXPECT_NE(fold.Get("p2").FindColumn("c"), nullptr);
  fold.Then("DROP TABLE p");
  EXPECT_FALSE(fold.Has("p1"));
  EXPECT_TRUE(fold.Has("p2"));
}

TEST(Catalog, ConstraintsAreValidatedLater) {
  Fold fold;
  fold.Then(
      "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;");
  EXPECT_FALSE(fold.Get("t").FindConstraint("c")->validated);
  fold.Then("ALTER TABLE t VALIDATE CONSTRAINT c");
  EXPECT_TRUE(fold.Get("t").FindConstraint("c")->validated);
  fold.Then("ALTER TABLE t DROP CONSTRAINT c, ALTER a SET NOT NULL, ALTER a TYPE bigint");
  EXPECT_EQ(fold.Get("t").FindConstraint("c"), nullptr);
  EXPECT_TRUE(fold.Get("t").FindColumn("a")->not_null);
  EXPECT_EQ(fold.Get("t").FindColumn("a")->type.ToString(), "bigint");
}

TEST(Catalog, UsingIndexTakesTheConstraintsName) {
  Fold fold;
  fold.Then(
      "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT t_pk "
      "PRIMARY KEY USING INDEX i;");
  EXPECT_FALSE(fold.Has("i"));
  EXPECT_TRUE(fold.Get("t_pk").index->primary);
  EXPECT_TRUE(fold.Get("t").FindColumn("a")->not_null);
}

TEST(Catalog, SearchPathDecidesWhereThingsGo) {
  Fold fold;
  fold.Then(
      "SET search_path = app, public; CREATE TABLE t (a int); CREATE TABLE public.q (a int); "
      "CREATE INDEX i ON q (a);");
  EXPECT_TRUE(fold.Has("t", "app"));
  EXPECT_TRUE(fold.Has("i", "public"));
  EXPECT_FALSE(fold.Has("t"));  // The search_path ends with its file.
  fold.Then("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE x.y (a int);");
  EXPECT_TRUE(fold.Has("y", "x"));
}

TEST(Catalog, SetLocalEndsWithItsTransaction) {
  Fold fold;
  fold.Then(
      "CREATE SCHEMA s; SET LOCAL search_path = s; CREATE TABLE a (i int);"
      "BEGIN; SET LOCAL search_path = s; CREATE TABLE b (i int); COMMIT; CREATE TABLE c (i int);"
      "BEGIN; SET LOCAL search_path = s; SET search_path = public; COMMIT; CREATE TABLE d (i int);"
      "SET search_path = s; RESET ALL; CREATE TABLE e (i int);"
      "SELECT set_config('search_path', 'nowhere, s', false); CREATE TABLE s.f (i int);"
      "SELECT set_config('search_path', 's', true); CREATE VIEW public.v AS SELECT * FROM f;");
  for (const char* name : {"a", "c", "d", "e"}) EXPECT_TRUE(fold.Has(name, "public")) << name;
  EXPECT_TRUE(fold.Has("b", "s"));
  // What a view reads does not change with the search_path.
  const Relation* read = fold.catalog.FindIn(fold.Get("v", "public"), {"", "f"});
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->name.schema, "s");
}

TEST(Catalog, TheRoleThatCreatesOwns) {
  Fold fold;
  fold.Then(
      "SET ROLE clerk; CREATE TABLE a (i int); RESET ROLE; CREATE TABLE b (i int);"
      "SET SESSION AUTHORIZATION boss; CREATE TABLE c (i int); SET SESSION AUTHORIZATION DEFAULT;"
      "CREATE TABLE d (i int); DROP OWNED BY clerk;");
  EXPECT_FALSE(fold.Has("a"));
  EXPECT_EQ(fold.Get("b").owner, "");
  EXPECT_EQ(fold.Get("c").owner, "boss");
  EXPECT_EQ(fold.Get("d").owner, "");
}

TEST(Catalog, ChildrenAndDomainsTakeOverDefaults) {
  Fold fold;
  fold.Then(
      "CREATE TABLE p (id serial, x int DEFAULT 7); CREATE TABLE c (id int, x int) INHERITS (p);"
      "CREATE DOMAIN d AS int DEFAULT 1; CREATE DOMAIN e AS d; ALTER DOMAIN d DROP DEFAULT;");
  EXPECT_NE(fold.catalog.SequenceOf(fold.Get("c").FindColumn("id")->default_expr.get()), nullptr);
  EXPECT_EQ(fold.Get("c").FindColumn("x")->default_expr->value, "7");
  EXPECT_TRUE(fold.catalog.FindType({"", "d"})->constraints.empty());
  EXPECT_EQ(fold.catalog.FindType({"", "e"})->constraints.size(), 1u);
}

TEST(Catalog, TypesFunctionsAndTriggers) {
  Fold fold;
  fold.Then(
      "CREATE TYPE e AS ENUM ('a', 'c'); ALTER TYPE e ADD VALUE 'b' BEFORE 'c'; ALTER TYPE e "
      "RENAME VALUE 'a' TO 'z';"
      "CREATE DOMAIN d AS int CHECK (value > 0); CREATE TYPE c AS (x int);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TABLE t (a e);"
      "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f(); CREATE EXTENSION pg_trgm;");
  EXPECT_EQ(fold.catalog.FindType({"", "e"})->labels, (std::vector<std::string>{"z", "b", "c"}));
  EXPECT_EQ(fold.catalog.FindType({"", "d"})->constraints.size(), 1u);
  EXPECT_EQ(fold.catalog.FindFunctions({"", "f"}).size(), 1u);
  EXPECT_EQ(fold.Get("t").triggers[0].function.name, "f");
  EXPECT_EQ(fold.catalog.extensions()[0], "pg_trgm");
  fold.Then("DROP TRIGGER g ON t; DROP TYPE e CASCADE");
  EXPECT_TRUE(fold.Get("t").triggers.empty());
  EXPECT_TRUE(fold.Get("t").columns.empty());
}

TEST(Catalog, AddUnknownFromKeepsLinks) {
  Fold dump;
  dump.Then("CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a);");
  Fold migrations;
  migrations.Then("CREATE TABLE a (x int PRIMARY KEY, y int);");
  migrations.catalog.AddUnknownFrom(dump.catalog);
  const Relation& b = migrations.Get("b");
  EXPECT_EQ(b.constraints[0].referenced, migrations.Get("a").id);
  EXPECT_EQ(migrations.Get("a").columns.size(), 2u);
}

TEST(Catalog, NamesAreCutAsPostgresCutsThem) {
  const std::string long_name(60, 'x');
  EXPECT_EQ(MakeObjectName(long_name, "column", "idx").size(), 63u);
  EXPECT_EQ(MakeObjectName("t", "a_b", "idx"), "t_a_b_idx");
}

// The names that a PostgreSQL 18 server gave the same indexes.
TEST(Catalog, IndexesOnExpressionsAreNamedAsPostgresDoes) {
  Fold fold;
  fold.Then("CREATE TABLE t (a int, b text, c jsonb, d timestamptz);");
  struct Case {
    const char* expression;
    const char* name;
  };
  constexpr Case kCases[] = {
      {"lower(b)", "t_lower_idx"},
      {"(b::varchar)", "t_b_idx"},
      {"(coalesce(b, 'x'))", "t_coalesce_idx"},
      {"((c ->> 'k'))", "t_expr_idx"},
      {"((c ->> 'k')::int)", "t_int4_idx"},
      {"(CASE WHEN a > 0 THEN a END)", "t_case_idx"},
      {"(CASE WHEN a > 0 THEN 1 ELSE a END)", "t_a_idx"},
      {"(greatest(a, 1))", "t_greatest_idx"},
      {"(nullif(a, 1))", "t_nullif_idx"},
      {"(b COLLATE \"C\")", "t_b_idx1"},
      {"(ARRAY[a])", "t_array_idx"},
  };
  for (const Case& c : kCases) fold.Then(std::string("CREATE INDEX ON t (") + c.expression + ");");
  for (const Case& c : kCases) EXPECT_TRUE(fold.Has(c.name)) << c.expression << " " << c.name;
}

TEST(Catalog, DropExtensionTakesWhatIsMadeOfIt) {
  Fold fold;
  fold.Then(
      "CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION postgres_fdw;"
      "CREATE TABLE t (a text, b citext); CREATE INDEX t_trgm ON t USING gin (a gin_trgm_ops);"
      "CREATE INDEX t_plain ON t (a);"
      "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;"
      "CREATE FOREIGN TABLE there (a int) SERVER far;");
  fold.Then(
      "DROP EXTENSION pg_trgm CASCADE; DROP EXTENSION citext CASCADE;"
      "DROP EXTENSION postgres_fdw CASCADE;");
  EXPECT_FALSE(fold.Has("t_trgm"));
  EXPECT_TRUE(fold.Has("t_plain"));
  EXPECT_EQ(fold.Get("t").columns.size(), 1u);
  EXPECT_FALSE(fold.Has("there"));
}

TEST(Catalog, PartitionsDrawFromTheirParentsSequence) {
  Fold fold;
  fold.Then(
      "CREATE TABLE \"E\" (id serial, at date) PARTITION BY RANGE (at);"
      "CREATE TABLE e1 PARTITION OF \"E\" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
      "ALTER TABLE \"E\" DETACH PARTITION e1;");
  const CatalogColumn* column = fold.Get("e1").FindColumn("id");
  ASSERT_NE(column, nullptr);
  const Relation* sequence = fold.catalog.SequenceOf(column->default_expr.get());
  ASSERT_NE(sequence, nullptr);
  EXPECT_EQ(sequence->name.name, "E_id_seq");
}

TEST(Catalog, BeforeFifteenADetachedPartitionLosesKeysToPartitionedTables) {
  for (unsigned release : {14u, 15u}) {
    Fold fold;
    fold.catalog.set_release(release);
    fold.Then(
        "CREATE TABLE d (id int PRIMARY KEY) PARTITION BY RANGE (id);"
        "CREATE TABLE v (d int REFERENCES d, at date) PARTITION BY RANGE (at);"
        "CREATE TABLE v1 PARTITION OF v FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
        "ALTER TABLE v DETACH PARTITION v1;");
    EXPECT_EQ(fold.Get("v1").constraints.size(), release < 15 ? 0u : 1u) << release;
  }
}

}  // namespace
}  // namespace pgsift
