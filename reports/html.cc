// The report as one HTML page: no network, no external file. Everything that comes from an input is
// escaped text; the script (html/report.js) only shows, hides and sorts what is there.

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/finding_lines.h"
#include "reports/html_assets.h"
#include "reports/html_plans.h"
#include "reports/html_text.h"

namespace pgsift {
namespace {

class HtmlPage {
 public:
  explicit HtmlPage(const Report& report)
      : report_(report), places_(*report.sources), plans_(report) {}

  std::string Write() {
    Head();
    out_ += "<main>\n";
    Facts();
    if (report_.health.has_value()) out_ += HtmlHealth(*report_.health);
    Findings();
    if (report_.indexes.has_value()) Indexes(*report_.indexes);
    if (report_.workload.has_value()) out_ += HtmlWorkload(*report_.workload);
    out_ += HtmlPlans(report_, plans_);
    Inputs();
    out_ += "</main>\n<footer>pgsift " + HtmlEscaped(report_.tool_version) +
            ", grammar of PostgreSQL " + HtmlEscaped(report_.postgres_grammar) +
            "</footer>\n<script>" + std::string(HtmlScript()) + "</script>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void Head() {
    out_ +=
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>pgsift report</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>";
    out_ += HtmlStyle();
    out_ += "</style>\n</head>\n<body>\n<header>\n<h1>pgsift report</h1>\n";
    out_ += "<p class=\"sub\">" + HtmlEscaped(report_.command) + " of " +
            Counted(report_.sources->size(), "input");
    if (report_.workload.has_value() && report_.workload->first_us != 0) {
      out_ += ", log from " + IsoTime(report_.workload->first_us) + " to " +
              IsoTime(report_.workload->last_us);
    }
    out_ += "</p>\n</header>\n";
  }

  void Facts() {
    if (!report_.workload.has_value()) return;
    const WorkloadReport& workload = *report_.workload;
    const auto fact = [&](const std::string& value, const char* name) {
      out_ += "<div><b>" + HtmlEscaped(value) + "</b><span>" + name + "</span></div>";
    };
    out_ += "<div class=\"facts\">";
    fact(Grouped(workload.statements), "statements logged");
    fact(HumanMs(workload.total_ms), "in statements");
    fact(Grouped(workload.queries.size()), "query shapes");
    fact(Grouped(workload.sessions), "sessions");
    fact(Grouped(workload.connections.rejected), "clients turned away");
    fact(Grouped(workload.locks.deadlocks), "deadlocks");
    out_ += "</div>\n";
  }

  void Filter(const char* kind, std::string_view value, size_t count) {
    out_ += absl::StrFormat(
        "<button class=\"filter %s\" type=\"button\" data-kind=\"%s\" data-value=\"%s\" "
        "aria-pressed=\"false\"><span class=\"severity\">%s</span><b>%d</b></button>\n",
        std::string(kind) == "severity" ? value : "", kind, value, value, count);
  }

  void Findings() {
    std::map<std::string_view, size_t> severities;
    std::map<std::string_view, size_t> families;
    size_t suppressed = 0;
    for (const Finding& finding : report_.findings) {
      if (finding.suppressed) {
        ++suppressed;
        continue;
      }
      ++severities[SeverityName(finding.severity)];
      ++families[FamilyName(FamilyOf(*finding.rule))];
    }
    out_ += "<h2 id=\"findings\">Findings</h2>\n";
    if (severities.empty()) {
      out_ += "<p>Nothing to report.</p>\n";
      return;
    }
    out_ += "<div class=\"toolbar\" role=\"group\" aria-label=\"Filters\">\n";
    for (std::string_view severity : {"error", "warning", "info"}) {
      if (severities.contains(severity)) Filter("severity", severity, severities[severity]);
    }
    for (const auto& [family, count] : families) Filter("family", family, count);
    out_ +=
        "<input type=\"search\" placeholder=\"Search findings\" aria-label=\"Search "
        "findings\">\n</div>\n";
    out_ += "<p class=\"soft\" id=\"shown\" aria-live=\"polite\"></p>\n";
    for (const Finding& finding : report_.findings) {
      if (!finding.suppressed) WriteFinding(finding);
    }
    if (suppressed > 0) {
      out_ += "<p class=\"soft\">" + Counted(suppressed, "finding") +
              " suppressed by comments or the baseline.</p>\n";
    }
  }

  void WriteFinding(const Finding& finding) {
    const std::string severity(SeverityName(finding.severity));
    const FindingLine line = LineOf(finding, &places_);
    const std::string where =
        line.path.empty() ? "" : absl::StrFormat("%s:%d", Shortened(line.path), line.line);
    out_ += absl::StrFormat(
        "<details class=\"finding %s\" data-severity=\"%s\" data-family=\"%s\">\n<summary>"
        "<span class=\"severity\">%s</span><span>%s <span class=\"soft mono\">%s</span></span>"
        "<span class=\"where mono\">%s</span></summary>\n<div class=\"body\">\n",
        severity, severity, FamilyName(FamilyOf(*finding.rule)), severity,
        HtmlInline(finding.message), finding.rule->id, HtmlEscaped(where));
    if (const std::string anchor = plans_.Anchor(finding); !anchor.empty())
      out_ += "<p><a href=\"#" + anchor + "\">its node in the plan</a></p>\n";
    Snippet(finding);
    Remarks(finding);
    const RuleInfo& rule = *finding.rule;
    out_ += absl::StrFormat(
        "<details class=\"rule\"><summary>About %s</summary>%s<h3>Instead</h3>%s</details>\n",
        HtmlEscaped(rule.name), HtmlParagraphs(rule.why), HtmlParagraphs(rule.instead));
    out_ += "</div>\n</details>\n";
  }

  static std::string Shortened(std::string_view path) {
    const size_t slash = path.rfind('/');
    return std::string(slash == path.npos ? path : path.substr(slash + 1));
  }

  // The source with the marked stretch, or the statement where there is no source.
  void Snippet(const Finding& finding) {
    const Span span = finding.primary.span;
    const std::string_view text =
        span.known() ? std::string_view((*report_.sources)[span.file].text) : "";
    if (!text.empty() && span.size > 0 && span.end() <= text.size()) {
      constexpr size_t kBytesMax = 4000;
      size_t begin = text.rfind('\n', span.begin);
      begin = begin == text.npos ? 0 : begin + 1;
      if (begin > span.begin) begin = span.begin;
      const size_t end =
          std::min(std::min(text.find('\n', span.end()), text.size()), span.begin + kBytesMax);
      const size_t marked = std::min<size_t>(span.end(), end);
      out_ += "<pre>" + HtmlEscaped(text.substr(begin, span.begin - begin)) + "<mark>" +
              HtmlEscaped(text.substr(span.begin, marked - span.begin)) + "</mark>" +
              HtmlEscaped(text.substr(marked, end - marked)) + "</pre>\n";
    } else if (!finding.statement.empty()) {
      out_ += "<pre>" + HtmlEscaped(finding.statement.substr(0, 4000)) + "</pre>\n";
    }
    if (!finding.primary.text.empty()) {
      out_ += "<p class=\"severity\">" + HtmlInline(finding.primary.text) + "</p>\n";
    }
  }

  void Remarks(const Finding& finding) {
    std::string list;
    const auto remark = [&](std::string_view name, const std::string& html) {
      list += "<dt>" + HtmlEscaped(name) + "</dt><dd>" + html + "</dd>\n";
    };
    for (const Label& label : finding.secondary) {
      const Place place = places_.Of(label.span);
      if (!place.has_lines) continue;
      remark("see also",
             absl::StrFormat("<span class=\"mono\">%s:%d</span> %s", HtmlEscaped(place.path),
                             place.begin.line, HtmlInline(label.text)));
    }
    for (const EvidenceItem& item : finding.evidence) {
      remark(item.kind,
             absl::StrFormat("<span class=\"mono\">%s %s</span> %s", HtmlEscaped(item.input),
                             HtmlEscaped(item.ref), HtmlEscaped(item.text)));
    }
    for (const std::string& note : finding.notes) remark("note", HtmlInline(note));
    for (const std::string& help : finding.helps) remark("help", HtmlInline(help));
    for (const Fix& fix : finding.fixes) {
      remark("fix", HtmlInline(fix.title) + " (" + std::string(FixSafetyName(fix.safety)) + ")");
    }
    if (!list.empty()) out_ += "<dl class=\"remarks\">\n" + list + "</dl>\n";
  }

  void Indexes(const IndexAdvice& indexes) {
    if (indexes.recommended.empty() && indexes.duplicate.empty() && indexes.redundant.empty() &&
        indexes.unused.empty() && indexes.remarks.empty()) {
      return;
    }
    out_ +=
        "<h2>Indexes</h2>\n<div "
        "class=\"scroll\"><table><thead><tr><th>what</th><th>SQL</th><th>why</th></tr></"
        "thead><tbody>\n";
    const auto row = [&](const char* what, const std::string& sql, const std::string& why) {
      out_ += absl::StrFormat("<tr><td>%s</td><td class=\"mono q\">%s</td><td>%s</td></tr>\n", what,
                              HtmlEscaped(sql), HtmlEscaped(why));
    };
    for (const RecommendedIndex& index : indexes.recommended) {
      row("create", index.sql,
          absl::StrFormat("score %.0f, confidence %s, about %s: %s", index.score, index.confidence,
                          HumanBytes(index.bytes), index.benefit));
      for (size_t i = 0; i < index.replaces_sql.size(); ++i)
        row("then drop", index.replaces_sql[i], "the index above does what it does");
    }
    for (const RedundantIndexAdvice& index : indexes.duplicate)
      row("drop", index.sql, index.reason);
    for (const RedundantIndexAdvice& index : indexes.redundant)
      row("consider", index.sql, index.reason);
    for (const UnusedIndexAdvice& index : indexes.unused) row("unused", index.sql, index.reason);
    for (const IndexRemark& remark : indexes.remarks) {
      row(remark.kind.c_str(), remark.sql.empty() ? remark.table : remark.sql,
          (remark.index.empty() ? remark.table : remark.index) + ": " + remark.reason);
    }
    out_ += "</tbody></table></div>\n";
  }

  void Inputs() {
    out_ +=
        "<h2>Inputs</h2>\n<div class=\"scroll\"><table><thead><tr><th>file</th><th>kind</th><th "
        "class=\"n\">size</th>"
        "<th class=\"n\">records</th><th>skipped</th></tr></thead><tbody>\n";
    for (size_t i = 0; i < report_.sources->size(); ++i) {
      const SourceFile& source = (*report_.sources)[report_.sources->id(i)];
      std::string skipped = source.error;
      if (skipped.empty() && source.skipped_records > 0) {
        skipped = absl::StrFormat(
            "%s, %s, the first at line %d", Counted(source.skipped_records, "record"),
            HumanBytes(static_cast<double>(source.skipped_bytes)), source.first_skipped_line);
      }
      out_ += absl::StrFormat(
          "<tr><td class=\"mono\">%s</td><td>%s</td><td class=\"n\">%s</td><td "
          "class=\"n\">%s</td><td>%s</td></tr>\n",
          HtmlEscaped(source.path), InputKindName(source.kind),
          HumanBytes(static_cast<double>(source.bytes)), Grouped(source.records),
          HtmlEscaped(skipped));
    }
    out_ += "</tbody></table></div>\n";
  }

  const Report& report_;
  Places places_;
  const PlanPlaces plans_;
  std::string out_;
};

}  // namespace

std::string RenderHtml(const Report& report) { return HtmlPage(report).Write(); }

}  // namespace pgsift
