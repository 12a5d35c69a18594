// What weights that are shared over places are for: a pattern that may stand anywhere in a signal
// or a volume. A dense network with at least as many weights does not learn it from as many
// examples.
#include <cstring>

#include <gtest/gtest.h>

#include <sinapse/train.h>

#include "data/philox.h"

namespace sinapse {

namespace {

using Sizes = std::vector<int64_t>;

// Noise, and somewhere in it one of two patterns of +1 and -1.
struct Task {
  Shape sample, pattern;
  std::vector<float> patterns[2];
};

// Calls f(element of the sample, element of the pattern) for a pattern that begins at a place.
template <class F>
void place_pattern(const Task& task, const RandomStream& random, uint64_t first_draw, F f) {
  Sizes begin;
  for (size_t axis = 0; axis < task.sample.size(); ++axis) {
    const int64_t places = task.sample[axis] - task.pattern[axis] + 1;
    begin.push_back(
        static_cast<int64_t>(random.uniform(first_draw + axis) * static_cast<double>(places)));
  }
  const auto count = static_cast<int64_t>(task.patterns[0].size());
  for (int64_t p = 0; p < count; ++p) {
    int64_t rest = p, element = 0, stride = 1;
    for (size_t axis = task.sample.size(); axis-- > 0;) {
      element += (begin[axis] + rest % task.pattern[axis]) * stride;
      rest /= task.pattern[axis];
      stride *= task.sample[axis];
    }
    f(element, p);
  }
}

ArrayDataset samples_of(const Task& task, int64_t count, uint64_t seed) {
  const int64_t size = row_size(batched(task.sample));
  std::vector<float> values(count * size);
  ArrayDataset data{.classes = {"first", "second"}};
  for (int64_t i = 0; i < count; ++i) {
    const RandomStream random(seed, purpose_of("task"), i);
    float* sample = values.data() + i * size;
    for (int64_t e = 0; e < size; ++e) sample[e] = static_cast<float>(0.3 * random.normal(e));
    const int label = static_cast<int>(i % 2);
    data.labels.push_back(label);
    place_pattern(task, random, 2 * size,
                  [&](int64_t element, int64_t p) { sample[element] += task.patterns[label][p]; });
  }
  data.inputs = {.type = ElementType::float32, .shape = batched(task.sample)};
  data.inputs.shape[0] = count;
  data.inputs.bytes.resize(values.size() * sizeof(float));
  std::memcpy(data.inputs.bytes.data(), values.data(), data.inputs.bytes.size());
  return data;
}

struct Score {
  double accuracy;
  int64_t parameters;
  std::string weights;
};

Score learn(const Task& task, const NetworkOptions& network, int threads = 2) {
  RunOptions options;
  options.network = network;
  options.training.epochs = 12;
  options.training.learning_rate = 0.01;
  options.training.batch_size = 32;
  options.training.threads = threads;
  const ImageFolder data{.train = samples_of(task, 600, 1), .test = samples_of(task, 300, 2)};
  const TrainResult result = train(data, options);
  return {result.metrics.at("test").at("accuracy"), result.parameters, result.weights_sha256};
}

LayerDescription conv(const char* type, int64_t filters, Sizes kernel) {
  return {type,
          "",
          {},
          {{"filters", filters},
           {"kernel_size", std::move(kernel)},
           {"activation", std::string("relu")}}};
}

void expect_only_convolutions_solve(const Task& task, const char* type) {
  const NetworkOptions convolutional{
      .layers = {conv(type, 8, task.pattern), {"global_max_pool", "", {}, {}}}};
  const Score shared = learn(task, convolutional);
  const Score dense = learn(task, {.hidden = {16}});
  EXPECT_GT(shared.accuracy, 0.95);
  EXPECT_LT(dense.accuracy, 0.8);
  EXPECT_GE(dense.parameters, shared.parameters);
  for (const int threads : {1, 3, 8}) {
    EXPECT_EQ(learn(task, convolutional, threads).weights, shared.weights) << threads << " threads";
  }
}

TEST(ConvolutionTasks, APatternAnywhereInASignal) {
  expect_only_convolutions_solve(
      {.sample = {128}, .pattern = {5}, .patterns = {{1, -1, 1, -1, 1}, {1, 1, -1, -1, 1}}},
      "conv1d");
}

TEST(ConvolutionTasks, APatternAnywhereInAVolume) {
  expect_only_convolutions_solve(
      {.sample = {6, 6, 6},
       .pattern = {2, 2, 2},
       .patterns = {{1, -1, -1, 1, -1, 1, 1, -1}, {1, 1, -1, -1, 1, 1, -1, -1}}},
      "conv3d");
}

}  // namespace

}  // namespace sinapse
