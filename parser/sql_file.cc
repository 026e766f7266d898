#include "parser/sql_file.h"

#include <pg_query.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "parser/statement_tag.h"
#include "parser/tree_reader.h"

namespace pgsift {
namespace {

// A statement larger than this is not handed to the grammar: its tree would take gigabytes.
constexpr size_t kStatementBytesMax = size_t{32} << 20;
// Levels of JSON: a few for each level of nesting in the SQL.
constexpr size_t kJsonDepthMax = 8 * size_t{kNestingMax};

// libpg_query reports where it stopped in characters, from 1; 0 when it does not know.
uint64_t ErrorOffset(std::string_view sql, int cursor) {
  if (cursor <= 0) return 0;
  uint64_t offset = 0;
  for (int left = cursor - 1; offset < sql.size() && left > 0; ++offset) {
    if (offset + 1 >= sql.size() || (static_cast<unsigned char>(sql[offset + 1]) & 0xc0) != 0x80) {
      --left;
    }
  }
  return std::min<uint64_t>(offset, sql.empty() ? 0 : sql.size() - 1);
}

StatementNode ReadTree(const char* json, size_t size, uint64_t base) {
  thread_local simdjson::dom::parser parser(simdjson::SIMDJSON_MAXSIZE_BYTES);
  thread_local bool deep = false;
  if (!deep) {
    // The default of 1,024 levels is fewer than SQL that people generate.
    if (parser.allocate(1 << 16, kJsonDepthMax) != simdjson::SUCCESS) {
      return UnparsedStatement{.error = "out of memory while reading the statement",
                               .error_offset = base};
    }
    deep = true;
  }
  simdjson::dom::element tree;
  const simdjson::padded_string padded(json, size);
  if (padded.size() > parser.capacity() &&
      parser.allocate(padded.size() * 2, kJsonDepthMax) != simdjson::SUCCESS) {
    return UnparsedStatement{.error = "out of memory while reading the statement",
                             .error_offset = base};
  }
  if (const auto error = parser.parse(padded).get(tree); error != simdjson::SUCCESS) {
    return UnparsedStatement{.error = absl::StrFormat("the statement's tree could not be read: %s",
                                                      simdjson::error_message(error)),
                             .error_offset = base};
  }
  const std::vector<TreeNode> statements = TreeNode(tree).Items("stmts");
  if (statements.empty()) return OtherStatement{.node = "Empty"};
  return TreeReader(base).ReadStatement(statements.front()["stmt"]);
}

// Parses `sql`, which starts `base` bytes into its file.
StatementNode Parse(std::string_view sql, uint64_t base, uint32_t nesting) {
  const auto refuse = [&](std::string why) {
    return UnparsedStatement{.error = std::move(why), .error_offset = base};
  };
  if (nesting > kNestingMax) {
    return refuse(absl::StrFormat("nested deeper than %d levels: not analyzed", kNestingMax));
  }
  if (sql.size() > kStatementBytesMax) {
    return refuse(absl::StrFormat("larger than %d MiB: not analyzed", kStatementBytesMax >> 20));
  }
  if (const size_t nul = sql.find('\0'); nul != sql.npos) {
    return UnparsedStatement{.error = "holds a NUL byte, which PostgreSQL does not accept",
                             .error_offset = base + nul};
  }
  const std::string terminated(sql);
  const PgQueryParseResult result = pg_query_parse(terminated.c_str());
  StatementNode node;
  if (result.error != nullptr) {
    node = UnparsedStatement{.error = result.error->message,
                             .error_offset = base + ErrorOffset(sql, result.error->cursorpos)};
  } else {
    node = ReadTree(result.parse_tree, std::char_traits<char>::length(result.parse_tree), base);
  }
  pg_query_free_parse_result(result);
  return node;
}

void MarkTransactions(SqlFile* file, bool in_transaction) {
  using Kind = TransactionCommand::Kind;
  bool open = false;
  const auto close = [&](uint32_t last, bool rolled_back) {
    file->transactions.back().last = last;
    file->transactions.back().rolled_back = rolled_back;
    open = false;
  };
  if (in_transaction && !file->statements.empty()) {
    file->transactions.push_back({.first = 0, .implicit = true});
    open = true;
  }
  for (Statement& statement : file->statements) {
    const auto* command = statement.As<TransactionCommand>();
    if (command != nullptr && command->kind == Kind::kBegin && !open) {
      file->transactions.push_back({.first = statement.index, .begin = statement.span});
      open = true;
    }
    if (!open) continue;
    statement.transaction = static_cast<uint32_t>(file->transactions.size() - 1);
    if (command == nullptr) continue;
    const bool ends = command->kind == Kind::kCommit || command->kind == Kind::kRollback ||
                      command->kind == Kind::kPrepare;
    if (!ends) continue;
    close(statement.index, command->kind == Kind::kRollback);
    if (command->chain) {
      file->transactions.push_back({.first = statement.index, .begin = statement.span});
      open = true;
    }
  }
  if (open) close(file->statements.back().index, false);
}

}  // namespace

SqlFile ReadSqlFile(std::string_view text, FileId id, const SqlFileOptions& options) {
  SqlFile file;
  file.file = id;
  file.text = text;
  const SplitSql split = SplitStatements(text);
  for (const Comment& comment : split.comments) {
    file.comments.push_back(
        {.begin = comment.begin, .size = static_cast<uint32_t>(comment.size), .file = id});
  }
  for (const Piece& piece : split.pieces) {
    if (piece.kind == PieceKind::kMetaCommand) ++file.meta_commands;
    if (piece.kind == PieceKind::kCopyData) file.copy_bytes += piece.size;
    if (piece.kind != PieceKind::kStatement) continue;
    Statement statement;
    statement.span = {.begin = piece.begin,
                      .size = static_cast<uint32_t>(std::min<uint64_t>(piece.size, 0xffffffffu)),
                      .file = id};
    statement.sql = text.substr(piece.begin, piece.size);
    statement.index = static_cast<uint32_t>(file.statements.size());
    if (!piece.error.empty()) {
      statement.node = UnparsedStatement{.error = piece.error, .error_offset = piece.error_at};
    } else if (piece.gaps.empty()) {
      statement.node = Parse(statement.sql, piece.begin, piece.nesting);
    } else {
      std::string blanked(statement.sql);
      for (const Piece::Gap& gap : piece.gaps) {
        blanked.replace(gap.begin - piece.begin, gap.size, gap.size, ' ');
      }
      statement.node = Parse(blanked, piece.begin, piece.nesting);
    }
    statement.tag = StatementTag(statement);
    file.statements.push_back(std::move(statement));
  }
  MarkTransactions(&file, options.in_transaction);
  return file;
}

Statement ReadStatement(std::string_view sql) {
  const SplitSql split = SplitStatements(sql);
  Statement statement;
  for (const Piece& piece : split.pieces) {
    if (piece.kind != PieceKind::kStatement) continue;
    statement.sql = sql.substr(piece.begin, piece.size);
    statement.span = {.begin = piece.begin, .size = static_cast<uint32_t>(piece.size)};
    statement.node = piece.error.empty()
                         ? Parse(statement.sql, piece.begin, piece.nesting)
                         : UnparsedStatement{.error = piece.error, .error_offset = piece.error_at};
    break;
  }
  statement.tag = StatementTag(statement);
  return statement;
}

std::string_view GrammarVersion() { return PG_MAJORVERSION; }

}  // namespace pgsift
