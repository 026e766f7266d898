#include "ingest/file/byte_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "ingest/log/read_logs.h"

namespace pgsift {
namespace {

namespace fs = std::filesystem;

std::string LogText() {
  std::ifstream in(std::string(PGSIFT_SOURCE_DIR) + "/testdata/logs/pg15_stderr.log",
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class PackedTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("pgsift_packed_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Writes members (name, content) with a filter and a format of libarchive.
  using Choose = int (*)(archive*);
  std::string Pack(const std::string& name, Choose filter, Choose format,
                   const std::vector<std::pair<std::string, std::string>>& members) {
    const std::string path = (folder_ / name).string();
    archive* writer = archive_write_new();
    EXPECT_EQ(filter(writer), ARCHIVE_OK);
    EXPECT_EQ(format(writer), ARCHIVE_OK);
    EXPECT_EQ(archive_write_open_filename(writer, path.c_str()), ARCHIVE_OK);
    for (const auto& [member, content] : members) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, member.c_str());
      archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
      archive_write_data(writer, content.data(), content.size());
      archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return path;
  }
  std::string Raw(const std::string& name, Choose filter, const std::string& content) {
    return Pack(name, filter, &archive_write_set_format_raw, {{"data", content}});
  }
  static std::string ReadWhole(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  fs::path folder_;
};

uint64_t RecordsOf(const std::string& path, LogFileResult* result) {
  const std::vector<LogFile> files = {{path, FileId{0}}};
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, {.jobs = 2, .block_bytes = 5000}, &results);
  *result = results[0];
  return workload.totals().records;
}

TEST_F(PackedTest, EveryCompressionIsRead) {
  const std::string log = LogText();
  for (const auto& [name, filter] : {std::pair{"a.gz", &archive_write_add_filter_gzip},
                                     {"a.bz2", &archive_write_add_filter_bzip2},
                                     {"a.xz", &archive_write_add_filter_xz},
                                     {"a.zst", &archive_write_add_filter_zstd},
                                     {"a.lz4", &archive_write_add_filter_lz4}}) {
    LogFileResult result;
    EXPECT_EQ(RecordsOf(Raw(name, filter, log), &result), 193u) << name;
    EXPECT_EQ(result.error, "") << name;
    EXPECT_EQ(result.bytes, log.size()) << name;
    EXPECT_EQ(result.record_bytes, log.size()) << name;
  }
}

TEST_F(PackedTest, ConcatenatedStreamsAreOne) {
  const std::string log = LogText();
  const std::string one = ReadWhole(Raw("one.gz", &archive_write_add_filter_gzip, log));
  const std::string path = (folder_ / "two.gz").string();
  std::ofstream(path, std::ios::binary) << one << one;
  LogFileResult result;
  EXPECT_EQ(RecordsOf(path, &result), 386u);
}

TEST_F(PackedTest, MembersOfArchivesAreLogsOrPassedOver) {
  const std::string log = LogText();
  const std::string packed = ReadWhole(Raw("inner.gz", &archive_write_add_filter_gzip, log));
  const std::vector<std::pair<std::string, std::string>> members = {
      {"README", "this is no log\n"}, {"a.log", log}, {"b.log.gz", packed}, {"empty.log", ""}};
  for (const auto& [name, filter, format] :
       {std::tuple{"a.tar", &archive_write_add_filter_none, &archive_write_set_format_ustar},
        {"a.tar.zst", &archive_write_add_filter_zstd, &archive_write_set_format_ustar},
        {"a.zip", &archive_write_add_filter_none, &archive_write_set_format_zip}}) {
    LogFileResult result;
    EXPECT_EQ(RecordsOf(Pack(name, filter, format, members), &result), 386u) << name;
    EXPECT_EQ(result.error, "") << name;
    EXPECT_EQ(result.bytes, 2 * log.size() + members[0].second.size()) << name;
    EXPECT_EQ(result.record_bytes + result.skipped_bytes, result.bytes) << name;
    EXPECT_EQ(result.skipped_bytes, members[0].second.size()) << name;
  }
}

TEST_F(PackedTest, DamageIsNamedAndWhatCameBeforeIsRead) {
  std::string log;
  for (int i = 0; i < 40; ++i) log += LogText();
  const std::string whole = ReadWhole(Raw("whole.zst", &archive_write_add_filter_zstd, log));
  const std::string path = (folder_ / "torn.zst").string();
  std::ofstream(path, std::ios::binary) << whole.substr(0, whole.size() - 20);
  LogFileResult result;
  EXPECT_GT(RecordsOf(path, &result), 1000u);
  EXPECT_NE(result.error, "");
  EXPECT_EQ(result.record_bytes + result.skipped_bytes, result.bytes);
}

TEST_F(PackedTest, BombsAreStopped) {
  // Lines of a log, so that nothing but the ratio gives it away.
  std::string chunk;
  while (chunk.size() < size_t{1} << 20) {
    chunk += "2026-11-24 10:00:00.000 UTC [7] LOG:  checkpoint starting: time\n";
  }
  const std::string path = (folder_ / "bomb.zst").string();
  archive* writer = archive_write_new();
  archive_write_add_filter_zstd(writer);
  archive_write_set_format_raw(writer);
  archive_write_open_filename(writer, path.c_str());
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "data");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  for (int i = 0; i < 1100; ++i) archive_write_data(writer, chunk.data(), chunk.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  ByteStream stream;
  ASSERT_TRUE(stream.Open(path));
  ASSERT_TRUE(stream.NextMember());
  std::vector<char> buffer(size_t{4} << 20);
  uint64_t bytes = 0;
  for (;;) {
    const ssize_t got = stream.Read(buffer.data(), buffer.size());
    if (got <= 0) break;
    bytes += static_cast<uint64_t>(got);
  }
  EXPECT_LT(bytes, kBombBytes + (uint64_t{8} << 20));
  EXPECT_NE(stream.error().find("stopped"), std::string::npos) << stream.error();
}

TEST_F(PackedTest, RotatedFilesAreReadInOrderOfTime) {
  const std::string first = (folder_ / "z.log").string(), second = (folder_ / "a.log").string();
  std::ofstream(first) << "2026-11-24 10:00:00.000 UTC [7] LOG:  statement: select 1\n";
  std::ofstream(second) << "2026-11-24 10:00:01.000 UTC [7] LOG:  duration: 5.000 ms\n";
  const std::vector<LogFile> files = {{second, FileId{0}}, {first, FileId{1}}};
  std::vector<LogFileResult> results;
  const Workload workload = ReadLogs(files, LogOptions(), &results);
  EXPECT_EQ(workload.totals().total_us, 5000);
  EXPECT_EQ(workload.totals().unattributed_durations, 0u);
}

}  // namespace
}  // namespace pgsift
