#ifndef PGSIFT_RULES_ENGINE_H_
#define PGSIFT_RULES_ENGINE_H_

#include <functional>
#include <map>
#include <span>
#include <vector>

#include "rules/registry.h"
#include "rules/rule.h"

namespace pgsift {

// What is called for each statement.
using StatementVisit = std::function<void(const Statement&, const SqlPass&)>;

// What undoes migrations, by the file that is undone. It may stand in that file or in another one.
using UndoFiles = std::map<FileId, SqlFile>;

// Runs the SQL rules over `files` in the order given, which is the order in which they are applied,
// and folds them into *catalog: each rule sees what was known before its statement. One ordered
// pass: a rule costs microseconds, so parsing is what runs in parallel, and no snapshots of the
// catalog have to be kept. Findings of files for which `report` is false are left out, their
// statements are folded all the same. Suppression comments are applied. `visit`, if not null, is
// called for each statement after its rules, with the catalog and the locks as they were before it.
// `undo`, if not null, is tried on a copy of the catalog after each file that it undoes.
// `with_indexes`: the rules over indexes run too that the schema at the end answers alone, where
// RunEvidenceRules() will not run them with all that is known.
void RunSqlRules(std::span<const SqlFile> files, const RuleSet& rules, PgVersion pg,
                 const SourceSet& sources, const std::vector<bool>& report, Catalog* catalog,
                 std::vector<Finding>* findings, const StatementVisit& visit = nullptr,
                 const UndoFiles* undo = nullptr, bool with_indexes = false);

// Runs the rules over queries, plans and everything joined; those over plans on up to `jobs`
// threads.
void RunEvidenceRules(const Evidence& evidence, const RuleSet& rules,
                      std::vector<Finding>* findings, size_t jobs = 1);

// Sets fingerprints, and orders: SQL findings by file, place and rule; then those of logs, plans
// and statistics by the time they cost. `sources` decides the order of files.
void FinishFindings(const SourceSet& sources, std::vector<Finding>* findings);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ENGINE_H_
