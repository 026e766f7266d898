#ifndef PGSIFT_INGEST_LOG_LANGUAGE_TABLE_H_
#define PGSIFT_INGEST_LOG_LANGUAGE_TABLE_H_

#include <string_view>

namespace pgsift {

// ingest/log/languages.tsv, which the build carries into the program.
std::string_view LanguageTable();

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LANGUAGE_TABLE_H_
