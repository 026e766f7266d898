#include "rules/engine.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "ingest/plan/plan.h"
#include "rules/suppressions.h"

namespace pgsift {

void RunSqlRules(std::span<const SqlFile> files, const RuleSet& rules, PgVersion pg,
                 const SourceSet& sources, const std::vector<bool>& report, Catalog* catalog,
                 std::vector<Finding>* findings, const StatementVisit& visit) {
  for (size_t i = 0; i < files.size(); ++i) {
    const SqlFile& file = files[i];
    const bool reported = i >= report.size() || report[i];
    std::vector<Finding> found;
    SqlPass pass(rules, pg, file, *catalog, &found);
    std::vector<const Rule*> active;
    for (const Rule* rule : rules.rules()) {
      if (rule->handlers.empty() || pg < rule->info->since_pg) continue;
      if (reported && rules.OnIn(*rule->info, sources.path(file.file))) active.push_back(rule);
    }
    for (const Statement& statement : file.statements) {
      pass.Enter(statement);
      for (const Rule* rule : active) {
        const size_t before = found.size();
        for (SqlHandler handler : rule->handlers) handler(statement, pass);
        for (size_t k = before; k < found.size(); ++k) {
          if (found[k].statement.empty()) found[k].statement = std::string(statement.sql);
        }
      }
      if (visit) visit(statement, pass);
      if (!active.empty() || visit) pass.Leave();
      catalog->Apply(file, statement);
    }
    catalog->EndOfFile();
    if (!reported) continue;
    ApplySuppressions(file, rules, &found);
    std::move(found.begin(), found.end(), std::back_inserter(*findings));
  }
}

void RunEvidenceRules(const Evidence& evidence, const RuleSet& rules,
                      std::vector<Finding>* findings) {
  EvidencePass pass(rules, evidence, findings);
  for (const Rule* rule : rules.rules()) {
    if (evidence.pg < rule->info->since_pg) continue;
    if (rule->query != nullptr) {
      for (const auto& query : evidence.queries) rule->query(*query, pass);
    }
    if (rule->plan != nullptr) {
      for (const Plan& plan : evidence.plans) rule->plan(plan, pass);
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
