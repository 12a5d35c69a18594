#include "cpu/window_lines.h"

#include <algorithm>

namespace sinapse {

namespace {

int64_t product(std::span<const int64_t> sizes) {
  int64_t all = 1;
  for (const int64_t size : sizes) all *= size;
  return all;
}

int64_t round_up_to(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

// Counts through all places of a box, the last axis fastest.
bool next_place(std::vector<int64_t>& place, std::span<const int64_t> sizes) {
  for (size_t axis = sizes.size(); axis-- > 0;) {
    if (++place[axis] < sizes[axis]) return true;
    place[axis] = 0;
  }
  return false;
}

}  // namespace

PaddedImage::PaddedImage(std::vector<Axis> axes) : axes_(std::move(axes)) {
  for (const Axis& axis : axes_) plain_ = plain_ && axis.before == 0 && axis.padded <= axis.size;
  plain_ = plain_ && axes_.back().step == 1;
  for (Axis& axis : axes_) {
    if (plain_) axis.padded = axis.size;
  }
  axes_.back().padded = round_up_to(axes_.back().padded, axes_.back().step);
  line_ = axes_.back().padded;
  for (const Axis& axis : axes_) places_ *= axis.padded;
  std::vector<int64_t> sizes, place(axes_.size() - 1, 0);
  for (size_t a = 0; a + 1 < axes_.size(); ++a) sizes.push_back(axes_[a].padded);
  do {
    int64_t source = 0;
    for (size_t a = 0; a < sizes.size(); ++a) {
      const int64_t at = place[a] - axes_[a].before;
      if (source >= 0) source = at < 0 || at >= axes_[a].size ? -1 : source * axes_[a].size + at;
    }
    sources_.push_back(source);
  } while (next_place(place, sizes));
}

int64_t PaddedImage::offset(std::span<const int64_t> place) const {
  int64_t at = 0;
  for (size_t a = 0; a < axes_.size(); ++a) {
    const int64_t padded = place[a] + axes_[a].before;
    const int64_t step = a + 1 < axes_.size() ? 1 : axes_[a].step;
    at = at * axes_[a].padded + padded % step * (axes_[a].padded / step) + padded / step;
  }
  return at;
}

void PaddedImage::copy(const float* from, int64_t floats, float* to) const {
  const Axis& last = axes_.back();
  const int64_t before = std::min(last.before, line_), step = last.step;
  const int64_t count = std::min(last.size, line_ - before);
  for (const int64_t source : sources_) {
    if (source < 0 || step > 1) std::fill_n(to, line_ * floats, 0.0f);
    const float* line = from + source * last.size * floats;
    if (source >= 0 && step == 1) {
      std::fill_n(to, before * floats, 0.0f);
      std::copy_n(line, count * floats, to + before * floats);
      std::fill_n(to + (before + count) * floats, (line_ - before - count) * floats, 0.0f);
    } else if (source >= 0) {
      for (int64_t i = 0; i < count; ++i) {
        const int64_t padded = i + before;
        std::copy_n(line + i * floats, floats,
                    to + (padded % step * (line_ / step) + padded / step) * floats);
      }
    }
    to += line_ * floats;
  }
}

std::vector<int32_t> PaddedImage::sources(int64_t floats) const {
  const Axis& last = axes_.back();
  std::vector<int32_t> all(places_, -1);
  for (size_t line = 0; line < sources_.size(); ++line) {
    if (sources_[line] < 0) continue;
    int32_t* const to = all.data() + static_cast<int64_t>(line) * line_;
    for (int64_t i = 0; i < last.size && i + last.before < line_; ++i) {
      const int64_t padded = i + last.before;
      to[padded % last.step * (line_ / last.step) + padded / last.step] =
          static_cast<int32_t>((sources_[line] * last.size + i) * floats);
    }
  }
  return all;
}

namespace {

// The results along one axis that the same places of the window reach: result first + i step reads
// the place i stride + shift for each tap.
struct AxisPart {
  struct Tap {
    int64_t kernel, shift;
  };
  std::vector<Tap> taps;
  int64_t first = 0, step = 1, stride = 1, count = 0;
};

using AxisParts = std::vector<AxisPart>;  // of one axis

AxisParts forward_parts(const Window& window, size_t axis, int64_t output_size) {
  AxisPart part{.stride = window.strides[axis], .count = output_size};
  for (int64_t k = 0; k < window.kernel[axis]; ++k) {
    part.taps.push_back({k, k * window.dilations[axis] - window.pads[axis]});
  }
  return {part};
}

AxisParts backward_parts(const Window& window, size_t axis, int64_t input_size) {
  AxisParts parts;
  const int64_t stride = window.strides[axis];
  for (int64_t first = 0; first < std::min(stride, input_size); ++first) {
    AxisPart part{.first = first, .step = stride, .count = (input_size - first - 1) / stride + 1};
    for (int64_t k = 0; k < window.kernel[axis]; ++k) {
      const int64_t distance = first + window.pads[axis] - k * window.dilations[axis];
      if (distance % stride == 0) part.taps.push_back({k, distance / stride});
    }
    parts.push_back(part);
  }
  return parts;
}

PaddedImage::Axis padded_axis(const AxisParts& parts, int64_t size) {
  PaddedImage::Axis axis{size, 0, 1, parts[0].stride};
  for (const AxisPart& part : parts) {
    for (const AxisPart::Tap& tap : part.taps) axis.before = std::max(axis.before, -tap.shift);
  }
  for (const AxisPart& part : parts) {
    for (const AxisPart::Tap& tap : part.taps) {
      const int64_t last = axis.before + (part.count - 1) * part.stride + tap.shift;
      axis.padded = std::max(axis.padded, last + 1);
    }
  }
  return axis;
}

class LinesBuilder {
 public:
  LinesBuilder(std::vector<AxisParts> axes, const Window& window,
               std::span<const int64_t> read_sizes, std::span<const int64_t> written_sizes)
      : axes_(std::move(axes)),
        kernel_(window.kernel),
        written_(written_sizes.begin(), written_sizes.end()),
        image_([&] {
          std::vector<PaddedImage::Axis> padded;
          for (size_t a = 0; a < axes_.size(); ++a) {
            padded.push_back(padded_axis(axes_[a], read_sizes[a]));
          }
          return PaddedImage(padded);
        }()) {}

  WindowLines build() {
    WindowLines all{image_, {}};
    std::vector<int64_t> choice(axes_.size(), 0), counts;
    for (const AxisParts& parts : axes_) counts.push_back(static_cast<int64_t>(parts.size()));
    do {
      std::vector<const AxisPart*> parts;
      for (size_t a = 0; a < axes_.size(); ++a) parts.push_back(&axes_[a][choice[a]]);
      all.sets.push_back(merged(set_of(parts)));
    } while (next_place(choice, counts));
    return all;
  }

 private:
  LineSet set_of(const std::vector<const AxisPart*>& parts) const {
    LineSet set{.positions = parts.back()->count, .y_step = parts.back()->step};
    const size_t rank = parts.size();
    std::vector<int64_t> place(rank, 0), taps, counts;
    for (const AxisPart* part : parts) taps.push_back(static_cast<int64_t>(part->taps.size()));
    const std::vector<int64_t> none(rank, 0);
    const int64_t origin = image_.offset(none);
    if (product(taps) > 0) {
      do {
        std::vector<int64_t> at(rank);
        int64_t kernel = 0;
        for (size_t a = 0; a < rank; ++a) {
          const AxisPart::Tap& tap = parts[a]->taps[place[a]];
          at[a] = tap.shift;
          kernel = kernel * kernel_[a] + tap.kernel;
        }
        set.steps.push_back({image_.offset(at) - origin, kernel});
      } while (next_place(place, taps));
    }
    for (size_t a = 0; a + 1 < rank; ++a) counts.push_back(parts[a]->count);
    place.assign(rank - 1, 0);
    do {
      std::vector<int64_t> at(rank, 0);
      int64_t y = 0;
      for (size_t a = 0; a < rank; ++a) {
        const int64_t i = a + 1 < rank ? place[a] : 0;
        at[a] = i * parts[a]->stride;
        y = y * written_[a] + parts[a]->first + i * parts[a]->step;
      }
      set.lines.push_back({image_.offset(at), y});
    } while (next_place(place, counts));
    return set;
  }

  // One long line, if each goes on where the last one ends.
  static LineSet merged(LineSet set) {
    if (set.y_step != 1) return set;
    for (size_t i = 1; i < set.lines.size(); ++i) {
      const auto after = static_cast<int64_t>(i) * set.positions;
      if (set.lines[i].x != set.lines[0].x + after || set.lines[i].y != set.lines[0].y + after) {
        return set;
      }
    }
    set.positions *= static_cast<int64_t>(set.lines.size());
    set.lines.resize(1);
    return set;
  }

  const std::vector<AxisParts> axes_;
  const std::vector<int64_t> kernel_, written_;
  const PaddedImage image_;
};

}  // namespace

WindowLines forward_lines(const Window& window, std::span<const int64_t> input_sizes,
                          std::span<const int64_t> output_sizes) {
  std::vector<AxisParts> axes;
  for (size_t a = 0; a < window.rank(); ++a) {
    axes.push_back(forward_parts(window, a, output_sizes[a]));
  }
  return LinesBuilder(std::move(axes), window, input_sizes, output_sizes).build();
}

WindowLines backward_lines(const Window& window, std::span<const int64_t> input_sizes,
                           std::span<const int64_t> output_sizes) {
  std::vector<AxisParts> axes;
  for (size_t a = 0; a < window.rank(); ++a) {
    axes.push_back(backward_parts(window, a, input_sizes[a]));
  }
  return LinesBuilder(std::move(axes), window, output_sizes, input_sizes).build();
}

}  // namespace sinapse
