#include "base/parallel.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
  // Expressions may nest as deep as kNestingMax, and much that walks them recurses: the whole run
  // gets the stack that parsing gets.
  int status = 0;
  pgsift::ParallelFor(1, 1, [&](size_t) { status = pgsift::RunCommandLine(argc, argv); });
  return status;
}
