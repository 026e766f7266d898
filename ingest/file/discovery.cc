#include "ingest/file/discovery.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/file/byte_stream.h"
#include "ingest/file/file_reader.h"
#include "ingest/log/read_logs.h"
#include "ingest/log/reported_workload.h"
#include "ingest/migration/migration_files.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/pooler/pooler_config.h"
#include "ingest/snapshot/view_csv.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSampleBytes = uint64_t{256} << 10;

bool IsBinary(std::string_view start) {
  const std::string_view head = start.substr(0, 8192);
  return std::count(head.begin(), head.end(), '\0') > 0 && head.find("\0", 0, 1) != head.npos &&
         std::count(head.begin(), head.end(), '\0') * 100 >
             static_cast<std::ptrdiff_t>(head.size());
}

// What such text says about a file: Windows' tools write UTF-16, with a mark at its beginning or
// not.
const char* BinaryWords(std::string_view start) {
  const std::string_view head = start.substr(0, 8192);
  const bool marked = head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
  const auto nuls = std::count(head.begin(), head.end(), '\0');
  const bool half = nuls * 5 > static_cast<std::ptrdiff_t>(head.size()) * 2;
  return marked || half ? ": is UTF-16; save it as UTF-8, which PostgreSQL reads"
                        : ": is binary; give the exported text instead";
}

// The first word of SQL, behind comments and psql commands.
std::string FirstWord(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (true) {
    text = Trim(text);
    if (text.starts_with("--") || text.starts_with("\\")) {
      const size_t end = text.find('\n');
      if (end == text.npos) return {};
      text.remove_prefix(end);
    } else if (text.starts_with("/*")) {
      const size_t end = text.find("*/");
      if (end == text.npos) return {};
      text.remove_prefix(end + 2);
    } else if (text.starts_with(';')) {
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  size_t size = 0;
  while (size < text.size() && std::isalpha(static_cast<unsigned char>(text[size])) != 0) ++size;
  // "BEGIN:VCALENDAR", "update-rc.d": no words of SQL.
  constexpr std::string_view kBehind = " \t\r\n;(/*'";
  if (size < text.size() && kBehind.find(text[size]) == kBehind.npos) return {};
  return Lower(text.substr(0, size));
}

bool IsSqlWord(const std::string& word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"abort",  "alter",  "analyze", "begin",    "call",   "cluster", "comment",  "commit",
       "copy",   "create", "delete",  "do",       "drop",   "explain", "grant",    "insert",
       "lock",   "merge",  "refresh", "reindex",  "reset",  "revoke",  "rollback", "savepoint",
       "select", "set",    "start",   "truncate", "update", "vacuum",  "with"});
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool HasExtension(std::string_view path, std::string_view extension) {
  for (std::string_view packed : {"", ".gz", ".zst", ".xz", ".bz2", ".lz4"}) {
    const std::string ending = std::string(extension) + std::string(packed);
    if (path.size() >= ending.size() &&
        EqualsIgnoringCase(path.substr(path.size() - ending.size()), ending)) {
      return true;
    }
  }
  return false;
}

// pg_dump's output, also where a framework has taken its comments out: Rails' structure.sql,
// dbmate's schema.sql.
bool IsDump(std::string_view head) {
  if (head.find("PostgreSQL database dump") < 400) return true;
  return head.find("SET statement_timeout = 0;") < 400 &&
         head.find("SELECT pg_catalog.set_config('search_path', '', false);") != head.npos;
}

// Named like one migration of many: a dump that became the first of them is still one.
bool IsNumbered(std::string_view path) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  if (name.size() > 3 && (name[0] == 'V' || name[0] == 'B') && digit(name[1])) return true;
  if (name.size() > 3 && digit(name[0]) && digit(name[1]) && digit(name[2])) return true;
  return name == "migration.sql" || name == "up.sql";
}

bool IsHidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "node_modules" || name == "__pycache__";
}

// Every file under a folder, in natural order.
void Walk(const fs::path& folder, std::vector<std::string>* files,
          std::vector<DiscoveryProblem>* problems) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator it(folder, error);
  if (error) {
    problems->push_back({folder.string(), absl::StrFormat("%s: cannot be listed: %s",
                                                          folder.string(), error.message())});
    return;
  }
  for (const fs::directory_entry& entry : it) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end(), [](const fs::path& a, const fs::path& b) {
    return NaturalLess(a.filename().string(), b.filename().string());
  });
  for (const fs::path& entry : entries) {
    if (IsHidden(entry)) continue;
    const fs::file_status status = fs::symlink_status(entry, error);
    if (fs::is_directory(status)) {
      Walk(entry, files, problems);
    } else if (fs::is_regular_file(fs::status(entry, error))) {
      files->push_back(entry.generic_string());
    }
  }
}

class Finder {
 public:
  Finder(const DiscoveryOptions& options, std::vector<DiscoveryProblem>* problems)
      : options_(options), problems_(*problems) {}

  std::vector<SourceFile>& found() { return found_; }

  // `named`: the user gave this very file.
  bool Add(const std::string& path, bool named) {
    const bool standard_input = path == "-";
    if (standard_input && options_.assume == InputKind::kLog) {
      // Logs may be longer than memory: they are read as they come.
      found_.push_back({.path = options_.stdin_name,
                        .kind = InputKind::kLog,
                        .content_path = "-",
                        .format = "stderr"});
      return true;
    }
    FileBytes sample = standard_input ? ReadFile(path, options_.whole_file_bytes_max)
                                      : ReadSample(path, kSampleBytes);
    SourceFile source;
    source.path = standard_input ? options_.stdin_name : path;
    source.bytes = sample.size;
    if (!sample.error.empty()) return Problem(std::move(source), sample.error);
    if (Trim(sample.bytes).empty()) {
      if (!named) return false;
      const bool empty = sample.bytes.empty();
      return Problem(
          std::move(source),
          source.path + (empty ? ": is empty; nothing to analyze"
                               : ": begins with nothing but blanks; nothing to analyze"));
    }
    source.kind = options_.assume;
    if (source.kind == InputKind::kUnknown || source.kind == InputKind::kLog ||
        source.kind == InputKind::kSnapshot) {
      const InputKind told = KindOf(path, sample.bytes, &source.format);
      if (source.kind == InputKind::kUnknown) source.kind = told;
    }
    if (IsBinary(sample.bytes) && source.kind != InputKind::kLog) {
      // Nobody expects a folder's pictures to be read, but its migrations.
      if (!named && !HasExtension(path, ".sql")) return false;
      return Problem(std::move(source), source.path + BinaryWords(sample.bytes));
    }
    if (source.kind == InputKind::kUnknown) {
      if (!named) return false;
      return Problem(std::move(source),
                     source.path +
                         ": neither SQL, EXPLAIN output, a server log nor exported statistics; "
                         "see `pgsift analyze --help` for what is read");
    }
    if (source.kind == InputKind::kLog && standard_input) {
      const std::string message = source.path + ": a server log; read it with `pgsift logs -`";
      return Problem(std::move(source), message);
    }
    if (source.kind == InputKind::kLog) {
      if (source.format.empty()) source.format = "stderr";
      found_.push_back(std::move(source));
      return true;
    }
    if (source.kind == InputKind::kPlan && IsLongPlanFile(path, sample)) {
      source.content_path = path;  // Read as it comes.
      source.compressed = sample.compressed;
      source.format = "json";
      found_.push_back(std::move(source));
      return true;
    }
    FileBytes whole = std::move(sample);
    if (whole.cut) whole = ReadFile(path, options_.whole_file_bytes_max);
    if (!whole.error.empty()) return Problem(std::move(source), whole.error);
    if (whole.cut) {
      return Problem(
          std::move(source),
          absl::StrFormat("%s: larger than %s; split it", source.path,
                          HumanBytes(static_cast<double>(options_.whole_file_bytes_max))));
    }
    source.compressed = whole.compressed;
    source.text = std::move(whole.bytes);
    source.bytes = source.text.size();
    source.lines = CountNewlines(source.text);
    if (!source.text.ends_with('\n')) ++source.lines;
    if (source.format.empty()) source.format = DefaultFormat(source.kind);
    found_.push_back(std::move(source));
    return true;
  }

 private:
  // Plans that need not be held: one after the other, in a file of its own.
  bool IsLongPlanFile(const std::string& path, const FileBytes& sample) const {
    // Packed text is a tenth of its size at most, most often.
    const uint64_t size = sample.compressed ? sample.size * 10 : sample.size;
    if (!sample.cut || size <= options_.held_plans_bytes_max || !IsPlanStream(sample.bytes)) {
      return false;
    }
    ByteStream stream;
    return stream.Open(path) && stream.NextMember() && stream.member().empty();
  }

  static std::string DefaultFormat(InputKind kind) {
    const bool sql = kind == InputKind::kMigration || kind == InputKind::kSchema;
    return sql ? "sql" : "json";
  }

  bool Problem(SourceFile source, std::string message) {
    source.error = message;
    problems_.push_back({source.path, std::move(message)});
    found_.push_back(std::move(source));
    return false;
  }

  const DiscoveryOptions& options_;
  std::vector<SourceFile> found_;
  std::vector<DiscoveryProblem>& problems_;
};

}  // namespace

bool NaturalLess(std::string_view a, std::string_view b) {
  size_t i = 0;
  size_t j = 0;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      size_t zero_i = i;
      size_t zero_j = j;
      while (zero_i < a.size() && a[zero_i] == '0') ++zero_i;
      while (zero_j < b.size() && b[zero_j] == '0') ++zero_j;
      size_t end_i = zero_i;
      size_t end_j = zero_j;
      while (end_i < a.size() && digit(a[end_i])) ++end_i;
      while (end_j < b.size() && digit(b[end_j])) ++end_j;
      const std::string_view n = a.substr(zero_i, end_i - zero_i);
      const std::string_view m = b.substr(zero_j, end_j - zero_j);
      if (n.size() != m.size()) return n.size() < m.size();
      if (n != m) return n < m;
      i = end_i;
      j = end_j;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  if ((a.size() - i) != (b.size() - j)) return a.size() - i < b.size() - j;
  return a < b;
}

InputKind KindOf(std::string_view path, std::string_view start, std::string* format) {
  if (IsBinary(start)) return InputKind::kUnknown;
  const std::string_view head = start.substr(0, 4096);
  if (IsDump(head) && !IsNumbered(path)) {
    *format = "pg_dump";
    return InputKind::kSchema;
  }
  const std::string_view trimmed = Trim(head);
  const bool json = trimmed.starts_with('{') || trimmed.starts_with('[');
  if (json && head.find("\"pgsift_snapshot\"") != head.npos) {
    *format = "json";
    return InputKind::kSnapshot;
  }
  if (LooksLikeReport(start)) {
    *format = "json";
    return InputKind::kWorkload;
  }
  if (LooksLikePoolerConfig(head)) {
    *format = "pgbouncer";
    return InputKind::kPooler;
  }
  if (HasExtension(path, ".sql")) {
    *format = "sql";
    return InputKind::kMigration;
  }
  if (!json && !ViewCsv::ViewOf(head).empty()) {
    *format = "csv";
    return InputKind::kSnapshot;
  }
  // XML may hold what looks like a text plan; EXPLAIN's own has its element.
  const bool markup = (trimmed.starts_with("<?xml") || trimmed.starts_with("<!")) &&
                      start.find("<explain") == start.npos;
  const bool plan = !markup && LooksLikePlan(start);
  const bool framed = head.find("QUERY PLAN") != head.npos;
  // A log in JSON, or a text log that a collector has put into JSON, may hold text plans: a plan's
  // own keys are bare only where the file is the plan.
  const bool json_plan =
      json && start.find("\"Plan\"") != start.npos && start.find("\"Node Type\"") != start.npos;
  if (plan && (json_plan || framed)) {
    *format = std::string(PlanFormatName(FormatOfPlans(start)));
    return InputKind::kPlan;
  }
  if (LooksLikeLog(start, format)) return InputKind::kLog;
  if (plan) {
    *format = std::string(PlanFormatName(FormatOfPlans(start)));
    return InputKind::kPlan;
  }
  if (json && HasExtension(path, ".json")) return InputKind::kUnknown;
  // What a test of SQL is expected to print.
  if (HasExtension(path, ".out")) return InputKind::kUnknown;
  if (IsSqlWord(FirstWord(start)) && start.find(';') != start.npos && !HasExtension(path, ".md")) {
    *format = "sql";
    return InputKind::kMigration;
  }
  return InputKind::kUnknown;
}

std::vector<DiscoveryProblem> Discover(const std::vector<std::string>& paths,
                                       const DiscoveryOptions& options, SourceSet* sources) {
  std::vector<DiscoveryProblem> problems;
  Finder finder(options, &problems);
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      finder.Add(path, true);
      continue;
    }
    std::vector<std::string> files;
    Walk(path, &files, &problems);
    size_t known = 0;
    for (const std::string& file : files) {
      const size_t before = finder.found().size();
      finder.Add(file, false);
      known += finder.found().size() - before;
    }
    if (known == 0) {
      std::string message =
          path +
          ": holds nothing that is read; give migrations (.sql), a pg_dump schema, "
          "EXPLAIN output or server logs";
      finder.found().push_back({.path = path, .error = message});
      problems.push_back({path, std::move(message)});
    }
  }
  if (options.migrations != nullptr) options.migrations->Arrange(&finder.found());
  for (SourceFile& source : finder.found()) sources->Add(std::move(source));
  return problems;
}

}  // namespace pgsift
