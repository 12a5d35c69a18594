#include "data/duration.h"

#include <gtest/gtest.h>

namespace sinapse {
namespace {

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("90")->count(), 90);
  EXPECT_EQ(parse_duration("0.25s")->count(), 0.25);
  EXPECT_EQ(parse_duration("10m")->count(), 600);
  EXPECT_EQ(parse_duration("1.5h")->count(), 5400);
  EXPECT_EQ(parse_duration("2d")->count(), 172800);
}

TEST(Duration, RefusesAnythingElse) {
  for (const char* text :
       {"", "m", "10 m", "10min", "-1", "-0", "1e999", "inf", "nan", "1h30m", "ten"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, IsWrittenAsItIsRead) {
  for (const char* text : {"0", "90s", "10m", "25h", "2d", "0.1s", "5400.5s"}) {
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
  }
  EXPECT_EQ(duration_text(*parse_duration("1.5h")), "90m");
}

}  // namespace
}  // namespace sinapse
