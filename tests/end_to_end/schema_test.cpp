// The schema of run files, asked by an independent validator.
#include <sstream>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class Schema : public EndToEnd {
 protected:
  // The validator's verdict on each file: "valid", or what is wrong.
  std::vector<std::string> verdicts(const std::vector<std::string>& files) const {
    const Outcome schema = sinapse({"schema"});
    EXPECT_EQ(schema.exit_code, 0) << schema.errors;
    std::vector<std::string> command{"/usr/bin/python3",
                                     source_path("tests/end_to_end/validate.py"),
                                     file("schema.json", schema.output)};
    command.insert(command.end(), files.begin(), files.end());
    const Outcome outcome = run_program({.command = command, .folder = path("")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    std::vector<std::string> lines;
    std::istringstream stream(outcome.output);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  std::string resolved(const std::string& name, std::vector<std::string> more) const {
    more.insert(more.end(), {"--output", path(name)});
    train(file("table.csv", mixed_csv()), "class", more);
    return path(name + "/run.yaml");
  }
};

constexpr const char* kLayers =
    "network: {layers: [{type: dense, units: 4, activation: leaky_relu(0.2), name: first},"
    "                   {type: reshape, shape: [2, -1], inputs: first}, {type: flatten}]}";

TEST_F(Schema, AcceptsWhatTheProgramWrites) {
  const std::vector<std::string> files{
      resolved("plain", {}),
      resolved("optimizer", {"--optimizer", "Momentum(momentum=0.8)", "--learning-rate", "1e-8"}),
      resolved("layers", {"--config", file("layers.yaml", kLayers)}),
      file("preset.yaml", "preset: realmlp\ntraining: {final_fit: all}"),
      source_path("tests/fuzz/corpus/run_file/all_keys.yaml"),
      source_path("tests/fuzz/corpus/run_file/json.yaml"),
  };
  EXPECT_EQ(verdicts(files), std::vector<std::string>(files.size(), "valid"));
}

TEST_F(Schema, RejectsWhatTheProgramRejects) {
  const std::vector<std::string> mistakes{
      "training: {epoch: 3}",
      "traning: {epochs: 3}",
      "training: {epochs: many}",
      "training: {optimizer: adamm}",
      "training: {schedule: cosin}",
      "training: {seed: -1}",
      "training: {final_fit: some}",
      "preset: realmpl",
      "data: {task: clustering}",
      "network: {activation: 'rellu(0.2)'}",
      "network: {layers: [{type: dens, units: 3}]}",
      "network: {layers: [{units: 3}]}",
      "network: {layers: [{type: dense, unit: 3}]}",
      "network: {layers: [{type: dense, units: three}]}",
      "network: {layers: [{type: dense, units: 3, activation: relux}]}",
  };
  std::vector<std::string> files;
  const std::string table = file("table.csv", mixed_csv());
  for (const std::string& mistake : mistakes) {
    files.push_back(file("mistake" + std::to_string(files.size()) + ".yaml", mistake));
    EXPECT_NE(sinapse({"train", table, "--target", "class", "--config", files.back()}).exit_code, 0)
        << mistake;
  }
  const auto found = verdicts(files);
  ASSERT_EQ(found.size(), mistakes.size());
  for (size_t i = 0; i < mistakes.size(); ++i) EXPECT_NE(found[i], "valid") << mistakes[i];
}

}  // namespace

}  // namespace sinapse
