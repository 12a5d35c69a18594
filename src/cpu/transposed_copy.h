// The second copy of a weight in panels, for the product with its transpose.
#pragma once

#include "compile/kernel.h"
#include "cpu/update.h"

namespace sinapse {

/// Refreshes the transposed copy of a weight after rows [begin, end) of a panel have changed; whole
/// blocks of rows, if the weight's order has blocks.
class TransposedCopy {
 public:
  TransposedCopy(const Storage& weight, const Storage& copy, const Shape& shape)
      : weight_(weight), copy_(copy) {
    if (!wanted()) return;
    order_ = order_of(shape), transposed_order_ = transposed_order_of(shape);
    panels_ = panels_of(shape), transposed_ = transposed_panels_of(shape);
  }

  bool wanted() const { return copy_.offset >= 0; }

  void refresh(const Run& run, int64_t panel, int64_t begin, int64_t end) const {
    const int64_t first = panel * kPanelWidth, width = panels_.width(panel);
    const int64_t columns = std::min(kPanelWidth, panels_.columns - first);
    const float* from = run.data(weight_) + panels_.offset(panel);
    if (order_.block == 1 && order_.places == 1) {
      return refresh_matrix(run, from, first, columns, width, begin, end);
    }
    for (int64_t row = begin; row < end; row += order_.block) {
      const int64_t block = row / order_.block;
      const int64_t input = block / order_.places * order_.block, place = block % order_.places;
      const int64_t inputs = std::min(order_.block, order_.inputs - input);
      for (int64_t c = 0; c < columns; c += kLaneMultiple) {
        refresh_block(run, from + row * width + c, width, input, inputs, first + c,
                      std::min(kLaneMultiple, columns - c), place);
      }
    }
  }

 private:
  void refresh_matrix(const Run& run, const float* from, int64_t first, int64_t columns,
                      int64_t width, int64_t begin, int64_t end) const {
    while (begin < end) {  // a panel of the copy at a time
      const int64_t target = begin / kPanelWidth;
      const int64_t stop = std::min(end, (target + 1) * kPanelWidth);
      transpose_(from + begin * width, width, stop - begin, columns,
                 run.data(copy_) + transposed_.index(first, begin), transposed_.width(target));
      begin = stop;
    }
  }

  // At most 16 inputs and 16 outputs at one place of the window.
  void refresh_block(const Run& run, const float* from, int64_t width, int64_t input,
                     int64_t inputs, int64_t output, int64_t outputs, int64_t place) const {
    transpose_(from, width, inputs, outputs,
               run.data(copy_) + transposed_.index(transposed_order_.row(output, place), input),
               transposed_.width(input / kPanelWidth));
  }

  const Storage weight_, copy_;
  WeightOrder order_, transposed_order_;
  Panels panels_, transposed_;
  const TransposeFunction transpose_ = transpose_function();
};

}  // namespace sinapse
