// Layers of a user: a struct with fields and build().
#include <gtest/gtest.h>

#include "layers/layer_examples.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

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

TEST(OwnLayers, MayNotTakeAnothersName) {
  register_test_layers();
  expect_error(ErrorCode::usage, {"test_gated"}, [] { register_layer<Gated>(); });
  expect_error(ErrorCode::usage, {"dense"}, [] { register_layer<Dense>(); });
}

}  // namespace

}  // namespace sinapse
