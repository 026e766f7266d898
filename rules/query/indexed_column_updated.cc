// QRY048 indexed-column-updated: a frequent UPDATE of a column that an index holds.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::indexed_column_updated {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 100, "calls in the log"},
    {"hot_share_max", 0.5,
     "share of HOT updates of the table, by the statistics, from which on it is fine"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY048",
    .name = "indexed-column-updated",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a frequent UPDATE changes an indexed column, so no update of the table can be HOT",
    .why = R"md(
An update that changes no indexed column, on a page with room, needs no new index entries (HOT). One
that changes a column of any index adds an entry to every index of the table and leaves dead ones
for VACUUM.
)md",
    .instead = R"md(
Drop the index on the column if nothing needs it; else keep such columns in a table of their own, or
lower `fillfactor` for the other updates.
)md",
    .bad = R"sql(-- log: 500 calls, 20 ms each
CREATE TABLE sessions (id int PRIMARY KEY, seen_at timestamptz);
CREATE INDEX ON sessions (seen_at);
UPDATE sessions SET seen_at = now() WHERE id = 5;)sql",
    .good = R"sql(-- log: 500 calls, 20 ms each
CREATE TABLE sessions (id int PRIMARY KEY, seen_at timestamptz);
UPDATE sessions SET seen_at = now() WHERE id = 5;)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (static_cast<double>(query.calls) < pass.option(kInfo, "calls_min")) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.update == nullptr || block.tables.empty()) continue;
    const Relation* table = pass.catalog().Find(block.tables[0].id);
    if (table == nullptr) continue;
    const Snapshot* snapshot = pass.evidence().snapshot();
    const TableStatistics* statistics =
        snapshot != nullptr ? snapshot->Table(table->name) : nullptr;
    if (statistics != nullptr && statistics->updated > 0 &&
        statistics->hot_updated >= pass.option(kInfo, "hot_share_max") * statistics->updated)
      continue;
    for (const Target& target : block.update->assignments) {
      const Relation* holder = nullptr;
      for (const Relation* index : pass.catalog().IndexesOf(*table)) {
        if (!index->index.has_value() || index->index->method == "brin") continue;
        for (const IndexElement& element : index->index->elements) {
          if (element.column == target.alias) holder = index;
        }
        for (const std::string& column : index->index->include) {
          if (column == target.alias) holder = index;
        }
      }
      if (holder == nullptr) continue;
      Finding& finding =
          ReportPart(kInfo, query, target.offset, pass,
                     absl::StrFormat("updates of `%s.%s` add an entry to all %d indexes",
                                     table->name.ToString(), target.alias,
                                     pass.catalog().IndexesOf(*table).size()));
      finding.On(table->name.ToString()).Primary("an index holds this column: no HOT update");
      finding.Also(holder->origin.span, absl::StrFormat("`%s`", holder->name.ToString()));
      if (statistics != nullptr && statistics->updated > 0) {
        finding.Note(absl::StrFormat("%.0f %% of the table's updates were HOT",
                                     100 * statistics->hot_updated / statistics->updated));
      }
      finding.Help("drop the index if nothing needs it, or keep the column in a table of its own");
      break;
    }
  }
}

}  // namespace

extern constinit const Rule kIndexedColumnUpdated = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::indexed_column_updated
