// MIG014 forbidden-in-transaction: a statement that PostgreSQL refuses in BEGIN … COMMIT.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::forbidden_in_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG014",
    .name = "forbidden-in-transaction",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the statement cannot run inside a transaction block",
    .why = R"md(
`VACUUM`, `CREATE DATABASE`, `ALTER SYSTEM`, `CLUSTER` without a table and some others work outside of
transactions: inside one PostgreSQL answers "cannot run inside a transaction block", and the migration
stops half-way.
)md",
    .instead = R"md(
Give the statement a migration of its own, and tell the migration tool to run that one without a
transaction.
)md",
    .bad = R"sql(BEGIN;
VACUUM orders;
COMMIT;)sql",
    .good = R"sql(VACUUM orders;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block == nullptr || statement.As<TransactionCommand>() != nullptr) return;
  // CREATE INDEX CONCURRENTLY and its like are another rule's.
  if (HasWords(statement.sql, {"CONCURRENTLY"})) return;
  const auto* add = statement.As<AlterEnum>();
  const bool enum_value = add != nullptr && add->old_label.empty() && pass.pg() < PgVersion{12, 0};
  if (!enum_value && pass.effects().block_use != BlockUse::kRefused) return;
  Finding& finding = pass.Report(kInfo, statement.span,
                                 absl::StrFormat("%s cannot run in a transaction", statement.tag));
  finding.Primary("PostgreSQL refuses this statement here");
  if (block->begin.known()) finding.Also(block->begin, "the transaction begins here");
  finding.Help("move it to a migration of its own that runs outside a transaction");
}

}  // namespace

extern constinit const Rule kForbiddenInTransaction = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::forbidden_in_transaction
