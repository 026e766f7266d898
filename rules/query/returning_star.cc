// QRY054 returning-star: RETURNING *.

#include "rules/query/query_rule.h"

namespace pgsift::returning_star {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY054",
    .name = "returning-star",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "RETURNING * sends back every column",
    .why = R"md(
All columns are read, also those stored out of line, and sent; a column that is added changes what
the program gets.
)md",
    .instead = R"md(
Name the columns that are used.
)md",
    .bad = R"sql(INSERT INTO orders (id) VALUES (1) RETURNING *;)sql",
    .good = R"sql(INSERT INTO orders (id) VALUES (1) RETURNING id;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    const std::vector<Target>* returning = block.insert != nullptr   ? &block.insert->returning
                                           : block.update != nullptr ? &block.update->returning
                                           : block.del != nullptr    ? &block.del->returning
                                                                     : nullptr;
    if (returning == nullptr) continue;
    for (const Target& target : *returning) {
      if (target.expr.kind != ExprKind::kColumn || target.expr.LastName() != "*") continue;
      ReportPart(kInfo, query, target.offset, pass, "`RETURNING *` sends back every column")
          .On(block.tables[0].name.ToString())
          .Primary("name the columns that are used");
    }
  }
}

}  // namespace

extern constinit const Rule kReturningStar = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::returning_star
