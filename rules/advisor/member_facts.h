#ifndef PGSIFT_RULES_ADVISOR_MEMBER_FACTS_H_
#define PGSIFT_RULES_ADVISOR_MEMBER_FACTS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/advisor/table_facts.h"

namespace pgsift {

// What is known of an expression that takes a member out of a jsonb column, with or without a cast:
// `data ->> 'state'`, `(data -> 'a' ->> 'b')::int`. The planner knows nothing of it before there is
// an index; but the column's most common values and histogram are a sample of its documents, and
// ANALYZE will gather from such ones what it says of the index.
struct MemberFacts {
  ColumnFacts column;  // Its statistics are `statistics`.
  std::unique_ptr<ColumnStatistics> statistics;
};

// Empty: another expression, or too few documents are known.
std::optional<MemberFacts> FactsOfMember(const std::string& expression, const TableFacts& table);

// The member of a JSON document at the end of the path, as ->> gives it: texts without quotes.
// Empty: null, or not there.
std::optional<std::string> MemberOf(std::string_view json, const std::vector<std::string>& path);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_MEMBER_FACTS_H_
