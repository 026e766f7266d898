#include "ingest/migration/migration_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "ingest/file/discovery.h"
#include "ingest/migration/migration_name.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

class MigrationFolders : public ::testing::Test {
 protected:
  MigrationFolders()
      : folder_(fs::temp_directory_path() / ("pgsift_migrations_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / ".git");
  }
  ~MigrationFolders() override { fs::remove_all(folder_); }

  void File(const std::string& name, const std::string& text = "SELECT 1;\n") {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  // "flyway: V1__a.sql V2__b.sql (revert)": formats are named where they change.
  std::string Arranged() {
    MigrationFiles files(settings_);
    SourceSet sources;
    DiscoveryOptions options;
    options.migrations = &files;
    Discover({folder_.string()}, options, &sources);
    std::string line;
    std::string format;
    for (size_t i = 0; i < sources.size(); ++i) {
      const SourceFile& source = sources[sources.id(i)];
      if (source.format != format) line += (line.empty() ? "" : " ") + source.format + ":";
      format = source.format;
      line += " " + fs::relative(source.path, folder_).generic_string();
      if (!source.role.empty()) line += " (" + source.role + ")";
    }
    return line;
  }

  const fs::path folder_;
  MigrationSettings settings_;
};

TEST_F(MigrationFolders, FoldersAreNamedAfterDatabasesInOtherWordsToo) {
  for (const char* name : {"schema/mysql-migrations/1.sql", "schema/pg.sql",
                           "schema/mysql-import/1.sql", "schema_sqlite.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "sql: schema/mysql-import/1.sql schema/mysql-migrations/1.sql (other-database) "
            "schema/pg.sql schema_sqlite.sql (other-database)");
}

TEST_F(MigrationFolders, ScriptsOfAnExtensionRunFromVersionToVersion) {
  for (const char* versions : {"1.0", "1.2", "1.0--1.1", "1.1--1.2", "1.0--1.2", "1.2--1.1"}) {
    File(std::string("e--") + versions + ".sql");
  }
  EXPECT_EQ(Arranged(),
            "sql: e--1.0.sql e--1.0--1.2.sql (baseline) e--1.0--1.1.sql e--1.1--1.2.sql "
            "e--1.2--1.1.sql (revert) e--1.2.sql (baseline)");
}

TEST_F(MigrationFolders, OfDeployedVersionsTheFirstIsBuiltUpon) {
  for (const char* name :
       {"deploy/2/1.sql", "deploy/3/1.sql", "deploy/10/1.sql", "upgrade/2-3/2.sql",
        "upgrade/2-3/1.sql", "upgrade/3-10/1.sql", "downgrade/3-2/1.sql"}) {
    File(std::string("pg/") + name);
  }
  EXPECT_EQ(Arranged(),
            "sql: pg/deploy/2/1.sql pg/deploy/3/1.sql (baseline) pg/deploy/10/1.sql (baseline) "
            "pg/downgrade/3-2/1.sql (revert) pg/upgrade/2-3/1.sql pg/upgrade/2-3/2.sql "
            "pg/upgrade/3-10/1.sql");
}

TEST_F(MigrationFolders, FlywayOrdersVersionsThenRepeatableOnes) {
  for (const char* name : {"V1_10__a.sql", "V1.9__b.sql", "V2__c.sql", "R__view.sql", "U2__c.sql",
                           "V010__d.sql", "afterMigrate.sql", "beforeMigrate.sql"}) {
    File(std::string("db/migration/") + name);
  }
  File("db/migration/sub/V3__e.sql");
  settings_.files.push_back({.glob = "**/*Migrate.sql", .dialect = DialectByName("flyway")});
  EXPECT_EQ(Arranged(),
            "flyway: db/migration/beforeMigrate.sql db/migration/V1.9__b.sql "
            "db/migration/V1_10__a.sql db/migration/U2__c.sql (revert) db/migration/V2__c.sql "
            "db/migration/sub/V3__e.sql db/migration/V010__d.sql db/migration/R__view.sql "
            "db/migration/afterMigrate.sql");
}

TEST_F(MigrationFolders, AFlywayBaselineRunsOnlyWhereTheVersionsBeforeItAreGone) {
  File("m/B5__all.sql");
  File("m/V6__x.sql");
  EXPECT_EQ(Arranged(), "flyway: m/B5__all.sql m/V6__x.sql");
  File("m/V5__y.sql");
  EXPECT_EQ(Arranged(), "flyway: m/B5__all.sql (baseline) m/V5__y.sql m/V6__x.sql");
}

TEST_F(MigrationFolders, NumbersComeBeforeTheirLength) {
  for (const char* name : {"10_c.up.sql", "9_b.up.sql", "001_a.up.sql", "001_a.down.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "golang-migrate: 001_a.down.sql (revert) 001_a.up.sql 9_b.up.sql 10_c.up.sql");
}

TEST_F(MigrationFolders, SqitchFollowsItsPlan) {
  File("sqitch.plan",
       "%syntax-version=1.0.0\n%project=app\n\nusers 2024-01-01T00:00:00Z A <a@b> # x\n"
       "accounts [users] 2024-01-02T00:00:00Z A <a@b> # y\n@v1 2024-01-03T00:00:00Z A <a@b> # t\n"
       "users [users@v1] 2024-01-04T00:00:00Z A <a@b> # rework\n");
  for (const char* name : {"deploy/accounts.sql", "deploy/users.sql", "deploy/users@v1.sql",
                           "revert/users.sql", "verify/users.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "sqitch: deploy/users@v1.sql deploy/accounts.sql deploy/users.sql revert/users.sql "
            "(revert) verify/users.sql (verify)");
}

TEST_F(MigrationFolders, SqitchChangesMayHaveFolders) {
  File("app.plan",
       "%syntax-version=1.0.0\n\nschemas/b/schema 2024-01-01T00:00:00Z A <a@b> # x\n"
       "schemas/a/tables/t [schemas/b/schema] 2024-01-02T00:00:00Z A <a@b> # y\n");
  for (const char* name : {"deploy/schemas/a/tables/t.sql", "deploy/schemas/b/schema.sql",
                           "revert/schemas/a/tables/t.sql", "verify/schemas/a/tables/t.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "sqitch: deploy/schemas/b/schema.sql deploy/schemas/a/tables/t.sql "
            "revert/schemas/a/tables/t.sql (revert) verify/schemas/a/tables/t.sql (verify)");
}

TEST_F(MigrationFolders, ToolsThatTellUpFromDownByNames) {
  for (const char* name : {"pg/001.do.init.sql", "pg/001.undo.init.sql", "pg/002.do.sql",
                           "sqls/20240101-a-up.sql", "sqls/20240101-a-down.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "postgrator: pg/001.do.init.sql pg/001.undo.init.sql (revert) pg/002.do.sql "
            "db-migrate: sqls/20240101-a-down.sql (revert) sqls/20240101-a-up.sql");
}

TEST_F(MigrationFolders, AWordAtTheEndUndoesOnlyWhatIsThere) {
  for (const char* name : {"a/1_scale_down.sql", "a/2_shut-down.sql", "a/3_add.sql",
                           "a/3_add_rollback.sql", "a/4_x_up.sql", "a/4_x_down.sql"}) {
    File(name);
  }
  File("rollbacks/3_add.sql");
  EXPECT_EQ(Arranged(),
            "sql: a/1_scale_down.sql a/2_shut-down.sql a/3_add.sql a/3_add_rollback.sql (revert) "
            "a/4_x_down.sql (revert) a/4_x_up.sql rollbacks/3_add.sql (revert)");
}

TEST_F(MigrationFolders, ScriptsOfOtherDatabases) {
  for (const char* name :
       {"m/1_a.mysql.up.sql", "m/1_a.postgres.up.sql", "m/1_a.sqlite3.up.sql", "m/2_b.up.sql",
        "n/mysql/1.sql", "n/postgres/1.sql", "o/schema-mysql.sql", "o/schema-pgsql.sql",
        "p/3_import_from_mysql.sql", "p/4_drop_oracle_fdw.sql", "q/oracle/5_price_feed.sql",
        "r/oracle/1.sql", "r/pg/1.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "golang-migrate: m/1_a.mysql.up.sql (other-database) m/1_a.postgres.up.sql "
            "m/1_a.sqlite3.up.sql (other-database) m/2_b.up.sql sql: n/mysql/1.sql "
            "(other-database) n/postgres/1.sql o/schema-mysql.sql (other-database) "
            "o/schema-pgsql.sql p/3_import_from_mysql.sql p/4_drop_oracle_fdw.sql "
            "q/oracle/5_price_feed.sql r/oracle/1.sql (other-database) r/pg/1.sql");
}

TEST_F(MigrationFolders, TheDatabaseThatNeedsNoName) {
  for (const char* name :
       {"m/archives/1.sql", "m/postgres/archives/1.sql", "m/sqlite/archives/1.sql", "m/tables.sql",
        "m/postgres/tables.sql", "m/common.sql", "s/mysql-legacy.sql", "s/pgsql.sql",
        "t/mysql_gone.sql", "u/ndb/schema.sql", "u/postgresql/schema.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "sql: m/archives/1.sql (other-database) m/common.sql m/postgres/archives/1.sql "
            "m/postgres/tables.sql m/sqlite/archives/1.sql (other-database) m/tables.sql "
            "(other-database) s/mysql-legacy.sql (other-database) s/pgsql.sql t/mysql_gone.sql "
            "u/ndb/schema.sql (other-database) u/postgresql/schema.sql");
}

TEST_F(MigrationFolders, PrismaSaysWhichDatabase) {
  File("a/migration_lock.toml", "provider = \"mysql\"\n");
  File("a/20240101000000_x/migration.sql");
  File("b/migration_lock.toml", "provider = \"postgresql\"\n");
  File("b/20240101000000_x/migration.sql");
  EXPECT_EQ(Arranged(),
            "prisma: a/20240101000000_x/migration.sql (other-database) "
            "b/20240101000000_x/migration.sql");
}

TEST_F(MigrationFolders, DbUpIsNamedByItsProject) {
  File("app/App.csproj", "<PackageReference Include=\"dbup-postgresql\" Version=\"5.0.37\" />");
  File("app/Scripts/Script0001 - init.sql");
  File("app/Scripts/Script0002 - more.sql");
  EXPECT_EQ(Arranged(),
            "dbup: app/Scripts/Script0001 - init.sql app/Scripts/Script0002 - more.sql");
}

TEST_F(MigrationFolders, AloneAFolderNamedAfterADatabaseSaysNothing) {
  File("mysql/1.sql");
  EXPECT_EQ(Arranged(), "sql: mysql/1.sql");
}

TEST_F(MigrationFolders, DrizzleFollowsItsJournal) {
  File("drizzle/meta/_journal.json",
       R"({"entries":[{"idx":0,"tag":"0001_b"},{"idx":1,"tag":"0000_a"}]})");
  File("drizzle/0000_a.sql");
  File("drizzle/0001_b.sql");
  EXPECT_EQ(Arranged(), "drizzle: drizzle/0001_b.sql drizzle/0000_a.sql");
}

TEST_F(MigrationFolders, FoldersAsMigrations) {
  File("prisma/migrations/20240102000000_b/migration.sql");
  File("prisma/migrations/20240101000000_a/migration.sql");
  EXPECT_EQ(Arranged(),
            "prisma: prisma/migrations/20240101000000_a/migration.sql "
            "prisma/migrations/20240102000000_b/migration.sql");
}

TEST_F(MigrationFolders, DieselAndItsMetadata) {
  File("diesel.toml", "");
  File("migrations/2024-01-01-000000_a/up.sql");
  File("migrations/2024-01-01-000000_a/down.sql");
  File("migrations/2024-01-01-000000_a/metadata.toml", "run_in_transaction = false\n");
  EXPECT_EQ(Arranged(),
            "diesel: migrations/2024-01-01-000000_a/down.sql (revert) "
            "migrations/2024-01-01-000000_a/up.sql");
  MigrationFiles files(settings_);
  const std::string path = (folder_ / "migrations/2024-01-01-000000_a/up.sql").string();
  EXPECT_EQ(files.ContextOf(Dialect::kDiesel, path).transaction, ToolTransaction::kOneString);
}

TEST_F(MigrationFolders, ProjectsOfRustAndNode) {
  File("Cargo.toml", "[dependencies]\nsqlx = { version = \"0.8\" }\n");
  File("migrations/20240101000000_a.sql");
  EXPECT_EQ(Arranged(), "sqlx: migrations/20240101000000_a.sql");
  File("Cargo.toml", "[dependencies]\nrefinery = \"0.8\"\n");
  File("migrations/V1__x.sql");
  EXPECT_EQ(Arranged(), "sql: migrations/20240101000000_a.sql refinery: migrations/V1__x.sql");
}

TEST_F(MigrationFolders, SupabaseAtlasAndDumps) {
  File("supabase/migrations/20240101000000_a.sql", "SET statement_timeout = 0;\nSELECT 1;\n");
  EXPECT_EQ(Arranged(), "supabase: supabase/migrations/20240101000000_a.sql");
  fs::remove_all(folder_ / "supabase");
  File("m/atlas.sum", "h1:x\n");
  File("m/20240101000000.sql");
  File("structure.sql",
       "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n");
  EXPECT_EQ(Arranged(), "atlas: m/20240101000000.sql pg_dump: structure.sql");
}

TEST_F(MigrationFolders, SupabaseKeepsTestsAndTheSchemaBesideMigrations) {
  for (const char* name : {"supabase/migrations/1_a.sql", "supabase/schemas/a.sql",
                           "supabase/seed.sql", "supabase/tests/a.test.sql"}) {
    File(name);
  }
  EXPECT_EQ(Arranged(),
            "supabase: supabase/migrations/1_a.sql supabase/schemas/a.sql (baseline) "
            "supabase/seed.sql supabase/tests/a.test.sql (verify)");
}

TEST_F(MigrationFolders, PlainSqlOfLiquibaseIsToldByTheChangelog) {
  File("db/changelog/db.changelog-master.yaml", "databaseChangeLog:\n  - include: x\n");
  File("db/changelog/sql/001_a.sql");
  File("other/changelog.yaml", "releases: []\n");
  File("other/a.sql");
  EXPECT_EQ(Arranged(), "liquibase: db/changelog/sql/001_a.sql sql: other/a.sql");
}

TEST_F(MigrationFolders, FlywaySettingsAreRead) {
  File("flyway.conf", "flyway.placeholders.schema=app\n# a comment\nflyway.placeholderPrefix=$(\n");
  File("sql/V1__a.sql");
  File("sql/V1__a.sql.conf", "executeInTransaction=false\n");
  MigrationFiles files(settings_);
  const ScriptContext context =
      files.ContextOf(Dialect::kFlyway, (folder_ / "sql/V1__a.sql").string());
  EXPECT_EQ(context.values.at("schema"), "app");
  EXPECT_EQ(context.placeholders.prefix, "$(");
  EXPECT_EQ(context.transaction, ToolTransaction::kNone);
}

TEST_F(MigrationFolders, SettingsWin) {
  File("a/001_x.sql", "-- +goose Up\nSELECT 1;\n");
  File("b/001_x.sql");
  settings_.dialect = DialectByName("dbmate");
  settings_.files.push_back({.glob = "**/b/*", .dialect = DialectByName("tern")});
  EXPECT_EQ(Arranged(), "dbmate: a/001_x.sql tern: b/001_x.sql");
}

TEST(Versions, AreComparedPartByPart) {
  EXPECT_LT(CompareDotted("1.9", "1.10"), 0);
  EXPECT_EQ(CompareDotted("1", "1.0"), 0);
  EXPECT_EQ(CompareDotted("001", "1"), 0);
  EXPECT_LT(CompareDotted("20240101", "20240101.1"), 0);
  EXPECT_GT(CompareDotted("99999999999999999999999", "9"), 0);
}

}  // namespace
}  // namespace pgsift
