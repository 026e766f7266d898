#include "parser/routine_body.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "parser/dynamic_sql.h"
#include "parser/plpgsql_scanner.h"
#include "parser/query_walk.h"
#include "parser/splitter.h"
#include "parser/sql_file.h"

namespace pgsift {
namespace {

RoutineStatement Parsed(std::string sql, uint64_t offset, bool conditional) {
  RoutineStatement routine;
  routine.text = std::make_shared<const std::string>(std::move(sql));
  routine.statement = ReadStatement(*routine.text);
  routine.offset = offset;
  routine.conditional = conditional;
  return routine;
}

RoutineBody ReadSqlBody(std::string_view body) {
  RoutineBody read;
  for (const Piece& piece : SplitStatements(body).pieces) {
    if (piece.kind != PieceKind::kStatement) continue;
    read.statements.push_back(
        Parsed(std::string(body.substr(piece.begin, piece.size)), piece.begin, false));
  }
  return read;
}

RoutineBody ReadPlpgsqlBody(std::string_view body) {
  RoutineBody read;
  for (const PlpgsqlPart& part : ScanPlpgsql(body)) {
    if (part.kind == PlpgsqlPart::Kind::kDynamic) {
      RoutineStatement routine;
      routine.kind = RoutineStatement::Kind::kDynamic;
      routine.text = std::make_shared<const std::string>(part.sql);
      routine.offset = part.offset;
      routine.conditional = part.conditional;
      routine.operations = part.operations;
      read.statements.push_back(std::move(routine));
      continue;
    }
    read.statements.push_back(Parsed(part.sql, part.offset, part.conditional));
    read.statements.back().operations = part.operations;
  }
  return read;
}

// The calls of functions that the catalog has.
struct CallsOf {
  const Catalog& catalog;
  std::vector<Expr>* calls;

  template <typename T>
  void operator()(const T&) const {}
  void operator()(const Select& s) const { In(Query{s}); }
  void operator()(const Insert& s) const { In(Query{s}); }
  void operator()(const Update& s) const { In(Query{s}); }
  void operator()(const Delete& s) const { In(Query{s}); }
  void operator()(const Merge& s) const { In(Query{s}); }
  void operator()(const Call& s) const { Collect(s.function); }
  void operator()(const CreateTableAs& s) const {
    if (s.query != nullptr && !s.with_no_data) In(*s.query);
  }
  void In(const Query& query) const {
    VisitExpressions(query, [&](const Expr& expr) { Collect(expr); });
  }
  void Collect(const Expr& expr) const {
    if (expr.kind != ExprKind::kFunction || expr.name.empty()) return;
    if (!catalog.FindFunctions(NameOfCall(expr)).empty()) calls->push_back(expr);
  }
};

}  // namespace

QualifiedName NameOfCall(const Expr& call) {
  return {.schema = call.name.size() > 1 ? call.name[call.name.size() - 2] : "",
          .name = std::string(call.LastName())};
}

RoutineBody ReadRoutineBody(std::string_view language, std::string_view body) {
  RoutineBody read;
  if (EqualsIgnoringCase(language, "sql")) {
    read = ReadSqlBody(body);
  } else if (language.empty() || EqualsIgnoringCase(language, "plpgsql")) {
    read = ReadPlpgsqlBody(body);
  } else {
    read.known = false;
    read.unknown = "bodies in language " + std::string(language) + " are not read";
  }
  read.id = StableHash(body);
  return read;
}

bool MayCallRoutines(const Statement& statement) {
  return statement.As<DoBlock>() != nullptr || statement.As<Call>() != nullptr ||
         statement.As<Select>() != nullptr || statement.As<Insert>() != nullptr ||
         statement.As<Update>() != nullptr || statement.As<Delete>() != nullptr ||
         statement.As<CreateTableAs>() != nullptr;
}

std::vector<CalledRoutine> RoutinesOf(const Statement& statement, const Catalog& catalog) {
  std::vector<CalledRoutine> routines;
  if (const auto* block = statement.As<DoBlock>()) {
    routines.push_back({.name = "DO", .body = BodyAsCalled(block->language, block->body, {})});
    return routines;
  }
  std::vector<Expr> calls;
  std::visit(CallsOf{catalog, &calls}, statement.node);
  for (const Expr& call : calls) {
    for (const CatalogFunction* function : catalog.FindFunctions(NameOfCall(call))) {
      if (function->body.empty()) continue;
      auto body = BodyAsCalled(function->language, function->body, ArgumentsOf(*function, call));
      // Called twice with the same text it does the same twice.
      const bool again = std::any_of(routines.begin(), routines.end(), [&](const auto& known) {
        return known.function == function && known.body->id == body->id;
      });
      if (again) continue;
      routines.push_back(
          {.name = function->name.ToString(), .body = std::move(body), .function = function});
    }
  }
  return routines;
}

}  // namespace pgsift
