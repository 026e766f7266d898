#include "ingest/log/log_syntax.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"

namespace pgsift {
namespace {

constexpr size_t kWrappersMax = 3;

struct NamedWrapper {
  std::string_view name;
  Wrapper wrapper;
};
constexpr NamedWrapper kWrapperNames[] = {
    {"syslog", Wrapper::kSyslog},
    {"heroku", Wrapper::kSyslog},
    {"journald", Wrapper::kJson},
    {"docker", Wrapper::kJson},
    {"cloudsql", Wrapper::kJson},
    {"azure", Wrapper::kJson},
    {"supabase", Wrapper::kJson},
    {"cloudnativepg", Wrapper::kJson},
    {"json", Wrapper::kJson},
    {"cri", Wrapper::kCri},
    {"cloudwatch", Wrapper::kStamped},
    {"pgbouncer", Wrapper::kPgbouncer},
    {"csv-export", Wrapper::kCsvExport},
};

// Whose JSON it is, for the report.
std::string_view JsonName(std::string_view sample) {
  const std::string_view head = sample.substr(0, 20000);
  const auto holds = [head](std::string_view key) { return head.find(key) != head.npos; };
  if (holds("\"MESSAGE\"")) return "journald";
  if (holds("\"textPayload\"")) return "cloudsql";
  if (holds("\"event_message\"")) return "supabase";
  if (holds("\"logger\"") && holds("\"record\"")) return "cloudnativepg";
  if (holds("\"log\"") && holds("\"stream\"")) return "docker";
  if (holds("\"properties\"") && holds("\"resourceId\"")) return "azure";
  return "json";
}

std::string NameOf(Wrapper wrapper, std::string_view sample) {
  switch (wrapper) {
    case Wrapper::kJson:
      return std::string(JsonName(sample));
    case Wrapper::kSyslog:
      return sample.substr(0, 400).find(" app[") != sample.npos ? "heroku" : "syslog";
    case Wrapper::kCri:
      return "cri";
    case Wrapper::kStamped:
      return "cloudwatch";
    case Wrapper::kJournalExport:
      return "journald";
    case Wrapper::kPgbouncer:
      return "pgbouncer";
    case Wrapper::kCsvExport:
      return "csv-export";
  }
  return "";
}

Unwrapped Unwrap(std::string_view sample, const std::vector<Wrapper>& wrappers,
                 const SyntaxOptions& options) {
  Unwrapped inner;
  Unwrapper unwrapper(wrappers, {.now_us = options.now_us});
  unwrapper.Add(sample, &inner);
  unwrapper.Finish(&inner);
  return inner;
}

template <typename Reader>
std::vector<std::string> Messages(std::string_view sample, const Language* language,
                                  uint64_t* damaged) {
  std::vector<std::string> messages;
  Reader reader(sample, 0, language);
  LogRecord record;
  while (messages.size() < 400 && reader.Next(&record)) messages.emplace_back(record.message);
  *damaged = reader.damage().bytes;
  return messages;
}

// The language of a csvlog or jsonlog: levels are translated there too.
template <typename Reader>
const Language* StructuredLanguage(std::string_view sample) {
  sample = sample.substr(0, size_t{256} << 10);
  uint64_t damaged = 0;
  const auto detect = [&](const Language* language) {
    const std::vector<std::string> messages = Messages<Reader>(sample, language, &damaged);
    return DetectLanguage(std::vector<std::string_view>(messages.begin(), messages.end()));
  };
  const Language* best = detect(nullptr);
  if (best != nullptr || damaged * 4 < sample.size()) return best;
  for (const std::unique_ptr<Language>& language : Language::All()) {
    if (detect(language.get()) == language.get() && damaged * 4 < sample.size()) {
      return language.get();
    }
  }
  return nullptr;
}

bool DetectLines(std::string_view sample, const SyntaxOptions& options, LogSyntax* syntax,
                 std::string* error) {
  syntax->format = LogFormat::kStderr;
  PrefixGuess guess = DetectPrefix(sample);
  syntax->language = guess.language;
  syntax->line_prefix = options.line_prefix;
  if (options.line_prefix.empty()) {
    if (guess.matched == 0) {
      *error =
          guess.lines == 0
              ? "no line begins like a log of PostgreSQL: is this a server log? If it is, name "
                "its form with --log-format"
              : "the log_line_prefix was not recognized: give it with --log-line-prefix";
      return false;
    }
    syntax->line_prefix = guess.format;
  }
  const std::string front = syntax->wrappers.empty() ? "" : std::string(kHeaderPrefix);
  std::optional<LinePrefix> prefix =
      LinePrefix::Compile(front + syntax->line_prefix, error, syntax->language);
  if (!prefix) return false;
  syntax->prefix = std::move(*prefix);
  return true;
}

bool IsUtf16(std::string_view sample) {
  return sample.starts_with("\xff\xfe") || sample.starts_with("\xfe\xff");
}

}  // namespace

std::string_view LogFormatName(LogFormat format) {
  switch (format) {
    case LogFormat::kStderr:
      return "stderr";
    case LogFormat::kCsv:
      return "csvlog";
    case LogFormat::kJson:
      return "jsonlog";
    case LogFormat::kUnknown:
      return "";
  }
  return "";
}

const std::vector<std::string_view>& LogFormatNames() {
  static const auto& names = *[] {
    auto* list = new std::vector<std::string_view>{"stderr", "csvlog", "jsonlog", "rds"};
    for (const NamedWrapper& each : kWrapperNames) list->push_back(each.name);
    return list;
  }();
  return names;
}

LogFormat DetectStructuredFormat(std::string_view sample) {
  // The first lines may be the end of a record whose beginning was rotated away.
  constexpr int kLinesMax = 2000;
  size_t at = 0;
  for (int line = 0; line < kLinesMax && at < sample.size(); ++line) {
    const size_t end = std::min(sample.find('\n', at), sample.size());
    const std::string_view text = sample.substr(at, end - at);
    if (text.starts_with("{\"timestamp\":") && text.find("\"error_severity\":") != text.npos) {
      return LogFormat::kJson;
    }
    // A prefix may have commas as well: then the level is followed by a colon, outside of quotes.
    const size_t severity = FindSeverity(text);
    const bool lines = severity != text.npos && text.find('"') > severity;
    if (!text.empty() && !lines && BeginsCsvRecord(sample, at)) return LogFormat::kCsv;
    at = end + 1;
  }
  return LogFormat::kUnknown;
}

bool DetectSyntax(std::string_view sample, const SyntaxOptions& options, LogSyntax* syntax,
                  std::string* error) {
  if (IsUtf16(sample)) {
    *error = "is UTF-16; convert it: iconv -f UTF-16 -t UTF-8";
    return false;
  }
  std::string unwrapped;
  const std::string_view outer = sample;
  LogFormat forced = LogFormat::kUnknown;
  for (LogFormat each : {LogFormat::kStderr, LogFormat::kCsv, LogFormat::kJson}) {
    if (options.format == LogFormatName(each)) forced = each;
  }
  if (options.format == "rds") forced = LogFormat::kStderr;
  const auto wrap = [&](Wrapper wrapper) {
    if (syntax->wrappers.empty()) syntax->name = NameOf(wrapper, outer);
    syntax->wrappers.push_back(wrapper);
    unwrapped = Unwrap(outer, syntax->wrappers, options).text;
    sample = unwrapped;
  };
  for (const NamedWrapper& each : kWrapperNames) {
    if (each.name != options.format) continue;
    const bool exported = each.name == "journald" && sample.starts_with("__");
    wrap(exported ? Wrapper::kJournalExport : each.wrapper);
    syntax->name = each.name;
  }
  while (forced == LogFormat::kUnknown) {
    syntax->format = DetectStructuredFormat(sample);
    if (syntax->format != LogFormat::kUnknown) break;
    Wrapper wrapper;
    if (syntax->wrappers.size() >= kWrappersMax || !DetectWrapper(sample, &wrapper)) break;
    wrap(wrapper);
  }
  if (forced != LogFormat::kUnknown) syntax->format = forced;
  if (syntax->name.empty()) {
    syntax->name =
        LogFormatName(syntax->format == LogFormat::kUnknown ? LogFormat::kStderr : syntax->format);
  }
  if (syntax->format == LogFormat::kCsv) {
    syntax->language = StructuredLanguage<CsvReader>(sample);
    return true;
  }
  if (syntax->format == LogFormat::kJson) {
    syntax->language = StructuredLanguage<JsonLogReader>(sample);
    return true;
  }
  return DetectLines(sample, options, syntax, error);
}

}  // namespace pgsift
