#ifndef PGSIFT_INGEST_MIGRATION_DIALECT_H_
#define PGSIFT_INGEST_MIGRATION_DIALECT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "parser/sql_file.h"

namespace pgsift {

// Whose conventions a file of SQL follows: which tool runs it, and how.
enum class Dialect : uint8_t {
  kSql,     // Nothing is known: statements, one after the other.
  kPsql,    // A script with psql's own commands.
  kPgDump,  // pg_dump's output, also as Rails and dbmate keep it.
  kAerich,
  kAlembic,
  kAtlas,
  kBun,
  kDbMigrate,
  kDbUp,
  kDbmate,
  kDiesel,
  kDjango,
  kDrizzle,
  kEfCore,
  kFlyway,
  kGolangMigrate,
  kGoose,
  kGraphile,
  kHasura,
  kLiquibase,
  kMigratus,
  kMojo,
  kMorph,
  kMybatis,
  kNodePgMigrate,
  kPlay,
  kPostgresMigrations,
  kPostgrator,
  kPrisma,
  kRambler,
  kRefinery,
  kShmig,
  kSqitch,
  kSqlMigrate,
  kSqlx,
  kSupabase,
  kTern,
  kYoyo,
};

// How a dialect marks what is filled in when the file runs.
enum class PlaceholderStyle : uint8_t {
  kNone,
  kDollarBraces,   // ${name}
  kEnvironment,    // ${NAME} and ${NAME:-value}, between the lines that switch it on.
  kPsql,           // :name, :'name' and :"name"
  kColonCapitals,  // :NAME
  kDollars,        // $name$
  kTemplate,       // {{ … }}
  kAtSigns,        // @extschema@, @NAME@: an extension's script, or one that a build fills in.
};

// What a tool compares to put its files in order.
enum class VersionOrder : uint8_t {
  kNatural,  // Names, numbers in them as numbers.
  kText,     // Names, byte by byte.
  kNumber,   // The number at the beginning of the name.
  kDotted,   // Numbers that dots or underscores divide: 1.10 comes after 1.9.
  kListed,   // A file of the tool's own lists them: sqitch.plan, meta/_journal.json.
};

// What is always true of a dialect.
struct DialectTraits {
  Dialect dialect = Dialect::kSql;
  std::string_view name;  // "golang-migrate": in reports and in pgsift.toml.
  ToolTransaction transaction = ToolTransaction::kNone;
  PlaceholderStyle placeholders = PlaceholderStyle::kNone;
  VersionOrder order = VersionOrder::kNatural;
  bool folder_each = false;  // A migration is a folder: its name has the version.
};

const DialectTraits& TraitsOf(Dialect dialect);
// By its name, or null.
const DialectTraits* DialectByName(std::string_view name);
std::vector<std::string_view> DialectNames();

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_DIALECT_H_
