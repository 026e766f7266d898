// SRV012 dangerous-setting: settings that lose data, or let the server decay.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::dangerous_setting {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV012",
    .name = "dangerous-setting",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 6},
    .fix = FixSafety::kDisplay,
    .summary = "a setting of the server loses data, or lets it decay",
    .why = R"md(
`fsync` and `full_page_writes` keep the data whole when the machine fails; without them a crash can destroy the
database. Without `autovacuum` tables grow and statistics get old; without `track_counts` it does not know where to
go. `enable_…` switches are for experiments: they make all plans worse that would have used the node.
)md",
    .instead = R"md(
Put the setting back to its default. If commits are too slow, `synchronous_commit = off` risks only the
last moments' commits, not the database.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "settings": {"fsync":
{"setting": "off", "source": "configuration file"}}})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "settings": {"fsync":
{"setting": "on", "source": "default"}}})",
});

struct Danger {
  const char* name;
  const char* good;
  const char* why;
};
constexpr Danger kDangers[] = {
    {"fsync", "on", "a crash of the machine can destroy the database"},
    {"full_page_writes", "on", "a crash of the machine can leave torn pages"},
    {"autovacuum", "on", "tables grow, statistics get old, transaction ids run out"},
    {"track_counts", "on", "autovacuum does not learn which tables need it"},
    {"zero_damaged_pages", "off", "damaged pages are emptied without an error"},
    {"ignore_checksum_failure", "off", "damage goes on into the data"},
    {"enable_seqscan", "on", "plans avoid sequential scans even where they are best"},
    {"enable_indexscan", "on", "plans avoid index scans"},
    {"enable_hashjoin", "on", "plans avoid hash joins"},
    {"enable_mergejoin", "on", "plans avoid merge joins"},
    {"enable_nestloop", "on", "plans avoid nested loops, also where they are best"},
    {"enable_sort", "on", "plans avoid sorts"},
};

// Ones whose value is a number out of any sense.
void CheckNumbers(const Snapshot& snapshot, EvidencePass& pass) {
  const auto report = [&](const char* name, std::string message, const std::string& help,
                          const std::string& sql) {
    Finding& finding =
        ReportState(kInfo, pass, std::move(message), name,
                    absl::StrFormat("%s = %s", name, snapshot.settings.at(name).value));
    if (!sql.empty()) finding.Offer(RunOnServer(sql));
    finding.Help(help);
  };
  const double random = snapshot.Setting("random_page_cost", -1);
  const double sequential = snapshot.Setting("seq_page_cost", -1);
  if (random >= 0 && sequential >= 0 && random < sequential) {
    report("random_page_cost", "`random_page_cost` is less than `seq_page_cost`",
           "1.1 to 2 for SSDs, never less than seq_page_cost",
           "ALTER SYSTEM SET random_page_cost = 1.1;");
  }
  constexpr double kMegabyte = 1024.0 * 1024;
  const double shared = snapshot.SettingBytes("shared_buffers", -1);
  const double cache = snapshot.SettingBytes("effective_cache_size", -1);
  if (shared > 0 && cache > 0 && cache < shared) {
    report("effective_cache_size", "`effective_cache_size` is less than `shared_buffers`",
           "half to three quarters of the machine's memory",
           absl::StrFormat("ALTER SYSTEM SET effective_cache_size = '%s';",
                           MemorySetting(3 * shared)));
  }
  const auto bytes = snapshot.database_counters.find("bytes");
  const double database = bytes == snapshot.database_counters.end() ? -1 : bytes->second;
  if (shared > 0 && shared <= 128 * kMegabyte && database > 1024 * kMegabyte) {
    report("shared_buffers",
           absl::StrFormat("`shared_buffers` is %s for a database of %s", MemorySetting(shared),
                           HumanBytes(database)),
           "a quarter of the machine's memory; takes effect when the server is started anew", "");
  }
  const double maintenance = snapshot.SettingBytes("maintenance_work_mem", -1);
  if (maintenance > 0 && maintenance <= 64 * kMegabyte && database > 20 * 1024 * kMegabyte) {
    report("maintenance_work_mem",
           absl::StrFormat("`maintenance_work_mem` is %s for a database of %s",
                           MemorySetting(maintenance), HumanBytes(database)),
           "VACUUM and index builds get faster with it",
           "ALTER SYSTEM SET maintenance_work_mem = '512MB';");
  }
  const double sessions = snapshot.Setting("max_connections", -1);
  if (sessions > 500) {
    report(
        "max_connections",
        absl::StrFormat("`max_connections` is %.0f: each session costs memory and time", sessions),
        "put a pooler between the applications and the server", "");
  }
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const Danger& danger : kDangers) {
    const auto found = snapshot->settings.find(danger.name);
    if (found == snapshot->settings.end() || found->second.value == danger.good) continue;
    ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` is %s: %s", danger.name, found->second.value, danger.why),
        danger.name,
        absl::StrFormat("%s = %s, from %s", danger.name, found->second.value, found->second.source))
        .Offer(RunOnServer(absl::StrFormat("ALTER SYSTEM SET %s = %s;", danger.name, danger.good)))
        .Help(absl::StrFormat("set it to %s", danger.good));
  }
  for (const auto& [name, setting] : snapshot->settings) {
    if (!setting.pending_restart) continue;
    ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` was changed, and takes effect only when the server is started "
                        "anew",
                        name),
        name, absl::StrFormat("%s = %s still", name, setting.value))
        .Help("restart the server when it suits");
  }
  CheckNumbers(*snapshot, pass);
}

}  // namespace

extern constinit const Rule kDangerousSetting = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::dangerous_setting
