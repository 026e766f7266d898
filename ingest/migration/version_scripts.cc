#include "ingest/migration/version_scripts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "ingest/file/discovery.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

struct Step {
  size_t index = 0;
  std::string_view product = {};  // What all of its scripts' paths begin with.
  std::string_view from = {};     // Empty: it makes the whole version.
  std::string_view to = {};
};

bool IsVersion(std::string_view text) { return !text.empty() && IsDigit(text.front()); }

// name--1.0.sql, name--1.0--1.1.sql
std::optional<Step> ExtensionScript(std::string_view path) {
  constexpr std::string_view kDivider = "--";
  if (!path.ends_with(".sql")) return std::nullopt;
  const std::string_view stem = path.substr(0, path.size() - 4);
  const size_t file = stem.size() - FileName(stem).size();
  const size_t first = stem.find(kDivider, file);
  if (first == stem.npos || first == file) return std::nullopt;
  Step step{.product = stem.substr(0, first)};
  const std::string_view versions = stem.substr(first + kDivider.size());
  const size_t second = versions.find(kDivider);
  if (second != versions.npos) step.from = versions.substr(0, second);
  step.to = second == versions.npos ? versions : versions.substr(second + kDivider.size());
  const bool whole = second == versions.npos;
  if (!IsVersion(step.to) || (!whole && !IsVersion(step.from) && step.from != "unpackaged")) {
    return std::nullopt;
  }
  return step;
}

// …/deploy/3/001.sql, …/upgrade/2-3/001.sql, …/downgrade/3-2/001.sql
std::optional<Step> DeploymentScript(std::string_view path) {
  const std::string_view folder = FolderOf(path);
  const std::string_view above = FolderOf(folder);
  const std::string_view kind = FileName(above);
  const std::string_view versions = FileName(folder);
  if (!IsVersion(versions) || versions.find_first_not_of("0123456789-") != versions.npos) {
    return std::nullopt;
  }
  Step step{.product = FolderOf(above), .to = versions};
  const size_t dash = versions.find('-');
  if (kind == "deploy" && dash == versions.npos) return step;
  if ((kind != "upgrade" && kind != "downgrade") || dash == versions.npos) return std::nullopt;
  step.from = versions.substr(0, dash);
  step.to = versions.substr(dash + 1);
  return IsVersion(step.to) ? std::optional(step) : std::nullopt;
}

VersionScripts Arrange(const std::vector<Step>& steps, const std::vector<std::string>& paths) {
  const auto before = [](std::string_view a, std::string_view b) {
    return CompareDotted(a, b) < 0;
  };
  std::set<std::string_view, decltype(before)> versions(before);
  const bool stepwise = std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    return IsVersion(step.from) && before(step.from, step.to);
  });
  for (const Step& step : steps) {
    if (step.from.empty()) versions.insert(step.to);
    if (IsVersion(step.from) && before(step.from, step.to)) versions.insert(step.from);
  }
  VersionScripts scripts;
  std::vector<bool> runs(steps.size());
  const auto take = [&](std::string_view from, std::string_view to) {
    const size_t first = scripts.run.size();
    for (size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].from != from || CompareDotted(steps[i].to, to) != 0) continue;
      runs[i] = true;
      scripts.run.push_back(steps[i].index);
    }
    std::sort(scripts.run.begin() + static_cast<std::ptrdiff_t>(first), scripts.run.end(),
              [&](size_t a, size_t b) { return NaturalLess(paths[a], paths[b]); });
  };
  if (versions.empty()) return scripts;
  // Without steps every script is a product of its own; the newest counts.
  std::string_view at = stepwise ? *versions.begin() : *versions.rbegin();
  take("", at);
  while (true) {
    const Step* next = nullptr;
    for (const Step& step : steps) {
      if (!IsVersion(step.from) || CompareDotted(step.from, at) != 0) continue;
      if (!before(step.from, step.to)) continue;
      if (next == nullptr || before(step.to, next->to)) next = &step;
    }
    if (next == nullptr) {
      // No step leads on: what is there of newer versions begins anew with the next of them.
      const auto later = versions.upper_bound(at);
      const bool steps_left = std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
        return IsVersion(step.from) && before(at, step.from) && before(step.from, step.to);
      });
      if (later == versions.end() || !steps_left) break;
      at = *later;
      scripts.run.clear();
      runs.assign(steps.size(), false);
      take("", at);
      continue;
    }
    take(next->from, next->to);
    at = next->to;
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    if (runs[i]) continue;
    const bool back = IsVersion(steps[i].from) && before(steps[i].to, steps[i].from);
    scripts.other.emplace_back(steps[i].index,
                               back ? MigrationRole::kRevert : MigrationRole::kBaseline);
  }
  return scripts;
}

}  // namespace

std::vector<VersionScripts> FindVersionScripts(const std::vector<std::string>& paths) {
  std::map<std::string_view, std::vector<Step>> products;
  std::set<std::string_view> deployed;  // Products of DBIx::Class with steps between versions.
  std::map<std::string_view, std::vector<Step>> deployments;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (auto step = ExtensionScript(paths[i])) {
      step->index = i;
      products[step->product].push_back(*step);
    } else if (auto deployment = DeploymentScript(paths[i])) {
      deployment->index = i;
      deployments[deployment->product].push_back(*deployment);
      if (!deployment->from.empty()) deployed.insert(deployment->product);
    }
  }
  std::vector<VersionScripts> found;
  for (const auto& [product, steps] : products) {
    if (steps.size() > 1) found.push_back(Arrange(steps, paths));
  }
  for (const auto& [product, steps] : deployments) {
    if (deployed.contains(product)) found.push_back(Arrange(steps, paths));
  }
  return found;
}

}  // namespace pgsift
