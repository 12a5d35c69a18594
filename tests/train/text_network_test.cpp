// Texts whose tokens stay in order: training, single texts, the model file.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/attribution.h>
#include <sinapse/error.h>
#include <sinapse/partial_dependence.h>
#include <sinapse/permutation_importance.h>
#include <sinapse/train.h>

#include "data/table_reader.h"
#include "data/temporary_folder.h"
#include "network/expect_words.h"
#include "network/trained_network.h"
#include "onnx/onnx_runtime.h"
#include "onnx/read.h"
#include "onnx/write.h"

namespace sinapse {
namespace {

// Whether "not" stands before "good" is what counts, which no bag of words tells.
std::string reviews(int rows = 200) {
  std::string csv = "note,stars,mood\n";
  const char* fill[] = {"the", "film", "was", "really", "and", "we", "saw", "it"};
  for (int i = 0; i < rows; ++i) {
    const bool good = i % 2 == 0;
    std::string text;
    for (int k = 0; k < i * 7 % 9; ++k) text += std::string(fill[(i + k * 3) % 8]) + " ";
    text += good ? "good not bad" : "bad not good";
    for (int k = 0; k < i * 5 % 4; ++k) text += std::string(" ") + fill[(i * 3 + k) % 8];
    csv += fmt::format("{},{},{}\n", text, i % 5, good ? "glad" : "sad");
  }
  return csv;
}

RunOptions options_of(const std::string& network) {
  RunOptions options;
  options.data.target = "mood";
  options.features.columns["note"] = {.type = "text", .sequence = 16};
  options.network.preset = network;
  options.training.epochs = 15;
  options.training.learning_rate = 0.005;
  options.training.threads = 1;
  return options;
}

constexpr const char* kNetworks[] = {"text_gru", "text_cnn", "text_transformer"};

TEST(TextNetworks, LearnWhatTheOrderOfWordsSays) {
  for (const char* network : kNetworks) {
    RunOptions options = options_of(network);
    options.data.test_split = 0.2;
    const TrainResult result = train(parse_table(reviews(300), "r.csv"), options);
    EXPECT_GT(result.metrics.at("test").at("accuracy"), 0.95) << network;
  }
}

TEST(TextNetworks, AnAnswerDoesNotDependOnOtherTexts) {
  const Table table = parse_table(reviews(), "r.csv");
  for (const char* network : kNetworks) {
    const Model model = train(table, options_of(network)).model;
    const Predictions all = model.predict(table);
    for (const int row : {0, 3, 8}) {
      const std::string one = reviews();
      size_t at = one.find('\n') + 1;
      for (int i = 0; i < row; ++i) at = one.find('\n', at) + 1;
      const std::string line = one.substr(at, one.find('\n', at) + 1 - at);
      const Predictions alone = model.predict(
          parse_table("note,stars,mood\n" + line, "one.csv",
                      {.kinds = {{"note", ColumnKind::category}, {"mood", ColumnKind::category}}}));
      EXPECT_EQ(alone.probabilities[0], all.probabilities[2 * row]) << network;
    }
  }
}

TEST(TextNetworks, SameBitsOnAnyNumberOfThreads) {
  for (const char* network : kNetworks) {
    RunOptions options = options_of(network);
    options.training.epochs = 2;
    const Table table = parse_table(reviews(), "r.csv");
    const std::string one = train(table, options).weights_sha256;
    options.training.threads = 3;
    EXPECT_EQ(train(table, options).weights_sha256, one) << network;
  }
}

TEST(TextNetworks, OnnxRuntimeTakesTheTokensAndAgrees) {
  REQUIRE_ONNX_RUNTIME();
  const Table table = parse_table(reviews(), "r.csv");
  std::vector<RuntimeJob> jobs;
  std::vector<Predictions> expected;
  for (const char* network : kNetworks) {
    RunOptions options = options_of(network);
    options.training.epochs = 2;
    const Model model = train(table, options).model;
    const std::string bytes = to_onnx(model.trained());
    EXPECT_EQ(to_onnx(parse_onnx(bytes, "memory")), bytes);
    nlohmann::json words = nlohmann::json::array();
    std::string csv = "note,stars\n";
    const std::vector<std::string> texts[] = {{"it", "was", "not", "good"}, {"strange", "film"}};
    for (const auto& text : texts) {
      std::string joined;
      for (size_t t = 0; t < 16; ++t) {
        words.push_back(t < text.size() ? text[t] : "");
        if (t < text.size()) joined += text[t] + " ";
      }
      csv += joined + ",2\n";
    }
    jobs.push_back({bytes,
                    {{"note", {{"data", words}, {"shape", {2, 16}}}},
                     {"stars", {{"data", {2, 2}}, {"shape", {2, 1}}}}}});
    expected.push_back(
        model.predict(parse_table(csv, "t.csv", {.kinds = {{"note", ColumnKind::category}}})));
  }
  const auto outputs = run_in_onnx_runtime(jobs);
  for (size_t j = 0; j < jobs.size(); ++j) {
    const auto& probabilities = outputs[j].at("mood_probabilities").at("data");
    for (int i = 0; i < 4; ++i)
      EXPECT_NEAR(number_of(probabilities.at(i)), expected[j].probabilities[i], 1e-5)
          << kNetworks[j];
  }
}

TEST(TextNetworks, AnswerEmptyTextsAndWordsNeverSeen) {
  const Model model = train(parse_table(reviews(), "r.csv"), options_of("text_gru")).model;
  const auto asked = [&](const std::string& text) {
    return model
        .predict(parse_table("note,stars\n" + text + ",2\n", "t.csv",
                             {.kinds = {{"note", ColumnKind::category}}}))
        .probabilities[0];
  };
  EXPECT_EQ(asked("xyzzy"), asked("plugh"));
  EXPECT_EQ(asked(""), asked("xyzzy"));
  expect_error(ErrorCode::data, {"t.csv:2", "UTF-8"}, [&] { asked("caf\xE9"); });
  EXPECT_NE(asked("good xyzzy"), asked("xyzzy good"));
}

// A second text, of fewer words, remains a bag of them.
std::string two_texts() {
  std::string csv = "title,note,mood\n";
  for (int i = 0; i < 100; ++i) {
    csv += fmt::format("a title of {} words number {},", i % 7, i % 9);
    csv += fmt::format("this is the {} longer text and it was {} {},{}\n", i, i % 2 ? "not" : "so",
                       i % 3 ? "good" : "bad", i % 2 ? "sad" : "glad");
  }
  return csv;
}

TEST(TextNetworks, ReadTheLongestTextIfNoneIsDeclared) {
  RunOptions options;
  options.data.target = "mood";
  options.network.preset = "text_cnn";
  options.training.epochs = 1;
  const Table table = parse_table(two_texts(), "two.csv");
  const auto features_of = [&] { return *train(table, options).model.trained().features; };
  Features features = features_of();
  ASSERT_EQ(features.tokens().size(), 1u);
  EXPECT_EQ(features.tokens()[0].column, "note");
  EXPECT_EQ(features.tokens()[0].length, 256);
  ASSERT_EQ(features.texts().size(), 1u);
  EXPECT_EQ(features.texts()[0].column, "title");
  options.features.columns["0"] = {.type = "text", .tokens = "characters"};
  options.data.ignore = {"note"};
  features = features_of();
  ASSERT_EQ(features.tokens().size(), 1u);
  EXPECT_EQ(features.tokens()[0].column, "title");
  EXPECT_EQ(features.tokens()[0].length, 1024);
}

TEST(TextNetworks, ATextInOrderIsReadByAGruIfNothingElseIsSaid) {
  RunOptions options;
  options.data.target = "mood";
  options.features.columns["note"] = {.sequence = 16};
  const TrainResult result = train(parse_table(reviews(100), "r.csv"), options);
  const auto& layers = result.model.trained().network.layers;
  EXPECT_TRUE(std::any_of(layers.begin(), layers.end(),
                          [](const LayerDescription& layer) { return layer.type == "gru"; }));
}

TEST(TextNetworks, GoOnFromAModel) {
  TemporaryFolder folder;
  const Table table = parse_table(reviews(), "r.csv");
  RunOptions options = options_of("text_cnn");
  const Model model = train(table, options).model;
  model.save(folder.path("model.onnx"));
  RunOptions more;
  more.network.from = folder.path("model.onnx");
  more.training.epochs = 1;
  more.training.learning_rate = 1e-6;
  const TrainResult further = train(table, more);
  EXPECT_GT(further.metrics.at("train").at("accuracy"), 0.95);
  EXPECT_EQ(further.model.trained().features->to_json(), model.trained().features->to_json());
}

TEST(TextNetworks, PermutationTellsThatTheTextCounts) {
  const Table table = parse_table(reviews(), "r.csv");
  const Model model = train(table, options_of("text_gru")).model;
  const PermutationImportance importance = permutation_importance(model, table, {.repeats = 3});
  ASSERT_EQ(importance.columns.size(), 2u);
  EXPECT_EQ(importance.columns[0].column, "note");
  EXPECT_GT(importance.columns[0].importance, 0.2);
  EXPECT_LT(std::abs(importance.columns[1].importance), 0.1);
  expect_error(ErrorCode::usage, {"note", "token by token"}, [&] { explain_row(model, table, 0); });
  expect_error(ErrorCode::usage, {"note", "is text"},
               [&] { partial_dependence(model, table, "note"); });
}

TEST(TextNetworks, RejectTwoTextsInOrderAndOtherKeysBeside) {
  const Table table = parse_table(two_texts(), "two.csv");
  RunOptions options = options_of("");
  options.features.columns["note"].ngrams = {1, 2};
  expect_error(ErrorCode::usage, {"note", "ngrams"}, [&] { train(table, options); });
  options = options_of("");
  options.features.columns["title"].sequence = 4;
  expect_error(ErrorCode::usage, {"title", "note"}, [&] { train(table, options); });
}

TEST(TextNetworks, RejectNetworksForOtherData) {
  RunOptions options = options_of("small_cnn");
  const Table table = parse_table(reviews(), "r.csv");
  expect_error(ErrorCode::usage, {"small_cnn", "pictures"}, [&] { train(table, options); });
  options = options_of("text_gru");
  options.features = {};
  options.data.ignore = {"note"};
  expect_error(ErrorCode::usage, {"text_gru", "no input column", "sequence"},
               [&] { train(table, options); });
}

}  // namespace
}  // namespace sinapse
