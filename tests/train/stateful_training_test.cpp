// Rows that go on from one another: what only a carried state can tell is learned, to the same bits
// on any number of threads and after a resumption.
#include <cstring>

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/session.h>
#include <sinapse/train.h>

#include "data/philox.h"
#include "data/temporary_folder.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

constexpr int64_t kPiece = 3;   // bits of a row
constexpr int64_t kPieces = 8;  // rows of a sequence

// Sequences of random bits, three a row; the answer of a row is the parity of all bits of its
// sequence so far.
Table parity_streams(int64_t sequences, uint64_t seed) {
  const RandomStream random(seed, purpose_of("parity"), 0);
  Column stream{.name = "stream", .kind = ColumnKind::category};
  Column parity{.name = "parity", .kind = ColumnKind::category, .categories = {"even", "odd"}};
  std::vector<Column> bits;
  for (const char* name : {"a", "b", "c"}) bits.push_back({.name = name});
  for (int64_t s = 0; s < sequences; ++s) {
    stream.categories.push_back("s" + std::to_string(s));
    bool odd = false;
    for (int64_t row = 0; row < kPieces; ++row) {
      for (Column& bit : bits) {
        const bool one = random.uniform((s * kPieces + row) * kPiece + (&bit - bits.data())) < 0.5;
        odd = odd != one;
        bit.numbers.push_back(one);
      }
      stream.codes.push_back(static_cast<int32_t>(s));
      parity.codes.push_back(odd);
    }
  }
  return Table({stream, bits[0], bits[1], bits[2], parity});
}

Table rows_of(const Table& table, int64_t begin, int64_t count) {
  std::vector<Column> columns = table.columns();
  for (Column& column : columns) {
    const auto cut = [&](auto& values) {
      if (!values.empty()) values = {values.begin() + begin, values.begin() + begin + count};
    };
    cut(column.numbers);
    cut(column.codes);
  }
  return Table(columns);
}

RunOptions options(bool stateful, const char* cell = "gru") {
  RunOptions run;
  run.data.target = "parity";
  run.data.group = "stream";
  run.data.validation_split = 0;
  run.data.test_split = 0.25;
  run.network.layers = {{"input", "", {}, {{"shape", std::vector<int64_t>{-1, 1}}}},
                        {cell, "cell", {}, {{"units", int64_t{16}}, {"stateful", true}}}};
  run.training.stateful = stateful;
  run.training.epochs = 60;
  run.training.batch_size = 16;
  run.training.optimizer = "adam";
  run.training.learning_rate = 0.01;
  run.training.clip_norm = 1;
  run.training.threads = 1;
  return run;
}

TEST(StatefulTraining, LearnsAParityThatIsLongerThanAPiece) {
  const Table table = parity_streams(160, 1);
  EXPECT_GT(train(table, options(true)).metrics.at("test").at("accuracy"), 0.97);
  EXPECT_LT(train(table, options(false)).metrics.at("test").at("accuracy"), 0.75);
}

TEST(StatefulTraining, TheModelGoesOnFromRowToRowInOneSequence) {
  const Table table = parity_streams(24, 2);
  RunOptions run = options(true);
  run.training.epochs = 2;
  const TrainResult result = train(table, run);
  const TemporaryFolder folder;
  const std::string path = folder.path("model.onnx");
  result.model.save(path);
  const Model loaded = Model::load(path);
  const Predictions whole = loaded.predict(table);
  EXPECT_EQ(whole.probabilities, result.model.predict(table).probabilities);
  const auto part = [&](const Predictions& predictions, size_t begin, size_t rows) {
    return std::vector<float>(predictions.probabilities.begin() + begin * 2,
                              predictions.probabilities.begin() + (begin + rows) * 2);
  };
  EXPECT_EQ(loaded.predict(rows_of(table, kPieces, kPieces)).probabilities,
            part(whole, kPieces, kPieces));
  EXPECT_NE(loaded.predict(rows_of(table, 7, 1)).probabilities, part(whole, 7, 1));
}

TEST(StatefulTraining, HasTheSameBitsOnAnyNumberOfThreadsAndAfterResuming) {
  const Table table = parity_streams(30, 3);
  for (const char* cell : {"rnn", "lstm", "context"}) {
    const TemporaryFolder folder;
    RunOptions run = options(true, cell);
    run.training.epochs = 3;
    run.training.batch_size = 7;
    run.data.validation_split = 0.2;
    const TrainResult whole = train(table, run);
    run.training.threads = 3;
    EXPECT_EQ(train(table, run).weights_sha256, whole.weights_sha256) << cell;
    run.checkpoint.folder = folder.path("checkpoints");
    TrainResult result;
    for (int start = 0; start < 50; ++start) {
      int steps = 5;  // ends within an epoch
      run.training.threads = start % 2 + 1;
      result = train(table, run, {.should_stop = [&] { return --steps == 0; }});
      if (!result.interrupted) break;
      run.checkpoint.resume = run.checkpoint.folder;
    }
    EXPECT_EQ(result.weights_sha256, whole.weights_sha256) << cell;
    EXPECT_EQ(result.metrics, whole.metrics) << cell;
  }
}

TEST(StatefulTraining, ReferenceAndKernelsLearnTheSame) {
  const Table table = parity_streams(20, 4);
  RunOptions run = options(true, "lstm");
  run.training.epochs = 2;
  run.training.accumulate = 2;
  const double fast = train(table, run).history.back().loss;
  run.training.reference = true;
  EXPECT_NEAR(train(table, run).history.back().loss, fast, 1e-4);
}

// Sequences in an array: consecutive samples. A session that is shown all rows one by one says at
// the end of each sample what the model says of it.
TEST(StatefulTraining, ASessionGoesOnAsTheSamplesDo) {
  ArrayDataset data{.classes = {"0", "1"}};
  data.inputs = {ElementType::float32, {40, 4, 2}, {}};
  const RandomStream random(5, purpose_of("samples"), 0);
  std::vector<float> values;
  for (int64_t i = 0; i < 40 * 8; ++i) values.push_back(static_cast<float>(random.uniform(i)));
  data.inputs.bytes.resize(values.size() * sizeof(float));
  std::memcpy(data.inputs.bytes.data(), values.data(), data.inputs.bytes.size());
  for (int64_t s = 0; s < 40; ++s) data.labels.push_back(values[8 * s] > 0.5);
  RunOptions run;
  run.network.layers = {{"lstm", "", {}, {{"units", int64_t{9}}, {"stateful", true}}}};
  run.training.stateful = true;
  run.training.epochs = 2;
  run.training.batch_size = 4;
  run.training.threads = 1;
  const TrainResult result = train(ImageFolder{data, {}}, run);
  EXPECT_EQ(result.resolved.data.split_by, "order");
  const Predictions whole = result.model.predict(data.inputs);
  Session session(result.model);
  for (int64_t row = 0; row < 160; ++row) {
    const auto answer = session.step(std::span(values).subspan(2 * row, 2));
    if (row % 4 == 3) {
      EXPECT_EQ(answer[1], whole.probabilities[row / 4 * 2 + 1]) << row;
    }
  }
}

TEST(StatefulTraining, SaysWhatItNeeds) {
  const Table table = parity_streams(12, 6);
  RunOptions run = options(true);
  run.network.layers[1].fields["stateful"] = false;
  expect_error(ErrorCode::usage, {"training.stateful", "stateful: true"},
               [&] { train(table, run); });
  run = options(true);
  run.training.optimizer = "lbfgs";
  expect_error(ErrorCode::usage, {"training.stateful", "lbfgs"}, [&] { train(table, run); });
  run = options(true);
  run.series.horizon = 3;
  run.data.time = "a";
  expect_error(ErrorCode::usage, {"training.stateful", "series"}, [&] { train(table, run); });
}

}  // namespace

}  // namespace sinapse
