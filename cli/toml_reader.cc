#include "cli/toml_reader.h"

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

void TomlReader::Error(const toml::node& node, const std::string& message) {
  errors_.push_back(absl::StrFormat("%s:%d: %s", path_, node.source().begin.line, message));
}

void TomlReader::Unknown(const toml::node& node, std::string_view key,
                         const std::vector<std::string_view>& known) {
  const std::string_view near = NearestWord(key, known);
  if (!near.empty()) {
    return Error(node, absl::StrFormat("unknown key '%s': did you mean '%s'?", key, near));
  }
  std::string names;
  for (std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  Error(node, absl::StrFormat("unknown key '%s'; known here: %s", key, names));
}

void TomlReader::NoneOf(const toml::node& node, const std::string& word, const char* what,
                        const std::vector<std::string_view>& known) {
  const std::string_view near = NearestWord(word, known);
  if (!near.empty()) {
    return Error(node, absl::StrFormat("'%s' is no %s: did you mean '%s'?", word, what, near));
  }
  std::string names;
  for (std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  Error(node, absl::StrFormat("'%s' is no %s: %s", word, what, names));
}

std::vector<std::string> TomlReader::Strings(const toml::node& node) {
  std::vector<std::string> strings;
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    Error(node, "must be an array of strings");
    return strings;
  }
  for (const toml::node& item : *array) {
    if (const auto text = item.value<std::string>()) {
      strings.push_back(*text);
    } else {
      Error(item, "must be a string");
    }
  }
  return strings;
}

std::string TomlReader::String(const toml::node& node) {
  if (const auto text = node.value<std::string>()) return *text;
  if (node.is_integer()) return std::to_string(*node.value<int64_t>());
  Error(node, "must be a string");
  return {};
}

}  // namespace pgsift
