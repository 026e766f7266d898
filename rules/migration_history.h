#ifndef PGSIFT_RULES_MIGRATION_HISTORY_H_
#define PGSIFT_RULES_MIGRATION_HISTORY_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "parser/catalog.h"
#include "rules/effects/effects.h"

namespace pgsift {

// What the migrations of a run have done so far, beyond the schema that they built. Fed each
// statement after its rules; not thread-safe.
class MigrationHistory {
 public:
  // A relation that is no longer there under its name.
  struct Gone {
    Span span;             // The statement that dropped or renamed it.
    std::string new_name;  // Empty: dropped.
  };
  // A transaction that took a lock on one relation and, holding it, on another.
  struct LockPair {
    Span first;
    Span second;
  };

  explicit MigrationHistory(const SourceSet& sources) : sources_(sources) {}

  // Null: the name was never given up, or is taken again.
  const Gone* FindGone(const QualifiedName& name) const;
  // Where another transaction than the one around `here` locked `first` and then `second`; or null.
  const LockPair* FindLockPair(const QualifiedName& first, const QualifiedName& second,
                               Span here) const;

  // The files lie in one folder, or in two folders of one: they are migrations of one database.
  bool SameProject(FileId a, FileId b) const;

  // `catalog` is the schema before the statement.
  void Apply(const SqlFile& file, const Statement& statement, const Catalog& catalog);
  // A statement locks `relation` against writes while its transaction holds `held`: relation and
  // place, in order.
  void AddLocks(FileId file, const std::vector<std::pair<QualifiedName, Span>>& held,
                const QualifiedName& relation, Span at);

 private:
  void Drop(const QualifiedName& name, const Catalog& catalog, Span at);

  const SourceSet& sources_;
  std::map<QualifiedName, Gone> gone_;
  std::map<std::pair<QualifiedName, QualifiedName>, std::vector<LockPair>> pairs_;
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_MIGRATION_HISTORY_H_
