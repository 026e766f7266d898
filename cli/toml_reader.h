#ifndef PGSIFT_CLI_TOML_READER_H_
#define PGSIFT_CLI_TOML_READER_H_

#include <string>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace pgsift {

// Reads values of a TOML file; what does not fit becomes one line with file, line and way out.
class TomlReader {
 public:
  // *errors must outlive the reader.
  TomlReader(std::string path, std::vector<std::string>* errors)
      : path_(std::move(path)), errors_(*errors) {}

 protected:
  void Error(const toml::node& node, const std::string& message);
  void Unknown(const toml::node& node, std::string_view key,
               const std::vector<std::string_view>& known);
  // `word` is not among `known`: says what is, or what was meant.
  void NoneOf(const toml::node& node, const std::string& word, const char* what,
              const std::vector<std::string_view>& known);
  std::vector<std::string> Strings(const toml::node& node);
  std::string String(const toml::node& node);

 private:
  const std::string path_;
  std::vector<std::string>& errors_;
};

}  // namespace pgsift

#endif  // PGSIFT_CLI_TOML_READER_H_
