#ifndef PGSIFT_CLI_CHANGED_FILES_H_
#define PGSIFT_CLI_CHANGED_FILES_H_

#include <map>
#include <optional>
#include <set>
#include <string>

namespace pgsift {

// The files that differ from a revision of git: changed, added, or not known to git, in the working
// tree. The revision is where the branch left `ref` (their merge base), so that what others did on
// `ref` since then does not count; `ref` itself where there is no such place. Asks the git program,
// once for each repository.
class ChangedFiles {
 public:
  explicit ChangedFiles(std::string ref) : ref_(std::move(ref)) {}

  // Whether the file differs. False, with error() set, if git cannot say.
  bool Contains(const std::string& path);
  // One line with the way out; empty: git answered.
  const std::string& error() const { return error_; }

 private:
  const std::set<std::string>* OfRepository(const std::string& folder);
  std::set<std::string> Ask(const std::string& folder);

  const std::string ref_;
  std::string error_;
  std::map<std::string, std::optional<std::set<std::string>>> repositories_;  // By top folder.
};

}  // namespace pgsift

#endif  // PGSIFT_CLI_CHANGED_FILES_H_
