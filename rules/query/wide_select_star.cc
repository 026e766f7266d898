// QRY007 wide-select-star: SELECT * over a table with columns that are stored out of line.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::wide_select_star {
namespace {

constexpr RuleOption kOptions[] = {
    {"columns_min", 12, "columns that the table must have"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "QRY007",
    .name = "wide-select-star",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "SELECT * fetches wide columns that are stored out of line",
    .why = R"md(
Values of more than about 2 kB stand in the table's TOAST table: every one that is read is fetched
from there, unpacked, and sent. `*` reads them all, keeps index-only scans away, and changes its
meaning when a column is added.
)md",
    .instead = R"md(
Name the columns that are used.
)md",
    .bad =
        R"sql(CREATE TABLE pages (id int, a int, b int, c int, d int, e int, f int, g int, h int, i int, title text, body jsonb);
SELECT * FROM pages WHERE id = 5;)sql",
    .good =
        R"sql(CREATE TABLE pages (id int, a int, b int, c int, d int, e int, f int, g int, h int, i int, title text, body jsonb);
SELECT id, title FROM pages WHERE id = 5;)sql",
    .options = kOptions,
});

bool IsWide(const CatalogColumn& column) {
  const std::string& type = column.type.name.name;
  return type == "jsonb" || type == "json" || type == "bytea" || type == "xml" ||
         type == "tsvector" || (type == "text" && column.type.modifiers.empty()) ||
         column.type.array_dimensions > 0;
}

// The tables that a target of `*` or `t.*` stands for.
bool Stands(const Expr& star, const BlockTable& table) {
  return star.name.size() < 2 || star.name[star.name.size() - 2] == table.label;
}

std::string WithColumns(const ObservedQuery& query, const Target& star, const BlockTable& named,
                        const Relation& table, bool qualify) {
  const std::string_view sql = StatementText::Of(query);
  if (sql.empty()) return {};
  std::string list;
  for (const CatalogColumn& column : table.columns) {
    if (IsWide(column)) continue;
    if (!list.empty()) list += ", ";
    if (qualify) list += QuoteIdentifier(named.label) + ".";
    list += QuoteIdentifier(column.name);
  }
  const StatementText text(sql);
  const size_t begin = StatementText::At(query, star.expr.offset);
  const size_t end = sql.find('*', begin);
  if (list.empty() || end == sql.npos) return {};
  TextEdits edits;
  edits.Replace({begin, end + 1}, list);
  return edits.Apply(sql);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query) || query.blocks.empty()) return;
  const QueryBlock& block = query.blocks.front();
  if (block.select == nullptr) return;
  for (const Target& target : block.select->targets) {
    if (target.expr.kind != ExprKind::kColumn || target.expr.LastName() != "*") continue;
    for (const BlockTable& named : block.tables) {
      const Relation* table = pass.catalog().Find(named.id);
      if (table == nullptr || !table->IsTable() || !Stands(target.expr, named)) continue;
      if (static_cast<double>(table->columns.size()) < pass.option(kInfo, "columns_min")) continue;
      std::string wide, narrow;
      for (const CatalogColumn& column : table->columns) {
        std::string& list = IsWide(column) ? wide : narrow;
        if (!list.empty()) list += ", ";
        list += QuoteIdentifier(column.name);
      }
      if (wide.empty()) continue;
      Finding& finding =
          ReportPart(kInfo, query, target.offset, pass,
                     absl::StrFormat("`%s` fetches all %d columns of `%s`", ToSql(target.expr),
                                     table->columns.size(), table->name.ToString()));
      finding.On(table->name.ToString());
      finding.Primary("may be stored out of line: " + wide);
      finding.Help("name the columns that are used; without the wide ones: " + narrow);
      // A bare star stands for the columns of all tables.
      if (target.expr.name.size() > 1 || block.tables.size() == 1) {
        ShowRewritten(WithColumns(query, target, named, *table, block.tables.size() > 1),
                      "it leaves out " + wide + ", and columns that are added later", &finding);
      }
      return;
    }
  }
}

}  // namespace

extern constinit const Rule kWideSelectStar = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::wide_select_star
