#include "parser/dynamic_sql.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "parser/characters.h"
#include "parser/name.h"
#include "parser/splitter.h"
#include "parser/sql_file.h"

namespace pgsift {
namespace {

using Text = std::optional<std::string>;

// format() with the conversions %s, %I, %L and %%, also by position ("%1$I"). None where an
// argument that is shown cannot be told, or a width is asked for.
Text Formatted(const Expr& call, const CallArguments& arguments) {
  const Text pattern = call.args.empty() ? Text() : ConstantText(call.args.front(), arguments);
  if (!pattern.has_value()) return std::nullopt;
  std::string out;
  size_t next = 1;
  for (size_t i = 0; i < pattern->size(); ++i) {
    if ((*pattern)[i] != '%') {
      out += (*pattern)[i];
      continue;
    }
    size_t at = i + 1;
    size_t number = 0;
    while (at < pattern->size() && IsDigit((*pattern)[at])) {
      number = number * 10 + static_cast<size_t>((*pattern)[at++] - '0');
    }
    if (number > 0 && (at >= pattern->size() || (*pattern)[at++] != '$')) return std::nullopt;
    if (at >= pattern->size()) return std::nullopt;
    const char conversion = (*pattern)[at];
    i = at;
    if (conversion == '%') {
      out += '%';
      continue;
    }
    if (number > 0) next = number;
    if (next >= call.args.size()) return std::nullopt;
    const Text value = ConstantText(call.args[next++], arguments);
    if (!value.has_value()) return std::nullopt;
    if (conversion == 's') {
      out += *value;
    } else if (conversion == 'I') {
      out += QuoteIdentifier(*value);
    } else if (conversion == 'L') {
      out += QuoteLiteral(*value);
    } else {
      return std::nullopt;
    }
  }
  return out;
}

Text OfFunction(const Expr& call, const CallArguments& arguments) {
  const std::string_view name = call.LastName();
  if (name == "format") return Formatted(call, arguments);
  const bool one = call.args.size() == 1;
  if (name == "concat" || (one && (name == "quote_ident" || name == "quote_literal"))) {
    std::string all;
    for (const Expr& arg : call.args) {
      const Text part = ConstantText(arg, arguments);
      if (!part.has_value()) return std::nullopt;
      all += *part;
    }
    return name == "quote_ident"     ? QuoteIdentifier(all)
           : name == "quote_literal" ? QuoteLiteral(all)
                                     : all;
  }
  return std::nullopt;
}

bool IsWordByte(char c) { return IsWordStart(c) || IsDigit(c) || c == '$'; }

// Whether a body may give the variable another value: "name := …", "name = …" where a statement
// begins, or INTO name. What it is then is not followed.
bool MayBeAssigned(const std::string& body, const std::string& name) {
  const std::string text = Lower(body);
  const std::string wanted = Lower(name);
  for (size_t at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) {
    size_t end = at + wanted.size();
    if ((at > 0 && IsWordByte(text[at - 1])) || (end < text.size() && IsWordByte(text[end]))) {
      continue;
    }
    while (end < text.size() && IsSpace(text[end])) ++end;
    size_t before = at;
    while (before > 0 && IsSpace(text[before - 1])) --before;
    size_t word = before;
    while (word > 0 && IsWordByte(text[word - 1])) --word;
    const std::string_view previous = std::string_view(text).substr(word, before - word);
    const bool begins = before == 0 || text[before - 1] == ';' || previous == "begin" ||
                        previous == "then" || previous == "else" || previous == "loop";
    const std::string_view rest = std::string_view(text).substr(end);
    if (rest.starts_with(":=") || (begins && rest.starts_with("=")) || previous == "into" ||
        previous == "strict") {
      return true;
    }
  }
  return false;
}

}  // namespace

Text ConstantText(const Expr& expr, const CallArguments& arguments) {
  switch (expr.kind) {
    case ExprKind::kConstant:
      if (expr.IsNullConstant()) return std::nullopt;
      return expr.value;
    case ExprKind::kCast: {
      if (expr.args.empty() || expr.type == nullptr) return std::nullopt;
      // Other types may write the value in another way.
      const std::string& type = expr.type->name.name;
      const bool same = type == "text" || type == "varchar" || type == "regclass" || type == "name";
      return same ? ConstantText(expr.args.front(), arguments) : std::nullopt;
    }
    case ExprKind::kParam:
    case ExprKind::kColumn: {
      if (expr.name.size() > 1) return std::nullopt;  // A field of a row.
      const auto known = arguments.find(
          expr.kind == ExprKind::kParam ? "$" + expr.value : std::string(expr.LastName()));
      return known == arguments.end() ? Text() : known->second;
    }
    case ExprKind::kFunction:
      return OfFunction(expr, arguments);
    case ExprKind::kOperator: {
      if (expr.LastName() != "||" || expr.args.size() != 2) return std::nullopt;
      Text left = ConstantText(expr.args[0], arguments);
      const Text right = ConstantText(expr.args[1], arguments);
      if (!left.has_value() || !right.has_value()) return std::nullopt;
      return *left + *right;
    }
    default:
      return std::nullopt;
  }
}

CallArguments ArgumentsOf(const CatalogFunction& function, const Expr& call) {
  CallArguments arguments;
  size_t position = 0;
  for (const FunctionParameter& parameter : function.parameters) {
    if (parameter.mode == 'o' || parameter.mode == 't') continue;
    const size_t at = position++;
    const Expr* given = at < call.args.size() ? &call.args[at] : parameter.default_expr.get();
    if (given == nullptr || parameter.mode == 'v') continue;
    const Text value = ConstantText(*given, {});
    if (!value.has_value()) continue;
    arguments["$" + std::to_string(at + 1)] = *value;
    if (parameter.name.empty()) continue;
    if (!MayBeAssigned(function.body, parameter.name)) arguments[parameter.name] = *value;
  }
  return arguments;
}

void ResolveDynamic(const CallArguments& arguments, RoutineBody* body) {
  std::vector<RoutineStatement> resolved;
  for (RoutineStatement& statement : body->statements) {
    Text sql;
    if (statement.kind == RoutineStatement::Kind::kDynamic) {
      const Statement read = ReadStatement("SELECT " + *statement.text);
      const auto* select = read.As<Select>();
      if (select != nullptr && select->targets.size() == 1) {
        sql = ConstantText(select->targets.front().expr, arguments);
      }
    }
    if (!sql.has_value()) {
      resolved.push_back(std::move(statement));
      continue;
    }
    body->id = StableHash(std::to_string(body->id) + *sql);
    for (const Piece& piece : SplitStatements(*sql).pieces) {
      if (piece.kind != PieceKind::kStatement) continue;
      RoutineStatement found = statement;
      found.kind = RoutineStatement::Kind::kStatic;
      found.text = std::make_shared<const std::string>(sql->substr(piece.begin, piece.size));
      found.statement = ReadStatement(*found.text);
      resolved.push_back(std::move(found));
    }
  }
  body->statements = std::move(resolved);
}

std::shared_ptr<const RoutineBody> BodyAsCalled(const std::string& language,
                                                const std::string& body,
                                                const CallArguments& arguments) {
  constexpr size_t kBodiesKept = 512;
  using Bodies = std::map<std::pair<std::string, std::string>, std::shared_ptr<const RoutineBody>>;
  thread_local Bodies known;
  auto found = known.find({language, body});
  if (found == known.end()) {
    if (known.size() == kBodiesKept) known.clear();
    auto read = std::make_shared<const RoutineBody>(ReadRoutineBody(language, body));
    found = known.emplace(std::make_pair(language, body), std::move(read)).first;
  }
  const bool dynamic =
      std::any_of(found->second->statements.begin(), found->second->statements.end(),
                  [](const auto& each) { return each.kind == RoutineStatement::Kind::kDynamic; });
  if (!dynamic) return found->second;
  auto called = std::make_shared<RoutineBody>(*found->second);
  ResolveDynamic(arguments, called.get());
  return called;
}

}  // namespace pgsift
