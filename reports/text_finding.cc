// One finding as text: headline, place, the source with marks below it, notes and helps.

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

constexpr uint64_t kLinesShownMax = 6;

struct Mark {
  uint64_t column = 1;  // 1-based.
  uint64_t size = 1;
  std::string text;
  bool primary = false;
};

class FindingText {
 public:
  FindingText(const Finding& finding, const SourceSet& sources, const RenderOptions& options,
              const TextStyle& style, Places* places)
      : finding_(finding), sources_(sources), options_(options), style_(style), places_(*places) {}

  std::string Write() {
    const std::string severity(SeverityName(finding_.severity));
    out_ += style_.Of(finding_.severity, severity + "[" + std::string(finding_.rule->id) + "]");
    out_ += style_.Bold(": " + Printable(finding_.message)) + "\n";
    const Place place = places_.Of(finding_.primary.span);
    if (place.has_lines) {
      Snippets(place);
    } else {
      Elsewhere(place);
    }
    Remarks();
    return out_ + "\n";
  }

 private:
  std::string Blank() const { return std::string(gutter_, ' '); }

  // The finding has a place in a file whose text is held.
  void Snippets(const Place& place) {
    uint64_t widest = place.end.line;
    for (const Label& label : finding_.secondary)
      widest = std::max(widest, places_.Of(label.span).end.line);
    gutter_ = std::to_string(widest).size() + 1;
    const FileId file = finding_.primary.span.file;
    out_ += absl::StrFormat("%s%s %s:%d:%d\n", Blank(), style_.Gutter("-->"), place.path,
                            place.begin.line, place.begin.column);
    // A place in a plan is a node, not a text worth showing.
    const bool point = sources_[finding_.primary.span.file].kind == InputKind::kPlan;
    if (point) {
      PrimaryText();
      return;
    }
    std::map<uint64_t, std::vector<Mark>> marks;
    AddMarks(finding_.primary, true, &marks);
    for (const Label& label : finding_.secondary) {
      if (label.span.file == file) AddMarks(label, false, &marks);
    }
    ShowLines(file, marks);
    for (const Label& label : finding_.secondary) {
      if (label.span.file == file || !label.span.known()) continue;
      const Place other = places_.Of(label.span);
      out_ += absl::StrFormat("%s%s %s:%d:%d\n", Blank(), style_.Gutter(":::"), other.path,
                              other.begin.line, other.begin.column);
      std::map<uint64_t, std::vector<Mark>> others;
      AddMarks(label, false, &others);
      ShowLines(label.span.file, others);
    }
  }

  void AddMarks(const Label& label, bool primary, std::map<uint64_t, std::vector<Mark>>* marks) {
    const Place place = places_.Of(label.span);
    const LineIndex* lines = places_.Lines(label.span.file);
    if (lines == nullptr) return;
    for (uint64_t line = place.begin.line; line <= place.end.line; ++line) {
      const uint64_t length = Columns(lines->Line(line));
      uint64_t first = line == place.begin.line ? place.begin.column : FirstInk(lines->Line(line));
      const uint64_t last = line == place.end.line ? place.end.column : length + 1;
      if (line != place.begin.line && last <= first) continue;
      Mark mark{.column = first,
                .size = std::max<uint64_t>(1, last - std::min(first, last)),
                .primary = primary};
      // The text stands behind the last line's marks.
      if (line == place.end.line) mark.text = label.text;
      (*marks)[line].push_back(std::move(mark));
    }
  }

  static uint64_t FirstInk(std::string_view line) {
    const size_t at = line.find_first_not_of(" \t");
    return at == line.npos ? 1 : at + 1;
  }

  void ShowLines(FileId file, const std::map<uint64_t, std::vector<Mark>>& marks) {
    const LineIndex* lines = places_.Lines(file);
    if (lines == nullptr || marks.empty()) return;
    out_ += Blank() + style_.Gutter(" |") + "\n";
    uint64_t before = 0;
    size_t shown = 0;
    for (const auto& [line, on_line] : marks) {
      const bool has_text = std::any_of(on_line.begin(), on_line.end(),
                                        [](const Mark& mark) { return !mark.text.empty(); });
      const bool skip = shown >= kLinesShownMax - 1 && !has_text;
      if (skip) continue;
      if (before != 0 && line > before + 1) out_ += style_.Gutter("...") + "\n";
      before = line;
      ++shown;
      const std::string text = Printable(lines->Line(line));
      const size_t width = options_.width > gutter_ + 4 ? options_.width - gutter_ - 4 : 20;
      out_ += style_.Gutter(PadLeft(std::to_string(line), gutter_) + " |") + " " +
              Cut(text, width) + "\n";
      for (const Mark& mark : on_line) ShowMark(mark, width);
    }
    out_ += Blank() + style_.Gutter(" |") + "\n";
  }

  void ShowMark(const Mark& mark, size_t width) {
    const uint64_t column = std::min<uint64_t>(mark.column, width);
    const uint64_t size = std::max<uint64_t>(1, std::min<uint64_t>(mark.size, width - column + 1));
    std::string line(column - 1, ' ');
    const std::string carets(size, mark.primary ? '^' : '-');
    line += mark.primary ? style_.Of(finding_.severity, carets) : style_.Gutter(carets);
    out_ += Blank() + style_.Gutter(" |") + " ";
    const bool fits = column - 1 + size + 1 + Columns(mark.text) <= width;
    if (mark.text.empty() || fits) {
      if (!mark.text.empty()) {
        const std::string text = " " + Printable(mark.text);
        line += mark.primary ? style_.Of(finding_.severity, text) : style_.Gutter(text);
      }
      out_ += line + "\n";
      return;
    }
    // No room behind the marks: the text goes below them.
    out_ += line + "\n" + Blank() + style_.Gutter(" |") + " ";
    const size_t start = std::min<size_t>(column - 1, width > 50 ? width - 50 : 0);
    const std::string indent = Blank() + style_.Gutter(" |") + " " + std::string(start, ' ');
    const std::string text =
        std::string(start, ' ') + Wrapped(Printable(mark.text), width - start, indent);
    out_ += (mark.primary ? style_.Of(finding_.severity, text) : style_.Gutter(text)) + "\n";
  }

  // A finding of a log or of no file: its statement stands for the snippet.
  void Elsewhere(const Place& place) {
    gutter_ = 2;
    const EvidenceItem* log = nullptr;
    for (const EvidenceItem& item : finding_.evidence) {
      if (item.kind == "log" && log == nullptr) log = &item;
    }
    if (log != nullptr && log->ref.starts_with("line ")) {
      out_ += absl::StrFormat("%s%s %s:%s\n", Blank(), style_.Gutter("-->"), log->input,
                              log->ref.substr(5));
    } else if (!place.path.empty()) {
      out_ += absl::StrFormat("%s%s %s\n", Blank(), style_.Gutter("-->"), place.path);
    }
    if (!finding_.statement.empty()) {
      out_ += Blank() + style_.Gutter(" |") + "\n";
      const std::string text = Printable(OneLine(finding_.statement, 300));
      const std::string indent = Blank() + style_.Gutter(" |") + "   ";
      out_ += Blank() + style_.Gutter(" |") + " " +
              Wrapped(text, options_.width - gutter_ - 5, indent) + "\n";
    }
    PrimaryText();
  }

  void PrimaryText() {
    if (finding_.primary.text.empty()) return;
    out_ += Blank() + style_.Gutter(" |") + " " +
            style_.Of(finding_.severity,
                      "^ " + Wrapped(Printable(finding_.primary.text), options_.width - gutter_ - 6,
                                     Blank() + " |   ")) +
            "\n";
    out_ += Blank() + style_.Gutter(" |") + "\n";
  }

  void Remark(const std::string& mark, const std::string& text) {
    const size_t used = gutter_ + 3 + mark.size() + 2;
    out_ += Blank() + style_.Gutter(" = ") + style_.Help(mark + ":") + " " +
            Wrapped(Printable(text), options_.width > used + 20 ? options_.width - used : 20,
                    std::string(used, ' ')) +
            "\n";
  }

  void Remarks() {
    for (const EvidenceItem& item : finding_.evidence) {
      std::string place = item.input;
      if (item.ref.starts_with("line ")) {
        place += ":" + item.ref.substr(5);
      } else if (!item.ref.empty()) {
        place += " (" + item.ref + ")";
      }
      Remark(item.kind, place + ": " + item.text);
    }
    for (const std::string& note : finding_.notes) Remark("note", note);
    for (const std::string& help : finding_.helps) Remark("help", help);
    for (const Fix& fix : finding_.fixes) ShowFix(fix);
  }

  // The lines that the fix changes, before and after.
  void ShowFix(const Fix& fix) {
    Remark(absl::StrFormat("fix (%s)", FixSafetyName(fix.safety)), fix.title);
    if (fix.edits.empty()) return;
    const Span first = fix.edits.front().span;
    const LineIndex* lines = places_.Lines(first.file);
    if (lines == nullptr) return;
    const std::string_view text = sources_[first.file].text;
    size_t begin = text.rfind('\n', first.begin == 0 ? 0 : first.begin - 1);
    begin = begin == text.npos || first.begin == 0 ? 0 : begin + 1;
    const uint64_t last_byte = fix.edits.back().span.end();
    const size_t end = std::min(text.find('\n', last_byte), text.size());
    std::string after(text.substr(begin, end - begin));
    for (auto edit = fix.edits.rbegin(); edit != fix.edits.rend(); ++edit) {
      after.replace(edit->span.begin - begin, edit->span.size, edit->text);
    }
    const std::string pad = Blank() + "   ";
    const size_t width = options_.width - gutter_ - 5;
    out_ += pad +
            style_.Removed("- " +
                           Cut(Printable(OneLine(text.substr(begin, end - begin), 500)), width)) +
            "\n";
    out_ += pad + style_.Added("+ " + Cut(Printable(OneLine(after, 500)), width)) + "\n";
  }

  const Finding& finding_;
  const SourceSet& sources_;
  const RenderOptions& options_;
  const TextStyle& style_;
  Places& places_;
  std::string out_;
  size_t gutter_ = 2;
};

}  // namespace

std::string TextFinding(const Finding& finding, const SourceSet& sources,
                        const RenderOptions& options, const TextStyle& style, Places* places) {
  return FindingText(finding, sources, options, style, places).Write();
}

}  // namespace pgsift
