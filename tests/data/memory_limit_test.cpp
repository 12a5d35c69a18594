#include "data/memory_limit.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>

namespace sinapse {
namespace {

TEST(MemoryLimit, ReadsUnits) {
  EXPECT_EQ(parse_bytes("17", "x"), 17u);
  EXPECT_EQ(parse_bytes("512M", "x"), uint64_t{512} << 20);
  EXPECT_EQ(parse_bytes("3k", "x"), 3072u);
  EXPECT_EQ(parse_bytes("2G", "x"), uint64_t{2} << 30);
  EXPECT_EQ(parse_bytes("1T", "x"), uint64_t{1} << 40);
}

TEST(MemoryLimit, RejectsWhatIsNoSize) {
  for (const char* text : {"", "M", "0", "-1", "1.5G", "5MB", "5 M", "much", "99999999999G"})
    EXPECT_THROW(parse_bytes(text, "x"), Error) << text;
}

TEST(MemoryLimit, FindsSomeFreeMemory) {
  EXPECT_GT(free_memory(), uint64_t{1} << 20);
}

}  // namespace
}  // namespace sinapse
