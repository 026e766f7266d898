#ifndef PGSIFT_INGEST_FILE_FILE_READER_H_
#define PGSIFT_INGEST_FILE_FILE_READER_H_

#include <cstdint>
#include <string>

namespace pgsift {

// A file's bytes, or why they could not be had.
struct FileBytes {
  std::string bytes;
  uint64_t size = 0;        // Of the file itself; more than bytes.size() if `cut`.
  bool compressed = false;  // gz, zst, xz, bz2 or lz4: `bytes` is what was inside.
  bool cut = false;         // Longer than asked for.
  std::string error;        // One line, with the way out; empty: it was read.
};

// Reads a file, decompressed if it is compressed, up to `bytes_max` bytes of content. "-" is
// standard input. Never throws.
FileBytes ReadFile(const std::string& path, uint64_t bytes_max);

// Reads the beginning of a file's content, up to `bytes_max` bytes: of an archive, that of its
// first member that holds anything. `cut` is set unless that is all there is.
FileBytes ReadSample(const std::string& path, uint64_t bytes_max);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_FILE_FILE_READER_H_
