#include "ingest/migration/whole_schema.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "ingest/migration/migration_name.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// Words of the names of such files, or of the folders they lie in. "setup" is what is done once.
constexpr auto kWords = std::to_array<std::string_view>(
    {"schema", "structure", "install", "setup", "create", "full", "tables"});

// A name without a number at its beginning that has one of the words; a script that goes from one
// version to another ("3.1_to_3.2_schema.sql") has not.
bool NamedWhole(std::string_view path) {
  const std::string file = Lower(FileName(path));
  const bool numbered = !file.empty() && IsDigit(file.front());
  if (numbered || file.find("_to_") != file.npos || file.find("upgrade") != file.npos ||
      file.find("update") != file.npos) {
    return false;
  }
  const auto holds = [](std::string_view text) {
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view word) { return text.find(word) != text.npos; });
  };
  const std::string folder = Lower(FileName(FolderOf(path)));
  return holds(file) || folder == "install" || folder == "schema";
}

// What a file makes, told from its text alone: names of tables, table.column, indexes.
struct Made {
  std::set<std::string> tables;
  std::set<std::string> parts;
};

Made MadeBy(const SqlFile& file) {
  Made made;
  for (const Statement& statement : file.statements) {
    if (const auto* create = statement.As<CreateTable>()) {
      if (create->relation.temporary || create->if_not_exists) continue;
      const std::string& table = create->relation.name.name;
      made.tables.insert(table);
      for (const ColumnDef& column : create->columns) made.parts.insert(table + "." + column.name);
    } else if (const auto* index = statement.As<CreateIndex>()) {
      if (!index->name.empty() && !index->if_not_exists) made.parts.insert(index->name);
    } else if (const auto* alter = statement.As<AlterTable>()) {
      for (const AlterSubcommand& command : alter->subcommands) {
        if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
        if (command.missing_ok) continue;
        made.parts.insert(alter->relation.name.name + "." + command.column->name);
      }
    }
  }
  return made;
}

// The scripts of one project lie beside the file, below its folder, or below the folder above.
std::string_view Root(std::string_view path) {
  const std::string_view folder = FolderOf(path);
  const std::string_view above = FolderOf(folder);
  return above.empty() ? folder : above;
}

}  // namespace

std::vector<bool> WholeSchemas(std::span<const ScriptAt> scripts) {
  std::vector<bool> whole(scripts.size());
  const auto named = [](const ScriptAt& script) { return NamedWhole(script.path); };
  if (std::none_of(scripts.begin(), scripts.end(), named)) return whole;
  std::vector<Made> made;
  for (const ScriptAt& script : scripts) made.push_back(MadeBy(*script.file));
  const auto common = [](const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& name) { return b.contains(name); });
  };
  for (size_t i = 0; i < scripts.size(); ++i) {
    if (!named(scripts[i]) || made[i].tables.size() < 2) continue;
    for (size_t k = 0; k < scripts.size() && !whole[i]; ++k) {
      if (k == i || named(scripts[k]) || !scripts[k].path.starts_with(Root(scripts[i].path)))
        continue;
      // A script that makes as much is another schema.
      if (made[k].tables.size() >= made[i].tables.size()) continue;
      whole[i] = common(made[k].tables, made[i].tables) || common(made[k].parts, made[i].parts);
    }
  }
  return whole;
}

std::vector<Statement> WithoutAdditions(std::span<const SqlFile> scripts) {
  std::vector<Statement> out;
  std::set<QualifiedName> created;
  std::set<std::pair<QualifiedName, std::string>> mentioned;
  for (const SqlFile& file : scripts) {
    for (const Statement& statement : file.statements) {
      if (const auto* create = statement.As<CreateTable>()) {
        created.insert(create->relation.name);
      } else if (const auto* index = statement.As<CreateIndex>()) {
        if (index->name.empty() || created.contains(index->relation.name)) continue;
        const QualifiedName name{index->relation.name.schema, index->name};
        if (!mentioned.emplace(name, "").second) continue;
        out.emplace_back().node =
            Drop{.object = ObjectKind::kIndex, .names = {name}, .if_exists = true};
      } else if (const auto* drop = statement.As<Drop>()) {
        for (const QualifiedName& name : drop->names) mentioned.emplace(name, "");
      } else if (const auto* alter = statement.As<AlterTable>()) {
        if (created.contains(alter->relation.name)) continue;
        AlterTable undo{.relation = alter->relation};
        for (const AlterSubcommand& command : alter->subcommands) {
          AlterSubcommand less;
          less.missing_ok = true;
          less.name = command.name;
          if (command.action == AlterAction::kAddColumn && command.column.has_value()) {
            less.action = AlterAction::kDropColumn;
            less.name = command.column->name;
          } else if (command.action == AlterAction::kAddConstraint &&
                     command.constraint.has_value()) {
            less.action = AlterAction::kDropConstraint;
            less.name = command.constraint->name;
          }
          // What a script drops or changes first was there.
          const bool first = mentioned.emplace(alter->relation.name, less.name).second;
          const bool adds = less.action == AlterAction::kDropColumn ||
                            less.action == AlterAction::kDropConstraint;
          if (first && adds && !less.name.empty()) undo.subcommands.push_back(std::move(less));
        }
        if (!undo.subcommands.empty()) out.emplace_back().node = std::move(undo);
      }
    }
  }
  return out;
}

}  // namespace pgsift
