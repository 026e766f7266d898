#ifndef PGSIFT_INGEST_FILE_BYTE_STREAM_H_
#define PGSIFT_INGEST_FILE_BYTE_STREAM_H_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace pgsift {

// The content of a file as it comes: unpacked if it is gz, zst, xz, bz2 or lz4, member after member
// if it is a tar, zip or 7z archive (whose members may be compressed themselves). Told by the first
// bytes, not by the name. Memory: the decompressor's own window, whatever the size.
//
//   ByteStream stream;
//   if (!stream.Open(path)) complain(stream.error());
//   while (stream.NextMember()) while ((got = stream.Read(buffer, size)) > 0) …
//
// Not thread-safe. Damage ends a member: what came before it has been handed out, error() says why.
class ByteStream {
 public:
  ByteStream();
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  // A plain file is not at its end when all of it was read: Read() waits for more until *stop, and
  // goes on with the file that takes its place when it is rotated away, be it renamed or copied and
  // truncated. With `pause`, Read() says kNothingYet when nothing came for a moment. For Open();
  // `stop` must outlive the stream.
  // `told` is called with the file that is read, when it is opened, when another takes its place,
  // and as its first bytes come.
  using FileTold = std::function<void(uint64_t device, uint64_t inode, std::string_view begin)>;
  void Follow(const std::atomic<bool>* stop, bool pause = false, FileTold told = nullptr) {
    stop_ = stop;
    pause_ = pause;
    told_ = std::move(told);
  }
  // "-" is standard input. False, with the reason in error(), if it cannot be opened.
  bool Open(const std::string& path);
  // Moves to the first or next member; a file that is no archive has one. False after the last, or
  // when the archive is damaged.
  bool NextMember();
  // The member's name within its archive; empty if the file is none.
  const std::string& member() const { return member_; }
  bool packed() const { return packed_; }
  static constexpr ssize_t kNothingYet = -2;
  // Up to `size` bytes; 0 at the end of the member, -1 when it cannot be read on.
  ssize_t Read(char* buffer, size_t size);
  // One line that names no path; empty: all is well.
  const std::string& error() const { return error_; }
  // The bytes of the file itself that were read so far.
  uint64_t stored_bytes() const { return stored_bytes_; }
  // The file descriptor; -1 when closed. For plain files that are followed.
  int descriptor() const { return descriptor_; }

 private:
  struct Archive;
  friend struct Archive;

  ssize_t ReadStored(char* buffer, size_t size);
  enum class More { kCame, kNone, kEnd };
  More WaitForMore();
  More WaitForPipe() const;
  bool WasReplaced(uint64_t size) const;
  void KeepBegin(std::string_view bytes);
  void TellFile() const;
  ssize_t ReadMember(char* buffer, size_t size);
  bool OpenNested();
  bool IsBomb();

  int descriptor_ = -1;
  std::string path_;
  const std::atomic<bool>* stop_ = nullptr;  // Followed until this is set.
  bool pause_ = false;
  FileTold told_;
  bool regular_ = false;  // No pipe, no terminal.
  std::string begin_;     // Of a file that is followed: its first bytes.
  bool packed_ = false;   // Read through libarchive.
  bool started_ = false;  // NextMember() was called.
  bool ended_ = false;    // There is no further member.
  std::string head_;      // Read to tell what the file is, not yet handed out.
  size_t head_at_ = 0;
  std::unique_ptr<Archive> outer_;
  std::unique_ptr<Archive> nested_;  // A compressed member of outer_.
  std::string member_;
  std::string error_;
  uint64_t stored_bytes_ = 0;
  uint64_t unpacked_bytes_ = 0;
};

// Whether the first bytes of a file are those of a compressed file or an archive. 512 bytes are
// enough to tell.
bool BeginsPacked(std::string_view head);

// More than this, and more than kBombRatio times what is stored, is no log that anyone kept:
// unpacking stops there and says so.
inline constexpr uint64_t kBombBytes = uint64_t{1} << 30;
inline constexpr uint64_t kBombRatio = 500;

}  // namespace pgsift

#endif  // PGSIFT_INGEST_FILE_BYTE_STREAM_H_
