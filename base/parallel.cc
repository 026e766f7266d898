#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace pgsift {
namespace {

struct Shared {
  std::atomic<size_t> next{0};
  size_t count = 0;
  const std::function<void(size_t)>* work = nullptr;
};

void* Run(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  for (size_t i = shared.next++; i < shared.count; i = shared.next++) (*shared.work)(i);
  return nullptr;
}

}  // namespace

void ParallelFor(size_t jobs, size_t count, const std::function<void(size_t)>& work,
                 size_t stack_bytes) {
  if (count == 0) return;
  Shared shared;
  shared.count = count;
  shared.work = &work;
  jobs = std::clamp<size_t>(jobs, 1, count);

  // std::thread cannot set a stack size, and the SQL parser's recursion needs a known one.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  std::vector<pthread_t> threads;
  for (size_t i = 0; i < jobs; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, &Run, &shared) != 0) break;
    threads.push_back(thread);
  }
  pthread_attr_destroy(&attributes);
  // No thread could be had: do the work here, slower.
  if (threads.empty()) Run(&shared);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

size_t AvailableJobs() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

}  // namespace pgsift
