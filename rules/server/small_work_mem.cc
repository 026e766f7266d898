// SRV011 small-work-mem: sorts and hashes that spill into temporary files.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::small_work_mem {
namespace {

constexpr RuleOption kOptions[] = {
    {"files_min", 10, "Temporary files in the log, to report"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV011",
    .name = "small-work-mem",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .fix = FixSafety::kDisplay,
    .summary = "statements write temporary files: what they sort or hash does not fit work_mem",
    .why = R"md(
A sort, hash or materialization that needs more than `work_mem` (for hashes: × `hash_mem_multiplier`) writes its
rows to disk and reads them back. With the default of 4 MB that hits ordinary reports.
)md",
    .instead = R"md(
First look whether the statement needs to sort so much: an index in the right order, a `LIMIT`, fewer
columns. Then raise `work_mem` for the role or the statement that needs it (`ALTER ROLE … SET work_mem`); for
all only as far as memory allows: each node of each session may take it.
)md",
    .bad = "[x20] 2024-05-01 10:00:00.{n} UTC [1] LOG:  temporary file: path \"base/pgsql_tmp/a\", "
           "size 40000000\n",
    .good = "2024-05-01 10:00:00.000 UTC [1] LOG:  temporary file: path \"a\", size 40000000\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  const Workload* workload = pass.evidence().workload;
  const EventStats* events = EventsOf(pass, Event::kTempFile);
  if (workload == nullptr || events == nullptr) return;
  const TempFileStats& files = workload->totals().temp_files;
  if (static_cast<double>(files.count) < pass.option(kInfo, "files_min")) return;
  Finding& finding =
      ReportEvents(kInfo, *events, pass,
                   absl::StrFormat("%s of %s were written, the largest of %s",
                                   Counted(files.count, "temporary file"),
                                   HumanBytes(static_cast<double>(files.bytes)),
                                   HumanBytes(static_cast<double>(files.bytes_max))));
  finding.Measure("bytes", static_cast<double>(files.bytes), "bytes");
  std::vector<const QueryStats*> queries;
  for (const QueryStats& query : workload->totals().queries) {
    if (query.temp_files > 0) queries.push_back(&query);
  }
  std::stable_sort(queries.begin(), queries.end(), [](const QueryStats* a, const QueryStats* b) {
    return a->temp_bytes > b->temp_bytes;
  });
  for (size_t i = 0; i < queries.size() && i < 3; ++i) {
    finding.Note(absl::StrFormat("%s by %s",
                                 HumanBytes(static_cast<double>(queries[i]->temp_bytes)),
                                 OneLine(queries[i]->query, 120)));
    if (i == 0) finding.statement = queries[i]->example;
  }
  // In memory rows take more room than in a file: twice is usual. Not all that one statement may
  // want is good for all.
  constexpr double kMegabyte = 1024.0 * 1024;
  const double typical = static_cast<double>(files.bytes) / static_cast<double>(files.count);
  const double wanted = std::clamp(2 * typical, 8 * kMegabyte, 256 * kMegabyte);
  const Snapshot* snapshot = pass.evidence().snapshot();
  const double now = snapshot == nullptr ? -1 : snapshot->SettingBytes("work_mem", -1);
  if (now >= 0 && now >= wanted) {
    finding.Note(absl::StrFormat("work_mem is %s already: look at the statements first",
                                 MemorySetting(now)));
    finding.Help("an index in the order of the sort, a LIMIT or fewer columns avoid the file");
    return;
  }
  if (now >= 0) finding.Note(absl::StrFormat("work_mem is %s", MemorySetting(now)));
  finding.Offer(
      RunOnServer(absl::StrFormat("ALTER SYSTEM SET work_mem = '%s';", MemorySetting(wanted))));
  finding.Help(absl::StrFormat(
      "work_mem = '%s' would hold most of them; each node of each session may take that much",
      MemorySetting(wanted)));
}

}  // namespace

extern constinit const Rule kSmallWorkMem = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::small_work_mem
