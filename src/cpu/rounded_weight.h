// The copies of a weight for products in bf16. The weight that learns stays a float.
#pragma once

#include "compile/kernel.h"
#include "compile/pair_panels.h"
#include "cpu/bf16.h"
#include "cpu/update.h"

namespace sinapse {

/// Rounds a weight in panels anew after it has changed.
class RoundedWeight {
 public:
  RoundedWeight(const Storage& weight, const RoundedCopies& copies, const Shape& shape);

  bool wanted() const { return copies_.plain.offset >= 0 || copies_.transposed.offset >= 0; }

  /// Rows [begin, end) of a panel; begin is even, and the start of a block if the weight's order
  /// has blocks.
  void refresh(const Run& run, int64_t panel, int64_t begin, int64_t end) const;

 private:
  // Neighbouring rows: inputs at one place of the window. Columns of a panel: outputs.
  struct Rows {
    const float* first;
    int64_t width, output, outputs;
    int64_t place, input, inputs;
  };
  void refresh_plain(const Run& run, const Rows& rows) const;
  void refresh_transposed(const Run& run, const Rows& rows) const;

  const Storage weight_;
  const RoundedCopies copies_;
  WeightOrder order_, rounded_, rounded_transposed_;
  Panels panels_;
  PairPanels plain_, transposed_;
  const Bf16Functions* functions_ = nullptr;  // if wanted
  const TransposeFunction transpose_ = transpose_function();
};

}  // namespace sinapse
