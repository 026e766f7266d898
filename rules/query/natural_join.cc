// QRY027 natural-join: NATURAL JOIN.

#include "rules/query/query_rule.h"

namespace pgsift::natural_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY027",
    .name = "natural-join",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "NATURAL JOIN joins by whatever columns happen to have the same name",
    .why = R"md(
A column that is added to both tables later, `created_at` or `name`, becomes part of the condition
without a word, and rows vanish.
)md",
    .instead = R"md(
`JOIN … USING (column)` or `ON`.
)md",
    .bad = R"sql(SELECT id FROM orders NATURAL JOIN order_totals;)sql",
    .good = R"sql(SELECT id FROM orders JOIN order_totals USING (id);)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachJoin(block, [&](const FromItem& join) {
      if (!join.natural) return;
      std::string columns;
      if (join.sides.size() == 2 && join.sides[0].kind == FromKind::kRelation &&
          join.sides[1].kind == FromKind::kRelation) {
        const Relation* left = pass.catalog().Find(join.sides[0].relation.name);
        const Relation* right = pass.catalog().Find(join.sides[1].relation.name);
        if (left != nullptr && right != nullptr) {
          for (const CatalogColumn& column : left->columns) {
            if (right->FindColumn(column.name) == nullptr) continue;
            if (!columns.empty()) columns += ", ";
            columns += QuoteIdentifier(column.name);
          }
        }
      }
      const uint64_t at = join.sides.empty() ? join.offset : join.sides.back().relation.offset;
      ReportPart(kInfo, query, at, pass, "`NATURAL JOIN` joins by the names of columns")
          .Primary("a column added to both tables changes the result")
          .Help("JOIN … USING (" + (columns.empty() ? std::string("…") : columns) + ")");
    });
  }
}

}  // namespace

extern constinit const Rule kNaturalJoin = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::natural_join
