#include "ingest/migration/migration_parts.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

TEST(MigrationParts, DownFilesAreToldByTheirNames) {
  for (const char* path : {"db/000012_x.down.sql", "12_x_down.sql", "2024-01-01_x/down.sql",
                           "revert/x.sql", "sql/U12__x.sql"}) {
    EXPECT_TRUE(IsDownFile(path)) << path;
  }
  for (const char* path : {"db/000012_x.up.sql", "12_downgrade_x.sql", "up.sql", "V12__x.sql",
                           "users.sql", "down_payments.sql"}) {
    EXPECT_FALSE(IsDownFile(path)) << path;
  }
}

TEST(MigrationParts, TheUpPartEndsWhereTheUndoingBegins) {
  EXPECT_EQ(UpPart("-- +goose Up\nA;\n-- +goose Down\nB;\n"), "-- +goose Up\nA;\n");
  EXPECT_EQ(UpPart("-- migrate:up\nA;\n\n-- migrate:down\nB;\n"), "-- migrate:up\nA;\n\n");
  EXPECT_EQ(UpPart("A;\n---- create above / drop below ----\nB;\n"), "A;\n");
  EXPECT_EQ(UpPart("A; -- down\n"), "A; -- down\n");
}

}  // namespace
}  // namespace pgsift
