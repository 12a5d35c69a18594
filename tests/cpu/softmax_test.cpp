// The softmax kernels against plain loops in double, for every instruction set.
#include "cpu/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "cpu/instruction_sets.h"
#include "ops/softmax.h"

namespace {

using namespace sinapse;

constexpr size_t kRows = 3;

/// A matrix with a guard value in every place that is not an element.
struct Matrix {
  size_t columns, stride;
  std::vector<float> data;

  Matrix(size_t columns, size_t padding)
      : columns(columns), stride(columns + padding), data(kRows * stride, 77.0f) {}

  float& at(size_t row, size_t column) { return data[row * stride + column]; }
  std::vector<double> row(size_t r) const {
    return {data.begin() + r * stride, data.begin() + r * stride + columns};
  }
  void expect_guards_intact() {
    for (size_t r = 0; r < kRows; ++r)
      for (size_t c = columns; c < stride; ++c) EXPECT_EQ(at(r, c), 77.0f);
  }
};

Matrix filled(size_t columns, size_t padding, double frequency) {
  Matrix x(columns, padding);
  for (size_t r = 0; r < kRows; ++r)
    for (size_t c = 0; c < columns; ++c)
      x.at(r, c) = static_cast<float>(5 * std::sin(frequency * static_cast<double>(r * 71 + c)));
  return x;
}

void expect_row(const Matrix& actual, size_t r, const std::vector<double>& expected) {
  const std::vector<double> row = actual.row(r);
  for (size_t c = 0; c < row.size(); ++c)
    EXPECT_NEAR(row[c], expected[c], 2e-6 * std::max(1.0, std::abs(expected[c])))
        << "row " << r << " column " << c << " of " << row.size();
}

using Rows = void (*)(const float*, float*, size_t, size_t, size_t, size_t);
using Function = void (*)(std::span<const double>, std::span<double>);

void expect_forward(Rows kernel, Function reference, size_t columns) {
  const Matrix x = filled(columns, 3, 1.3);
  Matrix y(columns, 1), in_place = x;
  kernel(x.data.data(), y.data.data(), kRows, columns, x.stride, y.stride);
  kernel(x.data.data(), in_place.data.data(), kRows, columns, x.stride, x.stride);
  y.expect_guards_intact();
  for (size_t r = 0; r < kRows; ++r) {
    std::vector<double> expected(columns);
    reference(x.row(r), expected);
    expect_row(y, r, expected);
    expect_row(in_place, r, expected);
  }
}

using BackwardRows = void (*)(const float*, const float*, float*, size_t, size_t, size_t, size_t,
                              size_t);
using Gradient = void (*)(std::span<const double>, std::span<const double>, std::span<double>);

void expect_backward(Rows kernel, BackwardRows backward, Gradient reference, size_t columns) {
  Matrix y = filled(columns, 3, 1.3);
  kernel(y.data.data(), y.data.data(), kRows, columns, y.stride, y.stride);
  const Matrix dy = filled(columns, 2, 0.7);
  Matrix dx = dy;
  backward(y.data.data(), dx.data.data(), dx.data.data(), kRows, columns, y.stride, dx.stride,
           dx.stride);
  dx.expect_guards_intact();
  for (size_t r = 0; r < kRows; ++r) {
    std::vector<double> expected(columns);
    reference(y.row(r), dy.row(r), expected);
    expect_row(dx, r, expected);
  }
}

TEST(SoftmaxKernels, AgreeWithReferenceForAnyNumberOfColumns) {
  for_each_instruction_set([] {
    for (size_t columns = 1; columns <= 70; ++columns) {
      expect_forward(softmax_rows, softmax<double>, columns);
      expect_backward(softmax_rows, softmax_rows_backward, softmax_gradient<double>, columns);
    }
  });
}

TEST(LogSoftmaxKernels, AgreeWithReferenceForAnyNumberOfColumns) {
  for_each_instruction_set([] {
    for (size_t columns = 1; columns <= 70; ++columns) {
      expect_forward(log_softmax_rows, log_softmax<double>, columns);
      expect_backward(log_softmax_rows, log_softmax_rows_backward, log_softmax_gradient<double>,
                      columns);
    }
  });
}

TEST(SoftmaxKernels, ChapterExample) {
  for_each_instruction_set([] {
    float x[] = {0.9f, 0.4f, 0.2f};
    softmax_rows(x, x, 1, 3, 3, 3);
    EXPECT_NEAR(x[0], 0.47548496, 1e-7);
    EXPECT_NEAR(x[1], 0.2883962, 1e-7);
    EXPECT_NEAR(x[2], 0.23611884, 1e-7);
  });
}

TEST(SoftmaxKernels, LargeLogitsDoNotOverflowAndNaNComesOut) {
  for_each_instruction_set([] {
    float x[] = {1000, -1000, 999, 3e38f, -3e38f, 0, 1, std::nanf(""), 2}, y[9];
    softmax_rows(x, y, 3, 3, 3, 3);
    EXPECT_NEAR(y[0], 1 / (1 + std::exp(-1.0)), 1e-6);
    EXPECT_EQ(y[1], 0);
    EXPECT_EQ(y[3], 1);
    EXPECT_EQ(y[4], 0);
    for (int i = 6; i < 9; ++i) EXPECT_TRUE(std::isnan(y[i]));
  });
}

void expect_cross_entropy(size_t columns) {
  const Matrix x = filled(columns, 2, 1.3);
  const float labels[] = {0, static_cast<float>(columns - 1), static_cast<float>(columns / 2)};
  const float weights[] = {1, 0.5f, 3};
  float loss[kRows], only_loss[kRows];
  Matrix gradient = x;  // in place
  softmax_cross_entropy_rows(x.data.data(), labels, weights, only_loss, nullptr, kRows, columns,
                             x.stride);
  softmax_cross_entropy_rows(gradient.data.data(), labels, weights, loss, gradient.data.data(),
                             kRows, columns, x.stride);
  for (size_t r = 0; r < kRows; ++r) {
    std::vector<double> expected(columns), log_probability(columns);
    const size_t label = static_cast<size_t>(labels[r]);
    softmax<double>(x.row(r), expected);
    log_softmax<double>(x.row(r), log_probability);
    expected[label] -= 1;
    for (double& value : expected) value *= weights[r];
    EXPECT_NEAR(loss[r], -log_probability[label], 2e-6 * std::max(1.f, loss[r])) << columns;
    EXPECT_EQ(loss[r], only_loss[r]);
    expect_row(gradient, r, expected);
    for (size_t c = columns; c < x.stride; ++c) EXPECT_EQ(gradient.at(r, c), 0);
  }
}

TEST(SoftmaxCrossEntropyKernel, AgreesWithReferenceForAnyNumberOfColumns) {
  for_each_instruction_set([] {
    for (size_t columns = 1; columns <= 70; ++columns) expect_cross_entropy(columns);
  });
}

TEST(SoftmaxCrossEntropyKernel, WeightsAndLossAreOptional) {
  float x[] = {1, 2, 3, 4}, gradient[4];
  const float labels[] = {1, 0};
  softmax_cross_entropy_rows(x, labels, nullptr, nullptr, gradient, 2, 2, 2);
  EXPECT_NEAR(gradient[0], 1 / (1 + std::exp(1.0)), 1e-7);
  EXPECT_NEAR(gradient[1], -gradient[0], 1e-7);
  EXPECT_NEAR(gradient[2], gradient[0] - 1, 1e-7);
}

}  // namespace
