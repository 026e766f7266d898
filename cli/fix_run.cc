#include "cli/fix_run.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/fixes.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

// Fixes may uncover others; rules that undo each other's work must not go on for ever.
constexpr int kRoundsMax = 8;

std::string KeyOf(const Finding& finding) {
  return std::string(finding.rule->id) + " " + finding.statement;
}

// A key that is checked later is less than one that stops writers now: a fix may leave a finding of
// less severity in place of its own.
uint64_t WeightOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return 1;
    case Severity::kWarning:
      return 2;
    case Severity::kError:
      return 3;
  }
  return 1;
}

}  // namespace

FixRun::Health FixRun::HealthOf(FileId file) const {
  Health health;
  health.unparsed = pipeline_.sources()[file].skipped_records;
  for (const Finding& finding : pipeline_.findings()) {
    if (finding.primary.span.file != file || finding.suppressed) continue;
    health.findings += WeightOf(finding.severity);
  }
  return health;
}

bool FixRun::Round() {
  std::map<FileId, std::pair<std::string, Health>> tried;
  std::map<FileId, size_t> applied;
  // Findings whose fix failed before keep their place in the report, but not their fix.
  std::vector<Finding> findings = pipeline_.findings();
  std::erase_if(findings,
                [&](const Finding& finding) { return given_up_.contains(KeyOf(finding)); });
  const SourceSet& sources = pipeline_.sources();
  for (size_t i = 0; i < sources.size(); ++i) {
    const FileId file = sources.id(i);
    const SourceFile& source = sources[file];
    if (source.kind != InputKind::kMigration || source.compressed) continue;
    FixedText fixed = ApplyFixes(source.text, file, findings, least_);
    if (fixed.fixed.empty() || fixed.text == source.text) continue;
    before_.try_emplace(file, source.text);
    tried.emplace(file, std::make_pair(source.text, HealthOf(file)));
    applied[file] = fixed.fixed.size();
    pipeline_.SetText(file, std::move(fixed.text));
  }
  if (tried.empty()) return false;
  pipeline_.LintAgain();
  std::vector<FileId> worse;
  for (const auto& [file, was] : tried) {
    const Health now = HealthOf(file);
    // Each fix must leave at least its own finding behind.
    if (now.unparsed > was.second.unparsed || now.findings + applied[file] > was.second.findings) {
      worse.push_back(file);
    } else {
      fixed_ += applied[file];
    }
  }
  for (FileId file : worse) Undo(file, tried.at(file).first);
  if (!worse.empty()) pipeline_.LintAgain();
  for (FileId file : worse) OneByOne(file);
  return true;
}

void FixRun::OneByOne(FileId file) {
  size_t next = 0;
  while (true) {
    const std::vector<Finding> findings = pipeline_.findings();
    std::vector<Finding> one;
    for (; next < findings.size() && one.empty(); ++next) {
      const Finding& finding = findings[next];
      if (given_up_.contains(KeyOf(finding))) continue;
      if (FixOf(finding, file, least_) != nullptr) one.push_back(finding);
    }
    if (one.empty()) return;
    const std::string text = pipeline_.sources()[file].text;
    const Health was = HealthOf(file);
    FixedText fixed = ApplyFixes(text, file, one, least_);
    if (fixed.fixed.empty()) continue;
    pipeline_.SetText(file, std::move(fixed.text));
    pipeline_.LintAgain();
    const Health now = HealthOf(file);
    if (now.unparsed <= was.unparsed && now.findings < was.findings) {
      ++fixed_;
      next = 0;  // Places have moved.
      continue;
    }
    given_up_.insert(KeyOf(one.front()));
    const LineIndex lines(text);
    defects_.push_back(absl::StrFormat(
        "%s:%d: the fix of %s made it worse and was undone: a defect of pgsift, please report it",
        pipeline_.sources().path(file), lines.At(one.front().primary.span.begin).line,
        one.front().rule->name));
    Undo(file, text);
    pipeline_.LintAgain();
    next = 0;
  }
}

void FixRun::Run() {
  for (int round = 0; round < kRoundsMax && Round(); ++round) {
  }
}

std::vector<FixRun::Change> FixRun::Changes() const {
  std::vector<Change> changes;
  for (const auto& [file, before] : before_) {
    const std::string& after = pipeline_.sources()[file].text;
    if (after != before) changes.push_back({file, before, after});
  }
  return changes;
}

std::string ReplaceFile(const std::string& path, const std::string& text) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  const auto failed = [&](const char* what) {
    return absl::StrFormat("%s: %s: %s", path, what, std::strerror(errno));
  };
  if (error) return path + ": " + error.message();
  struct stat status {};
  if (::stat(real.c_str(), &status) != 0) return failed("cannot be looked at");
  if (::access(real.c_str(), W_OK) != 0) return failed("cannot be written");
  std::string beside = (real.parent_path() / ("." + real.filename().string() + ".XXXXXX")).string();
  const int descriptor = ::mkstemp(beside.data());
  if (descriptor < 0) return failed("no file can be made beside it");
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t got = ::write(descriptor, text.data() + written, text.size() - written);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    written += static_cast<size_t>(got);
  }
  const bool whole = written == text.size() && ::fchmod(descriptor, status.st_mode & 07777) == 0 &&
                     ::fsync(descriptor) == 0;
  // Only root may keep an owner that is not its own; for all others it already is.
  if (whole && ::fchown(descriptor, status.st_uid, status.st_gid) != 0) errno = 0;
  const bool closed = ::close(descriptor) == 0;
  if (whole && closed && ::rename(beside.c_str(), real.c_str()) == 0) return {};
  const std::string message = failed("cannot be written");
  ::unlink(beside.c_str());
  return message;
}

}  // namespace pgsift
