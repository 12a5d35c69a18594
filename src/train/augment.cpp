#include "train/augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cpu/subnormals.h"
#include "data/philox.h"

namespace sinapse {

namespace {

// One random number for each thing that may happen to a row.
enum Draw : uint64_t {
  flip,
  flip_vertical,
  shift_y,
  shift_x,
  rotate,
  zoom,
  crop_size,
  crop_y,
  crop_x,
  brightness,
  contrast,
  erase,
  erase_area,
  erase_shape,
  erase_y,
  erase_x,
  mix_up,
  cut_mix,
  partner,
  share,
  cut_y,
  cut_x,
  color,  // one for each channel from here on
  num_draws = 64,
};

void require(bool fine, std::string_view option, std::string_view expected, double got) {
  if (fine) return;
  throw Error(ErrorCode::usage,
              fmt::format("augment.{} must be {}, but is {}.", option, expected, got));
}

// Between four pixels, or at an edge beyond it.
class Place {
 public:
  Place(int64_t height, int64_t width, float y, float x) {
    y = std::clamp(y, 0.0f, static_cast<float>(height - 1));
    x = std::clamp(x, 0.0f, static_cast<float>(width - 1));
    const auto top = static_cast<int64_t>(y), left = static_cast<int64_t>(x);
    v_ = y - static_cast<float>(top);
    u_ = x - static_cast<float>(left);
    first_ = top * width + left;
    right_ = left + 1 < width ? 1 : 0;
    down_ = top + 1 < height ? width : 0;
  }

  float in(const float* plane) const {
    const float* const above = plane + first_;
    const float* const below = above + down_;
    return (above[0] * (1 - u_) + above[right_] * u_) * (1 - v_) +
           (below[0] * (1 - u_) + below[right_] * u_) * v_;
  }

 private:
  int64_t first_, right_, down_;
  float v_, u_;
};

struct Box {
  int64_t top, left, height, width;
};

// As large as wanted, anywhere.
Box box_at(int64_t height, int64_t width, double box_height, double box_width, double y, double x) {
  const int64_t h = std::clamp<int64_t>(std::lround(box_height), 1, height);
  const int64_t w = std::clamp<int64_t>(std::lround(box_width), 1, width);
  return {static_cast<int64_t>(y * static_cast<double>(height - h + 1)),
          static_cast<int64_t>(x * static_cast<double>(width - w + 1)), h, w};
}

}  // namespace

class Augmenter::Draws {
 public:
  Draws(uint64_t seed, int64_t step, int64_t row)
      : random_(seed, purpose_of("augmentation"), step),
        first_(static_cast<uint64_t>(row) * num_draws) {}

  double uniform(uint64_t draw) const { return random_.uniform(first_ + draw); }
  /// From -most to most.
  double around_zero(uint64_t draw, double most) const { return most * (2 * uniform(draw) - 1); }
  bool happens(uint64_t draw, double probability) const { return uniform(draw) < probability; }

 private:
  RandomStream random_;
  uint64_t first_;
};

bool is_augmented(const AugmentationOptions& options) {
  return options.flip || options.flip_vertical || options.shift != 0 || options.rotate != 0 ||
         options.zoom != 0 || options.crop != 0 || options.brightness != 0 ||
         options.contrast != 0 || options.color != 0 || options.erase != 0 || mixes_rows(options);
}

bool mixes_rows(const AugmentationOptions& options) {
  return options.mix_up != 0 || options.cut_mix != 0;
}

Augmenter::Augmenter(const AugmentationOptions& options, const Shape& row) : options_(options) {
  const auto share = [](double value, const char* name) {
    require(value >= 0 && value <= 1, name, "between 0 and 1", value);
  };
  share(options.shift, "shift");
  share(options.crop, "crop");
  share(options.contrast, "contrast");
  share(options.color, "color");
  share(options.erase, "erase");
  share(options.mix_up, "mix_up");
  share(options.cut_mix, "cut_mix");
  require(options.zoom >= 0 && options.zoom < 1, "zoom", "at least 0 and below 1", options.zoom);
  require(options.rotate >= 0 && options.rotate <= 180, "rotate", "between 0 and 180 degrees",
          options.rotate);
  require(options.brightness >= 0 && options.brightness <= 10, "brightness", "between 0 and 10",
          options.brightness);
  if (row.size() != 2 && row.size() != 3) {
    throw Error(
        ErrorCode::usage,
        fmt::format("augment is for pictures [height, width] or with channels, but rows are {}.",
                    to_string(row)));
  }
  if (row.size() == 3) channels_ = row[0];
  height_ = row[row.size() - 2];
  width_ = row[row.size() - 1];
}

Mixture Augmenter::fill(const InputColumns& input, const float* gathered,
                        std::span<const int64_t> rows, int64_t r, uint64_t seed, int64_t step,
                        float* to) const {
  const auto copy_row = [&](int64_t i, float* picture) {
    if (gathered == nullptr)
      input.copy_row(rows[i], picture);
    else
      std::copy_n(gathered + i * input.columns, input.columns, picture);
  };
  const FlushSubnormals flush;  // wherever it is called
  const Draws draws(seed, step, rows[r]);
  copy_row(r, to);
  change(to, draws);
  const bool mixes = draws.happens(mix_up, options_.mix_up);
  const bool cuts = !mixes && draws.happens(cut_mix, options_.cut_mix);
  const auto others = static_cast<int64_t>(rows.size()) - 1;
  if ((!mixes && !cuts) || others == 0) return {rows[r]};

  const auto jump = 1 + static_cast<int64_t>(draws.uniform(partner) * static_cast<double>(others));
  const int64_t partner_row = (r + jump) % static_cast<int64_t>(rows.size());
  const int64_t other = rows[partner_row];
  thread_local std::vector<float> second;
  second.resize(input.columns);
  copy_row(partner_row, second.data());
  change(second.data(), Draws(seed, step, other));
  double own = draws.uniform(share);
  if (mixes) {
    for (int64_t i = 0; i < input.columns; ++i) {
      to[i] += static_cast<float>(1 - own) * (second[i] - to[i]);
    }
  } else {
    const double side = std::sqrt(1 - own);
    const Box box =
        box_at(height_, width_, side * static_cast<double>(height_),
               side * static_cast<double>(width_), draws.uniform(cut_y), draws.uniform(cut_x));
    for (int64_t row = 0; row < channels_ * box.height; ++row) {
      const int64_t y = row / box.height * height_ + box.top + row % box.height;
      std::copy_n(&second[y * width_ + box.left], box.width, to + y * width_ + box.left);
    }
    own = 1 - static_cast<double>(box.height * box.width) / static_cast<double>(height_ * width_);
  }
  return {other, static_cast<float>(own)};
}

void Augmenter::change(float* picture, const Draws& draws) const {
  move(picture, draws);
  recolor(picture, draws);
  if (draws.happens(Draw::erase, options_.erase)) erase(picture, draws);
}

// Flip, shift, rotation, zoom and crop are one map from the new picture's places to the old one's.
void Augmenter::move(float* picture, const Draws& draws) const {
  const bool mirror = options_.flip && draws.happens(flip, 0.5);
  const bool upside_down = options_.flip_vertical && draws.happens(flip_vertical, 0.5);
  const bool bends = options_.rotate != 0 || options_.zoom != 0 || options_.crop != 0;
  if (!mirror && !upside_down && options_.shift == 0 && !bends) return;
  const auto height = static_cast<double>(height_), width = static_cast<double>(width_);
  double dy = std::round(draws.around_zero(shift_y, options_.shift * height));
  double dx = std::round(draws.around_zero(shift_x, options_.shift * width));
  if (!bends)
    return shift_whole_pixels(picture, mirror, upside_down, static_cast<int64_t>(dy),
                              static_cast<int64_t>(dx));
  const double angle = draws.around_zero(rotate, options_.rotate) * std::numbers::pi / 180;
  const double kept =
      options_.crop == 0 ? 1 : options_.crop + (1 - options_.crop) * draws.uniform(crop_size);
  const double scale = kept / (1 + draws.around_zero(zoom, options_.zoom));
  dy += draws.around_zero(crop_y, (1 - kept) * height / 2);
  dx += draws.around_zero(crop_x, (1 - kept) * width / 2);
  const auto cosine = static_cast<float>(scale * std::cos(angle));
  const auto sine = static_cast<float>(scale * std::sin(angle));
  const float middle_y = static_cast<float>(height_ - 1) / 2,
              middle_x = static_cast<float>(width_ - 1) / 2;
  const float sign_y = upside_down ? -1.0f : 1.0f, sign_x = mirror ? -1.0f : 1.0f;

  thread_local std::vector<float> old;
  old.assign(picture, picture + channels_ * height_ * width_);
  for (int64_t y = 0; y < height_; ++y) {
    for (int64_t x = 0; x < width_; ++x) {
      const float v = sign_y * (static_cast<float>(y) - middle_y),
                  u = sign_x * (static_cast<float>(x) - middle_x);
      const Place place(height_, width_, middle_y + cosine * v + sine * u + static_cast<float>(dy),
                        middle_x - sine * v + cosine * u + static_cast<float>(dx));
      for (int64_t c = 0; c < channels_; ++c)
        picture[(c * height_ + y) * width_ + x] = place.in(&old[c * height_ * width_]);
    }
  }
}

// Without interpolation: a row is a piece of an old one, with its ends repeated beyond them.
void Augmenter::shift_whole_pixels(float* picture, bool mirror, bool upside_down, int64_t dy,
                                   int64_t dx) const {
  thread_local std::vector<float> old;
  old.assign(picture, picture + channels_ * height_ * width_);
  // Columns [begin, end) have a pixel of the old picture.
  const int64_t moved = mirror ? -dx : dx;
  const int64_t begin = std::clamp<int64_t>(-moved, 0, width_);
  const int64_t end = std::clamp<int64_t>(width_ - moved, begin, width_);
  for (int64_t row = 0; row < channels_ * height_; ++row, picture += width_) {
    const int64_t y = row % height_;
    const int64_t from_y =
        std::clamp<int64_t>((upside_down ? height_ - 1 - y : y) + dy, 0, height_ - 1);
    const float* const from = &old[(row - y + from_y) * width_];
    std::fill_n(picture, begin, from[mirror ? width_ - 1 : 0]);
    if (mirror)
      std::reverse_copy(from + width_ - moved - end, from + width_ - moved - begin,
                        picture + begin);
    else
      std::copy(from + begin + moved, from + end + moved, picture + begin);
    std::fill(picture + end, picture + width_, from[mirror ? 0 : width_ - 1]);
  }
}

void Augmenter::recolor(float* picture, const Draws& draws) const {
  if (options_.brightness == 0 && options_.contrast == 0 && options_.color == 0) return;
  const int64_t plane = height_ * width_;
  double sum = 0;
  for (int64_t i = 0; i < channels_ * plane; ++i) sum += picture[i];
  const auto mean = static_cast<float>(sum / static_cast<double>(channels_ * plane));
  const auto more = static_cast<float>(1 + draws.around_zero(contrast, options_.contrast));
  const auto brighter = static_cast<float>(draws.around_zero(brightness, options_.brightness));
  for (int64_t c = 0; c < channels_; ++c) {
    const double tint = draws.around_zero(Draw::color + std::min<uint64_t>(c, 31), options_.color);
    const float factor = more * static_cast<float>(1 + tint);
    for (int64_t i = c * plane; i < (c + 1) * plane; ++i) {
      picture[i] = (picture[i] - mean) * factor + mean + brighter;
    }
  }
}

// A box of a fiftieth to a third of the picture, up to three times as long as wide. Zhong and
// others 2020.
void Augmenter::erase(float* picture, const Draws& draws) const {
  const double area =
      (0.02 + 0.31 * draws.uniform(erase_area)) * static_cast<double>(height_ * width_);
  const double shape = std::pow(3.0, 2 * draws.uniform(erase_shape) - 1);
  const Box box = box_at(height_, width_, std::sqrt(area * shape), std::sqrt(area / shape),
                         draws.uniform(erase_y), draws.uniform(erase_x));
  for (int64_t c = 0; c < channels_; ++c) {
    for (int64_t y = box.top; y < box.top + box.height; ++y) {
      std::fill_n(picture + (c * height_ + y) * width_ + box.left, box.width, 0.0f);
    }
  }
}

}  // namespace sinapse
