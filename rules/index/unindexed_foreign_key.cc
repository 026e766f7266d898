// IDX003 unindexed-foreign-key: a foreign key whose referencing columns have no index.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/advisor/foreign_key_indexes.h"
#include "rules/rule.h"

namespace pgsift::unindexed_foreign_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "IDX003",
    .name = "unindexed-foreign-key",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 2},
    .summary = "no index begins with the columns of a foreign key",
    .why = R"md(
PostgreSQL indexes the referenced side of a foreign key, not the referencing one. Each `DELETE` of a
referenced row, and each `UPDATE` of its key, then reads the whole referencing table; with
`ON DELETE CASCADE` or `SET NULL` as well. Joins along the key do the same.
)md",
    .instead = R"md(
Create an index on the foreign key's columns, `CONCURRENTLY`. It is not needed when rows of the
referenced table are never deleted and the tables never joined, or when the referencing table stays
small.
)md",
    .bad = "CREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE o (id int PRIMARY KEY, c_id int "
           "REFERENCES c);",
    .good = "CREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE o (id int PRIMARY KEY, c_id int "
            "REFERENCES c);\n"
            "CREATE INDEX o_c_id ON o (c_id, id);",
});

void CheckSchema(EvidencePass& pass) {
  for (const UnindexedForeignKey& missing : FindUnindexedForeignKeys(pass.catalog())) {
    std::string columns;
    for (const std::string& column : missing.key->columns) {
      if (!columns.empty()) columns += ", ";
      columns += column;
    }
    const char on_delete = missing.key->on_delete;
    Finding& finding =
        pass.Report(kInfo, missing.key->origin.span,
                    absl::StrFormat("foreign key `%s` of `%s` has no index on (%s)",
                                    missing.key->name, missing.table->name.ToString(), columns));
    finding.On(missing.table->name.ToString())
        .Primary("deleting a referenced row reads this whole table")
        .Note(absl::StrFormat("it references `%s`%s", missing.key->referenced_name.ToString(),
                              on_delete == 'c'   ? " ON DELETE CASCADE"
                              : on_delete == 'n' ? " ON DELETE SET NULL"
                                                 : ""))
        .Help(missing.create_sql);
  }
}

}  // namespace

extern constinit const Rule kUnindexedForeignKey = MakeEvidenceRule(kInfo, &CheckSchema);

}  // namespace pgsift::unindexed_foreign_key
