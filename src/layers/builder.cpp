// Builder: operators with a layer's name on them.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>
#include <sinapse/initializer.h>

#include "data/philox.h"
#include "layers/builder_state.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// Far more than any machine holds, and products of sizes stay within 64 bits.
constexpr int64_t kMostElements = int64_t{1} << 40;

void check_parameter(const BuilderState& state, const std::string& name, const Shape& shape) {
  int64_t elements = 1;
  if (shape.empty()) {
    throw Error(ErrorCode::model, fmt::format("layer \"{}\": the parameter \"{}\" has no axis; a "
                                              "single number has the shape [1].",
                                              state.layer, name));
  }
  for (const int64_t size : shape) {
    if (size >= 1 && size <= kMostElements / elements) {
      elements *= size;
      continue;
    }
    throw Error(ErrorCode::model,
                fmt::format("layer \"{}\": the parameter \"{}\" cannot have the shape {}: {}.",
                            state.layer, name, to_string(shape),
                            size < 1 ? "sizes must be at least 1" : "it is too large"));
  }
}

// A row's shape with the size that is left open, -1, filled in.
Shape completed(const BuilderState& state, const Tensor& x, Shape row) {
  const int64_t wanted = row_size(x.shape);
  int64_t known = 1;
  int64_t* open = nullptr;
  for (int64_t& size : row) {
    if (size == -1 && open == nullptr) {
      open = &size;
    } else if (size < 1 || size > wanted) {
      throw Error(ErrorCode::model,
                  fmt::format("Reshape \"{}\": [{}] is no shape for a row of {}; sizes must be "
                              "positive, one may be -1, and their product {}.",
                              state.layer, fmt::join(row, ", "), to_string(x.shape), wanted));
    } else {
      known = std::min(known * size, wanted + 1);  // more does not fit, whatever it is
    }
  }
  if (open) *open = std::max<int64_t>(1, wanted / known);
  return row;
}

Tensor add_parameter(BuilderState& state, const std::string& name, Shape shape,
                     const std::string& initializer, bool trainable) {
  check_parameter(state, name, shape);
  check_initializer(initializer, shape);
  const std::string full_name = state.layer + "." + name;
  if (std::any_of(shape.begin(), shape.end(), [](int64_t size) { return size < 1; })) {
    throw Error(ErrorCode::model, fmt::format("\"{}\" cannot have the shape {}: sizes must be at "
                                              "least 1.",
                                              full_name, fmt::join(shape, " x ")));
  }
  for (const ParameterInfo& other : state.parameters) {
    if (other.name == full_name) {
      throw Error(ErrorCode::model,
                  fmt::format("layer \"{}\" makes two parameters named \"{}\"", state.layer, name));
    }
  }
  const ValueId id = trainable ? state.graph.add_parameter(full_name, shape)
                               : state.graph.add_state(full_name, shape);
  state.parameters.push_back({full_name, shape, initializer, trainable && !state.frozen, id});
  return {id, std::move(shape)};
}

}  // namespace

int64_t random_purpose(const BuilderState& state) {
  return purpose_of(fmt::format("{}#{}", state.layer, state.graph.nodes().size()));
}

Tensor append(BuilderState& state, const Operator& op, std::vector<ValueId> inputs,
              Attributes attributes) {
  const ValueId id =
      state.graph.append(op, state.layer, std::move(inputs), std::move(attributes)).front();
  return {id, state.graph.shape(id)};
}

bool Builder::training() const {
  return state_.training;
}

Tensor Builder::parameter(const std::string& name, Shape shape, const std::string& initializer) {
  return add_parameter(state_, name, std::move(shape), initializer, true);
}

Tensor Builder::state(const std::string& name, Shape shape, const std::string& initializer) {
  return add_parameter(state_, name, std::move(shape), initializer, false);
}

Tensor Builder::activate(const Tensor& x, const std::string& text) {
  const Activation activation = parse_activation(text);
  const std::string_view name = activation.definition->name;
  if (name == "identity") return x;
  if (name == "softmax") return append(state_, op::softmax(), {x.id});
  if (name == "log_softmax") return append(state_, op::log_softmax(), {x.id});
  if (activation.definition->random_slope && training()) {
    return append(state_, op::random_leaky_relu(), {x.id},
                  {{"lower", activation.constants[0]},
                   {"upper", activation.constants[1]},
                   {"purpose", random_purpose(state_)}});
  }
  return append(state_, op::activate(), {x.id}, {{"function", to_string(activation)}});
}

Tensor Builder::prelu(const Tensor& x, bool shared, double initial_slope) {
  if (x.shape.size() < 2) fail(fmt::format("its input {} has no channels", to_string(x.shape)));
  const Shape shape{shared ? 1 : x.shape[1]};
  const Tensor slope = parameter("weight", shape, fmt::format("constant({})", initial_slope));
  return append(state_, op::prelu(), {x.id, slope.id});
}

Tensor Builder::add(const Tensor& a, const Tensor& b) {
  return append(state_, op::add(), {a.id, b.id});
}
Tensor Builder::subtract(const Tensor& a, const Tensor& b) {
  return append(state_, op::subtract(), {a.id, b.id});
}
Tensor Builder::multiply(const Tensor& a, const Tensor& b) {
  return append(state_, op::multiply(), {a.id, b.id});
}
Tensor Builder::divide(const Tensor& a, const Tensor& b) {
  return append(state_, op::divide(), {a.id, b.id});
}
Tensor Builder::affine(const Tensor& x, double scale, double offset) {
  return append(state_, op::affine(), {x.id}, {{"scale", scale}, {"offset", offset}});
}

namespace {

Tensor noise(BuilderState& state, const Operator& op, const char* type, const Tensor& x,
             double rate, int64_t shared = 1) {
  if (!(rate >= 0 && rate < 1)) {
    throw Error(ErrorCode::model, fmt::format("{} \"{}\": rate must be at least 0 and below "
                                              "1, but is {}.",
                                              type, state.layer, rate));
  }
  if (!state.training || rate == 0) return x;
  Attributes attributes{{"rate", rate}, {"purpose", random_purpose(state)}};
  if (shared > 1) attributes["shared"] = shared;
  return append(state, op, {x.id}, attributes);
}

}  // namespace

Tensor Builder::dropout(const Tensor& x, double rate) {
  return noise(state_, op::dropout(), "Dropout", x, rate);
}
Tensor Builder::spatial_dropout(const Tensor& x, double rate) {
  if (x.shape.size() < 3) {
    fail(fmt::format("expects [batch, channels, at least one spatial axis], but its input is {}",
                     to_string(x.shape)));
  }
  return noise(state_, op::dropout(), "SpatialDropout", x, rate, row_size(x.shape) / x.shape[1]);
}
Tensor Builder::alpha_dropout(const Tensor& x, double rate) {
  return noise(state_, op::alpha_dropout(), "AlphaDropout", x, rate);
}
Tensor Builder::gaussian_dropout(const Tensor& x, double rate) {
  return noise(state_, op::gaussian_dropout(), "GaussianDropout", x, rate);
}

Tensor Builder::reshape(const Tensor& x, const Shape& row) {
  return append(state_, op::reshape(), {x.id}, {{"shape", completed(state_, x, row)}});
}

Tensor Builder::concatenate(std::span<const Tensor> tensors) {
  std::vector<ValueId> ids;
  for (const Tensor& tensor : tensors) ids.push_back(tensor.id);
  return ids.size() == 1 ? tensors[0] : append(state_, op::concatenate(), ids);
}

Tensor Builder::embedding(const Tensor& index, int64_t categories, int64_t dimension) {
  if (categories < 1 || dimension < 1) {
    throw Error(ErrorCode::model,
                fmt::format("Embedding \"{}\": categories and dimension must be at "
                            "least 1, but are {} and {}.",
                            state_.layer, categories, dimension));
  }
  const Tensor table = parameter("weight", {categories, dimension}, "normal(0.05)");
  return append(state_, op::embedding(), {table.id, index.id});
}

}  // namespace sinapse
