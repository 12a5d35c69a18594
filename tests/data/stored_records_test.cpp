#include "data/stored_records.h"

#include <vector>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/spill_file.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

std::vector<std::byte> record(int value) {
  return {3, std::byte(value)};
}

// Record r holds 10 + r.
void expect_order(const StoredRecords& records) {
  const std::vector<int64_t> wanted{3, 4, 0, 1, 4};
  std::vector<std::byte> read(wanted.size() * 3);
  records.read(wanted, read.data());
  std::vector<std::byte> expected;
  for (const int64_t place : wanted)
    for (const std::byte byte : record(10 + static_cast<int>(place))) expected.push_back(byte);
  EXPECT_EQ(read, expected);
}

TEST(StoredRecords, ComeInTheOrderThatIsAskedFor) {
  const auto file = std::make_shared<SpillFile>();
  for (const int place : {4, 0, 2, 3, 1}) file->write(place * 3, record(10 + place));
  expect_order(StoredRecords(3, file));
}

TEST(StoredRecords, MayStandBehindAHeader) {
  const TemporaryFolder folder;
  std::string text = "header";
  for (int place = 0; place < 5; ++place) text += std::string(3, static_cast<char>(10 + place));
  expect_order(StoredRecords(3, std::make_shared<FileBytes>(folder.file("a", text)), 6));
}

TEST(StoredRecords, TellOfAFileThatBecameShorter) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a", "123456");
  const StoredRecords records(3, std::make_shared<FileBytes>(path));
  std::filesystem::resize_file(path, 4);
  std::byte read[3];
  const std::vector<int64_t> last{1};
  EXPECT_NE(message_of(ErrorCode::file, [&] { records.read(last, read); }).find("become shorter"),
            std::string::npos);
}

TEST(FileBytes, AreThoseOfARegularFile) {
  const TemporaryFolder folder;
  message_of(ErrorCode::file, [&] { FileBytes(folder.path("missing")); });
  message_of(ErrorCode::file, [&] { FileBytes(folder.path("")); });
}

}  // namespace
}  // namespace sinapse
