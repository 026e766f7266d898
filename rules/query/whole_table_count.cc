// QRY035 whole-table-count: count(*) over a whole large table.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::whole_table_count {
namespace {

constexpr RuleOption kOptions[] = {
    {"mean_ms_min", 10, "in a log: a call quicker than this is not reported"},
    {"rows_min", 1000000, "without a log: rows of the table, by the statistics"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY035",
    .name = "whole-table-count",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "count(*) without a condition reads the whole table",
    .why = R"md(
PostgreSQL keeps no count of rows, since every transaction sees others: all of the table, or of an
index, is read each time.
)md",
    .instead = R"md(
Where an estimate will do: `SELECT reltuples::bigint FROM pg_class WHERE oid = 'table'::regclass`.
Else a counter that a trigger keeps, or a count that is cached.
)md",
    .bad = R"sql(-- log: 500 calls, 20 ms each
SELECT count(*) FROM orders;)sql",
    .good = R"sql(SELECT reltuples::bigint FROM pg_class WHERE oid = 'orders'::regclass;)sql",
    .options = kOptions,
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || block.where != nullptr || block.tables.size() != 1) continue;
    if (!block.group_by.empty() || !block.tables[0].base_relation) continue;
    if (block.select->targets.size() != 1) continue;
    const Expr& target = block.select->targets[0].expr;
    if (!Calls(target, {"count"}) || target.distinct || target.filter != nullptr) continue;
    const Snapshot* snapshot = pass.evidence().snapshot();
    const TableStatistics* statistics =
        snapshot != nullptr ? snapshot->Table(block.tables[0].name) : nullptr;
    const bool large = statistics != nullptr && statistics->rows >= pass.option(kInfo, "rows_min");
    const bool slow = query.calls > 0 && query.mean_ms >= pass.option(kInfo, "mean_ms_min");
    if (!slow && !large) continue;
    const std::string name = block.tables[0].name.ToString();
    ReportPart(kInfo, query, target.offset, pass,
               absl::StrFormat("`count(*)` reads all of `%s`", name))
        .On(name)
        .Primary("no count is kept")
        .Help(absl::StrFormat("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
                              QuoteLiteral(QuoteName(block.tables[0].name))));
  }
}

}  // namespace

extern constinit const Rule kWholeTableCount = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::whole_table_count
