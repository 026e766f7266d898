#include "rules/migration/migration_rule.h"

#include <cctype>

#include "base/text.h"

namespace pgsift {

bool IsToolsTable(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "alembic_version",        "schema_migrations",
      "ar_internal_metadata",   "__EFMigrationsHistory",
      "django_migrations",      "databasechangelog",
      "flyway_schema_history",  "databasechangeloglock",
      "goose_db_version",       "_sqlx_migrations",
      "_prisma_migrations",     "knex_migrations",
      "schema_version",         "knex_migrations_lock",
      "pgmigrations",           "__diesel_schema_migrations",
      "SequelizeMeta",          "refinery_schema_history",
      "atlas_schema_revisions", "__drizzle_migrations"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool InUse(const Relation* relation, const Statement& statement, const SqlPass& pass) {
  if (relation == nullptr) return true;
  if (relation->index.has_value()) {
    if (const Relation* table = pass.catalog().Find(relation->table)) {
      return InUse(table, statement, pass);
    }
  }
  return !pass.catalog().CreatedTogether(pass.file(), statement, *relation);
}

bool InUse(const QualifiedName& name, const Statement& statement, const SqlPass& pass) {
  const Relation* known = pass.catalog().Find(name);
  return !(known == nullptr && IsToolsTable(name.name)) && InUse(known, statement, pass);
}

bool InUse(const LockEffect& lock, const Statement& statement, const SqlPass& pass) {
  if (lock.id == RelationId::kNone) return InUse(lock.name, statement, pass);
  const Relation* relation = pass.catalog().Find(lock.id);
  // Dropped since: what was new then is gone, what was in use cannot be used any more.
  return relation != nullptr && InUse(relation, statement, pass);
}

bool InUse(const WorkEffect& work, const Statement& statement, const SqlPass& pass) {
  const Relation* relation = pass.catalog().Find(work.id);
  return relation != nullptr ? InUse(relation, statement, pass) : InUse(work.name, statement, pass);
}

bool HoldsRows(RelationKind kind) {
  return kind == RelationKind::kTable || kind == RelationKind::kPartitionedTable ||
         kind == RelationKind::kMaterializedView;
}

namespace {

// A partition whose parent is among the relations says nothing more.
template <typename Lock, typename NameOf>
bool ParentIsThere(const std::vector<Lock>& locks, const LockEffect& lock, const NameOf& name_of,
                   const SqlPass& pass) {
  const Relation* relation = pass.catalog().Find(lock.id);
  if (relation == nullptr) return false;
  return std::any_of(locks.begin(), locks.end(), [&](const Lock& other) {
    const RelationId id = name_of(other).id;
    return id != RelationId::kNone && std::find(relation->parents.begin(), relation->parents.end(),
                                                id) != relation->parents.end();
  });
}

}  // namespace

std::vector<const LockEffect*> LocksInUse(const Statement& statement, const SqlPass& pass,
                                          LockMode mode_min) {
  std::vector<const LockEffect*> found;
  const auto& locks = pass.effects().locks;
  for (const LockEffect& lock : locks) {
    if (lock.mode < mode_min || lock.released || !HoldsRows(lock.kind)) continue;
    if (!InUse(lock, statement, pass)) continue;
    const auto self = [](const LockEffect& other) { return other; };
    if (!ParentIsThere(locks, lock, self, pass)) found.push_back(&lock);
  }
  return found;
}

std::vector<const HeldLock*> HeldInUse(const Statement& statement, const SqlPass& pass,
                                       LockMode mode_min) {
  std::vector<const HeldLock*> found;
  const auto& held = pass.locks().held();
  for (const HeldLock& lock : held) {
    if (lock.lock.mode < mode_min || !HoldsRows(lock.lock.kind)) continue;
    if (!InUse(lock.lock, statement, pass)) continue;
    const auto inner = [](const HeldLock& other) { return other.lock; };
    if (!ParentIsThere(held, lock.lock, inner, pass)) found.push_back(&lock);
  }
  return found;
}

const WorkEffect* WorkInUse(const Statement& statement, const SqlPass& pass, const char** word) {
  const Effects& effects = pass.effects();
  // A foreign key of a new table finds no rows to look up in the other one.
  const auto* alter = statement.As<AlterTable>();
  if (alter != nullptr && !InUse(alter->relation.name, statement, pass)) return nullptr;
  const auto first = [&](const std::vector<WorkEffect>& works, const char* what) {
    for (const WorkEffect& work : works) {
      if (!InUse(work, statement, pass)) continue;
      if (word != nullptr) *word = what;
      return &work;
    }
    return static_cast<const WorkEffect*>(nullptr);
  };
  if (const WorkEffect* work = first(effects.rewrites, "rewrites")) return work;
  for (const WorkEffect& work : effects.builds) {
    // A new index is known by what is scanned for it.
    if (work.id == RelationId::kNone || !InUse(work, statement, pass)) continue;
    if (word != nullptr) *word = "builds an index on";
    return &work;
  }
  return first(effects.scans, effects.builds.empty() ? "reads all of" : "builds an index on");
}

std::string TableOf(const WorkEffect& work, const SqlPass& pass) {
  const Relation* relation = pass.catalog().Find(work.id);
  if (relation != nullptr && relation->index.has_value()) {
    if (const Relation* table = pass.catalog().Find(relation->table)) return table->name.ToString();
  }
  return work.name.ToString();
}

std::string_view ReasonIn(const std::vector<WorkEffect>& works, const QualifiedName& name) {
  for (const WorkEffect& work : works) {
    if (work.name == name) return work.why;
  }
  return {};
}

std::string_view WaitingFor(LockMode mode) {
  return mode == LockMode::kAccessExclusive ? "reads and writes" : "writes";
}

std::string ColumnList(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) {
    if (!list.empty()) list += ", ";
    list += QuoteIdentifier(column);
  }
  return list;
}

std::string ColumnList(const std::vector<IndexElement>& elements) {
  std::string list;
  for (const IndexElement& element : elements) {
    if (!list.empty()) list += ", ";
    if (element.expr != nullptr) {
      list += "(" + ToSql(*element.expr) + ")";
    } else {
      list += QuoteIdentifier(element.column);
    }
  }
  return list;
}

void VisitNewColumns(const Statement& statement, const SqlPass& pass,
                     const std::function<void(const NewColumn&)>& visit) {
  if (const auto* create = statement.As<CreateTable>()) {
    if (create->foreign || create->relation.temporary) return;
    for (const ColumnDef& column : create->columns) {
      if (column.type.empty()) continue;
      visit({.column = &column, .table = &create->relation, .created = true});
    }
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr || alter->object != ObjectKind::kTable) return;
  const Relation* known = pass.catalog().Find(alter->relation.name);
  if (known != nullptr && known->persistence == Persistence::kTemporary) return;
  for (const AlterSubcommand& command : alter->subcommands) {
    if (!command.column.has_value() || command.column->type.empty()) continue;
    const bool added = command.action == AlterAction::kAddColumn;
    const bool altered = command.action == AlterAction::kAlterColumnType;
    if (added || altered) {
      visit({.column = &*command.column, .table = &alter->relation, .altered = altered});
    }
  }
}

namespace {

// The end of what starts at `at` and is no word: quoted text, a comment; or `at` itself.
size_t SkipQuoted(std::string_view sql, size_t at) {
  const char c = sql[at];
  if (c == '\'' || c == '"') {
    const size_t end = sql.find(c, at + 1);
    return end == sql.npos ? sql.size() : end + 1;
  }
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  if (sql.substr(at, 2) == "/*") {
    const size_t end = sql.find("*/", at + 2);
    return end == sql.npos ? sql.size() : end + 2;
  }
  if (c != '$') return at;
  const size_t tag = sql.find('$', at + 1);
  if (tag == sql.npos) return at;
  const std::string_view mark = sql.substr(at, tag + 1 - at);
  const size_t end = sql.find(mark, tag + 1);
  return end == sql.npos ? at : end + mark.size();
}

bool IsWord(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::vector<std::string> SqlWords(std::string_view sql) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at < sql.size()) {
    const size_t end = SkipQuoted(sql, at);
    if (end > at) {
      at = end;
      continue;
    }
    if (!IsWord(sql[at])) {
      ++at;
      continue;
    }
    std::string word;
    for (; at < sql.size() && IsWord(sql[at]); ++at) {
      word += static_cast<char>(std::toupper(static_cast<unsigned char>(sql[at])));
    }
    words.push_back(std::move(word));
  }
  return words;
}

bool HasWords(std::string_view sql, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> all = SqlWords(sql);
  return std::search(all.begin(), all.end(), words.begin(), words.end()) != all.end();
}

namespace {

bool IsConstant(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == ExprKind::kCast && !inner->args.empty()) inner = &inner->args.front();
  if (inner->kind == ExprKind::kList || inner->kind == ExprKind::kArray) {
    return std::all_of(inner->args.begin(), inner->args.end(), IsConstant);
  }
  return inner->kind == ExprKind::kConstant || inner->kind == ExprKind::kParam;
}

// The column alone is a key of the table, or begins one that picks few rows.
bool IsKey(std::string_view column, const Relation* table) {
  if (table == nullptr) return column == "id" || column == "uuid";
  for (const CatalogConstraint& constraint : table->constraints) {
    const bool key = constraint.kind == ConstraintKind::kPrimaryKey ||
                     constraint.kind == ConstraintKind::kUnique;
    if (key && constraint.columns.size() == 1 && constraint.columns.front() == column) return true;
  }
  return table->constraints.empty() && column == "id";
}

}  // namespace

bool PicksByKey(const Expr* where, const Relation* table) {
  if (where == nullptr) return false;
  if (where->kind == ExprKind::kAnd) {
    return std::any_of(where->args.begin(), where->args.end(),
                       [&](const Expr& part) { return PicksByKey(&part, table); });
  }
  if (where->kind != ExprKind::kOperator || where->args.size() != 2 || where->negated) return false;
  const bool equal = where->op == OperatorKind::kPlain || where->op == OperatorKind::kIn ||
                     where->op == OperatorKind::kAny;
  if (!equal || where->LastName() != "=") return false;
  const Expr& left = where->args[0];
  const Expr& right = where->args[1];
  if (left.IsColumn() && IsConstant(right)) return IsKey(left.LastName(), table);
  return right.IsColumn() && IsConstant(left) && IsKey(right.LastName(), table);
}

bool AlwaysTrue(const Expr& where) {
  if (where.kind == ExprKind::kConstant) return where.value == "t" || where.value == "true";
  if (where.kind != ExprKind::kOperator || where.args.size() != 2) return false;
  return where.LastName() == "=" && where.args[0].kind == ExprKind::kConstant &&
         where.args[1].kind == ExprKind::kConstant && where.args[0].value == where.args[1].value;
}

std::span<const Statement> Later(const Statement& statement, const SqlPass& pass) {
  const std::vector<Statement>& all = pass.file().statements;
  return std::span<const Statement>(all).subspan(std::min<size_t>(statement.index + 1, all.size()));
}

}  // namespace pgsift
