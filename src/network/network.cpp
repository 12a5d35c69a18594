#include "network/network.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fnmatch.h>

#include <sinapse/error.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/layers.h"
#include "network/costs.h"
#include "network/fields.h"

namespace sinapse {

namespace {

constexpr int64_t kMaxRow = int64_t{1} << 31;  // values a layer may give for one row

class NetworkBuilder {
 public:
  NetworkBuilder(const std::vector<InputDescription>& inputs, bool training,
                 const LayerPatterns& frozen)
      : frozen_(frozen) {
    state_.training = training;
    for (const InputDescription& input : inputs) {
      const Shape shape = batched(input.row_shape);
      const ValueId id = state_.graph.add_input(input.name, shape);
      result_.inputs.push_back(id);
      tensors_[input.name] = {id, shape};
      input_names_.push_back(input.name);
    }
  }

  void add(const LayerDescription& description) {
    if (tensors_.contains(description.name)) {
      throw Error(ErrorCode::model,
                  fmt::format("Two layers or inputs are named \"{}\".", description.name));
    }
    auto layer = make_layer(description.type);
    set_fields(*layer, description);
    const std::vector<std::string> names = input_names(description, *layer);
    std::vector<Tensor> inputs;
    for (const std::string& name : names) inputs.push_back(find(name, description));
    state_.layer = description.name;
    state_.frozen = is_frozen(description.name);
    const size_t first_parameter = state_.parameters.size();
    const size_t first_node = state_.graph.nodes().size();
    Builder builder(state_);
    const Tensor output = layer->build(builder, inputs);
    check_size(description, output);
    tensors_[description.name] = output;
    order_.push_back(description.name);
    summarize(description, *layer, names, output, first_parameter, first_node);
  }

  NetworkGraph finish() {
    require_all_matched();
    result_.output = tensors_.at(order_.back()).id;
    state_.graph.set_outputs({result_.output});
    result_.graph = std::move(state_.graph);
    result_.parameters = std::move(state_.parameters);
    return std::move(result_);
  }

 private:
  std::vector<std::string> input_names(const LayerDescription& description, const Layer& layer) {
    std::vector<std::string> names = description.inputs;
    if (names.empty() && !order_.empty()) names = {order_.back()};
    if (names.empty()) names = input_names_;
    if (names.size() != 1 && !layer.takes_several_inputs()) {
      throw Error(ErrorCode::model,
                  fmt::format("{} \"{}\" takes one input, but is given {}. Join them with a "
                              "concatenate or add layer.",
                              description.type, description.name, names.size()));
    }
    return names;
  }

  bool is_frozen(const std::string& layer) {
    bool found = false;
    for (const std::string& pattern : frozen_) {
      if (::fnmatch(pattern.c_str(), layer.c_str(), 0) != 0) continue;
      matched_.insert(pattern);
      found = true;
    }
    return found;
  }

  void require_all_matched() const {
    for (const std::string& pattern : frozen_) {
      if (matched_.contains(pattern)) continue;
      throw Error(ErrorCode::usage, fmt::format("freeze: no layer is named \"{}\".{}", pattern,
                                                did_you_mean(pattern, order_)));
    }
  }

  const Tensor& find(const std::string& name, const LayerDescription& asking) const {
    const auto found = tensors_.find(name);
    if (found != tensors_.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [key, tensor] : tensors_) known.push_back(key);
    throw Error(ErrorCode::model,
                fmt::format("{} \"{}\": no layer or input before it is named \"{}\".{}",
                            asking.type, asking.name, name, did_you_mean(name, known)));
  }

  // Joining a value with itself doubles it: a short description could ask for any amount of memory.
  void check_size(const LayerDescription& description, const Tensor& output) {
    if (row_size(output.shape) <= kMaxRow) return;
    throw Error(ErrorCode::model,
                fmt::format("{} \"{}\" gives rows of {} values; at most {} are "
                            "possible.",
                            description.type, description.name, row_size(output.shape), kMaxRow));
  }

  void summarize(const LayerDescription& description, Layer& layer,
                 const std::vector<std::string>& inputs, const Tensor& output, size_t first,
                 size_t first_node) {
    LayerSummary summary{.name = description.name,
                         .type = description.type,
                         .inputs = inputs,
                         .output_shape = output.shape,
                         .fields = get_fields(layer)};
    for (size_t n = first_node; n < state_.graph.nodes().size(); ++n) {
      summary.multiply_adds += multiply_adds(state_.graph, state_.graph.nodes()[n]);
    }
    for (size_t p = first; p < state_.parameters.size(); ++p) {
      summary.num_parameters += row_size(state_.parameters[p].shape);
    }
    result_.layers.push_back(std::move(summary));
  }

  BuilderState state_;
  NetworkGraph result_;
  std::map<std::string, Tensor> tensors_;
  std::vector<std::string> order_, input_names_;
  const LayerPatterns& frozen_;
  std::set<std::string> matched_;
};

}  // namespace

int64_t LayerSummary::bytes() const {
  return static_cast<int64_t>(sizeof(float)) * (num_parameters + row_size(output_shape));
}

int64_t NetworkGraph::num_parameters() const {
  int64_t count = 0;
  for (const ParameterInfo& info : parameters) count += info.trainable ? row_size(info.shape) : 0;
  return count;
}

NetworkDescription with_names(NetworkDescription description) {
  std::set<std::string> taken;
  for (const LayerDescription& layer : description.layers) taken.insert(layer.name);
  std::map<std::string, int> counts;
  for (LayerDescription& layer : description.layers) {
    while (layer.name.empty()) {
      const std::string name = fmt::format("{}{}", layer.type, ++counts[layer.type]);
      if (taken.insert(name).second) layer.name = name;
    }
  }
  return description;
}

NetworkGraph build_network(const NetworkDescription& description,
                           const std::vector<InputDescription>& inputs, bool training,
                           const LayerPatterns& frozen) {
  if (description.layers.empty()) throw Error(ErrorCode::model, "The network has no layers.");
  NetworkBuilder builder(inputs, training, frozen);
  for (const LayerDescription& layer : with_names(description).layers) builder.add(layer);
  return builder.finish();
}

NetworkDescription dense_network(const std::vector<int64_t>& hidden, const std::string& activation,
                                 int64_t num_outputs) {
  NetworkDescription network;
  for (const int64_t units : hidden) {
    network.layers.push_back({"dense", "", {}, {{"units", units}, {"activation", activation}}});
  }
  network.layers.push_back({"dense", "output", {}, {{"units", num_outputs}}});
  return network;
}

}  // namespace sinapse
