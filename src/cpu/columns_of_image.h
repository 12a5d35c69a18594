// Im2col: the elements under the windows of a convolution, one row for each place of the window, so
// that the convolution becomes a product of matrices. Any number of spatial axes.
#pragma once

#include <cstring>

#include "ops/window.h"

namespace sinapse {

/// The windows are cut into chunks of `chunk` neighbours; a chunk's matrix is [places, width].
class ImageColumns {
 public:
  ImageColumns(const Window& window, std::span<const int64_t> input_sizes,
               std::span<const int64_t> output_sizes, int64_t chunk);

  int64_t num_places() const { return num_places_; }
  int64_t num_windows() const { return num_windows_; }
  int64_t num_chunks() const { return (num_windows_ + chunk_ - 1) / chunk_; }
  int64_t first_window(int64_t chunk) const { return chunk * chunk_; }
  /// Windows of a chunk; its matrices are as wide, rounded up to whole vectors.
  int64_t count(int64_t chunk) const { return std::min(chunk_, num_windows_ - chunk * chunk_); }

  /// to[w] = the element of the channel at this place of window w, 0 in the padding; w < width.
  void gather(const float* channel, int64_t place, int64_t chunk, float* to, int64_t width) const;
  /// Adds from[w] to that element.
  void scatter_add(const float* from, int64_t place, int64_t chunk, float* channel) const;

 private:
  /// Neighbouring windows whose elements lie at equal distances.
  struct Segment {
    int32_t window, element, count;
  };
  std::span<const Segment> segments(int64_t place, int64_t chunk) const;

  int64_t num_places_ = 1, num_windows_ = 1, chunk_ = 0, step_ = 1;
  std::vector<Segment> segments_;
  std::vector<int32_t> begin_;  // by place and chunk
};

}  // namespace sinapse
