#ifndef PGSIFT_RULES_ADVISOR_CANDIDATE_FINDER_H_
#define PGSIFT_RULES_ADVISOR_CANDIDATE_FINDER_H_

#include <set>
#include <string>
#include <vector>

#include "rules/advisor/candidates.h"
#include "rules/advisor/selection.h"

namespace pgsift {

// What helps one statement.
struct StatementCandidates {
  std::vector<IndexDesign> designs;
  std::vector<std::string> together;  // Signatures of those that help together alone.
};

// What helps each statement by itself; each statement on its own, so that it can be many at once.
// `signatures`: of the indexes that are there; `current`: what all calls of each statement cost.
std::vector<StatementCandidates> FindCandidates(const std::vector<WeighedStatement>& statements,
                                                const IndexSet& existing,
                                                const std::set<std::string>& signatures,
                                                const CandidateContext& context,
                                                const CandidateRules& rules,
                                                const std::vector<double>& current, size_t jobs);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_CANDIDATE_FINDER_H_
