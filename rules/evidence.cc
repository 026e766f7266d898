#include "rules/evidence.h"

namespace pgsift {

std::string ParameterValue(std::string_view parameters, std::string_view n) {
  const std::string mark = "$" + std::string(n) + " = ";
  size_t at = 0;
  while (at < parameters.size()) {
    const bool wanted = parameters.substr(at).starts_with(mark);
    const size_t equals = parameters.find(" = ", at);
    if (equals == parameters.npos) return {};
    at = equals + 3;
    std::string value;
    if (at < parameters.size() && parameters[at] == '\'') {
      for (++at; at < parameters.size(); ++at) {
        if (parameters[at] == '\'') {
          if (at + 1 >= parameters.size() || parameters[at + 1] != '\'') break;
          ++at;
        }
        value += parameters[at];
      }
      ++at;
    } else {
      while (at < parameters.size() && parameters[at] != ',') ++at;
    }
    if (wanted) return value;
    while (at < parameters.size() && parameters[at] != '$') ++at;
  }
  return {};
}

void TakeApart(const Catalog& catalog, ObservedQuery* query) {
  query->statement = ReadStatement(query->example);
  query->blocks = BlocksOf(query->statement, catalog);
}

}  // namespace pgsift
