// Attention head by head: its keys and values are packed side by side, and all is products.
#include "ops/attention.h"

#include <cmath>

#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/product.h"
#include "cpu/recurrent.h"
#include "cpu/softmax.h"
#include "cpu/update.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace attention;

// What both ways have in common: products whose right side is packed in scratch.
class HeadKernel : public Kernel {
 public:
  HeadKernel(const Node& node, const LowerContext& context)
      : sizes_(attention_sizes(node, context.graph.shape(node.inputs[query]))),
        packed_width_(round_up(sizes_.width(), kLaneMultiple)),
        packed_time_(round_up(sizes_.time, kLaneMultiple)),
        scale_(1 / std::sqrt(static_cast<float>(sizes_.width()))) {}

 protected:
  int64_t steps_floats() const { return sizes_.time * packed_width_; }     // [time, width]
  int64_t square_floats() const { return sizes_.time * packed_time_; }     // [time, time]
  int64_t turned_floats() const { return sizes_.width() * packed_time_; }  // [width, time]

  // to[t, c] = scale from[t, c] for a head's channels.
  void pack(const float* from, float scale, float* to) const {
    for (int64_t t = 0; t < sizes_.time; ++t, from += sizes_.channels, to += packed_width_) {
      for (int64_t c = 0; c < sizes_.width(); ++c) to[c] = scale * from[c];
    }
  }
  // to[c, t] = scale from[t, c].
  void turn(const float* from, float scale, float* to) const {
    transpose_(from, sizes_.channels, sizes_.time, sizes_.width(), to, packed_time_);
    if (scale == 1) return;
    for (int64_t i = 0; i < turned_floats(); ++i) to[i] *= scale;
  }
  // scores[i, j] = sum over a head's channels of a[i, c] turned[c, j]
  void score(const float* a, const float* turned, float* scores) const {
    multiply({.a = a,
              .a_row_stride = sizes_.channels,
              .rows = sizes_.time,
              .depth = sizes_.width(),
              .b = turned,
              .b_stride = packed_time_,
              .columns = packed_time_,
              .c = scores,
              .c_stride = packed_time_});
  }
  // to[i, c] = sum_j weights[i, j] packed[j, c], or of weights[j, i] if transposed, for a head's
  // channels.
  void mix(const float* weights, int64_t stride, bool transposed, const float* packed,
           float* scratch, float* to) const {
    const bool whole = packed_width_ == sizes_.width();
    multiply({.a = weights,
              .a_row_stride = transposed ? 1 : stride,
              .a_depth_stride = transposed ? stride : 1,
              .rows = sizes_.time,
              .depth = sizes_.time,
              .b = packed,
              .b_stride = packed_width_,
              .columns = packed_width_,
              .c = whole ? to : scratch,
              .c_stride = whole ? sizes_.channels : packed_width_});
    for (int64_t t = 0; !whole && t < sizes_.time; ++t) {
      std::copy_n(scratch + t * packed_width_, sizes_.width(), to + t * sizes_.channels);
    }
  }

  const AttentionSizes sizes_;
  const int64_t packed_width_, packed_time_;
  const float scale_;

 private:
  // The kernel takes up to a panel's columns at a time.
  void multiply(Product product) const {
    for (int64_t left = product.columns; left > 0; left -= kPanelWidth) {
      product.columns = std::min(kPanelWidth, left);
      multiply_(product);
      product.b += kPanelWidth;
      product.c += kPanelWidth;
    }
  }

  const ProductFunction multiply_ = product_function();
  const TransposeFunction transpose_ = transpose_function();
};

class AttentionForward : public HeadKernel {
 public:
  AttentionForward(const Node& node, const LowerContext& context)
      : HeadKernel(node, context),
        query_(context.storage(node.inputs[query])),
        key_(context.storage(node.inputs[key])),
        value_(context.storage(node.inputs[value])),
        y_(context.storage(node.outputs[0])),
        probabilities_(context.storage(node.outputs[1])),
        lengths_{OptionalStorage::of(node.inputs, lengths, context), sizes_.time} {}

  int64_t scratch_floats() const override {
    return turned_floats() + square_floats() + 2 * steps_floats();
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    float* const keys = run.scratch;
    float* const scores = keys + turned_floats();
    float* const values = scores + square_floats();
    for (int64_t r = begin; r < end; ++r) {
      float* p = run.row(probabilities_, r);
      for (int64_t h = 0; h < sizes_.heads; ++h, p += sizes_.time * sizes_.time) {
        const int64_t first = h * sizes_.width();
        turn(run.row(key_, r) + first, scale_, keys);
        pack(run.row(value_, r) + first, 1, values);
        score(run.row(query_, r) + first, keys, scores);
        look(scores, std::max<int64_t>(1, lengths_.of(run, r)), p);
        mix(p, sizes_.time, false, values, values + steps_floats(), run.row(y_, r) + first);
      }
    }
  }

 private:
  void look(const float* scores, int64_t length, float* p) const {
    const int64_t time = sizes_.time;
    if (!sizes_.causal && length == time) {
      return softmax_rows(scores, p, time, time, packed_time_, time);
    }
    for (int64_t i = 0; i < time; ++i, scores += packed_time_, p += time) {
      const int64_t seen = sizes_.seen(i, length);
      softmax_rows(scores, p, 1, seen, packed_time_, time);
      std::fill(p + seen, p + time, 0.0f);
    }
  }

  const Storage query_, key_, value_, y_, probabilities_;
  const Lengths lengths_;
};

class AttentionBackward : public HeadKernel {
 public:
  AttentionBackward(const Node& node, const LowerContext& context)
      : HeadKernel(node, context),
        query_(context.storage(node.inputs[back_query])),
        key_(context.storage(node.inputs[back_key])),
        value_(context.storage(node.inputs[back_value])),
        probabilities_(context.storage(node.inputs[attention::probabilities])),
        d_y_(context.storage(node.inputs[d_y])),
        d_query_(context.storage(node.outputs[0])),
        d_key_(context.storage(node.outputs[1])),
        d_value_(context.storage(node.outputs[2])) {}

  int64_t scratch_floats() const override {
    return turned_floats() + square_floats() + 2 * steps_floats();
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t h = 0; h < sizes_.heads; ++h) head(run, r, h);
    }
  }

 private:
  void head(const Run& run, int64_t r, int64_t h) const {
    const int64_t time = sizes_.time, first = h * sizes_.width();
    const float* const p = run.row(probabilities_, r) + h * time * time;
    const float* const dy = run.row(d_y_, r) + first;
    float* const turned = run.scratch;
    float* const d_scores = turned + turned_floats();
    float* const packed = d_scores + square_floats();
    float* const spare = packed + steps_floats();
    turn(run.row(value_, r) + first, 1, turned);
    score(dy, turned, d_scores);
    softmax_rows_backward(p, d_scores, d_scores, time, time, time, packed_time_, packed_time_);
    pack(dy, 1, packed);
    mix(p, time, true, packed, spare, run.row(d_value_, r) + first);
    pack(run.row(key_, r) + first, scale_, packed);
    mix(d_scores, packed_time_, false, packed, spare, run.row(d_query_, r) + first);
    pack(run.row(query_, r) + first, scale_, packed);
    mix(d_scores, packed_time_, true, packed, spare, run.row(d_key_, r) + first);
  }

  const Storage query_, key_, value_, probabilities_, d_y_, d_query_, d_key_, d_value_;
};

}  // namespace

std::span<const KernelRow> attention_kernels() {
  static const KernelRow rows[] = {
      {"heads by products", is_of<op::attention>, by_rows, make<AttentionForward>},
      {"heads back by products", is_of<op::attention_gradient>, by_rows, make<AttentionBackward>},
  };
  return rows;
}

}  // namespace sinapse
