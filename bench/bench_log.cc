// How fast a log is read: each step by itself, then all together. The log is bench/make_log.py's,
// or the file that PGSIFT_BENCH_LOG names. Every benchmark checks what it counted before its time
// counts.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "ingest/log/log_reader.h"
#include "ingest/log/prefix.h"
#include "ingest/log/read_logs.h"
#include "ingest/log/server_messages.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload.h"

namespace pgsift {
namespace {

std::string LogPath() {
  const char* path = std::getenv("PGSIFT_BENCH_LOG");
  return path == nullptr ? "build/bench/postgresql.log" : path;
}

// The first 32 MiB of the log.
const std::string& Sample() {
  static const std::string& sample = *[] {
    std::ifstream in(LogPath(), std::ios::binary);
    auto* text = new std::string(size_t{32} << 20, '\0');
    in.read(text->data(), static_cast<std::streamsize>(text->size()));
    text->resize(static_cast<size_t>(in.gcount()));
    return text;
  }();
  return sample;
}

const LinePrefix& SamplePrefix() {
  static const LinePrefix& prefix = *[] {
    std::string error;
    return new LinePrefix(
        *LinePrefix::Compile(DetectPrefix(Sample().substr(0, size_t{1} << 20)).format, &error));
  }();
  return prefix;
}

void Report(benchmark::State& state, uint64_t bytes, uint64_t items) {
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
  state.SetItemsProcessed(static_cast<int64_t>(items) * state.iterations());
}

void BM_Reader(benchmark::State& state) {
  const std::string& log = Sample();
  uint64_t records = 0;
  for (auto _ : state) {
    LogReader reader(log, 0, SamplePrefix());
    LogRecord record;
    while (reader.Next(&record)) benchmark::DoNotOptimize(record.message.data());
    if (reader.record_bytes() + reader.damage().bytes != log.size() || reader.records() == 0) {
      state.SkipWithError("bytes are not accounted for");
    }
    records = reader.records();
  }
  Report(state, log.size(), records);
}
BENCHMARK(BM_Reader)->Unit(benchmark::kMillisecond);

void BM_Shape(benchmark::State& state) {
  std::vector<std::string_view> statements;
  LogReader reader(Sample(), 0, SamplePrefix());
  LogRecord record;
  uint64_t bytes = 0;
  while (reader.Next(&record)) {
    const auto message = ReadDuration(record.message);
    if (!message || message->text.empty()) continue;
    statements.push_back(message->text);
    bytes += message->text.size();
  }
  if (statements.empty()) state.SkipWithError("the log holds no statement");
  for (auto _ : state) {
    uint64_t sum = 0;
    for (std::string_view sql : statements) sum += ShapeHash(sql);
    benchmark::DoNotOptimize(sum);
  }
  Report(state, bytes, statements.size());
}
BENCHMARK(BM_Shape)->Unit(benchmark::kMillisecond);

void BM_Workload(benchmark::State& state) {
  const std::string& log = Sample();
  uint64_t records = 0;
  for (auto _ : state) {
    Workload workload;
    LogReader reader(log, 0, SamplePrefix());
    LogRecord record;
    while (reader.Next(&record)) workload.Add(record);
    records = workload.totals().records;
    if (records != reader.records()) state.SkipWithError("records were lost");
  }
  Report(state, log.size(), records);
}
BENCHMARK(BM_Workload)->Unit(benchmark::kMillisecond);

// The whole file, with the given number of jobs.
void BM_ReadLogs(benchmark::State& state) {
  const std::vector<LogFile> files = {{LogPath(), FileId{0}}};
  LogOptions options;
  options.jobs = static_cast<size_t>(state.range(0));
  std::vector<LogFileResult> results;
  for (auto _ : state) {
    const Workload workload = ReadLogs(files, options, &results);
    const LogFileResult& result = results[0];
    if (!result.error.empty() || result.record_bytes + result.skipped_bytes != result.bytes ||
        workload.totals().records != result.records) {
      state.SkipWithError("bytes or records are not accounted for");
    }
  }
  Report(state, results[0].bytes, results[0].records);
}
BENCHMARK(BM_ReadLogs)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace pgsift

BENCHMARK_MAIN();
