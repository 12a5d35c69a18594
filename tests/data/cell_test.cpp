#include "data/cell.h"

#include <charconv>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "data/philox.h"

namespace sinapse {
namespace {

// Short cells are read without branches; anything may stand in them.
TEST(ReadNumber, OfUpToSeventeenCharactersIsTheNearestDouble) {
  constexpr std::string_view kAny = "0123456789.-+e 5,x\xFF";
  const RandomStream random(3, 1, 0);
  uint64_t next = 0;
  int num_numbers = 0;
  for (int i = 0; i < 300000; ++i) {
    std::string cell;
    const uint32_t length = random.bits(next++) % 18;
    const bool numeric = random.bits(next++) % 4 > 0;
    while (cell.size() < length) {
      const uint32_t bits = random.bits(next++);
      const char digit = static_cast<char>('0' + bits / 8 % 10);
      cell += !numeric ? kAny[bits % kAny.size()] : bits % 16 == 0 ? '.' : digit;
    }
    double value = 0, expected = 0;
    const char* const end = cell.data() + cell.size();
    const bool plus = cell.starts_with('+') && !cell.starts_with("+-");
    const auto result = std::from_chars(cell.data() + plus, end, expected);
    if (result.ec == std::errc::result_out_of_range) continue;
    const bool is_number = result.ec == std::errc() && result.ptr == end;
    ASSERT_EQ(read_number(cell, '.', value), is_number) << '"' << cell << '"';
    const std::string longer = "7.,-5 1234.678901234," + cell;
    const size_t before = longer.size() - cell.size();
    double among_others = 0;
    ASSERT_EQ(read_number(std::string_view(longer).substr(before), '.', among_others, before),
              is_number)
        << longer;
    if (is_number) ASSERT_EQ(among_others, value) << longer;
    if (!is_number) continue;
    ++num_numbers;
    ASSERT_EQ(value, expected) << cell;
    ASSERT_EQ(std::signbit(value), std::signbit(expected)) << cell;
  }
  EXPECT_GT(num_numbers, 50000);
}

}  // namespace
}  // namespace sinapse
