#include "cpu/columns_of_image.h"

#include <algorithm>

namespace sinapse {

ImageColumns::ImageColumns(const Window& window, std::span<const int64_t> input_sizes,
                           std::span<const int64_t> output_sizes, int64_t chunk)
    : chunk_(chunk), step_(window.strides.back()) {
  for (const int64_t size : window.kernel) num_places_ *= size;
  for (const int64_t size : output_sizes) num_windows_ *= size;
  std::vector<Tap> taps = taps_of(window, input_sizes, output_sizes);
  std::stable_sort(taps.begin(), taps.end(),
                   [](const Tap& a, const Tap& b) { return a.kernel < b.kernel; });
  size_t next = 0;
  for (int64_t place = 0; place < num_places_; ++place) {
    for (int64_t c = 0; c < num_chunks(); ++c) {
      begin_.push_back(static_cast<int32_t>(segments_.size()));
      const int64_t first = first_window(c), end = first + count(c);
      for (; next < taps.size() && taps[next].kernel == place && taps[next].output < end; ++next) {
        const auto at = static_cast<int32_t>(taps[next].output - first);
        const auto element = static_cast<int32_t>(taps[next].input);
        const bool fresh = segments_.size() == static_cast<size_t>(begin_.back());
        Segment* last = fresh ? nullptr : &segments_.back();
        if (last && last->window + last->count == at &&
            last->element + last->count * step_ == element) {
          ++last->count;
        } else {
          segments_.push_back({at, element, 1});
        }
      }
    }
  }
  begin_.push_back(static_cast<int32_t>(segments_.size()));
}

std::span<const ImageColumns::Segment> ImageColumns::segments(int64_t place, int64_t chunk) const {
  const int64_t index = place * num_chunks() + chunk;
  return std::span(segments_).subspan(begin_[index], begin_[index + 1] - begin_[index]);
}

void ImageColumns::gather(const float* channel, int64_t place, int64_t chunk, float* to,
                          int64_t width) const {
  const auto parts = segments(place, chunk);
  if (parts.size() != 1 || parts[0].count != width) std::fill_n(to, width, 0.0f);
  for (const Segment& part : parts) {
    const float* from = channel + part.element;
    float* place_of = to + part.window;
    if (step_ == 1) {
      std::copy_n(from, part.count, place_of);
    } else {
      for (int32_t i = 0; i < part.count; ++i) place_of[i] = from[i * step_];
    }
  }
}

void ImageColumns::scatter_add(const float* from, int64_t place, int64_t chunk,
                               float* channel) const {
  for (const Segment& part : segments(place, chunk)) {
    float* to = channel + part.element;
    const float* source = from + part.window;
    if (step_ == 1) {
      for (int32_t i = 0; i < part.count; ++i) to[i] += source[i];
    } else {
      for (int32_t i = 0; i < part.count; ++i) to[i * step_] += source[i];
    }
  }
}

}  // namespace sinapse
