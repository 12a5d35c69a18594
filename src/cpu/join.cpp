// Columns joined to wider rows and cut out of them: copies, row by row.
#include <algorithm>

#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// Columns of the last axis: `repeats` groups of `size` in each row, `step` from one to the next.
struct Columns {
  Storage storage;
  int64_t size, step, first;

  Columns(ValueId id, const LowerContext& context, int64_t part_size, int64_t part_begin)
      : storage(context.storage(id)),
        size(part_size),
        step(context.graph.shape(id).back()),
        first(part_begin) {}

  float* at(const Run& run, int64_t row) const { return run.row(storage, row) + first; }
};

void copy(const Run& run, const Columns& from, const Columns& to, int64_t begin, int64_t end) {
  const int64_t repeats = to.storage.columns / to.step;
  for (int64_t r = begin; r < end; ++r) {
    const float* x = from.at(run, r);
    float* y = to.at(run, r);
    for (int64_t i = 0; i < repeats; ++i) {
      std::copy_n(x + i * from.step, to.size, y + i * to.step);
    }
  }
}

class Join : public Kernel {
 public:
  Join(const Node& node, const LowerContext& context) {
    int64_t begin = 0;
    for (const ValueId id : node.inputs) {
      const int64_t size = context.graph.shape(id).back();
      parts_.emplace_back(Columns(id, context, size, 0),
                          Columns(node.outputs[0], context, size, begin));
      begin += size;
    }
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (const auto& [from, to] : parts_) copy(run, from, to, begin, end);
  }

 private:
  std::vector<std::pair<Columns, Columns>> parts_;
};

class Cut : public Kernel {
 public:
  Cut(const Node& node, const LowerContext& context)
      : from_(node.inputs[0], context, node.integer("size"), node.integer("begin")),
        to_(node.outputs[0], context, node.integer("size"), 0) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    copy(run, from_, to_, begin, end);
  }

 private:
  const Columns from_, to_;
};

bool in_rows(const LowerContext& context, ValueId id) {
  return is_batched(context.graph.shape(id)) && context.storage(id).layout == Layout::rows;
}

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  const auto fits = [&](ValueId id) { return in_rows(context, id); };
  return node.op == &kOperator() && std::all_of(node.inputs.begin(), node.inputs.end(), fits) &&
         fits(node.outputs[0]);
}

}  // namespace

std::span<const KernelRow> join_kernels() {
  static const KernelRow rows[] = {
      {"join", accepts<op::concatenate>, by_rows, make<Join>},
      {"cut", accepts<op::slice>, by_rows, make<Cut>},
  };
  return rows;
}

}  // namespace sinapse
