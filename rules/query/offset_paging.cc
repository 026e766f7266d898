// QRY002 offset-paging: pages far down a list, reached by counting off what comes before.

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

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

// The next page by the last row's key, in place of OFFSET.
void ShowKeyset(const ObservedQuery& query, const QueryBlock& block, const Catalog& catalog,
                Finding* finding) {
  const std::string_view sql = StatementText::Of(query);
  const Select* select = query.blocks.front().select;
  if (sql.empty() || select == nullptr || block.select != select || block.distinct ||
      block.aggregated || select->set_operation != SetOperation::kNone || block.tables.empty()) {
    return;
  }
  std::vector<std::string> keys;
  std::vector<std::string> columns;
  bool nullable = false;
  bool one_table = block.tables.size() == 1;
  const bool descending = block.order_by.front().descending;
  for (const BlockSortKey& key : block.order_by) {
    if (key.descending != descending || key.nulls != NullsOrder::kDefault) return;
    keys.push_back(ToSql(*key.expr));
    columns.push_back(key.column.column);
    const KnownColumn known = FindColumn(query, 0, *key.expr, catalog);
    nullable = nullable || !known.known() || !known.column->not_null;
    one_table = one_table && key.column.table == 0;
  }
  const Relation* table = one_table ? catalog.Find(block.tables[0].id) : nullptr;
  bool unique = table != nullptr && UniqueIndexWithin(*table, columns, catalog) != nullptr;
  std::string order;  // What is added to make the order one without ties.
  if (!unique && table != nullptr && table->PrimaryKey() != nullptr) {
    for (const std::string& column : table->PrimaryKey()->columns) {
      if (std::find(columns.begin(), columns.end(), column) != columns.end()) continue;
      keys.push_back(QuoteIdentifier(block.tables[0].label) + "." + QuoteIdentifier(column));
      order += ", " + keys.back() + (descending ? " DESC" : "");
    }
    unique = true;
  }
  const StatementText text(sql);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(0));
  if (clauses.offset.empty() || clauses.order_by.empty() || clauses.with) return;
  // OFFSET's own parameter is free then; one that is not used has no type.
  const std::string skipped(Trim(text.Text(clauses.offset)));
  const bool freed =
      skipped.starts_with('$') && skipped.find_first_not_of("0123456789", 1) == std::string::npos;
  int parameter = text.HighestParameter();
  std::string names, values;
  for (const std::string& key : keys) {
    names += (names.empty() ? "" : ", ") + key;
    const bool first = values.empty();
    if (!first) values += ", ";
    values += first && freed ? skipped : absl::StrFormat("$%d", ++parameter);
  }
  const bool several = keys.size() > 1;
  const std::string condition =
      absl::StrFormat(several ? "(%s) %s (%s)" : "%s %s %s", names, descending ? "<" : ">", values);
  TextEdits edits;
  if (clauses.where.empty()) {
    edits.Insert(clauses.from.end, " WHERE " + condition);
  } else {
    edits.Replace(clauses.where,
                  " (" + std::string(Trim(text.Text(clauses.where))) + ") AND " + condition);
  }
  if (!order.empty()) edits.Insert(clauses.order_by.end, order);
  edits.Replace(clauses.offset_clause, "");
  std::string difference;
  if (!unique) {
    difference = "rows that share the last row's key are passed over; add a unique column to both";
  } else if (!order.empty()) {
    difference = "rows with the same key come in the order of the primary key, so that pages fit";
  }
  if (nullable) {
    difference +=
        (difference.empty() ? "" : "; ") + std::string("rows whose key is NULL are left out");
  }
  if (ShowRewritten(edits.Apply(sql), difference, finding)) {
    finding->Note("the new parameters are the keys of the last row of the page before");
  }
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
      ShowKeyset(query, block, pass.catalog(), &finding);
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
