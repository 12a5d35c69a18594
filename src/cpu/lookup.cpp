// Embeddings: rows of a table copied to the rows of a batch, and gathered again by slices of the
// table, so that each number of the gradient is summed by one thread in the order of the batch.
#include <algorithm>

#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kSliceFloats = 4096;  // of the table: a slice stays in the cache

// Outside the table counts as its last row, the place of the unknown.
int64_t category_of(float value, int64_t categories) {
  return value >= 0 && value < static_cast<float>(categories) ? static_cast<int64_t>(value)
                                                              : categories - 1;
}

class Lookup : public Kernel {
 public:
  Lookup(const Node& node, const LowerContext& context)
      : table_(context.storage(node.inputs[0])),
        index_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        dimension_(y_.columns / index_.columns),
        categories_(table_.columns / dimension_) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t t = 0; t < index_.columns; ++t) {
        const int64_t category = category_of(run.row(index_, r)[t], categories_);
        std::copy_n(run.data(table_) + category * dimension_, dimension_,
                    run.row(y_, r) + t * dimension_);
      }
    }
  }

 private:
  const Storage table_, index_, y_;
  const int64_t dimension_, categories_;
};

class LookupGradient : public Kernel {
 public:
  LookupGradient(const Node& node, const LowerContext& context)
      : index_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        dtable_(context.storage(node.outputs[0])),
        dimension_(dy_.columns / index_.columns),
        categories_(dtable_.columns / dimension_),
        per_slice_(std::max<int64_t>(1, kSliceFloats / dimension_)) {}

  int64_t num_slices() const override { return (categories_ + per_slice_ - 1) / per_slice_; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t n = dimension_;
    const int64_t first = begin * per_slice_, last = std::min(categories_, end * per_slice_);
    std::fill_n(run.data(dtable_) + first * n, (last - first) * n, 0.0f);
    for (int64_t r = 0; r < run.rows; ++r) {
      for (int64_t t = 0; t < index_.columns; ++t) {
        const int64_t category = category_of(run.row(index_, r)[t], categories_);
        if (category < first || category >= last) continue;
        const float* dy = run.row(dy_, r) + t * n;
        float* sum = run.data(dtable_) + category * n;
        for (int64_t c = 0; c < n; ++c) sum[c] += dy[c];
      }
    }
  }

 private:
  const Storage index_, dy_, dtable_;
  const int64_t dimension_, categories_, per_slice_;
};

bool accepts_lookup(const Node& node, const LowerContext& context) {
  return node.op == &op::embedding() && context.storage(node.inputs[0]).layout == Layout::rows;
}
bool accepts_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::embedding_gradient() &&
         context.storage(node.outputs[0]).layout == Layout::rows;
}

}  // namespace

std::span<const KernelRow> lookup_kernels() {
  static const KernelRow rows[] = {
      {"lookup", accepts_lookup, by_rows, make<Lookup>},
      {"lookup gradient", accepts_gradient, by_slices, make<LookupGradient>},
  };
  return rows;
}

}  // namespace sinapse
