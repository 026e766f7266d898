// What findings ask to run on the server, put in order: settings, storage parameters, VACUUM,
// ANALYZE, indexes; what has to be thought over comes last, as comments.

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "parser/sql_file.h"
#include "rules/effects/effects.h"

namespace pgsift {
namespace {

enum Section : size_t { kSettings, kStorage, kDrop, kVacuum, kAnalyze, kReindex, kCreate, kByHand };
constexpr auto kTitles = std::to_array<const char*>(
    {"Settings", "Storage parameters of tables", "Indexes to drop", "VACUUM", "ANALYZE",
     "Indexes to build anew", "Indexes to create", "By hand"});

bool Begins(std::string_view sql, std::string_view words) {
  return StartsWithIgnoringCase(sql, words);
}

Section SectionOf(std::string_view sql) {
  if (Begins(sql, "ALTER SYSTEM ") || Begins(sql, "ALTER ROLE ")) return kSettings;
  if (Begins(sql, "ALTER TABLE ") && sql.find(" SET (") != sql.npos) return kStorage;
  if (Begins(sql, "DROP INDEX CONCURRENTLY ")) return kDrop;
  if (Begins(sql, "VACUUM FULL") || Begins(sql, "VACUUM (FULL")) return kByHand;
  if (Begins(sql, "VACUUM")) return kVacuum;
  if (Begins(sql, "ANALYZE")) return kAnalyze;
  if (Begins(sql, "REINDEX ")) return kReindex;
  if (Begins(sql, "CREATE INDEX CONCURRENTLY ") ||
      Begins(sql, "CREATE UNIQUE INDEX CONCURRENTLY ")) {
    return kCreate;
  }
  return kByHand;
}

// Two statements with one key do the same to the same object.
std::string KeyOf(std::string_view sql) {
  if (Begins(sql, "ALTER SYSTEM SET ")) return std::string(sql.substr(0, sql.find(" = ")));
  return std::string(sql);
}

std::string LockLine(const LockEffect& lock) {
  return absl::StrFormat(
      "Locks %s: %s, %s", lock.name.ToString(), LockModeName(lock.mode),
      lock.released ? "given back when the statement ends" : "held until the transaction ends");
}

std::vector<std::string> DescribeEffects(const std::string& sql, const Catalog& catalog,
                                         PgVersion pg) {
  std::vector<std::string> lines;
  const Statement statement = ReadStatement(sql);
  if (statement.As<UnparsedStatement>() != nullptr) return lines;
  const Effects effects = EffectsOf(statement, catalog, pg);
  for (const LockEffect& lock : effects.locks) lines.push_back(LockLine(lock));
  for (const WorkEffect& work : effects.rewrites) {
    lines.push_back(absl::StrFormat("Rewrites %s: %s", work.name.ToString(), work.why));
  }
  if (effects.block_use == BlockUse::kRefused) {
    lines.emplace_back("Cannot run inside a transaction block");
  }
  if (effects.waits_for_transactions) {
    lines.emplace_back("Waits for transactions that are open when it starts");
  }
  return lines;
}

struct Step {
  Section section = kByHand;
  MaintenanceStep step;
};

}  // namespace

std::vector<MaintenanceStep> Pipeline::MakeMaintenance() const {
  std::vector<Step> steps;
  std::set<std::string> seen;
  const auto add = [&](const std::string& sql, std::string rule, std::string why, bool by_hand) {
    if (!seen.insert(KeyOf(sql)).second) return;
    const Section section = by_hand ? kByHand : SectionOf(sql);
    steps.push_back({.section = section,
                     .step = {.sql = sql,
                              .rule = std::move(rule),
                              .why = std::move(why),
                              .section = kTitles[section],
                              .by_hand = section == kByHand}});
  };
  for (const Finding& finding : findings_) {
    if (finding.suppressed) continue;
    for (const Fix& fix : finding.fixes) {
      if (fix.safety != FixSafety::kDisplay || fix.edits.size() != 1) continue;
      const Edit& edit = fix.edits.front();
      if (edit.span.known() || edit.text.empty()) continue;
      add(edit.text, absl::StrFormat("%s %s", finding.rule->id, finding.rule->name),
          finding.message, false);
    }
  }
  const IndexAdvice advice = MakeIndexAdvice();
  for (const RedundantIndexAdvice& index : advice.duplicate) {
    add(index.sql, "duplicate index", index.reason, false);
  }
  for (const RedundantIndexAdvice& index : advice.redundant) {
    add(index.sql, "redundant index", index.reason, false);
  }
  for (const UnusedIndexAdvice& index : advice.unused) {
    add(index.sql, "unused index", index.reason, true);
  }
  for (const RecommendedIndex& index : advice.recommended) {
    add(index.sql, "missing index", index.benefit, false);
  }
  // VACUUM (ANALYZE) does what ANALYZE would.
  std::erase_if(steps, [&](const Step& step) {
    return step.section == kAnalyze &&
           seen.contains("VACUUM (ANALYZE) " + step.step.sql.substr(sizeof("ANALYZE ") - 1));
  });
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.section != b.section ? a.section < b.section : false;
  });
  ParallelFor(jobs_, steps.size(), [&](size_t i) {
    steps[i].step.effects = DescribeEffects(steps[i].step.sql, catalog_, pg_);
  });
  std::vector<MaintenanceStep> list;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size() || steps[i + 1].section != kSettings;
    const bool settings = steps[i].section == kSettings;
    list.push_back(std::move(steps[i].step));
    if (!settings || !last) continue;
    list.push_back({.sql = "SELECT pg_reload_conf();",
                    .rule = "settings",
                    .why = "makes the settings above take effect; those that need a restart of the "
                           "server say so",
                    .section = kTitles[kSettings]});
  }
  return list;
}

}  // namespace pgsift
