// The accuracy of the SIMD functions over all kinds of floats, for every instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/simd_math_test.cpp"
#include <hwy/foreach_target.h>  // must precede everything that includes highway.h

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <hwy/highway.h>

#include "cpu/instruction_sets.h"
#include "cpu/simd_math.h"
#include "data/philox.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

#define SINAPSE_TEST_FUNCTION(name)                                   \
  void apply_##name(const float* x, float* y, size_t n) {             \
    for (size_t i = 0; i < n; i += lanes()) {                         \
      const size_t rest = n - i;                                      \
      const bool full = rest >= lanes();                              \
      const Vector in = full ? load(x + i) : load_first(x + i, rest); \
      store_first(name(in), y + i, full ? lanes() : rest);            \
    }                                                                 \
  }
SINAPSE_TEST_FUNCTION(exp)
SINAPSE_TEST_FUNCTION(expm1)
SINAPSE_TEST_FUNCTION(log)
SINAPSE_TEST_FUNCTION(log1p)
SINAPSE_TEST_FUNCTION(tanh)
SINAPSE_TEST_FUNCTION(sin)
SINAPSE_TEST_FUNCTION(cos)
SINAPSE_TEST_FUNCTION(sigmoid)
SINAPSE_TEST_FUNCTION(softplus)
SINAPSE_TEST_FUNCTION(erf)
SINAPSE_TEST_FUNCTION(normal_cdf)

void apply_quotient(const float* a, const float* b, float* y, size_t n) {
  for (size_t i = 0; i + lanes() <= n; i += lanes()) {
    store(quotient(load(a + i), load(b + i)), y + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
namespace {

HWY_EXPORT(apply_exp);
HWY_EXPORT(apply_expm1);
HWY_EXPORT(apply_log);
HWY_EXPORT(apply_log1p);
HWY_EXPORT(apply_tanh);
HWY_EXPORT(apply_sin);
HWY_EXPORT(apply_cos);
HWY_EXPORT(apply_sigmoid);
HWY_EXPORT(apply_softplus);
HWY_EXPORT(apply_erf);
HWY_EXPORT(apply_normal_cdf);
HWY_EXPORT(apply_quotient);

/// Floats spread evenly over all bit patterns, NaN and infinities among them.
std::vector<float> all_kinds_of_floats() {
  std::vector<float> all = {0.0f, -0.0f, 1.0f, -1.0f, INFINITY, -INFINITY, NAN, -NAN};
  for (uint64_t bits = 0; bits < (uint64_t{1} << 32); bits += 10007) {
    const uint32_t pattern = static_cast<uint32_t>(bits);
    float x;
    std::memcpy(&x, &pattern, sizeof x);
    all.push_back(x);
  }
  for (int i = -200000; i <= 200000; ++i) all.push_back(1e-4f * i);
  return all;
}

/// The distance in units of the last place; results that should be subnormal may be so, or 0.
double ulps(float actual, double expected) {
  constexpr double smallest = std::numeric_limits<float>::min();
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : INFINITY;
  const float rounded = static_cast<float>(expected);
  if (std::isinf(rounded)) return actual == rounded ? 0 : std::isinf(actual) ? INFINITY : 0.5;
  if (!std::isfinite(actual)) return std::abs(expected) > 3.4e38 ? 0.5 : INFINITY;
  if (std::abs(expected) < smallest && std::abs(actual) <= smallest) return 0;
  const double unit = std::ldexp(1.0, std::ilogb(std::max(std::abs(expected), smallest)) - 23);
  return std::abs(actual - expected) / unit;
}

/// Units of the last place of 1: near its zeros the sine of a large angle has few digits.
double units_of_one(float actual, double expected) {
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : INFINITY;
  return std::abs(actual - expected) / std::ldexp(1.0, -24);
}

template <class Apply, class Reference>
void expect_accurate(Apply apply, Reference reference, double limit,
                     double (*distance_of)(float, double) = ulps) {
  static const std::vector<float> x = all_kinds_of_floats();
  std::vector<float> y(x.size());
  for_each_instruction_set([&] {
    apply(x.data(), y.data(), x.size());
    double worst = 0;
    float worst_x = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double distance = distance_of(y[i], reference(static_cast<double>(x[i])));
      if (!(distance <= worst)) worst = distance, worst_x = x[i];
    }
    EXPECT_LE(worst, limit) << "at " << worst_x;
    testing::Test::RecordProperty("ulps", std::to_string(worst));
  });
}

#define EXPECT_ACCURATE(name, reference, limit) \
  expect_accurate(                              \
      [](const float* x, float* y, size_t n) {  \
        HWY_DYNAMIC_DISPATCH(apply_##name)      \
        (x, y, n);                              \
      },                                        \
      [](double x) { return reference; }, limit)

TEST(SimdMath, Exp) {
  EXPECT_ACCURATE(exp, std::exp(x), 2);
}
TEST(SimdMath, Expm1) {
  EXPECT_ACCURATE(expm1, std::expm1(x), 3);
}
TEST(SimdMath, Log) {
  EXPECT_ACCURATE(log, std::log(x), 2);
}
TEST(SimdMath, Log1p) {
  EXPECT_ACCURATE(log1p, std::log1p(x), 2);
}
TEST(SimdMath, Tanh) {
  EXPECT_ACCURATE(tanh, std::tanh(x), 5.5);
}
TEST(SimdMath, SinAndCos) {
  expect_accurate(
      [](const float* x, float* y, size_t n) {
        HWY_DYNAMIC_DISPATCH(apply_sin)
        (x, y, n);
      },
      [](double x) { return std::sin(x); }, 1.6, units_of_one);
  expect_accurate(
      [](const float* x, float* y, size_t n) {
        HWY_DYNAMIC_DISPATCH(apply_cos)
        (x, y, n);
      },
      [](double x) { return std::cos(x); }, 1.6, units_of_one);
}

TEST(SimdMath, SinOfSmallAnglesHasAllDigits) {
  expect_accurate(
      [](const float* x, float* y, size_t n) {
        std::vector<float> small(x, x + n);
        for (float& angle : small) angle = std::clamp(angle, -1.5f, 1.5f);  // NaN stays
        HWY_DYNAMIC_DISPATCH(apply_sin)(small.data(), y, n);
      },
      [](double x) { return std::isnan(x) ? x : std::sin(std::clamp(x, -1.5, 1.5)); }, 2);
}

TEST(SimdMath, Erf) {
  EXPECT_ACCURATE(erf, std::erf(x), 3);
}
TEST(SimdMath, Sigmoid) {
  EXPECT_ACCURATE(sigmoid, 1 / (1 + std::exp(-x)), 3);
}
TEST(SimdMath, NormalCdf) {
  EXPECT_ACCURATE(normal_cdf, std::erfc(-x * M_SQRT1_2) / 2, 7.5);
}
TEST(SimdMath, Softplus) {
  EXPECT_ACCURATE(softplus, std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))), 3);
}

TEST(SimdMath, TanhNeverLeavesItsRange) {
  std::vector<float> x, y;
  for (float value = 8; value < 10; value = std::nextafter(value, 11.0f)) x.push_back(value);
  y.resize(x.size());
  for_each_instruction_set([&] {
    HWY_DYNAMIC_DISPATCH(apply_tanh)(x.data(), y.data(), x.size());
    EXPECT_LE(*std::max_element(y.begin(), y.end()), 1.0f);
    EXPECT_EQ(y.back(), 1.0f);
  });
}

TEST(SimdMath, QuotientHasTheBitsOfTheDivision) {
  const RandomStream random(3, 7, 0);
  std::vector<float> a, b;
  for (int64_t i = 0; i < 400000; ++i) {  // significands of all kinds, results in the normal range
    const auto significand = [&](int64_t k) { return 1 + random.uniform(4 * i + k); };
    const auto exponent = [&](int64_t k) {
      return static_cast<int>(120 * random.uniform(4 * i + k)) - 60;
    };
    const double sign = i % 2 == 0 ? 1 : -1;
    a.push_back(static_cast<float>(sign * std::ldexp(significand(0), exponent(1))));
    b.push_back(static_cast<float>(std::ldexp(significand(2), exponent(3))));
  }
  for (const auto& [numerator, denominator] : std::initializer_list<std::pair<float, float>>{
           {0, 1}, {0, 1e-8f}, {0, INFINITY}, {NAN, 1}, {1, NAN}}) {
    a.push_back(numerator), b.push_back(denominator);
  }
  while (a.size() % 64 != 0) a.push_back(1), b.push_back(1);  // whole vectors
  std::vector<float> y(a.size());
  for_each_instruction_set([&] {
    HWY_DYNAMIC_DISPATCH(apply_quotient)(a.data(), b.data(), y.data(), a.size());
    int64_t different = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      const float expected = a[i] / b[i];
      const bool same = expected == y[i] || (std::isnan(expected) && std::isnan(y[i]));
      if (!same && different++ == 0) ADD_FAILURE() << a[i] << " / " << b[i] << " is not " << y[i];
    }
    EXPECT_EQ(different, 0);
  });
}

}  // namespace
}  // namespace sinapse
#endif
