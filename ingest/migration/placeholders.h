#ifndef PGSIFT_INGEST_MIGRATION_PLACEHOLDERS_H_
#define PGSIFT_INGEST_MIGRATION_PLACEHOLDERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/migration/dialect.h"
#include "parser/sql_file.h"

namespace pgsift {

// Values of placeholders, by name.
using PlaceholderValues = std::map<std::string, std::string, std::less<>>;

// How a file's placeholders look.
struct PlaceholderSyntax {
  PlaceholderStyle style = PlaceholderStyle::kNone;
  std::string prefix = "${";  // Of kDollarBraces: Flyway lets projects choose.
  std::string suffix = "}";
};

// The placeholders in [begin, end) of `text`, appended to *found in file order. psql's are found
// where psql looks for them: not in quotes, not in comments. One without a value stands for itself:
// its text becomes an identifier that is spelt like the placeholder, or, as a part of a longer
// word, like its name.
void FindPlaceholders(std::string_view text, uint64_t begin, uint64_t end,
                      const PlaceholderSyntax& syntax, const PlaceholderValues& values,
                      std::vector<Substitution>* found);

// The text has placeholders of PlaceholderStyle::kAtSigns.
bool HoldsAtSigns(std::string_view text);

// If a quoted string, a quoted identifier, a dollar quote or a comment begins at `at`: its end;
// else `at`. One that is never closed ends with the text.
size_t QuoteEnd(std::string_view text, size_t at);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_PLACEHOLDERS_H_
