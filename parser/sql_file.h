#ifndef PGSIFT_PARSER_SQL_FILE_H_
#define PGSIFT_PARSER_SQL_FILE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "parser/splitter.h"
#include "parser/statement.h"

namespace pgsift {

// A BEGIN … COMMIT in a file, or the whole file when its tool wraps it in one.
struct TransactionBlock {
  uint32_t first = 0;  // Index of the first statement: BEGIN itself where there is one.
  uint32_t last = 0;   // Index of the last: COMMIT where there is one.
  Span begin;          // The statement that opens it; unknown when the tool opens it.
  bool rolled_back = false;
  bool implicit = false;  // Opened by the migration tool.
};

// A SQL file, read: its statements in order, its comments, its transactions. Views the text that it
// was read from, which must outlive it. Immutable once made, so it may be shared between threads.
struct SqlFile {
  FileId file = FileId::kNone;
  std::string_view text;
  std::vector<Statement> statements;
  std::vector<Span> comments;
  std::vector<TransactionBlock> transactions;
  uint64_t meta_commands = 0;
  uint64_t copy_bytes = 0;

  const TransactionBlock* TransactionOf(const Statement& statement) const {
    if (statement.transaction == kNoTransaction) return nullptr;
    return &transactions[statement.transaction];
  }
};

struct SqlFileOptions {
  // The tool that runs the file wraps it in a transaction.
  bool in_transaction = false;
};

// Splits and parses. A statement that the grammar rejects becomes an UnparsedStatement with the
// grammar's message and place; all others are read. Never fails. Uses the calling thread's stack
// for nesting up to kNestingMax: call it on a worker of ParallelFor.
SqlFile ReadSqlFile(std::string_view text, FileId file, const SqlFileOptions& options = {});

// Parses one statement that stands in no file: a query of a log or the body of a view.
Statement ReadStatement(std::string_view sql);

// "PostgreSQL 18": the grammar in use.
std::string_view GrammarVersion();

}  // namespace pgsift

#endif  // PGSIFT_PARSER_SQL_FILE_H_
