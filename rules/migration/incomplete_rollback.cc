// MIG117 incomplete-rollback: a down migration that does not bring back what was there before.

#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::incomplete_rollback {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG117",
    .name = "incomplete-rollback",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the down migration does not undo what its up does",
    .why = R"md(
A rollback is tried for the first time when something is on fire. If it leaves a column behind, the next
try of the migration fails because it is there already; if it forgets an index or a constraint, nobody
notices until it is missed.
)md",
    .instead = R"md(
Undo each change of the up, in reverse order. What cannot be undone (rows that were deleted, an enum
value that was added) should be said in the down migration, which then better fails than does half.
)md",
    .bad = "-- +micrate Up\nCREATE TABLE t (id int);\nALTER TABLE t ADD COLUMN a int;\n"
           "CREATE TABLE u (id int);\n-- +micrate Down\nDROP TABLE t;\n",
    .good = "-- +micrate Up\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\n"
            "-- +micrate Down\nDROP TABLE u;\nDROP TABLE t;\n",
});

// What a catalog has, each with the words that describe how it is.
using Inventory = std::map<std::string, std::string>;

void AddColumns(const Relation& relation, const std::string& name, Inventory* inventory) {
  for (const CatalogColumn& column : relation.columns) {
    std::string how = column.type.ToString();
    if (column.not_null) how += " NOT NULL";
    if (column.default_expr != nullptr) how += " with a default";
    if (column.identity) how += " as identity";
    (*inventory)["column `" + column.name + "` of " + name] = how;
  }
}

// Constraints and columns of a relation that is only on one side are not listed: the relation is.
Inventory InventoryOf(const Catalog& catalog) {
  Inventory inventory;
  for (const Relation* relation : catalog.Relations()) {
    if (relation->name.schema == "pg_temp") continue;
    const std::string name = "`" + relation->name.ToString() + "`";
    const bool sequence = relation->kind == RelationKind::kSequence;
    // A column's own sequence, a constraint's own index: they come and go with it.
    if (sequence && relation->table != RelationId::kNone) continue;
    if (relation->index.has_value() && relation->index->constraint) continue;
    inventory[std::string(RelationKindName(relation->kind)) + " " + name] = "";
    if (!relation->IsTable()) continue;
    AddColumns(*relation, name, &inventory);
    for (const CatalogConstraint& constraint : relation->constraints) {
      // NOT NULL is told with the column.
      if (constraint.kind == ConstraintKind::kNotNull || constraint.name.empty()) continue;
      inventory["constraint `" + constraint.name + "` of " + name] = "";
    }
    for (const CatalogTrigger& trigger : relation->triggers) {
      inventory["trigger `" + trigger.name + "` of " + name] = trigger.enabled ? "" : "disabled";
    }
    for (const CatalogPolicy& policy : relation->policies) {
      inventory["policy `" + policy.name + "` of " + name] = "";
    }
    if (relation->row_security) inventory["row-level security of " + name] = "";
  }
  for (const CatalogFunction* function : catalog.Functions()) {
    inventory["function `" + function->name.ToString() + "`"] = "";
  }
  return inventory;
}

// The part of an entry's name that says whose it is: "`public.t`".
std::string OwnerOf(const std::string& entry) {
  const size_t of = entry.rfind(" of `");
  return of == entry.npos ? std::string() : entry.substr(of + 4);
}

bool Owned(const Inventory& inventory, const std::string& owner) {
  for (const char* kind : {"table ", "partitioned table ", "foreign table "}) {
    if (inventory.contains(kind + owner)) return true;
  }
  return false;
}

struct Differences {
  std::vector<std::string> left, missing, changed;
  size_t size() const { return left.size() + missing.size() + changed.size(); }
};

Differences Compare(const Inventory& before, const Inventory& after) {
  Differences differences;
  for (const auto& [entry, how] : after) {
    const auto was = before.find(entry);
    if (was == before.end()) {
      const std::string owner = OwnerOf(entry);
      if (owner.empty() || Owned(before, owner)) differences.left.push_back(entry);
    } else if (was->second != how) {
      differences.changed.push_back(entry + " was " + was->second + ", is " + how);
    }
  }
  for (const auto& [entry, how] : before) {
    if (after.contains(entry)) continue;
    const std::string owner = OwnerOf(entry);
    if (owner.empty() || Owned(after, owner)) differences.missing.push_back(entry);
  }
  return differences;
}

std::string Listed(const std::vector<std::string>& entries) {
  constexpr size_t kShown = 5;
  std::string text;
  for (size_t i = 0; i < entries.size() && i < kShown; ++i) {
    if (i > 0) text += ", ";
    text += entries[i];
  }
  if (entries.size() > kShown) text += absl::StrFormat(" and %d more", entries.size() - kShown);
  return text;
}

// What it does cannot be told from its text.
bool IsOpaque(const SqlFile& file) {
  for (const Statement& statement : file.statements) {
    if (statement.As<UnparsedStatement>() != nullptr || statement.As<DoBlock>() != nullptr ||
        statement.As<Call>() != nullptr)
      return true;
  }
  return file.unresolved > 0 || file.meta_commands > 0;
}

void CheckRollback(RollbackPass& pass) {
  if (IsOpaque(pass.undo())) return;
  // A down part without a statement says that there is no way back.
  if (pass.undo().statements.empty()) return;
  const Differences differences = Compare(InventoryOf(pass.before()), InventoryOf(pass.undone()));
  if (differences.size() == 0) return;
  const Statement& first = pass.undo().statements.front();
  const std::string what = !differences.left.empty()      ? differences.left.front() + " stays"
                           : !differences.missing.empty() ? differences.missing.front() + " is lost"
                                                          : differences.changed.front();
  Finding& finding = pass.Report(
      kInfo, first.span,
      differences.size() == 1 ? absl::StrFormat("the rollback is not complete: %s", what)
                              : absl::StrFormat("the rollback is not complete: %s, and %d more",
                                                what, differences.size() - 1));
  finding.statement = std::string(first.sql);
  finding.Primary("after the up and this, the schema is not what it was");
  if (!differences.left.empty()) finding.Note("left: " + Listed(differences.left));
  if (!differences.missing.empty()) finding.Note("missing: " + Listed(differences.missing));
  if (!differences.changed.empty()) finding.Note("changed: " + Listed(differences.changed));
  finding.Help("undo each change of the up, in reverse order");
}

}  // namespace

extern constinit const Rule kIncompleteRollback = MakeRollbackRule(kInfo, &CheckRollback);

}  // namespace pgsift::incomplete_rollback
