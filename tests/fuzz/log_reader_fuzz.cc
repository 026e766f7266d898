// Any bytes are a log: each belongs to a record or is counted as passed over, whatever the prefix,
// and cutting where a record begins changes neither.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/log_reader.h"
#include "ingest/log/log_splitter.h"
#include "ingest/log/prefix.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload.h"

namespace {

struct Counts {
  uint64_t records = 0, bytes = 0;
};

template <typename Reader>
Counts Drain(Reader* reader, std::string_view log, pgsift::Workload* workload) {
  pgsift::LogRecord record;
  while (reader->Next(&record)) {
    workload->Add(record);
    pgsift::ShapeText(record.message);
  }
  if (reader->record_bytes() + reader->damage().bytes != log.size()) std::abort();
  return {reader->records(), reader->record_bytes()};
}

Counts Read(std::string_view log, const pgsift::LinePrefix& prefix, pgsift::Workload* workload) {
  pgsift::LogReader reader(log, 0, prefix);
  return Drain(&reader, log, workload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view log(reinterpret_cast<const char*>(data) + 2, size - 2);
  pgsift::Workload other;
  pgsift::CsvReader csv(log, 0);
  Drain(&csv, log, &other);
  pgsift::JsonLogReader json(log, 0);
  Drain(&json, log, &other);

  std::string format = pgsift::DetectPrefix(log).format;
  if (format.empty() || data[0] % 4 == 0) format = "%m [%p] %q%u@%d/%a ";
  std::string error;
  const auto prefix = pgsift::LinePrefix::Compile(format, &error);
  if (!prefix) return 0;

  pgsift::Workload whole;
  const Counts counts = Read(log, *prefix, &whole);
  const size_t from = log.size() * data[1] / 256;
  const size_t cut = pgsift::NextRecordStart(log, from, {.prefix = *prefix});
  if (cut == log.npos) return 0;
  pgsift::Workload first, second;
  const Counts before = Read(log.substr(0, cut), *prefix, &first);
  const Counts after = Read(log.substr(cut), *prefix, &second);
  if (before.records + after.records != counts.records) std::abort();
  first.Merge(std::move(second));
  if (first.totals().statements != whole.totals().statements) std::abort();
  return 0;
}
