#include "ingest/plan/redact_plan.h"

#include <algorithm>

#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr const char* kHidden = "'?'";

bool IsWord(char c) { return IsWordStart(c) || IsDigit(c) || c == '$'; }

// The end of the quoted text that begins at `at`; doubled quotes belong to it, and with `escapes`
// what a backslash protects.
size_t EndOfQuoted(std::string_view sql, size_t at, bool escapes) {
  const char quote = sql[at];
  for (size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == quote) {
      if (i + 1 >= sql.size() || sql[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return sql.size();
}

// The end of $tag$ … $tag$ at `at`; `at` if none begins there.
size_t EndOfDollarQuoted(std::string_view sql, size_t at) {
  size_t tag = at + 1;
  while (tag < sql.size() && sql[tag] != '$' && IsWord(sql[tag])) ++tag;
  if (tag >= sql.size() || sql[tag] != '$') return at;
  if (tag > at + 1 && IsDigit(sql[at + 1])) return at;
  const std::string_view mark = sql.substr(at, tag + 1 - at);
  const size_t end = sql.find(mark, tag + 1);
  return end == sql.npos ? sql.size() : end + mark.size();
}

void Redact(std::string* text) {
  if (!text->empty()) *text = WithoutLiterals(*text);
}

}  // namespace

std::string WithoutLiterals(std::string_view sql) {
  std::string out;
  for (size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c == '\'') {
      const bool escapes =
          i > 0 && (sql[i - 1] == 'E' || sql[i - 1] == 'e') && (i == 1 || !IsWord(sql[i - 2]));
      i = EndOfQuoted(sql, i, escapes);
      out += kHidden;
    } else if (c == '"') {
      const size_t end = EndOfQuoted(sql, i, false);
      out += sql.substr(i, end - i);
      i = end;
    } else if (c == '$' && EndOfDollarQuoted(sql, i) > i) {
      i = EndOfDollarQuoted(sql, i);
      out += kHidden;
    } else if (IsDigit(c)) {
      // A number; digits of a name or parameter are taken with it, below.
      while (i < sql.size() && (IsWord(sql[i]) || sql[i] == '.')) ++i;
      out += kHidden;
    } else if (IsWord(c)) {
      const size_t begin = i;
      while (i < sql.size() && IsWord(sql[i])) ++i;
      const std::string_view word = sql.substr(begin, i - begin);
      out += word;
      // "SubPlan 1" and "InitPlan 1" are names.
      if ((word == "SubPlan" || word == "InitPlan") && i < sql.size() && sql[i] == ' ') {
        out += sql[i++];
        while (i < sql.size() && IsDigit(sql[i])) out += sql[i++];
      }
    } else {
      out += c;
      ++i;
    }
  }
  return out;
}

void RedactPlan(Plan* plan) {
  Redact(&plan->query);
  plan->parameters.clear();
  for (PlanNode& node : plan->nodes) {
    for (std::string* text :
         {&node.filter, &node.index_cond, &node.recheck_cond, &node.hash_cond, &node.merge_cond,
          &node.join_filter, &node.one_time_filter, &node.tid_cond, &node.order_by,
          &node.run_condition, &node.function_call, &node.remote_sql, &node.window,
          &node.conflict_filter, &node.cache_key}) {
      Redact(text);
    }
    for (std::vector<std::string>* texts :
         {&node.output, &node.sort_keys, &node.presorted_keys, &node.group_keys}) {
      for (std::string& text : *texts) Redact(&text);
    }
  }
}

}  // namespace pgsift
