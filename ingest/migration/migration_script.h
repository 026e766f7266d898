#ifndef PGSIFT_INGEST_MIGRATION_MIGRATION_SCRIPT_H_
#define PGSIFT_INGEST_MIGRATION_MIGRATION_SCRIPT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/migration/dialect.h"
#include "ingest/migration/placeholders.h"
#include "parser/sql_file.h"

namespace pgsift {

// What a file's neighbours and the user's settings say about it.
struct ScriptContext {
  PlaceholderSyntax placeholders;  // Style as in the dialect's traits unless switched off.
  PlaceholderValues values;
  std::optional<ToolTransaction> transaction;  // Wins over what the dialect and the file say.
  bool mixed =
      false;  // Flyway's: a file may hold statements that refuse a transaction beside others.
};

// What of a file runs, and how: what ReadSqlFile needs to know.
struct MigrationScript {
  SqlFileOptions options;
  // What undoes it, where the file has that too; without sections where it has not.
  SqlFileOptions undo;
  bool runs = true;  // Something of the file is applied: it is not all about undoing.
  std::vector<std::string> includes;  // psql's \i and \ir, as written.
};

// Reads the markers of a file's dialect: which parts are applied, in which transactions, cut where,
// with which placeholders. Never fails: what is no marker is SQL. Views nothing of `text` once it
// has returned.
MigrationScript ReadMigrationScript(Dialect dialect, std::string_view text,
                                    const ScriptContext& context);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_MIGRATION_SCRIPT_H_
