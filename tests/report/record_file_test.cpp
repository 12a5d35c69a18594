#include "report/record_file.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/temporary_folder.h"

namespace sinapse {

namespace {

TEST(RecordFile, ChecksumsAreThoseOfRfc3720) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(RecordFile, AppendsRecordsThatCanBeReadAtOnce) {
  const TemporaryFolder folder;
  RecordFile file(folder.path("events"));
  file.append("abc");
  EXPECT_EQ(read_back(folder.path("events")).size(), 8u + 4 + 3 + 4);
  file.append("");
  EXPECT_EQ(read_back(folder.path("events")).size(), 19u + 16);
}

TEST(RecordFile, FullDisksAreErrors) {
  RecordFile file("/dev/full");
  EXPECT_THROW(file.append("abc"), Error);
  EXPECT_THROW(RecordFile("/nowhere/events"), Error);
}

}  // namespace

}  // namespace sinapse
