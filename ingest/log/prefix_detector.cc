// Finds the log_line_prefix of a log from its text.

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "ingest/log/prefix.h"
#include "ingest/log/prefix_inducer.h"

namespace pgsift {
namespace {

constexpr size_t kSampleLinesMax = 2000;
constexpr size_t kInducedLinesMax = 60;

// Prefixes in common use: PostgreSQL's default, distributions', managed services' and the ones that
// log analyzers ask for.
constexpr std::string_view kKnownPrefixes[] = {
    "%m [%p] ",
    "%t [%p] ",
    "%t [%p]: ",
    "%m [%p]: ",
    "%m [%p] %q%u@%d ",
    "%t [%p] %q%u@%d ",
    "%m [%p] %q%u@%d/%a ",
    "%m [%p] %u@%d ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%m [%p] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: [%l-1] user=%u,db=%d ",
    "%m [%p]: [%l-1] user=%u,db=%d ",
    "%t [%p]: [%l-1] db=%d,user=%u ",
    "%m [%p]: [%l-1] db=%d,user=%u ",
    "%t [%p]: db=%d,user=%u,app=%a,client=%h ",
    "%m [%p]: [%l] db=%d,user=%u,app=%a,client=%h ",
    "%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "%t [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "%m [%p] %q[user=%u,db=%d,app=%a] ",
    "%m [%p] %q[user=%u,db=%d,app=%a,client=%h] ",
    "%t:%r:%u@%d:[%p]:",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a",
    "%m [%p] %r %u %d %a ",
    "%t-%c-",
    "%m %u@%d[%p:%i] %r %a : ",
    "%m [%p] %q%u@%d %h ",
    "%m %r %u %a [%c] [%p] ",
    "%m [%r] [%p] %q[user=%u,db=%d,app=%a] ",
    "%m [%r] [%p] [user=%u,db=%d,app=%a] ",
    "%m [%p] [user=%u,db=%d,app=%a] ",
    "pid=%p,user=%u,db=%d,app=%a,client=%h ",
    "user=%u,db=%d,app=%a,client=%h ",
    "%n %p %a ",
    "%n [%p] ",
    "%t %p ",
    "%m %p ",
    "%m %d %u [%p] ",
    "%m %u %d %h [%p] ",
    "%m [%p] %b ",
    "%m [%p] [%b] ",
    "[%p] ",
    "%t ",
    "%m ",
    "<%m> ",
    "< %m > ",
    "< %m >",
    "<%m [%p]> ",
    "%p ",
    " sql_error_code = %e ",
    "sql_error_code = %e ",
    " sql_error_code = %e time_ms = \"%m\" pid=\"%p\" proc_start_time=\"%s\" session_id=\"%c\" "
    "vtid=\"%v\" tid=\"%x\" log_line=\"%l\" %qdatabase=\"%d\" connection_source=\"%r\" "
    "user=\"%u\" application_name=\"%a\" ",
    "sql_error_code = %e time_ms = \"%m\" pid=\"%p\" proc_start_time=\"%s\" session_id=\"%c\" "
    "vtid=\"%v\" tid=\"%x\" log_line=\"%l\" %qdatabase=\"%d\" connection_source=\"%r\" "
    "user=\"%u\" application_name=\"%a\" ",
    "%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h,parent=%P ",
    "[%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "[%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "",
};

struct SampleLine {
  std::string_view line;
  size_t severity = 0;  // Where its word stands.
};

std::vector<SampleLine> SampleLines(std::string_view sample, const Language* language) {
  std::vector<SampleLine> lines;
  while (!sample.empty() && lines.size() < kSampleLinesMax) {
    const size_t end = std::min(sample.find('\n'), sample.size());
    const std::string_view line = sample.substr(0, end);
    sample.remove_prefix(std::min(end + 1, sample.size()));
    if (line.empty() || line.front() == '\t') continue;
    const size_t at = FindSeverity(line, language);
    if (at != line.npos) lines.push_back({line, at});
  }
  return lines;
}

struct Score {
  uint64_t matched = 0;
  uint64_t fields = 0;  // That were found and not empty, over all lines.
  uint64_t odd = 0;     // Lines with a name that cannot be one.
};

// A line's number, a command or the end of a literal was taken for a name.
bool IsOdd(std::string_view name) {
  return !name.empty() && (name.find_first_not_of("-0123456789") == name.npos ||
                           std::string_view(": ,;|").find(name.back()) != std::string_view::npos ||
                           name.find('=') != name.npos || IsCommandTag(name) || name == "[local]" ||
                           name.find_first_not_of("0123456789.") == name.npos);
}

// Nothing if fewer than `matched_min` lines match.
std::optional<Score> Rate(const LinePrefix& prefix, const std::vector<SampleLine>& lines,
                          uint64_t matched_min) {
  Score score;
  LogClock clock;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (score.matched + (lines.size() - i) < matched_min) return std::nullopt;
    const std::string_view line = lines[i].line;
    LogRecord record;
    LinePart part;
    const char* text = prefix.Match(line.data(), line.data() + line.size(), &clock, &record, &part);
    if (text == nullptr) continue;
    ++score.matched;
    for (std::string_view field :
         {record.user, record.database, record.application, record.client, record.sqlstate,
          record.session_id, record.backend_type, record.virtual_transaction}) {
      score.fields += !field.empty();
    }
    score.fields += record.has_time + (record.pid != 0);
    const bool odd = IsOdd(record.user) || IsOdd(record.database) || IsOdd(record.application) ||
                     record.backend_type.find_first_of("=@/|[]") != std::string_view::npos;
    score.odd += odd;
  }
  if (score.matched < matched_min) return std::nullopt;
  return score;
}

}  // namespace

size_t FindSeverity(std::string_view line, const Language* language) {
  constexpr size_t kPrefixMax = 600;
  for (size_t colon = line.find(":  "); colon != line.npos && colon < kPrefixMax;
       colon = line.find(":  ", colon + 1)) {
    LinePart part;
    LogLevel level;
    size_t start = colon;
    while (start > 0 && line[start - 1] >= 'A' && line[start - 1] <= 'Z') --start;
    // DEBUG1 to DEBUG5.
    if (start == colon && colon > 5 && line.substr(colon - 6, 5) == "DEBUG") start = colon - 6;
    if (start < colon &&
        ReadSeverity(line.data() + start, line.data() + line.size(), &part, &level) != nullptr) {
      return start;
    }
    if (language == nullptr) continue;
    const std::string_view before = line.substr(0, colon + 1);
    size_t longest = 0;
    for (const Language::Word& word : language->words()) {
      if (before.ends_with(word.text)) longest = std::max(longest, word.text.size());
    }
    if (longest > 0) return colon + 1 - longest;
  }
  return line.npos;
}

namespace {

// The value behind `key`, up to the next key or the end of the line.
std::string_view ValueOf(std::string_view text, std::string_view key) {
  const size_t at = text.find(key);
  if (at == text.npos) return {};
  text.remove_prefix(at + key.size());
  size_t end = text.size();
  for (std::string_view next : {" database=", " application_name=", " host=", " SSL enabled"}) {
    end = std::min(end, text.find(next));
  }
  return text.substr(0, end);
}

PrefixWords WordsOf(const std::vector<SampleLine>& lines) {
  constexpr size_t kLinesMin = 20;
  PrefixWords words;
  std::map<std::string_view, size_t> seen;
  for (const SampleLine& sample : lines) {
    const std::string_view text = sample.line.substr(sample.severity);
    if (text.find(":  connection authorized: ") != text.npos ||
        text.find(":  disconnection: ") != text.npos) {
      const std::string_view user = ValueOf(text, " user=");
      const std::string_view database = ValueOf(text, " database=");
      if (!user.empty()) words.users.emplace(user);
      if (!user.empty() && !database.empty()) words.databases.emplace(database);
    }
    std::set<std::string_view> in_line;
    ForEachPrefixWord(sample.line.substr(0, sample.severity),
                      [&](std::string_view word) { in_line.insert(word); });
    for (std::string_view word : in_line) ++seen[word];
  }
  if (!words.AreKnown() || lines.size() < kLinesMin) return words;
  for (const auto& [word, count] : seen) {
    const bool name = words.users.contains(word) || words.databases.contains(word);
    if (count * 20 >= lines.size() * 19 && !name) words.constants.emplace(word);
  }
  return words;
}

// Looks for the prefix that explains most of `lines`, whose words are in `language`.
PrefixGuess GuessPrefix(const std::vector<SampleLine>& lines, const Language* language) {
  PrefixGuess guess;
  guess.lines = lines.size();
  guess.language = language;
  Score best;
  const auto consider = [&](const std::string& format) {
    std::string error;
    const std::optional<LinePrefix> prefix = LinePrefix::Compile(format, &error, language);
    if (!prefix) return;
    std::optional<Score> score = Rate(*prefix, lines, best.matched);
    if (!score) return;
    // Lines in which something else is taken for a name are worth nothing.
    score->matched -= score->odd;
    if (score->matched < best.matched ||
        (score->matched == best.matched && score->fields <= best.fields))
      return;
    best = *score;
    guess.format = format;
    guess.matched = score->matched + score->odd;
  };
  for (std::string_view known : kKnownPrefixes) consider(std::string(known));
  // A known prefix may miss a few torn or foreign lines; below this it is the wrong one.
  const bool odd = best.odd * 4 > best.matched;
  if (lines.empty() || (guess.matched * 20 >= lines.size() * 19 && !odd)) return guess;
  const PrefixWords words = WordsOf(lines);
  std::set<std::string> induced;
  for (size_t i = 0; i < lines.size() && induced.size() < kInducedLinesMax; ++i) {
    induced.insert(InducePrefix(lines[i].line.substr(0, lines[i].severity), words));
  }
  for (const std::string& format : induced) consider(format);
  // Processes without a session may print less.
  const std::string whole = guess.format;
  for (size_t at = whole.find('%'); at != whole.npos && best.matched < lines.size();
       at = whole.find('%', at + 2)) {
    consider(whole.substr(0, at) + "%q" + whole.substr(at));
  }
  return guess;
}

const Language* LanguageOf(const std::vector<SampleLine>& lines, const Language* words) {
  std::vector<std::string_view> messages;
  for (const SampleLine& sample : lines) {
    LinePart part;
    LogLevel level;
    const char* end = sample.line.data() + sample.line.size();
    const char* text =
        ReadSeverity(sample.line.data() + sample.severity, end, &part, &level, words);
    if (text != nullptr && part == LinePart::kRecord) {
      messages.emplace_back(text, static_cast<size_t>(end - text));
    }
  }
  return DetectLanguage(messages);
}

}  // namespace

namespace {

// Of the lines that SampleLines() looks at, those that are no continuation.
size_t LinesWithoutTab(std::string_view sample) {
  size_t count = 0;
  for (size_t at = 0; at < sample.size() && count < kSampleLinesMax;
       at = std::min(sample.find('\n', at), sample.size()) + 1) {
    count += sample[at] != '\t' && sample[at] != '\n';
  }
  return count;
}

}  // namespace

PrefixGuess DetectPrefix(std::string_view sample) {
  const std::vector<SampleLine> lines = SampleLines(sample, nullptr);
  // Some languages keep the English words for levels: the messages tell.
  const Language* language = LanguageOf(lines, nullptr);
  // A few lines may be in another language than the rest: what is logged before the setting is
  // read.
  const bool few = lines.size() * 2 < LinesWithoutTab(sample);
  if (language == nullptr && !lines.empty() && !few) return GuessPrefix(lines, nullptr);
  if (few) language = nullptr;
  PrefixGuess best;
  for (const std::unique_ptr<Language>& each : Language::All()) {
    if (language != nullptr && each.get() != language) continue;
    const std::vector<SampleLine> local = SampleLines(sample, each.get());
    if (local.size() <= lines.size() && language == nullptr) continue;
    if (language == nullptr && LanguageOf(local, each.get()) != each.get()) continue;
    PrefixGuess guess = GuessPrefix(local, each.get());
    if (guess.matched > best.matched) best = std::move(guess);
  }
  return best.matched > 0 ? best : GuessPrefix(lines, nullptr);
}

std::optional<LinePrefix> PrefixOfLine(std::string_view line, size_t severity,
                                       const Language* language) {
  const PrefixGuess guess = GuessPrefix({{line, severity}}, language);
  std::string error;
  std::optional<LinePrefix> prefix = LinePrefix::Compile(guess.format, &error, language);
  LogClock clock;
  LogRecord record;
  LinePart part;
  if (!prefix || guess.matched == 0 ||
      prefix->Match(line.data(), line.data() + line.size(), &clock, &record, &part) == nullptr ||
      !record.has_time) {
    return std::nullopt;
  }
  return prefix;
}

}  // namespace pgsift
