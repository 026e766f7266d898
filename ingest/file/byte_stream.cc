#include "ingest/file/byte_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"

namespace pgsift {
namespace {

constexpr size_t kHeadBytes = 512;
constexpr size_t kStoredBytes = size_t{256} << 10;
// Enough of a log to tell it from the one that takes its place: it holds times.
constexpr size_t kBeginBytes = 256;
constexpr int kPauseMs = 100;

bool BeginsCompressed(std::string_view head) {
  return head.starts_with("\x1f\x8b") || head.starts_with("\x28\xb5\x2f\xfd") ||
         head.starts_with(std::string_view("\xfd\x37zXZ\0", 6)) ||
         (head.starts_with("BZh") && head.size() > 3 && head[3] >= '1' && head[3] <= '9') ||
         head.starts_with("\x04\x22\x4d\x18") || head.starts_with("\x5d\x00\x00");
}

bool BeginsArchive(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("7z\xbc\xaf\x27\x1c") ||
         (head.size() >= 262 && head.substr(257, 5) == "ustar");
}

}  // namespace

bool BeginsPacked(std::string_view head) { return BeginsCompressed(head) || BeginsArchive(head); }

// One libarchive reader and where its bytes come from.
struct ByteStream::Archive {
  archive* reader = archive_read_new();
  ByteStream* file = nullptr;    // The bytes of the file itself, or
  Archive* container = nullptr;  // of the current member of another archive.
  std::string head;              // Of the container's member, read to tell what it is.
  size_t head_at = 0;
  std::string buffer = std::string(kStoredBytes, '\0');
  bool raw = false;  // A compressed file, no archive.

  Archive() {
    archive_read_support_filter_all(reader);
    archive_read_support_format_raw(reader);
  }
  ~Archive() { archive_read_free(reader); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  static la_ssize_t Give(archive*, void* self, const void** bytes) {
    auto* from = static_cast<Archive*>(self);
    *bytes = from->buffer.data();
    if (from->file != nullptr) {
      return from->file->ReadStored(from->buffer.data(), from->buffer.size());
    }
    if (from->head_at < from->head.size()) {
      const size_t size = from->head.size() - from->head_at;
      std::memcpy(from->buffer.data(), from->head.data() + from->head_at, size);
      from->head_at = from->head.size();
      return static_cast<la_ssize_t>(size);
    }
    return archive_read_data(from->container->reader, from->buffer.data(), from->buffer.size());
  }
  bool Open() { return archive_read_open(reader, this, nullptr, &Give, nullptr) == ARCHIVE_OK; }
  std::string Why() const {
    const char* why = archive_error_string(reader);
    return why == nullptr ? "damaged" : why;
  }
};

ByteStream::ByteStream() = default;

ByteStream::~ByteStream() {
  nested_.reset();
  outer_.reset();
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

ssize_t ByteStream::ReadStored(char* buffer, size_t size) {
  if (head_at_ < head_.size()) {
    const size_t taken = std::min(size, head_.size() - head_at_);
    std::memcpy(buffer, head_.data() + head_at_, taken);
    head_at_ += taken;
    stored_bytes_ += taken;
    return static_cast<ssize_t>(taken);
  }
  for (;;) {
    if (stop_ != nullptr && !regular_) {
      const More more = WaitForPipe();
      if (more == More::kNone) return kNothingYet;
      if (more == More::kEnd) return 0;
    }
    const ssize_t got = ::read(descriptor_, buffer, size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error_ = std::string("cannot be read: ") + std::strerror(errno);
    if (got > 0) stored_bytes_ += static_cast<uint64_t>(got);
    if (got > 0 && stop_ != nullptr) KeepBegin(std::string_view(buffer, static_cast<size_t>(got)));
    if (got == 0 && !packed_ && stop_ != nullptr) {
      const More more = WaitForMore();
      if (more == More::kCame) continue;
      if (more == More::kNone) return kNothingYet;
    }
    return got;
  }
}

// Whether the file has other first bytes than those that were read from it: it was copied,
// truncated and written to again, all between two looks.
bool ByteStream::WasReplaced(uint64_t size) const {
  std::string now(std::min<uint64_t>(begin_.size(), size), '\0');
  const ssize_t got = ::pread(descriptor_, now.data(), now.size(), 0);
  return got > 0 && std::string_view(now).substr(0, static_cast<size_t>(got)) !=
                        std::string_view(begin_).substr(0, static_cast<size_t>(got));
}

void ByteStream::KeepBegin(std::string_view bytes) {
  if (begin_.size() >= kBeginBytes) return;
  begin_ += bytes.substr(0, kBeginBytes - begin_.size());
  TellFile();
}

void ByteStream::TellFile() const {
  struct stat here {};
  if (told_ == nullptr || ::fstat(descriptor_, &here) != 0) return;
  told_(here.st_dev, here.st_ino, begin_);
}

ByteStream::More ByteStream::WaitForPipe() const {
  pollfd pipe{.fd = descriptor_, .events = POLLIN, .revents = 0};
  for (;;) {
    const int ready = ::poll(&pipe, 1, kPauseMs);
    if (ready > 0) return More::kCame;  // Its end, too, is read.
    if (stop_->load() || (ready < 0 && errno != EINTR)) return More::kEnd;
    if (pause_) return More::kNone;
  }
}

// Waits until a file that is followed has grown, was truncated, or has a successor under its name.
ByteStream::More ByteStream::WaitForMore() {
  // A server writes on into a file that was renamed until it is told to open its log anew.
  constexpr int kLooksAtRenamed = 20;
  if (!regular_ || path_ == "-") return More::kEnd;
  int looks = 0;
  for (bool first = true;; first = false) {
    const bool stopping = stop_->load();
    struct stat here {
    }, named{};
    const off_t at = ::lseek(descriptor_, 0, SEEK_CUR);
    if (::fstat(descriptor_, &here) != 0 || at < 0) return More::kEnd;
    if (here.st_size < at || (here.st_size > at && WasReplaced(static_cast<uint64_t>(at)))) {
      ::lseek(descriptor_, 0, SEEK_SET);
      begin_.clear();
      if (here.st_size > 0) return More::kCame;
    } else if (here.st_size > at) {
      return More::kCame;
    }
    const bool successor = ::stat(path_.c_str(), &named) == 0 &&
                           (named.st_ino != here.st_ino || named.st_dev != here.st_dev);
    if (successor && (stopping || ++looks > kLooksAtRenamed)) {
      const int next = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
      if (next >= 0) {
        ::close(descriptor_);
        descriptor_ = next;
        begin_.clear();
        TellFile();
        looks = 0;
        continue;
      }
    }
    if (stopping) return More::kEnd;
    // The caller has something to do meanwhile, but not while a successor waits.
    if (pause_ && !first && !successor) return More::kNone;
    ::usleep(useconds_t{kPauseMs} * 1000);
  }
}

bool ByteStream::Open(const std::string& path) {
  path_ = path;
  descriptor_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) {
    error_ = errno == ENOENT   ? "no such file; check the path"
             : errno == EACCES ? "permission denied; make it readable for this user"
                               : std::string("cannot be opened: ") + std::strerror(errno);
    return false;
  }
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
    error_ = "is a folder";
    return false;
  }
  regular_ = S_ISREG(status.st_mode);
  head_.resize(kHeadBytes);
  size_t have = 0;
  while (have < kHeadBytes) {
    const ssize_t got = ::read(descriptor_, head_.data() + have, kHeadBytes - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error_ = std::string("cannot be read: ") + std::strerror(errno);
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  head_.resize(have);
  if (!error_.empty()) return false;
  if (stop_ != nullptr) KeepBegin(head_);
  packed_ = BeginsPacked(head_);
  if (!packed_) return true;
  outer_ = std::make_unique<Archive>();
  outer_->file = this;
  archive_read_support_format_tar(outer_->reader);
  archive_read_support_format_gnutar(outer_->reader);
  archive_read_support_format_zip(outer_->reader);
  archive_read_support_format_7zip(outer_->reader);
  if (outer_->Open()) return true;
  error_ = "cannot be unpacked: " + outer_->Why();
  return false;
}

bool ByteStream::NextMember() {
  if (!packed_) return !std::exchange(started_, true);
  if (ended_ || (started_ && outer_->raw)) return false;
  nested_.reset();
  for (;;) {
    archive_entry* entry = nullptr;
    const int got = archive_read_next_header(outer_->reader, &entry);
    ended_ = got == ARCHIVE_EOF;
    if (ended_) return false;
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
      if (error_.empty()) error_ = "cannot be unpacked: " + outer_->Why();
      ended_ = true;
      return false;
    }
    started_ = true;
    outer_->raw = archive_format(outer_->reader) == ARCHIVE_FORMAT_RAW;
    if (outer_->raw) return true;
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* name = archive_entry_pathname(entry);
    member_ = name == nullptr ? "" : name;
    return OpenNested();
  }
}

// A member that is compressed itself is read through a reader of its own.
bool ByteStream::OpenNested() {
  auto nested = std::make_unique<Archive>();
  nested->container = outer_.get();
  nested->head.resize(kHeadBytes);
  size_t have = 0;
  while (have < kHeadBytes) {
    const la_ssize_t got =
        archive_read_data(outer_->reader, nested->head.data() + have, kHeadBytes - have);
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  nested->head.resize(have);
  if (BeginsCompressed(nested->head)) {
    archive_entry* entry = nullptr;
    if (!nested->Open() || archive_read_next_header(nested->reader, &entry) != ARCHIVE_OK) {
      error_ = absl::StrFormat("%s in it cannot be unpacked: %s", member_, nested->Why());
      return true;  // Its Read() gives nothing; the next member may be whole.
    }
    nested->raw = true;
  }
  nested_ = std::move(nested);
  return true;
}

ssize_t ByteStream::ReadMember(char* buffer, size_t size) {
  Archive* from = outer_.get();
  if (!from->raw) {
    if (nested_ == nullptr) return -1;
    if (nested_->raw) {
      from = nested_.get();
    } else if (nested_->head_at < nested_->head.size()) {
      const size_t taken = std::min(size, nested_->head.size() - nested_->head_at);
      std::memcpy(buffer, nested_->head.data() + nested_->head_at, taken);
      nested_->head_at += taken;
      return static_cast<ssize_t>(taken);
    }
  }
  const la_ssize_t got = archive_read_data(from->reader, buffer, size);
  if (got < 0 && error_.empty()) {
    error_ = absl::StrFormat("damaged after %d unpacked bytes (%s); what came before was read",
                             unpacked_bytes_, from->Why());
  }
  return got < 0 ? -1 : got;
}

bool ByteStream::IsBomb() {
  if (unpacked_bytes_ < kBombBytes || unpacked_bytes_ / kBombRatio < stored_bytes_) return false;
  error_ = absl::StrFormat(
      "unpacking was stopped after %d bytes out of %d: no log is that repetitive; unpack it "
      "yourself if it is one",
      unpacked_bytes_, stored_bytes_);
  return true;
}

ssize_t ByteStream::Read(char* buffer, size_t size) {
  if (!packed_) return ReadStored(buffer, size);
  if (IsBomb()) return -1;
  const ssize_t got = ReadMember(buffer, size);
  if (got > 0) unpacked_bytes_ += static_cast<uint64_t>(got);
  return got;
}

}  // namespace pgsift
