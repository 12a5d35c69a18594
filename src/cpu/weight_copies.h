// What must be made anew after a weight has changed: its copies for other kernels.
#pragma once

#include "cpu/rounded_weight.h"
#include "cpu/transposed_copy.h"
#include "cpu/winograd_weight.h"

namespace sinapse {

/// The copies of a weight in panels, as far as the plan has any.
class WeightCopies {
 public:
  WeightCopies(const LowerContext& context, ValueId weight)
      : WeightCopies(context.storage(weight), context.transposed[weight], context.rounded[weight],
                     context.winograd[weight], context.graph.shape(weight)) {}
  WeightCopies(const Storage& weight, const Storage& transposed, const RoundedCopies& rounded,
               const WinogradCopies& winograd, const Shape& shape)
      : panels_(panels_of(shape)),
        transposed_(weight, transposed, shape),
        rounded_(weight, rounded, shape),
        winograd_(weight, transposed, winograd, shape) {}

  /// A whole panel has changed.
  void refresh(const Run& run, int64_t panel) const {
    if (transposed_.wanted()) transposed_.refresh(run, panel, 0, panels_.depth);
    if (rounded_.wanted()) rounded_.refresh(run, panel, 0, panels_.depth);
    if (winograd_.wanted()) winograd_.refresh(run, panel);  // made of the transposed one, too
  }

  void refresh_all(const Run& run) const {
    for (int64_t panel = 0; panel < panels_.count(); ++panel) refresh(run, panel);
  }

 private:
  const Panels panels_;
  const TransposedCopy transposed_;
  const RoundedWeight rounded_;
  const WinogradWeight winograd_;
};

}  // namespace sinapse
