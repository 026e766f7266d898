// MIG000 syntax-error: a statement that PostgreSQL's grammar rejects.

#include "rules/rule.h"

namespace pgsift::syntax_error {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG000",
    .name = "syntax-error",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the statement cannot be parsed",
    .why = R"md(
PostgreSQL's own grammar rejects the statement, so a server will too, and what comes after it in the
same transaction will not run. pgsift goes on with the rest of the file, but it knows nothing of what
this statement was meant to do.
)md",
    .instead = R"md(
Correct the statement at the place that the message names. If the server accepts it, the statement is
of a newer PostgreSQL than the grammar in use: `pgsift --version` names that.
)md",
    .bad = "CREATE TABEL orders (id bigint);",
    .good = "CREATE TABLE orders (id bigint);",
});

void CheckUnparsed(const UnparsedStatement& unparsed, const Statement& statement, SqlPass& pass) {
  if (unparsed.placeholder) return;  // CFG004 says it.
  const uint64_t at = unparsed.error_offset;
  // The token at the place of the error.
  size_t size = 0;
  const std::string_view text = pass.file().text;
  while (at + size < text.size() && size < 40) {
    const char c = text[at + size];
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!word) break;
    ++size;
  }
  if (size == 0 && at < statement.span.end()) size = 1;
  pass.Report(kInfo, pass.At(at, size), unparsed.error)
      .Primary("the parser stopped here")
      .Note("this statement was not analyzed; the others were");
}

}  // namespace

extern constinit const Rule kSyntaxError = MakeSqlRule<&CheckUnparsed>(kInfo);

}  // namespace pgsift::syntax_error
