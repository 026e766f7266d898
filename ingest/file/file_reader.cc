#include "ingest/file/file_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "absl/strings/str_format.h"
#include "ingest/file/byte_stream.h"

namespace pgsift {
namespace {

bool IsCompressed(std::string_view start) {
  return start.starts_with("\x1f\x8b") || start.starts_with("\x28\xb5\x2f\xfd") ||
         start.starts_with(std::string_view("\xfd"
                                            "7zXZ\0",
                                            6)) ||
         start.starts_with("BZh") || start.starts_with("\x04\x22\x4d\x18");
}

std::string Why(const std::string& path) {
  switch (errno) {
    case ENOENT:
      return absl::StrFormat("%s: no such file or folder; check the path", path);
    case EACCES:
      return absl::StrFormat("%s: permission denied; make it readable for this user", path);
    default:
      return absl::StrFormat("%s: %s", path, std::strerror(errno));
  }
}

// Reads up to `bytes_max` bytes of a descriptor.
bool ReadDescriptor(int descriptor, uint64_t bytes_max, FileBytes* result) {
  constexpr size_t kStep = size_t{1} << 20;
  while (result->bytes.size() < bytes_max) {
    const size_t before = result->bytes.size();
    // Room for what the file should still hold, and a byte to meet its end: a resize clears what it
    // adds, and beyond what was reserved it would copy all.
    const uint64_t expected =
        result->size >= before && result->size > 0 ? result->size - before + 1 : uint64_t{kStep};
    const size_t step =
        static_cast<size_t>(std::min({uint64_t{kStep}, expected, bytes_max - before}));
    result->bytes.resize(before + step);
    const ssize_t got = ::read(descriptor, result->bytes.data() + before, step);
    result->bytes.resize(before + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
  }
  char more = 0;
  result->cut = ::read(descriptor, &more, 1) == 1;
  return true;
}

void Decompress(const std::string& path, uint64_t bytes_max, FileBytes* result) {
  const std::string packed = std::move(result->bytes);
  result->bytes.clear();
  result->compressed = true;
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), packed.data(), packed.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    result->error = absl::StrFormat("%s: cannot be decompressed: %s; unpack it first", path,
                                    archive_error_string(reader.get()));
    return;
  }
  char buffer[1 << 16];
  while (true) {
    const la_ssize_t got = archive_read_data(reader.get(), buffer, sizeof(buffer));
    if (got == 0) return;
    if (got < 0) {
      result->error =
          absl::StrFormat("%s: damaged after %d bytes: %s; what came before was read", path,
                          result->bytes.size(), archive_error_string(reader.get()));
      return;
    }
    const uint64_t room = bytes_max - result->bytes.size();
    result->bytes.append(buffer,
                         static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(got), room)));
    if (static_cast<uint64_t>(got) > room) {
      result->cut = true;
      return;
    }
  }
}

}  // namespace

namespace {

// The file's own bytes, as they are stored.
FileBytes ReadStored(const std::string& path, uint64_t bytes_max) {
  FileBytes result;
  const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    result.error = Why(path);
    return result;
  }
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    result.size = static_cast<uint64_t>(status.st_size);
    result.bytes.reserve(std::min<uint64_t>(result.size + 1, bytes_max));
  }
  if (!ReadDescriptor(descriptor, bytes_max, &result)) result.error = Why(path);
  if (descriptor != STDIN_FILENO) ::close(descriptor);
  if (result.size < result.bytes.size()) result.size = result.bytes.size();
  return result;
}

}  // namespace

FileBytes ReadFile(const std::string& path, uint64_t bytes_max) {
  FileBytes result = ReadStored(path, bytes_max);
  if (result.error.empty() && IsCompressed(result.bytes)) Decompress(path, bytes_max, &result);
  return result;
}

FileBytes ReadSample(const std::string& path, uint64_t bytes_max) {
  // Most files are small and plain: they are opened once, and take the memory that they fill.
  FileBytes plain = ReadStored(path, bytes_max);
  if (!plain.error.empty() || !BeginsPacked(plain.bytes)) return plain;
  ByteStream stream;
  FileBytes result{.size = plain.size};
  bool archive = false;
  if (stream.Open(path)) {
    result.compressed = stream.packed();
    while (result.bytes.empty() && stream.NextMember()) {
      archive |= !stream.member().empty();
      result.bytes.resize(static_cast<size_t>(bytes_max));
      size_t size = 0;
      while (size < result.bytes.size()) {
        const ssize_t got = stream.Read(result.bytes.data() + size, result.bytes.size() - size);
        if (got <= 0) break;
        size += static_cast<size_t>(got);
      }
      result.bytes.resize(size);
    }
  }
  result.cut = archive || result.bytes.size() == bytes_max;
  if (result.bytes.empty() && !stream.error().empty()) {
    result.error = path + ": " + stream.error();
  }
  return result;
}

}  // namespace pgsift
