#include "data/stored_records.h"

#include <vector>

#include <gtest/gtest.h>

namespace sinapse {
namespace {

std::vector<std::byte> record(int value) {
  return {3, std::byte(value)};
}

TEST(StoredRecords, ComeInTheOrderThatIsAskedFor) {
  StoredRecords records(3);
  for (const int place : {4, 0, 2, 3, 1}) records.write(place, record(10 + place));
  const std::vector<int64_t> wanted{3, 4, 0, 1, 4};
  std::vector<std::byte> read(wanted.size() * 3);
  records.read(wanted, read.data());
  std::vector<std::byte> expected;
  for (const int64_t place : wanted)
    for (const std::byte byte : record(10 + static_cast<int>(place))) expected.push_back(byte);
  EXPECT_EQ(read, expected);
}

}  // namespace
}  // namespace sinapse
