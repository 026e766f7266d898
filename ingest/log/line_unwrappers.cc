// Wrappers of single lines: Kubernetes' container runtime, CloudWatch's export, and pgbouncer.

#include <algorithm>
#include <map>

#include "ingest/log/log_clock.h"
#include "ingest/log/unwrapper.h"

namespace pgsift {
namespace {

constexpr size_t kJoinedBytesMax = size_t{16} << 20;

struct CriLine {
  int64_t time_us = 0;
  std::string_view stream;
  bool partial = false;
  std::string_view text;
};

bool ReadCri(std::string_view line, CriLine* cri) {
  size_t size = 0;
  const auto time = ReadIsoTime(line, &size);
  if (!time || line[10] != 'T') return false;
  cri->time_us = *time;
  line.remove_prefix(size);
  if (line.starts_with(" stdout ")) {
    cri->stream = line.substr(1, 6);
  } else if (line.starts_with(" stderr ")) {
    cri->stream = line.substr(1, 6);
  } else {
    return false;
  }
  line.remove_prefix(8);
  // "F" or "P", with tags after a colon.
  const size_t space = line.find(' ');
  const std::string_view tag = line.substr(0, space);
  if (!tag.starts_with('F') && !tag.starts_with('P')) return false;
  cri->partial = tag.starts_with('P');
  cri->text = space == line.npos ? std::string_view() : line.substr(space + 1);
  return true;
}

class CriStage : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;

  void Take(const LogPiece& piece) override {
    CriLine cri;
    if (!ReadCri(piece.text, &cri)) return next_->Skip(piece);
    Joined& joined = joined_[std::string(cri.stream)];
    if (joined.text.empty() && joined.first.bytes == 0) joined.first = piece;
    if (joined.first.offset != piece.offset) joined.first.bytes += piece.bytes;
    joined.first.time_us = cri.time_us;
    joined.text.append(cri.text);
    if (cri.partial && joined.text.size() < kJoinedBytesMax) return;
    Emit(&joined);
  }
  void Finish() override {
    for (auto& [stream, joined] : joined_) {
      if (joined.first.bytes > 0) Emit(&joined);
    }
    next_->Finish();
  }

 private:
  struct Joined {
    LogPiece first;
    std::string text;
  };
  void Emit(Joined* joined) {
    joined->first.text = joined->text;
    next_->Take(joined->first);
    *joined = Joined{};
  }
  std::map<std::string, Joined> joined_;  // By stream.
};

bool ReadStamp(std::string_view line, int64_t* time_us, std::string_view* text) {
  size_t size = 0;
  const auto time = ReadIsoTime(line, &size);
  if (!time || line[10] != 'T' || size >= line.size() ||
      (line[size] != ' ' && line[size] != '\t')) {
    return false;
  }
  *time_us = *time;
  *text = line.substr(size + 1);
  return true;
}

class StampedStage : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;
  void Take(const LogPiece& piece) override {
    LogPiece inner = piece;
    if (!ReadStamp(piece.text, &inner.time_us, &inner.text)) inner.text = piece.text;
    next_->Take(inner);
  }
};

struct PgbouncerLine {
  std::string_view before;  // Time and process.
  std::string_view level;
  std::string_view text;
};

bool ReadPgbouncer(std::string_view line, PgbouncerLine* read) {
  size_t size = 0;
  if (!ReadIsoTime(line, &size)) return false;
  size_t at = size;
  const auto digits = [&] {
    const size_t begin = at;
    while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
    return at > begin;
  };
  if (line.substr(at, 1) != " ") return false;
  ++at;
  const bool bracket = at < line.size() && line[at] == '[';
  at += bracket;
  if (!digits()) return false;
  if (bracket && (at >= line.size() || line[at] != ']')) return false;
  at += bracket;
  read->before = line.substr(0, at);
  if (line.substr(at, 1) != " ") return false;
  std::string_view rest = line.substr(at + 1);
  for (std::string_view level : {"LOG", "WARNING", "ERROR", "FATAL", "DEBUG", "NOISE"}) {
    if (!rest.starts_with(level) || rest.substr(level.size(), 1) != " ") continue;
    read->level = level;
    read->text = rest.substr(level.size() + 1);
    return true;
  }
  return false;
}

// Writes pgbouncer's lines with PostgreSQL's punctuation.
class PgbouncerStage : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;
  void Take(const LogPiece& piece) override {
    PgbouncerLine line;
    if (!ReadPgbouncer(piece.text, &line)) return next_->Skip(piece);
    const std::string_view level = line.level == "NOISE" ? "DEBUG" : line.level;
    const std::string text =
        std::string(line.before) + ' ' + std::string(level) + ":  " + std::string(line.text);
    LogPiece inner = piece;
    inner.text = text;
    next_->Take(inner);
  }
};

}  // namespace

bool IsCriLine(std::string_view line) {
  CriLine cri;
  return ReadCri(line, &cri);
}
bool IsStampedLine(std::string_view line) {
  int64_t time_us = 0;
  std::string_view text;
  return ReadStamp(line, &time_us, &text);
}
bool IsPgbouncerLine(std::string_view line) {
  PgbouncerLine read;
  return ReadPgbouncer(line, &read);
}

std::unique_ptr<UnwrapStage> MakeCriStage(UnwrapStage* next) {
  return std::make_unique<CriStage>(next);
}
std::unique_ptr<UnwrapStage> MakeStampedStage(UnwrapStage* next) {
  return std::make_unique<StampedStage>(next);
}
std::unique_ptr<UnwrapStage> MakePgbouncerStage(UnwrapStage* next) {
  return std::make_unique<PgbouncerStage>(next);
}

}  // namespace pgsift
