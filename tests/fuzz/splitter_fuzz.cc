// Any bytes: pieces lie in order inside the text and do not overlap, and every statement is either
// read or says why not.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/parallel.h"
#include "parser/sql_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  uint64_t last = 0;
  for (const pgsift::Piece& piece : pgsift::SplitStatements(text).pieces) {
    if (piece.begin < last) std::abort();
    last = piece.begin + piece.size;
    if (last > text.size()) std::abort();
  }
  pgsift::ParallelFor(
      1, 1, [&](size_t) { pgsift::ReadSqlFile(text, pgsift::FileId{0}); }, size_t{512} << 20);
  return 0;
}
