#include "ingest/migration/dialect.h"

#include <algorithm>
#include <array>

namespace pgsift {
namespace {

using enum Dialect;
using Tx = ToolTransaction;
using Fill = PlaceholderStyle;
using Order = VersionOrder;

// In the order of the enumeration. The transactions are those that the tools open unless the file
// or its neighbours say otherwise, from the tools' own documentation and sources.
constexpr auto kTraits = std::to_array<DialectTraits>({
    {kSql, "sql", Tx::kNone, Fill::kNone, Order::kNatural},
    {kPsql, "psql", Tx::kNone, Fill::kPsql, Order::kNatural},
    {kPgDump, "pg_dump", Tx::kNone, Fill::kNone, Order::kNatural},
    {kAerich, "aerich", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kAlembic, "alembic", Tx::kNone, Fill::kNone, Order::kNatural},
    {kAtlas, "atlas", Tx::kOpened, Fill::kNone, Order::kText},
    {kBun, "bun", Tx::kOneString, Fill::kNone, Order::kNumber},
    {kDbMigrate, "db-migrate", Tx::kOneString, Fill::kNone, Order::kNumber},
    {kDbUp, "dbup", Tx::kNone, Fill::kDollars, Order::kText},
    {kDbmate, "dbmate", Tx::kOpened, Fill::kNone, Order::kText},
    {kDiesel, "diesel", Tx::kOpened, Fill::kNone, Order::kText, true},
    {kDjango, "django", Tx::kNone, Fill::kNone, Order::kNatural},
    {kDrizzle, "drizzle", Tx::kOpened, Fill::kNone, Order::kListed},
    {kEfCore, "ef-core", Tx::kNone, Fill::kNone, Order::kNatural},
    {kFlyway, "flyway", Tx::kUnlessRefused, Fill::kDollarBraces, Order::kDotted},
    {kGolangMigrate, "golang-migrate", Tx::kOneString, Fill::kNone, Order::kNumber},
    {kGoose, "goose", Tx::kOpened, Fill::kEnvironment, Order::kNumber},
    {kGraphile, "graphile", Tx::kOpened, Fill::kColonCapitals, Order::kNumber},
    {kHasura, "hasura", Tx::kOpened, Fill::kNone, Order::kNumber, true},
    {kLiquibase, "liquibase", Tx::kOpened, Fill::kDollarBraces, Order::kText},
    {kMigratus, "migratus", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kMojo, "mojo", Tx::kOpened, Fill::kNone, Order::kNatural},
    {kMorph, "morph", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kMybatis, "mybatis", Tx::kOpened, Fill::kDollarBraces, Order::kNumber},
    {kNodePgMigrate, "node-pg-migrate", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kPlay, "play", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kPostgresMigrations, "postgres-migrations", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kPostgrator, "postgrator", Tx::kOneString, Fill::kNone, Order::kNumber},
    {kPrisma, "prisma", Tx::kOneString, Fill::kNone, Order::kText, true},
    {kRambler, "rambler", Tx::kNone, Fill::kNone, Order::kText},
    {kRefinery, "refinery", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kShmig, "shmig", Tx::kNone, Fill::kNone, Order::kNumber},
    {kSqitch, "sqitch", Tx::kNone, Fill::kPsql, Order::kListed},
    {kSqlMigrate, "sql-migrate", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kSqlx, "sqlx", Tx::kOpened, Fill::kNone, Order::kNumber},
    {kSupabase, "supabase", Tx::kOneString, Fill::kNone, Order::kText},
    {kTern, "tern", Tx::kOpened, Fill::kTemplate, Order::kNumber},
    {kYoyo, "yoyo", Tx::kOpened, Fill::kNone, Order::kNatural},
});

}  // namespace

const DialectTraits& TraitsOf(Dialect dialect) { return kTraits[static_cast<size_t>(dialect)]; }

const DialectTraits* DialectByName(std::string_view name) {
  const auto found = std::find_if(kTraits.begin(), kTraits.end(),
                                  [&](const DialectTraits& traits) { return traits.name == name; });
  return found == kTraits.end() ? nullptr : found;
}

std::vector<std::string_view> DialectNames() {
  std::vector<std::string_view> names;
  for (const DialectTraits& traits : kTraits) names.push_back(traits.name);
  return names;
}

}  // namespace pgsift
