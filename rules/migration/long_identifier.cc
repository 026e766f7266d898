// MIG092 long-identifier: a name of more than 63 bytes.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::long_identifier {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG092",
    .name = "long-identifier",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "PostgreSQL cuts names to 63 bytes",
    .why = R"md(
A longer name is cut with a `NOTICE` only. Two names that begin alike become one, and tools that look for
the name as it was written do not find it.
)md",
    .instead = R"md(
A shorter name.
)md",
    .bad =
        R"sql(CREATE INDEX CONCURRENTLY this_name_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps ON orders (email);)sql",
    .good = R"sql(CREATE INDEX CONCURRENTLY orders_email ON orders (email);)sql",
});

bool IsWord(char c) {
  return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

void ReportName(std::string_view name, uint64_t offset, SqlPass& pass) {
  pass.Report(kInfo, pass.At(offset, name.size()),
              absl::StrFormat("`%s…` has %d bytes: PostgreSQL keeps 63", name.substr(0, 40),
                              name.size()))
      .Primary(absl::StrFormat("becomes %s", name.substr(0, 63)))
      .Help("give it a shorter name");
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.As<UnparsedStatement>() != nullptr || statement.As<DoBlock>() != nullptr) return;
  const std::string_view sql = statement.sql;
  for (size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    if (c == '\'') {
      const size_t end = sql.find('\'', at + 1);
      at = end == sql.npos ? sql.size() : end + 1;
    } else if (c == '"') {
      const size_t end = sql.find('"', at + 1);
      if (end == sql.npos) return;
      if (end - at - 1 > 63)
        ReportName(sql.substr(at + 1, end - at - 1), statement.span.begin + at + 1, pass);
      at = end + 1;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      const size_t end = sql.find("*/", at);
      at = end == sql.npos ? sql.size() : end + 2;
    } else if (c == '$') {
      return;  // A body follows.
    } else if (IsWord(c)) {
      size_t end = at;
      while (end < sql.size() && IsWord(sql[end])) ++end;
      const bool number = std::isdigit(static_cast<unsigned char>(c)) != 0;
      if (end - at > 63 && !number)
        ReportName(sql.substr(at, end - at), statement.span.begin + at, pass);
      at = end;
    } else {
      ++at;
    }
  }
}

}  // namespace

extern constinit const Rule kLongIdentifier = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::long_identifier
