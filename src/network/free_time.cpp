#include "network/free_time.h"

#include <algorithm>
#include <set>

#include "ops/context.h"
#include "ops/mask_steps.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

bool is_recurrent(const Node& node) {
  return node.op == &op::rnn() || node.op == &op::lstm() || node.op == &op::gru();
}

namespace {

// Whether a row of numbers is nothing but indices that an embedding makes vectors, a step each.
bool are_indices_of_steps(const Graph& graph, ValueId input) {
  const Shape& shape = graph.shape(input);
  if (shape.size() != 2 || shape[1] == 1) return false;
  bool embedded = false;
  for (const Node& node : graph.nodes()) {
    if (std::find(node.inputs.begin(), node.inputs.end(), input) == node.inputs.end()) continue;
    embedded = embedded || node.op == &op::embedding();
    if (node.op != &op::embedding() && node.op != &op::sequence_lengths()) return false;
  }
  return embedded;
}

}  // namespace

bool has_free_time(const NetworkGraph& network) {
  const Graph& graph = network.graph;
  const Operator* const step_by_step[] = {&op::activate(),    &op::layer_normalization(),
                                          &op::add(),         &op::subtract(),
                                          &op::multiply(),    &op::divide(),
                                          &op::affine(),      &op::softmax(),
                                          &op::log_softmax(), &op::positions()};
  std::set<ValueId> free;
  for (const ValueId input : network.inputs) {
    if (graph.shape(input).size() == 3 || are_indices_of_steps(graph, input)) free.insert(input);
  }
  if (free.empty()) return false;
  for (const Node& node : graph.nodes()) {
    const auto is_free = [&](ValueId id) { return free.contains(id); };
    if (std::none_of(node.inputs.begin(), node.inputs.end(), is_free)) continue;
    // These give one vector for all steps, or the free axis on.
    const bool recurrent = is_recurrent(node) || node.op == &op::context() ||
                           node.op == &op::pool_steps() || node.op == &op::sequence_lengths();
    const bool weighted = node.op == &op::steps_product() || node.op == &op::attention() ||
                          node.op == &op::embedding() || node.op == &op::mask_steps();
    if (!recurrent && !weighted &&
        std::find(std::begin(step_by_step), std::end(step_by_step), node.op) ==
            std::end(step_by_step)) {
      return false;
    }
    const bool fits_any_time = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
      return id == kNoValue || is_free(id) || recurrent || weighted || graph.shape(id).size() == 1;
    });
    if (!fits_any_time) return false;
    const Shape& y = graph.shape(node.outputs.front());
    if (y.size() == 3) free.insert(node.outputs.front());
  }
  return true;
}

bool goes_row_by_row(const NetworkGraph& network) {
  // These look at all steps at once, or at where a step stands.
  const Operator* const looks_around[] = {&op::attention(), &op::positions(), &op::pool_steps(),
                                          &op::sequence_lengths()};
  const auto& nodes = network.graph.nodes();
  return has_free_time(network) && std::all_of(nodes.begin(), nodes.end(), [&](const Node& node) {
           if (is_recurrent(node)) return node.text("direction") == "forward";
           return std::find(std::begin(looks_around), std::end(looks_around), node.op) ==
                  std::end(looks_around);
         });
}

std::vector<StatePlace> state_places(const Node& node) {
  if (is_recurrent(node)) {
    std::vector<StatePlace> places{{recurrent::initial_h, 1}};
    if (node.op == &op::lstm()) places.push_back({recurrent::initial_c, 2});
    return places;
  }
  if (node.op == &op::context()) return {{context::initial, 2}};
  return {};
}

}  // namespace sinapse
