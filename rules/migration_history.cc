#include "rules/migration_history.h"

#include <algorithm>
#include <string_view>

namespace pgsift {
namespace {

std::string_view FolderOf(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

bool MigrationHistory::SameProject(FileId a, FileId b) const {
  if (a == b) return true;
  if (a == FileId::kNone || b == FileId::kNone) return false;
  const std::string_view folder_a = FolderOf(sources_.path(a));
  const std::string_view folder_b = FolderOf(sources_.path(b));
  if (folder_a == folder_b) return true;
  // A folder for each migration.
  return !folder_a.empty() && !folder_b.empty() && FolderOf(folder_a) == FolderOf(folder_b);
}

const MigrationHistory::Gone* MigrationHistory::FindGone(const QualifiedName& name) const {
  const auto found = gone_.find(name);
  return found == gone_.end() ? nullptr : &found->second;
}

const MigrationHistory::LockPair* MigrationHistory::FindLockPair(const QualifiedName& first,
                                                                 const QualifiedName& second,
                                                                 Span here) const {
  const auto found = pairs_.find({first, second});
  if (found == pairs_.end()) return nullptr;
  for (const LockPair& pair : found->second) {
    // Within one transaction the first lock would be held already.
    if (pair.second.file != here.file || pair.second.begin != here.begin) return &pair;
  }
  return nullptr;
}

void MigrationHistory::Drop(const QualifiedName& name, const Catalog& catalog, Span at) {
  const Relation* relation = catalog.Find(name);
  if (relation != nullptr) gone_[relation->name] = {.span = at, .new_name = {}};
}

void MigrationHistory::Apply(const SqlFile& file, const Statement& statement,
                             const Catalog& catalog) {
  const TransactionBlock* block = file.TransactionOf(statement);
  if (block != nullptr && block->rolled_back) return;
  if (const auto* drop = statement.As<pgsift::Drop>()) {
    const bool relations = drop->object == ObjectKind::kTable ||
                           drop->object == ObjectKind::kView ||
                           drop->object == ObjectKind::kMaterializedView;
    if (!relations) return;
    for (const QualifiedName& name : drop->names) Drop(name, catalog, statement.span);
  } else if (const auto* rename = statement.As<Rename>()) {
    if (rename->object != ObjectKind::kTable) return;
    const Relation* relation = catalog.Find(rename->relation.name);
    if (relation == nullptr) return;
    gone_[relation->name] = {.span = statement.span, .new_name = rename->new_name};
    gone_.erase({relation->name.schema, rename->new_name});
  } else if (const auto* create = statement.As<CreateTable>()) {
    gone_.erase(catalog.Resolve(create->relation.name));
  } else if (const auto* as = statement.As<CreateTableAs>()) {
    gone_.erase(catalog.Resolve(as->relation.name));
  } else if (const auto* view = statement.As<CreateView>()) {
    gone_.erase(catalog.Resolve(view->relation.name));
  }
}

void MigrationHistory::AddLocks(FileId file,
                                const std::vector<std::pair<QualifiedName, Span>>& held,
                                const QualifiedName& relation, Span at) {
  for (const auto& [before, span] : held) {
    if (before == relation) continue;
    std::vector<LockPair>& pairs = pairs_[{before, relation}];
    const bool known = std::any_of(pairs.begin(), pairs.end(),
                                   [&](const LockPair& pair) { return pair.first.file == file; });
    if (!known) pairs.push_back({.first = span, .second = at});
  }
}

}  // namespace pgsift
