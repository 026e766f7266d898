// MIG055 enum-value-used-at-once: a new value of an enum type used in the transaction that added
// it.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::enum_value_used_at_once {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG055",
    .name = "enum-value-used-at-once",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {12, 0},
    .summary = "a new enum value is used in the transaction that added it",
    .why = R"md(
PostgreSQL answers "unsafe use of new value" until the transaction that added the value has committed;
only a type that was created in the same transaction is exempt. The migration stops there.
)md",
    .instead = R"md(
Add the value in a migration of its own, and use it in the next.
)md",
    .bad = R"sql(BEGIN;
ALTER TYPE status ADD VALUE 'lost';
UPDATE orders SET status = 'lost' WHERE id = 1;
COMMIT;)sql",
    .good = R"sql(ALTER TYPE status ADD VALUE 'lost';
UPDATE orders SET status = 'lost' WHERE id = 1;)sql",
});

// The value stands there as a literal.
bool Uses(const Statement& statement, const std::string& literal) {
  if (statement.As<CommentOn>() != nullptr || statement.As<AlterEnum>() != nullptr ||
      statement.As<CreateFunction>() != nullptr || statement.As<CreateEnum>() != nullptr) {
    return false;
  }
  return statement.sql.find(literal) != std::string_view::npos;
}

void CheckAlterEnum(const AlterEnum& alter, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (!alter.old_label.empty() || block == nullptr) return;
  const CatalogType* type = pass.catalog().FindType(alter.name);
  if (type != nullptr && type->origin.span.file == statement.span.file &&
      type->origin.transaction == statement.transaction) {
    return;
  }
  for (const Statement& later : Later(statement, pass)) {
    if (later.index > block->last) return;
    if (!Uses(later, QuoteLiteral(alter.new_label))) continue;
    pass.Report(kInfo, later.span,
                absl::StrFormat("the new value `%s` of `%s` cannot be used before COMMIT",
                                alter.new_label, alter.name.ToString()))
        .Primary("PostgreSQL refuses this: unsafe use of new value")
        .Also(statement.span, "added in the same transaction")
        .Help("add the value in a migration of its own, before this one");
    return;
  }
}

}  // namespace

extern constinit const Rule kEnumValueUsedAtOnce = MakeSqlRule<&CheckAlterEnum>(kInfo);

}  // namespace pgsift::enum_value_used_at_once
