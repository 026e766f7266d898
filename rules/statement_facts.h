#ifndef PGSIFT_RULES_STATEMENT_FACTS_H_
#define PGSIFT_RULES_STATEMENT_FACTS_H_

#include <string>
#include <vector>

#include "rules/rule.h"

namespace pgsift {

// What a statement names, in the words that a project's own rules ask about.
struct StatementFacts {
  struct Column {
    std::string name;
    std::string type;      // "numeric(10,2)", as the statement writes it; empty: none is given.
    bool nullable = true;  // Not said to be NOT NULL or a primary key.
  };
  std::vector<QualifiedName> relations;  // Resolved by the search path.
  std::vector<Column> columns;           // Created, added, altered or dropped.
  std::vector<std::string> names;        // Objects that are created, added or renamed to.
  bool concurrently = false;
  bool cascade = false;
  bool if_exists = false;
  bool if_not_exists = false;
  bool not_valid = false;
  bool unique = false;
};

StatementFacts FactsOf(const Statement& statement, const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_STATEMENT_FACTS_H_
