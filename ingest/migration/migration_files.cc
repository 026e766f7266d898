#include "ingest/migration/migration_files.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "ingest/file/file_reader.h"
#include "ingest/migration/migration_name.h"
#include "ingest/migration/other_database.h"
#include "ingest/migration/version_scripts.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

size_t LeadingDigits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// V1__x.sql, U1.1__x.sql, B20240101__x.sql, R__x.sql.
bool IsFlywayName(std::string_view file) {
  const size_t divider = file.find("__");
  if (divider == file.npos || divider == 0 || !file.ends_with(".sql")) return false;
  if (divider == 1) return file.front() == 'R';
  if (file.front() != 'V' && file.front() != 'U' && file.front() != 'B') return false;
  const std::string_view version = file.substr(1, divider - 1);
  return IsDigit(version.front()) && version.find_first_not_of("0123456789._") == version.npos;
}

// The folder whose migrations are numbered together.
std::string GroupFolder(Dialect dialect, const ProjectFolder& folder, const std::string& path) {
  const DialectTraits& traits = TraitsOf(dialect);
  if (traits.order == VersionOrder::kListed && !folder.list_folder.empty()) {
    return folder.list_folder;
  }
  std::string_view at = FolderOf(path);
  if (traits.folder_each) return std::string(FolderOf(at));
  // Flyway looks below its location too.
  for (std::string_view up = at; dialect == Dialect::kFlyway && !up.empty(); up = FolderOf(up)) {
    const std::string name = Lower(FileName(up));
    if (name == "migration" || name == "migrations") return std::string(up);
  }
  return std::string(at);
}

bool IsFile(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// What the folder below supabase/ holds: tests, or the schema as the migrations leave it.
MigrationRole SupabaseRole(const std::string& path, const std::vector<std::string>& paths) {
  constexpr std::string_view kRoot = "supabase/";
  const size_t root = path.rfind(kRoot);
  if (root == path.npos) return MigrationRole::kApply;
  const std::string_view below = std::string_view(path).substr(root + kRoot.size());
  if (below.starts_with("tests/")) return MigrationRole::kVerify;
  const std::string migrations = path.substr(0, root + kRoot.size()) + "migrations/";
  const bool built_up = std::any_of(paths.begin(), paths.end(), [&](const std::string& other) {
    return other.starts_with(migrations);
  });
  return below.starts_with("schemas/") && built_up ? MigrationRole::kBaseline
                                                   : MigrationRole::kApply;
}

// Of scripts that no tool's conventions order: those that lead from version to version.
void ArrangeVersions(std::vector<SourceFile>* files) {
  std::vector<std::string> paths;
  for (const SourceFile& file : *files) {
    const bool ours = file.kind == InputKind::kMigration && file.error.empty() &&
                      file.role.empty() && (file.format == "sql" || file.format == "psql");
    paths.push_back(ours ? file.path : std::string());
  }
  for (const VersionScripts& product : FindVersionScripts(paths)) {
    for (const auto& [index, role] : product.other) {
      (*files)[index].role = std::string(MigrationRoleName(role));
    }
    std::vector<size_t> slots = product.run;
    std::sort(slots.begin(), slots.end());
    std::vector<SourceFile> sorted;
    for (size_t index : product.run) sorted.push_back(std::move((*files)[index]));
    for (size_t i = 0; i < slots.size(); ++i) (*files)[slots[i]] = std::move(sorted[i]);
  }
}

struct Member {
  size_t index = 0;
  MigrationName name;
  size_t listed = 0;
};

}  // namespace

const ProjectFolder& MigrationFiles::FolderAt(const std::string& path) {
  const std::string_view folder = FolderOf(path);
  if (const auto found = of_path_.find(folder); found != of_path_.end()) return *found->second;
  std::error_code error;
  fs::path whole = fs::absolute(folder.empty() ? "." : folder, error).lexically_normal();
  if (whole.filename().empty()) whole = whole.parent_path();
  const ProjectFolder& found = FolderNamed(whole);
  of_path_.emplace(folder, &found);
  return found;
}

const ProjectFolder& MigrationFiles::FolderNamed(const fs::path& folder) {
  const auto known = folders_.find(folder.string());
  if (known != folders_.end()) return *known->second;
  std::error_code error;
  const bool root = folder == folder.parent_path() || fs::exists(folder / ".git", error);
  const ProjectFolder* above = root ? nullptr : &FolderNamed(folder.parent_path());
  return *folders_.emplace(folder.string(), std::make_unique<ProjectFolder>(folder, above))
              .first->second;
}

Dialect MigrationFiles::DialectOf(const std::string& path, std::string_view text) {
  for (auto file = settings_.files.rbegin(); file != settings_.files.rend(); ++file) {
    if (file->dialect != nullptr && GlobMatches(file->glob, path)) return file->dialect->dialect;
  }
  if (settings_.dialect != nullptr) return settings_.dialect->dialect;
  const auto marked = DialectByMarkers(text);
  // psql's commands may stand in the scripts of tools that run psql.
  if (marked.has_value() && *marked != Dialect::kPsql) return *marked;
  const Dialect named = ByName(path);
  return named == Dialect::kSql && marked.has_value() ? *marked : named;
}

Dialect MigrationFiles::ByName(const std::string& path) {
  const ProjectFolder& folder = FolderAt(path);
  const std::string_view file = FileName(path);
  const std::string_view parent = ParentName(path);
  const std::string slashed = "/" + path;
  if (folder.listed_by_sqitch && !SqitchChange(path).empty()) return Dialect::kSqitch;
  if (file == "migration.sql" && LeadingDigits(parent) > 0) {
    return folder.snapshot_beside ? Dialect::kDrizzle : Dialect::kPrisma;
  }
  if ((file == "up.sql" || file == "down.sql") && LeadingDigits(parent) > 0) {
    if (folder.diesel) return Dialect::kDiesel;
    return folder.hasura || LeadingDigits(parent) == 13 ? Dialect::kHasura : Dialect::kDiesel;
  }
  if (!folder.list_folder.empty() && !folder.listed_by_sqitch && LeadingDigits(file) > 0) {
    return Dialect::kDrizzle;
  }
  if (slashed.find("/supabase/") != std::string::npos) return Dialect::kSupabase;
  if (IsFlywayName(file)) {
    return folder.refinery && !folder.flyway ? Dialect::kRefinery : Dialect::kFlyway;
  }
  // Its files of plain SQL are named in a changelog of another format.
  if (folder.liquibase) return Dialect::kLiquibase;
  if (folder.dbup) return Dialect::kDbUp;
  if (LeadingDigits(file) == 0) {
    return folder.graphile && file == "current.sql" ? Dialect::kGraphile : Dialect::kSql;
  }
  if (folder.sqlx) return Dialect::kSqlx;
  if (folder.node_pg_migrate) return Dialect::kNodePgMigrate;
  if (folder.postgres_migrations) return Dialect::kPostgresMigrations;
  if (folder.tern) return Dialect::kTern;
  if (folder.graphile && parent == "committed") return Dialect::kGraphile;
  if (folder.yoyo || file.ends_with(".rollback.sql")) return Dialect::kYoyo;
  if (folder.atlas) return Dialect::kAtlas;
  if (file.ends_with(".tx.up.sql") || file.ends_with(".tx.down.sql")) return Dialect::kBun;
  if (file.ends_with(".up.sql") || file.ends_with(".down.sql")) return Dialect::kGolangMigrate;
  if (parent == "sqls" && (file.ends_with("-up.sql") || file.ends_with("-down.sql"))) {
    return Dialect::kDbMigrate;
  }
  const std::string_view action = file.substr(LeadingDigits(file));
  if (action.starts_with(".do.") || action.starts_with(".undo.")) return Dialect::kPostgrator;
  return Dialect::kSql;
}

ScriptContext MigrationFiles::ContextOf(Dialect dialect, const std::string& path) {
  ScriptContext context;
  context.placeholders.style = TraitsOf(dialect).placeholders;
  context.values = settings_.placeholders;
  if (dialect == Dialect::kFlyway) {
    std::map<std::string, std::string, std::less<>> settings = FolderAt(path).flyway_settings;
    // V2__x.sql.conf beside V2__x.sql.
    const FileBytes own = ReadFile(path + ".conf", uint64_t{1} << 20);
    if (own.error.empty()) {
      for (auto& [name, value] : ReadProperties(own.bytes)) settings.insert_or_assign(name, value);
    }
    for (const auto& [name, value] : settings) {
      constexpr std::string_view kPlaceholders = "placeholders.";
      if (name.starts_with(kPlaceholders)) {
        context.values.try_emplace(name.substr(kPlaceholders.size()), value);
      }
      if (name == "placeholderPrefix") context.placeholders.prefix = value;
      if (name == "placeholderSuffix") context.placeholders.suffix = value;
      if (name == "placeholderReplacement" && value == "false") {
        context.placeholders.style = PlaceholderStyle::kNone;
      }
      if (name == "mixed") context.mixed = value == "true";
      if (name == "executeInTransaction" && value == "false") {
        context.transaction = ToolTransaction::kNone;
      }
    }
    if (const auto schema = settings.find("defaultSchema"); schema != settings.end()) {
      context.values.try_emplace("flyway:defaultSchema", schema->second);
    }
  }
  if (dialect == Dialect::kBun && FileName(path).find(".tx.") != std::string_view::npos) {
    context.transaction = ToolTransaction::kOpened;
  }
  if (dialect == Dialect::kDiesel && FolderAt(path).run_in_transaction == false) {
    context.transaction = ToolTransaction::kOneString;
  }
  if (settings_.transaction.has_value()) context.transaction = settings_.transaction;
  for (const MigrationSettings::FileSettings& file : settings_.files) {
    if (file.transaction.has_value() && GlobMatches(file.glob, path)) {
      context.transaction = file.transaction;
    }
  }
  return context;
}

void MigrationFiles::Arrange(std::vector<SourceFile>* files) {
  std::map<std::pair<std::string, Dialect>, std::vector<Member>> groups;
  std::vector<std::string> paths;
  for (const SourceFile& file : *files) {
    const bool migration = file.kind == InputKind::kMigration && file.error.empty();
    paths.push_back(migration ? file.path : std::string());
  }
  const std::vector<bool> others = OfOtherDatabases(paths);
  for (size_t i = 0; i < files->size(); ++i) {
    SourceFile& file = (*files)[i];
    if (file.kind != InputKind::kMigration || !file.error.empty()) continue;
    const Dialect dialect = DialectOf(file.path, file.text);
    file.format = std::string(TraitsOf(dialect).name);
    Member member{.index = i, .name = ReadMigrationName(dialect, file.path)};
    const std::vector<std::string> undone = UndoneBy(file.path);
    if (std::any_of(undone.begin(), undone.end(), IsFile)) {
      member.name.role = MigrationRole::kRevert;
    }
    if (dialect == Dialect::kSupabase) member.name.role = SupabaseRole(file.path, paths);
    if (others[i]) member.name.role = MigrationRole::kOtherDatabase;
    const ProjectFolder& folder = FolderAt(file.path);
    if (dialect == Dialect::kPrisma && folder.of_other_database) {
      member.name.role = MigrationRole::kOtherDatabase;
    }
    member.listed = folder.listed.size();
    std::string_view stem = FileName(file.path);
    if (const std::string_view change = SqitchChange(file.path);
        dialect == Dialect::kSqitch && !change.empty()) {
      stem = change;
    }
    if (stem.ends_with(".sql")) stem.remove_suffix(4);
    if (dialect == Dialect::kDrizzle && folder.snapshot_beside) stem = ParentName(file.path);
    if (const auto entry = folder.listed.find(stem); entry != folder.listed.end()) {
      member.listed = entry->second;
    }
    groups[{GroupFolder(dialect, folder, file.path), dialect}].push_back(std::move(member));
  }
  for (auto& [key, members] : groups) {
    for (Member& member : members) {
      // A baseline stands for the versions before it, where those are no longer there.
      const bool repeats = member.name.baseline &&
                           std::any_of(members.begin(), members.end(), [&](const Member& other) {
                             return !other.name.baseline && !other.name.version.empty() &&
                                    other.name.role == MigrationRole::kApply &&
                                    CompareDotted(other.name.version, member.name.version) <= 0;
                           });
      if (repeats) member.name.role = MigrationRole::kBaseline;
      if (member.name.role != MigrationRole::kApply) {
        (*files)[member.index].role = std::string(MigrationRoleName(member.name.role));
      }
    }
    const VersionOrder order = TraitsOf(key.second).order;
    if (order == VersionOrder::kNatural) continue;
    std::vector<size_t> slots(members.size());
    std::transform(members.begin(), members.end(), slots.begin(),
                   [](const Member& member) { return member.index; });
    std::stable_sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
      if (order == VersionOrder::kListed && a.listed != b.listed) return a.listed < b.listed;
      return RunsBefore(order, a.name, (*files)[a.index].path, b.name, (*files)[b.index].path);
    });
    std::vector<SourceFile> sorted;
    for (const Member& member : members) sorted.push_back(std::move((*files)[member.index]));
    for (size_t i = 0; i < slots.size(); ++i) (*files)[slots[i]] = std::move(sorted[i]);
  }
  ArrangeVersions(files);
}

}  // namespace pgsift
