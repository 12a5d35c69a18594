// What the kernels of recurrent cells share. A block of rows walks through all steps of time on one
// thread; nobody waits. A row whose sequence is over sleeps: it is computed with the others, but
// neither read nor stored.
#pragma once

#include "compile/kernel.h"
#include "cpu/product.h"
#include "ops/recurrent.h"

namespace sinapse {

/// Rows that walk through time together: tiles of the product, states that stay in the cache.
inline constexpr int64_t kBlockRows = 48;

/// Neighbouring columns of a weight in panels, widened to whole lanes. The product with them stands
/// `shift` columns to the right.
class PanelColumns {
 public:
  PanelColumns() = default;
  PanelColumns(Panels panels, int64_t begin, int64_t end)
      : panels_(panels),
        begin_(begin),
        first_(begin / kLaneMultiple * kLaneMultiple),
        last_(round_up(end, kLaneMultiple)) {}

  int64_t shift() const { return begin_ - first_; }
  int64_t stride() const { return padded_stride(last_ - first_); }

  /// The product of A with the columns. `bias`, if any, belongs to the first of them.
  void multiply(ProductFunction function, Product product, const float* weight,
                const float* bias) const {
    float* const to = product.c;
    for (int64_t column = first_; column < last_;) {
      const int64_t panel = column / kPanelWidth, inside = column % kPanelWidth;
      const int64_t end = std::min(last_, panel * kPanelWidth + panels_.width(panel));
      product.b = weight + panels_.offset(panel) + inside;
      product.b_stride = panels_.width(panel);
      product.columns = end - column;
      product.bias = bias ? bias + (column - begin_) : nullptr;
      product.c = to + (column - first_);
      function(product);
      column = end;
    }
  }

 private:
  Panels panels_;
  int64_t begin_ = 0, first_ = 0, last_ = 0;
};

/// An input or output that may be missing: left out of the node, or read by nobody.
struct OptionalStorage {
  Storage storage;
  bool present = false;

  static OptionalStorage of(const std::vector<ValueId>& ids, size_t index,
                            const LowerContext& context) {
    if (index >= ids.size() || ids[index] == kNoValue) return {};
    const Storage& storage = context.storage(ids[index]);
    return {storage, storage.offset >= 0};
  }
  explicit operator bool() const { return present; }
  float* row(const Run& run, int64_t r, int64_t column = 0) const {
    return present ? run.row(storage, r) + column : nullptr;
  }
  float* data(const Run& run) const { return present ? run.data(storage) : nullptr; }
};

/// How many steps each row takes.
struct Lengths {
  OptionalStorage storage;
  int64_t time;

  int64_t of(const Run& run, int64_t row) const {
    if (!storage) return time;
    const float length = *storage.row(run, row);
    return length >= 0 ? static_cast<int64_t>(std::min(length, static_cast<float>(time))) : 0;
  }
  int64_t most(const Run& run, int64_t begin, int64_t end) const {
    if (!storage) return time;
    int64_t most = 0;
    for (int64_t r = begin; r < end; ++r) most = std::max(most, of(run, r));
    return most;
  }
};

}  // namespace sinapse
