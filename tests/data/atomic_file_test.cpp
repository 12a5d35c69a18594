#include "data/atomic_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t num_files(const std::string& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

TEST(AtomicFile, WritesAndReplacesLeavingNothingBeside) {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.onnx");
  write_file_atomically(path, "first");
  write_file_atomically(path, std::string_view("se\0cond", 7));
  EXPECT_EQ(read_back(path), std::string("se\0cond", 7));
  EXPECT_EQ(num_files(folder.path("")), 1);
}

TEST(AtomicFile, KeepsThePermissionsOfTheReplacedFile) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a", "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  write_file_atomically(path, "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(AtomicFile, FollowsASymbolicLink) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a", "old"), link = folder.path("link");
  fs::create_symlink(path, link);
  write_file_atomically(link, "new");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(read_back(path), "new");
}

TEST(AtomicFile, NamesThePathAndTheReason) {
  const TemporaryFolder folder;
  const std::string path = folder.path("missing/a");
  const std::string message =
      message_of(ErrorCode::file, [&] { write_file_atomically(path, "x"); });
  EXPECT_EQ(message, path + ": cannot write: No such file or directory.");
}

TEST(AtomicFile, RefusesAFolder) {
  const TemporaryFolder folder;
  message_of(ErrorCode::file, [&] { write_file_atomically(folder.path(""), "x"); });
  EXPECT_EQ(num_files(folder.path("")), 0);
}

TEST(AtomicFile, ReportsAFullDisk) {
  const std::string message =
      message_of(ErrorCode::file, [] { write_file_atomically("/dev/full", "x"); });
  EXPECT_EQ(message, "/dev/full: cannot write: No space left on device.");
}

}  // namespace
}  // namespace sinapse
