#ifndef PGSIFT_INGEST_LOG_LANGUAGE_H_
#define PGSIFT_INGEST_LOG_LANGUAGE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/log_record.h"

namespace pgsift {

// What the word after the prefix says about a line: the start of a record, or a part of the record
// before it.
enum class LinePart : uint8_t {
  kRecord,  // The level is set.
  kDetail,
  kHint,
  kQuery,
  kContext,
  kStatement,
  kOther,  // LOCATION or BACKTRACE: belongs to the record, says nothing that we keep.
};

// A language that the server writes its log in (lc_messages): its words for levels and labels, and
// its messages with what they are in English. Made from the server's own catalogues, see
// tools/make_log_languages.py. Immutable, so threads may share it.
class Language {
 public:
  // A word in front of a line's text, with its colon: "FEHLER:".
  struct Word {
    std::string text;
    LinePart part = LinePart::kRecord;
    LogLevel level = LogLevel::kLog;
  };

  // All languages, by name ("de", "fr", …). Built on first use.
  static const std::vector<std::unique_ptr<Language>>& All();

  const std::string& name() const { return name_; }
  const std::vector<Word>& words() const { return words_; }
  // The word at `begin`, or nullptr.
  const Word* WordAt(const char* begin, const char* end) const;
  // A level's name as csvlog and jsonlog give it.
  bool ReadLevel(std::string_view name, LogLevel* level) const;

  // `text` in English, if it is one of the server's messages in this language.
  bool ToEnglish(std::string_view text, std::string* english) const;
  // Puts the record's message, detail and context into English. What changes is kept in *texts,
  // which must live as long as the record's views.
  struct Texts {
    std::string message, detail, context;
  };
  void Translate(LogRecord* record, Texts* texts) const;

 private:
  void TranslateParts(LogRecord* record, Texts* texts) const;  // Detail and context.
  struct Piece {
    std::string literal;  // Before the argument.
    int argument = -1;    // Index; -1: none, the literal is the last.
    bool number = false;
  };
  using Format = std::vector<Piece>;
  struct Message {
    Format local, english;
  };
  explicit Language(std::string_view lines);

  static Format Compile(std::string_view format);
  static bool Match(const Format& format, size_t piece, std::string_view rest,
                    std::vector<std::string_view>* arguments, int* attempts);
  void AddWord(std::string_view english, std::string_view local);
  void Render(const Format& format, const std::vector<std::string_view>& arguments, int depth,
              std::string* out) const;
  bool ToEnglish(std::string_view text, int depth, std::string* english) const;
  void LinesToEnglish(std::string_view text, std::string* english) const;

  std::string name_;
  std::string unknown_ = "[unknown]";
  std::vector<Word> words_;
  std::vector<std::pair<std::string, LogLevel>> levels_;
  std::vector<std::pair<std::string, std::string>> verbs_;  // "Ausführen" -> "execute".
  std::vector<Message> messages_;
  // Messages by the first bytes of their text; the rest begins with an argument.
  std::map<std::string, std::vector<size_t>, std::less<>> by_head_;
  std::vector<size_t> headless_;
};

// The language that most messages of a log's beginning are in; nullptr: English, or none is known.
// `messages` are the texts behind the level's word.
const Language* DetectLanguage(const std::vector<std::string_view>& messages);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LANGUAGE_H_
