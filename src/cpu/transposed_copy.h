// The second copy of a weight in panels, for the product with its transpose.
#pragma once

#include "compile/kernel.h"
#include "cpu/update.h"

namespace sinapse {

/// Refreshes the transposed copy of a weight after rows [begin, end) of a panel have changed.
class TransposedCopy {
 public:
  TransposedCopy(const Storage& weight, const Storage& copy, const Panels& panels)
      : weight_(weight),
        copy_(copy),
        panels_(panels),
        transposed_{.depth = panels.columns, .columns = panels.depth} {}

  bool wanted() const { return copy_.offset >= 0; }

  void refresh(const Run& run, int64_t panel, int64_t begin, int64_t end) const {
    const int64_t first = panel * kPanelWidth, width = panels_.width(panel);
    const int64_t columns = std::min(kPanelWidth, panels_.columns - first);
    const float* from = run.data(weight_) + panels_.offset(panel);
    float* to = run.data(copy_);
    while (begin < end) {  // a panel of the copy at a time
      const int64_t target = begin / kPanelWidth;
      const int64_t stop = std::min(end, (target + 1) * kPanelWidth);
      transpose_(from + begin * width, width, stop - begin, columns,
                 to + transposed_.index(first, begin), transposed_.width(target));
      begin = stop;
    }
  }

 private:
  const Storage weight_, copy_;
  const Panels panels_, transposed_;
  const TransposeFunction transpose_ = transpose_function();
};

}  // namespace sinapse
