#include "rules/alternative_scripts.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "parser/characters.h"

namespace pgsift {
namespace {

std::string_view FileName(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0.
}

// "2.1" of "2.1-orders.sql".
std::string_view LeadingVersion(std::string_view name) {
  size_t end = 0;
  while (end < name.size() && (IsDigit(name[end]) || name[end] == '.')) ++end;
  while (end > 0 && !IsDigit(name[end - 1])) --end;
  return name.substr(0, end);
}

std::string WithoutDigits(std::string_view name) {
  std::string shape;
  for (char c : name) {
    if (!IsDigit(c)) shape += c;
  }
  return shape;
}

enum class Kinship : uint8_t {
  kSequence,      // Both run.
  kUnknown,       // Their names do not tell.
  kAlternatives,  // One of them runs.
};

Kinship KinshipOf(std::string_view a, std::string_view b) {
  const std::string_view name_a = FileName(a);
  const std::string_view name_b = FileName(b);
  if (name_a == name_b) {
    // Of folders that are numbered each may hold a step, or the whole of a version.
    const std::string_view folder_a = FileName(a.substr(0, a.size() - name_a.size() - 1));
    const std::string_view folder_b = FileName(b.substr(0, b.size() - name_b.size() - 1));
    return WithoutDigits(folder_a) == WithoutDigits(folder_b) ? Kinship::kUnknown
                                                              : Kinship::kAlternatives;
  }
  if (WithoutDigits(name_a) == WithoutDigits(name_b)) return Kinship::kSequence;
  const std::string_view version = LeadingVersion(name_a);
  const std::string_view other = LeadingVersion(name_b);
  if (version.empty() || other.empty()) return Kinship::kUnknown;
  return version == other ? Kinship::kAlternatives : Kinship::kSequence;
}

// How many tables, views, indexes, columns and constraints the file makes.
size_t MadeBy(const SqlFile& file) {
  size_t made = 0;
  for (const Statement& statement : file.statements) {
    if (const auto* table = statement.As<CreateTable>()) {
      made += table->if_not_exists || table->relation.temporary ? 0 : 1;
    } else if (const auto* as = statement.As<CreateTableAs>()) {
      made += as->if_not_exists || as->relation.temporary ? 0 : 1;
    } else if (const auto* view = statement.As<CreateView>()) {
      made += view->replace || view->relation.temporary ? 0 : 1;
    } else if (const auto* index = statement.As<CreateIndex>()) {
      made += index->if_not_exists || index->name.empty() ? 0 : 1;
    } else if (const auto* alter = statement.As<AlterTable>()) {
      for (const AlterSubcommand& command : alter->subcommands) {
        const bool column = command.action == AlterAction::kAddColumn && !command.missing_ok;
        const bool constraint = command.action == AlterAction::kAddConstraint &&
                                command.constraint.has_value() && !command.constraint->name.empty();
        made += column || constraint ? 1 : 0;
      }
    }
  }
  return made;
}

}  // namespace

void DropThoseOfAlternatives(const SqlFile& file, const SourceSet& sources,
                             std::vector<Finding>* findings) {
  if (file.file == FileId::kNone || findings->empty()) return;
  const SourceFile& source = sources[file.file];
  // Of what such tools print each file begins anew, in a database of its own.
  const bool stream = source.format == "alembic" || source.format == "ef-core";
  if (!stream && source.format != "sql" && source.format != "psql") return;
  // The file that makes it too, FileId::kNone: none, or this very file.
  const auto other = [&](const Finding& finding) {
    if (finding.rule->id != "MIG091" || finding.secondary.empty()) return FileId::kNone;
    const FileId made_in = finding.secondary.front().span.file;
    return made_in == file.file ? FileId::kNone : made_in;
  };
  std::map<FileId, size_t> shared;
  for (const Finding& finding : *findings) {
    if (other(finding) != FileId::kNone) ++shared[other(finding)];
  }
  if (shared.empty()) return;
  const size_t made = MadeBy(file);
  const auto begun_anew = [&](FileId made_in) {
    return std::any_of(findings->begin(), findings->end(), [&](const Finding& finding) {
      return other(finding) == made_in &&
             (finding.message.find("alembic_version") != std::string::npos ||
              finding.message.find("__EFMigrationsHistory") != std::string::npos);
    });
  };
  std::set<FileId> anew;
  for (const auto& [id, count] : shared) {
    if (stream && begun_anew(id)) anew.insert(id);
  }
  std::erase_if(*findings, [&](const Finding& finding) {
    const FileId made_in = other(finding);
    if (made_in == FileId::kNone) return false;
    if (stream) return anew.contains(made_in);
    switch (KinshipOf(source.path, sources.path(made_in))) {
      case Kinship::kSequence:
        return false;
      case Kinship::kAlternatives:
        return true;
      case Kinship::kUnknown:
        return shared[made_in] > 1 && shared[made_in] * 2 >= made;
    }
    return false;
  });
}

}  // namespace pgsift
