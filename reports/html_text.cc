#include "reports/html_text.h"

#include "base/text.h"

namespace pgsift {
namespace {

bool IsListItem(std::string_view line) {
  if (line.starts_with("- ")) return true;
  return line.size() > 2 && line[0] >= '0' && line[0] <= '9' && line.substr(1).starts_with(". ");
}

}  // namespace

std::string HtmlEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  const Utf8Text utf8 = ToUtf8(text);
  for (char c : utf8.text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool control = (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
        if (control) {
          out += "\xef\xbf\xbd";
        } else {
          out += c;
        }
      }
    }
  }
  return out;
}

std::string HtmlInline(std::string_view text) {
  std::string out;
  bool code = false;
  while (!text.empty()) {
    const size_t tick = text.find('`');
    out += HtmlEscaped(text.substr(0, tick));
    if (tick == text.npos) break;
    // A backtick that nothing closes stays a backtick.
    if (!code && text.find('`', tick + 1) == text.npos) {
      out += HtmlEscaped(text.substr(tick));
      break;
    }
    out += code ? "</code>" : "<code>";
    code = !code;
    text.remove_prefix(tick + 1);
  }
  if (code) out += "</code>";
  return out;
}

std::string HtmlParagraphs(std::string_view markdown) {
  std::string out;
  std::string paragraph;
  const auto flush = [&] {
    if (!paragraph.empty()) out += "<p>" + HtmlInline(paragraph) + "</p>";
    paragraph.clear();
  };
  markdown = Trim(markdown);
  while (!markdown.empty()) {
    const size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = Trim(markdown.substr(0, end));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.empty() || IsListItem(line)) flush();
    if (!paragraph.empty()) paragraph += ' ';
    paragraph += line;
  }
  flush();
  return out;
}

}  // namespace pgsift
