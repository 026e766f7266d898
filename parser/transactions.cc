#include "parser/transactions.h"

#include <algorithm>

#include "base/text.h"

namespace pgsift {
namespace {

class Marker {
 public:
  explicit Marker(SqlFile* file) : file_(*file) {}

  // The statements [first, last) run; the tool may open a transaction around them.
  void Run(size_t first, size_t last, bool opens) {
    if (opens && !open_) Open(static_cast<uint32_t>(first), Span{}, true);
    for (size_t i = first; i < last; ++i) Step(file_.statements[i]);
  }

  // The same for several statements that are sent as one string: BEGIN among them makes the
  // transaction that the server opened the file's own, and after COMMIT it opens another one.
  void RunString(size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      Statement& statement = file_.statements[i];
      if (!open_) Open(statement.index, Span{}, true);
      const auto* command = statement.As<TransactionCommand>();
      TransactionBlock& block = file_.transactions.back();
      if (command != nullptr && command->kind == Kind::kBegin && block.implicit) {
        block.begin = statement.span;
        block.implicit = false;
      }
      Step(statement);
    }
  }

  // Ends what the tool opened; what the file opened stays open.
  void EndOfTool() {
    if (open_ && file_.transactions.back().implicit) Close(false);
  }
  void EndOfFile() {
    if (open_) Close(false);
  }

 private:
  using Kind = TransactionCommand::Kind;

  void Open(uint32_t first, Span begin, bool implicit) {
    file_.transactions.push_back({.first = first, .last = first, .begin = begin});
    file_.transactions.back().implicit = implicit;
    open_ = true;
  }

  void Close(bool rolled_back) {
    file_.transactions.back().rolled_back = rolled_back;
    open_ = false;
  }

  void Step(Statement& statement) {
    const auto* command = statement.As<TransactionCommand>();
    if (command != nullptr && command->kind == Kind::kBegin && !open_) {
      Open(statement.index, statement.span, false);
    }
    if (!open_) return;
    statement.transaction = static_cast<uint32_t>(file_.transactions.size() - 1);
    file_.transactions.back().last = statement.index;
    if (command == nullptr) return;
    const bool ends = command->kind == Kind::kCommit || command->kind == Kind::kRollback ||
                      command->kind == Kind::kPrepare;
    if (!ends) return;
    Close(command->kind == Kind::kRollback);
    if (command->chain) Open(statement.index, statement.span, false);
  }

  SqlFile& file_;
  bool open_ = false;
};

}  // namespace

bool RefusedInTransaction(const Statement& statement) {
  if (const auto* index = statement.As<CreateIndex>()) return index->concurrently;
  if (const auto* drop = statement.As<Drop>()) return drop->concurrently;
  if (const auto* vacuum = statement.As<Vacuum>()) return vacuum->is_vacuum;
  if (const auto* reindex = statement.As<Reindex>()) {
    return reindex->kind == "SCHEMA" || reindex->kind == "DATABASE" || reindex->kind == "SYSTEM";
  }
  if (const auto* set = statement.As<SetVariable>()) return set->system;
  for (std::string_view tag :
       {"CREATE DATABASE", "DROP DATABASE", "CREATE TABLESPACE", "DROP TABLESPACE",
        "CREATE SUBSCRIPTION", "DROP SUBSCRIPTION", "ALTER SYSTEM", "DISCARD ALL"}) {
    if (EqualsIgnoringCase(statement.tag, tag)) return true;
  }
  return false;
}

void MarkTransactions(std::span<const SqlSection> sections, const std::vector<size_t>& ends,
                      SqlFile* file) {
  Marker marker(file);
  size_t first = 0;
  bool opened = false;  // The tool has opened the transaction of the sections at hand.
  for (size_t i = 0; i < sections.size(); ++i) {
    const SqlSection& section = sections[i];
    // Without one around all, each string that is sent ends the transaction that it made.
    const bool around = section.transaction == ToolTransaction::kOpened ||
                        section.transaction == ToolTransaction::kUnlessRefused;
    if (!section.continues || !around) {
      marker.EndOfTool();
      opened = false;
    }
    bool opens = section.transaction == ToolTransaction::kOpened;
    if (section.transaction == ToolTransaction::kOneString) opens = ends[i] - first > 1;
    if (section.transaction == ToolTransaction::kUnlessRefused) {
      opens = std::none_of(file->statements.begin(), file->statements.end(), RefusedInTransaction);
    }
    if (ends[i] == first) continue;
    if (opens && section.transaction == ToolTransaction::kOneString) {
      marker.RunString(first, ends[i]);
    } else {
      marker.Run(first, ends[i], opens && !opened);
    }
    opened = opened || opens;
    first = ends[i];
  }
  marker.EndOfFile();
}

}  // namespace pgsift
