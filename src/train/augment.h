// Augmentation: every step sees the training pictures a little changed.
#pragma once

#include <span>

#include <sinapse/train.h>

#include "train/dataset.h"

namespace sinapse {

/// Whether anything is to be changed at all.
bool is_augmented(const AugmentationOptions& options);

/// Whether a picture may be made of two.
bool mixes_rows(const AugmentationOptions& options);

/// What a picture is made of, besides the row that it stands for.
struct Mixture {
  int64_t partner = 0;  // a row of the data set
  float share = 1;      // of the row itself; the rest is the partner's
};

/// Changes pictures [height, width] or [channels, height, width], scaled to mean 0 and deviation 1.
/// What becomes of a row is a function of (seed, step, row) and the options, whoever works it out.
class Augmenter {
 public:
  /// Throws Error(usage) for options out of their range, or rows that are no pictures.
  Augmenter(const AugmentationOptions& options, const Shape& row);

  /// Row r of a batch into `to`. `gathered`: the rows of the batch, [rows, columns], if `input`
  /// does not have them in memory. A partner is a row of the batch.
  Mixture fill(const InputColumns& input, const float* gathered, std::span<const int64_t> rows,
               int64_t r, uint64_t seed, int64_t step, float* to) const;

 private:
  class Draws;
  void change(float* picture, const Draws& draws) const;
  void move(float* picture, const Draws& draws) const;
  void shift_whole_pixels(float* picture, bool mirror, bool upside_down, int64_t dy,
                          int64_t dx) const;
  void recolor(float* picture, const Draws& draws) const;
  void erase(float* picture, const Draws& draws) const;

  const AugmentationOptions options_;
  int64_t channels_ = 1, height_ = 0, width_ = 0;
};

}  // namespace sinapse
