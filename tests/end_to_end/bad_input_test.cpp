// Bad input of every kind: one clear message, exit code 1 or 2, and previous results untouched.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class BadInput : public EndToEnd {
 protected:
  void SetUp() override {
    file("good.csv", regression_csv());
    train("good.csv", "y");
    before_ = everything();
  }

  // Whatever a test did, the files of the first run stand as they stood, and no others beside them.
  void TearDown() override { EXPECT_EQ(everything(), before_); }

  std::map<std::string, std::string> everything() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(path("run"))) {
      files[entry.path().filename()] = read_back(entry.path());
    }
    return files;
  }

  Outcome train_on(const std::string& csv, const std::string& target = "y") const {
    file("bad.csv", csv);
    return sinapse({"train", "bad.csv", "--target", target, "--epochs", "2", "--output", "run"});
  }

 private:
  std::map<std::string, std::string> before_;
};

struct BadTable {
  const char* name;
  std::string csv;
  std::vector<std::string> words;  // of the message
};

std::string rows(int count, const std::string& row) {
  std::string text;
  for (int i = 0; i < count; ++i) text += row;
  return text;
}

TEST_F(BadInput, MalformedTables) {
  const BadTable tables[] = {
      {"empty file", "", {"bad.csv", "empty"}},
      {"header only", "a,y\n", {"bad.csv"}},
      {"ragged rows", "a,y\n1,2\n1,2,3\n3,4\n", {"bad.csv:3"}},
      {"unclosed quote", "a,y\n1,2\n\"3,4\n5,6\n", {"bad.csv", "quote"}},
      {"NUL bytes", std::string("a,y\n1,2\n\0\0,4\n", 14), {"bad.csv"}},
      {"numbers too large", "a,y\n1,2\n1e999,4\n2,5\n" + rows(9, "3,1\n4,2\n"), {"bad.csv:3"}},
      {"duplicate names", "a,a,y\n1,2,3\n4,5,6\n", {"\"a\""}},
      {"not UTF-8", "a,y\n1,2\n\xff\xfe,4\n", {"bad.csv:3"}},
  };
  for (const BadTable& table : tables) {
    SCOPED_TRACE(table.name);
    expect_failure(train_on(table.csv), 1, table.words);
  }
}

TEST_F(BadInput, TablesFromWhichNothingCanBeLearned) {
  const BadTable tables[] = {
      {"constant target", "a,y\n" + rows(20, "1,5\n2,5\n"), {"\"y\""}},
      {"one class only", "a,y\n" + rows(20, "1,yes\n2,yes\n"), {"\"y\""}},
      {"target missing in every row", "a,y\n" + rows(20, "1,\n2,\n"), {"\"y\""}},
      {"no usable column", "a,y\n" + rows(20, ",1\n,2\n"), {}},
      {"one row", "a,y\n1,2\n", {"\"y\"", "1 training row:"}},
  };
  for (const BadTable& table : tables) {
    SCOPED_TRACE(table.name);
    expect_failure(train_on(table.csv), 1, table.words);
  }
}

TEST_F(BadInput, MisspeltTargetSuggestsTheNearest) {
  expect_failure(train_on("price,size\n1,2\n3,4\n", "pirce"), 2,
                 {"pirce", "Did you mean \"price\"?"});
  expect_failure(sinapse({"train", "good.csv", "--output", "run"}), 2, {"--target"});
}

TEST_F(BadInput, MissingFilesAreNamed) {
  expect_failure(sinapse({"train", "no.csv", "--target", "y"}), 1, {"no.csv"});
  expect_failure(sinapse({"train", "no-such-folder"}), 1, {"no-such-folder"});
  expect_failure(sinapse({"evaluate", "no.onnx", "good.csv"}), 1, {"no.onnx"});
  expect_failure(sinapse({"predict", "run", "no.csv"}), 1, {"no.csv"});
  expect_failure(sinapse({"train", "--config", "no.yaml"}), 1, {"no.yaml"});
}

TEST_F(BadInput, OutputThatCannotBeWritten) {
  for (const char* folder : {"good.csv/run", "/proc/run", "good.csv"}) {
    const Outcome outcome =
        sinapse({"train", "good.csv", "--target", "y", "--epochs", "2", "--output", folder});
    expect_failure(outcome, 1, {folder});
    EXPECT_EQ(outcome.errors.find("epoch 1"), std::string::npos) << "found out before training";
  }
  expect_failure(sinapse({"predict", "run", "good.csv", "--output", "/dev/full"}), 1,
                 {"/dev/full"});
  expect_failure(sinapse({"predict", "run", "good.csv", "--output", "run"}), 1, {"run"});
  const Outcome full = run_program({.command = {program_path(), "predict", "run", "good.csv"},
                                    .folder = path(""),
                                    .output = "/dev/full"});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.errors.find("standard output"), std::string::npos) << full.errors;
}

TEST_F(BadInput, FailedRunsLeaveNoNewFolder) {
  file("bad.csv", "a,y\n" + rows(20, "1,5\n2,5\n"));
  sinapse({"train", "bad.csv", "--target", "y", "--output", "new/deep"});
  EXPECT_FALSE(exists("new"));
}

TEST_F(BadInput, TruncatedModels) {
  const std::string model = text_of("run/model.onnx");
  for (const size_t length :
       {size_t{0}, size_t{1}, size_t{100}, model.size() / 2, model.size() - 1}) {
    file("cut.onnx", model.substr(0, length));
    for (const char* command : {"predict", "evaluate"}) {
      expect_failure(sinapse({command, "cut.onnx", "good.csv"}), 1, {"cut.onnx"});
    }
    expect_failure(sinapse({"inspect", "cut.onnx"}), 1, {"cut.onnx"});
  }
}

TEST_F(BadInput, DamagedModelsNeverCrash) {
  const std::string model = text_of("run/model.onnx");
  Numbers numbers;
  for (int trial = 0; trial < 40; ++trial) {
    std::string damaged = model;
    damaged[static_cast<size_t>(numbers.below(static_cast<int64_t>(model.size())))] =
        static_cast<char>(numbers.below(256));
    file("damaged.onnx", damaged);
    EXPECT_LE(sinapse({"predict", "damaged.onnx", "good.csv"}).exit_code, 1) << "trial " << trial;
  }
}

TEST_F(BadInput, HostileArrays) {
  const std::string huge("\0\0\x08\x03\x7f\xff\xff\xff\x7f\xff\xff\xff\x7f\xff\xff\xff", 16);
  std::filesystem::create_directory(path("pictures"));
  file("pictures/train-images-idx3-ubyte", huge);
  file("pictures/train-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x02\0\1", 10));
  expect_failure(sinapse({"train", "pictures", "--output", "run"}), 1, {"train-images-idx3-ubyte"});
  expect_failure(sinapse({"predict", "run", "pictures/train-images-idx3-ubyte"}), 1, {});
  file("x.npy", "\x93NUMPY\x01");
  expect_failure(sinapse({"predict", "run", "x.npy"}), 1, {"x.npy"});
}

TEST_F(BadInput, RunFilesWithMistakes) {
  const BadTable files[] = {
      {"unknown key",
       "training:\n  epohcs: 3\n",
       {"run.yaml:2", "training.epohcs", "Did you mean \"training.epochs\"?"}},
      {"unknown section", "trainin: {epochs: 3}\n", {"run.yaml:1", "Did you mean \"training\"?"}},
      {"wrong type",
       "training:\n\n  epochs: many\n",
       {"run.yaml:3", "training.epochs", "a whole number", "\"many\""}},
      {"not YAML", "training: [1\n", {"run.yaml"}},
      {"a list", "- 1\n", {"run.yaml"}},
      {"unknown layer", "network:\n  layers:\n    - {type: dens}\n", {"run.yaml:3", "dense"}},
      {"unknown field",
       "network:\n  layers:\n    - {type: dense, unit: 3}\n",
       {"run.yaml:3", "Did you mean \"units\"?"}},
  };
  for (const BadTable& bad : files) {
    SCOPED_TRACE(bad.name);
    file("run.yaml", bad.csv);
    expect_failure(sinapse({"train", "good.csv", "--target", "y", "--config", "run.yaml"}), 2,
                   bad.words);
  }
}

TEST_F(BadInput, UnknownNames) {
  const auto expect = [this](std::vector<std::string> flags,
                             const std::vector<std::string>& words) {
    flags.insert(flags.begin(), {"train", "good.csv", "--target", "y", "--output", "run"});
    expect_failure(sinapse(flags), 2, words);
  };
  expect({"--activation", "rellu"}, {"rellu", "relu"});
  expect({"--optimizer", "adm"}, {"adm", "adam"});
  expect({"--task", "regresion"}, {"regresion", "regression"});
  expect({"--schedule", "cosin"}, {"cosin", "cosine"});
  expect({"--ignore-column", "d"}, {"\"d\""});
  expect({"--set", "training.epoch=3"}, {"Did you mean \"training.epochs\"?"});
  expect({"--set", "training.epochs"}, {"KEY=VALUE"});
  expect({"--epochs", "ten"}, {"--epochs", "a whole number", "ten"});
  expect({"--epochs", "-3"}, {"epochs"});
  expect({"--dropout", "1.5"}, {"dropout"});
  expect({"--hidden", "8,x"}, {"--hidden", "\"x\""});
  expect({"--hidden", "0"}, {"hidden"});
  expect({"--validation-split", "2"}, {"validation split"});
}

}  // namespace

}  // namespace sinapse
