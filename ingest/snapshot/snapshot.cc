#include "ingest/snapshot/snapshot.h"

#include <cstdlib>

namespace pgsift {

double Snapshot::TableBytes(const QualifiedName& name) const {
  const TableStatistics* table = Table(name);
  return table == nullptr ? -1 : table->bytes;
}

double Snapshot::IndexBytes(const QualifiedName& name) const {
  const IndexStatistics* index = Index(name);
  return index == nullptr ? -1 : index->bytes;
}

const TableStatistics* Snapshot::Table(const QualifiedName& name) const {
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : &found->second;
}

const IndexStatistics* Snapshot::Index(const QualifiedName& name) const {
  const auto found = indexes.find(name);
  return found == indexes.end() ? nullptr : &found->second;
}

const ColumnStatistics* Snapshot::Column(const QualifiedName& table,
                                         const std::string& column) const {
  const auto found = columns.find(table);
  if (found == columns.end()) return nullptr;
  const auto at = found->second.find(column);
  return at == found->second.end() ? nullptr : &at->second;
}

double Snapshot::Setting(const std::string& name, double otherwise) const {
  const auto found = settings.find(name);
  if (found == settings.end()) return otherwise;
  char* end = nullptr;
  const double number = std::strtod(found->second.value.c_str(), &end);
  return end == found->second.value.c_str() ? otherwise : number;
}

double Snapshot::SettingBytes(const std::string& name, double otherwise) const {
  const auto found = settings.find(name);
  if (found == settings.end()) return otherwise;
  const std::string& unit = found->second.unit;
  char* end = nullptr;
  const double times = std::strtod(unit.c_str(), &end);
  double bytes = end == unit.c_str() ? 1 : times;
  const std::string_view suffix = end == unit.c_str() ? std::string_view(unit) : end;
  if (suffix == "kB") bytes *= 1024;
  if (suffix == "MB") bytes *= 1024.0 * 1024;
  const double number = Setting(name, -1);
  return number < 0 ? otherwise : number * bytes;
}

std::vector<std::string> ArrayElements(std::string_view text) {
  std::vector<std::string> elements;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return elements;
  text = text.substr(1, text.size() - 2);
  size_t at = 0;
  while (at < text.size()) {
    std::string element;
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        element += text[at];
      }
      ++at;
    } else {
      if (text[at] == '{') return {};
      for (; at < text.size() && text[at] != ','; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        element += text[at];
      }
      if (element == "NULL") element.clear();
    }
    elements.push_back(std::move(element));
    if (at < text.size() && text[at] != ',') return {};
    ++at;
  }
  return elements;
}

}  // namespace pgsift
