#include "cli/output.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {
namespace {

bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno == EPIPE;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// The flag wins, then NO_COLOR, then what the terminal can do.
bool UseColor(const std::string& when) {
  if (when == "always") return true;
  if (when == "never" || IsSet("NO_COLOR")) return false;
  const char* terminal = std::getenv("TERM");
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return ::isatty(STDOUT_FILENO) == 1;
}

size_t TextWidth() {
  constexpr size_t kWidthMax = 100;
  if (const char* columns = std::getenv("COLUMNS")) {
    const long width = std::strtol(columns, nullptr, 10);
    if (width >= 40) return std::min<size_t>(static_cast<size_t>(width), 200);
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
    return std::min<size_t>(size.ws_col, kWidthMax);
  }
  return kWidthMax;
}

}  // namespace

void Complain(std::string_view message) {
  WriteAll(STDERR_FILENO, "pgsift: " + std::string(message) + "\n");
}

void WriteStandardOutput(std::string_view text) { WriteAll(STDOUT_FILENO, text); }

std::vector<std::string> CheckOutputs(const Options& options) {
  std::vector<std::string> errors;
  if (!options.format.empty() && !FormatByName(options.format).has_value()) {
    const std::string_view near = NearestWord(options.format, FormatNames());
    std::string names;
    for (std::string_view name : FormatNames())
      names += (names.empty() ? "" : ", ") + std::string(name);
    errors.push_back(near.empty()
                         ? absl::StrFormat("--format: '%s' is none of %s", options.format, names)
                         : absl::StrFormat("--format: '%s' is none of %s; did you mean '%s'?",
                                           options.format, names, near));
  }
  for (const std::string& path : options.outputs) {
    if (FormatByEnding(path).has_value() || !options.format.empty()) continue;
    errors.push_back(
        path + ": its ending names no format; use .html .json .sarif .md .xml .prom .sql or .txt");
  }
  return errors;
}

std::string RenderForOutput(const Report& report, const Options& options) {
  RenderOptions render;
  render.top = options.top;
  render.quiet = options.quiet;
  render.color = UseColor(options.color);
  render.width = TextWidth();
  return Render(FormatByName(options.format).value_or(Format::kText), report, render);
}

bool ReplaceFile(const std::string& path, std::string_view text) {
  struct stat status {};
  const bool there = ::lstat(path.c_str(), &status) == 0;
  const bool direct = there && !S_ISREG(status.st_mode);
  const std::string beside = direct ? path : path + ".new";
  std::FILE* file = std::fopen(beside.c_str(), "wb");
  if (file == nullptr) return false;
  bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  // The file keeps who may read it.
  if (there && !direct) written = ::fchmod(::fileno(file), status.st_mode & 07777) == 0 && written;
  written = std::fclose(file) == 0 && written;
  if (direct) return written;
  if (written && std::rename(beside.c_str(), path.c_str()) == 0) return true;
  const int reason = errno;
  ::unlink(beside.c_str());
  errno = reason;
  return false;
}

bool WriteReport(const Report& report, const Options& options) {
  if (options.outputs.empty()) {
    WriteStandardOutput(RenderForOutput(report, options));
    return true;
  }
  RenderOptions render;
  render.top = options.top;
  render.quiet = options.quiet;
  bool written = true;
  for (const std::string& path : options.outputs) {
    const Format format =
        FormatByEnding(path).value_or(FormatByName(options.format).value_or(Format::kText));
    if (ReplaceFile(path, Render(format, report, render))) continue;
    Complain(absl::StrFormat("%s: cannot be written: %s", path, std::strerror(errno)));
    written = false;
  }
  return written;
}

}  // namespace pgsift
