#include "cpu/sequence_slices.h"

namespace sinapse {

SequencePlaces places_of_cell(const Node& node, const LowerContext& context) {
  using namespace recurrent_weights;
  RecurrentSizes sizes = recurrent_sizes(node, context.graph.shape(node.inputs[x]));
  const int64_t rows = context.graph.shape(node.inputs[d_input])[2] / sizes.directions;
  const int64_t gates = rows / sizes.units;
  sizes.kind = gates == 1   ? RecurrentKind::rnn
               : gates == 3 ? RecurrentKind::gru
                            : RecurrentKind::lstm;
  const auto input = [&](Input i) { return OptionalStorage::of(node.inputs, i, context); };
  const auto output = [&](size_t i) { return OptionalStorage::of(node.outputs, i, context); };
  return {.sizes = sizes,
          .x = context.storage(node.inputs[x]),
          .d_input = context.storage(node.inputs[d_input]),
          .d_recurrent = context.storage(node.inputs[d_recurrent]),
          .y = input(y),
          .kept = input(kept),
          .lengths = input(lengths),
          .initial_h = input(initial_h),
          .mask = input(mask),
          .dw = output(0),
          .dr = output(1),
          .db = output(2)};
}

SequencePlaces places_of_steps(const Node& node, const LowerContext& context) {
  const Shape& x_shape = context.graph.shape(node.inputs[0]);
  const Storage& dy = context.storage(node.inputs[1]);
  return {.sizes = {.time = x_shape[1],
                    .inputs = x_shape[2],
                    .units = context.graph.shape(node.inputs[1])[2]},
          .x = context.storage(node.inputs[0]),
          .d_input = dy,
          .d_recurrent = dy,
          .dw = OptionalStorage::of(node.outputs, 0, context),
          .db = OptionalStorage::of(node.outputs, 1, context)};
}

SequenceSlices::Slice SequenceSlices::slice(int64_t index) const {
  const int64_t panel = index % w_.count(), part = index / w_.count();
  const int64_t total = r_.depth + w_.depth;
  const int64_t height = (total + num_parts() - 1) / num_parts(), begin = part * height;
  const auto cut = [&](const Panels& panels, int64_t shift) {
    const int64_t first = std::clamp<int64_t>(begin - shift, 0, panels.depth);
    const int64_t last = std::clamp<int64_t>(begin + height - shift, 0, panels.depth);
    const int64_t width = panels.width(panel);
    return Part{first, last, width, panels.offset(panel) + first * width};
  };
  return {panel, cut(r_, 0), cut(w_, r_.depth), part == 0};
}

std::vector<SequenceSlices::Segment> SequenceSlices::segments(int64_t panel) const {
  const int64_t first = panel * kPanelWidth, rows = sizes_.gate_rows();
  const int64_t last = std::min(first + kPanelWidth, columns_);
  std::vector<Segment> all;
  for (int64_t c = first; c < last;) {
    const int64_t direction = c / rows, candidate = direction * rows + 2 * sizes_.units;
    const bool reset = has_reset_ && c >= candidate;
    const int64_t end = has_reset_ && !reset ? candidate : (direction + 1) * rows;
    all.push_back({c - first, std::min(end, last) - first, direction, reset});
    c = end;
  }
  return all;
}

}  // namespace sinapse
