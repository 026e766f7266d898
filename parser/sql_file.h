#ifndef PGSIFT_PARSER_SQL_FILE_H_
#define PGSIFT_PARSER_SQL_FILE_H_

#include <cstdint>
#include <string>
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
  uint64_t unresolved = 0;  // Statements not analyzed because of a placeholder.
  uint64_t meta_commands = 0;
  uint64_t copy_bytes = 0;

  const TransactionBlock* TransactionOf(const Statement& statement) const {
    if (statement.transaction == kNoTransaction) return nullptr;
    return &transactions[statement.transaction];
  }
};

// What the tool that runs a file does about transactions.
enum class ToolTransaction : uint8_t {
  kNone,           // Nothing: each statement runs alone unless the file says BEGIN.
  kOpened,         // It opens one around all.
  kOneString,      // It sends all as one string: the server makes a transaction of several.
  kUnlessRefused,  // It opens one unless a statement is there that cannot run in one.
};

// A stretch of a file that a tool runs.
struct SqlSection {
  uint64_t begin = 0;
  uint64_t end = 0;
  ToolTransaction transaction = ToolTransaction::kNone;
  bool continues = false;  // In the same transaction as the section before it.
};

// A placeholder, and what the server sees in its place. Where the value is not known, `text` is an
// identifier that stands for it.
struct Substitution {
  uint64_t begin = 0;  // In the file.
  uint64_t size = 0;
  std::string text;
  bool known = false;
};

struct SqlFileOptions {
  // What runs, in file order; nothing: the whole file, as it stands.
  std::vector<SqlSection> sections;
  // In file order, without overlap.
  std::vector<Substitution> substitutions;
};

// Splits and parses what `options` says is run. A statement whose placeholders have no known value
// is read with an identifier in their place, else with a number; if neither gives a statement, it
// is an UnparsedStatement that says so. Spans and offsets are always those of `text`. A statement
// that the grammar rejects becomes an UnparsedStatement with the grammar's message and place; all
// others are read. Never fails. Uses the calling thread's stack for nesting up to kNestingMax: call
// it on a worker of ParallelFor.
SqlFile ReadSqlFile(std::string_view text, FileId file, const SqlFileOptions& options = {});

// Parses one statement that stands in no file: a query of a log or the body of a view.
Statement ReadStatement(std::string_view sql);
// The same of the one that stands at `place` of a file, as `sql`: places in its tree are those of
// the file.
Statement ReadStatementAt(std::string_view sql, Span place);

// "PostgreSQL 18": the grammar in use.
std::string_view GrammarVersion();

}  // namespace pgsift

#endif  // PGSIFT_PARSER_SQL_FILE_H_
