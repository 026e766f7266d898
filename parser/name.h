#ifndef PGSIFT_PARSER_NAME_H_
#define PGSIFT_PARSER_NAME_H_

#include <compare>
#include <string>
#include <string_view>

namespace pgsift {

// A name as SQL gives it: `schema` is empty where it was not written. Identifiers are as PostgreSQL
// stores them: folded to lower case unless they were quoted, without quotes.
struct QualifiedName {
  std::string schema;
  std::string name;

  bool empty() const { return name.empty(); }
  // "schema.name" or "name"; for messages and keys, not for SQL.
  std::string ToString() const { return schema.empty() ? name : schema + "." + name; }
  friend auto operator<=>(const QualifiedName&, const QualifiedName&) = default;
};

// The identifier as it must be written in SQL: in quotes unless it is plain lower case and not a
// reserved word.
std::string QuoteIdentifier(std::string_view identifier);
std::string QuoteName(const QualifiedName& name);
// The name in a text such as nextval('app.orders_id_seq'): split at dots, unquoted parts folded to
// lower case.
QualifiedName ParseQualifiedName(std::string_view text);
// 'text' with quotes doubled.
std::string QuoteLiteral(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_NAME_H_
