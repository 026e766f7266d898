// QRY057 negative-conditions-only: only <>, NOT IN and NOT LIKE on a table.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::negative_conditions_only {
namespace {

constexpr RuleOption kOptions[] = {
    {"mean_ms_min", 10, "a call quicker than this is not reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY057",
    .name = "negative-conditions-only",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a table is narrowed only by what its rows must not be",
    .why = R"md(
No index finds what is not equal: all of the table is read. Where few rows remain, a partial index
holds exactly these.
)md",
    .instead = R"md(
`CREATE INDEX … WHERE status <> 'done'`, or ask for what is wanted: `status IN ('new', 'paid')`.
)md",
    .bad = R"sql(SELECT id FROM jobs WHERE state <> 'done';)sql",
    .good = R"sql(SELECT id FROM jobs WHERE state IN ('new', 'failed');)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  if (query.calls > 0 && query.mean_ms < pass.option(kInfo, "mean_ms_min")) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.where == nullptr || block.tables.size() != 1 || !block.tables[0].base_relation)
      continue;
    if (block.limit != nullptr) continue;
    const Expr* negative = nullptr;
    bool only = true;
    EachConjunct(*block.where, [&](const Expr& expr) {
      const bool no =
          expr.kind == ExprKind::kOperator && expr.args.size() == 2 && expr.args[0].IsColumn() &&
          (Literal(expr.args[1]) != nullptr || expr.args[1].kind == ExprKind::kList ||
           expr.args[1].kind == ExprKind::kParam) &&
          ((expr.op == OperatorKind::kPlain && expr.LastName() == "<>") ||
           (expr.negated && (expr.op == OperatorKind::kIn || expr.op == OperatorKind::kLike)));
      only = only && no;
      if (no) negative = &expr;
    });
    if (!only || negative == nullptr) continue;
    const Relation* table = pass.catalog().Find(block.tables[0].id);
    bool partial = false;
    if (table != nullptr) {
      for (const Relation* index : pass.catalog().IndexesOf(*table))
        partial = partial || (index->index.has_value() && index->index->where != nullptr);
    }
    if (partial) continue;
    const std::string name = block.tables[0].name.ToString();
    ReportPart(kInfo, query, negative->offset, pass,
               absl::StrFormat("`%s` is searched only for what is not so", name))
        .On(name)
        .Primary("no index finds what is not equal")
        .Help(absl::StrFormat("CREATE INDEX CONCURRENTLY ON %s (…) WHERE %s",
                              QuoteName(block.tables[0].name), ToSql(*block.where)));
  }
}

}  // namespace

extern constinit const Rule kNegativeConditionsOnly = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::negative_conditions_only
