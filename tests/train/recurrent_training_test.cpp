// Recurrent networks learn from arrays of sequences what needs memory.
#include <cstring>

#include <gtest/gtest.h>

#include <sinapse/image_set.h>
#include <sinapse/train.h>

#include "data/philox.h"

namespace sinapse {

namespace {

constexpr int64_t kTime = 12;

// The adding problem: random numbers, two of them marked; class 1 if the marked ones make more than
// 1 together. Hochreiter, Schmidhuber 1997
ArrayDataset adding(int64_t samples, uint64_t seed) {
  const RandomStream random(seed, purpose_of("adding"), 0);
  std::vector<float> values(samples * kTime * 2);
  ArrayDataset data{.classes = {"0", "1"}};
  for (int64_t s = 0; s < samples; ++s) {
    float* const row = values.data() + s * kTime * 2;
    for (int64_t t = 0; t < kTime; ++t) {
      row[2 * t] = static_cast<float>(random.uniform(s * kTime + t));
    }
    const auto draw = [&](uint64_t i) {
      return static_cast<int64_t>(random.uniform((uint64_t{1} << 40) + 2 * s + i) * kTime / 2);
    };
    const int64_t first = draw(0), second = kTime / 2 + draw(1);
    row[2 * first + 1] = row[2 * second + 1] = 1;
    data.labels.push_back(row[2 * first] + row[2 * second] > 1);
  }
  data.inputs = {ElementType::float32, {samples, kTime, 2}, {}};
  data.inputs.bytes.resize(values.size() * sizeof(float));
  std::memcpy(data.inputs.bytes.data(), values.data(), data.inputs.bytes.size());
  return data;
}

RunOptions options(const std::string& cell, int threads = 1) {
  RunOptions run;
  run.network.layers = {{cell, "", {}, {{"units", int64_t{12}}}}};
  run.training.epochs = 25;
  run.training.batch_size = 32;
  run.training.learning_rate = 0.02;
  run.training.optimizer = "adam";
  run.training.clip_norm = 1;
  run.training.threads = threads;
  return run;
}

TEST(RecurrentTraining, GatedCellsLearnTheAddingProblem) {
  const ImageFolder data{adding(1500, 1), adding(500, 2)};
  for (const char* cell : {"lstm", "gru"}) {
    EXPECT_GT(train(data, options(cell)).metrics.at("test").at("accuracy"), 0.93) << cell;
  }
}

TEST(RecurrentTraining, SameBitsOnAnyNumberOfThreads) {
  const ImageFolder data{adding(200, 1), {}};
  for (const char* cell : {"rnn", "lstm", "gru"}) {
    RunOptions run = options(cell);
    run.training.epochs = 2;
    run.network.layers[0].fields["direction"] = std::string("bidirectional");
    const std::string one = train(data, run).weights_sha256;
    for (const int threads : {2, 3, 8}) {
      run.training.threads = threads;
      EXPECT_EQ(train(data, run).weights_sha256, one) << cell;
    }
  }
}

TEST(RecurrentTraining, PredictsTheSameAfterSavingAndLoading) {
  const ImageFolder data{adding(200, 1), {}};
  RunOptions run = options("gru");
  run.training.epochs = 2;
  const TrainResult result = train(data, run);
  const std::string path = testing::TempDir() + "recurrent.onnx";
  result.model.save(path);
  EXPECT_EQ(Model::load(path).predict(data.train.inputs).probabilities,
            result.model.predict(data.train.inputs).probabilities);
}

}  // namespace

}  // namespace sinapse
