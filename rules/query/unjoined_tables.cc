// QRY025 unjoined-tables: tables in FROM that no condition joins.

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "parser/query_walk.h"
#include "rules/query/query_rule.h"

namespace pgsift::unjoined_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY025",
    .name = "unjoined-tables",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "tables are not joined by any condition: every row of one is combined with every "
               "row of the other",
    .why = R"md(
A forgotten join condition multiplies the tables: 10,000 rows each give 100 million. Where a
DISTINCT or GROUP BY hides it, it only looks slow.
)md",
    .instead = R"md(
Add the condition. Where every combination is meant, say so: CROSS JOIN.
)md",
    .bad =
        R"sql(SELECT o.id FROM orders o, customers c WHERE o.total > 5 AND c.country = 'DE';)sql",
    .good =
        R"sql(SELECT o.id FROM orders o, customers c WHERE o.total > 5 AND c.id = o.customer_id;)sql",
});

// Which tables of a block conditions bring together: a set of groups.
class Groups {
 public:
  explicit Groups(size_t n) : of_(n) {
    for (size_t i = 0; i < n; ++i) of_[i] = i;
  }
  void Join(size_t a, size_t b) {
    const size_t from = of_[a], to = of_[b];
    for (size_t& group : of_) {
      if (group == from) group = to;
    }
  }
  bool Together(size_t a, size_t b) const { return of_[a] == of_[b]; }

 private:
  std::vector<size_t> of_;
};

// The tables of block `at` that an expression names, sub-queries included.
void TablesIn(const Expr& expr, size_t at, const ObservedQuery& query, const Catalog& catalog,
              std::set<size_t>* tables) {
  VisitExpressions(expr, [&](const Expr& inner) {
    if (inner.kind != ExprKind::kColumn) return;
    const ColumnUse use = ResolveColumn(inner, at, query.blocks, catalog);
    if (use.resolved() && use.block == at) tables->insert(use.table);
    if (!use.resolved()) tables->insert(ColumnUse::kUnresolved);
  });
}

// Everything that brings tables of the block together.
class JoinGraph {
 public:
  JoinGraph(const ObservedQuery& query, size_t at, const Catalog& catalog)
      : query_(query), at_(at), catalog_(catalog), groups_(query.blocks[at].tables.size()) {
    const QueryBlock& block = query.blocks[at];
    if (block.where != nullptr) Add(*block.where);
    EachJoin(block, [&](const FromItem& join) {
      if (join.on != nullptr) Add(*join.on);
      if (join.natural || !join.using_columns.empty() || join.join == JoinType::kCross)
        meant_ = true;
      if (join.join != JoinType::kInner) meant_ = meant_ || join.on == nullptr;
    });
  }
  // A join that says what it combines without a condition, or a name that nothing tells: the graph
  // is not known.
  bool unknown() const { return meant_ || unresolved_; }
  bool Together(size_t a, size_t b) const { return groups_.Together(a, b); }

 private:
  void Add(const Expr& condition) {
    EachConjunct(condition, [&](const Expr& expr) {
      std::set<size_t> tables;
      TablesIn(expr, at_, query_, catalog_, &tables);
      if (tables.erase(ColumnUse::kUnresolved) > 0) unresolved_ = true;
      for (size_t table : tables) groups_.Join(table, *tables.begin());
    });
  }

  const ObservedQuery& query_;
  const size_t at_;
  const Catalog& catalog_;
  Groups groups_;
  bool meant_ = false, unresolved_ = false;
};

// At most one row of the table can qualify, or all its keys are given: no product.
bool IsOneRow(const QueryBlock& block, size_t table, const Catalog& catalog) {
  const Relation* relation = catalog.Find(block.tables[table].id);
  const std::vector<std::string> fixed = FixedColumns(block, table, true);
  // Nothing is known of the table: by its usual key.
  if (relation == nullptr) return std::find(fixed.begin(), fixed.end(), "id") != fixed.end();
  return UniqueIndexWithin(*relation, fixed, catalog) != nullptr;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.select == nullptr || block.tables.size() < 2) continue;
    const bool plain = std::all_of(block.tables.begin(), block.tables.end(),
                                   [](const BlockTable& t) { return t.base_relation; });
    if (!plain) continue;
    const JoinGraph graph(query, at, pass.catalog());
    if (graph.unknown()) continue;
    for (size_t i = 1; i < block.tables.size(); ++i) {
      if (graph.Together(0, i)) continue;
      if (IsOneRow(block, i, pass.catalog()) || IsOneRow(block, 0, pass.catalog())) continue;
      const std::string first = block.tables[0].name.ToString();
      const std::string second = block.tables[i].name.ToString();
      Finding& finding =
          ReportPart(kInfo, query, block.tables[i].offset, pass,
                     absl::StrFormat("no condition joins `%s` with `%s`", second, first));
      finding.On(second).Primary("every row is combined with every row");
      const Relation* a = pass.catalog().Find(block.tables[0].id);
      const Relation* b = pass.catalog().Find(block.tables[i].id);
      if (a != nullptr && b != nullptr) {
        for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
          for (const CatalogConstraint& key : from->constraints) {
            if (key.kind != ConstraintKind::kForeignKey || key.referenced != to->id) continue;
            finding.Note(absl::StrFormat("foreign key `%s` would join them by (%s)", key.name,
                                         key.columns.front()));
          }
        }
      }
      finding.Help("add the join condition, or say CROSS JOIN if every combination is meant");
      return;
    }
  }
}

}  // namespace

extern constinit const Rule kUnjoinedTables = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unjoined_tables
