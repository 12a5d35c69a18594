#include "data/byte_stream.h"

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

std::string contents(const std::string& path) {
  return read_all(*open_file(path), path);
}

TEST(ByteStream, ReadsPlainAndCompressedFiles) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 500000; ++i) text += std::to_string(i) + ",";
  EXPECT_EQ(contents(folder.file("plain", text)), text);
  EXPECT_EQ(contents(folder.gzip_file("packed.gz", text)), text);
  EXPECT_EQ(contents(folder.file("empty", "")), "");
  EXPECT_EQ(read_start(folder.gzip_file("packed.gz", text), 4), "0,1,");
}

TEST(ByteStream, KnowsWhatIsLeftOfAPlainFile) {
  const TemporaryFolder folder;
  const auto stream = open_file(folder.file("plain", "abc"));
  EXPECT_EQ(stream->remaining(), 3u);
  EXPECT_EQ(open_file(folder.gzip_file("packed.gz", "abc"))->remaining(), std::nullopt);
}

TEST(ByteStream, RejectsDamagedGzip) {
  const TemporaryFolder folder;
  const std::string bytes = read_back(folder.gzip_file("packed.gz", "x,y\n1,2\n"));
  const std::string cut = folder.file("cut.gz", bytes.substr(0, bytes.size() - 6));
  EXPECT_EQ(message_of(ErrorCode::data, [&] { contents(cut); }),
            cut + ": the gzip file is cut off.");
  std::string changed = bytes;
  changed[bytes.size() - 6] ^= 1;
  const std::string damaged = folder.file("damaged.gz", changed);
  EXPECT_EQ(message_of(ErrorCode::data, [&] { contents(damaged); }),
            damaged + ": the gzip file is damaged.");
}

// What gzip itself writes, and not only what our zlib does: printf 'x,y\n1,2\n' | gzip -n
TEST(ByteStream, ReadsTheBytesOfGzip) {
  const TemporaryFolder folder;
  const std::string_view bytes(
      "\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xd0\xa9\xe4\x32\xd4\x31\xe2\x02\0\x23\xdf\x72\0\x08\0\0\0",
      28);
  EXPECT_EQ(contents(folder.file("x.csv.gz", bytes)), "x,y\n1,2\n");
  for (size_t size = 2; size < bytes.size(); ++size) {
    const std::string cut = folder.file("cut.gz", bytes.substr(0, size));
    EXPECT_EQ(message_of(ErrorCode::data, [&] { contents(cut); }),
              cut + ": the gzip file is cut off.")
        << size << " bytes";
  }
}

TEST(ByteStream, ReadsGzipInSeveralMembers) {
  const TemporaryFolder folder;
  const std::string first = read_back(folder.gzip_file("1.gz", "x,y\n"));
  const std::string second = read_back(folder.gzip_file("2.gz", "1,2\n"));
  EXPECT_EQ(contents(folder.file("both.gz", first + second)), "x,y\n1,2\n");
}

TEST(ByteStream, NamesTheFileThatCannotBeRead) {
  const TemporaryFolder folder;
  const std::string path = folder.path("missing.csv");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { contents(path); }),
            path + ": cannot read: No such file or directory.");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { contents(folder.path("")); }),
            folder.path("") + ": cannot read: Is a directory.");
}

}  // namespace
}  // namespace sinapse
