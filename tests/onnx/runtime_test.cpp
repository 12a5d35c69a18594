// ONNX Runtime computes from our model files what the reference interpreter computes.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <sinapse/initializer.h>
#include <sinapse/layer.h>

#include "network/presets.h"
#include "onnx/onnx_runtime.h"
#include "onnx/sample_models.h"
#include "onnx/write.h"
#include "train/predictor.h"

namespace sinapse {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

void expect_near(double actual, double expected, double tolerance, const std::string& where) {
  if (std::isnan(expected) || std::isinf(expected)) {
    EXPECT_TRUE(std::isnan(expected) ? std::isnan(actual) : actual == expected)
        << where << ": " << actual << " instead of " << expected;
    return;
  }
  EXPECT_NEAR(actual, expected, tolerance * std::max(1.0, std::abs(expected))) << where;
}

template <class T>
void expect_all_near(const nlohmann::json& outputs, const std::vector<T>& expected,
                     double tolerance, const std::string& where) {
  const std::vector<double> actual = numbers_of(outputs);
  ASSERT_EQ(actual.size(), expected.size()) << where;
  for (size_t i = 0; i < actual.size(); ++i) {
    expect_near(actual[i], expected[i], tolerance, where + " [" + std::to_string(i) + "]");
  }
}

/// A user's layer with the operators that no built-in layer has.
struct Arithmetic {
  static constexpr std::string_view type = "test_arithmetic";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const {
    const Tensor scale = b.parameter("scale", {x.shape.back()}, "ones");
    const Tensor one = b.parameter("one", {1, 1, 1, 1}, "ones");
    const Tensor squares = b.affine(b.multiply(x, x), 1, 1);
    return b.divide(b.subtract(b.multiply(b.affine(x, 0.5, -1), scale), one), squares);
  }
};

TEST(ModelInOnnxRuntime, EveryLayerAgreesWithTheReference) {
  REQUIRE_ONNX_RUNTIME();
  register_layer<Arithmetic>();
  std::vector<LayerSample> samples = layer_samples();
  samples.push_back(
      {"arithmetic", {4}, {layer("test_arithmetic"), layer("dense", {{"units", int64_t{1}}})}});
  std::vector<RuntimeJob> jobs;
  std::vector<std::vector<double>> expected;
  for (const LayerSample& sample : samples) {
    const TrainedNetwork trained = regression_model(sample.layers, sample.sample);
    std::vector<float> rows = scattered(6 * row_size(sample.sample), 9);
    if (sample.name == "embedding") rows = {0, 4, 2, 1, 3, 5, 99, -1, 2.5, kNaN, kInfinity};
    expected.push_back(reference_outputs<double>(trained, rows));
    jobs.push_back(job_of(to_onnx(trained), rows, sample.sample));
  }
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    expect_all_near(outputs[i], expected[i], 1e-5, samples[i].name);
  }
}

// With the weights that training would start from.
TrainedNetwork initial_network(std::string_view preset, const Shape& sample) {
  TrainedNetwork trained = regression_model(preset_layers(std::string(preset)), sample);
  trained.network.layers.push_back(layer("dense", {{"units", int64_t{1}}}, "output"));
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  for (const ParameterInfo& info : network.parameters) {
    const auto values = initial_values(info.initializer, info.shape, info.name, /*seed=*/1);
    trained.weights[info.name].assign(values.begin(), values.end());
  }
  return trained;
}

TEST(ModelInOnnxRuntime, EveryNetworkByNameAgreesWithOurPlan) {
  REQUIRE_ONNX_RUNTIME();
  const Shape sample{3, 16, 20};
  const std::vector<float> rows = scattered(2 * row_size(sample), 9);
  std::vector<RuntimeJob> jobs;
  std::vector<std::vector<float>> expected;
  std::vector<std::string> names;
  for (const NetworkPreset& preset : network_presets()) {
    if (preset.texts) continue;
    names.emplace_back(preset.name);
    const TrainedNetwork trained = initial_network(preset.name, sample);
    const Dataset data{.rows = 2, .inputs = {{.columns = row_size(sample), .numbers = rows}}};
    Team team(1);
    Predictor predictor(trained.network, input_descriptions(trained), /*max_rows=*/2);
    predictor.set_weights(trained.weights);
    expected.push_back(predictor.run(data, {}, team));
    jobs.push_back(job_of(to_onnx(trained), rows, sample));
  }
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    expect_all_near(outputs[i], expected[i], 1e-4, names[i]);
  }
}

/// x times a gate that is 0 at -infinity, and x / (1 + |x|), are NaN at infinity by ONNX's own
/// definition; our limits there are 0 and ±1. Waves have none.
bool is_wave(std::string_view name) {
  return name == "sin" || name == "cos";
}
bool has_limit_at_infinity(std::string_view name) {
  if (is_wave(name)) return false;
  const bool gated = name == "swish" || name.starts_with("gelu") || name == "mish";
  return !gated && name != "hard_swish" && name != "softsign";
}

std::vector<float> points_for(std::string_view name) {
  std::vector<float> points{0.f, -0.f, 1e-8f, -1e-8f, 1e-3f, -1e-3f};
  if (!is_wave(name)) points.insert(points.end(), {1e30f, -1e30f});
  for (const float x : {0.5f, 1.f, 2.5f, 3.f, 6.f, 10.f, 20.f, 30.f, 44.5f, 88.f, 89.f, 1000.f}) {
    const float above = std::nextafter(x, kInfinity), below = std::nextafter(-x, kInfinity);
    points.insert(points.end(), {x, -x, above, below});
  }
  for (int i = -22; i <= 22; ++i) points.push_back(0.37f * static_cast<float>(i));
  if (has_limit_at_infinity(name)) points.insert(points.end(), {kInfinity, -kInfinity});
  return points;
}

TEST(ModelInOnnxRuntime, EveryActivationAgreesWithTheReference) {
  REQUIRE_ONNX_RUNTIME();
  std::vector<RuntimeJob> jobs;
  std::vector<std::string> names;
  std::vector<std::vector<float>> points;
  for (const ActivationDefinition* definition : activations()) {
    if (definition->row_wise) continue;
    names.emplace_back(definition->name);
    points.push_back(points_for(definition->name));
    const auto trained =
        regression_model({layer("activation", {{"activation", names.back()}})}, {1});
    jobs.push_back(job_of(to_onnx(trained), points.back(), {1}));
  }
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Activation activation = parse_activation(names[i]);
    const std::vector<double> actual = numbers_of(outputs[i]);
    ASSERT_EQ(actual.size(), points[i].size()) << names[i];
    for (size_t p = 0; p < actual.size(); ++p) {
      const float x = points[i][p];
      expect_near(actual[p], activate(activation, x), 1e-6, names[i] + " at " + std::to_string(x));
    }
  }
}

// The exported file takes sequences of any length; a network built for that length agrees.
TEST(ModelInOnnxRuntime, SequencesMayHaveAnyLength) {
  REQUIRE_ONNX_RUNTIME();
  std::vector<RuntimeJob> jobs;
  std::vector<std::vector<double>> expected;
  std::vector<std::string> names;
  for (const LayerSample& sample : layer_samples()) {
    const auto is = [&](const char* start) { return sample.name.starts_with(start); };
    if (!is("rnn") && !is("lstm") && !is("gru") && !is("stacked") && !is("padded") &&
        !is("context") && !is("transformer") && !is("last_step")) {
      continue;
    }
    TrainedNetwork trained = regression_model(sample.layers, sample.sample);
    const std::string model = to_onnx(trained);
    for (const int64_t length : {1, 2, 17, 64, 512}) {
      std::vector<float> rows = scattered(3 * length * 3, 4);
      if (is("padded")) {  // the second sequence is short, the third empty
        std::fill(rows.begin() + 3 * length + 3 * (length / 2), rows.begin() + 6 * length, 0.0f);
        std::fill(rows.begin() + 6 * length, rows.end(), 0.0f);
      }
      trained.pixels->shape = {length, 3};
      jobs.push_back(job_of(model, rows, {length, 3}));
      expected.push_back(reference_outputs<double>(trained, rows));
      names.push_back(sample.name + " of length " + std::to_string(length));
    }
  }
  ASSERT_GE(jobs.size(), 75u);
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    expect_all_near(outputs[i], expected[i], 2e-5, names[i]);
  }
}

// Likewise of rows of indices, which an embedding makes vectors.
TEST(ModelInOnnxRuntime, RowsOfIndicesMayHaveAnyLength) {
  REQUIRE_ONNX_RUNTIME();
  std::vector<RuntimeJob> jobs;
  std::vector<std::vector<double>> expected;
  std::vector<std::string> names;
  for (const LayerSample& sample : layer_samples()) {
    if (!sample.name.starts_with("embedded_")) continue;
    TrainedNetwork trained = regression_model(sample.layers, sample.sample);
    const std::string model = to_onnx(trained);
    for (const int64_t length : {2, 4, 33, 512}) {
      std::vector<float> rows;
      for (const float x : scattered(3 * length, 4)) rows.push_back(std::floor(2.5f * (x + 1)));
      std::fill(rows.begin() + length + length / 2, rows.begin() + 2 * length, 0.0f);
      trained.pixels->shape = {length};
      jobs.push_back(job_of(model, rows, {length}));
      expected.push_back(reference_outputs<double>(trained, rows));
      names.push_back(sample.name + " of length " + std::to_string(length));
    }
  }
  ASSERT_EQ(jobs.size(), 12u);
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    expect_all_near(outputs[i], expected[i], 2e-5, names[i]);
  }
}

// The job of a stateful model: steps of three rows, and the states it starts from.
RuntimeJob piece(const std::string& model, const std::vector<float>& steps,
                 const nlohmann::json& outputs_before) {
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(model));
  RuntimeJob job = job_of(model, steps, {static_cast<int64_t>(steps.size()) / 9, 3});
  for (int i = 1; i < proto.graph().input_size(); ++i) {
    const auto& input = proto.graph().input(i);
    const int64_t columns = input.type().tensor_type().shape().dim(1).dim_value();
    const std::vector<float> zeros(3 * columns, 0.0f);
    job.inputs[input.name()] = {{"data", zeros}, {"shape", {3, columns}}};
    if (!outputs_before.is_null()) {
      job.inputs[input.name()] = outputs_before.at(input.name() + ".next");
    }
  }
  return job;
}

// The steps of three rows from `begin` on.
std::vector<float> steps_of(const std::vector<float>& rows, int64_t begin, int64_t count) {
  const auto time = static_cast<int64_t>(rows.size()) / 9;
  std::vector<float> steps;
  for (int64_t r = 0; r < 3; ++r) {
    const auto row = rows.begin() + (r * time + begin) * 3;
    steps.insert(steps.end(), row, row + count * 3);
  }
  return steps;
}

TEST(ModelInOnnxRuntime, StatefulModelsGoOnWhereTheyStopped) {
  REQUIRE_ONNX_RUNTIME();
  constexpr int64_t kTime = 512;
  const std::vector<float> rows = scattered(3 * kTime * 3, 4);
  const std::vector<std::pair<std::string, std::map<std::string, FieldValue>>> cells{
      {"rnn", {}},
      {"lstm", {{"num_layers", int64_t{2}}}},
      {"lstm", {{"peepholes", true}}},
      {"gru", {}},
      {"gru", {{"reset_after", false}}},
      {"context", {{"decay", 0.5}}},
      {"context", {{"kind", "jordan"}, {"outputs", int64_t{2}}, {"decay", 0.3}}}};
  std::vector<std::string> models;
  std::vector<std::vector<double>> expected;
  for (const auto& [type, given] : cells) {
    std::map<std::string, FieldValue> fields = given;
    fields["units"] = int64_t{4};
    fields["stateful"] = true;
    TrainedNetwork trained = regression_model(
        {layer(type, fields), layer("dense", {{"units", int64_t{1}}})}, {kTime, 3});
    models.push_back(to_onnx(trained));
    expected.push_back(reference_outputs<double>(trained, rows));
  }
  std::vector<nlohmann::json> outputs(models.size());
  int64_t begin = 0;
  for (const int64_t count : {1, 6, 100, 405}) {
    std::vector<RuntimeJob> jobs;
    for (size_t i = 0; i < models.size(); ++i) {
      jobs.push_back(piece(models[i], steps_of(rows, begin, count), outputs[i]));
    }
    outputs = run_in_onnx_runtime(jobs);
    begin += count;
  }
  ASSERT_EQ(begin, kTime);
  for (size_t i = 0; i < models.size(); ++i) {
    nlohmann::json predictions;
    for (const auto& [name, tensor] : outputs[i].items()) {
      if (!name.ends_with(".next")) predictions[name] = tensor;
    }
    expect_all_near(predictions, expected[i], 2e-5, "model " + std::to_string(i));
  }
}

TEST(ModelInOnnxRuntime, ABatchMayHaveAnySize) {
  REQUIRE_ONNX_RUNTIME();
  const std::vector<LayerSample> samples = layer_samples();
  const LayerSample& reshape = *std::find_if(samples.begin(), samples.end(),
                                             [](const auto& s) { return s.name == "reshape"; });
  const TrainedNetwork trained = regression_model(reshape.layers, reshape.sample);
  const std::string model = to_onnx(trained);
  std::vector<RuntimeJob> jobs;
  for (const size_t rows : {0, 1, 7})
    jobs.push_back(job_of(model, scattered(12 * rows, 3), {2, 6}));
  const auto outputs = run_in_onnx_runtime(jobs);
  EXPECT_EQ(numbers_of(outputs[0]).size(), 0u);
  EXPECT_EQ(numbers_of(outputs[1]).size(), 1u);
  expect_all_near(outputs[2], reference_outputs<double>(trained, scattered(12 * 7, 3)), 1e-5, "");
}

}  // namespace
}  // namespace sinapse
