#include "rules/effects/transaction_locks.h"

#include <algorithm>

#include "base/text.h"

namespace pgsift {
namespace {

using Kind = TransactionCommand::Kind;

bool IsLockTimeout(const SetVariable& set) { return EqualsIgnoringCase(set.name, "lock_timeout"); }

}  // namespace

LockMode TransactionLocks::ModeOn(const QualifiedName& name) const {
  LockMode mode = LockMode::kNone;
  for (const HeldLock& held : held_) {
    if (held.lock.name == name) mode = std::max(mode, held.lock.mode);
  }
  return mode;
}

void TransactionLocks::Command(const TransactionCommand& command) {
  switch (command.kind) {
    case Kind::kSavepoint:
      savepoints_.emplace_back(command.savepoint, held_.size());
      return;
    case Kind::kRollbackTo:
      for (size_t i = savepoints_.size(); i-- > 0;) {
        if (savepoints_[i].first != command.savepoint) continue;
        held_.resize(std::min(held_.size(), savepoints_[i].second));
        savepoints_.resize(i + 1);
        return;
      }
      return;
    case Kind::kCommit:
    case Kind::kRollback:
    case Kind::kPrepare:
      held_.clear();
      savepoints_.clear();
      local_timeout_.clear();
      return;
    default:
      return;
  }
}

void TransactionLocks::Apply(const Statement& statement, const Effects& effects) {
  if (const auto* command = statement.As<TransactionCommand>()) return Command(*command);
  if (const auto* set = statement.As<SetVariable>(); set != nullptr && !set->system) {
    if (IsLockTimeout(*set)) {
      const std::string value = set->reset || set->values.empty() ? "" : set->values.front();
      (set->local ? local_timeout_ : lock_timeout_) = value == "0" ? "" : value;
    } else if (set->name.empty() && set->reset) {
      lock_timeout_.clear();
      local_timeout_.clear();
    }
  }
  if (statement.transaction == kNoTransaction) return;
  for (const LockEffect& lock : effects.locks) {
    if (lock.released || ModeOn(lock.name) >= lock.mode) continue;
    held_.push_back({.lock = lock, .statement = statement.index});
  }
}

LockEnd EndOfLocks(const SqlFile& file, const Statement& statement) {
  const TransactionBlock* block = file.TransactionOf(statement);
  if (block == nullptr) return {.kind = LockEnd::Kind::kStatement, .statement = statement.index};
  std::vector<std::string> open;
  for (uint32_t i = statement.index + 1; i <= block->last && i < file.statements.size(); ++i) {
    const auto* command = file.statements[i].As<TransactionCommand>();
    if (command == nullptr) continue;
    if (command->kind == Kind::kSavepoint) open.push_back(command->savepoint);
    if (command->kind != Kind::kRollbackTo) continue;
    // One that was set after the statement does not undo it.
    if (std::find(open.begin(), open.end(), command->savepoint) != open.end()) continue;
    return {.kind = LockEnd::Kind::kRollbackTo, .statement = i};
  }
  return {.kind = block->rolled_back ? LockEnd::Kind::kRollback : LockEnd::Kind::kCommit,
          .statement = block->last};
}

}  // namespace pgsift
