#include "data/zip.h"

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/npy.h"
#include "data/temporary_folder.h"
#include "paths.h"

namespace sinapse {
namespace {

std::string archive_of(const std::string& name) {
  return read_back(source_path("tests/golden/" + name));
}

// Unpacks every member; what an Error says otherwise.
std::vector<std::string> read_members(const std::string& bytes) {
  const MemoryBytes memory(std::as_bytes(std::span(bytes)));
  const ZipArchive archive(memory, memory.size(), "a.npz");
  std::vector<std::string> members;
  for (const ZipMember& member : archive.members())
    members.push_back(read_all(*archive.open(member), member.name));
  return members;
}

std::string little_endian(uint64_t value, int num_bytes) {
  std::string bytes;
  for (int i = 0; i < num_bytes; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// The same archive with every size and place in the fields for large ones.
std::string as_zip64(const std::string& bytes) {
  const MemoryBytes memory(std::as_bytes(std::span(bytes)));
  const ZipArchive archive(memory, memory.size(), "a.npz");
  const std::string beyond = little_endian(0xFFFFFFFF, 4);
  std::string members = bytes;
  members[members.rfind("PK\5\6")] = '?';  // the end of the old directory
  std::string directory;
  for (const ZipMember& member : archive.members()) {
    directory += "PK\1\2" + std::string(6, '\0') + little_endian(member.method, 2) +
                 std::string(4, '\0') + little_endian(member.crc, 4) + beyond + beyond +
                 little_endian(member.name.size(), 2) + little_endian(5 + 28, 2) +
                 std::string(10, '\0') + beyond + member.name;
    directory += little_endian(7, 2) + little_endian(1, 2) + "?";  // another extra field
    directory += little_endian(1, 2) + little_endian(24, 2) + little_endian(member.size, 8) +
                 little_endian(member.stored_size, 8) + little_endian(member.offset, 8);
  }
  const uint64_t count = archive.members().size(), at = bytes.size(), end = at + directory.size();
  return members + directory + "PK\6\6" + std::string(28, '\0') + little_endian(count, 8) +
         little_endian(directory.size(), 8) + little_endian(at, 8) + "PK\6\7" +
         std::string(4, '\0') + little_endian(end, 8) + std::string(4, '\0') + "PK\5\6" +
         std::string(4, '\0') + little_endian(0xFFFF, 2) + little_endian(0xFFFF, 2) + beyond +
         beyond + std::string(2, '\0');
}

class ZipFiles : public testing::TestWithParam<const char*> {};

TEST_P(ZipFiles, GiveTheArraysThatNumPyWrote) {
  const std::string bytes = archive_of(GetParam());
  const MemoryBytes memory(std::as_bytes(std::span(bytes)));
  const ZipArchive archive(memory, memory.size(), "a.npz");
  ASSERT_EQ(archive.members().size(), 4u);
  EXPECT_EQ(archive.find("x"), nullptr);
  const ZipMember* member = archive.find("x_train.npy");
  ASSERT_NE(member, nullptr);
  const Array array = read_npy(*archive.open(*member), "x_train");
  EXPECT_EQ(array.shape, (std::vector<int64_t>{4, 3, 2}));
  EXPECT_EQ(reinterpret_cast<const float*>(array.bytes.data())[23], 23.0f);
}

// Anything may come, but as an Error.
TEST_P(ZipFiles, CutOffAnywhereAreRejected) {
  const std::string bytes = archive_of(GetParam());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(read_members(bytes.substr(0, size)), Error) << size;
  }
}

TEST_P(ZipFiles, WithAnyByteChangedAreReadOrRejected) {
  const std::string bytes = archive_of(GetParam());
  int num_rejected = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(~changed[i]);
    try {
      read_members(changed);
    } catch (const Error&) {
      ++num_rejected;
    }
  }
  EXPECT_GT(num_rejected, static_cast<int>(bytes.size()) / 4);
}

TEST_P(ZipFiles, MayHaveSizesBeyond32Bits) {
  const std::string bytes = archive_of(GetParam()), large = as_zip64(bytes);
  EXPECT_EQ(read_members(large), read_members(bytes));
  for (size_t size = bytes.size(); size < large.size(); ++size)
    EXPECT_THROW(read_members(large.substr(0, size)), Error) << size;
  for (size_t i = bytes.size(); i < large.size(); ++i) {
    std::string changed = large;
    changed[i] = static_cast<char>(~changed[i]);
    try {
      read_members(changed);
    } catch (const Error&) {
    }
  }
}

INSTANTIATE_TEST_SUITE_P(NumPy, ZipFiles,
                         testing::Values("arrays_stored.npz", "arrays_deflated.npz"),
                         [](const auto& info) { return info.index == 0 ? "stored" : "deflated"; });

TEST(Zip, FindsAChangedByteInWhatItUnpacks) {
  std::string bytes = archive_of("arrays_stored.npz");
  bytes[bytes.find("\x93NUMPY") + 140] ^= 1;
  EXPECT_EQ(message_of(ErrorCode::data, [&] { read_members(bytes); }),
            "a.npz: x_train.npy: its checksum is wrong: the file is damaged.");
}

TEST(Zip, RejectsOtherFiles) {
  EXPECT_EQ(message_of(ErrorCode::data, [] { read_members("a,b\n1,2\n"); }),
            "a.npz: not a whole ZIP archive: it has no directory.");
}

}  // namespace
}  // namespace sinapse
