#include "cpu/plan_cases.h"

namespace sinapse {

namespace {

constexpr int64_t kWidths[] = {1, 3, 10, 16, 17, 63, 64, 65, 100, 130, 512};
constexpr int64_t kBatches[] = {1, 2, 5, 31, 32, 33, 64, 100, 129, 300};
constexpr const char* kActivations[] = {"relu",
                                        "tanh",
                                        "gelu",
                                        "identity",
                                        "sigmoid",
                                        "elu",
                                        "leaky_relu(alpha=0.1)",
                                        "leaky_relu(alpha=-0.1)",
                                        "swish",
                                        "rrelu",
                                        "softmax",
                                        "relu6"};
// A large epsilon: rounding errors of gradients near 0 would else move weights by whole steps.
constexpr const char* kOptimizers[] = {"sgd",
                                       "sgd(weight_decay=0.1)",
                                       "momentum",
                                       "nesterov(weight_decay=0.1)",
                                       "adam(epsilon=0.01)",
                                       "adamw(epsilon=0.01,weight_decay=0.1)",
                                       "adagrad(epsilon=0.01)",
                                       "adadelta(epsilon=0.01)",
                                       "rmsprop(epsilon=0.1,centered=true,momentum=0.5)",
                                       "adamax(epsilon=0.01)",
                                       "nadam(epsilon=0.01)",
                                       "radam",
                                       "amsgrad(epsilon=0.01)"};

struct Loss {
  const char* name;
  int64_t outputs;
};
constexpr Loss kLosses[] = {{"mean_squared_error", 1},       {"mean_squared_error", 3},
                            {"binary_crossentropy", 1},      {"binary_crossentropy", 2},
                            {"categorical_crossentropy", 2}, {"categorical_crossentropy", 10},
                            {"categorical_crossentropy", 65}};

template <class T, size_t N>
const T& pick(const T (&choices)[N], size_t i) {
  return choices[i % N];
}

// What may stand between two dense layers.
void add_extra(size_t i, std::vector<LayerDescription>& layers) {
  switch (i % 6) {
    case 0:
      return layers.push_back(layer("batch_normalization"));
    case 1:
      return layers.push_back(layer("layer_normalization"));
    case 2:
      return layers.push_back(layer("dropout", {{"rate", 0.3}}));
    case 3:
      return layers.push_back(layer("prelu", {{"shared", i % 4 == 1}}));
    default:
      return;
  }
}

// Three steps, the last one on a part of a batch.
std::vector<int64_t> batches_of(int64_t rows) {
  return {rows, rows, (rows + 1) / 2};
}

// Neighbouring primes walk through all combinations of two choices; the rest is mixed in.
PlanCase grid_case(size_t i) {
  const Loss loss = pick(kLosses, i);
  const int64_t inputs = pick(kWidths, 3 * i), hidden = pick(kWidths, i),
                second = pick(kWidths, 7 * i + 2);
  int64_t rows = pick(kBatches, i / 11 + 3 * i);
  while (rows > 2 && rows * (inputs * hidden + hidden * second) > 6'000'000) rows /= 2;
  PlanCase tested{.inputs = {{"x", {inputs}}},
                  .loss = loss.name,
                  .optimizer = pick(kOptimizers, i + i / 7),
                  .batches = batches_of(rows),
                  .max_rows = rows + (i % 3 == 0 ? 7 : 0)};
  auto& layers = tested.network.layers;
  layers.push_back(dense(hidden, pick(kActivations, i)));
  add_extra(i / 2, layers);
  layers.push_back(dense(second, pick(kActivations, i + 5)));
  add_extra(i + 1, layers);
  layers.push_back(dense(loss.outputs));
  tested.name = "grid" + std::to_string(i);
  return tested;
}

PlanCase with(std::string name, std::vector<InputDescription> inputs,
              std::vector<LayerDescription> layers, int64_t rows = 33,
              std::string loss = "mean_squared_error", std::string optimizer = "momentum") {
  return {std::move(name),
          {std::move(layers)},
          std::move(inputs),
          std::move(loss),
          std::move(optimizer),
          batches_of(rows),
          rows};
}

// One weight and one bias in two products.
struct TiedProducts {
  static constexpr std::string_view type = "test_tied_products";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const {
    const int64_t n = x.shape[1];
    const Tensor weight = b.parameter("weight", {n, n}, "glorot_uniform");
    const Tensor bias = b.parameter("bias", {n}, "zeros");
    return b.product(b.activate(b.product(x, weight, bias), "tanh"), weight, bias);
  }
};

LayerDescription constrained(int64_t units, std::string constraint, double l1 = 0) {
  return layer("dense",
               {{"units", units}, {"kernel_constraint", std::move(constraint)}, {"l1", l1}});
}

LayerDescription held_back(LayerDescription layer, const std::string& constraint) {
  layer.fields["l1"] = 0.002;
  layer.fields["l2"] = 0.01;
  layer.fields["kernel_constraint"] = constraint;
  if (layer.type == "lstm" || layer.type == "gru" || layer.type == "rnn") {
    layer.fields["recurrent_constraint"] = constraint;
  } else {
    layer.fields["bias_initializer"] = std::string("constant(0.1)");
  }
  return layer;
}

// Penalties and constraints on other weights than those of dense layers.
std::vector<PlanCase> held_back_cases() {
  const auto convolution = [](const char* type, int64_t filters, const char* constraint,
                              int64_t groups = 1) {
    return held_back(layer(type, {{"filters", filters},
                                  {"groups", groups},
                                  {"padding", std::string("same")},
                                  {"activation", std::string("relu")}}),
                     constraint);
  };
  const auto sequences = [](const char* type, int64_t units, const char* constraint) {
    LayerDescription made = layer(type, {{"units", units}});
    if (type != std::string("dense_per_step")) made.fields["return_sequences"] = true;
    return held_back(std::move(made), constraint);
  };
  return {
      with("held_back_convolutions", {{"x", {16, 8, 9}}},
           {convolution("conv2d", 32, "max_norm(0.9)"), convolution("conv2d", 16, "non_negative"),
            convolution("conv", 6, "unit_norm", 2), convolution("conv_transpose", 4, "max_norm(1)"),
            convolution("separable_conv", 5, "max_norm(0.8)"), layer("global_average_pool"),
            dense(3)},
           9),
      with("held_back_sequences", {{"x", {5, 3}}},
           {sequences("dense_per_step", 20, "max_norm(0.9)"),
            sequences("lstm", 21, "max_norm(0.7)"), sequences("gru", 18, "unit_norm"),
            sequences("rnn", 20, "non_negative"), layer("flatten"), dense(2)},
           13),
  };
}

// Wide and narrow weights with everything that may happen around their update.
std::vector<PlanCase> update_cases() {
  static const bool registered = (register_layer<TiedProducts>(), true);
  static_cast<void>(registered);
  const auto ruled = [](std::string name, UpdateRules rules, std::string optimizer) {
    PlanCase tested = with(std::move(name), {{"x", {70}}},
                           {constrained(130, "max_norm(1.1)", 0.01), dense(70, "tanh"),
                            constrained(20, "non_negative"), constrained(3, "unit_norm")},
                           33, "mean_squared_error", std::move(optimizer));
    tested.rules = rules;
    return tested;
  };
  return {
      ruled("constraints", {}, "momentum"),
      ruled("penalties", {.l1 = 0.01, .l2 = 0.1}, "sgd"),
      ruled("clip_norm", {.clip_norm = 0.05}, "momentum"),
      ruled("clip_value", {.clip_value = 0.003}, "momentum"),
      ruled("accumulate", {.accumulate = true}, "momentum"),
      ruled("average", {.average = true}, "adam(epsilon=0.01)"),
      ruled("all_rules",
            {.l1 = 0.01,
             .l2 = 0.1,
             .clip_norm = 0.1,
             .clip_value = 0.01,
             .accumulate = true,
             .average = true},
            "adamw(epsilon=0.01)"),
      with("tied", {{"x", {20}}}, {layer("test_tied_products"), dense(2)}),
      with("tied_wide", {{"x", {70}}}, {dense(70, "relu"), layer("test_tied_products"), dense(2)}),
      with("tied_narrow", {{"x", {3}}}, {dense(3, "relu"), layer("test_tied_products"), dense(2)}),
      with("realmlp", {{"x", {9}}},
           {layer("scaling", {{"factor", 20.0}}), dense(40),
            layer("parametric_activation", {{"factor", 0.1}}), dense(20),
            layer("parametric_activation", {{"activation", std::string("relu")}}), dense(2)}),
      with("labels_with_weights", {{"x", {9}}}, {dense(20), dense(2)}, 33,
           "binary_crossentropy weighted 1, 3, 0.5, 2"),
      with("periodic", {{"x", {9}}},
           {layer("periodic_embedding", {{"deviation", 0.5}}), dense(20, "relu"), dense(2)}),
      with("periodic_one", {{"x", {1}}},
           {layer("periodic_embedding", {{"dimension", int64_t{17}}, {"frequencies", int64_t{5}}}),
            dense(2)}),
      with("alpha_dropout", {{"x", {6}}}, {dense(20, "selu"), layer("alpha_dropout"), dense(2)}),
      with("gaussian_dropout", {{"x", {6}}}, {dense(20), layer("gaussian_dropout"), dense(2)}),
  };
}

LayerDescription cell(std::string type, int64_t units, std::string direction,
                      std::map<std::string, FieldValue> fields = {}) {
  fields.emplace("units", units);
  fields.emplace("direction", std::move(direction));
  return layer(std::move(type), std::move(fields));
}

// Units whose gates begin in the midst of a vector or a panel, single inputs, many rows.
std::vector<PlanCase> recurrent_cases() {
  const std::map<std::string, FieldValue> all{{"return_sequences", true}};
  auto peepholes = all;
  peepholes["peepholes"] = true;
  auto reset_before = all;
  reset_before["reset_after"] = false;
  return {
      with("recurrent_lstm", {{"x", {7, 5}}}, {cell("lstm", 16, "forward"), dense(2)}, 53),
      with("recurrent_lstm_stacked", {{"x", {3, 20}}},
           {cell("lstm", 33, "bidirectional", peepholes), cell("lstm", 70, "reverse"), dense(2)},
           9),
      with("recurrent_gru", {{"x", {6, 1}}}, {cell("gru", 64, "forward"), dense(2)}, 17),
      with("recurrent_gru_stacked", {{"x", {4, 3}}},
           {cell("gru", 21, "bidirectional", all), cell("gru", 5, "reverse", all), layer("flatten"),
            dense(2)},
           13),
      with("recurrent_gru_reset_before", {{"x", {5, 3}}},
           {cell("gru", 21, "bidirectional", reset_before),
            cell("gru", 65, "forward", {{"reset_after", false}}), dense(2)},
           13),
      with(
          "recurrent_rnn", {{"x", {5, 3}}},
          {cell("rnn", 70, "bidirectional",
                {{"return_sequences", true}, {"activation", std::string("leaky_relu(alpha=0.1)")}}),
           cell("rnn", 9, "reverse"), dense(2)},
          50),
      with("recurrent_lengths", {{"x", {5, 3}}, {"index", {1}}},
           {layer("gru",
                  {{"units", int64_t{21}},
                   {"direction", std::string("bidirectional")},
                   {"reset_after", false},
                   {"return_sequences", true}},
                  {"x", "index"}, "a"),
            layer("lstm",
                  {{"units", int64_t{18}},
                   {"direction", std::string("reverse")},
                   {"num_layers", int64_t{2}},
                   {"dropout", 0.2}},
                  {"a", "index"}),
            dense(2)},
           21),
      with("transformer", {{"x", {9, 4}}, {"index", {1}}},
           {layer("dense_per_step", {{"units", int64_t{20}}}, {"x"}),
            layer("positional_encoding", {}, {}, "e"),
            layer("transformer_encoder", {{"heads", int64_t{2}}}, {"e", "index"}, "t"),
            layer("sequence_pool", {}, {"t", "index"}), dense(2)},
           15),
      with("tokens", {{"index", {6}}},
           {layer("embedding", {{"categories", int64_t{7}}, {"dimension", int64_t{12}}}),
            layer("transpose"), layer("conv", {{"filters", int64_t{8}}}), layer("transpose"),
            layer("layer_normalization"), layer("rnn", {{"units", int64_t{20}}}), dense(2)},
           15),
      with("context_neurons", {{"x", {5, 3}}},
           {layer("context", {{"units", int64_t{20}}, {"decay", 0.5}, {"return_sequences", true}}),
            layer(
                "context",
                {{"kind", std::string("jordan")}, {"units", int64_t{18}}, {"outputs", int64_t{3}}}),
            dense(2)},
           9),
      with("recurrent_dropout", {{"x", {5, 3}}, {"index", {1}}},
           {layer("lstm",
                  {{"units", int64_t{21}},
                   {"direction", std::string("bidirectional")},
                   {"num_layers", int64_t{2}},
                   {"recurrent_dropout", 0.3},
                   {"return_sequences", true}},
                  {"x", "index"}, "a"),
            layer("gru", {{"units", int64_t{18}}, {"recurrent_dropout", 0.2}}, {"a", "index"}),
            dense(2)},
           21),
      with("recurrent_dropout_reset_before", {{"x", {5, 3}}},
           {cell("gru", 21, "reverse", {{"reset_after", false}, {"recurrent_dropout", 0.3}}),
            dense(2)},
           9),
      with("recurrent_pieces", {{"x", {7, 3}}, {"index", {1}}},
           {layer("lstm",
                  {{"units", int64_t{21}},
                   {"direction", std::string("bidirectional")},
                   {"bptt_steps", int64_t{2}},
                   {"return_sequences", true}},
                  {"x", "index"}, "a"),
            layer("rnn",
                  {{"units", int64_t{18}},
                   {"bptt_steps", int64_t{3}},
                   {"recurrent_dropout", 0.2},
                   {"return_sequences", true}},
                  {"a", "index"}, "b"),
            layer("context", {{"units", int64_t{6}}, {"decay", 0.3}, {"bptt_steps", int64_t{2}}},
                  {"b", "index"}),
            dense(2)},
           21),
      with("recurrent_narrow", {{"x", {5, 3}}}, {cell("rnn", 3, "forward"), dense(2)}, 5),
  };
}

std::vector<PlanCase> special_cases() {
  const std::vector<InputDescription> x{{"x", {6}}};
  return {
      with("linear", x, {dense(1)}),
      with("one_to_one", {{"x", {1}}}, {dense(1)}, 300),
      with("batch_normalization_first", x, {layer("batch_normalization"), dense(2)}),
      with("layer_normalization_first", x, {layer("layer_normalization"), dense(2)}),
      with("dropout_first", x, {layer("dropout"), dense(2)}),
      with("activation_first", x,
           {layer("activation", {{"activation", std::string("tanh")}}), dense(2)}),
      with("convolutions", {{"x", {8, 9}}},
           {layer("conv2d", {{"filters", int64_t{5}}, {"activation", std::string("relu")}}),
            layer("max_pool"), layer("batch_normalization"),
            layer("separable_conv", {{"filters", int64_t{3}}, {"padding", std::string("same")}}),
            layer("global_average_pool"), dense(3)},
           17, "categorical_crossentropy", "adam(epsilon=0.01)"),
      with("residual_blocks", {{"x", {2, 6, 5}}},
           {layer("residual_block", {{"filters", int64_t{4}}, {"stride", int64_t{2}}}),
            layer("inverted_residual", {{"filters", int64_t{4}}, {"expansion", int64_t{2}}}),
            layer("squeeze_excitation", {{"ratio", int64_t{2}}}), layer("spatial_dropout"),
            layer("global_average_pool"), dense(3)},
           17, "categorical_crossentropy", "adam(epsilon=0.01)"),
      with("spatial_axes", {{"x", {2, 5, 7}}},
           {layer("conv", {{"filters", int64_t{4}}}),
            layer("adaptive_max_pool", {{"output_size", std::vector<int64_t>{2, 3}}}),
            layer("group_normalization", {{"groups", int64_t{2}}}), layer("prelu"),
            layer("up_sampling", {{"interpolation", std::string("linear")}}), layer("zero_padding"),
            layer("instance_normalization"), layer("cropping"),
            layer("adaptive_average_pool", {{"output_size", std::vector<int64_t>{3}}}),
            layer("flatten"), dense(3)},
           17, "categorical_crossentropy", "adam(epsilon=0.01)"),
      with("recurrent", {{"x", {5, 3}}},
           {layer("lstm", {{"units", int64_t{6}}, {"return_sequences", true}}),
            layer("gru", {{"units", int64_t{5}}, {"direction", std::string("bidirectional")}}),
            dense(2)},
           17),
      with("prelu_last", x, {dense(3), layer("prelu")}),
      with("batch_normalization_last", x, {dense(3), layer("batch_normalization")}),
      with("activation_last", x, {dense(3, "sigmoid")}),
      with("softmax_last", x, {dense(3, "softmax")}),
      with("nothing_but_a_norm", x, {layer("layer_normalization")}),
      with("embedding", {{"x", {4}}, {"index", {1}}},
           {layer("embedding", {{"categories", int64_t{7}}, {"dimension", int64_t{3}}}, {"index"},
                  "e"),
            layer("concatenate", {}, {"x", "e"}), dense(20, "relu"), dense(2)}),
      with("embedding_alone", {{"index", {1}}},
           {layer("embedding", {{"categories", int64_t{5}}, {"dimension", int64_t{17}}}), dense(2)},
           100),
      with("two_embeddings_of_one_input", {{"index", {1}}},
           {layer("embedding", {{"categories", int64_t{7}}, {"dimension", int64_t{3}}}, {"index"},
                  "a"),
            layer("embedding", {{"categories", int64_t{7}}, {"dimension", int64_t{3}}}, {"index"},
                  "b"),
            layer("add", {}, {"a", "b"}), dense(2)}),
      with("residual", x,
           {dense(6, "relu"),
            layer("dense", {{"units", int64_t{6}}, {"activation", std::string("relu")}}, {}, "d"),
            layer("add", {}, {"d", "x"}), dense(2)}),
      with("add_to_itself", x,
           {layer("dense", {{"units", int64_t{6}}}, {}, "d"), layer("add", {}, {"d", "d"}),
            dense(2)}),
      with(
          "shared_input", x,
          {layer("dense", {{"units", int64_t{70}}, {"activation", std::string("relu")}}, {"x"},
                 "a"),
           layer("dense", {{"units", int64_t{5}}, {"activation", std::string("tanh")}}, {"x"}, "b"),
           layer("concatenate", {}, {"a", "b", "x", "a"}), dense(2)}),
      with("two_readers_of_a_hidden_layer", x,
           {layer("dense", {{"units", int64_t{7}}, {"activation", std::string("gelu")}}, {}, "h"),
            layer("dense", {{"units", int64_t{3}}}, {"h"}, "a"),
            layer("dense", {{"units", int64_t{3}}}, {"h"}, "b"), layer("add", {}, {"a", "b"})}),
      with("unused_layer", x,
           {layer("dense", {{"units", int64_t{7}}}, {"x"}, "nobody_reads_it"),
            layer("dense", {{"units", int64_t{2}}}, {"x"}, "output")}),
      with("images", {{"x", {4, 6}}},
           {layer("batch_normalization"), layer("prelu"), layer("flatten"), dense(5, "relu"),
            layer("reshape", {{"shape", std::vector<int64_t>{5, 1}}}), layer("layer_normalization"),
            layer("flatten"), dense(2)}),
      with("reshapes", {{"x", {24}}},
           {layer("reshape", {{"shape", std::vector<int64_t>{2, -1}}}), layer("flatten"), dense(6),
            layer("reshape", {{"shape", std::vector<int64_t>{2, 3}}}),
            layer("activation", {{"activation", std::string("softmax")}}), layer("flatten"),
            dense(2)},
           129),
      with("without_bias", x,
           {layer("dense", {{"units", int64_t{9}}, {"use_bias", false}}),
            layer("dense", {{"units", int64_t{2}}, {"use_bias", false}})}),
      with("deep", x,
           {dense(8, "tanh"), dense(8, "tanh"), dense(8, "tanh"), dense(8, "tanh"),
            dense(8, "tanh"), dense(8, "tanh"), dense(8, "tanh"), dense(2)},
           64),
      with("wide", {{"x", {784}}}, {dense(130, "relu"), dense(10)}, 40, "categorical_crossentropy",
           "adam(epsilon=0.01)"),
  };
}

}  // namespace

std::vector<PlanCase> plan_cases() {
  constexpr size_t kNumGridCases = 110;
  std::vector<PlanCase> all = special_cases();
  const std::vector<PlanCase> updates = update_cases(), recurrent = recurrent_cases(),
                              held_back = held_back_cases();
  all.insert(all.end(), recurrent.begin(), recurrent.end());
  all.insert(all.end(), updates.begin(), updates.end());
  all.insert(all.end(), held_back.begin(), held_back.end());
  for (size_t i = 0; i < kNumGridCases; ++i) all.push_back(grid_case(i));
  return all;
}

}  // namespace sinapse
