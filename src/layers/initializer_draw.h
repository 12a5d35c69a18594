// What an initializer's formula draws from.
#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include <sinapse/shape.h>

#include "data/philox.h"

namespace sinapse {

/// The constants and fans of one parameter, and random numbers for its elements.
class InitializerDraw {
 public:
  InitializerDraw(std::vector<double> constants, const Shape& shape,
                  std::string_view parameter_name, uint64_t seed)
      : constants_(std::move(constants)),
        rows_(shape.empty() ? 1 : shape[0]),
        size_(row_size(shape)),
        window_(shape.size() < 2 ? 1 : size_ / (rows_ * shape[1])),
        seed_(seed),
        purpose_(purpose_of(parameter_name)) {}

  double operator[](size_t constant) const { return constants_[constant]; }
  int64_t rows() const { return rows_; }
  int64_t columns() const { return size_ / rows_; }
  double fan_in() const { return static_cast<double>(columns()); }
  double fan_out() const { return static_cast<double>(rows_ * window_); }

  std::vector<double> all(double value) const { return std::vector<double>(size_, value); }

  std::vector<double> uniform(double minimum, double maximum) const {
    return each([&](int64_t i) { return minimum + (maximum - minimum) * random(0).uniform(i); });
  }
  std::vector<double> uniform_of_variance(double variance) const {
    const double limit = std::sqrt(3 * variance);
    return each([&](int64_t i) { return limit * (2 * random(0).uniform(i) - 1); });
  }
  std::vector<double> normal(double mean, double deviation) const {
    return each([&](int64_t i) { return mean + deviation * random(0).normal(i); });
  }
  std::vector<double> normal_of_variance(double variance) const {
    return normal(0, std::sqrt(variance));
  }
  // What lies beyond two deviations is drawn again.
  std::vector<double> truncated_normal(double mean, double deviation) const {
    return each([&](int64_t i) {
      double number = random(0).normal(i);
      for (uint64_t again = 1; std::abs(number) > 2; ++again) number = random(again).normal(i);
      return mean + deviation * number;
    });
  }
  std::vector<double> truncated_normal_of_variance(double variance) const {
    constexpr double kDeviationLeft = 0.87962566103423978;  // of N(0, 1) cut off at 2
    return truncated_normal(0, std::sqrt(variance) / kDeviationLeft);
  }

 private:
  RandomStream random(uint64_t attempt) const { return {seed_, purpose_, attempt}; }

  template <class F>
  std::vector<double> each(F value) const {
    std::vector<double> values(size_);
    for (int64_t i = 0; i < size_; ++i) values[i] = value(i);
    return values;
  }

  const std::vector<double> constants_;
  const int64_t rows_, size_, window_;  // window: of a convolution
  const uint64_t seed_;
  const uint32_t purpose_;
};

}  // namespace sinapse
