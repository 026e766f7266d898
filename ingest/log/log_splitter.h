#ifndef PGSIFT_INGEST_LOG_LOG_SPLITTER_H_
#define PGSIFT_INGEST_LOG_LOG_SPLITTER_H_

#include <cstddef>
#include <string_view>

#include "ingest/log/log_syntax.h"

namespace pgsift {

// Logs are read in blocks that begin where a record begins, so that whatever the size of the
// blocks, every record is read whole and once. DETAIL and STATEMENT lines begin no record: they
// stay with the record before them.

// The first byte at or after `from` of `text` where a line begins a record; npos if there is none.
// `from` may lie in the middle of a line.
size_t NextRecordStart(std::string_view text, size_t from, const LogSyntax& syntax);

// The last byte after 0 where a line begins a record; npos if there is none. A last line without
// its newline counts only if its prefix and severity are there.
size_t LastRecordStart(std::string_view text, const LogSyntax& syntax);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_SPLITTER_H_
