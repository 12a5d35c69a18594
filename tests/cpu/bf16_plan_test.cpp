// Training with products in bf16: near to float32 with every set of instructions, the same bits on
// any number of threads.
#include <cmath>

#include <gtest/gtest.h>

#include "compile/plan.h"
#include "cpu/bf16_sets.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "cpu/plan_harness.h"
#include "data/philox.h"
#include "network/network.h"

namespace sinapse {

namespace {

LayerDescription convolution(int64_t filters, int64_t kernel, int64_t stride,
                             std::string padding = "same", std::string activation = "linear") {
  return layer("conv2d", {{"filters", filters},
                          {"kernel_size", std::vector<int64_t>{kernel}},
                          {"strides", std::vector<int64_t>{stride}},
                          {"padding", std::move(padding)},
                          {"activation", std::move(activation)}});
}

PlanCase image_case(std::string name, std::vector<LayerDescription> layers, Shape row,
                    std::vector<int64_t> batches = {12, 12, 5}) {
  layers.push_back(layer("flatten"));
  layers.push_back(dense(5));
  return {.name = std::move(name),
          .network = {std::move(layers)},
          .inputs = {{"x", std::move(row)}},
          .loss = "categorical_crossentropy",
          .batches = batches,
          .max_rows = batches[0]};
}

std::vector<PlanCase> image_cases() {
  const auto relu = [] { return layer("activation", {{"activation", std::string("relu")}}); };
  const auto unbiased = [](int64_t filters, std::string name) {
    LayerDescription one = convolution(filters, 3, 1);
    one.fields["use_bias"] = false, one.name = std::move(name);
    return one;
  };
  return {
      image_case("stride_2",
                 {convolution(24, 3, 2, "same", "tanh"), convolution(70, 3, 1, "valid", "tanh"),
                  convolution(33, 1, 2)},
                 {6, 13, 14}),
      image_case("no_gaps",
                 {convolution(48, 1, 1, "same", "tanh"), convolution(100, 1, 1, "same", "gelu"),
                  convolution(16, 5, 3, "valid")},
                 {40, 9, 9}),
      image_case(
          "normalized",
          {unbiased(32, "start"), layer("batch_normalization"), relu(), unbiased(32, "first"),
           layer("batch_normalization", {}, {}, "normal"), layer("add", {}, {"normal", "start"}),
           relu(), unbiased(20, "second"), layer("batch_normalization")},
          {16, 8, 8}, {64, 64, 21}),  // many rows: on either side of a kink
      image_case("line",
                 {layer("conv1d", {{"filters", int64_t{20}},
                                   {"kernel_size", std::vector<int64_t>{4}},
                                   {"activation", std::string("tanh")}}),
                  layer("conv1d", {{"filters", int64_t{80}},
                                   {"kernel_size", std::vector<int64_t>{3}},
                                   {"strides", std::vector<int64_t>{2}}})},
                 {10, 45}),
      image_case("volume",
                 {layer("conv3d", {{"filters", int64_t{17}},
                                   {"kernel_size", std::vector<int64_t>{3, 1, 2}},
                                   {"activation", std::string("tanh")}}),
                  layer("conv3d", {{"filters", int64_t{8}},
                                   {"kernel_size", std::vector<int64_t>{2}},
                                   {"padding", std::string("same")}})},
                 {9, 5, 4, 6}),
      image_case("transposed",
                 {layer("conv_transpose", {{"filters", int64_t{20}},
                                           {"kernel_size", std::vector<int64_t>{3}},
                                           {"strides", std::vector<int64_t>{2}},
                                           {"activation", std::string("tanh")}}),
                  convolution(8, 3, 2)},
                 {7, 5, 5}),
  };
}

std::vector<PlanCase> cases() {
  std::vector<PlanCase> all{
      {.name = "wide",
       .network = {{dense(200, "relu"), dense(130, "tanh"), dense(10)}},
       .inputs = {{"x", {100}}},
       .loss = "categorical_crossentropy",
       .batches = {70, 70, 33},
       .max_rows = 70},
      {.name = "odd_sizes",
       .network = {{dense(33, "gelu"), dense(65, "tanh"), dense(17, "swish"), dense(7)}},
       .inputs = {{"x", {13}}},
       .loss = "categorical_crossentropy",
       .optimizer = "momentum",
       .batches = {5, 1, 2},
       .max_rows = 5},
      {.name = "many_outputs",
       .network = {{dense(40, "relu"), dense(600)}},
       .inputs = {{"x", {300}}},
       .loss = "mean_squared_error",
       .batches = {300, 299},
       .max_rows = 300},
      {.name = "branches",
       .network = {{layer("dense", {{"units", int64_t{90}}, {"use_bias", false}}, {"x"}, "a"),
                    layer("dense", {{"units", int64_t{90}}, {"use_bias", false}}, {"x"}, "b"),
                    layer("add", {}, {"a", "b"}), layer("batch_normalization"),
                    layer("activation", {{"activation", std::string("relu")}}), dense(5)}},
       .inputs = {{"x", {48}}},
       .loss = "categorical_crossentropy",
       .optimizer = "adam(epsilon=0.1)",
       .batches = {64, 64},
       .max_rows = 64},
      {.name = "gathered",
       .network = {{dense(100, "relu"), dense(10)}},
       .inputs = {{"x", {70}}},
       .loss = "categorical_crossentropy",
       .batches = {40, 40, 40},
       .max_rows = 40},
      {.name = "limited",
       .network = {{layer("dense", {{"units", int64_t{80}},
                                    {"activation", std::string("relu")},
                                    {"kernel_constraint", std::string("max_norm(1)")}}),
                    dense(6)}},
       .inputs = {{"x", {50}}},
       .loss = "categorical_crossentropy",
       .batches = {40, 40},
       .max_rows = 40},
  };
  for (PlanCase& one : image_cases()) all.push_back(std::move(one));
  for (PlanCase& one : all) {
    if (one.name == "gathered") one.rules = {.l2 = 0.01, .clip_norm = 0.5, .accumulate = true};
  }
  return all;
}

double largest(const std::vector<double>& numbers) {
  double most = 0;
  for (const double number : numbers) most = std::max(most, std::abs(number));
  return most;
}

// The root of the mean square, of all differences: single numbers may stand near a kink.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares / static_cast<double>(std::max<size_t>(1, a.size())));
}

class Bf16Plan : public testing::TestWithParam<PlanCase> {};

// An operand errs by up to 2^-9 of itself, a sum of many less.
TEST_P(Bf16Plan, LearnsWhatFloat32Learns) {
  const PreparedCase prepared(GetParam());
  Team team(2);
  const PlanOutcome expected = train_by_plan(prepared, team);
  for_each_bf16_set([&] {
    const PlanOutcome actual = train_by_plan(prepared, team, {}, ProductPrecision::bf16);
    EXPECT_FALSE(actual == expected);
    for (size_t step = 0; step < expected.losses.size(); ++step) {
      EXPECT_LT(difference(actual.losses[step], expected.losses[step]),
                0.02 * largest(expected.losses[step]));
      EXPECT_LT(difference(actual.outputs[step], expected.outputs[step]),
                0.02 * largest(expected.outputs[step]));
    }
    for (size_t id = 0; id < expected.persistent.size(); ++id) {
      const std::vector<double> initial(prepared.initial[id].begin(), prepared.initial[id].end());
      const double movement = difference(expected.persistent[id], initial);
      EXPECT_LE(difference(actual.persistent[id], expected.persistent[id]), 0.1 * movement)
          << prepared.training.graph.values()[id].name;
    }
  });
}

TEST_P(Bf16Plan, HasTheSameBitsOnAnyNumberOfThreads) {
  const PreparedCase prepared(GetParam());
  for_each_bf16_set([&] {
    Team alone(1);
    const PlanOutcome expected = train_by_plan(prepared, alone, {}, ProductPrecision::bf16);
    for (const int num_threads : {2, 3, 8}) {
      Team team(num_threads);
      EXPECT_TRUE(train_by_plan(prepared, team, {}, ProductPrecision::bf16) == expected)
          << num_threads << " threads";
    }
  });
}

// What a plan computes in bf16 is what its kernels are named after.
TEST_P(Bf16Plan, MultipliesInBf16) {
  const PreparedCase prepared(GetParam());
  const auto plan = compile(prepared.training.graph,
                            {.max_rows = prepared.described.max_rows,
                             .precision = ProductPrecision::bf16,
                             .training = true},
                            cpu_kernels());
  for (const Stage& stage : plan->stages) {
    for (const Step& step : stage.steps) {
      const bool adds = step.name.find("ConvGradientSum") != std::string::npos;
      const bool multiplies = !adds && (step.name.find(" Gemm") != std::string::npos ||
                                        step.name.find(" FusedGemm") != std::string::npos ||
                                        step.name.find(" Conv") != std::string::npos ||
                                        step.name.find(" FusedConv") != std::string::npos ||
                                        step.name.find(" FinishedConv") != std::string::npos);
      EXPECT_EQ(step.name.find("bf16") != std::string::npos, multiplies) << step.name;
    }
  }
}

// Outputs of a network that no longer learns, for the same rows.
std::vector<float> outputs_of(const NetworkGraph& network, ProductPrecision precision) {
  constexpr int64_t kRows = 9;
  Team team(2);
  Executor executor(
      compile(network.graph, {.max_rows = kRows, .precision = precision}, cpu_kernels()), team);
  uint64_t step = 0;
  const auto random = [&](int64_t count) {
    const RandomStream stream(5, Purpose::resample, ++step);
    std::vector<float> numbers(count);
    for (int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(stream.uniform(i) - 0.4);
    return numbers;
  };
  for (const ParameterInfo& info : network.parameters) {
    std::vector<float> numbers = random(row_size(info.shape));
    const bool is_variance = info.name.find("var") != std::string::npos;
    for (float& number : numbers) number = is_variance ? std::abs(number) + 0.1f : 0.3f * number;
    executor.write(info.value, numbers);
  }
  const View<float> x = executor.rows(network.inputs[0], kRows);
  for (int64_t r = 0; r < kRows; ++r) {
    const std::vector<float> row = random(x.columns);
    std::copy(row.begin(), row.end(), x.row(r));
  }
  executor.run(kRows);
  const View<float> y = executor.rows(network.output, kRows);
  std::vector<float> outputs;
  for (int64_t r = 0; r < kRows; ++r) outputs.insert(outputs.end(), y.row(r), y.row(r) + y.columns);
  return outputs;
}

// Where nothing is learned, a convolution also normalises.
TEST(Bf16Inference, FinishesAsFloat32Does) {
  LayerDescription first = convolution(40, 3, 1), second = convolution(40, 3, 1);
  first.name = "first", second.name = "second";
  const std::vector<LayerDescription> layers{
      first,
      second,
      layer("batch_normalization", {}, {}, "normal"),
      layer("add", {}, {"normal", "first"}),
      layer("activation", {{"activation", std::string("relu")}}),
      convolution(24, 3, 2, "same", "gelu"),
      layer("flatten"),
      dense(3)};
  const NetworkGraph network = build_network({layers}, {{"x", {8, 7, 9}}}, /*training=*/false);
  const std::vector<float> expected = outputs_of(network, ProductPrecision::float32);
  const double size = largest({expected.begin(), expected.end()});
  for_each_bf16_set([&] {
    const std::vector<float> actual = outputs_of(network, ProductPrecision::bf16);
    ASSERT_EQ(actual.size(), expected.size());
    EXPECT_NE(actual, expected);
    for (size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 0.01 * size);
  });
}

INSTANTIATE_TEST_SUITE_P(Networks, Bf16Plan, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace

}  // namespace sinapse
