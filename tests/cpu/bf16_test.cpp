// Products in bf16 against a plain sum in double precision, with every set of instructions.
#include "cpu/bf16.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "cpu/bf16_sets.h"
#include "data/philox.h"

namespace sinapse {

namespace {

float widened(uint16_t x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x) << 16);
}

std::vector<uint16_t> random_bf16(size_t count, uint64_t step) {
  const RandomStream random(7, Purpose::resample, step);
  std::vector<float> numbers(count + 32, 0.0f);
  for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(random.normal(i));
  std::vector<uint16_t> rounded(numbers.size());
  emulated_bf16().round(numbers.data(), static_cast<int64_t>(count), rounded.data(),
                        static_cast<int64_t>(count + 31) / 32 * 32);
  return rounded;
}

struct Sizes {
  int64_t rows, columns, steps, lines;
  bool in_blocks, bias, accumulate;
};

// Numbers of C around those of the product must stay as they are.
void expect_product(const Sizes& sizes) {
  const auto [rows, columns, steps, lines, in_blocks, has_bias, accumulate] = sizes;
  SCOPED_TRACE(testing::Message() << rows << " x " << columns << ", " << steps << " steps, "
                                  << lines << " lines");
  const int64_t a_stride = steps * 32 + 6, line_a = rows * a_stride;
  const std::vector<uint16_t> a = random_bf16(lines * line_a, 1),
                              b = random_bf16(steps * 32 * columns, 2);
  const int64_t c_stride = in_blocks ? 16 : columns + 3;
  const int64_t c_block = in_blocks ? lines * rows * 16 + 5 : 16, line_c = rows * c_stride;
  std::vector<float> c(lines * line_c + columns / 16 * c_block + 64, 0.5f), bias(columns, 0.25f);
  std::vector<double> expected(c.begin(), c.end());
  std::vector<int32_t> a_steps, b_steps;
  for (int64_t s = 0; s < steps; ++s) {  // backwards: where steps stand is free
    a_steps.push_back(static_cast<int32_t>((steps - 1 - s) * 32));
    b_steps.push_back(static_cast<int32_t>((steps - 1 - s) * 16 * columns));
  }
  std::vector<Bf16Product::Line> where;
  for (int64_t l = 0; l < lines; ++l) {
    where.push_back({static_cast<int32_t>(l * line_a), static_cast<int32_t>(l * line_c)});
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t n = 0; n < columns; ++n) {
        double& sum = expected[l * line_c + r * c_stride + n / 16 * c_block + n % 16];
        sum = accumulate ? 0.5 : has_bias ? 0.25 : 0.0;
        for (int64_t d = 0; d < steps * 32; ++d) {
          sum += static_cast<double>(widened(a[l * line_a + r * a_stride + d])) *
                 widened(b[2 * (d / 2 * columns + n) + d % 2]);
        }
      }
    }
  }
  bf16_functions().multiply({.a = a.data(),
                             .a_stride = a_stride,
                             .a_steps = steps % 2 == 0 ? a_steps.data() : nullptr,
                             .lines = lines > 1 ? where.data() : nullptr,
                             .num_lines = lines,
                             .rows = rows,
                             .b = b.data(),
                             .b_stride = columns,
                             .b_steps = steps % 2 == 0 ? b_steps.data() : nullptr,
                             .num_steps = steps,
                             .columns = columns,
                             .c = c.data(),
                             .c_stride = c_stride,
                             .c_block = c_block,
                             .bias = has_bias ? bias.data() : nullptr,
                             .accumulate = accumulate});
  for (size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(c[i], expected[i], 2e-4) << "number " << i;
}

TEST(Bf16, ProductsAreSumsOfProducts) {
  for_each_bf16_set([] {
    for (const int64_t rows : {1, 2, 5, 6, 7, 15, 16, 17, 28, 32, 33, 47, 50}) {
      for (const int64_t columns : {16, 32, 48, 64}) {
        const int64_t steps = rows % 4 + 1;
        expect_product({rows, columns, steps, 1, false, rows % 2 == 0, false});
        expect_product({rows, columns, steps, 3, true, rows % 2 == 1, false});
      }
    }
  });
}

TEST(Bf16, ProductsAddToWhatIsThere) {
  for_each_bf16_set([] {
    for (const int64_t rows : {16, 32, 48}) {
      for (const int64_t columns : {16, 32, 64}) {
        expect_product({rows, columns, 3, 1, false, false, true});
      }
    }
  });
}

TEST(Bf16, RoundsToTheNearestTiesToEven) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<std::pair<float, uint16_t>> cases{
      {1.0f, 0x3f80},        {1.00390625f, 0x3f80} /* a tie */,
      {1.01171875f, 0x3f82}, {1.0040f, 0x3f81},
      {-2.5f, 0xc020},       {0.0f, 0x0000},
      {-0.0f, 0x8000},       {infinity, 0x7f80},
      {3.4e38f, 0x7f80},     {-infinity, 0xff80},
      {1e-40f, 0x0000},      {-1e-40f, 0x8000}};
  for_each_bf16_set([&] {
    std::vector<float> numbers;
    for (const auto& [number, bits] : cases) numbers.push_back(number);
    const auto n = static_cast<int64_t>(numbers.size());
    std::vector<uint16_t> rounded(64, 0xffff);
    bf16_functions().round(numbers.data(), n, rounded.data(), 64);
    for (size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(rounded[i], cases[i].second) << numbers[i];
    for (size_t i = cases.size(); i < rounded.size(); ++i) ASSERT_EQ(rounded[i], 0);
  });
}

TEST(Bf16, NotANumberStaysOne) {
  for_each_bf16_set([] {
    for (const uint32_t bits : {0x7f800001u, 0x7fffffffu, 0xffffffffu, 0x7fc00000u}) {
      const std::vector<float> numbers(16, std::bit_cast<float>(bits));
      std::vector<uint16_t> rounded(32);
      bf16_functions().round(numbers.data(), 16, rounded.data(), 32);
      EXPECT_TRUE(std::isnan(widened(rounded[0])));
      bf16_functions().round_pairs(numbers.data(), nullptr, 16, rounded.data());
      EXPECT_TRUE(std::isnan(widened(rounded[30])));
    }
  });
}

TEST(Bf16, PairsStandSideBySide) {
  std::vector<float> first(48), second(48);
  for (int i = 0; i < 48; ++i) first[i] = static_cast<float>(i), second[i] = -static_cast<float>(i);
  for_each_bf16_set([&] {
    std::vector<uint16_t> pairs(96);
    bf16_functions().round_pairs(first.data(), second.data(), 48, pairs.data());
    for (int i = 0; i < 48; ++i) {
      EXPECT_EQ(widened(pairs[2 * i]), first[i]);
      EXPECT_EQ(widened(pairs[2 * i + 1]), second[i]);
    }
    bf16_functions().round_pairs(first.data(), nullptr, 48, pairs.data());
    for (int i = 0; i < 48; ++i) EXPECT_EQ(pairs[2 * i + 1], 0);
  });
}

TEST(Bf16, PlacesAreGathered) {
  std::vector<float> first(5 * 16), second(5 * 16);
  for (int i = 0; i < 80; ++i) first[i] = static_cast<float>(i), second[i] = -static_cast<float>(i);
  const std::vector<int32_t> sources{16, -1, 64, 0, -1, 32};
  const auto expected = [&](const std::vector<float>& block, size_t place, int channel) {
    return sources[place] < 0 ? 0.0f : block[sources[place] + channel];
  };
  for_each_bf16_set([&] {
    std::vector<uint16_t> both(6 * 32), one(6 * 32), pairs(3 * 40, 0xffff);
    bf16_functions().round_places(first.data(), second.data(), sources.data(), 6, both.data());
    bf16_functions().round_places(first.data(), nullptr, sources.data(), 6, one.data());
    bf16_functions().round_place_pairs(first.data(), sources.data(), 3, 40, pairs.data());
    for (size_t place = 0; place < 6; ++place) {
      for (int c = 0; c < 16; ++c) {
        EXPECT_EQ(widened(both[32 * place + c]), expected(first, place, c));
        EXPECT_EQ(widened(both[32 * place + 16 + c]), expected(second, place, c));
        EXPECT_EQ(one[32 * place + 16 + c], 0);
        EXPECT_EQ(widened(pairs[place / 2 * 40 + 2 * c + place % 2]), expected(first, place, c));
      }
    }
  });
}

TEST(Bf16, IsRefusedWhereItWouldBeEmulated) {
  const UseBf16 use(Bf16Set::emulated);
  try {
    require_bf16();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    const std::string text = error.what();
    for (const char* part : {"AVX512_BF16", "AMX_BF16", "float32"}) {
      EXPECT_NE(text.find(part), std::string::npos) << text;
    }
  }
}

}  // namespace

}  // namespace sinapse
