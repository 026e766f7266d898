// MIG094 foreign-key-type-mismatch: a foreign key between columns of different types.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::foreign_key_type_mismatch {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG094",
    .name = "foreign-key-type-mismatch",
    .category = Category::kSchema,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a foreign key's column has another type than the one it references",
    .why = R"md(
Each check and each join converts one of the values, and cannot always use the index. With `integer`
referring to `bigint` inserts fail as soon as the referenced keys grow beyond 2147483647.
)md",
    .instead = R"md(
The same type on both sides.
)md",
    .bad = R"sql(CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (customer_id int REFERENCES customers (id));)sql",
    .good = R"sql(CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (customer_id bigint REFERENCES customers (id));)sql",
});

std::string Plain(const TypeName& type) {
  const std::string& name = type.name.name;
  if (name == "serial" || name == "serial4") return "int4";
  if (name == "bigserial" || name == "serial8") return "int8";
  if (name == "smallserial" || name == "serial2") return "int2";
  // These compare as they are.
  if (name == "varchar") return "text";
  return name;
}

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    if (!table->IsTable() || table->bound.has_value()) continue;
    for (const CatalogConstraint& key : table->constraints) {
      const Relation* other = pass.catalog().Find(key.referenced);
      if (key.kind != ConstraintKind::kForeignKey || other == nullptr || key.inherited) continue;
      std::vector<std::string> referenced = key.referenced_columns;
      if (referenced.empty() && other->PrimaryKey() != nullptr)
        referenced = other->PrimaryKey()->columns;
      for (size_t i = 0; i < std::min(key.columns.size(), referenced.size()); ++i) {
        const CatalogColumn* from = table->FindColumn(key.columns[i]);
        const CatalogColumn* to = other->FindColumn(referenced[i]);
        if (from == nullptr || to == nullptr || Plain(from->type) == Plain(to->type)) continue;
        if (pass.catalog().FindType(from->type.name) != nullptr ||
            pass.catalog().FindType(to->type.name) != nullptr)
          continue;
        pass.Report(kInfo, key.origin.span,
                    absl::StrFormat("`%s.%s` is `%s`, but `%s.%s` is `%s`", table->name.ToString(),
                                    from->name, from->type.ToString(), other->name.ToString(),
                                    to->name, to->type.ToString()))
            .On(table->name.ToString())
            .Primary("the foreign key compares different types")
            .Also(to->origin.span.known() ? to->origin.span : other->origin.span,
                  "what it refers to")
            .Help(absl::StrFormat("give `%s` the type `%s` while the table is small", from->name,
                                  to->type.ToString()));
      }
    }
  }
}

}  // namespace

extern constinit const Rule kForeignKeyTypeMismatch = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::foreign_key_type_mismatch
