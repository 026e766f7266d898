#include "rules/health/lock_blockers.h"

#include <algorithm>
#include <map>

#include "rules/facts/lock_mode.h"

namespace pgsift {

void FindBlockers(Snapshot* snapshot) {
  const bool said = std::any_of(snapshot->activity.begin(), snapshot->activity.end(),
                                [](const SessionState& each) { return !each.blocked_by.empty(); });
  if (said) return;
  std::map<std::string, std::vector<const LockState*>> held;
  for (const LockState& lock : snapshot->locks) {
    if (lock.granted) held[lock.object].push_back(&lock);
  }
  std::map<int64_t, size_t> session_at;
  for (size_t i = 0; i < snapshot->activity.size(); ++i) {
    session_at[snapshot->activity[i].pid] = i;
  }
  const auto session_of = [&](int64_t pid) -> SessionState& {
    const auto [at, added] = session_at.try_emplace(pid, snapshot->activity.size());
    if (added) {
      snapshot->activity.push_back({.pid = pid, .backend_type = "client backend"});
    }
    return snapshot->activity[at->second];
  };
  for (const LockState& wanted : snapshot->locks) {
    const std::optional<LockMode> mode = LockModeByName(wanted.mode);
    if (wanted.granted || !mode) continue;
    for (const LockState* lock : held[wanted.object]) {
      const std::optional<LockMode> other = LockModeByName(lock->mode);
      if (lock->pid == wanted.pid || !other || !Conflicts(*mode, *other)) continue;
      session_of(lock->pid);
      SessionState& waiter = session_of(wanted.pid);
      if (waiter.query_start_us == 0) waiter.query_start_us = wanted.wait_start_us;
      std::vector<int64_t>& blockers = waiter.blocked_by;
      if (std::find(blockers.begin(), blockers.end(), lock->pid) == blockers.end()) {
        blockers.push_back(lock->pid);
      }
    }
  }
}

}  // namespace pgsift
