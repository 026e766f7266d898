#ifndef PGSIFT_PARSER_TRANSACTIONS_H_
#define PGSIFT_PARSER_TRANSACTIONS_H_

// Internal to parser/: which statements of a file share a transaction.

#include <span>
#include <vector>

#include "parser/sql_file.h"

namespace pgsift {

// Fills in file->transactions and each statement's. The tool opens what the sections say, the file
// what its BEGIN and COMMIT say. ends[i]: how many statements there are up to the end of section i.
void MarkTransactions(std::span<const SqlSection> sections, const std::vector<size_t>& ends,
                      SqlFile* file);

// PostgreSQL refuses the statement inside a transaction block, by the list that tools go by.
bool RefusedInTransaction(const Statement& statement);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_TRANSACTIONS_H_
