// QRY002 offset-paging: pages far down a list, reached by counting off what comes before.

#include <cstdlib>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/query/query_rule.h"

namespace pgsift::offset_paging {
namespace {

constexpr RuleOption kOptions[] = {
    {"offset_min", 1000, "rows skipped from which on a query is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY002",
    .name = "offset-paging",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a large OFFSET reads and throws away every row before the page",
    .why = R"md(
`OFFSET n` computes n rows, sorted and joined, and drops them: page 1000 costs a thousand times page 1.
Rows that are inserted meanwhile make pages overlap or skip.
)md",
    .instead = R"md(
Remember the last row's sort key and continue from there:
`WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20`, with an index on
`(created_at, id)`. Every page then costs the same.
)md",
    .bad = "CREATE TABLE orders (id int, placed_at timestamptz);\n"
           "SELECT * FROM orders ORDER BY placed_at LIMIT 20 OFFSET 20000;",
    .good = "CREATE TABLE orders (id int, placed_at timestamptz);\n"
            "SELECT * FROM orders ORDER BY placed_at LIMIT 20 OFFSET 20;",
    .options = kOptions,
});

// The rows skipped, as far as the text or its parameters tell; -1 otherwise.
double RowsSkipped(const Expr& offset, const ObservedQuery& query) {
  if (offset.kind == ExprKind::kConstant) return std::atof(offset.value.c_str());
  if (offset.kind == ExprKind::kCast && !offset.args.empty())
    return RowsSkipped(offset.args[0], query);
  if (offset.kind == ExprKind::kParam) {
    const std::string value = ParameterValue(query.parameters, offset.value);
    if (!value.empty()) return std::atof(value.c_str());
  }
  return -1;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.offset == nullptr) continue;
    const double skipped = RowsSkipped(*block.offset, query);
    if (skipped < pass.option(kInfo, "offset_min")) continue;
    std::string keys;
    bool plain = !block.order_by.empty();
    for (const BlockSortKey& key : block.order_by) {
      plain = plain && key.column.resolved();
      if (!keys.empty()) keys += ", ";
      keys += ToSql(*key.expr);
    }
    Finding& finding = ReportQuery(kInfo, query, pass,
                                   absl::StrFormat("`OFFSET` skips %s rows for each page",
                                                   Grouped(static_cast<uint64_t>(skipped))));
    if (!block.tables.empty()) finding.On(block.tables.front().name.ToString());
    finding.Primary("all skipped rows are computed first");
    if (plain) {
      const bool descending = block.order_by.front().descending;
      finding.Help(absl::StrFormat(
          "page by key: keep the last row's (%s) and ask WHERE (%s) %s (…) ORDER BY … LIMIT …",
          keys, keys, descending ? "<" : ">"));
    } else if (block.order_by.empty()) {
      finding.Help("page by key: sort by a unique column and continue behind the last row's value");
      finding.Note("there is no ORDER BY: which rows a page holds is left to chance");
    } else {
      finding.Help("page by key: keep the last row's sort key and continue behind it");
    }
  }
}

}  // namespace

extern constinit const Rule kOffsetPaging = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::offset_paging
