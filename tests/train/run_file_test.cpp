#include "train/run_file.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "network/expect_words.h"

namespace sinapse {

namespace {

std::string error_of(const std::string& yaml) {
  RunDescription run;
  try {
    merge_run_text(run, yaml, "run.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "";
}

RunDescription run_with_everything() {
  RunDescription run;
  run.data_path = "a: b, \"c\" #d.csv";
  run.options.data.target = "007";
  run.options.data.ignore = {"true", "a,b", " x ", "null", "é"};
  run.options.data.validation_split = 0.1;
  run.options.data.split_by = "random";
  run.options.network.hidden = {128, 64};
  run.options.network.layers = {
      {.type = "dense",
       .name = "first",
       .inputs = {},
       .fields = {{"units", int64_t{4}}, {"use_bias", false}}},
      {.type = "dropout", .name = "", .inputs = {"first"}, .fields = {{"rate", 0.5}}},
      {.type = "reshape",
       .name = "",
       .inputs = {},
       .fields = {{"shape", std::vector<int64_t>{2, -1}}}}};
  run.options.features.scale = "robust(clip=2)";
  run.options.features.columns = {{"007", {.scale = "log"}},
                                  {"a: b", {.ordered = {"no", "1", "x, y"}}},
                                  {"when", {.parts = {"month"}, .cyclic = false}}};
  run.options.features.interactions = {{"a: b", "007"}, {"x", "x"}};
  run.options.training.learning_rate = 0.1 + 0.2;
  run.options.training.seed = UINT64_MAX;
  run.options.training.optimizer = "momentum(momentum=0.95)";
  return run;
}

TEST(RunFile, WhatIsWrittenIsReadBack) {
  const RunDescription written = run_with_everything();
  RunDescription read;
  merge_run_text(read, to_yaml(written), "run.yaml");
  EXPECT_EQ(to_yaml(read), to_yaml(written));
  EXPECT_EQ(read.data_path, written.data_path);
  EXPECT_EQ(read.options.data.target, "007");
  EXPECT_EQ(read.options.data.ignore, written.options.data.ignore);
  EXPECT_EQ(read.options.features.columns, written.options.features.columns);
  EXPECT_EQ(read.options.features.interactions, written.options.features.interactions);
  EXPECT_EQ(read.options.network.layers, written.options.network.layers);
  EXPECT_EQ(read.options.training.learning_rate, 0.1 + 0.2);
  EXPECT_EQ(read.options.training.seed, UINT64_MAX);
}

TEST(RunFile, KeysNotGivenStayAsTheyAre) {
  RunDescription run;
  run.options.training.epochs = 7;
  merge_run_text(run, "training: {seed: 3}", "run.yaml");
  EXPECT_EQ(run.options.training.epochs, 7);
  EXPECT_EQ(run.options.training.seed, 3u);
}

TEST(RunFile, AcceptsJsonAndEmptyFiles) {
  RunDescription run;
  merge_run_text(
      run, R"({"data": {"target": "y", "ignore": ["a", "b"]}, "network": {"dropout": 0.5}})", "x");
  merge_run_text(run, "", "x");
  merge_run_text(run, "training:\n", "x");
  EXPECT_EQ(run.options.data.target, "y");
  EXPECT_EQ(run.options.data.ignore, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(run.options.network.dropout, 0.5);
}

TEST(RunFile, KeysOfColumnsAddUp) {
  RunDescription run;
  merge_run_text(run, "features: {columns: {a: {scale: log}, b: {hash: 3}}}", "run.yaml");
  set_run_key(run, "features.columns", "{a: {type: number}}", "--set");
  set_run_key(run, "features.columns.x.y.ngrams", "[1, 2]", "--set");
  set_run_key(run, "features.interactions", "[[a, b]]", "--set");
  auto& columns = run.options.features.columns;
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns["a"], (ColumnDeclaration{.type = "number", .scale = "log"}));
  EXPECT_EQ(columns["b"].hash, 3);
  EXPECT_EQ(columns["x.y"].ngrams, (std::vector<int64_t>{1, 2}));
}

TEST(RunFile, RejectsKeysThatNoColumnHas) {
  EXPECT_EQ(error_of("features:\n  columns:\n    age:\n      scal: log"),
            "run.yaml:4: features.columns.age.scal is no key of a column. Did you mean \"scale\"?");
  EXPECT_EQ(error_of("features: {columns: {age: log}}"),
            "run.yaml:1: features.columns.age expects keys and values such as {scale: robust}.");
  EXPECT_NE(error_of("features: {columns: {age: {hash: many}}}").find("expects a whole number"),
            std::string::npos);
  EXPECT_NE(error_of("features: {columns: [age]}").find("columns and their keys"),
            std::string::npos);
}

TEST(RunFile, ThreadsAreReadButNotWritten) {
  RunDescription run;
  merge_run_text(run, "training: {threads: 3}", "x");
  EXPECT_EQ(run.options.training.threads, 3);
  EXPECT_EQ(to_yaml(run).find("threads"), std::string::npos);
}

TEST(RunFile, SeveralTargetsMayBeAList) {
  const auto target_of = [](const std::string& value) {
    RunDescription run;
    merge_run_text(run, "data:\n  target: " + value + "\n", "run.yaml");
    return run.options.data.target;
  };
  EXPECT_EQ(target_of("[height, width]"), "height,width");
  EXPECT_EQ(target_of("\n  - height\n  - 2\n  - \"a, b\""), "height,2,\"a, b\"");
  EXPECT_EQ(target_of("[price]"), "price");
  EXPECT_EQ(target_of("height,width"), "height,width");
  RunDescription run;
  set_run_key(run, "data.target", "[height, 'a, b']", "--target");
  EXPECT_EQ(run.options.data.target, "height,\"a, b\"");
  expect_error(ErrorCode::usage, {"run.yaml:2", "data.target", "empty list"},
               [&] { target_of("[]"); });
  expect_error(ErrorCode::usage, {"data.target", "empty one"}, [&] { target_of("[a, '']"); });
  expect_error(ErrorCode::usage, {"data.target[1]", "a text"}, [&] { target_of("[a, {b: c}]"); });
}

TEST(RunFile, RejectsWithPlaceAndReason) {
  EXPECT_EQ(error_of("training:\n  epohcs: 3"),
            "run.yaml:2: unknown key \"training.epohcs\". Did you mean \"training.epochs\"?");
  EXPECT_EQ(error_of("training:\n  epochs: many"),
            "run.yaml:2: training.epochs expects a whole number, got \"many\".");
  EXPECT_EQ(error_of("training: {epochs: 1.5}"),
            "run.yaml:1: training.epochs expects a whole number, got \"1.5\".");
  EXPECT_EQ(error_of("training: {epochs: \"5\"}"),
            "run.yaml:1: training.epochs expects a whole number, got the text \"5\".");
  EXPECT_EQ(error_of("training: {epochs: [5]}"),
            "run.yaml:1: training.epochs expects a whole number, got a list.");
  EXPECT_EQ(error_of("training: {epochs: }"),
            "run.yaml:1: training.epochs expects a whole number, got nothing.");
  EXPECT_EQ(error_of("network:\n  hidden: [8,\n    x]"),
            "run.yaml:3: network.hidden[1] expects a whole number, got \"x\".");
  EXPECT_EQ(error_of("training: {seed: 1, seed: 2}"), "run.yaml:1: training.seed is given twice.");
  EXPECT_EQ(error_of("training: {learning_rate: .nan}"),
            "run.yaml:1: training.learning_rate expects a number, got \".nan\".");
  EXPECT_NE(error_of("training: {epochs: 99999999999999999999}").find("outside the range"),
            std::string::npos);
  EXPECT_NE(error_of("[1, 2]"), "");
  EXPECT_NE(error_of("a: [1"), "");
  EXPECT_NE(error_of("training: 3"), "");
  EXPECT_NE(error_of("network: {layers: [dense]}"), "");
  EXPECT_NE(error_of(std::string(100'000, '[')), "");
  EXPECT_NE(error_of("a: &x [*x]"), "");
}

TEST(RunFile, SetsKeysFromTheCommandLine) {
  RunDescription run;
  set_run_key(run, "network.hidden", "128,64", "--hidden");
  set_run_key(run, "data.ignore", "a,b c", "--ignore-column");
  set_run_key(run, "data.categorical", "[\"a,b\", c]", "--categorical");
  set_run_key(run, "data.target", "0", "--target");
  set_run_key(run, "training.early_stopping", "False", "--set");
  set_run_key(run, "network.layers", "[{type: dense, units: 3}]", "--set");
  EXPECT_EQ(run.options.network.hidden, (std::vector<int64_t>{128, 64}));
  EXPECT_EQ(run.options.data.ignore, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(run.options.data.categorical, (std::vector<std::string>{"a,b", "c"}));
  EXPECT_EQ(run.options.data.target, "0");
  EXPECT_FALSE(run.options.training.early_stopping);
  EXPECT_EQ(run.options.network.layers[0].fields.at("units"), FieldValue(int64_t{3}));
  EXPECT_THROW(set_run_key(run, "network.hiden", "1", "--set"), Error);
  EXPECT_THROW(set_run_key(run, "training.seed", "-1", "--seed"), Error);
}

TEST(RunFile, EveryKeyIsDocumented) {
  for (const RunKey& key : run_keys()) {
    EXPECT_NE(key.doc, "") << key.path;
    EXPECT_NE(key.type, "") << key.path;
  }
}

}  // namespace

}  // namespace sinapse
