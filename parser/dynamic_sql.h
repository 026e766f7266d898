#ifndef PGSIFT_PARSER_DYNAMIC_SQL_H_
#define PGSIFT_PARSER_DYNAMIC_SQL_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "parser/catalog.h"
#include "parser/routine_body.h"

namespace pgsift {

// What the parameters of a routine are in one call, as far as the call gives constants: as text, by
// the parameter's name and by "$1", "$2", … A parameter that the body assigns to is left out.
using CallArguments = std::map<std::string, std::string, std::less<>>;
CallArguments ArgumentsOf(const CatalogFunction& function, const Expr& call);

// The text that an expression is, where constants make it up: literals and arguments, joined by ||,
// concat(), format(), quote_ident() and quote_literal(). None where it cannot be told.
std::optional<std::string> ConstantText(const Expr& expr, const CallArguments& arguments);

// Puts the statements that EXECUTE runs in the place of its expression, where they can be told. The
// body's id becomes one of the body and what was found, so that calls with other arguments are
// others.
void ResolveDynamic(const CallArguments& arguments, RoutineBody* body);

// ReadRoutineBody() and ResolveDynamic() for bodies that are called again and again: what was read
// is kept, by each thread for itself. Not null.
std::shared_ptr<const RoutineBody> BodyAsCalled(const std::string& language,
                                                const std::string& body,
                                                const CallArguments& arguments);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_DYNAMIC_SQL_H_
