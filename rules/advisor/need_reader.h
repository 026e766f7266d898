#ifndef PGSIFT_RULES_ADVISOR_NEED_READER_H_
#define PGSIFT_RULES_ADVISOR_NEED_READER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rules/advisor/scans.h"

namespace pgsift {

// Reads what one condition asks of one table.
class NeedReader {
 public:
  // The name in the table of a column that an expression names; empty: not of this table.
  using ColumnNames = std::function<std::optional<std::string>(const Expr&)>;

  NeedReader(const ValueContext& values, ColumnNames names)
      : values_(values), names_(std::move(names)) {}

  // Adds what `expr`, a condition without AND at its top, asks. `table` may be null.
  void Read(const Expr& expr, const Relation* table, std::vector<Need>* needs) const;

 private:
  bool Names(const Expr& expr) const;
  void SetKey(const Expr& side, const Relation* table, Need* need) const;
  void Operator(const Expr& expr, const Relation* table, std::vector<Need>* needs) const;
  void Pattern(const Expr& pattern, Need* need) const;
  void Range(const std::string& op, const Expr& value, Need* need) const;

  const ValueContext values_;
  const ColumnNames names_;
};

// Adds a need; two ends of a range over one key become one.
void MergeRange(Need need, std::vector<Need>* needs);

// An index may hold the expression: all that it calls always gives the same. What depends on the
// type of a column (date_trunc over timestamptz) needs the table; without it the answer is no.
bool IsImmutable(const Expr& expr, const Relation* table = nullptr);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_NEED_READER_H_
