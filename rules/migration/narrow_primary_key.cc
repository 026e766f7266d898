// MIG096 narrow-primary-key: a primary key that ends at two thousand million.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::narrow_primary_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG096",
    .name = "narrow-primary-key",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "an integer or smallint primary key may run out of values",
    .why = R"md(
`integer` ends at 2147483647, and rolled back inserts use values up too. When it is reached every `INSERT`
fails, and changing the type then rewrites a very large table, and all that refer to it.
)md",
    .instead = R"md(
`bigint GENERATED ALWAYS AS IDENTITY`.
)md",
    .bad = R"sql(CREATE TABLE orders (id serial PRIMARY KEY);)sql",
    .good = R"sql(CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);)sql",
});

bool Narrow(const std::string& type) {
  return type == "int4" || type == "int2" || type == "serial" || type == "serial4" ||
         type == "smallserial" || type == "serial2";
}

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  if (create.relation.temporary) return;
  const std::string table = pass.catalog().Resolve(create.relation.name).ToString();
  for (const ColumnDef& column : create.columns) {
    bool key = column.Find(ConstraintKind::kPrimaryKey) != nullptr;
    for (const ConstraintDef& constraint : create.constraints) {
      key = key || (constraint.kind == ConstraintKind::kPrimaryKey &&
                    constraint.columns.size() == 1 && constraint.columns.front() == column.name);
    }
    if (!key || !Narrow(column.type.name.name) ||
        column.Find(ConstraintKind::kForeignKey) != nullptr)
      continue;
    pass.Report(kInfo, pass.At(column.offset, column.name.size()),
                absl::StrFormat("primary key `%s.%s` of type `%s` may run out of values", table,
                                column.name, column.type.ToString()))
        .On(table)
        .Primary("ends at 2147483647 or before")
        .Help(absl::StrFormat("%s bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                              QuoteIdentifier(column.name)));
  }
  (void)statement;
}

}  // namespace

extern constinit const Rule kNarrowPrimaryKey = MakeSqlRule<&CheckCreateTable>(kInfo);

}  // namespace pgsift::narrow_primary_key
