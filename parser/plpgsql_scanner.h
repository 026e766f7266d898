#ifndef PGSIFT_PARSER_PLPGSQL_SCANNER_H_
#define PGSIFT_PARSER_PLPGSQL_SCANNER_H_

// Internal to parser/: finds the SQL in a PL/pgSQL body. libpg_query's own PL/pgSQL parser resolves
// types and refuses bodies whose types it does not know; this scanner only needs the block
// structure (src/pl/plpgsql/src/pl_gram.y), which keywords at the start of statements give.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// What sets off a trigger, as TG_OP tells its function.
enum TriggerOperation : uint8_t { kOnInsert = 1, kOnUpdate = 2, kOnDelete = 4, kOnTruncate = 8 };
inline constexpr uint8_t kAnyOperation = 15;

struct PlpgsqlPart {
  enum class Kind : uint8_t {
    kStatement,  // `sql` is a statement; INTO targets are taken out.
    kDynamic,    // `sql` is the expression that EXECUTE runs, unless it is one literal: that is a
                 // kStatement with the literal's text.
  } kind = Kind::kStatement;
  std::string sql;
  uint64_t offset = 0;       // In the body.
  bool conditional = false;  // Inside IF, CASE, LOOP or EXCEPTION.
  // Of TriggerOperation: those that conditions on TG_OP leave.
  uint8_t operations = kAnyOperation;
};

// The statements and expressions of a body, in the order of the text. Never fails: what makes no
// sense is left out or does not parse later.
std::vector<PlpgsqlPart> ScanPlpgsql(std::string_view body);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_PLPGSQL_SCANNER_H_
