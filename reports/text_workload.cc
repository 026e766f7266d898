// What logs say, as text tables that fit 80 columns.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

std::string Queries(const WorkloadReport& workload, const RenderOptions& options,
                    const TextStyle& style) {
  if (workload.queries.empty()) return {};
  std::string out = style.Bold(absl::StrFormat("Queries by time (%d of %d shapes)\n",
                                               std::min(options.top, workload.queries.size()),
                                               workload.queries.size()));
  out += style.Dim("      share        total     calls      mean       p95  query\n");
  size_t rank = 0;
  for (const QueryReport& query : workload.queries) {
    if (++rank > options.top) break;
    const double share = workload.total_ms > 0 ? query.total_ms / workload.total_ms : 0;
    const std::string numbers = absl::StrFormat(
        "%3d  %s %4.1f%%  %s  %s  %s  %s  ", rank, PadRight(Bar(share, 5), 5), 100 * share,
        PadLeft(query.timed ? HumanMs(query.total_ms) : "-", 9), PadLeft(Grouped(query.calls), 8),
        PadLeft(query.timed ? HumanMs(query.mean_ms) : "-", 8),
        PadLeft(query.timed ? HumanMs(query.p95_ms) : "-", 8));
    const size_t used = Columns(numbers);
    const size_t room = options.width > used + 20 ? options.width - used : 20;
    out += numbers + Cut(Printable(OneLine(query.query, 400)), room) + "\n";
  }
  return out + "\n";
}

std::string Events(const WorkloadReport& workload, const RenderOptions& options,
                   const TextStyle& style) {
  if (workload.events.empty()) return {};
  std::string out = style.Bold("Events\n");
  std::string line = " ";
  for (const EventReport& event : workload.events) {
    const std::string item = absl::StrFormat(" %s %s", event.name, Grouped(event.count)) + "  ";
    if (Columns(line) + Columns(item) > options.width) {
      out += line + "\n";
      line = " ";
    }
    line += item;
  }
  return out + line + "\n\n";
}

std::string Messages(const char* title, const std::vector<ErrorReport>& messages,
                     const RenderOptions& options, const TextStyle& style) {
  if (messages.empty()) return {};
  std::string out = style.Bold(absl::StrFormat("%s\n", title));
  size_t rank = 0;
  for (const ErrorReport& error : messages) {
    if (++rank > options.top) {
      out += absl::StrFormat("  and %d more kinds\n", messages.size() - options.top);
      break;
    }
    const std::string front =
        PadLeft(Grouped(error.count), 8) + "  " + PadRight(error.level, 7) + " ";
    out +=
        front + Cut(Printable(OneLine(error.message, 300)), options.width - Columns(front)) + "\n";
  }
  return out + "\n";
}

}  // namespace

std::string TextWorkload(const WorkloadReport& workload, const RenderOptions& options,
                         const TextStyle& style) {
  std::string out = style.Bold("Workload\n");
  if (workload.first_us != 0) {
    out +=
        absl::StrFormat("  %s to %s (%s)\n", IsoTime(workload.first_us), IsoTime(workload.last_us),
                        HumanMs(static_cast<double>(workload.last_us - workload.first_us) / 1000));
  }
  out += absl::StrFormat("  %s, %s, %s, %s in statements\n", Counted(workload.records, "record"),
                         Counted(workload.statements, "statement"),
                         Counted(workload.sessions, "session"), HumanMs(workload.total_ms));
  if (workload.connections.authorized > 0 || workload.connections.rejected > 0) {
    out += absl::StrFormat(
        "  %s, %d at once at most, %s\n", Counted(workload.connections.authorized, "connection"),
        workload.connections.peak, Grouped(workload.connections.rejected) + " turned away");
  }
  if (workload.locks.waits > 0 || workload.locks.deadlocks > 0) {
    out += absl::StrFormat(
        "  %s (%s in all), %s\n", Counted(workload.locks.waits, "long lock wait"),
        HumanMs(workload.locks.wait_ms), Counted(workload.locks.deadlocks, "deadlock"));
  }
  if (workload.transactions.count > 0) {
    out += absl::StrFormat("  %s of %s in all, %s of it idle, %s rolled back\n",
                           Counted(workload.transactions.count, "transaction"),
                           HumanMs(workload.transactions.total_ms),
                           HumanMs(workload.transactions.idle_ms),
                           Grouped(workload.transactions.rolled_back));
  }
  if (workload.unattributed_durations > 0) {
    out += absl::StrFormat("  %s without a text (%s): parse, bind, or not logged\n",
                           Counted(workload.unattributed_durations, "duration"),
                           HumanMs(workload.unattributed_ms));
  }
  if (workload.beyond_shapes > 0) {
    out += "  more query shapes than --max-shapes: the rest is summed as `(other)`\n";
  }
  if (workload.temp_files.count > 0) {
    out +=
        absl::StrFormat("  %s of %s in all\n", Counted(workload.temp_files.count, "temporary file"),
                        HumanBytes(static_cast<double>(workload.temp_files.bytes)));
  }
  if (workload.checkpoints.count > 0) {
    out += absl::StrFormat("  %s (%d timed, %d by WAL), %s written\n",
                           Counted(workload.checkpoints.count, "checkpoint"),
                           workload.checkpoints.timed, workload.checkpoints.wal,
                           Counted(workload.checkpoints.buffers, "buffer"));
  }
  if (workload.autovacuum.vacuums + workload.autovacuum.analyzes > 0) {
    out += absl::StrFormat(
        "  %s, %s by autovacuum\n", Counted(workload.autovacuum.vacuums, "vacuum"),
        workload.autovacuum.analyzes == 1 ? std::string("1 analyze")
                                          : Grouped(workload.autovacuum.analyzes) + " analyzes");
  }
  out += "\n";
  return out + Queries(workload, options, style) + Events(workload, options, style) +
         Messages("Errors", workload.errors, options, style) +
         Messages("Other messages", workload.messages, options, style);
}

}  // namespace pgsift
