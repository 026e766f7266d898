#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "base/parallel.h"
#include "cli/command_line.h"

namespace {

// Parts of a log, and files of a migration, are built and let go by the hundred. To give their
// memory back to the system each time, and to ask for it anew a page at a time, costs more than
// reading them: the heap keeps what it has, and grows by large pages where the system has some.
void PrepareHeap() {
#ifdef __GLIBC__
  constexpr int kHeapBytes = 256 << 20;  // Of addresses: memory is what is written to.
  constexpr uintptr_t kLargePage = 2 << 20;
  // A second heap would grow by small pages.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, kHeapBytes);
  mallopt(M_TOP_PAD, kHeapBytes);
  const auto begin = reinterpret_cast<uintptr_t>(sbrk(0));
  void* const room = malloc(1 << 20);  // Extends the heap, by the padding.
  if (room != nullptr) *static_cast<volatile char*>(room) = 0;
  free(room);
  const auto end = reinterpret_cast<uintptr_t>(sbrk(0));
  mallopt(M_TOP_PAD, 8 << 20);
  const uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  PrepareHeap();
  // Expressions may nest as deep as kNestingMax, and much that walks them recurses: the whole run
  // gets the stack that parsing gets.
  int status = 0;
  pgsift::ParallelFor(1, 1, [&](size_t) { status = pgsift::RunCommandLine(argc, argv); });
  return status;
}
