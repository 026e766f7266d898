// QRY066 truncated-timestamp: a condition on a day, month or year cut out of a timestamp.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::truncated_timestamp {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY066",
    .name = "truncated-timestamp",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a condition on date(column), date_trunc or extract is computed for every row",
    .why = R"md(
An index on the timestamp does not know its day or year, and an index on the expression is
impossible for `timestamptz`, whose day depends on the session's time zone.
)md",
    .instead = R"md(
A half-open range over the bare column: `ts >= '2024-05-01' AND ts < '2024-05-02'`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE placed_at::date = current_date;)sql",
    .good =
        R"sql(SELECT id FROM orders WHERE placed_at >= current_date AND placed_at < current_date + 1;)sql",
});

// The column that the expression cuts a day, month or year out of; null: another expression.
const Expr* Truncated(const Expr& expr) {
  if (expr.kind == ExprKind::kCast && expr.type != nullptr && expr.type->name.name == "date" &&
      expr.args[0].IsColumn())
    return &expr.args[0];
  if (expr.kind == ExprKind::kFunction || expr.kind == ExprKind::kOther) {
    const bool cuts = Calls(expr, {"date", "date_trunc", "date_part", "extract", "to_char"});
    if (!cuts) return nullptr;
    for (const Expr& arg : expr.args) {
      if (arg.IsColumn()) return &arg;
    }
  }
  return nullptr;
}

std::string Unit(const Expr& expr) {
  if (expr.kind == ExprKind::kCast || Calls(expr, {"date"})) return "day";
  for (const Expr& arg : expr.args) {
    if (const Expr* literal = Literal(arg)) return literal->value;
  }
  return {};
}

// The whole statement with the range: for a value of any moment within its day, month …, as the
// expression itself takes it.
void ShowRange(const ObservedQuery& query, const Expr& expr, const std::string& name,
               const std::string& value, const std::string& unit, bool zoned, Finding* finding) {
  const std::string type = zoned ? "timestamptz" : "timestamp";
  const bool day = !Calls(expr.args[0], {"date_trunc"});
  const std::string begin = absl::StrFormat("(%s)::%s%s", value, day ? "date::" : "", type);
  std::string condition =
      absl::StrFormat("%s >= %s AND %s < %s + interval '1 %s'", name, begin, name, begin, unit);
  // date_trunc() is never equal to a moment within the unit.
  if (!day) condition += absl::StrFormat(" AND date_trunc('%s', %s) = %s", unit, begin, begin);
  ShowRewritten(WithCondition(query, expr.offset, condition), "", finding);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    EachConjunct(query.blocks[at], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() < 2) return;
      const Expr& side = expr.args[0];
      const Expr* column = Truncated(side);
      if (column == nullptr || expr.args[1].IsColumn()) return;
      const KnownColumn known = FindColumn(query, at, *column, pass.catalog());
      bool zoned = false;
      if (known.known()) {
        const TypeFamily family = FamilyOf(known.column->type, pass.catalog());
        if (family != TypeFamily::kTimestamp && family != TypeFamily::kTimestampTz) return;
        zoned = family == TypeFamily::kTimestampTz;
        if (IsIndexedExpression(*known.table, side, pass.catalog())) return;
      }
      Finding& finding = ReportPart(kInfo, query, side.offset, pass,
                                    absl::StrFormat("`%s` is computed for every row", ToSql(side)));
      if (known.known()) finding.On(known.table->name.ToString());
      finding.Primary("an index on the column does not know it");
      const std::string unit = Unit(side);
      const std::string name = ToSql(*column);
      const std::string value = ToSql(expr.args[1]);
      const bool whole = !Calls(side, {"extract", "date_part", "to_char"});
      const bool plain = expr.op == OperatorKind::kPlain;
      if (plain && whole && expr.LastName() == "=" && !unit.empty()) {
        finding.Help(absl::StrFormat("%s >= %s AND %s < %s::timestamp + interval '1 %s'", name,
                                     value, name, value, unit));
        if (known.known()) ShowRange(query, expr, name, value, unit, zoned, &finding);
      } else if (plain && Calls(side, {"extract", "date_part"}) && expr.LastName() == "=" &&
                 unit == "year") {
        finding.Help(absl::StrFormat("%s >= make_date(%s, 1, 1) AND %s < make_date(%s + 1, 1, 1)",
                                     name, value, name, value));
      } else {
        finding.Help("compare the bare column with the first and the last moment that is meant");
      }
      if (zoned) finding.Note("no index on the expression: it depends on the session's time zone");
    });
  }
}

}  // namespace

extern constinit const Rule kTruncatedTimestamp = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::truncated_timestamp
