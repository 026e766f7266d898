#ifndef PGSIFT_PARSER_STATEMENT_TAG_H_
#define PGSIFT_PARSER_STATEMENT_TAG_H_

#include <string>

#include "parser/statement.h"

namespace pgsift {

// The command tag of a statement as PostgreSQL prints it: "CREATE INDEX", "ALTER TABLE". For a
// statement that was not parsed, its first words in upper case.
std::string StatementTag(const Statement& statement);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_STATEMENT_TAG_H_
