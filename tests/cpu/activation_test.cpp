// The SIMD kernels against the float64 reference, for every instruction set.
#include "cpu/activation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <sinapse/activation_formula.h>
#include <sinapse/error.h>

#include "cpu/instruction_sets.h"

namespace {

using namespace sinapse;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<Activation> element_wise() {
  std::vector<Activation> all;
  for (const ActivationDefinition* definition : activations())
    if (!definition->row_wise) all.push_back(parse_activation(definition->name));
  for (const char* text : {"elu(alpha=0.3)", "leaky_relu(alpha=-0.5)", "thresholded_relu(-0.5)",
                           "hard_sigmoid(alpha=0.16666666666666666)"})
    all.push_back(parse_activation(text));
  return all;
}

/// Telling points, the kinks among them, and a fine grid.
std::vector<float> points() {
  std::vector<float> x = {0.0f,  -0.0f,  1e-30f, -1e-30f, 30,   -30,  87,    -87,       88,
                          -88,   89,     -89,    104,     -104, 1000, -1000, 1e10f,     -1e10f,
                          3e38f, -3e38f, 2.5f,   -2.5f,   6,    3,    -3,    kInfinity, -kInfinity};
  for (float value = -20; value <= 20; value += 0.0078125f) x.push_back(value);
  return x;
}

std::vector<float> float_constants(const Activation& activation) {
  return {activation.constants.begin(), activation.constants.end()};
}

bool fits_float(double x) {
  return std::abs(x) <= std::numeric_limits<float>::max();
}

void expect_near(float actual, double expected, double tolerance, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << what << " is " << actual;
  } else if (!fits_float(expected)) {
    EXPECT_EQ(actual, std::copysign(kInfinity, expected)) << what;
  } else {
    EXPECT_NEAR(actual, expected, tolerance) << what;
  }
}

void expect_forward_agrees(const Activation& activation) {
  const std::vector<float> x = points(), constants = float_constants(activation);
  std::vector<float> y(x.size());
  activation_kernels(activation).forward(x.data(), y.data(), x.size(), constants.data());

  for (size_t i = 0; i < x.size(); ++i) {
    const double expected = activate(activation, static_cast<double>(x[i]));
    expect_near(y[i], expected, 8e-7 * std::abs(expected) + 6e-8,
                to_string(activation) + " at " + std::to_string(x[i]));
  }
}

void expect_backward_agrees(const Activation& activation) {
  const std::vector<float> x = points(), constants = float_constants(activation);
  const std::vector<float> dy(x.size(), 0.5f);
  std::vector<float> saved = x, dx(x.size());
  const ActivationKernels kernels = activation_kernels(activation);
  EXPECT_EQ(kernels.saves_output, has_derivative_from_output(activation));
  if (kernels.saves_output) kernels.forward(x.data(), saved.data(), x.size(), constants.data());
  kernels.backward(saved.data(), dy.data(), dx.data(), x.size(), constants.data());

  for (size_t i = 0; i < x.size(); ++i) {
    const double expected = 0.5 * derivative(activation, static_cast<double>(x[i]));
    expect_near(dx[i], expected, 1e-6 * std::max(1.0, std::abs(expected)),
                to_string(activation) + "' at " + std::to_string(x[i]));
  }
}

TEST(ActivationKernels, ForwardAgreesWithReference) {
  for_each_instruction_set([] {
    for (const Activation& activation : element_wise()) expect_forward_agrees(activation);
  });
}

TEST(ActivationKernels, BackwardAgreesWithReference) {
  for_each_instruction_set([] {
    for (const Activation& activation : element_wise()) expect_backward_agrees(activation);
  });
}

TEST(ActivationKernels, NaNComesOut) {
  const std::vector<float> x(19, std::numeric_limits<float>::quiet_NaN());
  for_each_instruction_set([&] {
    for (const Activation& activation : element_wise()) {
      std::vector<float> y(x.size());
      const std::vector<float> constants = float_constants(activation);
      activation_kernels(activation).forward(x.data(), y.data(), x.size(), constants.data());
      for (const float value : y) EXPECT_TRUE(std::isnan(value)) << to_string(activation);
    }
  });
}

/// Exactly n floats on the heap, so that a sanitizer sees a read or write behind them.
std::vector<float> ramp(size_t n) {
  std::vector<float> x(n);
  for (size_t i = 0; i < n; ++i) x[i] = 0.1f * static_cast<float>(i) - 2.95f;
  return x;
}

void expect_every_length_agrees(const Activation& activation) {
  constexpr size_t kLongest = 70;
  const ActivationKernels kernels = activation_kernels(activation);
  const std::vector<float> c = float_constants(activation), all = ramp(kLongest);
  std::vector<float> y(kLongest), dx(kLongest);
  kernels.forward(all.data(), y.data(), kLongest, c.data());
  kernels.backward(all.data(), all.data(), dx.data(), kLongest, c.data());
  for (size_t n = 0; n <= kLongest; ++n) {
    std::vector<float> in_place = ramp(n), gradient = ramp(n), guarded(n + 1, 77.0f);
    const std::vector<float> saved = ramp(n);
    kernels.forward(in_place.data(), in_place.data(), n, c.data());
    kernels.backward(saved.data(), gradient.data(), gradient.data(), n, c.data());
    kernels.forward(saved.data(), guarded.data(), n, c.data());
    EXPECT_EQ(guarded[n], 77.0f) << to_string(activation) << " wrote behind " << n;
    EXPECT_TRUE(std::equal(in_place.begin(), in_place.end(), y.begin())) << n;
    EXPECT_TRUE(std::equal(gradient.begin(), gradient.end(), dx.begin())) << n;
  }
}

TEST(ActivationKernels, AnyLengthInPlaceGivesTheSame) {
  for_each_instruction_set([] {
    for (const Activation& activation : element_wise()) expect_every_length_agrees(activation);
  });
}

TEST(ActivationKernels, RowWiseHasNone) {
  EXPECT_THROW(activation_kernels(parse_activation("softmax")), Error);
}

struct Bump {
  static constexpr ActivationText text{.name = "test_bump"};
  static constexpr ActivationConstant constants[] = {{"width", 1, "width"}};
  template <class T>
  static T f(T x, T width) {
    return exp(-(x * x) / width);
  }
};

TEST(ActivationKernels, UsersOwnGetsPlainLoops) {
  register_activation<Bump>();
  expect_forward_agrees(parse_activation("test_bump(width=2)"));
  expect_every_length_agrees(parse_activation("test_bump(width=2)"));
}

}  // namespace
