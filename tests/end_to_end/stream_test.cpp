// sinapse predict --stream: rows are answered one by one, with a context for each key.
#include <cmath>

#include <fmt/format.h>

#include <sinapse/session.h>
#include <sinapse/trainer.h>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {
namespace {

using Stream = EndToEnd;

Model sequence_model(uint64_t seed = 1) {
  NetworkDescription network;
  network.layers = {{"lstm", "", {}, {{"units", int64_t{6}}}},
                    {"dense", "output", {}, {{"units", int64_t{1}}}}};
  return Trainer(network, {10, 2}, {.loss = "binary_crossentropy", .seed = seed, .threads = 1})
      .model({"no", "yes"});
}

// Rows of three devices, mixed; column `device` stands between the numbers.
std::vector<std::string> device_rows() {
  std::vector<std::string> rows;
  for (int i = 0; i < 30; ++i)
    rows.push_back(
        fmt::format("{:.3f},{},{:.3f}\n", std::sin(i * 1.7), "abc"[i * i % 3], std::cos(i * 0.9)));
  return rows;
}

std::string joined(const std::vector<std::string>& rows, size_t first, size_t last) {
  std::string csv = "x,device,y\n";
  for (size_t i = first; i < last; ++i) csv += rows[i];
  return csv;
}

std::string lines_after_head(const std::string& csv) {
  return csv.substr(csv.find('\n') + 1);
}

TEST_F(Stream, EachKeyHasTheAnswersOfItsOwnSession) {
  const Model model = sequence_model();
  model.save(path("m.onnx"));
  const auto rows = device_rows();
  const Outcome outcome = sinapse({"predict", "m.onnx", "-", "--stream", "--state-by", "device"},
                                  file("in.csv", joined(rows, 0, rows.size())));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto cells = cells_of(outcome.output);
  ASSERT_EQ(cells.size(), rows.size() + 1);
  EXPECT_EQ(cells[0][0], "device");
  std::map<std::string, Session> sessions;
  const Session fresh(model);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = cells_of(rows[i])[0];
    const float numbers[] = {std::stof(row[0]), std::stof(row[2])};
    const auto answer = sessions.try_emplace(row[1], fresh).first->second.step(numbers);
    EXPECT_EQ(cells[i + 1][0], row[1]);
    EXPECT_EQ(std::stof(cells[i + 1][3]), answer[1]) << i;
  }
}

TEST_F(Stream, AStateOnDiskGoesOnToTheSameBytes) {
  sequence_model().save(path("m.onnx"));
  const auto rows = device_rows();
  const std::vector<std::string> command = {"predict",  "m.onnx",     "-",
                                            "--stream", "--state-by", "device"};
  const auto run = [&](const std::string& input, const std::vector<std::string>& more) {
    auto arguments = command;
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = sinapse(arguments, file("in.csv", input));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return lines_after_head(outcome.output);
  };
  const std::string whole = run(joined(rows, 0, 30), {});
  const std::string first = run(joined(rows, 0, 17), {"--save-state", "s.safetensors"});
  const std::string second = run(joined(rows, 17, 30), {"--load-state", "s.safetensors"});
  EXPECT_EQ(first + second, whole);

  sequence_model(2).save(path("other.onnx"));
  expect_failure(sinapse({"predict", "other.onnx", "-", "--stream", "--state-by", "device",
                          "--load-state", "s.safetensors"},
                         path("in.csv")),
                 1, {"s.safetensors", "another model"});
}

TEST_F(Stream, TablesAreAnsweredRowByRow) {
  file("table.csv", regression_csv(60));
  train("table.csv", "y");
  const std::string whole = sinapse({"predict", "run", "table.csv"}).output;
  expect_failure(sinapse({"predict", "run", "-"}), 2, {"--stream"});
  const Outcome outcome = sinapse({"predict", "run", "-", "--stream"}, path("table.csv"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, whole);
}

TEST_F(Stream, MistakesAreNamed) {
  sequence_model().save(path("m.onnx"));
  const auto fails = [&](const std::string& input, const std::vector<std::string>& words) {
    const Outcome outcome = sinapse({"predict", "m.onnx", "-", "--stream"}, file("in.csv", input));
    EXPECT_EQ(outcome.exit_code, 1);
    for (const std::string& word : words)
      EXPECT_NE(outcome.errors.find(word), std::string::npos) << outcome.errors;
  };
  fails("", {"standard input", "first line"});
  fails("x,y\n1,2\n1,low\n", {"standard input:3", "\"y\""});
  fails("x,y\n1,2\n\n1,\n", {"standard input:4", "\"y\"", "missing"});
  fails("x,y,z\n1,2,3\n", {"standard input:2", "takes 2", "--state-by"});
  expect_failure(sinapse({"predict", "m.onnx", "in.csv", "--stream"}), 2, {"give - as DATA"});
  expect_failure(sinapse({"predict", "m.onnx", "in.csv", "--state-by", "x"}), 2, {"--stream"});
}

}  // namespace
}  // namespace sinapse
