#ifndef PGSIFT_PARSER_STATEMENT_H_
#define PGSIFT_PARSER_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/span.h"
#include "parser/ddl.h"
#include "parser/query.h"

namespace pgsift {

// A statement that the grammar reads and for which pgsift has no structure of its own.
struct OtherStatement {
  std::string node;             // The grammar's name: "CreateRoleStmt".
  std::string target;           // What it is about where one name says it: DISCARD's "ALL".
  std::string subscription;     // Of ALTER SUBSCRIPTION.
  std::vector<Option> options;  // WITH (…).
};

// A statement that the grammar rejects or that was not handed to it.
struct UnparsedStatement {
  std::string error;          // PostgreSQL's message, or ours.
  uint64_t error_offset = 0;  // In the file.
  bool placeholder = false;   // It holds a placeholder whose value is not known.
};

using StatementNode =
    std::variant<UnparsedStatement, OtherStatement, Select, Insert, Update, Delete, Merge,
                 CreateTable, CreateTableAs, AlterTable, CreateIndex, Drop, Rename, SetSchema,
                 ChangeOwner, CreateSchema, CreateSequence, AlterSequence, CreateEnum, AlterEnum,
                 CreateDomain, AlterDomain, CreateCompositeType, CreateRangeType, CreateView,
                 RefreshMaterializedView, CreateFunction, DoBlock, CreateTrigger, CreateRule,
                 CreatePolicy, AlterPolicy, CreateExtension, CreateStatistics, CreatePublication,
                 AlterPublication, CommentOn, Grant, Truncate, LockTable, Vacuum, Cluster, Reindex,
                 Copy, Explain, SetVariable, TransactionCommand, SetConstraints, Call, Prepare,
                 Execute, DeclareCursor, RoleOwned, DependsOnExtension, MoveAllInTablespace,
                 SecurityLabel, CreateServer>;

// Which BEGIN … COMMIT of its file a statement stands in.
inline constexpr uint32_t kNoTransaction = 0xffffffff;

// One statement of a SQL file. Owns what it holds; `sql` views the file's text, which must outlive
// it.
struct Statement {
  Span span;             // First token to last, without the semicolon.
  std::string_view sql;  // The bytes of `span`.
  std::string tag;       // The command: "CREATE INDEX", "ALTER TABLE", "SELECT".
  StatementNode node;
  uint32_t index = 0;                     // In its file, from 0.
  uint32_t transaction = kNoTransaction;  // Index into SqlFile::transactions.

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

}  // namespace pgsift

#endif  // PGSIFT_PARSER_STATEMENT_H_
