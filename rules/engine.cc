#include "rules/engine.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "base/text.h"
#include "ingest/plan/plan.h"
#include "parser/routine_body.h"
#include "parser/sql_file.h"
#include "rules/alternative_scripts.h"
#include "rules/custom_rule.h"
#include "rules/observed_queries.h"
#include "rules/suppressions.h"

namespace pgsift {

namespace {

// How much of a body's statement a finding shows.
constexpr size_t kShownBytes = 80;

bool IsSet(const std::vector<bool>& report, size_t i) { return i >= report.size() || report[i]; }

// The rules that look at statements of a file.
std::vector<const Rule*> RulesFor(std::string_view path, const RuleSet& rules, PgVersion pg) {
  std::vector<const Rule*> active;
  for (const Rule* rule : rules.rules()) {
    if (rule->handlers.empty() && rule->custom == nullptr && rule->query == nullptr &&
        rule->rollback == nullptr)
      continue;
    if (pg < rule->info->since_pg) continue;
    if (rules.OnIn(*rule->info, path)) active.push_back(rule);
  }
  return active;
}

// Runs the query rules over the queries that a statement of a file holds.
void RunQueryRules(const Statement& statement, const std::vector<const Rule*>& active,
                   const RuleSet& rules, PgVersion pg, const SourceSet& sources,
                   const Catalog& catalog, std::vector<Finding>* findings) {
  const ObservedQueries queries = ObserveStatement(statement, catalog);
  if (queries.empty()) return;
  const Evidence evidence = {
      .sources = &sources, .catalog = &catalog, .queries = queries, .pg = pg};
  EvidencePass pass(rules, evidence, findings);
  for (const auto& query : queries) {
    if (ReadsCatalogsOnly(*query)) continue;
    for (const Rule* rule : active) {
      if (rule->query != nullptr) rule->query(*query, pass);
    }
  }
}

// From `from` on, some finding says the same of the same relation.
bool IsSaid(const Finding& finding, const std::vector<Finding>& findings, size_t from) {
  return std::any_of(findings.begin() + static_cast<std::ptrdiff_t>(from), findings.end(),
                     [&](const Finding& other) {
                       return other.rule == finding.rule && other.relation == finding.relation;
                     });
}

// A statement under a condition may be there for the case that something is not there yet.
void DropIfConditional(const RoutineStatement& inner, size_t from, std::vector<Finding>* found) {
  if (!inner.conditional) return;
  found->erase(std::remove_if(found->begin() + static_cast<std::ptrdiff_t>(from), found->end(),
                              [](const Finding& finding) { return finding.rule->id == "MIG091"; }),
               found->end());
}

// Runs the rules on what a DO block does, statement by statement, on a copy of the catalog. `from`:
// the first of *findings that is about the block itself.
void RunRulesInBlock(const SqlFile& file, const Statement& block,
                     const std::vector<const Rule*>& active, const RuleSet& rules, PgVersion pg,
                     const Catalog& catalog, const MigrationHistory& history, size_t from,
                     std::vector<Finding>* findings) {
  const auto* code = block.As<DoBlock>();
  const size_t body_at =
      code == nullptr || code->body.empty() ? block.sql.npos : block.sql.find(code->body);
  if (body_at == block.sql.npos) return;
  Catalog within = catalog;
  std::vector<Finding> found;
  SqlPass pass(rules, pg, file, within, history, &found);
  for (const RoutineStatement& inner : ReadRoutineBody(code->language, code->body).statements) {
    if (inner.kind != RoutineStatement::Kind::kStatic || inner.text == nullptr) continue;
    const uint64_t begin = block.span.begin + body_at + inner.offset;
    const std::string_view sql = file.text.substr(begin, inner.text->size());
    // An expression, which does not stand there as the SELECT that it is run as.
    if (sql != *inner.text) continue;
    // In a body COMMIT is PL/pgSQL's, and has rules of its own.
    if (inner.statement.As<TransactionCommand>() != nullptr) continue;
    Statement statement = ReadStatementAt(
        sql, {.begin = begin, .size = static_cast<uint32_t>(sql.size()), .file = file.file});
    statement.index = block.index;
    statement.transaction = block.transaction;
    pass.Enter(statement);
    const size_t before = found.size();
    for (const Rule* rule : active) {
      for (SqlHandler handler : rule->handlers) handler(statement, pass);
    }
    DropIfConditional(inner, before, &found);
    pass.Leave();
    within.Apply(file, statement);
  }
  for (Finding& finding : found) {
    if (IsSaid(finding, *findings, from)) continue;
    finding.fixes.clear();
    finding.statement = std::string(block.sql);
    finding.Note(
        "it stands in a DO block: all of that is one transaction, in which nothing is "
        "CONCURRENTLY");
    findings->push_back(std::move(finding));
  }
}

// Whether a routine ends transactions itself, so that what it does is done in parts.
bool EndsTransactions(const RoutineBody& body) {
  return std::any_of(body.statements.begin(), body.statements.end(),
                     [](const RoutineStatement& inner) {
                       return inner.statement.As<TransactionCommand>() != nullptr;
                     });
}

// Runs the rules on what the routines do that a statement calls, as far as the inputs define them:
// a migration that makes a helper and calls it. Findings stand at the call. `seen`: the bodies that
// the file's statements have called; each is judged once.
void RunRulesInCalls(const SqlFile& file, const Statement& call,
                     const std::vector<const Rule*>& active, const RuleSet& rules, PgVersion pg,
                     const Catalog& catalog, const MigrationHistory& history, size_t from,
                     std::set<uint64_t>* seen, std::vector<Finding>* findings) {
  std::vector<CalledRoutine> routines = RoutinesOf(call, catalog);
  std::erase_if(routines, [&](const CalledRoutine& routine) {
    return EndsTransactions(*routine.body) || !seen->insert(routine.body->id).second;
  });
  if (routines.empty()) return;
  Catalog within = catalog;
  for (const CalledRoutine& routine : routines) {
    std::vector<Finding> found;
    SqlPass pass(rules, pg, file, within, history, &found);
    for (const RoutineStatement& inner : routine.body->statements) {
      if (inner.kind != RoutineStatement::Kind::kStatic) continue;
      Statement statement = inner.statement;
      statement.span = call.span;
      statement.index = call.index;
      statement.transaction = call.transaction;
      pass.Enter(statement);
      const size_t before = found.size();
      for (const Rule* rule : active) {
        for (SqlHandler handler : rule->handlers) handler(statement, pass);
      }
      DropIfConditional(inner, before, &found);
      for (size_t i = before; i < found.size(); ++i) {
        // Places within the body are none of the call's.
        found[i].primary.span = call.span;
        found[i].secondary.clear();
        found[i].fixes.clear();
        found[i].statement = std::string(call.sql);
        found[i].Note(
            absl::StrFormat("`%s` does it: %s", routine.name, OneLine(*inner.text, kShownBytes)));
      }
      pass.Leave();
      within.Apply(file, statement);
    }
    for (Finding& finding : found) {
      if (!IsSaid(finding, *findings, from)) findings->push_back(std::move(finding));
    }
  }
}

// Undoes a migration on a copy of what it made, and runs the rules that compare.
void RunRollbackRules(const SqlFile& undo, const std::vector<const Rule*>& active,
                      const RuleSet& rules, PgVersion pg, const Catalog& before,
                      const Catalog& applied, std::vector<Finding>* findings) {
  Catalog undone = applied;
  for (const Statement& statement : undo.statements) undone.Apply(undo, statement);
  undone.EndOfFile();
  RollbackPass pass(rules, pg, undo, before, applied, undone, findings);
  for (const Rule* rule : active) {
    if (rule->rollback != nullptr) rule->rollback(pass);
  }
}

// Tells the history which tables in use the transaction locks against writes, and in which order.
void AddLocksOf(const SqlFile& file, const Statement& statement, const SqlPass& pass,
                const Catalog& catalog, MigrationHistory* history) {
  const TransactionBlock* block = file.TransactionOf(statement);
  if (block != nullptr && block->rolled_back) return;
  const auto stops_writes = [&](const LockEffect& lock) {
    const bool table =
        lock.kind == RelationKind::kTable || lock.kind == RelationKind::kPartitionedTable;
    if (!table || lock.released || lock.mode < LockMode::kShare) return false;
    const Relation* known = catalog.Find(lock.id);
    if (known == nullptr) return lock.id == RelationId::kNone;
    return !catalog.CreatedTogether(file, statement, *known);
  };
  std::vector<std::pair<QualifiedName, Span>> held;
  for (const HeldLock& lock : pass.locks().held()) {
    if (stops_writes(lock.lock))
      held.emplace_back(lock.lock.name, file.statements[lock.statement].span);
  }
  for (const LockEffect& lock : pass.effects().locks) {
    if (!stops_writes(lock)) continue;
    history->AddLocks(file.file, held, lock.name, statement.span);
  }
}

// What the schema alone says of the indexes that the files make or leave out.
void RunIndexRules(const RuleSet& rules, const Evidence& evidence,
                   const std::map<FileId, size_t>& files, std::vector<Finding>* findings) {
  static constexpr std::string_view kOfSchema[] = {"IDX001", "IDX002", "IDX003"};
  std::vector<Finding> all;
  EvidencePass pass(rules, evidence, &all);
  for (const Rule* rule : rules.rules()) {
    const bool of_schema = std::find(std::begin(kOfSchema), std::end(kOfSchema), rule->info->id) !=
                           std::end(kOfSchema);
    if (of_schema && evidence.pg >= rule->info->since_pg) rule->evidence(pass);
  }
  for (Finding& finding : all) {
    // The older one may be the one too many: then it is said where a file adds the other.
    if (!files.contains(finding.primary.span.file) && finding.rule->id == "IDX001" &&
        !finding.secondary.empty()) {
      std::swap(finding.primary.span, finding.secondary.front().span);
      std::swap(finding.primary.text, finding.secondary.front().text);
    }
    // They cost something; applying them endangers nothing.
    if (finding.severity == finding.rule->severity) finding.severity = Severity::kInfo;
    findings->push_back(std::move(finding));
  }
}

// Findings about the end of all migrations go to the file that they are in.
void RunSchemaRules(std::span<const SqlFile> files, const RuleSet& rules, PgVersion pg,
                    const SourceSet& sources, const std::vector<bool>& report,
                    const Catalog& catalog, const MigrationHistory& history, bool with_indexes,
                    std::vector<std::vector<Finding>>* found) {
  std::vector<Finding> all;
  SchemaPass pass(rules, pg, catalog, history, &all);
  for (const Rule* rule : rules.rules()) {
    if (rule->schema != nullptr && pg >= rule->info->since_pg) rule->schema(pass);
  }
  std::map<FileId, size_t> index;
  for (size_t i = 0; i < files.size(); ++i) {
    if (IsSet(report, i)) index.emplace(files[i].file, i);
  }
  if (with_indexes) {
    RunIndexRules(rules, {.sources = &sources, .catalog = &catalog, .pg = pg}, index, &all);
  }
  for (Finding& finding : all) {
    const auto file = index.find(finding.primary.span.file);
    if (file == index.end() || !finding.primary.span.known()) continue;
    if (!rules.OnIn(*finding.rule, sources.path(file->first))) continue;
    (*found)[file->second].push_back(std::move(finding));
  }
}

}  // namespace

void RunSqlRules(std::span<const SqlFile> files, const RuleSet& rules, PgVersion pg,
                 const SourceSet& sources, const std::vector<bool>& report, Catalog* catalog,
                 std::vector<Finding>* findings, const StatementVisit& visit, const UndoFiles* undo,
                 bool with_indexes) {
  MigrationHistory history(sources);
  catalog->set_release(pg.release);
  std::vector<std::vector<Finding>> found(files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    const SqlFile& file = files[i];
    SqlPass pass(rules, pg, file, *catalog, history, &found[i]);
    std::vector<const Rule*> active;
    if (IsSet(report, i)) active = RulesFor(sources.path(file.file), rules, pg);
    const SqlFile* undoing = nullptr;
    std::optional<Catalog> before;
    if (undo != nullptr && !active.empty()) {
      if (const auto known = undo->find(file.file); known != undo->end()) {
        undoing = &known->second;
        before = *catalog;
      }
    }
    std::set<uint64_t> called;
    for (const Statement& statement : file.statements) {
      const size_t from = found[i].size();
      pass.Enter(statement);
      if (!active.empty()) {
        RunQueryRules(statement, active, rules, pg, sources, *catalog, &found[i]);
      }
      for (const Rule* rule : active) {
        const size_t found_before = found[i].size();
        for (SqlHandler handler : rule->handlers) handler(statement, pass);
        if (rule->custom != nullptr) CheckCustomRule(*rule->custom, statement, pass);
        for (size_t k = found_before; k < found[i].size(); ++k) {
          if (found[i][k].statement.empty()) found[i][k].statement = std::string(statement.sql);
        }
      }
      if (!active.empty() && statement.As<DoBlock>() != nullptr) {
        RunRulesInBlock(file, statement, active, rules, pg, *catalog, history, from, &found[i]);
      }
      const bool calls = statement.As<Call>() != nullptr || statement.As<Select>() != nullptr;
      if (!active.empty() && calls && MayCallRoutines(statement)) {
        RunRulesInCalls(file, statement, active, rules, pg, *catalog, history, from, &called,
                        &found[i]);
      }
      if (visit) visit(statement, pass);
      if (!active.empty()) AddLocksOf(file, statement, pass, *catalog, &history);
      if (!active.empty() || visit) {
        pass.Leave();
        if (statement.transaction != kNoTransaction) {
          for (const WorkEffect& work : pass.effects().rewrites) catalog->NoteRewrite(work.id);
        }
      }
      history.Apply(file, statement, *catalog);
      catalog->Apply(file, statement);
    }
    catalog->EndOfFile();
    if (undoing != nullptr) {
      RunRollbackRules(*undoing, active, rules, pg, *before, *catalog, &found[i]);
    }
  }
  RunSchemaRules(files, rules, pg, sources, report, *catalog, history, with_indexes, &found);
  for (size_t i = 0; i < files.size(); ++i) {
    if (!IsSet(report, i)) continue;
    DropThoseOfAlternatives(files[i], sources, &found[i]);
    ApplySuppressions(files[i], rules, &found[i]);
    std::move(found[i].begin(), found[i].end(), std::back_inserter(*findings));
  }
}

namespace {

// Plan by plan, since a plan is bigger than a processor's cache likes to hold many of; in parts
// that threads share, whose findings are put together in the order of the plans.
void RunPlanRules(const Evidence& evidence, const RuleSet& rules, std::vector<Finding>* findings,
                  size_t jobs) {
  std::vector<PlanCheck> checks;
  for (const Rule* rule : rules.rules()) {
    if (rule->plan != nullptr && evidence.pg >= rule->info->since_pg) checks.push_back(rule->plan);
  }
  const auto run = [&](std::span<const Plan> plans, std::vector<Finding>* out) {
    EvidencePass pass(rules, evidence, out);
    for (const Plan& plan : plans) {
      for (PlanCheck check : checks) check(plan, pass);
    }
  };
  constexpr size_t kPart = 256;
  const size_t parts = (evidence.plans.size() + kPart - 1) / kPart;
  if (parts <= 1 || jobs <= 1) return run(evidence.plans, findings);
  std::vector<std::vector<Finding>> found(parts);
  ParallelFor(jobs, parts, [&](size_t i) {
    const size_t begin = i * kPart;
    run(evidence.plans.subspan(begin, std::min(kPart, evidence.plans.size() - begin)), &found[i]);
  });
  for (std::vector<Finding>& part : found)
    std::move(part.begin(), part.end(), std::back_inserter(*findings));
}

}  // namespace

void RunEvidenceRules(const Evidence& evidence, const RuleSet& rules,
                      std::vector<Finding>* findings, size_t jobs) {
  RunPlanRules(evidence, rules, findings, jobs);
  EvidencePass pass(rules, evidence, findings);
  std::vector<const ObservedQuery*> queries;
  for (const auto& query : evidence.queries) {
    if (!ReadsCatalogsOnly(*query)) queries.push_back(query.get());
  }
  for (const Rule* rule : rules.rules()) {
    if (evidence.pg < rule->info->since_pg) continue;
    if (rule->query != nullptr) {
      for (const ObservedQuery* query : queries) rule->query(*query, pass);
    }
    if (rule->evidence != nullptr) rule->evidence(pass);
  }
}

void FinishFindings(const SourceSet& sources, std::vector<Finding>* findings) {
  const auto key = [](const Finding& finding) {
    const bool evidence = FamilyOf(*finding.rule) != RuleFamily::kMigration &&
                          FamilyOf(*finding.rule) != RuleFamily::kInput;
    const Span span = finding.primary.span;
    return std::make_tuple(evidence, evidence ? -finding.cost_ms : 0.0, span.file, span.begin,
                           finding.rule->id, std::string_view(finding.message));
  };
  std::stable_sort(findings->begin(), findings->end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  // The nth finding of one rule about one statement of one file keeps its fingerprint when lines
  // move.
  std::map<uint64_t, uint64_t> seen;
  for (Finding& finding : *findings) {
    uint64_t hash = StableHash(finding.rule->id);
    hash = StableHash(sources.path(finding.primary.span.file), hash);
    hash = StableHash(OneLine(finding.statement, 100'000), hash);
    hash = StableHash(finding.relation, hash);
    if (finding.statement.empty()) hash = StableHash(finding.message, hash);
    const uint64_t nth = seen[hash]++;
    finding.fingerprint = StableHash(std::to_string(nth), hash);
  }
}

}  // namespace pgsift
