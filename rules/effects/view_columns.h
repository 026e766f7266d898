#ifndef PGSIFT_RULES_EFFECTS_VIEW_COLUMNS_H_
#define PGSIFT_RULES_EFFECTS_VIEW_COLUMNS_H_

// Internal to rules/effects/: what a view's columns are in the relations that it reads.

#include <optional>
#include <string>
#include <vector>

#include "parser/catalog.h"

namespace pgsift {

// The names of a relation's columns, in their order.
std::vector<std::string> OutputColumns(const Relation& relation);

// The columns of `base`, which the view reads and calls `label`, that the view's `columns` show.
std::vector<std::string> ColumnsBelow(const Relation& view, const Relation& base,
                                      const std::string& label,
                                      const std::vector<std::string>& columns);

// The view's query with a condition on the view, whose columns are called `label`.column in it, as
// far as the planner tests it below. None where it tests nothing there. Source: pull_up_subqueries,
// subquery_push_qual.
std::optional<Query> PushedDown(const Relation& view, const std::string& label, const Expr* outer);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_VIEW_COLUMNS_H_
