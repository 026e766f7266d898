#include "cli/changed_files.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"

extern "C" char** environ;

namespace pgsift {
namespace {

namespace fs = std::filesystem;

struct ProgramOutput {
  int status = -1;  // As the shell counts; -1: it could not be started.
  std::string out;
};

// Runs git without a shell, so that no name is taken for more than a name. What it complains of is
// dropped: the caller says it better.
ProgramOutput RunGit(const std::string& folder, const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"git", "-C", folder};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  ProgramOutput output;
  if (::pipe(ends.data()) != 0) return output;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::array<char, 65536> buffer;
  while (failed == 0) {
    const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    output.out.append(buffer.data(), static_cast<size_t>(got));
  }
  ::close(ends[0]);
  if (failed != 0) return output;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return output;
}

// Paths that end in NUL, as `-z` prints them, below `top`.
void AddPaths(const std::string& out, const std::string& top, std::set<std::string>* paths) {
  size_t at = 0;
  while (at < out.size()) {
    const size_t end = std::min(out.find('\0', at), out.size());
    paths->insert((fs::path(top) / out.substr(at, end - at)).lexically_normal().string());
    at = end + 1;
  }
}

}  // namespace

std::set<std::string> ChangedFiles::Ask(const std::string& top) {
  std::set<std::string> paths;
  const std::string commit = ref_ + "^{commit}";
  const ProgramOutput found =
      RunGit(top, {"rev-parse", "--verify", "--quiet", "--end-of-options", commit});
  if (found.status == -1) {
    error_ = "--changed-since: the program `git` could not be started; install it";
    return paths;
  }
  if (found.status != 0) {
    error_ = absl::StrFormat(
        "--changed-since: '%s' is no revision in %s; fetch it first (a shallow clone has only the "
        "newest)",
        ref_, top);
    return paths;
  }
  std::string base(Trim(found.out));
  const ProgramOutput merge_base = RunGit(top, {"merge-base", base, "HEAD"});
  if (merge_base.status == 0) base = std::string(Trim(merge_base.out));
  const ProgramOutput changed =
      RunGit(top, {"diff", "--name-only", "--no-renames", "--diff-filter=d", "-z", base, "--"});
  const ProgramOutput unknown =
      RunGit(top, {"ls-files", "--others", "--exclude-standard", "--full-name", "-z"});
  if (changed.status != 0 || unknown.status != 0) {
    error_ =
        absl::StrFormat("--changed-since: `git diff` failed in %s; run it there to see why", top);
    return paths;
  }
  AddPaths(changed.out, top, &paths);
  AddPaths(unknown.out, top, &paths);
  return paths;
}

const std::set<std::string>* ChangedFiles::OfRepository(const std::string& folder) {
  fs::path top = folder;
  std::error_code error;
  while (!fs::exists(top / ".git", error) && top != top.parent_path()) top = top.parent_path();
  if (!fs::exists(top / ".git", error)) {
    error_ = absl::StrFormat(
        "--changed-since: %s is in no git repository; leave the option out to report on all files",
        folder);
    return nullptr;
  }
  std::optional<std::set<std::string>>& files = repositories_[top.string()];
  if (!files.has_value()) files = Ask(top.string());
  return &*files;
}

bool ChangedFiles::Contains(const std::string& path) {
  if (!error_.empty()) return false;
  std::error_code error;
  const fs::path full = fs::weakly_canonical(path, error);
  const std::set<std::string>* files = OfRepository(full.parent_path().string());
  return files != nullptr && files->contains(full.string());
}

}  // namespace pgsift
