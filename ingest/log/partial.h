#ifndef PGSIFT_INGEST_LOG_PARTIAL_H_
#define PGSIFT_INGEST_LOG_PARTIAL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/read_logs.h"
#include "ingest/log/workload.h"

namespace pgsift {

// What one run over logs found, to be merged with others: a Workload that is not finished, and what
// became of the files. As bytes: a line that names the format, its version and a checksum, then
// everything in a fixed order, integers in variable length. Written by any build, read by any build
// of the same version.
struct Partial {
  Workload workload;
  std::vector<std::string> paths;      // Of the files, as they were given; FileId is the index.
  std::vector<LogFileResult> results;  // Of each.
};

// The version that is written, and the only one that is read.
inline constexpr int kPartialVersion = 5;

// REQUIRES: the workload is not finished.
std::string WritePartial(const Partial& partial);
std::string WritePartial(const Workload& workload, const std::vector<std::string>& paths,
                         const std::vector<LogFileResult>& results);
// Nothing, with the reason and the way out in *error, if the bytes are none, of another version or
// damaged.
std::optional<Partial> ReadPartial(std::string_view bytes, std::string* error);
// Whether bytes begin as WritePartial's do.
bool LooksLikePartial(std::string_view bytes);

// Merges partials in the order of their first record's time. Files get the ids 0, 1, … in the
// order given. The result is not finished. `last`: it will not be merged again.
Partial MergePartials(std::vector<Partial> partials, bool last);

// Gives every place of a workload that is not finished the file `ids[i]` instead of i.
void RenameFiles(const std::vector<FileId>& ids, Workload* workload);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_PARTIAL_H_
