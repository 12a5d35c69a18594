// Images and other arrays as inputs: where their channels stand, and a mean and scale for each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <sinapse/array.h>
#include <sinapse/shape.h>

namespace sinapse {

/// Where the channels of a sample stand: nowhere (all elements are alike), as its first axis, or as
/// its last.
enum class Channels : uint8_t { none, first, last };

/// "first" → Channels::first; "auto" → last if the last of at least three axes has 1, 3 or 4
/// elements, else first if the first has, else none. Throws Error(usage) for another word, or if
/// the samples have no axis for channels.
Channels channels_from_name(const std::string& name, const std::vector<int64_t>& shape);

/// y = (x - mean) * scale in float, mean and 1 / standard deviation over the training samples, of
/// each channel. A network is given channels first.
struct ArrayFeatures {
  std::vector<int64_t> shape;  // of one sample as it comes
  ElementType type = ElementType::uint8;
  Channels channels = Channels::none;
  std::vector<float> mean{0}, scale{1};  // one for each channel, or one for all
  std::string fit;  // how pictures of another size are brought to this one; empty: other arrays

  /// Throws Error(data) if all elements are equal, or one is not finite. A single channel whose
  /// elements are all equal becomes 0.
  static ArrayFeatures fit_to(const Array& samples, std::span<const int64_t> training_rows,
                              Channels channels = Channels::none);

  int64_t size() const;  ///< elements of one sample
  int64_t num_channels() const { return static_cast<int64_t>(mean.size()); }

  /// Of a sample as the network sees it: [channels, ...] if there are any.
  Shape network_shape() const;

  /// One sample of bytes as the network sees it.
  void encode_bytes(const uint8_t* from, float* to) const;

  /// All samples, [samples, size] row-major. Throws Error(data) for another shape or type.
  std::vector<float> encode(const Array& samples) const;

  std::string to_json() const;
  static ArrayFeatures from_json(const std::string& json);  ///< Throws Error(model).
};

}  // namespace sinapse
