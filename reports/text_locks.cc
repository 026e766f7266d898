// The timeline of `pgsift locks`: statements down, relations across. A cell says with which mode a
// relation is locked and what is done to it; a line below it says how long the lock is held.

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

constexpr size_t kCellColumns = 6;     // "AX RSB".
constexpr size_t kSqlColumnsMin = 28;  // What the statement's text gets at least.
constexpr size_t kLineColumns = 6;

// A stretch of one file that is drawn as one table: a transaction, or the statements between two.
struct Stretch {
  std::vector<const StatementReport*> statements;
  bool transaction = false;
};

std::string RowName(const std::string& relation) {
  return relation.starts_with("public.") ? relation.substr(7) : relation;
}

std::string_view ModeColor(int strength) {
  if (strength >= 8) return "1;31";
  if (strength >= 5) return "33";
  if (strength == 4) return "36";
  return "2";
}

bool Has(const std::vector<WorkReport>& works, const std::string& relation) {
  return std::any_of(works.begin(), works.end(),
                     [&](const WorkReport& work) { return work.relation == relation; });
}

bool IsIndex(const LockReport& lock) { return lock.kind.find("index") != std::string::npos; }

// Planning a query locks every index of its tables, in modes that only make DDL on them wait: that
// goes without saying.
bool Worth(const LockReport& lock) { return !IsIndex(lock) || lock.strength >= 4; }

// Strongest lock first, then in the order of first use.
struct Column {
  std::string relation;
  int strength = 0;
  bool index = false;
};

std::vector<Column> ColumnsOf(const Stretch& stretch) {
  std::vector<Column> columns;
  for (const StatementReport* statement : stretch.statements) {
    if (!statement->effects.has_value()) continue;
    for (const LockReport& lock : statement->effects->locks) {
      if (!Worth(lock)) continue;
      const auto same = [&](const Column& c) { return c.relation == lock.relation; };
      const auto found = std::find_if(columns.begin(), columns.end(), same);
      if (found == columns.end()) {
        columns.push_back({lock.relation, lock.strength, IsIndex(lock)});
      } else {
        found->strength = std::max(found->strength, lock.strength);
      }
    }
  }
  std::stable_sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
    return a.index != b.index ? b.index : a.strength > b.strength;
  });
  return columns;
}

class Timeline {
 public:
  Timeline(const RenderOptions& options, const TextStyle& style)
      : options_(options), style_(style) {}

  std::string Draw(const Stretch& stretch) {
    std::string out;
    longest_sql_ = 0;
    for (const StatementReport* statement : stretch.statements) {
      longest_sql_ = std::max(longest_sql_, Columns(OneLine(statement->sql, 400)));
    }
    const std::vector<Column> columns = ColumnsOf(stretch);
    const size_t room = options_.width > kLineColumns + kSqlColumnsMin
                            ? options_.width - kLineColumns - kSqlColumnsMin
                            : kCellColumns;
    const size_t shown = std::min(columns.size(), std::max<size_t>(1, room / kCellColumns));
    out += Heads(columns, shown);
    Held held;
    for (size_t i = 0; i < stretch.statements.size(); ++i) {
      const StatementReport& statement = *stretch.statements[i];
      const Held before = held;
      out += Row(statement, columns, shown, &held, i + 1 == stretch.statements.size(),
                 stretch.transaction);
      out += Details(statement, columns, shown, before);
    }
    return out;
  }

 private:
  // By relation: the lock's strength, and the line of the ROLLBACK TO that ends it or 0.
  using Held = std::map<std::string, std::pair<int, size_t>>;

  size_t SqlColumns(size_t shown) const {
    const size_t used = kLineColumns + shown * kCellColumns;
    const size_t room =
        options_.width > used + kSqlColumnsMin ? options_.width - used : kSqlColumnsMin;
    return std::max(kSqlColumnsMin, std::min(room, longest_sql_ + 2));
  }

  std::string Heads(const std::vector<Column>& columns, size_t shown) const {
    // Names stand one below the other, each with a line down to its column.
    std::string out;
    const size_t left = kLineColumns + SqlColumns(shown);
    for (size_t i = 0; i < shown; ++i) {
      const std::string name = RowName(columns[i].relation);
      std::string lines;
      for (size_t k = 0; k < i; ++k) lines += PadRight("│", kCellColumns);
      const size_t at = left + i * kCellColumns;
      const size_t fits = options_.width > at ? options_.width - at : 0;
      if (Columns(name) + 2 <= fits) {
        out += std::string(left, ' ') + style_.Dim(lines) + "┌ " + style_.Bold(name) + "\n";
      } else {
        // No room to the right: the name stands to the left of its column.
        const std::string text = Cut(name, at > 4 ? at - 3 : 1);
        out += PadLeft(text, left > 2 ? left - 1 : 1) + " " + style_.Dim(lines) + "┐\n";
      }
    }
    return out;
  }

  std::string Cell(const StatementReport& statement, const std::string& relation, Held* held,
                   bool keeps, bool ends) const {
    const StatementReport::EffectsReport* effects =
        statement.effects.has_value() ? &*statement.effects : nullptr;
    const LockReport* lock = nullptr;
    if (effects != nullptr) {
      for (const LockReport& candidate : effects->locks) {
        if (candidate.relation == relation) lock = &candidate;
      }
    }
    const auto before = held->find(relation);
    if (lock == nullptr) {
      if (before == held->end()) return PadRight(style_.Dim("·"), PadOf("·"));
      const std::string line = ends ? "╵" : "│";
      const std::string cell = PadRight(line, kCellColumns);
      return Colored(before->second.first, cell);
    }
    std::string marks;
    if (Has(effects->rewrites, relation)) marks += "R";
    if (Has(effects->scans, relation)) marks += "S";
    if (Has(effects->index_builds, relation)) marks += "B";
    std::string text = lock->letters;
    if (lock->created_here) text = "new";
    if (!marks.empty()) text += (text.size() < 3 ? " " : "") + marks;
    if (keeps && lock->held_until != "statement") {
      auto& entry = (*held)[relation];
      entry.first = std::max(entry.first, lock->strength);
      entry.second = lock->held_until == "rollback to savepoint" ? lock->until_line : 0;
    }
    return Colored(lock->created_here ? 1 : lock->strength,
                   PadRight(Cut(text, kCellColumns), kCellColumns));
  }

  size_t PadOf(std::string_view text) const {
    // Colours take bytes but no columns.
    return kCellColumns + style_.Dim(text).size() - text.size();
  }

  std::string Colored(int strength, const std::string& text) const {
    return style_.Code(ModeColor(strength), text);
  }

  std::string Row(const StatementReport& statement, const std::vector<Column>& columns,
                  size_t shown, Held* held, bool last, bool transaction) const {
    const std::string line = PadLeft(std::to_string(statement.line), kLineColumns - 2) + "  ";
    const size_t width = SqlColumns(shown);
    const std::string sql = PadRight(Cut(Printable(OneLine(statement.sql, 400)), width - 2), width);
    std::string out = style_.Gutter(line) + sql;
    const bool ends = transaction && last;
    // ROLLBACK TO: what was taken since is given back.
    std::erase_if(*held, [&](const auto& entry) { return entry.second.second == statement.line; });
    for (size_t i = 0; i < shown; ++i) {
      out += Cell(statement, columns[i].relation, held, transaction, ends);
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out + "\n";
  }

  std::string Note(std::string_view mark, const std::string& text) const {
    const std::string indent(kLineColumns + 2, ' ');
    return Wrapped(std::string(kLineColumns, ' ') + std::string(mark) + " " + text, options_.width,
                   indent) +
           "\n";
  }

  // What the statement's locks make wait; one line for relations that are locked alike. What is
  // held at least as strongly already makes nobody else wait.
  std::string Blocks(const StatementReport::EffectsReport& effects, const Held& held) const {
    std::string out;
    std::vector<std::pair<const LockReport*, std::string>> alike;
    for (const LockReport& lock : effects.locks) {
      if (lock.created_here || lock.strength < 4 || IsIndex(lock)) continue;
      const auto before = held.find(lock.relation);
      if (before != held.end() && before->second.first >= lock.strength) continue;
      const auto same = std::find_if(alike.begin(), alike.end(), [&](const auto& other) {
        return other.first->strength == lock.strength &&
               other.first->held_until == lock.held_until &&
               other.first->until_line == lock.until_line;
      });
      if (same == alike.end()) {
        alike.emplace_back(&lock, RowName(lock.relation));
      } else {
        same->second += ", " + RowName(lock.relation);
      }
    }
    for (const auto& [first, relations] : alike) {
      const LockReport& lock = *first;
      std::string what;
      for (const std::string& blocked : BlockedWords(lock.strength)) {
        what += (what.empty() ? "" : ", ") + blocked;
      }
      std::string until = lock.held_until == "statement" ? "while it runs"
                          : lock.until_line > 0          ? absl::StrFormat("until line %d (%s)",
                                                                           lock.until_line, lock.held_until)
                                                         : "until the transaction ends";
      out += Note("│", absl::StrFormat("%s on %s: blocks %s, %s", ModeWords(lock.strength),
                                       relations, what, until));
    }
    return out;
  }

  static bool IsNew(const StatementReport::EffectsReport& effects, const std::string& relation) {
    return std::any_of(effects.locks.begin(), effects.locks.end(), [&](const LockReport& lock) {
      return lock.relation == relation && lock.created_here;
    });
  }

  static std::vector<std::string> BlockedWords(int strength) {
    switch (strength) {
      case 8:
        return {"reads", "writes", "DDL", "vacuum"};
      case 7:
        return {"SELECT FOR UPDATE", "writes", "DDL", "vacuum"};
      case 6:
      case 5:
        return {"writes", "DDL", "vacuum"};
      default:
        return {"DDL", "vacuum"};
    }
  }
  static std::string_view ModeWords(int strength) {
    static constexpr std::string_view kWords[] = {
        "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
        "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
    return kWords[std::clamp(strength, 0, 8)];
  }

  std::string Details(const StatementReport& statement, const std::vector<Column>& columns,
                      size_t shown, const Held& held) const {
    if (!statement.error.empty()) return Note("!", "not analyzed: " + statement.error);
    if (!statement.effects.has_value()) return {};
    const StatementReport::EffectsReport& effects = *statement.effects;
    std::string out = Blocks(effects, held);
    if (statement.repeats > 0) {
      out += Note("…", absl::StrFormat("%s more like it follow, with other literals",
                                       Grouped(statement.repeats)));
    }
    for (const WorkReport& work : effects.rewrites) {
      out += Note("R", "rewrites " + RowName(work.relation) + ": " + work.why);
    }
    for (const WorkReport& work : effects.scans) {
      if (Has(effects.rewrites, work.relation) || IsNew(effects, work.relation)) continue;
      out += Note("S", "reads all of " + RowName(work.relation) + ": " + work.why);
    }
    // An index on a table that is new costs nothing worth a line.
    const bool on_new =
        !effects.scans.empty() &&
        std::all_of(effects.scans.begin(), effects.scans.end(),
                    [&](const WorkReport& w) { return IsNew(effects, w.relation); });
    for (const WorkReport& work : effects.index_builds) {
      if (on_new) break;
      out += Note("B", "builds index " + RowName(work.relation) + ": " + work.why);
    }
    if (effects.waits_for_transactions) {
      out += Note("w", "waits for every transaction that is older than itself");
    }
    if (!effects.transaction_block) out += Note("!", "is refused in BEGIN … COMMIT");
    out += Hidden(effects, columns, shown);
    if (effects.estimate.has_value()) out += Estimate(*effects.estimate);
    for (const BlastReport& blast : effects.blast_radius) out += Blast(blast);
    for (const std::string& what : effects.assumed) out += Note("≈", what);
    for (const std::string& what : effects.unknown) out += Note("?", "not known: " + what);
    return out;
  }

  std::string Hidden(const StatementReport::EffectsReport& effects,
                     const std::vector<Column>& columns, size_t shown) const {
    std::string hidden;
    for (size_t i = shown; i < columns.size(); ++i) {
      for (const LockReport& lock : effects.locks) {
        if (lock.relation != columns[i].relation) continue;
        hidden += (hidden.empty() ? "" : ", ") + lock.letters + " " + RowName(lock.relation);
      }
    }
    return hidden.empty() ? hidden : Note("+", "also " + hidden);
  }

  std::string Estimate(const EstimateReport& estimate) const {
    std::string out;
    if (estimate.bytes_read + estimate.bytes_written > 0) {
      out += Note("~", absl::StrFormat(
                           "reads %s, writes %s: %s to %s", HumanBytes(estimate.bytes_read),
                           HumanBytes(estimate.bytes_written), HumanMs(estimate.seconds_min * 1000),
                           HumanMs(estimate.seconds_max * 1000)));
    }
    for (const std::string& relation : estimate.without_size) {
      out += Note("~", "the snapshot has no size of " + RowName(relation));
    }
    return out;
  }

  std::string Blast(const BlastReport& blast) const {
    std::string rates;
    for (const BlastReport::Rate& rate : blast.waiting) {
      rates += absl::StrFormat("%s%.3g %s", rates.empty() ? "" : ", ", rate.per_second, rate.kind);
    }
    return Note("»", absl::StrFormat(
                         "%s: %s a second would wait; behind a %s of %s itself; %.0f to %.0f "
                         "waiting when it is over",
                         RowName(blast.relation), rates,
                         blast.behind_transaction ? "transaction" : "statement",
                         HumanMs(blast.behind_seconds * 1000), blast.queue_min, blast.queue_max));
  }

  const RenderOptions& options_;
  const TextStyle& style_;
  size_t longest_sql_ = 0;  // Of the stretch that is drawn, in columns.
};

std::vector<Stretch> Stretches(const std::vector<StatementReport>& statements, size_t begin,
                               size_t end) {
  std::vector<Stretch> stretches;
  for (size_t i = begin; i < end; ++i) {
    const bool in = statements[i].transaction >= 0;
    const bool joins = !stretches.empty() && stretches.back().transaction == in &&
                       stretches.back().statements.back()->transaction == statements[i].transaction;
    if (!joins) stretches.push_back({.transaction = in});
    stretches.back().statements.push_back(&statements[i]);
  }
  return stretches;
}

}  // namespace

std::string TextLocks(const std::vector<StatementReport>& statements, const RenderOptions& options,
                      const TextStyle& style) {
  std::string out;
  for (size_t begin = 0; begin < statements.size();) {
    size_t end = begin;
    while (end < statements.size() && statements[end].path == statements[begin].path) ++end;
    out += style.Bold(statements[begin].path) + "\n";
    for (const Stretch& stretch : Stretches(statements, begin, end)) {
      if (stretch.transaction) out += style.Dim("  one transaction\n");
      out += Timeline(options, style).Draw(stretch);
    }
    out += "\n";
    begin = end;
  }
  if (statements.empty()) return "no statements\n";
  out += style.Dim(
      "AS access share  RS row share  RX row exclusive  SU share update exclusive  S share\n"
      "SX share row exclusive  X exclusive  AX access exclusive;  R rewritten  S read whole  "
      "B built\n");
  return out;
}

}  // namespace pgsift
