// The reference kernels of ops/ inside a plan: the last resort for every operator and layout of
// rows. Operators whose outputs are all batched run row by row in tiles, the others on the batch.
#include <algorithm>

#include "cpu/kernels.h"

namespace sinapse {

namespace {

bool works_by_rows(const Node& node, const Graph& graph) {
  return !node.outputs.empty() &&
         std::all_of(node.outputs.begin(), node.outputs.end(),
                     [&](ValueId id) { return is_batched(graph.shape(id)); });
}

class ReferenceKernel : public Kernel {
 public:
  ReferenceKernel(const Node& node, const LowerContext& context)
      : graph_(context.graph), node_(node), by_rows_(works_by_rows(node, context.graph)) {
    for (const ValueId id : node.inputs) inputs_.push_back(place(id, context));
    for (const ValueId id : node.outputs) outputs_.push_back(place(id, context));
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (!by_rows_) begin = 0, end = run.rows;
    std::vector<View<float>> inputs, outputs;
    for (const Place& place : inputs_) inputs.push_back(view(place, run, begin, end));
    for (const Place& place : outputs_) outputs.push_back(view(place, run, begin, end));
    node_.op->reference32({graph_, node_, inputs, outputs, run.state, begin, run.rows});
  }

 private:
  struct Place {
    Storage storage;
    bool present = false;
    bool batched = false;
  };

  static Place place(ValueId id, const LowerContext& context) {
    if (id == kNoValue) return {};
    return {context.storage(id), true, is_batched(context.graph.shape(id))};
  }

  static View<float> view(const Place& place, const Run& run, int64_t begin, int64_t end) {
    if (!place.present) return {};
    const Storage& storage = place.storage;
    if (!place.batched) return {run.data(storage), 1, storage.columns, storage.columns};
    return {run.row(storage, begin), end - begin, storage.columns, storage.stride};
  }

  // A copy: the program's graph moves into the plan once the kernels are made.
  const Graph graph_;
  const Node node_;
  const bool by_rows_;
  std::vector<Place> inputs_, outputs_;
};

bool accepts(const Node& node, const LowerContext& context) {
  if (!node.op->reference32) return false;
  const auto plain = [&](ValueId id) {
    return id == kNoValue || context.storage(id).layout == Layout::rows;
  };
  return std::all_of(node.inputs.begin(), node.inputs.end(), plain) &&
         std::all_of(node.outputs.begin(), node.outputs.end(), plain);
}

Parallel parallel(const Node& node, const LowerContext& context) {
  return works_by_rows(node, context.graph) ? Parallel::rows : Parallel::slices;
}

std::unique_ptr<Kernel> make(const Node& node, const LowerContext& context) {
  return std::make_unique<ReferenceKernel>(node, context);
}

}  // namespace

std::span<const KernelRow> reference_kernels() {
  static const KernelRow rows[] = {{"reference", accepts, parallel, make}};
  return rows;
}

}  // namespace sinapse
