#include "parser/repeated_rows.h"

#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// Integers of more digits may be of another kind to the grammar.
constexpr size_t kIntegerDigitsMax = 9;

bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

size_t WordEnd(std::string_view sql, size_t at) {
  while (at < sql.size() && IsWord(sql[at])) ++at;
  return at;
}

// The name of the values that stand for those that are left out.
constexpr std::string_view kStandIn = "MoreRows";

bool IsStandIn(const std::vector<Expr>& row) {
  return !row.empty() && row.front().kind == ExprKind::kOther && row.front().LastName() == kStandIn;
}

bool HoldsNoRows(const StatementNode& node) {
  const auto* insert = std::get_if<Insert>(&node);
  return insert == nullptr || insert->source == nullptr || insert->source->values.empty();
}

// What begins comments, dollar quotes, parameters and psql's commands: left to the grammar.
bool IsOther(std::string_view sql, size_t at) {
  const char c = sql[at];
  const char next = at + 1 < sql.size() ? sql[at + 1] : '\0';
  return c == '$' || c == '\\' || c == ';' || c == '\0' || (c == '-' && next == '-') ||
         (c == '/' && next == '*');
}

}  // namespace

const RowShape& RowShapeReader::Read(std::string_view sql, uint64_t base) {
  sql_ = sql;
  at_ = 0;
  shape_.text.clear();
  shape_.rows = 0;
  shape_.surplus.clear();
  if (!Head() || !Rows(base) || !Rest()) shape_.text.clear();
  return shape_;
}

bool RowShapeReader::Quoted(char quote) {
  while (true) {
    const size_t end = sql_.find(quote, at_ + 1);
    if (end == sql_.npos) return false;
    at_ = end + 1;
    if (at_ >= sql_.size() || sql_[at_] != quote) return true;
  }
}

void RowShapeReader::Spaces(bool keep) {
  const size_t begin = at_;
  while (at_ < sql_.size() && IsSpace(sql_[at_])) ++at_;
  if (keep) shape_.text.append(sql_, begin, at_ - begin);
}

// INSERT INTO t (a, b) VALUES
bool RowShapeReader::Head() {
  if (!StartsWithIgnoringCase(sql_, "insert")) return false;
  while (at_ < sql_.size()) {
    const char c = sql_[at_];
    if (IsWordStart(c)) {
      const size_t begin = at_;
      at_ = WordEnd(sql_, at_);
      if (!EqualsIgnoringCase(sql_.substr(begin, at_ - begin), "values")) continue;
      shape_.text.append(sql_, 0, at_);
      return true;
    }
    if (c == '"') {
      if (!Quoted('"')) return false;
    } else if (IsSpace(c) || IsDigit(c) || c == '.' || c == ',' || c == '(' || c == ')') {
      ++at_;
    } else {
      return false;
    }
  }
  return false;
}

// (1, 'a'), (2, 'b')
bool RowShapeReader::Rows(uint64_t base) {
  seen_.clear();
  size_t last_row = 0;  // Where the shape of the row before begins.
  while (true) {
    const size_t before = shape_.text.size();
    const size_t gap = at_;
    if (shape_.rows > 0) {
      Spaces(false);
      if (at_ >= sql_.size() || sql_[at_] != ',') {
        at_ = gap;
        return shape_.rows > 0;
      }
      ++at_;
      shape_.text += ',';
    }
    Spaces(false);
    const size_t row = shape_.text.size();
    if (at_ >= sql_.size() || sql_[at_] != '(' || !Row()) return false;
    ++shape_.rows;
    const std::string_view text = std::string_view(shape_.text).substr(row);
    const std::string_view previous =
        std::string_view(shape_.text).substr(last_row, before - last_row);
    const bool known = (shape_.rows > 2 && text == previous) || !seen_.emplace(text).second;
    if (!known || shape_.rows <= 2) {
      last_row = row;
      continue;
    }
    shape_.text.resize(before);
    if (shape_.rows <= kRowsReadMax) continue;
    if (!shape_.surplus.empty() &&
        shape_.surplus.back().begin + shape_.surplus.back().size == base + gap) {
      shape_.surplus.back().size += at_ - gap;
    } else {
      shape_.surplus.push_back({.begin = base + gap, .size = at_ - gap});
    }
  }
}

bool RowShapeReader::Row() {
  size_t depth = 0;
  while (at_ < sql_.size()) {
    const char c = sql_[at_];
    if (c == '\'') {
      const size_t begin = at_;
      if (!Quoted('\'')) return false;
      // What a function is given decides what it does.
      if (depth > 1) {
        shape_.text.append(sql_, begin, at_ - begin);
      } else {
        shape_.text += "'s'";
      }
    } else if (IsDigit(c)) {
      const size_t begin = at_;
      if (!Number()) return false;
      if (depth > 1) {
        shape_.text.append(sql_, begin, at_ - begin);
      } else {
        const std::string_view number = sql_.substr(begin, at_ - begin);
        const bool integer = number.size() <= kIntegerDigitsMax &&
                             number.find_first_not_of("0123456789") == number.npos;
        shape_.text += integer ? "0" : "0.0";
      }
    } else if (IsWordStart(c)) {
      const size_t begin = at_;
      at_ = WordEnd(sql_, at_);
      // E'…', U&'…', B'…' and their like have rules of their own.
      if (at_ < sql_.size() && (sql_[at_] == '\'' || sql_[at_] == '&')) return false;
      shape_.text.append(sql_, begin, at_ - begin);
    } else if (c == '"') {
      const size_t begin = at_;
      if (!Quoted('"')) return false;
      shape_.text.append(sql_, begin, at_ - begin);
    } else if (IsOther(sql_, at_)) {
      return false;
    } else {
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      shape_.text += c;
      ++at_;
      if (depth == 0) return true;
    }
  }
  return false;
}

// 1, 1.5, 1e-9; others, and what hangs on to them, are left to the grammar.
bool RowShapeReader::Number() {
  const auto digits = [&] {
    while (at_ < sql_.size() && IsDigit(sql_[at_])) ++at_;
  };
  digits();
  if (at_ < sql_.size() && sql_[at_] == '.') {
    ++at_;
    digits();
  }
  if (at_ < sql_.size() && (sql_[at_] == 'e' || sql_[at_] == 'E')) {
    ++at_;
    if (at_ < sql_.size() && (sql_[at_] == '+' || sql_[at_] == '-')) ++at_;
    if (at_ >= sql_.size() || !IsDigit(sql_[at_])) return false;
    digits();
  }
  return at_ >= sql_.size() || (!IsWord(sql_[at_]) && sql_[at_] != '.');
}

// ON CONFLICT DO NOTHING RETURNING id
bool RowShapeReader::Rest() {
  const size_t begin = at_;
  while (at_ < sql_.size()) {
    if (IsOther(sql_, at_)) return false;
    const char c = sql_[at_];
    if (c == '\'' || c == '"') {
      if (!Quoted(c)) return false;
    } else {
      ++at_;
    }
  }
  shape_.text.append(sql_, begin, at_ - begin);
  return true;
}

bool LeavesTables(const Statement& statement) {
  if (const auto* command = statement.As<TransactionCommand>()) {
    return command->kind == TransactionCommand::Kind::kBegin ||
           command->kind == TransactionCommand::Kind::kCommit;
  }
  return statement.As<Insert>() != nullptr || statement.As<Update>() != nullptr ||
         statement.As<Delete>() != nullptr || statement.As<Select>() != nullptr;
}

bool RepeatedRows::IsRepeated(const RowShape& shape, const std::vector<Statement>& statements) {
  const auto at = static_cast<uint32_t>(statements.size());
  const auto [found, first] = seen_.try_emplace(shape.text);
  Seen& seen = found->second;
  if (first || seen.rows < kRowsReadMax || HoldsNoRows(statements[seen.statement].node)) {
    seen.statement = at;
    seen.rows += shape.rows;
    return false;
  }
  ++seen.statements;
  return true;
}

void RepeatedRows::End(std::vector<Statement>* statements) {
  for (const auto& [text, seen] : seen_) {
    if (seen.statements > 0) StandForRows(seen.statements, &(*statements)[seen.statement].node);
  }
  seen_.clear();
}

void StandForRows(uint64_t statements, StatementNode* node) {
  if (HoldsNoRows(*node)) return;
  auto& insert = std::get<Insert>(*node);
  auto source = std::make_shared<Select>(*insert.source);
  if (IsStandIn(source->values.back())) source->values.pop_back();
  Expr unknown;
  unknown.name = {std::string(kStandIn)};
  unknown.value = std::to_string(statements);
  const size_t width = source->values.front().size();
  source->values.emplace_back(width, unknown);
  insert.source = std::move(source);
}

uint64_t RepeatsOf(const Statement& statement) {
  if (HoldsNoRows(statement.node)) return 0;
  const std::vector<Expr>& row = statement.As<Insert>()->source->values.back();
  return IsStandIn(row) ? std::strtoull(row.front().value.c_str(), nullptr, 10) : 0;
}

}  // namespace pgsift
