// MIG070 key-without-setval: rows with keys given by hand, and a sequence that does not know.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::key_without_setval {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG070",
    .name = "key-without-setval",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "rows are inserted with keys given by hand, and the sequence behind the key is left "
               "as it was",
    .why = R"md(
The sequence still begins at 1. The first `INSERT` of the application draws a key that is taken, and fails:
"duplicate key value violates unique constraint".
)md",
    .instead = R"md(
Let the sequence give the keys, or move it past them with `setval` in the same migration.
)md",
    .bad = R"sql(CREATE TABLE kinds (id serial PRIMARY KEY, name text);
INSERT INTO kinds (id, name) VALUES (1, 'one'), (2, 'two');)sql",
    .good = R"sql(CREATE TABLE kinds (id serial PRIMARY KEY, name text);
INSERT INTO kinds (id, name) VALUES (1, 'one'), (2, 'two');
SELECT setval('kinds_id_seq', 2);)sql",
});

// Which of the inserted columns draws from a sequence; null: none.
const CatalogColumn* SequenceColumn(const Insert& insert, const Relation& table, size_t* at) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const CatalogColumn& column = table.columns[i];
    if (!column.serial && !column.identity) continue;
    if (insert.columns.empty()) {
      *at = i;
      return &column;
    }
    const auto found = std::find(insert.columns.begin(), insert.columns.end(), column.name);
    if (found == insert.columns.end()) continue;
    *at = static_cast<size_t>(found - insert.columns.begin());
    return &column;
  }
  return nullptr;
}

bool SequenceMoved(const Relation& table, const CatalogColumn& column, const Statement& statement,
                   SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    if (HasWords(later.sql, {"SETVAL"}) || later.As<AlterSequence>() != nullptr) return true;
    if (later.As<DoBlock>() != nullptr) return true;
    if (HasWords(later.sql, {"RESTART"}) || HasWords(later.sql, {"START", "WITH"})) return true;
    // The rows, or the table, do not stay.
    if (const auto* del = later.As<Delete>();
        del != nullptr && pass.catalog().Find(del->relation.name) == &table)
      return true;
    (void)column;
  }
  return false;
}

void CheckInsert(const Insert& insert, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(insert.relation.name);
  if (table == nullptr || insert.source == nullptr || insert.source->values.empty()) return;
  if (table->persistence == Persistence::kTemporary) return;
  size_t at = 0;
  const CatalogColumn* column = SequenceColumn(insert, *table, &at);
  if (column == nullptr) return;
  const std::vector<Expr>& row = insert.source->values.front();
  if (at >= row.size() || row[at].kind != ExprKind::kConstant ||
      row[at].constant != ConstantKind::kInteger || row[at].value.starts_with("-") ||
      row[at].value == "0") {
    return;
  }
  if (SequenceMoved(*table, *column, statement, pass)) return;
  if (!pass.Once(kInfo, static_cast<uint64_t>(table->id))) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s.%s` is given by hand, and its sequence does not know",
                              table->name.ToString(), column->name))
      .On(table->name.ToString())
      .Primary("the next key that the sequence gives is taken")
      .Help(absl::StrFormat(
          "after it: SELECT setval(pg_get_serial_sequence(%s, %s), max(%s)) FROM %s;",
          QuoteLiteral(table->name.ToString()), QuoteLiteral(column->name),
          QuoteIdentifier(column->name), QuoteName(table->name)));
}

}  // namespace

extern constinit const Rule kKeyWithoutSetval = MakeSqlRule<&CheckInsert>(kInfo);

}  // namespace pgsift::key_without_setval
