#ifndef PGSIFT_RULES_ADVISOR_SCAN_READER_H_
#define PGSIFT_RULES_ADVISOR_SCAN_READER_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/advisor/need_reader.h"
#include "rules/advisor/scans.h"

namespace pgsift {

// Queries nested deeper are not looked into.
inline constexpr int kDepthMax = 40;

// The expression calls an aggregate or a window function.
bool HasAggregate(const Expr& expr);

// Walks a statement and writes down, level by level, which tables it reads and what it asks of
// them. Names are resolved as PostgreSQL does; what the planner dissolves into the query around it
// (views, plain sub-queries) is dissolved here too. One object for one statement.
class ScanReader {
 public:
  ScanReader(const Catalog& catalog, const ValueContext& values, StatementScans* out)
      : catalog_(catalog), values_(values), scans_(*out) {}

  void Read(const Query& query) {
    std::visit([&](const auto& node) { Enter(node); }, query.node);
  }
  void Enter(const Select& select) { Whole(select, nullptr, LevelTable::kNoLevel); }

  void Enter(const Insert& insert);

  void Enter(const Update& update);

  void Enter(const Delete& del);

  void Enter(const Merge& merge);

 private:
  // A column where it lies after everything is dissolved.
  struct Ref {
    size_t level = LevelTable::kNoLevel;
    size_t table = 0;
    std::string column;
  };
  struct Source {
    std::string label;
    size_t table = LevelTable::kNoLevel;  // In its level.
    const Relation* relation = nullptr;   // A base table.
    std::map<std::string, Ref> columns;   // Of what was dissolved.
    bool open = false;                    // Any column may be its own.
  };
  struct Scope {
    Scope* outer = nullptr;
    size_t level = 0;
    std::vector<Source> sources;
    std::map<std::string, const CommonTable*> common;
    int depth = 0;
  };
  struct Side {
    bool nullable = false, semi = false, anti = false, lateral = false;
  };

  Level& LevelOf(const Scope& scope) { return scans_.levels[scope.level]; }

  Scope Open(Scope* outer);
  // What is dissolved: another scope of names over the same level.
  static Scope Within(Scope* outer);

  const Relation* Table(const RelationRef& ref);

  const CommonTable* FindCommon(const RelationRef& ref, const Scope& scope) const;

  void With(const WithClause& with, Scope* scope);

  size_t AddTable(const Relation* relation, const std::string& label, size_t inner_level,
                  const Side& side, Scope* scope);

  void Target0(const RelationRef& ref, Scope* scope);

  // A sub-select, view or WITH table in FROM.
  void Derived(const Query& query, const std::string& label, const Side& side, bool keep_apart,
               Scope* scope);

  void From(const FromItem& item, Scope* scope, Side side);

  void Unknown(const std::string& label, const Side& side, Scope* scope);

  void Using(const std::string& column, size_t first, size_t middle, Scope* scope);

  static std::optional<Ref> InSource(const Source& source, const std::string& column, size_t level);

  std::optional<Ref> Resolve(const Expr& expr, const Scope& scope) const;

  void Mark(const Ref& ref) {
    if (ref.level >= scans_.levels.size() || ref.table >= scans_.levels[ref.level].tables.size())
      return;
    LevelTable& table = scans_.levels[ref.level].tables[ref.table];
    table.needed.insert(ref.column);
    if (testing_ != ref.level) table.shown.insert(ref.column);
  }

  // Notes the columns that an expression reads, and plans the sub-queries in it.
  void Reads(const Expr& expr, Scope* scope);

  void Star(const Expr& star, const Scope& scope);

  // A sub-query that stays one: it runs once, or for each row of the level that it names.
  void SubPlan(const Query& query, Scope* scope);

  std::map<std::string, Ref> Dissolve(const Select& select, Scope* inner, const Side& side);

  // A SELECT with a level of its own; returns it.
  size_t Whole(const Select& select, Scope* outer, size_t per_row_of);

  const Expr& OutputOf(const Expr& expr, const Select& select) const;

  std::optional<OrderKey> KeyOf(const Expr& expr, const Scope& scope) const;

  void Order(const Select& select, Scope* own);

  void Group(const Select& select, Scope* own);

  // SELECT min(a), max(a): each is one step into an index.
  void Extremes(const Select& select, const Scope& scope);

  void Join(const Ref& a, const Ref& b, const Scope& scope);

  void Condition(const Expr& expr, Scope* scope, const Side& side);

  bool JoinCondition(const Expr& expr, Scope* scope);

  // Adds what `expr` asks of one table of this level to `out`.
  void One(const Expr& expr, Scope* scope, std::vector<Need>* out);

  void Or(const Expr& expr, Scope* scope);

  // EXISTS: a join that keeps each row once.
  void Exists(const Expr& expr, Scope* scope, bool anti);

  void InQuery(const Expr& expr, Scope* scope);

  void Finish(Scope* scope);

  const Catalog& catalog_;
  const ValueContext& values_;
  StatementScans& scans_;
  std::set<size_t> correlated_;  // Levels that name a column of a level in front of them.
  std::map<const CommonTable*, int> common_uses_;
  int common_depth_ = 0;
  bool recursive_ = false;
  // Recursive WITH tables that are being read: the level of their first side, once it is read.
  std::map<const CommonTable*, size_t> reading_;
  const CommonTable* body_of_ = nullptr;  // The next SELECT is the body of that WITH table.
  // What is read is read to test one condition of that level.
  size_t testing_ = LevelTable::kNoLevel;
  std::vector<std::unique_ptr<Expr>> kept_;
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_SCAN_READER_H_
