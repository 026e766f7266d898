#include "rules/effects/effects.h"

#include <algorithm>

#include "rules/effects/effect_builder.h"

namespace pgsift {

LockMode Effects::ModeOn(RelationId id) const {
  LockMode mode = LockMode::kNone;
  for (const LockEffect& lock : locks) {
    if (lock.id == id) mode = std::max(mode, lock.mode);
  }
  return mode;
}

LockMode Effects::ModeOn(const QualifiedName& name) const {
  for (const LockEffect& lock : locks) {
    if (lock.name == name) return lock.mode;
  }
  return LockMode::kNone;
}

bool Effects::Rewrites(const QualifiedName& name) const {
  return std::any_of(rewrites.begin(), rewrites.end(),
                     [&](const WorkEffect& work) { return work.name == name; });
}

bool Effects::Scans(const QualifiedName& name) const {
  return std::any_of(scans.begin(), scans.end(),
                     [&](const WorkEffect& work) { return work.name == name; });
}

LockMode Effects::Strongest() const {
  LockMode mode = LockMode::kNone;
  for (const LockEffect& lock : locks) mode = std::max(mode, lock.mode);
  return mode;
}

namespace {

struct Dispatch {
  EffectBuilder* out;

  template <typename T>
  void operator()(const T&) const {
    AddObjectEffects(out->statement(), out);
  }
  void operator()(const UnparsedStatement& s) const {
    out->Unknown("the statement could not be read: " + s.error);
  }
  void operator()(const AlterTable& s) const { AddEffects(s, out); }
  void operator()(const CreateTable& s) const { AddEffects(s, out); }
  void operator()(const CreateTableAs& s) const { AddEffects(s, out); }
  void operator()(const CreateIndex& s) const { AddEffects(s, out); }
  void operator()(const Reindex& s) const { AddEffects(s, out); }
  void operator()(const Drop& s) const { AddEffects(s, out); }
  void operator()(const Truncate& s) const { AddEffects(s, out); }
  void operator()(const LockTable& s) const { AddEffects(s, out); }
  void operator()(const Vacuum& s) const { AddEffects(s, out); }
  void operator()(const Cluster& s) const { AddEffects(s, out); }
  void operator()(const RefreshMaterializedView& s) const { AddEffects(s, out); }
  void operator()(const Select& s) const { AddQuery(Query{s}, true, out); }
  void operator()(const Insert& s) const { AddQuery(Query{s}, true, out); }
  void operator()(const Update& s) const { AddQuery(Query{s}, true, out); }
  void operator()(const Delete& s) const { AddQuery(Query{s}, true, out); }
  void operator()(const Merge& s) const { AddQuery(Query{s}, true, out); }
};

}  // namespace

void AddEffectsOf(const Statement& statement, EffectBuilder* out) {
  std::visit(Dispatch{out}, statement.node);
}

Effects EffectsOf(const Statement& statement, const Catalog& catalog, PgVersion pg) {
  EffectBuilder builder(statement, catalog, pg);
  AddEffectsOf(statement, &builder);
  return builder.Take();
}

}  // namespace pgsift
