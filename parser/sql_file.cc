#include "parser/sql_file.h"

#include <pg_query.h>

#include <algorithm>
#include <span>
#include <string>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "parser/filled_sql.h"
#include "parser/foreign_placeholders.h"
#include "parser/repeated_rows.h"
#include "parser/statement_tag.h"
#include "parser/transactions.h"
#include "parser/tree_reader.h"

namespace pgsift {
namespace {

// A statement larger than this is not handed to the grammar: its tree would take gigabytes.
constexpr size_t kStatementBytesMax = size_t{32} << 20;
// Longer ones that the grammar rejects are not searched for placeholders.
constexpr size_t kForeignBytesMax = size_t{1} << 20;
// So many placeholders of a statement are tried as numbers one by one.
constexpr int kNumbersTriedMax = 8;
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

StatementNode ReadTree(const char* json, size_t size, uint64_t base, const FilledSql* filled) {
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
  return TreeReader(base, filled).ReadStatement(statements.front()["stmt"]);
}

// Parses `sql`, which starts `base` bytes into its file, or comes from where `filled` says.
StatementNode Parse(const std::string& sql, uint64_t base, uint32_t nesting,
                    const FilledSql* filled = nullptr) {
  const auto refuse = [&](std::string why, uint64_t at) {
    const uint64_t offset = filled != nullptr ? filled->InFile(at) : base + at;
    return UnparsedStatement{.error = std::move(why), .error_offset = offset};
  };
  if (nesting > kNestingMax) {
    return refuse(absl::StrFormat("nested deeper than %d levels: not analyzed", kNestingMax), 0);
  }
  if (sql.size() > kStatementBytesMax) {
    return refuse(absl::StrFormat("larger than %d MiB: not analyzed", kStatementBytesMax >> 20), 0);
  }
  if (const size_t nul = sql.find('\0'); nul != sql.npos) {
    return refuse("holds a NUL byte, which PostgreSQL does not accept", nul);
  }
  if (!IsUtf8(sql)) {
    return refuse(
        "holds bytes that are not UTF-8; save the file as UTF-8, or name its encoding in it with "
        "SET client_encoding",
        0);
  }
  const PgQueryParseResult result = pg_query_parse(sql.c_str());
  StatementNode node;
  if (result.error != nullptr) {
    node = refuse(result.error->message, ErrorOffset(sql, result.error->cursorpos));
  } else {
    node = ReadTree(result.parse_tree, std::char_traits<char>::length(result.parse_tree), base,
                    filled);
  }
  pg_query_free_parse_result(result);
  return node;
}

// Parses a statement with placeholders. Without a known value an identifier is tried in its place,
// and a number where the grammar stops at that: one of them fits wherever a name, a value or an
// expression may stand.
StatementNode ParseFilled(std::string_view sql, const Piece& piece,
                          std::span<const Substitution> substitutions) {
  std::vector<Substitution> tried(substitutions.begin(), substitutions.end());
  const auto is_unknown = [](const Substitution& one) { return !one.known; };
  const auto unknown = std::find_if(substitutions.begin(), substitutions.end(), is_unknown);
  for (int numbers = 0;; ++numbers) {
    const FilledSql filled(sql, piece.begin, piece.gaps, tried, FilledSql::Unknown::kIdentifier);
    StatementNode node = Parse(filled.text(), piece.begin, piece.nesting, &filled);
    const auto* unparsed = std::get_if<UnparsedStatement>(&node);
    if (unparsed == nullptr || unknown == substitutions.end()) return node;
    const auto stopped = std::find_if(tried.begin(), tried.end(), [&](const Substitution& one) {
      return !one.known && one.begin == unparsed->error_offset;
    });
    if (stopped == tried.end() || numbers == kNumbersTriedMax) break;
    stopped->text = "1";
    stopped->known = true;
  }
  const FilledSql numbered(sql, piece.begin, piece.gaps, substitutions,
                           FilledSql::Unknown::kNumber);
  StatementNode second = Parse(numbered.text(), piece.begin, piece.nesting, &numbered);
  if (!std::holds_alternative<UnparsedStatement>(second)) return second;
  const uint64_t at = unknown->begin - piece.begin;
  return UnparsedStatement{.error = absl::StrFormat("the value of `%s` is not known: not analyzed",
                                                    std::string(sql.substr(at, unknown->size))),
                           .error_offset = unknown->begin,
                           .placeholder = true};
}

// The substitutions that lie in [begin, end).
std::span<const Substitution> Inside(std::span<const Substitution> all, uint64_t begin,
                                     uint64_t end) {
  const auto before = [](const Substitution& one, uint64_t at) { return one.begin < at; };
  const auto first = std::lower_bound(all.begin(), all.end(), begin, before);
  const auto last = std::lower_bound(first, all.end(), end, before);
  return {first, last};
}

// What the grammar rejected may hold placeholders of a tool that is not known, beside those that
// are.
StatementNode ParseForeign(std::string_view sql, const Piece& piece,
                           std::span<const Substitution> inside, StatementNode rejected) {
  if (sql.size() > kForeignBytesMax) return rejected;
  ForeignPlaceholders foreign = FindForeignPlaceholders(sql, piece.begin);
  std::erase_if(foreign.found, [&](const Substitution& one) {
    return std::any_of(inside.begin(), inside.end(), [&](const Substitution& known) {
      return one.begin < known.begin + known.size && known.begin < one.begin + one.size;
    });
  });
  if (foreign.found.empty()) return rejected;
  foreign.found.insert(foreign.found.end(), inside.begin(), inside.end());
  std::sort(foreign.found.begin(), foreign.found.end(),
            [](const Substitution& a, const Substitution& b) { return a.begin < b.begin; });
  StatementNode node = ParseFilled(sql, piece, foreign.found);
  const auto* unparsed = std::get_if<UnparsedStatement>(&node);
  if (unparsed == nullptr) return node;
  if (!foreign.certain) return rejected;
  if (unparsed->placeholder) return node;
  // Directives alone, between which there is more than one statement.
  std::get<UnparsedStatement>(rejected).placeholder = true;
  return rejected;
}

// A statement as the grammar reads it. Bytes of another encoding are letters to it, whichever they
// are.
std::string Decoded(std::string_view sql, bool other_encoding) {
  std::string text(sql);
  if (!other_encoding) return text;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = 'x';
  }
  return text;
}

// Parses an INSERT of very many rows without those that look like others.
StatementNode ParseSomeRows(std::string_view sql, const Piece& piece, const RowShape& shape) {
  std::vector<Substitution> left_out;
  for (const Piece::Gap& gap : shape.surplus) {
    left_out.push_back({.begin = gap.begin, .size = gap.size, .text = {}, .known = true});
  }
  StatementNode node = ParseFilled(sql, piece, left_out);
  StandForRows(0, &node);
  return node;
}

Statement ReadPiece(const Piece& piece, const SqlFile& file,
                    std::span<const Substitution> substitutions, bool other_encoding,
                    const RowShape* shape) {
  Statement statement;
  statement.span = {.begin = piece.begin,
                    .size = static_cast<uint32_t>(std::min<uint64_t>(piece.size, 0xffffffffu)),
                    .file = file.file};
  statement.sql = file.text.substr(piece.begin, piece.size);
  statement.index = static_cast<uint32_t>(file.statements.size());
  const auto inside = Inside(substitutions, piece.begin, piece.begin + piece.size);
  if (!piece.error.empty()) {
    statement.node = UnparsedStatement{.error = piece.error, .error_offset = piece.error_at};
  } else if (shape != nullptr && !shape->surplus.empty()) {
    statement.node = ParseSomeRows(statement.sql, piece, *shape);
  } else if (piece.gaps.empty() && inside.empty()) {
    statement.node = Parse(Decoded(statement.sql, other_encoding), piece.begin, piece.nesting);
  } else {
    statement.node = ParseFilled(statement.sql, piece, inside);
  }
  if (piece.error.empty() && statement.As<UnparsedStatement>() != nullptr) {
    statement.node = ParseForeign(statement.sql, piece, inside, std::move(statement.node));
  }
  statement.tag = StatementTag(statement);
  return statement;
}

// What the bytes of a file are.
enum class Encoding : uint8_t { kUtf8, kOther, kUnknown };

// The shape of a statement that is one of rows, with nothing in it to be filled in; null: it is
// none.
const RowShape* ShapeOf(const Piece& piece, const SqlFile& file,
                        std::span<const Substitution> substitutions, RowShapeReader* reader) {
  if (!piece.error.empty() || !piece.gaps.empty() || piece.nesting > kNestingMax) return nullptr;
  if (!Inside(substitutions, piece.begin, piece.begin + piece.size).empty()) return nullptr;
  const RowShape& shape = reader->Read(file.text.substr(piece.begin, piece.size), piece.begin);
  return shape.text.empty() ? nullptr : &shape;
}

// A file may be in an encoding of its own, which it names.
Encoding EncodingOf(std::string_view text) {
  if (IsUtf8(text)) {
    return text.find('\0') == text.npos ? Encoding::kUtf8 : Encoding::kUnknown;
  }
  const bool named = Lower(text).find("client_encoding") != std::string::npos;
  return named ? Encoding::kOther : Encoding::kUnknown;
}

// The text of a section for the splitter: placeholders that look like dollar quotes are none.
std::string_view ForSplitter(const SqlSection& section, std::string_view text,
                             std::span<const Substitution> substitutions, std::string* buffer) {
  const std::string_view whole = text.substr(section.begin, section.end - section.begin);
  for (const Substitution& one : Inside(substitutions, section.begin, section.end)) {
    const std::string_view written = text.substr(one.begin, one.size);
    if (!written.starts_with('$') || !written.ends_with('$')) continue;
    if (buffer->empty()) *buffer = whole;
    buffer->replace(one.begin - section.begin, one.size, one.size, 'x');
  }
  return buffer->empty() ? whole : *buffer;
}

// Splits one section and reads its statements.
void ReadSection(const SqlSection& section, std::span<const Substitution> substitutions,
                 Encoding encoding, SqlFile* file) {
  RowShapeReader shapes;
  RepeatedRows repeated;
  std::string buffer;
  SplitSql split = SplitStatements(ForSplitter(section, file->text, substitutions, &buffer));
  for (const Comment& comment : split.comments) {
    file->comments.push_back({.begin = section.begin + comment.begin,
                              .size = static_cast<uint32_t>(comment.size),
                              .file = file->file});
  }
  for (Piece& piece : split.pieces) {
    if (piece.kind == PieceKind::kMetaCommand) ++file->meta_commands;
    if (piece.kind == PieceKind::kCopyData) file->copy_bytes += piece.size;
    if (piece.kind != PieceKind::kStatement) continue;
    piece.begin += section.begin;
    piece.error_at += section.begin;
    for (Piece::Gap& gap : piece.gaps) gap.begin += section.begin;
    const RowShape* shape = nullptr;
    if (encoding == Encoding::kUtf8) shape = ShapeOf(piece, *file, substitutions, &shapes);
    if (shape != nullptr && repeated.IsRepeated(*shape, file->statements)) continue;
    file->statements.push_back(
        ReadPiece(piece, *file, substitutions, encoding == Encoding::kOther, shape));
    if (!LeavesTables(file->statements.back())) repeated.End(&file->statements);
    const auto* unparsed = file->statements.back().As<UnparsedStatement>();
    if (unparsed != nullptr && unparsed->placeholder) ++file->unresolved;
  }
  repeated.End(&file->statements);
}

}  // namespace

SqlFile ReadSqlFile(std::string_view text, FileId id, const SqlFileOptions& options) {
  SqlFile file;
  file.file = id;
  file.text = text;
  const SqlSection whole{.begin = 0, .end = text.size()};
  std::span<const SqlSection> sections = options.sections;
  if (sections.empty()) sections = {&whole, 1};
  std::vector<size_t> ends;  // How many statements there are at each section's end.
  const Encoding encoding = EncodingOf(text);
  for (const SqlSection& section : sections) {
    ReadSection(section, options.substitutions, encoding, &file);
    ends.push_back(file.statements.size());
  }
  MarkTransactions(sections, ends, &file);
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
                         ? Parse(std::string(statement.sql), piece.begin, piece.nesting)
                         : UnparsedStatement{.error = piece.error, .error_offset = piece.error_at};
    break;
  }
  statement.tag = StatementTag(statement);
  return statement;
}

Statement ReadStatementAt(std::string_view sql, Span place) {
  Statement statement;
  statement.sql = sql;
  statement.span = place;
  statement.node = Parse(std::string(sql), place.begin, 0);
  statement.tag = StatementTag(statement);
  return statement;
}

std::string_view GrammarVersion() { return PG_MAJORVERSION; }

}  // namespace pgsift
