#include "rules/facts/lock_mode.h"

#include <array>

namespace pgsift {
namespace {

struct Mode {
  std::string_view name;
  std::string_view sql;
  std::string_view letters;
  uint16_t conflicts;  // Bit n: conflicts with the mode of number n.
};

constexpr uint16_t Bits(std::initializer_list<int> modes) {
  uint16_t bits = 0;
  for (int mode : modes) bits = static_cast<uint16_t>(bits | (1u << mode));
  return bits;
}

constexpr std::array<Mode, 9> kModes = {{
    {"NoLock", "", "", 0},
    {"AccessShareLock", "ACCESS SHARE", "AS", Bits({8})},
    {"RowShareLock", "ROW SHARE", "RS", Bits({7, 8})},
    {"RowExclusiveLock", "ROW EXCLUSIVE", "RX", Bits({5, 6, 7, 8})},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", "SU", Bits({4, 5, 6, 7, 8})},
    {"ShareLock", "SHARE", "S", Bits({3, 4, 6, 7, 8})},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "SX", Bits({3, 4, 5, 6, 7, 8})},
    {"ExclusiveLock", "EXCLUSIVE", "X", Bits({2, 3, 4, 5, 6, 7, 8})},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE", "AX", Bits({1, 2, 3, 4, 5, 6, 7, 8})},
}};

const Mode& Get(LockMode mode) { return kModes[static_cast<size_t>(mode)]; }

struct What {
  Blocked blocked;
  LockMode asks;
  std::string_view name;
};
constexpr auto kWhat = std::to_array<What>({
    {Blocked::kReads, LockMode::kAccessShare, "reads"},
    {Blocked::kRowLocks, LockMode::kRowShare, "row locks"},
    {Blocked::kWrites, LockMode::kRowExclusive, "writes"},
    {Blocked::kVacuum, LockMode::kShareUpdateExclusive, "vacuum"},
    {Blocked::kIndexBuilds, LockMode::kShare, "index builds"},
    {Blocked::kDdl, LockMode::kAccessExclusive, "DDL"},
});

}  // namespace

std::string_view LockModeName(LockMode mode) { return Get(mode).name; }
std::string_view LockModeSql(LockMode mode) { return Get(mode).sql; }
std::string_view LockModeLetters(LockMode mode) { return Get(mode).letters; }

std::optional<LockMode> LockModeByName(std::string_view name) {
  for (size_t i = 1; i < kModes.size(); ++i) {
    if (kModes[i].name == name || kModes[i].sql == name) return static_cast<LockMode>(i);
  }
  return std::nullopt;
}

bool Conflicts(LockMode a, LockMode b) {
  return (Get(a).conflicts >> static_cast<unsigned>(b) & 1u) != 0;
}

std::vector<Blocked> BlockedBy(LockMode mode) {
  std::vector<Blocked> blocked;
  for (const What& what : kWhat) {
    if (Conflicts(mode, what.asks)) blocked.push_back(what.blocked);
  }
  return blocked;
}

std::string_view BlockedName(Blocked blocked) { return kWhat[static_cast<size_t>(blocked)].name; }

}  // namespace pgsift
