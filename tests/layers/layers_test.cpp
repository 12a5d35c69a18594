// Every layer type: fields, names, errors, and the gradient of a small network that contains it.
#include "layers/layers.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "compile/interpreter.h"
#include "data/philox.h"
#include "network/expect_words.h"
#include "network/fields.h"
#include "ops/operators.h"
#include "train/training_graph.h"

namespace sinapse {

namespace {

LayerDescription layer(std::string type, std::map<std::string, FieldValue> fields = {},
                       std::vector<std::string> inputs = {}, std::string name = "") {
  return {std::move(type), std::move(name), std::move(inputs), std::move(fields)};
}

LayerDescription dense(int64_t units) {
  return layer("dense", {{"units", units}});
}

// A network in which the layer has weights before and behind it.
struct Example {
  std::string type;
  std::vector<LayerDescription> layers;
  std::vector<InputDescription> inputs{{"x", {4}}};
};

const std::vector<Example>& examples() {
  const auto text = [](const char* value) { return FieldValue(std::string(value)); };
  const auto whole = [](int64_t value) { return FieldValue(value); };
  const auto sizes = [](std::vector<int64_t> values) { return FieldValue(std::move(values)); };
  static const std::vector<Example> table{
      {"input", {layer("input"), dense(2)}},
      {"input",
       {layer("input", {{"shape", sizes({2, 2})}}),
        layer("conv1d", {{"filters", whole(2)}, {"kernel_size", sizes({2})}}), layer("flatten"),
        dense(2)}},
      {"dense", {layer("dense", {{"units", whole(5)}, {"activation", text("tanh")}}), dense(2)}},
      {"dense", {layer("dense", {{"units", whole(5)}, {"use_bias", false}}), dense(1)}},
      {"activation", {dense(3), layer("activation", {{"activation", text("gelu")}}), dense(2)}},
      {"activation", {dense(3), layer("activation", {{"activation", text("softmax")}}), dense(2)}},
      {"activation", {dense(3), layer("activation", {{"activation", text("rrelu")}}), dense(2)}},
      {"prelu", {dense(3), layer("prelu"), dense(2)}},
      {"prelu", {dense(3), layer("prelu", {{"shared", true}}), dense(2)}},
      {"parametric_activation",
       {dense(3), layer("parametric_activation", {{"factor", 0.1}}), dense(2)}},
      {"parametric_activation",
       {dense(3), layer("parametric_activation", {{"activation", text("tanh")}}), dense(2)}},
      {"scaling", {layer("scaling", {{"factor", 20.0}}), dense(2)}},
      {"scaling", {dense(3), layer("scaling"), dense(2)}},
      {"periodic_embedding",
       {layer("periodic_embedding", {{"frequencies", whole(3)}, {"deviation", 0.5}}), dense(2)}},
      {"periodic_embedding",
       {layer("periodic_embedding",
              {{"dimension", whole(2)}, {"frequencies", whole(1)}, {"activation", text("tanh")}}),
        dense(2)}},
      {"dropout", {dense(9), layer("dropout", {{"rate", 0.4}}), dense(2)}},
      {"alpha_dropout", {dense(9), layer("alpha_dropout", {{"rate", 0.4}}), dense(2)}},
      {"gaussian_dropout", {dense(9), layer("gaussian_dropout", {{"rate", 0.4}}), dense(2)}},
      {"batch_normalization", {dense(3), layer("batch_normalization"), dense(2)}},
      {"layer_normalization", {dense(3), layer("layer_normalization"), dense(2)}},
      {"flatten", {layer("prelu"), layer("flatten"), dense(2)}, {{"x", {2, 3}}}},
      {"reshape",
       {dense(6), layer("reshape", {{"shape", std::vector<int64_t>{-1, 2}}}), layer("prelu"),
        layer("flatten"), dense(2)}},
      {"conv",
       {layer("conv",
              {{"filters", whole(2)}, {"kernel_size", sizes({2})}, {"activation", text("tanh")}}),
        layer("flatten"), dense(2)},
       {{"x", {2, 3, 3}}}},
      {"conv1d",
       {layer("conv1d",
              {{"filters", whole(3)}, {"strides", sizes({2})}, {"padding", text("same")}}),
        layer("flatten"), dense(2)},
       {{"x", {7}}}},
      {"conv2d",
       {layer("conv2d", {{"filters", whole(2)}, {"padding", text("same")}, {"use_bias", false}}),
        layer("flatten"), dense(1)},
       {{"x", {4, 3}}}},
      {"conv2d",
       {layer("conv2d", {{"filters", whole(4)},
                         {"groups", whole(2)},
                         {"kernel_size", sizes({2, 1})},
                         {"dilations", sizes({2, 1})},
                         {"pads", sizes({1, 0})}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 3}}}},
      {"conv3d",
       {layer("conv3d", {{"filters", whole(2)}, {"kernel_size", sizes({2})}}), layer("flatten"),
        dense(1)},
       {{"x", {2, 3, 3}}}},
      {"depthwise_conv",
       {layer("depthwise_conv", {{"multiplier", whole(2)}, {"kernel_size", sizes({2})}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 3}}}},
      {"separable_conv",
       {layer("separable_conv", {{"filters", whole(3)}, {"kernel_size", sizes({2})}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 3}}}},
      {"conv_transpose",
       {layer("conv_transpose", {{"filters", whole(2)}, {"strides", sizes({2})}}), layer("flatten"),
        dense(1)},
       {{"x", {2, 3, 2}}}},
      {"conv_transpose",
       {layer("conv_transpose",
              {{"filters", whole(2)}, {"strides", sizes({2})}, {"padding", text("same")}}),
        layer("flatten"), dense(1)},
       {{"x", {1, 5}}}},
      {"max_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}), layer("max_pool"),
        layer("flatten"), dense(1)},
       {{"x", {1, 4, 5}}}},
      {"average_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("average_pool", {{"padding", text("same")}}), layer("flatten"), dense(1)},
       {{"x", {1, 4, 5}}}},
      {"global_max_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("global_max_pool"), dense(1)},
       {{"x", {1, 4, 5}}}},
      {"global_average_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("global_average_pool"), dense(1)},
       {{"x", {1, 4, 5}}}},
      {"adaptive_max_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("adaptive_max_pool", {{"output_size", sizes({2, 3})}}), layer("flatten"), dense(1)},
       {{"x", {1, 5, 4}}}},
      {"adaptive_max_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("adaptive_max_pool", {{"output_size", sizes({2})}}), layer("flatten"), dense(1)},
       {{"x", {1, 4}}}},
      {"adaptive_average_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("adaptive_average_pool", {{"output_size", sizes({2})}}), layer("flatten"), dense(1)},
       {{"x", {1, 5, 4}}}},
      {"adaptive_average_pool",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("adaptive_average_pool", {{"output_size", sizes({2})}}), layer("flatten"), dense(1)},
       {{"x", {1, 4, 2, 2}}}},
      {"up_sampling",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}), layer("up_sampling"),
        layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"up_sampling",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("up_sampling", {{"size", sizes({1, 2, 3})}, {"interpolation", text("linear")}}),
        layer("flatten"), dense(1)},
       {{"x", {1, 2, 1, 2}}}},
      {"zero_padding",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("zero_padding", {{"pads", sizes({1, 0, 2, 1})}}), layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"cropping",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}), layer("cropping"),
        layer("flatten"), dense(1)},
       {{"x", {1, 3, 4}}}},
      {"cropping",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("cropping", {{"crops", sizes({1, 0, 0, 0, 0, 1, 0, 1})}}), layer("flatten"),
        dense(1)},
       {{"x", {1, 2, 2, 1, 2}}}},
      {"group_normalization",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("group_normalization", {{"groups", whole(1)}}), layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"instance_normalization",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("instance_normalization"), layer("flatten"), dense(1)},
       {{"x", {1, 5}}}},
      {"spatial_dropout",
       {layer("conv", {{"filters", whole(2)}, {"kernel_size", sizes({1})}}),
        layer("spatial_dropout", {{"rate", 0.4}}), layer("flatten"), dense(1)},
       {{"x", {1, 2, 2}}}},
      {"squeeze_excitation",
       {layer("conv", {{"filters", whole(4)}, {"kernel_size", sizes({1})}}),
        layer("squeeze_excitation", {{"ratio", whole(2)}, {"activation", text("tanh")}}),
        layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"residual_block",
       {layer("residual_block", {{"filters", whole(2)}, {"activation", text("tanh")}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 3}}}},
      {"residual_block",
       {layer("residual_block",
              {{"filters", whole(3)}, {"stride", whole(2)}, {"activation", text("tanh")}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 5}}}},
      {"inverted_residual",
       {layer("inverted_residual",
              {{"filters", whole(2)}, {"expansion", whole(2)}, {"activation", text("tanh")}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 3}}}},
      {"inverted_residual",
       {layer("inverted_residual", {{"filters", whole(3)},
                                    {"expansion", whole(1)},
                                    {"stride", whole(2)},
                                    {"activation", text("tanh")}}),
        layer("flatten"), dense(1)},
       {{"x", {2, 3, 2, 2}}}},
      {"prelu",
       {layer("conv", {{"filters", whole(3)}, {"kernel_size", sizes({1})}}), layer("prelu"),
        layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"batch_normalization",
       {layer("conv", {{"filters", whole(3)}, {"kernel_size", sizes({1})}}),
        layer("batch_normalization"), layer("flatten"), dense(1)},
       {{"x", {1, 2, 3}}}},
      {"rnn", {layer("rnn", {{"units", whole(3)}}), dense(2)}, {{"x", {4, 2}}}},
      {"rnn",
       {layer("rnn", {{"units", whole(2)},
                      {"direction", text("bidirectional")},
                      {"return_sequences", true}}),
        layer("flatten"), dense(2)},
       {{"x", {3, 2}}}},
      {"lstm",
       {layer("lstm", {{"units", whole(3)}, {"peepholes", true}}), dense(2)},
       {{"x", {4, 2}}}},
      {"lstm",
       {layer("lstm", {{"units", whole(2)}, {"return_sequences", true}}),
        layer("lstm", {{"units", whole(2)}, {"direction", text("reverse")}}), dense(1)},
       {{"x", {3, 1}}}},
      {"gru",
       {layer("gru", {{"units", whole(3)}, {"direction", text("bidirectional")}}), dense(2)},
       {{"x", {4, 2}}}},
      {"gru",
       {layer("gru", {{"units", whole(3)}, {"reset_after", false}}), dense(2)},
       {{"x", {4, 2}}}},
      {"lstm",
       {layer("lstm", {{"units", whole(2)}, {"num_layers", whole(2)}, {"dropout", 0.3}},
              {"x", "i"}),
        dense(1)},
       {{"x", {2, 2}}, {"i", {1}}}},
      {"rnn",
       {layer("rnn", {{"units", whole(3)}, {"recurrent_dropout", 0.4}}), dense(2)},
       {{"x", {4, 2}}}},
      {"lstm",
       {layer("lstm",
              {{"units", whole(2)},
               {"num_layers", whole(2)},
               {"direction", text("bidirectional")},
               {"recurrent_dropout", 0.3}},
              {"x", "i"}),
        dense(1)},
       {{"x", {3, 2}}, {"i", {1}}}},
      {"gru",
       {layer("gru", {{"units", whole(3)}, {"reset_after", false}, {"recurrent_dropout", 0.3}}),
        dense(2)},
       {{"x", {4, 2}}}},
      {"context",
       {layer("context", {{"kind", text("jordan")},
                          {"units", whole(3)},
                          {"outputs", whole(3)},
                          {"decay", 0.3},
                          {"recurrent_dropout", 0.4}}),
        dense(2)},
       {{"x", {4, 2}}}},
      {"context",
       {layer("context", {{"units", whole(3)}, {"decay", 0.5}}), dense(2)},
       {{"x", {4, 2}}}},
      {"context",
       {layer("context",
              {{"units", whole(3)}, {"activation", text("gelu")}, {"return_sequences", true}}),
        layer("flatten"), dense(2)},
       {{"x", {4, 2}}}},
      {"context",
       {layer("context",
              {{"kind", text("jordan")},
               {"units", whole(3)},
               {"outputs", whole(2)},
               {"decay", 0.3},
               {"output_activation", text("sigmoid")}},
              {"x", "i"}),
        dense(2)},
       {{"x", {4, 2}}, {"i", {1}}}},
      {"context", {layer("context", {{"units", whole(3)}}), dense(2)}, {{"x", {4, 2}}}},
      {"sequence_length",
       {layer("sequence_length"), layer("gru", {{"units", whole(2)}}, {"x", "sequence_length1"}),
        dense(2)},
       {{"x", {3, 2}}}},
      {"sequence_pool",
       {layer("dense_per_step", {{"units", whole(3)}}),
        layer("sequence_pool", {{"mode", text("max")}}), dense(1)},
       {{"x", {4, 2}}}},
      {"mask_steps",
       {layer("mask_steps", {}, {"x", "i"}), layer("flatten"), dense(1)},
       {{"x", {3, 4}}, {"i", {1}}}},
      {"dense_per_step",
       {layer("dense_per_step", {{"units", whole(3)}, {"activation", text("tanh")}}),
        layer("sequence_pool"), dense(1)},
       {{"x", {4, 2}}}},
      {"transpose",
       {layer("transpose"), layer("gru", {{"units", whole(2)}}), dense(2)},
       {{"x", {3, 2}}}},
      {"positional_encoding",
       {layer("dense_per_step", {{"units", whole(3)}}), layer("positional_encoding"),
        layer("flatten"), dense(1)},
       {{"x", {3, 2}}}},
      {"multi_head_attention",
       {layer("multi_head_attention", {{"heads", whole(2)}, {"causal", true}}, {"x", "i"}),
        layer("sequence_pool"), dense(1)},
       {{"x", {3, 4}}, {"i", {1}}}},
      {"transformer_encoder",
       {layer("transformer_encoder",
              {{"heads", whole(2)}, {"feed_forward", whole(3)}, {"activation", text("tanh")}}),
        layer("sequence_pool"), dense(1)},
       {{"x", {3, 4}}}},
      {"embedding",
       {layer("embedding", {{"categories", whole(3)}, {"dimension", whole(2)}}),
        layer("gru", {{"units", whole(2)}}), dense(2)},
       {{"i", {3}}}},
      {"add", {dense(4), layer("add", {}, {"dense1", "x"}), dense(2)}},
      {"concatenate", {dense(3), layer("concatenate", {}, {"dense1", "x", "dense1"}), dense(2)}},
      {"concatenate",
       {layer("activation", {{"activation", text("tanh")}}),
        layer("concatenate", {{"axis", whole(1)}}, {"activation1", "x"}), layer("flatten"),
        dense(2)},
       {{"x", {2, 3}}}},
      {"concatenate",
       {layer("activation", {{"activation", text("tanh")}}),
        layer("concatenate", {{"axis", whole(2)}}, {"activation1", "x"}), layer("flatten"),
        dense(2)},
       {{"x", {2, 2, 2}}}},
      {"embedding",
       {layer("embedding", {{"categories", whole(3)}, {"dimension", whole(2)}}, {"i"}),
        layer("concatenate", {}, {"embedding1", "x"}), dense(2)},
       {{"x", {4}}, {"i", {1}}}},
  };
  return table;
}

class ExampleRun {
 public:
  explicit ExampleRun(const Example& example)
      : training_(build_training_graph({example.layers}, example.inputs, "mean_squared_error",
                                       parse_optimizer("sgd"))),
        interpreter_(training_.graph) {
    for (const ValueId id : training_.inputs) set_input(id, training_.graph.value(id).name == "i");
    set_input(training_.target, false);
    interpreter_.value(training_.row_weight).assign(kRows, 1.0 / kRows);
    for (const ParameterInfo& info : training_.parameters) {
      const RandomStream random(1, purpose_of(info.name), 0);
      auto& values = interpreter_.value(info.value);
      for (size_t i = 0; i < values.size(); ++i) values[i] = info.trainable ? random.normal(i) : 1;
    }
  }

  // Learning rate 0: the updates change nothing.
  double loss() {
    interpreter_.run(kRows, {.seed = 1, .step = 1, .learning_rate = 0});
    double sum = 0;
    for (const double row : interpreter_.value(training_.loss)) sum += row;
    return sum / kRows;
  }

  void expect_gradients() {
    size_t next = 0;
    for (const ParameterInfo& info : training_.parameters) {
      if (!info.trainable) continue;
      const ValueId gradient = training_.gradients[next++];
      ASSERT_NE(gradient, kNoValue) << info.name;
      loss();
      const std::vector<double> expected = interpreter_.value(gradient);
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(difference(interpreter_.value(info.value)[i]), expected[i], 1e-6)
            << info.name << "[" << i << "]";
      }
    }
    EXPECT_GT(next, 0u);
  }

 private:
  static constexpr int64_t kRows = 6;

  void set_input(ValueId id, bool index) {
    const RandomStream random(2, static_cast<uint32_t>(id), 0);
    auto& values = interpreter_.value(id);
    values.resize(kRows * row_size(training_.graph.shape(id)));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = index ? std::floor(4 * random.uniform(i)) : random.normal(i);
    }
  }

  double difference(double& weight) {
    constexpr double kWidth = 1e-5;
    const double middle = weight;
    weight = middle + kWidth;
    const double above = loss();
    weight = middle - kWidth;
    const double below = loss();
    weight = middle;
    return (above - below) / (2 * kWidth);
  }

  const TrainingGraph training_;
  Interpreter<double> interpreter_;
};

TEST(Layers, GradientOfANetworkMatchesFiniteDifferences) {
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.type);
    ExampleRun(example).expect_gradients();
  }
}

TEST(Layers, EveryBuiltInTypeHasAnExample) {
  std::set<std::string> covered;
  for (const Example& example : examples()) covered.insert(example.type);
  for (const std::string& type : layer_types()) {
    if (type.starts_with("test_")) continue;  // registered by other tests
    EXPECT_TRUE(covered.contains(type)) << type;
  }
}

TEST(Layers, TrainingAndInferenceHaveTheSameParameters) {
  for (const Example& example : examples()) {
    const NetworkGraph training = build_network({example.layers}, example.inputs, true);
    const NetworkGraph inference = build_network({example.layers}, example.inputs, false);
    ASSERT_EQ(training.parameters.size(), inference.parameters.size()) << example.type;
    for (size_t p = 0; p < training.parameters.size(); ++p) {
      EXPECT_EQ(training.parameters[p].name, inference.parameters[p].name);
      EXPECT_EQ(training.parameters[p].shape, inference.parameters[p].shape);
    }
    EXPECT_EQ(training.graph.shape(training.output), inference.graph.shape(inference.output));
  }
}

// Another value of the same type: what a field must keep.
FieldValue changed(const FieldValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return !*flag;
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole + 3;
  if (const auto* number = std::get_if<double>(&value)) return *number + 0.125;
  if (std::holds_alternative<std::string>(value)) return std::string("something else");
  return std::vector<int64_t>{3, -1};
}

TEST(LayerFields, AreWrittenAndReadBack) {
  for (const std::string& type : layer_types()) {
    const auto original = make_layer(type);
    LayerDescription description{.type = type, .name = "a"};
    for (const auto& [name, value] : get_fields(*original))
      description.fields[name] = changed(value);
    const auto copy = make_layer(type);
    set_fields(*copy, description);
    EXPECT_EQ(get_fields(*copy), description.fields) << type;
  }
}

TEST(LayerFields, AreDocumented) {
  for (const std::string& type : layer_types()) {
    for (const FieldDocument& field : document_fields(*make_layer(type))) {
      EXPECT_FALSE(field.doc.empty()) << type << " " << field.name;
    }
  }
}

TEST(LayerFields, UnknownOnesAreRefusedWithTheNearest) {
  for (const std::string& type : layer_types()) {
    const auto made = make_layer(type);
    const auto fields = get_fields(*made);
    if (fields.empty()) continue;
    const std::string known = fields.begin()->first, misspelt = known + "x";
    expect_error(
        ErrorCode::usage, {type, "\"a\"", misspelt, "Did you mean \"" + known + "\""}, [&] {
          set_fields(*made, {.type = type, .name = "a", .fields = {{misspelt, int64_t{1}}}});
        });
  }
}

TEST(LayerFields, ValuesOfTheWrongTypeAreRefused) {
  const auto expect_refused = [](const char* type, const char* field, FieldValue value,
                                 const char* expected) {
    const auto made = make_layer(type);
    expect_error(ErrorCode::usage, {type, "\"a\"", field, expected}, [&] {
      set_fields(*made, {.type = type, .name = "a", .fields = {{field, value}}});
    });
  };
  expect_refused("dense", "units", 2.5, "a whole number");
  expect_refused("dense", "units", std::string("ten"), "a whole number");
  expect_refused("dense", "activation", int64_t{3}, "a text");
  expect_refused("dense", "use_bias", int64_t{1}, "true or false");
  expect_refused("dropout", "rate", std::string("half"), "a number");
  expect_refused("reshape", "shape", int64_t{3}, "a list of whole numbers");
}

TEST(LayerFields, AWholeNumberIsANumberToo) {
  const auto dropout = make_layer("dropout");
  set_fields(*dropout, {.type = "dropout", .name = "a", .fields = {{"rate", int64_t{0}}}});
  EXPECT_EQ(std::get<double>(get_fields(*dropout).at("rate")), 0.0);
}

TEST(LayerTypes, UnknownOnesAreRefusedWithTheNearest) {
  expect_error(ErrorCode::usage, {"densse", "Did you mean \"dense\""},
               [] { make_layer("densse"); });
}

// The example of include/sinapse/layer.h.
struct Gated {
  static constexpr std::string_view type = "test_gated";
  int64_t units = 32;
  void fields(FieldVisitor& visit) { visit("units", units, "number of neurons"); }
  Tensor build(Builder& b, Tensor x) const {
    auto value = b.dense(x, units, {.name = "value"});
    auto gate = b.activate(b.dense(x, units, {.name = "gate"}), "sigmoid");
    return b.multiply(value, gate);
  }
};

// Arithmetic with parameters of its own, several inputs.
struct WeightedSum {
  static constexpr std::string_view type = "test_weighted_sum";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    const Shape channels{inputs[0].shape.back()};
    const Tensor share = b.activate(b.parameter("share", channels, "zeros"), "sigmoid");
    const Tensor rest = b.affine(share, -1, 1);
    const Tensor scale =
        b.affine(b.activate(b.parameter("scale", {1}, "ones"), "softplus"), 1, 0.5);
    const Tensor mixed = b.add(b.multiply(inputs[0], share), b.multiply(inputs[1], rest));
    return b.subtract(b.divide(mixed, scale), b.parameter("shift", channels, "constant(0.1)"));
  }
};

void register_test_layers() {
  static const bool once = [] {
    register_layer<Gated>();
    register_layer<WeightedSum>();
    return true;
  }();
  (void)once;
}

TEST(Layers, DenseTakesItsInitializers) {
  const LayerDescription described =
      layer("dense", {{"units", int64_t{2}},
                      {"kernel_initializer", std::string("identity")},
                      {"bias_initializer", std::string("ones")}});
  const NetworkGraph network = build_network({{described}}, {{"x", {2}}}, true);
  EXPECT_EQ(network.parameters.at(0).initializer, "identity");
  EXPECT_EQ(network.parameters.at(1).initializer, "ones");
}

TEST(OwnLayers, AreTrainedLikeAnyOther) {
  register_test_layers();
  ExampleRun({"test_gated", {layer("test_gated", {{"units", int64_t{5}}}), dense(2)}})
      .expect_gradients();
  ExampleRun(
      {"test_weighted_sum", {dense(4), layer("test_weighted_sum", {}, {"dense1", "x"}), dense(2)}})
      .expect_gradients();
}

TEST(OwnLayers, NameTheirParameters) {
  register_test_layers();
  const NetworkGraph network =
      build_network({{layer("test_gated", {{"units", int64_t{5}}})}}, {{"x", {4}}}, true);
  std::vector<std::string> names;
  for (const ParameterInfo& info : network.parameters) names.push_back(info.name);
  EXPECT_EQ(names, (std::vector<std::string>{"test_gated1.value.weight", "test_gated1.value.bias",
                                             "test_gated1.gate.weight", "test_gated1.gate.bias"}));
}

// A parameter of any shape and initializer that a test asks for.
struct Asking {
  static constexpr std::string_view type = "test_asking";
  std::vector<int64_t> shape;
  std::string second = "b";
  void fields(FieldVisitor& visit) {
    visit("shape", shape, "of the parameter");
    visit("second", second, "name of another parameter beside \"a\"");
  }
  Tensor build(Builder& b, const Tensor& x) const {
    b.parameter("a", shape, "zeros");
    b.parameter(second, {1}, "zeros");
    return x;
  }
};

TEST(OwnLayers, CannotMakeParametersThatCannotBe) {
  static const bool once = (register_layer<Asking>(), true);
  (void)once;
  const auto expect_refused = [](std::initializer_list<std::string_view> words,
                                 std::vector<int64_t> shape, const char* second) {
    expect_error(ErrorCode::model, words, [&] {
      build_network({{layer("test_asking", {{"shape", shape}, {"second", std::string(second)}})}},
                    {{"x", {4}}}, true);
    });
  };
  expect_refused({"test_asking1", "\"a\"", "at least 1"}, {3, 0}, "b");
  expect_refused({"test_asking1", "\"a\"", "at least 1"}, {-1, 2}, "b");
  expect_refused({"test_asking1", "\"a\"", "no axis"}, {}, "b");
  expect_refused({"test_asking1", "\"a\"", "too large"}, {int64_t{1} << 62, 16}, "b");
  expect_refused({"test_asking1", "two parameters", "\"a\""}, {2}, "a");
}

TEST(Layers, ScaleTheirInputByOneAtFirst) {
  for (const double factor : {1.0, 20.0}) {
    const auto network =
        build_network({{layer("scaling", {{"factor", factor}})}}, {{"x", {4}}}, true);
    EXPECT_EQ(network.parameters.at(0).initializer, factor == 1 ? "constant(1)" : "constant(0.05)");
  }
  expect_error(ErrorCode::model, {"scaling1", "factor", "1e-6", "-1"}, [] {
    build_network({{layer("scaling", {{"factor", -1.0}})}}, {{"x", {4}}}, true);
  });
}

TEST(Layers, RecurrentDropoutIsForTrainingAlone) {
  for (const char* type : {"rnn", "lstm", "gru", "context"}) {
    const auto masks = [&](double rate, bool training) {
      const auto network =
          build_network({{layer(type, {{"units", int64_t{3}}, {"recurrent_dropout", rate}})}},
                        {{"x", {4, 2}}}, training);
      const auto& nodes = network.graph.nodes();
      return std::count_if(nodes.begin(), nodes.end(),
                           [](const Node& node) { return node.op == &op::dropout_mask(); });
    };
    EXPECT_EQ(masks(0.4, true), 1) << type;
    EXPECT_EQ(masks(0.4, false), 0) << type;
    EXPECT_EQ(masks(0, true), 0) << type;
    for (const double rate : {1.0, -0.1})
      expect_error(ErrorCode::model, {type, "recurrent_dropout"}, [&] { masks(rate, true); });
    expect_error(ErrorCode::model, {type, "bptt_steps", "-1"}, [&] {
      build_network({{layer(type, {{"units", int64_t{3}}, {"bptt_steps", int64_t{-1}}})}},
                    {{"x", {4, 2}}}, true);
    });
  }
}

TEST(OwnLayers, MayNotTakeAnothersName) {
  register_test_layers();
  expect_error(ErrorCode::usage, {"test_gated"}, [] { register_layer<Gated>(); });
  expect_error(ErrorCode::usage, {"dense"}, [] { register_layer<Dense>(); });
}

}  // namespace

}  // namespace sinapse
