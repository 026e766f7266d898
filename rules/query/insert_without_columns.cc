// QRY008 insert-without-columns: INSERT that trusts the order of the table's columns.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::insert_without_columns {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY008",
    .name = "insert-without-columns",
    .category = Category::kCompatibility,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary =
        "INSERT without a list of columns breaks when a column is added or the order differs",
    .why = R"md(
The values go to the columns in the order of the table. A column that is added, or stands elsewhere
in another environment, makes the statement fail or, worse, puts values where they do not belong.
)md",
    .instead = R"md(
Name the columns: `INSERT INTO t (a, b) VALUES (…)`.
)md",
    .bad = R"sql(-- log: 500 calls, 20 ms each
CREATE TABLE t (a int, b text);
INSERT INTO t SELECT 1, 'x';)sql",
    .good = R"sql(-- log: 500 calls, 20 ms each
CREATE TABLE t (a int, b text);
INSERT INTO t (a, b) SELECT 1, 'x';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  // A script is written for the table that it knows.
  if (query.origin == QueryOrigin::kStatement) return;
  for (const QueryBlock& block : query.blocks) {
    const Insert* insert = block.insert;
    if (insert == nullptr || !insert->columns.empty() || insert->source == nullptr) continue;
    const Relation* table = pass.catalog().Find(insert->relation.name);
    if (table != nullptr && table->persistence == Persistence::kTemporary) continue;
    const std::string name = pass.catalog().Resolve(insert->relation.name).ToString();
    Finding& finding =
        ReportPart(kInfo, query, insert->relation.offset, pass,
                   absl::StrFormat("`INSERT INTO %s` does not name its columns", name));
    finding.On(name).Primary("the order of the table's columns decides");
    if (table == nullptr) continue;
    std::string list;
    for (const CatalogColumn& column : table->columns) {
      if (!list.empty()) list += ", ";
      list += QuoteIdentifier(column.name);
    }
    finding.Help(absl::StrFormat("INSERT INTO %s (%s) …", QuoteName(insert->relation.name), list));
  }
}

}  // namespace

extern constinit const Rule kInsertWithoutColumns = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::insert_without_columns
