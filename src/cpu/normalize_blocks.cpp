// Batch normalisation in blocks of channels. What must be summed over the batch is summed for each
// row where the row is hot, and the rows then in their order.
#include <cmath>
#include <optional>

#include "compile/fused.h"
#include "cpu/block_functions.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// A value in blocks of channels.
struct Blocks {
  Storage storage;
  int64_t floats = 0;  // of one block

  Blocks(ValueId id, const LowerContext& context) : storage(context.storage(id)) {
    const Shape& shape = context.graph.shape(id);
    floats = row_size(shape) / shape[1] * kLaneMultiple;
  }
  int64_t places() const { return floats / kLaneMultiple; }
  int64_t count() const { return storage.columns / floats; }
  float* at(const Run& run, int64_t row, int64_t block) const {
    return run.row(storage, row) + block * floats;
  }
};

class RowMoments : public Kernel {
 public:
  RowMoments(const Node& node, const LowerContext& context)
      : x_(node.inputs[0], context), moments_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      float* means = run.row(moments_, r);
      float* squares = means + moments_.columns / 2;
      for (int64_t b = 0; b < x_.count(); ++b) {
        functions_.moments(x_.at(run, r, b), x_.places(), means + b * kLaneMultiple,
                           squares + b * kLaneMultiple);
      }
    }
  }

 private:
  const Blocks x_;
  const Storage moments_;
  const BlockFunctions& functions_ = block_functions();
};

// All rows have equally many places, so that the mean is the mean of their means.
class StatisticsOfMoments : public Kernel {
 public:
  StatisticsOfMoments(const Node& node, const LowerContext& context)
      : moments_(context.storage(node.inputs[0])),
        running_mean_(context.storage(node.inputs[1])),
        running_variance_(context.storage(node.inputs[2])),
        mean_(context.storage(node.outputs[0])),
        inverse_(context.storage(node.outputs[1])),
        momentum_(static_cast<float>(node.number("momentum"))),
        epsilon_(static_cast<float>(node.number("epsilon"))),
        places_(static_cast<float>(node.integer("places"))),
        channels_(node.integer("channels")) {}

  int64_t scratch_floats() const override { return moments_.columns / 2; }

  void run(const Run& run, int64_t, int64_t) const override {
    const int64_t n = moments_.columns / 2;
    float *mean = run.data(mean_), *inverse = run.data(inverse_), *squares = run.scratch;
    const auto rows = static_cast<float>(run.rows);
    std::fill_n(mean, n, 0.0f);
    std::fill_n(squares, n, 0.0f);
    for (int64_t r = 0; r < run.rows; ++r) {
      const float* means = run.row(moments_, r);
      for (int64_t c = 0; c < n; ++c) mean[c] += means[c];
    }
    for (int64_t c = 0; c < n; ++c) mean[c] /= rows;
    for (int64_t r = 0; r < run.rows; ++r) {
      const float *means = run.row(moments_, r), *own = means + n;
      for (int64_t c = 0; c < n; ++c) {
        const float difference = means[c] - mean[c];
        squares[c] += own[c] + places_ * difference * difference;
      }
    }
    const float count = rows * places_;
    for (int64_t c = 0; c < n; ++c) inverse[c] = 1 / std::sqrt(squares[c] / count + epsilon_);
    move_running(run, mean, squares, count);
  }

 private:
  void move_running(const Run& run, const float* mean, const float* squares, float count) const {
    float *running_mean = run.data(running_mean_), *variance = run.data(running_variance_);
    for (int64_t c = 0; c < channels_; ++c) {
      running_mean[c] += momentum_ * (mean[c] - running_mean[c]);
      variance[c] += momentum_ * (squares[c] / std::max(count - 1, 1.0f) - variance[c]);
    }
  }

  const Storage moments_, running_mean_, running_variance_, mean_, inverse_;
  const float momentum_, epsilon_, places_;
  const int64_t channels_;
};

class Normalize : public Kernel {
 public:
  Normalize(const Node& node, const LowerContext& context)
      : x_(node.inputs[0], context),
        y_(node.outputs[0], context),
        scale_(context.storage(node.inputs[1])),
        bias_(context.storage(node.inputs[2])),
        mean_(context.storage(node.inputs[3])),
        spread_(context.storage(node.inputs[4])),
        of_variance_(node.op == &op::batch_normalization()),
        finishes_(node.op == &op::finished_normalize()) {
    if (of_variance_) epsilon_ = static_cast<float>(node.number("epsilon"));
    if (finishes_ && node.inputs[5] != kNoValue) addend_.emplace(node.inputs[5], context);
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t b = 0; b < x_.count(); ++b) {
      const int64_t c = b * kLaneMultiple;
      float inverse[kLaneMultiple];
      for (int64_t i = 0; i < kLaneMultiple; ++i) {
        const float spread = run.data(spread_)[c + i];
        inverse[i] = of_variance_ ? 1 / std::sqrt(spread + epsilon_) : spread;
      }
      const ChannelBlock by{run.data(mean_) + c, inverse, run.data(scale_) + c,
                            run.data(bias_) + c};
      for (int64_t r = begin; r < end; ++r) {
        const float* x = x_.at(run, r, b);
        if (finishes_) {
          const float* addend = addend_ ? addend_->at(run, r, b) : nullptr;
          functions_.normalize_relu(x, x_.places(), by, addend, y_.at(run, r, b));
        } else {
          functions_.normalize(x, x_.places(), by, y_.at(run, r, b));
        }
      }
    }
  }

 private:
  const Blocks x_, y_;
  const Storage scale_, bias_, mean_, spread_;
  const bool of_variance_;  // of the running statistics, else inverse deviations
  const bool finishes_;     // adds and cuts off below 0
  std::optional<Blocks> addend_;
  float epsilon_ = 0;
  const BlockFunctions& functions_ = block_functions();
};

class RowSlopeSums : public Kernel {
 public:
  RowSlopeSums(const Node& node, const LowerContext& context)
      : x_(node.inputs[0], context),
        dy_(node.inputs[1], context),
        mean_(context.storage(node.inputs[2])),
        inverse_(context.storage(node.inputs[3])),
        sums_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t b = 0; b < x_.count(); ++b) {
        const int64_t c = b * kLaneMultiple;
        float* dscale = run.row(sums_, r) + c;
        functions_.slope_sums(x_.at(run, r, b), dy_.at(run, r, b), x_.places(),
                              {run.data(mean_) + c, run.data(inverse_) + c}, dscale,
                              dscale + sums_.columns / 2);
      }
    }
  }

 private:
  const Blocks x_, dy_;
  const Storage mean_, inverse_, sums_;
  const BlockFunctions& functions_ = block_functions();
};

class SumOfRows : public Kernel {
 public:
  SumOfRows(const Node& node, const LowerContext& context)
      : sums_(context.storage(node.inputs[0])),
        dscale_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  void run(const Run& run, int64_t, int64_t) const override {
    const int64_t n = sums_.columns / 2;
    add_up(run, 0, n, run.data(dscale_));
    add_up(run, n, n, run.data(dbias_));
  }

 private:
  void add_up(const Run& run, int64_t first, int64_t n, float* to) const {
    std::fill_n(to, n, 0.0f);
    for (int64_t r = 0; r < run.rows; ++r) {
      const float* row = run.row(sums_, r) + first;
      for (int64_t c = 0; c < n; ++c) to[c] += row[c];
    }
  }

  const Storage sums_, dscale_, dbias_;
};

class InputGradient : public Kernel {
 public:
  InputGradient(const Node& node, const LowerContext& context)
      : x_(node.inputs[0], context),
        dy_(node.inputs[1], context),
        dx_(node.outputs[0], context),
        scale_(context.storage(node.inputs[2])),
        mean_(context.storage(node.inputs[3])),
        inverse_(context.storage(node.inputs[4])),
        dscale_(context.storage(node.inputs[5])),
        dbias_(context.storage(node.inputs[6])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const auto m = static_cast<float>(run.rows * x_.places());
    for (int64_t b = 0; b < x_.count(); ++b) {
      const int64_t c = b * kLaneMultiple;
      const ChannelBlock by{run.data(mean_) + c, run.data(inverse_) + c, run.data(scale_) + c,
                            nullptr};
      for (int64_t r = begin; r < end; ++r) {
        functions_.input_gradient(x_.at(run, r, b), dy_.at(run, r, b), x_.places(), m, by,
                                  run.data(dscale_) + c, run.data(dbias_) + c, dx_.at(run, r, b));
      }
    }
  }

 private:
  const Blocks x_, dy_, dx_;
  const Storage scale_, mean_, inverse_, dscale_, dbias_;
  const BlockFunctions& functions_ = block_functions();
};

bool normalizes(const Node& node, const LowerContext& context) {
  return (node.op == &op::batch_normalize() || node.op == &op::batch_normalization() ||
          node.op == &op::finished_normalize()) &&
         context.storage(node.outputs[0]).layout == Layout::blocks;
}
bool is_input_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::batch_normalize_input_gradient() &&
         context.storage(node.outputs[0]).layout == Layout::blocks;
}

}  // namespace

std::span<const KernelRow> block_normalization_kernels() {
  static const KernelRow rows[] = {
      {"moments of rows", is_of<op::row_moments>, by_rows, make<RowMoments>},
      {"statistics of moments", is_of<op::statistics_of_moments>, by_slices,
       make<StatisticsOfMoments>},
      {"normalisation of blocks", normalizes, by_rows, make<Normalize>},
      {"slope sums of rows", is_of<op::row_slope_sums>, by_rows, make<RowSlopeSums>},
      {"sum of rows", is_of<op::sum_of_rows>, by_slices, make<SumOfRows>},
      {"normalisation gradient of blocks", is_input_gradient, by_rows, make<InputGradient>},
  };
  return rows;
}

}  // namespace sinapse
