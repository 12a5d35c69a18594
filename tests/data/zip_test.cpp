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
void read_members(const std::string& bytes) {
  const ZipArchive archive(std::as_bytes(std::span(bytes)), "a.npz");
  for (const ZipMember& member : archive.members()) archive.read(member);
}

class ZipFiles : public testing::TestWithParam<const char*> {};

TEST_P(ZipFiles, GiveTheArraysThatNumPyWrote) {
  const std::string bytes = archive_of(GetParam());
  const ZipArchive archive(std::as_bytes(std::span(bytes)), "a.npz");
  ASSERT_EQ(archive.members().size(), 4u);
  EXPECT_EQ(archive.find("x"), nullptr);
  const ZipMember* member = archive.find("x_train.npy");
  ASSERT_NE(member, nullptr);
  const Array array = parse_npy(archive.read(*member), "x_train");
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
