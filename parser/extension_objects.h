#ifndef PGSIFT_PARSER_EXTENSION_OBJECTS_H_
#define PGSIFT_PARSER_EXTENSION_OBJECTS_H_

#include <span>
#include <string_view>

namespace pgsift {

// What of an extension tables and indexes can be made of. An operator class that is the default of
// one of its types is not listed: its indexes go with their columns.
struct ExtensionObjects {
  std::string_view name;
  std::span<const std::string_view> types;
  std::span<const std::string_view> operator_classes;
  std::span<const std::string_view> functions;  // IMMUTABLE ones, as indexes and columns use them.
  std::string_view foreign_data_wrapper = {};
};

// An extension of PostgreSQL's contrib; null: not known. Static.
const ExtensionObjects* FindExtension(std::string_view name);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_EXTENSION_OBJECTS_H_
