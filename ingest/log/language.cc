#include "ingest/log/language.h"

#include <algorithm>
#include <array>

#include "ingest/log/language_table.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr size_t kHeadBytes = 6;
constexpr int kAttemptsMax = 2000;
constexpr int kDepthMax = 2;

std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view NextField(std::string_view* line, char end) {
  const size_t at = std::min(line->find(end), line->size());
  const std::string_view field = line->substr(0, at);
  line->remove_prefix(std::min(at + 1, line->size()));
  return field;
}

struct Label {
  std::string_view english;
  LinePart part;
};
constexpr std::array<Label, 7> kLabels = {{
    {"DETAIL:  ", LinePart::kDetail},
    {"HINT:  ", LinePart::kHint},
    {"QUERY:  ", LinePart::kQuery},
    {"CONTEXT:  ", LinePart::kContext},
    {"STATEMENT:  ", LinePart::kStatement},
    {"LOCATION:  ", LinePart::kOther},
    {"BACKTRACE:  ", LinePart::kOther},
}};

// What makes a text of the server English beyond doubt, for the languages' sake: the words that
// begin most lines of a log.
bool IsEnglish(std::string_view text) {
  for (std::string_view head :
       {"duration: ", "statement: ", "connection ", "disconnection: ", "checkpoint ", "automatic ",
        "process ", "database system ", "temporary file: ", "parameter \"", "execute "}) {
    if (text.starts_with(head)) return true;
  }
  return false;
}

}  // namespace

const std::vector<std::unique_ptr<Language>>& Language::All() {
  static const auto& all = *[] {
    auto* languages = new std::vector<std::unique_ptr<Language>>;
    std::string_view table = LanguageTable();
    while (!table.empty()) {
      const std::string_view name = table.substr(0, table.find('\t'));
      size_t end = 0;
      while (end < table.size() && table.substr(end).starts_with(name) &&
             table[end + name.size()] == '\t') {
        end = std::min(table.find('\n', end), table.size() - 1) + 1;
      }
      languages->emplace_back(new Language(table.substr(0, end)));
      table.remove_prefix(end);
    }
    return languages;
  }();
  return all;
}

Language::Language(std::string_view lines) {
  while (!lines.empty()) {
    std::string_view line = NextField(&lines, '\n');
    name_ = NextField(&line, '\t');
    const std::string english = Unescape(NextField(&line, '\t'));
    const std::string local = Unescape(line);
    AddWord(english, local);
    const size_t index = messages_.size();
    messages_.push_back({.local = Compile(local), .english = Compile(english)});
    const std::string& head = messages_.back().local.front().literal;
    if (head.size() < kHeadBytes) {
      headless_.push_back(index);
    } else {
      by_head_[head.substr(0, kHeadBytes)].push_back(index);
    }
  }
}

// Levels, labels and verbs are words of their own, besides being messages.
void Language::AddWord(std::string_view english, std::string_view local) {
  for (size_t i = 0; i <= static_cast<size_t>(LogLevel::kPanic); ++i) {
    const auto level = static_cast<LogLevel>(i);
    if (english != LogLevelName(level)) continue;
    words_.push_back({std::string(local) + ":", LinePart::kRecord, level});
    levels_.emplace_back(local, level);
  }
  for (const Label& label : kLabels) {
    if (!label.english.starts_with(english.substr(0, english.find(':') + 1))) continue;
    if (!english.starts_with(label.english)) continue;
    std::string word(local.substr(0, local.rfind(':') + 1));
    if (!word.empty()) words_.push_back({std::move(word), label.part, LogLevel::kLog});
  }
  if (english == "execute" || english == "execute fetch from") {
    verbs_.emplace_back(local, english);
  }
  if (english == "[unknown]") unknown_ = local;
}

const Language::Word* Language::WordAt(const char* begin, const char* end) const {
  const std::string_view text(begin, static_cast<size_t>(end - begin));
  for (const Word& word : words_) {
    if (text.starts_with(word.text)) return &word;
  }
  return nullptr;
}

bool Language::ReadLevel(std::string_view name, LogLevel* level) const {
  for (const auto& [word, known] : levels_) {
    if (word == name) return *level = known, true;
  }
  return false;
}

// A printf format as literals and arguments; %1$s names its argument.
Language::Format Language::Compile(std::string_view format) {
  Format pieces(1);
  int next = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      pieces.back().literal += format[i];
      continue;
    }
    ++i;
    if (i < format.size() && format[i] == '%') {
      pieces.back().literal += '%';
      continue;
    }
    int argument = next++;
    size_t digits = i;
    while (digits < format.size() && IsDigit(format[digits])) ++digits;
    if (digits > i && digits < format.size() && format[digits] == '$') {
      argument = format[i] - '1';
      i = digits + 1;
    }
    while (i < format.size() &&
           std::string_view("0123456789.-+#lzh").find(format[i]) != std::string_view::npos) {
      ++i;
    }
    const char kind = i < format.size() ? format[i] : 's';
    pieces.back().argument = argument;
    pieces.back().number = kind == 'd' || kind == 'u' || kind == 'f' || kind == 'i';
    pieces.emplace_back();
  }
  return pieces;
}

bool Language::Match(const Format& format, size_t piece, std::string_view rest,
                     std::vector<std::string_view>* arguments, int* attempts) {
  const Piece& here = format[piece];
  if (!rest.starts_with(here.literal)) return false;
  rest.remove_prefix(here.literal.size());
  if (here.argument < 0) return rest.empty();
  const auto index = static_cast<size_t>(here.argument);
  if (index >= arguments->size()) arguments->resize(index + 1);
  const std::string& next = format[piece + 1].literal;
  const bool last = piece + 2 == format.size() && next.empty();
  if (here.number) {
    size_t size = !rest.empty() && rest.front() == '-';
    while (size < rest.size() && (IsDigit(rest[size]) || rest[size] == '.')) ++size;
    // "%d.%03d": the point is the format's own.
    while (size > 0 && next.starts_with('.') && rest.substr(0, size).find('.') != rest.npos) --size;
    if (size == 0) return false;
    (*arguments)[index] = rest.substr(0, size);
    return Match(format, piece + 1, rest.substr(size), arguments, attempts);
  }
  if (last) {
    (*arguments)[index] = rest;
    return true;
  }
  for (size_t at = 0; at <= rest.size(); ++at) {
    if (!next.empty()) at = rest.find(next, at);
    if (at == rest.npos || --*attempts < 0) return false;
    (*arguments)[index] = rest.substr(0, at);
    if (Match(format, piece + 1, rest.substr(at), arguments, attempts)) {
      (*arguments)[index] = rest.substr(0, at);
      return true;
    }
  }
  return false;
}

void Language::Render(const Format& format, const std::vector<std::string_view>& arguments,
                      int depth, std::string* out) const {
  for (const Piece& piece : format) {
    out->append(piece.literal);
    if (piece.argument < 0 || static_cast<size_t>(piece.argument) >= arguments.size()) continue;
    const std::string_view argument = arguments[static_cast<size_t>(piece.argument)];
    // An argument may be a text of the server itself: the name of a lock's object.
    std::string english;
    const auto verb = std::find_if(verbs_.begin(), verbs_.end(),
                                   [&](const auto& pair) { return pair.first == argument; });
    if (verb != verbs_.end()) {
      out->append(verb->second);
    } else if (!piece.number && argument.size() < 300 && depth < kDepthMax &&
               ToEnglish(argument, depth + 1, &english)) {
      out->append(english);
    } else {
      out->append(argument);
    }
  }
}

bool Language::ToEnglish(std::string_view text, int depth, std::string* english) const {
  const auto attempt = [&](size_t index) {
    std::vector<std::string_view> arguments;
    int attempts = kAttemptsMax;
    const Message& message = messages_[index];
    if (!Match(message.local, 0, text, &arguments, &attempts)) return false;
    english->clear();
    Render(message.english, arguments, depth, english);
    return true;
  };
  // The longest format first: "duration: %s ms" is also the beginning of others.
  std::vector<size_t> candidates;
  if (text.size() >= kHeadBytes) {
    const auto known = by_head_.find(text.substr(0, kHeadBytes));
    if (known != by_head_.end()) candidates = known->second;
  }
  if (depth == 0) candidates.insert(candidates.end(), headless_.begin(), headless_.end());
  std::stable_sort(candidates.begin(), candidates.end(), [&](size_t a, size_t b) {
    const auto literal = [&](size_t i) {
      size_t size = 0;
      for (const Piece& piece : messages_[i].local) size += piece.literal.size();
      return size;
    };
    return literal(a) > literal(b);
  });
  return std::any_of(candidates.begin(), candidates.end(), attempt);
}

bool Language::ToEnglish(std::string_view text, std::string* english) const {
  return ToEnglish(text, 0, english);
}

// Texts of several lines, each a message of its own: a deadlock's DETAIL, a vacuum's report.
void Language::LinesToEnglish(std::string_view text, std::string* english) const {
  english->clear();
  std::string line_english;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.starts_with('\t')) {
      english->push_back('\t');
      line.remove_prefix(1);
    }
    english->append(!line.empty() && ToEnglish(line, &line_english) ? line_english : line);
    if (end == text.size()) return;
    english->push_back('\n');
    text.remove_prefix(end + 1);
  }
}

void Language::Translate(LogRecord* record, Texts* texts) const {
  for (std::string_view* name : {&record->user, &record->database, &record->application}) {
    if (*name == unknown_) *name = {};
  }
  if (ToEnglish(record->message, &texts->message)) {
    record->message = texts->message;
  } else if (record->message.find('\n') != record->message.npos) {
    // Some languages break what is one line in English: the server puts a tab behind the break.
    std::string whole;
    for (size_t i = 0; i < record->message.size(); ++i) {
      const bool tab = i > 0 && record->message[i] == '\t' && record->message[i - 1] == '\n';
      if (!tab) whole += record->message[i];
    }
    if (ToEnglish(whole, &texts->message)) {
      record->message = texts->message;
      return TranslateParts(record, texts);
    }
    LinesToEnglish(record->message, &texts->message);
    record->message = texts->message;
  }
  TranslateParts(record, texts);
}

void Language::TranslateParts(LogRecord* record, Texts* texts) const {
  if (!record->detail.empty()) {
    if (!ToEnglish(record->detail, &texts->detail)) LinesToEnglish(record->detail, &texts->detail);
    record->detail = texts->detail;
  }
  if (!record->context.empty()) {
    LinesToEnglish(record->context, &texts->context);
    record->context = texts->context;
  }
}

const Language* DetectLanguage(const std::vector<std::string_view>& messages) {
  constexpr size_t kMessagesMax = 400;
  const size_t count = std::min(messages.size(), kMessagesMax);
  size_t best = 0, english = 0;
  for (size_t i = 0; i < count; ++i) english += IsEnglish(messages[i]);
  // A log in English is the usual case, and need not be held against fifteen languages.
  if (english * 2 > count || count == 0) return nullptr;
  const Language* chosen = nullptr;
  std::string text;
  for (const std::unique_ptr<Language>& language : Language::All()) {
    size_t known = 0;
    for (size_t i = 0; i < count; ++i) known += language->ToEnglish(messages[i], &text);
    if (known > best) {
      best = known;
      chosen = language.get();
    }
  }
  return best > english ? chosen : nullptr;
}

}  // namespace pgsift
