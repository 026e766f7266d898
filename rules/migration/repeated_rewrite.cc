// MIG038 repeated-rewrite: one migration writes a table anew more than once.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::repeated_rewrite {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG038",
    .name = "repeated-rewrite",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a table is rewritten more than once by one migration",
    .why = R"md(
Each rewrite copies the whole table and builds all its indexes while nobody can use it. Subcommands of
one `ALTER TABLE` share one rewrite.
)md",
    .instead = R"md(
Put what rewrites the table into one `ALTER TABLE`; better, avoid rewriting it.
)md",
    .bad = R"sql(ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE orders ADD COLUMN number bigserial;)sql",
    .good =
        R"sql(ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN number bigserial;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (!InUse(alter.relation.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  if (!pass.effects().Rewrites(table)) return;
  // The first rewrite is other rules' affair.
  if (pass.Once(kInfo, StableHash(table.ToString()))) return;
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("`%s` is rewritten once more by the same migration", table.ToString()))
      .On(table.ToString())
      .Primary("another statement of this file has rewritten it already")
      .Note(std::string(ReasonIn(pass.effects().rewrites, table)))
      .Help(absl::StrFormat("put both into one: ALTER TABLE %s …, …;", QuoteName(table)));
}

}  // namespace

extern constinit const Rule kRepeatedRewrite = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::repeated_rewrite
