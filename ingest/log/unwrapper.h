#ifndef PGSIFT_INGEST_LOG_UNWRAPPER_H_
#define PGSIFT_INGEST_LOG_UNWRAPPER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

class Language;

// What other programs put around a server's log on its way: system loggers, containers, hosters.
enum class Wrapper : uint8_t {
  kJson,           // Objects on lines, pretty-printed or in arrays: see json_unwrapper.cc.
  kSyslog,         // RFC 3164, RFC 5424 and rsyslog's and journalctl's ISO forms; Heroku.
  kCri,            // "time stdout F text", of Kubernetes' nodes.
  kStamped,        // An ISO time in front of each event, as CloudWatch exports.
  kJournalExport,  // journalctl -o export.
  kPgbouncer,      // pgbouncer's own log.
  kCsvExport,      // Rows of a log store: see csv_export_unwrapper.cc.
};

// One piece of a wrapped log: mostly a line.
struct LogPiece {
  std::string_view text;
  uint64_t offset = 0;      // Of its first byte in the file, unpacked.
  uint64_t line = 0;        // 0-based.
  uint64_t bytes = 0;       // Of the file that it stands for, what is around it included.
  int64_t time_us = 0;      // That the wrapper gives; 0: none.
  uint32_t pid = 0;         // The same.
  bool system_log = false;  // Went through syslog(3): may be a part of a message.
};

// Where a piece's text lies among what was unwrapped.
struct Unit {
  size_t begin = 0;
  uint64_t offset = 0, line = 0, bytes = 0;
  bool skipped = false;  // It has no text of the server.
};

// What came out: a log as the server would have written it, and where each piece of it was.
struct Unwrapped {
  std::string text;
  std::vector<Unit> units;  // In the order of the text; their bytes add up to what was read.
};

// A step of unwrapping. Gets pieces and hands on others.
class UnwrapStage {
 public:
  explicit UnwrapStage(UnwrapStage* next) : next_(next) {}
  virtual ~UnwrapStage() = default;
  UnwrapStage(const UnwrapStage&) = delete;
  UnwrapStage& operator=(const UnwrapStage&) = delete;

  virtual void Take(const LogPiece& piece) = 0;
  // The piece holds nothing of the server's.
  virtual void Skip(const LogPiece& piece) { next_->Skip(piece); }
  virtual void Finish() { next_->Finish(); }

 protected:
  UnwrapStage* const next_;
};

// How the unwrapped text is written.
struct UnwrapOptions {
  // Lines that begin a record or a part of one get the wrapper's time and process in front, for
  // prefixes that lack them: kHeaderPrefix. Not for csvlog and jsonlog.
  bool headers = false;
  const Language* language = nullptr;  // In whose words lines are told.
  int64_t now_us = 0;                  // RFC 3164 has no year: the latest that is not after this.
};
// What stands in front of such lines, as a log_line_prefix.
inline constexpr std::string_view kHeaderPrefix = "\x1e%n %p\x1e";

// Takes a wrapped log as it comes and gives out the log within. Wrappers may be inside each other:
// the first is the outermost. Memory: the messages that are not complete. Not thread-safe.
class Unwrapper {
 public:
  Unwrapper(const std::vector<Wrapper>& wrappers, const UnwrapOptions& options);
  ~Unwrapper();
  // Adds the next bytes of the file; what they complete goes to *out.
  void Add(std::string_view bytes, Unwrapped* out);
  void Finish(Unwrapped* out);
  uint64_t lines() const;

 private:
  class Framer;
  class TextSink;
  std::vector<std::unique_ptr<UnwrapStage>> stages_;  // Innermost first.
  std::unique_ptr<Framer> framer_;
  TextSink* sink_ = nullptr;
};

// Tells by its beginning what a log is wrapped in. False: in nothing that is known.
bool DetectWrapper(std::string_view sample, Wrapper* wrapper);

// The stages, each in a file of its own.
std::unique_ptr<UnwrapStage> MakeJsonStage(UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakeSyslogStage(int64_t now_us, UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakeChunkJoiner(UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakeCriStage(UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakeStampedStage(UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakePgbouncerStage(UnwrapStage* next);
std::unique_ptr<UnwrapStage> MakeCsvExportStage(UnwrapStage* next);
// Whether a line has the stage's form.
bool IsSyslogLine(std::string_view line);
bool IsCriLine(std::string_view line);
bool IsStampedLine(std::string_view line);
bool IsPgbouncerLine(std::string_view line);
bool IsCsvExportHeader(std::string_view line);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_UNWRAPPER_H_
