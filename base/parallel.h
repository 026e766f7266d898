#ifndef PGSIFT_BASE_PARALLEL_H_
#define PGSIFT_BASE_PARALLEL_H_

#include <cstddef>
#include <functional>

namespace pgsift {

// Calls work(i) for every i in [0, count), on up to `jobs` threads with stacks of `stack_bytes`,
// and returns when all are done. Which thread takes which item is not determined: results go into
// slots by index. work must not throw. With jobs = 1 a single worker thread runs (so that the stack
// is the one asked for), in order.
void ParallelFor(size_t jobs, size_t count, const std::function<void(size_t)>& work,
                 size_t stack_bytes = size_t{256} << 20);

// The processors this process may use: what `--jobs` defaults to.
size_t AvailableJobs();

}  // namespace pgsift

#endif  // PGSIFT_BASE_PARALLEL_H_
