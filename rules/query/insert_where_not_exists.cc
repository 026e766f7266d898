// QRY052 insert-where-not-exists: an upsert that two sessions can both win.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::insert_where_not_exists {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY052",
    .name = "insert-where-not-exists",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "INSERT … WHERE NOT EXISTS lets two sessions insert the same row",
    .why = R"md(
Between the look and the insert another session may insert the same: neither sees the other's row
before it commits. One of them fails, or, without a unique index, both rows stay.
)md",
    .instead = R"md(
A unique index and `INSERT … ON CONFLICT (…) DO NOTHING`.
)md",
    .bad = R"sql(-- log: 500 calls, 20 ms each
INSERT INTO users (email) SELECT 'a@b.example' WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = 'a@b.example');)sql",
    .good =
        R"sql(INSERT INTO users (email) VALUES ('a@b.example') ON CONFLICT (email) DO NOTHING;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  // A script that runs once runs alone.
  if (query.blocks.empty() || query.origin == QueryOrigin::kStatement) return;
  const Insert* insert = query.blocks.front().insert;
  if (insert == nullptr || insert->on_conflict.has_value() || insert->source == nullptr) return;
  if (!insert->source->where.has_value()) return;
  EachConjunct(*insert->source->where, [&](const Expr& condition) {
    if (condition.kind != ExprKind::kNot || condition.args.empty()) return;
    const Expr& exists = condition.args[0];
    if (exists.kind != ExprKind::kSubquery || exists.sublink != SublinkKind::kExists) return;
    const auto* inner =
        exists.query != nullptr ? std::get_if<Select>(&exists.query->node) : nullptr;
    if (inner == nullptr || inner->from.size() != 1) return;
    const FromItem& from = inner->from[0];
    if (from.kind != FromKind::kRelation || from.relation.name.name != insert->relation.name.name)
      return;
    const std::string name = pass.catalog().Resolve(insert->relation.name).ToString();
    ReportPart(kInfo, query, condition.offset, pass,
               absl::StrFormat("two sessions can both insert this row into `%s`", name))
        .On(name)
        .Primary("neither sees what the other has not committed")
        .Help("a unique index, and ON CONFLICT (…) DO NOTHING");
  });
}

}  // namespace

extern constinit const Rule kInsertWhereNotExists = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::insert_where_not_exists
