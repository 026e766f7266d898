// QRY016 between-timestamps: BETWEEN over points in time, which takes in the end.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::between_timestamps {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY016",
    .name = "between-timestamps",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "BETWEEN over timestamps includes the end, so midnight counts twice or the last day "
               "not at all",
    .why = R"md(
`ts BETWEEN '2024-05-01' AND '2024-05-31'` includes 31 May 00:00:00 and nothing of that day besides;
with `'2024-05-31 23:59:59'` the last second is lost; with `'2024-06-01'` midnight belongs to both
months.
)md",
    .instead = R"md(
A half-open range: `ts >= '2024-05-01' AND ts < '2024-06-01'`.
)md",
    .bad = R"sql(CREATE TABLE orders (id int, placed_at timestamptz);
SELECT id FROM orders WHERE placed_at BETWEEN '2024-05-01' AND '2024-05-31';)sql",
    .good = R"sql(CREATE TABLE orders (id int, placed_at timestamptz);
SELECT id FROM orders WHERE placed_at >= '2024-05-01' AND placed_at < '2024-06-01';)sql",
});

// "2024-05-31", "2024-05-31 00:00:00", "2024-05-31 23:59:59.999": an end that stands for a whole
// day.
bool StandsForDay(const std::string& value) {
  if (value.size() < 10 || value[4] != '-' || value[7] != '-') return false;
  return value.size() == 10 || value.find("23:59") != std::string::npos ||
         value.find("00:00") == 11;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t i = 0; i < query.blocks.size(); ++i) {
    EachInConditions(query.blocks[i], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kBetween) return;
      if (expr.args.size() != 3 || expr.negated) return;
      const Expr* end = Literal(expr.args[2]);
      if (end == nullptr || end->constant != ConstantKind::kString || !StandsForDay(end->value))
        return;
      const KnownColumn column = FindColumn(query, i, expr.args[0], pass.catalog());
      const bool late = end->value.find("23:59") != std::string::npos;
      if (column.known()) {
        const TypeFamily family = FamilyOf(column.column->type, pass.catalog());
        if (family != TypeFamily::kTimestamp && family != TypeFamily::kTimestampTz) return;
      } else if (!late) {
        return;
      }
      const std::string side = ToSql(expr.args[0]);
      Finding& finding = ReportPart(
          kInfo, query, expr.offset, pass,
          absl::StrFormat("`BETWEEN` %s",
                          late ? "leaves out the last second of the range"
                               : "takes in midnight of the last day, and no more of it"));
      if (column.known()) finding.On(column.table->name.ToString());
      finding.Primary("both ends belong to the range");
      const std::string range =
          absl::StrFormat("%s >= %s AND %s < '%s'::date + 1", side, ToSql(expr.args[1]), side,
                          end->value.substr(0, 10));
      finding.Help(range);
      ShowRewritten(WithCondition(query, expr.offset, range), "it takes in the whole last day",
                    &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kBetweenTimestamps = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::between_timestamps
