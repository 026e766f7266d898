#ifndef PGSIFT_PARSER_ROUTINE_BODY_H_
#define PGSIFT_PARSER_ROUTINE_BODY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parser/catalog.h"
#include "parser/plpgsql_scanner.h"
#include "parser/statement.h"

namespace pgsift {

// One thing that a function body or a DO block does.
struct RoutineStatement {
  enum class Kind : uint8_t {
    kStatic,   // SQL that stands there: `statement` has it.
    kDynamic,  // EXECUTE of a text that is put together at run time: not known.
  } kind = Kind::kStatic;
  // Parsed; expressions of PL/pgSQL are read as the SELECT that they are run as. Its `sql` views
  // `text`, its offsets count from the statement's own beginning.
  Statement statement;
  std::shared_ptr<const std::string> text;  // The SQL; of kDynamic the expression.
  uint64_t offset = 0;                      // Of the statement in the body.
  bool conditional = false;  // Under IF, CASE, a loop or an exception handler: may not run.
  uint8_t operations = kAnyOperation;  // Of a trigger function: what it runs for.
};

// What a body does, in the order of its text.
struct RoutineBody {
  std::vector<RoutineStatement> statements;
  uint64_t id = 0;      // Of its text: equal for equal bodies.
  bool known = true;    // False: a language whose bodies are not read.
  std::string unknown;  // Why, or what of it could not be read.
};

// Reads the body of a function or DO block in `language` (sql or plpgsql; others: not known).
RoutineBody ReadRoutineBody(std::string_view language, std::string_view body);

// The name of the function that a call names, as it is written.
QualifiedName NameOfCall(const Expr& call);

// A function or DO block that a statement runs.
struct CalledRoutine {
  std::string name;                           // "DO", "public.f".
  std::shared_ptr<const RoutineBody> body;    // Not null.
  const CatalogFunction* function = nullptr;  // Null: a DO block. Lives as long as the catalog's.
};

// The DO block that a statement is, or the functions of the catalog that it calls itself: CALL, and
// functions in the expressions of a query. Functions that the catalog does not have are left out.
std::vector<CalledRoutine> RoutinesOf(const Statement& statement, const Catalog& catalog);
// Fast: false where RoutinesOf gives nothing for sure.
bool MayCallRoutines(const Statement& statement);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_ROUTINE_BODY_H_
