// The advice about indexes as SQL: what to run, and at its end, in comments, what takes it back.

#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/report.h"

namespace pgsift {
namespace {

void Comment(const std::string& text, std::string* out) {
  *out += "-- " + OneLine(text, 2000) + "\n";
}

void Create(const RecommendedIndex& index, std::string* sql, std::string* undo) {
  Comment(absl::StrFormat("score %.0f, confidence %s, about %s. %s", index.score, index.confidence,
                          HumanBytes(index.bytes), index.benefit),
          sql);
  if (!index.required_sql.empty()) *sql += index.required_sql + "\n";
  *sql += index.sql + "\n";
  std::string back = index.undo_sql + "\n";
  for (size_t i = 0; i < index.replaces_sql.size(); ++i) {
    *sql += "-- It does what " + index.replaces[i] + " does:\n" + index.replaces_sql[i] + "\n";
    back = index.restore_sql[i] + "\n" + back;
  }
  *sql += "\n";
  *undo = back + *undo;
}

class Migrations {
 public:
  void Add(const std::string& what, const std::string& why, const std::string& up,
           const std::string& down) {
    IndexMigration& made = made_.emplace_back();
    made.name = absl::StrFormat("%04d_%s", made_.size(), FileName(what));
    Comment(why, &made.up);
    made.up += up + "\n";
    made.down = down + "\n";
  }
  std::vector<IndexMigration> Take() { return std::move(made_); }

 private:
  // What every file system and every migration tool takes.
  static std::string FileName(const std::string& what) {
    std::string name;
    for (const char c : what) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      const bool capital = c >= 'A' && c <= 'Z';
      name += plain ? c : capital ? static_cast<char>(c | 0x20) : '_';
    }
    return name.substr(0, 120);
  }

  std::vector<IndexMigration> made_;
};

}  // namespace

std::vector<IndexMigration> IndexMigrations(const IndexAdvice& advice) {
  Migrations migrations;
  std::set<std::string> required;
  for (const RecommendedIndex& index : advice.recommended) {
    if (!index.required_sql.empty() && required.insert(index.required_sql).second) {
      migrations.Add("prepare_" + index.name, "Needed by " + index.name + ".", index.required_sql,
                     "-- Stays: other indexes may need it too.");
    }
    migrations.Add("create_" + index.name, index.benefit, index.sql, index.undo_sql);
    for (size_t i = 0; i < index.replaces_sql.size(); ++i) {
      migrations.Add("drop_" + index.replaces[i], index.name + " does what it does.",
                     index.replaces_sql[i], index.restore_sql[i]);
    }
  }
  for (const auto* list : {&advice.duplicate, &advice.redundant}) {
    for (const RedundantIndexAdvice& index : *list) {
      migrations.Add("drop_" + index.index, index.reason, index.sql, index.undo_sql);
    }
  }
  return migrations.Take();
}

std::string RenderIndexSql(const Report& report) {
  std::string sql =
      "-- Indexes to create and to drop. CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY "
      "run\n"
      "-- outside a transaction block: in a migration tool, switch its transaction off and give "
      "each\n"
      "-- statement a migration of its own. The rollback stands at the end.\n\n";
  if (!report.indexes.has_value()) return "-- Nothing to run.\n";
  const IndexAdvice& advice = *report.indexes;
  std::string undo;
  for (const RecommendedIndex& index : advice.recommended) Create(index, &sql, &undo);
  for (const auto* list : {&advice.duplicate, &advice.redundant}) {
    for (const RedundantIndexAdvice& index : *list) {
      Comment(index.reason, &sql);
      sql += index.sql + "\n\n";
      undo = index.undo_sql + "\n" + undo;
    }
  }
  // Silence of counters is no proof: left to the reader.
  for (const UnusedIndexAdvice& index : advice.unused) {
    Comment(index.index + ": " + index.reason, &sql);
    sql += "-- " + index.sql + "\n\n";
  }
  for (const IndexRemark& remark : advice.remarks) {
    Comment((remark.index.empty() ? remark.table : remark.index) + ": " + remark.reason, &sql);
    if (!remark.sql.empty()) sql += "-- " + remark.sql + "\n";
    sql += "\n";
  }
  if (undo.empty()) return sql;
  sql += "-- Rollback:\n";
  size_t at = 0;
  while (at < undo.size()) {
    const size_t end = undo.find('\n', at);
    sql += "-- " + undo.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return sql;
}

}  // namespace pgsift
