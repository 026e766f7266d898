#ifndef PGSIFT_INGEST_MIGRATION_WHOLE_SCHEMA_H_
#define PGSIFT_INGEST_MIGRATION_WHOLE_SCHEMA_H_

// A file that holds a whole schema beside the scripts that upgrade an older one: schema.sql,
// install.sql. New databases are made by it alone, older ones run the scripts; nobody runs both.

#include <span>
#include <string_view>
#include <vector>

#include "parser/sql_file.h"

namespace pgsift {

struct ScriptAt {
  const SqlFile* file = nullptr;
  std::string_view path;
};

// Which of `scripts` are such: named so, and holding what other files of their project, below the
// same folder, make anew.
std::vector<bool> WholeSchemas(std::span<const ScriptAt> scripts);

// The statements that take out of a whole schema what `scripts` add to it: columns, constraints and
// indexes of tables that they do not create. With them gone it is what the scripts begin with.
std::vector<Statement> WithoutAdditions(std::span<const SqlFile> scripts);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_WHOLE_SCHEMA_H_
