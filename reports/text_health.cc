// The dashboard: objectives, alerts, sessions and pools as tables that fit 80 columns.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

std::string Shown(double value, const std::string& unit) {
  if (unit == "ms") return HumanMs(value);
  if (unit == "ratio") return absl::StrFormat("%.1f %%", 100 * value);
  if (unit == "bytes") return HumanBytes(value);
  std::string text = absl::StrFormat("%.4g", value);
  if (unit == "per_hour") text += "/h";
  if (unit == "per_minute") text += "/min";
  return text;
}

const char* ColorOf(double score) { return score >= 90 ? "32" : score >= 60 ? "33" : "31"; }

// "ok", "near", "bad": nothing is said by colour alone.
const char* WordOf(double score) { return score >= 100 ? "ok" : score >= 60 ? "near" : "bad"; }

std::string Components(const HealthReport& health, const TextStyle& style) {
  if (health.components.empty()) return {};
  std::string out = style.Bold("Objectives\n");
  out += style.Dim("  score              value       target  objective\n");
  for (const HealthComponent& component : health.components) {
    const std::string target =
        (component.at_least ? ">= " : "<= ") + Shown(component.target, component.unit);
    out += absl::StrFormat(
        "  %5.0f %s %s %s  %s\n", component.score,
        style.Code(ColorOf(component.score), PadRight(WordOf(component.score), 5)),
        PadLeft(Shown(component.value, component.unit), 11), PadLeft(target, 12), component.name);
  }
  return out + "\n";
}

std::string Span(const HealthAlert& alert) {
  if (alert.begin_us == 0) return {};
  std::string text = IsoTime(alert.begin_us);
  if (alert.end_us > alert.begin_us) {
    text += absl::StrFormat(" for %s",
                            HumanMs(static_cast<double>(alert.end_us - alert.begin_us) / 1000));
  }
  return text;
}

std::string Alerts(const HealthReport& health, const RenderOptions& options,
                   const TextStyle& style) {
  if (health.alerts.empty()) return {};
  std::string out = style.Bold(absl::StrFormat("Alerts (%d)\n", health.alerts.size()));
  size_t rank = 0;
  for (const HealthAlert& alert : health.alerts) {
    if (++rank > std::max<size_t>(options.top, 10)) {
      out += absl::StrFormat("  and %d more\n", health.alerts.size() - rank + 1);
      break;
    }
    const std::string front =
        "  " + PadRight(SeverityName(alert.severity), 7) + " " + PadRight(alert.name, 20) + " ";
    out += "  " + style.Of(alert.severity, PadRight(SeverityName(alert.severity), 7)) + " " +
           PadRight(alert.name, 20) + " " +
           Wrapped(Printable(alert.message), options.width - Columns(front),
                   std::string(Columns(front), ' ')) +
           "\n";
    const std::string indent(10, ' ');
    const auto line = [&](const std::string& text) {
      out += indent + style.Dim(Cut(Printable(OneLine(text, 300)), options.width - 10)) + "\n";
    };
    std::string when = Span(alert);
    if (!alert.path.empty()) {
      when += (when.empty() ? "" : ", ") + alert.path;
      if (alert.line > 0) when += absl::StrFormat(":%d", alert.line);
    }
    if (!alert.peak_unit.empty()) {
      when += absl::StrFormat("%speak %s", when.empty() ? "" : ", ",
                              Shown(alert.peak, alert.peak_unit));
    }
    if (!when.empty()) line(when);
    for (const std::string& detail : alert.details) line(detail);
  }
  return out + "\n";
}

std::string Number(double value) {
  return value < 0 ? "-" : Grouped(static_cast<uint64_t>(value + 0.5));
}

// Open sessions over time as one line of blocks.
std::string Sparkline(const std::vector<SessionsAt>& sessions, size_t columns) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double most = 0;
  for (const SessionsAt& at : sessions) most = std::max(most, at.open);
  if (sessions.size() < 2 || most <= 0) return {};
  columns = std::min(columns, sessions.size());
  std::string line;
  for (size_t i = 0; i < columns; ++i) {
    double open = 0;
    const size_t end =
        std::max((i + 1) * sessions.size() / columns, i * sessions.size() / columns + 1);
    for (size_t k = i * sessions.size() / columns; k < end; ++k) {
      open = std::max(open, sessions[k].open);
    }
    line += kBlocks[static_cast<size_t>(open / most * 7 + 0.5)];
  }
  return line;
}

std::string Sessions(const HealthReport& health, const RenderOptions& options,
                     const TextStyle& style) {
  std::string out;
  if (!health.sessions.empty()) {
    double most = 0;
    for (const SessionsAt& at : health.sessions) most = std::max(most, at.open);
    out += style.Bold("Sessions\n");
    const SessionsAt& last = health.sessions.back();
    out += absl::StrFormat("  %s open at most", Number(most));
    if (last.active >= 0) {
      out +=
          absl::StrFormat("; at last %s active, %s idle, %s idle in transaction",
                          Number(last.active), Number(last.idle), Number(last.idle_in_transaction));
    }
    out += "\n";
    const std::string line = Sparkline(health.sessions, options.width - 4);
    if (!line.empty()) out += "  " + line + "\n";
    out += "\n";
  }
  if (health.pools.empty()) return out;
  out += style.Bold("Applications\n");
  out += style.Dim(
      "  opened  left   open   calls/s    mean   busy at once (p50 p99 max)  needs  name\n");
  size_t rank = 0;
  for (const PoolHealth& pool : health.pools) {
    if (++rank > options.top) break;
    const std::string front = absl::StrFormat(
        "  %s %s %s %s %s   %s %5d  ", PadLeft(Number(pool.opened), 6),
        PadLeft(Number(pool.left_open), 5), PadLeft(Number(pool.open_max), 6),
        PadLeft(absl::StrFormat("%.4g", pool.calls_per_second), 9),
        PadLeft(HumanMs(pool.service_ms), 7),
        PadLeft(absl::StrFormat("%.2f %.2f %.2f", pool.busy_p50, pool.busy_p99, pool.busy_max), 26),
        pool.needed);
    const size_t room = options.width > Columns(front) + 8 ? options.width - Columns(front) : 8;
    out += front + Cut(Printable(pool.name.empty() ? "(unknown)" : pool.name), room) + "\n";
  }
  return out + "\n";
}

}  // namespace

std::string TextHealth(const HealthReport& health, const RenderOptions& options,
                       const TextStyle& style) {
  std::string out = style.Bold("Health ");
  out += style.Code(ColorOf(health.score), absl::StrFormat("%.0f of 100", health.score));
  out += "  " + Bar(health.score / 100, 20) + "\n";
  for (const std::string& note : health.notes) {
    out += "  " + style.Dim(Wrapped(Printable(note), options.width - 2, "  ")) + "\n";
  }
  out += "\n";
  return out + Components(health, style) + Alerts(health, options, style) +
         Sessions(health, options, style);
}

}  // namespace pgsift
