// QRY053 empty-upsert: ON CONFLICT DO UPDATE that writes what is there already.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::empty_upsert {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY053",
    .name = "empty-upsert",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary =
        "ON CONFLICT DO UPDATE sets a column to what it holds already, only to return the row",
    .why = R"md(
The row is written anew, with WAL, a dead version and a row lock, each time that it exists: usually
the most frequent case.
)md",
    .instead = R"md(
`ON CONFLICT DO NOTHING`, and a SELECT where no row came back; or `DO UPDATE … WHERE t.a IS DISTINCT
FROM excluded.a`.
)md",
    .bad =
        R"sql(INSERT INTO tags (name) VALUES ('x') ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id;)sql",
    .good =
        R"sql(INSERT INTO tags (name, n) VALUES ('x', 1) ON CONFLICT (name) DO UPDATE SET n = tags.n + 1;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.insert == nullptr || !block.insert->on_conflict.has_value()) continue;
    const OnConflict& conflict = *block.insert->on_conflict;
    if (!conflict.update || conflict.where.has_value() || conflict.assignments.empty()) continue;
    // Each assigned column is the conflict's own key, or takes its own value.
    bool empty = true;
    for (const Target& target : conflict.assignments) {
      bool same = target.expr.IsColumn() && target.expr.LastName() == target.alias;
      if (same && target.expr.name.size() > 1 &&
          target.expr.name[target.expr.name.size() - 2] == "excluded") {
        same = std::any_of(conflict.targets.begin(), conflict.targets.end(),
                           [&](const Expr& key) { return key.LastName() == target.alias; });
      }
      empty = empty && same;
    }
    if (!empty) continue;
    const std::string name = pass.catalog().Resolve(block.insert->relation.name).ToString();
    ReportPart(kInfo, query, conflict.assignments.front().offset, pass,
               absl::StrFormat("`DO UPDATE` writes each row of `%s` anew without a change", name))
        .On(name)
        .Primary("holds this value already")
        .Help("DO NOTHING, and read the row where none came back");
  }
}

}  // namespace

extern constinit const Rule kEmptyUpsert = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::empty_upsert
