// SRV030 n-plus-one: one query fetches a list, then one more for each of its rows.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "parser/query_blocks.h"
#include "parser/sql_file.h"
#include "rules/rewrite/statement_text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::n_plus_one {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 20, "Calls of the repeated query, in runs, from which on it is reported"},
    {"parent_share_min", 0.3, "Calls of the first query, of all, that such a run must follow"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV030",
    .name = "n-plus-one",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .fix = FixSafety::kDisplay,
    .summary = "after one query, another runs again and again with a changing key",
    .why = R"md(
The application fetches a list, then asks for each row of it by itself: 1 + N round trips instead of one or two. Each
is fast; together they are what a page waits for, and most of the time goes to the network and the
application's own work between them.
)md",
    .instead = R"md(
Fetch all in one statement: a `JOIN`, `= ANY($1)` with the list of keys, or `LATERAL` where each key needs a `LIMIT` of its
own. ORMs call it eager loading: `includes`, `select_related`, `prefetch_related`, `JOIN FETCH`.
)md",
    .bad = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM "
           "orders WHERE day = 1\n"
           "[x20] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT * FROM "
           "items WHERE order_id = {n}\n",
    .good =
        "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM orders "
        "WHERE day = 1\n"
        "2024-05-01 10:00:00.200 UTC [1] LOG:  duration: 0.2 ms  statement: SELECT * FROM items "
        "WHERE order_id = ANY('{1,2,3}')\n",
    .options = kOptions,
});

// A query taken apart, if it is one plain SELECT. The tree views the text.
struct TakenApart {
  explicit TakenApart(const std::string& sql, const Catalog& catalog)
      : statement(ReadStatement(sql)), blocks(BlocksOf(statement, catalog)) {
    select = statement.As<Select>();
    if (select != nullptr && select->set_operation != SetOperation::kNone) select = nullptr;
  }
  Statement statement;
  std::vector<QueryBlock> blocks;
  const Select* select = nullptr;
};

bool OutputHas(const Select& select, std::string_view label, std::string_view column) {
  return std::any_of(select.targets.begin(), select.targets.end(), [&](const Target& target) {
    const Expr& expr = target.expr;
    if (expr.kind != ExprKind::kColumn) return false;
    if (expr.name.size() > 1 && expr.name[expr.name.size() - 2] != label) return false;
    return expr.LastName() == "*" ||
           (expr.LastName() == column && (target.alias.empty() || target.alias == column));
  });
}

// "order" for "orders", "category" for "categories".
std::string Singular(const std::string& name) {
  if (name.ends_with("ies")) return name.substr(0, name.size() - 3) + "y";
  if (name.ends_with("ses") || name.ends_with("xes")) return name.substr(0, name.size() - 2);
  return name.ends_with('s') ? name.substr(0, name.size() - 1) : name;
}

// How the child's key is got from a row of the parent.
struct Link {
  std::string column;     // Of the parent's output; empty: it cannot be told.
  bool declared = false;  // By a foreign key; else by the names.
};

Link FindLink(const TakenApart& parent, const BlockTable& child_table, const std::string& key,
              const Catalog& catalog) {
  const auto references = [&](const BlockTable& from, const BlockTable& to, const std::string& own,
                              const std::string& other) {
    const Relation* table = catalog.Find(from.id);
    if (table == nullptr) return false;
    return std::any_of(table->constraints.begin(), table->constraints.end(),
                       [&](const CatalogConstraint& constraint) {
                         return constraint.kind == ConstraintKind::kForeignKey &&
                                constraint.columns == std::vector<std::string>{own} &&
                                constraint.referenced == to.id && to.id != RelationId::kNone &&
                                (constraint.referenced_columns.empty()
                                     ? other == "id"
                                     : constraint.referenced_columns.front() == other);
                       });
  };
  const Relation* child_relation = catalog.Find(child_table.id);
  for (const BlockTable& table : parent.blocks.front().tables) {
    const auto given = [&](const std::string& column) {
      return OutputHas(*parent.select, table.label, column);
    };
    // The child refers to the parent: items.order_id is orders.id.
    if (child_relation != nullptr) {
      for (const CatalogConstraint& constraint : child_relation->constraints) {
        for (const std::string& column : constraint.referenced_columns) {
          if (references(child_table, table, key, column) && given(column)) return {column, true};
        }
      }
    }
    // The parent refers to the child: orders.customer_id is customers.id.
    if (const Relation* relation = catalog.Find(table.id)) {
      for (const CatalogConstraint& constraint : relation->constraints) {
        if (constraint.columns.size() != 1) continue;
        const std::string& own = constraint.columns.front();
        if (references(table, child_table, own, key) && given(own)) return {own, true};
      }
    }
    if (key == Singular(table.name.name) + "_id" && given("id")) return {"id", false};
    const std::string reference = Singular(child_table.name.name) + "_id";
    if (key == "id" && given(reference)) return {reference, false};
  }
  return {};
}

// One statement for parent and child, made of both as they are; "" where it cannot be told how they
// hang together.
std::string Joined(const std::string& parent_sql, const std::string& child_sql,
                   const Catalog& catalog, bool* declared) {
  const TakenApart parent(parent_sql, catalog);
  const TakenApart child(child_sql, catalog);
  if (parent.select == nullptr || child.select == nullptr || parent.blocks.empty() ||
      child.blocks.size() != 1 || child.blocks.front().tables.size() != 1 ||
      !parent.select->locking.empty() || !child.select->locking.empty()) {
    return {};
  }
  const QueryBlock& block = child.blocks.front();
  const Predicate* key = nullptr;
  Link link;
  for (const Predicate& predicate : block.predicates) {
    const bool by_value = predicate.kind == PredicateKind::kEqual && predicate.value != nullptr &&
                          predicate.value->kind == ExprKind::kParam && !predicate.wrapped &&
                          !predicate.in_or && predicate.operator_name == "=";
    if (!by_value) continue;
    const Link found = FindLink(parent, block.tables.front(), predicate.column.column, catalog);
    if (found.column.empty()) continue;
    if (key != nullptr) return {};  // Which of them changes, the log does not say.
    key = &predicate;
    link = found;
  }
  if (key == nullptr) return {};
  const std::string& column = key->column.column;
  *declared = link.declared;
  // The child's other parameters go behind the parent's.
  const StatementText parent_text(parent_sql);
  const StatementText text(child_sql);
  const int shift = parent_text.HighestParameter();
  const std::string value = "p." + QuoteIdentifier(link.column);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(0));
  const size_t key_at = static_cast<size_t>(key->value->offset - child.statement.span.begin);
  TextEdits edits;
  for (TextRange token = text.TokenFrom(0); !token.empty(); token = text.TokenFrom(token.end)) {
    if (child_sql[token.begin] != '$') continue;
    const int number = std::atoi(text.Text(token).c_str() + 1);
    const int own = std::atoi(key->value->value.c_str());
    if (token.begin == key_at || number == own) {
      edits.Replace(token, value);
    } else {
      edits.Replace(token, absl::StrFormat("$%d", shift + number - (number > own)));
    }
  }
  const std::string lateral = edits.Apply(child_sql);
  const TextRange arm = text.ArmAt(
      clauses.where, static_cast<size_t>(key->expr->offset - child.statement.span.begin));
  const bool plain = clauses.order_by.empty() && clauses.limit.empty() && clauses.offset.empty() &&
                     clauses.group_by.empty() && !block.aggregated && !block.distinct &&
                     text.Arms(clauses.where).size() == 1 && !arm.empty() &&
                     text.HighestParameter() == 1 &&
                     OutputHas(*child.select, block.tables.front().label, column);
  if (plain) {
    return "SELECT p.*, c.* FROM (" + parent_sql + ") AS p JOIN (" +
           std::string(Trim(child_sql.substr(0, text.TokenBefore(clauses.where.begin).begin))) +
           ") AS c ON c." + QuoteIdentifier(column) + " = " + value;
  }
  return "SELECT p.*, c.* FROM (" + parent_sql + ") AS p CROSS JOIN LATERAL (" + lateral + ") AS c";
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  for (const QueryRun& run : totals.runs) {
    const RunStats& stats = run.stats;
    if (run.parent.empty() || run.parent == run.child) continue;
    if (static_cast<double>(stats.calls) < pass.option(kInfo, "calls_min")) continue;
    // A batch job's loops, or a read that never changes, are other findings.
    if (stats.loops * 2 > stats.groups || stats.same_text_groups * 2 > stats.groups) continue;
    const QueryStats* parent = QueryById(totals, run.parent);
    const QueryStats* child = QueryById(totals, run.child);
    if (parent == nullptr || child == nullptr || !IsRead(*child) || IsHousekeeping(*child))
      continue;
    if (!IsRead(*parent) || IsHousekeeping(*parent)) continue;
    // In mixed traffic a frequent query follows any other by chance.
    if (static_cast<double>(stats.groups) <
        pass.option(kInfo, "parent_share_min") * static_cast<double>(parent->calls)) {
      continue;
    }
    const double each =
        static_cast<double>(stats.calls) / static_cast<double>(std::max<uint64_t>(stats.groups, 1));
    const double elapsed_ms = static_cast<double>(stats.elapsed_us) / 1000;
    Finding& finding = ReportTraffic(
        kInfo, pass, stats.place, *child,
        absl::StrFormat(
            "after %s the same query ran %.0f times each, with another key every time",
            stats.groups == 1 ? "one query" : Grouped(stats.groups) + " calls of a query", each));
    finding.cost_ms = elapsed_ms;
    finding.Measure("calls", static_cast<double>(stats.calls), "1");
    finding.Measure("calls_per_parent", each, "1");
    finding.Measure("elapsed_ms", elapsed_ms, "ms");
    finding.Measure("busy_ms", static_cast<double>(stats.busy_us) / 1000, "ms");
    finding.Note("first: " + OneLine(parent->query, 300));
    finding.Note("then, each time: " + OneLine(child->query, 300));
    finding.Note(
        absl::StrFormat("the runs took %s, of which the server worked %s; at most %d in one%s",
                        HumanMs(elapsed_ms), HumanMs(static_cast<double>(stats.busy_us) / 1000),
                        stats.calls_max, stats.in_transactions > 0 ? ", in transactions" : ""));
    const std::string all = ForAllKeys(child->query);
    if (!all.empty()) {
      finding.Help("one statement for all keys: " + OneLine(all, 600));
    } else {
      finding.Help("join it to the first query, or use LATERAL, so that one statement fetches all");
    }
    bool declared = false;
    const std::string joined = Joined(parent->query, child->query, pass.catalog(), &declared);
    if (ShowRewritten(joined,
                      "rows of the first query without any of the second are left out; LEFT JOIN "
                      "keeps them",
                      &finding) &&
        !declared) {
      finding.Note("that the keys are those is told by their names: no foreign key is known");
    }
  }
}

}  // namespace

extern constinit const Rule kNPlusOne = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::n_plus_one
