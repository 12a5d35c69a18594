// How a convolution in blocks of channels is walked: over lines of neighbouring places, each the
// sum of a few steps. Any number of spatial axes; forwards, or from the outputs back to the inputs.
#pragma once

#include <vector>

#include "ops/window.h"

namespace sinapse {

/// The places of one channel block (or of one channel), with zeros around them where windows
/// reach over the edge, and places of equal remainder side by side where windows step over some.
/// Offsets and sizes count places.
class PaddedImage {
 public:
  struct Axis {
    int64_t size, before, padded;  // places; zeros before them; places with all zeros
    int64_t step = 1;              // of the windows
  };
  explicit PaddedImage(std::vector<Axis> axes);

  /// Whether the image can be read as it stands.
  bool is_plain() const { return plain_; }
  int64_t places() const { return places_; }
  int64_t offset(std::span<const int64_t> place) const;
  /// Copies an image whose places are `floats` wide.
  void copy(const float* from, int64_t floats, float* to) const;
  /// By padded place: floats to the place it is copied from, each `floats` wide, or -1: zeros.
  std::vector<int32_t> sources(int64_t floats) const;

 private:
  std::vector<Axis> axes_;
  int64_t line_ = 0, places_ = 1;  // floats of a line and of all, padded
  bool plain_ = true;
  std::vector<int64_t> sources_;  // by padded line: the line of the image, or -1
};

/// Neighbouring results: result i is the sum over the steps of the place step + i after x.
struct WindowLine {
  int64_t x = 0, y = 0;  // first place read, first place written
};

/// Lines that have the same steps; results lie `y_step` places apart.
struct LineSet {
  struct Step {
    int64_t x, place;  // distance from the line's x; place in the window
  };
  std::vector<Step> steps;
  std::vector<WindowLine> lines;
  int64_t positions = 0, y_step = 1;
};

struct WindowLines {
  PaddedImage image;
  std::vector<LineSet> sets;
};

/// y[o] = sum over k of x[o stride + k dilation - pad]: x has the input sizes, y the output sizes.
WindowLines forward_lines(const Window& window, std::span<const int64_t> input_sizes,
                          std::span<const int64_t> output_sizes);

/// The other way: y has the input sizes. Places of y are sorted by which places of the window can
/// reach them.
WindowLines backward_lines(const Window& window, std::span<const int64_t> input_sizes,
                           std::span<const int64_t> output_sizes);

}  // namespace sinapse
