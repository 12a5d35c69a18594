// Images and other arrays as inputs: one mean and one scale for all elements.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <sinapse/array.h>

namespace sinapse {

/// y = (x - mean) * scale in float, mean and 1 / standard deviation over all elements of the
/// training samples.
struct ArrayFeatures {
  std::vector<int64_t> shape;  // of one sample
  ElementType type = ElementType::uint8;
  float mean = 0;
  float scale = 1;

  /// Throws Error(data) if all elements are equal, or one is not finite.
  static ArrayFeatures fit(const Array& samples, std::span<const int64_t> training_rows);

  int64_t size() const;  ///< elements of one sample

  /// All samples, [samples, size] row-major. Throws Error(data) for another shape or type.
  std::vector<float> encode(const Array& samples) const;

  std::string to_json() const;
  static ArrayFeatures from_json(const std::string& json);  ///< Throws Error(model).
};

}  // namespace sinapse
