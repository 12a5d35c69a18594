// Models of sequences of rows: read back, and the same in ONNX Runtime.
#include <gtest/gtest.h>

#include "data/table_reader.h"
#include "onnx/onnx_runtime.h"
#include "onnx/read.h"
#include "onnx/write.h"
#include "train/encode.h"
#include "train/sequence_tables.h"

namespace sinapse {
namespace {

using nlohmann::json;

// Cells of sequences, filled up to the longest with what the model does not expect.
json inputs_of(const Table& table, const RowSequences& sequences) {
  json numbers = json::array(), texts = json::array(), lengths = json::array();
  const Column &x = table.column("x"), &color = table.column("color");
  for (int64_t s = 0; s < sequences.size(); ++s) {
    const auto rows = sequences.rows_of(s);
    lengths.push_back(rows.size());
    for (int64_t t = 0; t < sequences.longest(); ++t) {
      const bool is_step = t < static_cast<int64_t>(rows.size());
      numbers.push_back(is_step ? json(x.numbers[rows[t]]) : json("NaN"));
      texts.push_back(is_step ? color.categories[color.codes[rows[t]]] : "padding");
    }
  }
  const json shape = {sequences.size(), sequences.longest()};
  return {{"x", {{"data", numbers}, {"shape", shape}}},
          {"color", {{"data", texts}, {"shape", shape}}},
          {"length", {{"data", lengths}, {"shape", {sequences.size(), 1}}}}};
}

TEST(SequenceModels, OnnxRuntimeAnswersTheSame) {
  REQUIRE_ONNX_RUNTIME();
  const Table table = parse_table(machines_csv(), "machines.csv");
  const RowSequences sequences = sequences_of(table, "machine", "t");
  std::vector<RuntimeJob> jobs;
  std::vector<Predictions> expected;
  for (const char* target : {"sum", "level", "so_far"}) {
    const Model model = train(table, machine_options(target)).model;
    const std::string bytes = to_onnx(model.trained());
    const TrainedNetwork read = parse_onnx(bytes, "memory");
    EXPECT_EQ(*read.sequences, *model.trained().sequences);
    EXPECT_EQ(to_onnx(read), bytes);
    jobs.push_back({bytes, inputs_of(table, sequences)});
    expected.push_back(model.predict(table));
  }
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t j = 0; j < jobs.size(); ++j) {
    const bool classes = !expected[j].classes.empty(), per_row = j > 0;
    const json& output =
        outputs[j].at(expected[j].target + (classes ? "_probabilities" : "_predictions"));
    const auto size = static_cast<int64_t>(sequences.longest());
    const json shape = !per_row  ? json{sequences.size(), 2}
                       : classes ? json{sequences.size(), size, 2}
                                 : json{sequences.size(), size};
    EXPECT_EQ(output.at("shape"), shape);
    for (int64_t s = 0; s < sequences.size(); ++s) {
      const auto rows = sequences.rows_of(s);
      for (size_t t = 0; t < (per_row ? rows.size() : 1); ++t) {
        const int64_t place = per_row ? s * size + static_cast<int64_t>(t) : s;
        const int64_t row = per_row ? rows[t] : s;
        const float ours =
            classes ? expected[j].probabilities[2 * row + 1] : expected[j].values[row];
        const double theirs = number_of(output.at("data").at(classes ? 2 * place + 1 : place));
        EXPECT_NEAR(theirs, ours, 1e-5) << j << " " << s << " " << t;
      }
    }
  }
}

TEST(SequenceModels, AnyNumberOfStepsFitsTheFile) {
  const Table table = parse_table(machines_csv(), "machines.csv");
  onnx::ModelProto proto;
  ASSERT_TRUE(proto.ParseFromString(to_onnx(train(table, machine_options("sum")).model.trained())));
  const auto& shape = proto.graph().input(0).type().tensor_type().shape();
  EXPECT_EQ(shape.dim(1).dim_param(), "time");
}

}  // namespace
}  // namespace sinapse
