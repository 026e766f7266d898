// The pipeline's SQL: which files run, in which order, read in parallel.

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/parallel.h"
#include "cli/changed_files.h"
#include "cli/pipeline.h"
#include "ingest/file/discovery.h"
#include "ingest/migration/migration_name.h"
#include "ingest/migration/migration_script.h"
#include "ingest/migration/whole_schema.h"
#include "parser/repeated_rows.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

struct ReadScript {
  FileId file = FileId::kNone;
  bool dump = false;
  Dialect dialect = Dialect::kSql;
  ScriptContext context;
  MigrationScript script;
};

// Scripts and what they include. A file runs where it is included, before the rest of what includes
// it.
struct IncludeOrder {
  std::vector<FileId> scripts;
  std::map<FileId, std::vector<FileId>> includes;

  std::vector<FileId> Order() const {
    std::set<FileId> included;
    for (const auto& [script, files] : includes) included.insert(files.begin(), files.end());
    std::vector<FileId> order;
    std::set<FileId> placed;
    const std::function<void(FileId)> place = [&](FileId file) {
      if (!placed.insert(file).second) return;
      if (const auto files = includes.find(file); files != includes.end()) {
        for (FileId other : files->second) place(other);
      }
      order.push_back(file);
    };
    for (FileId file : scripts) {
      if (!included.contains(file)) place(file);
    }
    // Scripts that include each other have no first one.
    for (FileId file : scripts) place(file);
    return order;
  }
};

std::string FullPath(const std::string& path) {
  std::error_code error;
  const fs::path full = fs::weakly_canonical(path, error);
  return error ? path : full.string();
}

// Where psql would find a file that a script includes: \ir from the script's folder, \i from the
// working directory, which for scripts of a project is often above the script's own.
std::string IncludedPath(const std::string& script, const std::string& included) {
  if (included.starts_with('/')) return included;
  std::error_code error;
  fs::path folder = fs::path(script).parent_path();
  const fs::path beside = folder / included;
  if (fs::is_regular_file(beside, error)) return beside.generic_string();
  if (fs::is_regular_file(included, error)) return included;
  for (; !folder.empty() && folder != folder.parent_path(); folder = folder.parent_path()) {
    const fs::path above = folder.parent_path() / included;
    if (fs::is_regular_file(above, error)) return above.generic_string();
  }
  return beside.generic_string();
}

// Which migration a file applies or undoes: its tool, its folder (sqitch and others keep both sides
// in folders of their own, side by side), its version, or its description where it has none.
std::string UndoKey(const SourceFile& source, Dialect dialect) {
  const MigrationName name = ReadMigrationName(dialect, source.path);
  std::string folder(FolderOf(source.path));
  if (const std::string_view change = SqitchChange(source.path);
      dialect == Dialect::kSqitch && !change.empty()) {
    folder = FolderOf(std::string_view(source.path).substr(0, source.path.size() - change.size()));
  }
  const std::string_view last = FileName(folder);
  if (last == "deploy" || last == "revert" || last == "undo" || last == "down" || last == "up")
    folder.resize(folder.size() - last.size());
  const bool flyway = dialect == Dialect::kFlyway && !name.version.empty();
  return source.format + '\n' + folder + '\n' + name.version + '\n' +
         (flyway ? std::string() : name.description);
}

}  // namespace

void Pipeline::ReadSqlFiles() {
  std::vector<ReadScript> scripts;
  std::map<std::string, FileId> by_path;
  IncludeOrder order;
  size_t known = 0;
  // What scripts include is read too: the inputs grow while they are walked.
  while (known < sources_.size()) {
    const size_t first = scripts.size();
    for (; known < sources_.size(); ++known) {
      const SourceFile& source = sources_[sources_.id(known)];
      if (!source.error.empty() || !source.role.empty()) continue;
      if (source.kind != InputKind::kMigration && source.kind != InputKind::kSchema) continue;
      ReadScript script{.file = sources_.id(known)};
      // A dump is what it says; the files of a folder may be a tool's.
      script.dump = source.kind == InputKind::kSchema && source.format == "sql";
      if (const auto* traits = script.dump ? nullptr : DialectByName(source.format)) {
        script.dialect = traits->dialect;
        script.context = migration_files_.ContextOf(traits->dialect, source.path);
      }
      order.scripts.push_back(script.file);
      scripts.push_back(std::move(script));
    }
    ParallelFor(jobs_, scripts.size() - first, [&](size_t i) {
      ReadScript& script = scripts[first + i];
      const SourceFile& source = sources_[script.file];
      if (script.dump) return;
      script.script = ReadMigrationScript(script.dialect, source.text, script.context);
    });
    for (size_t i = first; i < scripts.size(); ++i) {
      for (const std::string& name : scripts[i].script.includes) {
        order.includes[scripts[i].file].push_back(Include(scripts[i].file, name, &by_path));
      }
    }
  }
  std::map<FileId, const ReadScript*> of_file;
  for (const ReadScript& script : scripts) of_file.emplace(script.file, &script);
  const std::vector<FileId> files = order.Order();
  std::vector<SqlFile> read(files.size()), undo(files.size());
  ParallelFor(jobs_, files.size(), [&](size_t i) {
    const auto script = of_file.find(files[i]);
    if (script == of_file.end() || !script->second->script.runs) return;
    const MigrationScript& parts = script->second->script;
    read[i] = ReadSqlFile(sources_[files[i]].text, files[i], parts.options);
    if (parts.undo.sections.empty()) return;
    undo[i] = ReadSqlFile(sources_[files[i]].text, files[i], parts.undo);
  });
  for (SqlFile& file : undo) {
    if (file.file != FileId::kNone) undo_.emplace(file.file, std::move(file));
  }
  ReadUndoFiles();
  MarkWholeSchemas(read);
  for (SqlFile& file : read) {
    if (file.file != FileId::kNone) Keep(std::move(file));
  }
}

// A whole schema beside the scripts that lead to it is where they end, as a dump is.
void Pipeline::MarkWholeSchemas(std::span<const SqlFile> read) {
  std::vector<ScriptAt> scripts;
  for (const SqlFile& file : read) {
    if (file.file == FileId::kNone) continue;
    const SourceFile& source = sources_[file.file];
    if (source.kind != InputKind::kMigration) continue;
    if (source.format != "sql" && source.format != "psql") continue;
    scripts.push_back({.file = &file, .path = source.path});
  }
  const std::vector<bool> whole = WholeSchemas(scripts);
  for (size_t i = 0; i < scripts.size(); ++i) {
    if (!whole[i]) continue;
    sources_[scripts[i].file->file].kind = InputKind::kSchema;
    has_whole_schema_ = true;
  }
}

void Pipeline::ReadUndoFiles() {
  std::map<std::string, FileId> reverts;
  for (size_t i = 0; i < sources_.size(); ++i) {
    const SourceFile& source = sources_[sources_.id(i)];
    const auto* traits = source.role == "revert" ? DialectByName(source.format) : nullptr;
    if (traits == nullptr || !source.error.empty() || source.kind != InputKind::kMigration)
      continue;
    reverts.emplace(UndoKey(source, traits->dialect), sources_.id(i));
  }
  if (reverts.empty()) return;
  std::vector<std::pair<FileId, FileId>> pairs;  // The migration, and what undoes it.
  for (size_t i = 0; i < sources_.size(); ++i) {
    const SourceFile& source = sources_[sources_.id(i)];
    if (!source.role.empty() || source.kind != InputKind::kMigration) continue;
    const auto* traits = DialectByName(source.format);
    if (traits == nullptr) continue;
    const auto found = reverts.find(UndoKey(source, traits->dialect));
    if (found != reverts.end()) pairs.emplace_back(sources_.id(i), found->second);
  }
  std::vector<SqlFile> read(pairs.size());
  ParallelFor(jobs_, pairs.size(), [&](size_t i) {
    const SourceFile& source = sources_[pairs[i].second];
    const Dialect dialect = DialectByName(source.format)->dialect;
    MigrationScript script = ReadMigrationScript(dialect, source.text, ScriptContext());
    // A file that is all about undoing may mark its part as such.
    const SqlFileOptions& parts = script.options.sections.empty() ? script.undo : script.options;
    read[i] = ReadSqlFile(source.text, pairs[i].second, parts);
  });
  for (size_t i = 0; i < pairs.size(); ++i) undo_.emplace(pairs[i].first, std::move(read[i]));
}

// The input that `script` includes as `name`; it becomes one if it is none yet.
FileId Pipeline::Include(FileId script, const std::string& name,
                         std::map<std::string, FileId>* by_path) {
  // Few projects have scripts that include others: only they pay for the look at every path.
  for (size_t i = by_path->empty() ? 0 : sources_.size(); i < sources_.size(); ++i) {
    by_path->emplace(FullPath(sources_[sources_.id(i)].path), sources_.id(i));
  }
  const std::string path(sources_.path(script));
  const std::string target = IncludedPath(path, name);
  const auto known = by_path->find(FullPath(target));
  if (known != by_path->end()) return known->second;
  DiscoveryOptions options;
  options.assume = InputKind::kMigration;
  options.migrations = &migration_files_;
  const FileId added = sources_.id(sources_.size());
  for (DiscoveryProblem& problem : Discover({target}, options, &sources_)) {
    problems_.push_back(absl::StrFormat("%s: \\i %s: %s", path, name, problem.message));
  }
  by_path->emplace(FullPath(target), added);
  return added;
}

// Counts what could not be read, and takes the file over.
void Pipeline::Keep(SqlFile file) {
  SourceFile& source = sources_[file.file];
  source.records = file.statements.size();
  source.unresolved = file.unresolved;
  for (const Statement& statement : file.statements) {
    source.records += RepeatsOf(statement);
    if (statement.As<UnparsedStatement>() == nullptr) continue;
    if (source.skipped_records++ == 0) {
      source.first_skipped_line = LineIndex(source.text).At(statement.span.begin).line;
    }
    source.skipped_bytes += statement.span.size;
  }
  (source.kind == InputKind::kSchema ? schemas_ : migrations_).push_back(std::move(file));
}

bool Pipeline::has_sql() const {
  for (size_t i = 0; i < sources_.size(); ++i) {
    const InputKind kind = sources_[sources_.id(i)].kind;
    if (kind == InputKind::kMigration || kind == InputKind::kSchema) return true;
  }
  return false;
}

void Pipeline::SetText(FileId file, std::string text) { sources_[file].text = std::move(text); }

void Pipeline::LintAgain() {
  migrations_.clear();
  schemas_.clear();
  undo_.clear();
  findings_.clear();
  statements_.clear();
  catalog_ = Catalog();
  for (size_t i = 0; i < sources_.size(); ++i) {
    SourceFile& source = sources_[sources_.id(i)];
    if (source.kind != InputKind::kMigration && source.kind != InputKind::kSchema) continue;
    source.skipped_records = source.skipped_bytes = source.first_skipped_line = 0;
  }
  const std::vector<std::string> problems = problems_;
  ReadSqlFiles();
  FoldSql({.lint = true, .statements = true});
  // What could not be read has been said.
  problems_ = problems;
}

std::vector<bool> Pipeline::ReportedMigrations() {
  std::vector<bool> reported(migrations_.size(), true);
  if (options_.changed_since.empty()) return reported;
  ChangedFiles changed(options_.changed_since);
  for (size_t i = 0; i < migrations_.size(); ++i) {
    reported[i] = changed.Contains(std::string(sources_.path(migrations_[i].file)));
  }
  if (!changed.error().empty()) problems_.push_back(changed.error());
  return reported;
}

}  // namespace pgsift
