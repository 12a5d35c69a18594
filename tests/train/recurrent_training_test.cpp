// Recurrent networks learn from arrays of sequences what needs memory.
#include <cmath>
#include <cstring>
#include <numeric>

#include <gtest/gtest.h>

#include <sinapse/image_set.h>
#include <sinapse/train.h>
#include <sinapse/trainer.h>

#include "data/philox.h"

namespace sinapse {

namespace {

constexpr int64_t kTime = 12;

Array floats(Shape shape, const std::vector<float>& values) {
  Array array{ElementType::float32, std::move(shape), {}};
  array.bytes.resize(values.size() * sizeof(float));
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

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
  data.inputs = floats({samples, kTime, 2}, values);
  return data;
}

// Random bits and what f makes of each sequence of them.
template <class F>
ArrayDataset bits(int64_t samples, int64_t time, uint64_t seed, F f) {
  const RandomStream random(seed, purpose_of("bits"), 0);
  std::vector<float> values(samples * time);
  ArrayDataset data{.classes = {"0", "1"}};
  for (int64_t s = 0; s < samples; ++s) {
    float* const row = values.data() + s * time;
    for (int64_t t = 0; t < time; ++t) row[t] = random.uniform(s * time + t) < 0.5 ? 0 : 1;
    data.labels.push_back(f(row));
  }
  data.inputs = floats({samples, time, 1}, values);
  return data;
}

// A stream in which every third bit is the exclusive or of the two before it; what comes next must
// be told from eight bits.  Elman 1990
int64_t next_of_triple(float* row) {
  for (int64_t t = 2; t < 8; t += 3) row[t] = row[t - 1] != row[t - 2];
  return row[6] != row[7];
}

int64_t parity(const float* row) {
  return std::accumulate(row, row + 6, int64_t{0}) % 2;
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

// The same over 100 steps, with the sum itself as the answer; whoever always says 1 has an error of
// 1/6. New sequences in every step.
struct AddingLesson {
  AddingLesson(int64_t rows, uint64_t step) : inputs(rows * kLongTime * 2) {
    const RandomStream random(1, purpose_of("adding"), step);
    const auto place = [&](uint64_t i) {
      const double share = random.uniform((uint64_t{1} << 40) + i);
      return static_cast<int64_t>(share * static_cast<double>(kLongTime) / 2);
    };
    for (int64_t r = 0; r < rows; ++r) {
      float* const row = inputs.data() + r * kLongTime * 2;
      for (int64_t t = 0; t < kLongTime; ++t) {
        row[2 * t] = static_cast<float>(random.uniform(r * kLongTime + t));
      }
      const int64_t first = place(2 * r), second = kLongTime / 2 + place(2 * r + 1);
      row[2 * first + 1] = row[2 * second + 1] = 1;
      sums.push_back(row[2 * first] + row[2 * second]);
    }
  }
  static constexpr int64_t kLongTime = 100;
  std::vector<float> inputs, sums;
};

TEST(RecurrentTraining, AGatedCellAddsOverAHundredSteps) {
  const NetworkDescription network{
      {{"gru", "", {}, {{"units", int64_t{16}}}}, {"dense", "", {}, {{"units", int64_t{1}}}}}};
  Trainer trainer(network, {AddingLesson::kLongTime, 2},
                  {.learning_rate = 0.01, .max_batch = 300, .clip_norm = 1});
  for (int step = 1; step <= 500; ++step) {
    const AddingLesson lesson(32, step);
    trainer.step(lesson.inputs, lesson.sums);
  }
  const AddingLesson others(300, 0);
  const std::vector<float> outputs = trainer.predict(others.inputs);
  double error = 0;
  for (size_t i = 0; i < outputs.size(); ++i) error += std::pow(outputs[i] - others.sums[i], 2);
  EXPECT_LT(error / 300, 0.01);
}

TEST(RecurrentTraining, ContextNeuronsLearnElmansExclusiveOrStream) {
  const ImageFolder data{bits(600, 8, 1, next_of_triple), bits(200, 8, 2, next_of_triple)};
  for (const char* kind : {"elman", "jordan"}) {
    RunOptions run = options("context");
    run.network.layers[0].fields["kind"] = std::string(kind);
    run.network.layers[0].fields["decay"] = 0.2;
    if (kind == std::string("jordan")) run.network.layers[0].fields["outputs"] = int64_t{3};
    EXPECT_GT(train(data, run).metrics.at("test").at("accuracy"), 0.97) << kind;
  }
}

TEST(RecurrentTraining, GatedCellsLearnTheParityOfAStream) {
  const ImageFolder data{bits(1000, 6, 1, parity), bits(300, 6, 2, parity)};
  RunOptions run = options("gru");
  run.training.epochs = 40;
  EXPECT_GT(train(data, run).metrics.at("test").at("accuracy"), 0.97);
}

TEST(RecurrentTraining, ASmallTransformerLearnsWhatStandsFarApart) {
  const auto equal_ends = [](const float* row) { return int64_t{row[0] == row[11]}; };
  const ImageFolder data{bits(1000, 12, 1, equal_ends), bits(300, 12, 2, equal_ends)};
  RunOptions run = options("lstm");
  run.network.layers = {{"dense_per_step", "", {}, {{"units", int64_t{16}}}},
                        {"positional_encoding", "", {}, {}},
                        {"transformer_encoder", "", {}, {{"heads", int64_t{2}}, {"dropout", 0.0}}},
                        {"sequence_pool", "", {}, {}}};
  run.training.learning_rate = 0.005;
  EXPECT_GT(train(data, run).metrics.at("test").at("accuracy"), 0.97);
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
