// Model files carried out by ONNX Runtime, many in one process: starting it costs more than
// running.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <onnx/onnx_pb.h>

#include "data/temporary_folder.h"
#include "paths.h"

namespace sinapse {

inline std::string onnx_runtime_folder() {
  return source_path("tests/onnx_runtime");
}

inline bool has_onnx_runtime() {
  return std::filesystem::exists(onnx_runtime_folder() + "/node_modules/onnxruntime-node");
}

#define REQUIRE_ONNX_RUNTIME() \
  if (!has_onnx_runtime()) FAIL() << "run scripts/install-node-modules first"

/// A model file's bytes and its inputs in the form that tests/onnx_runtime/run_model.mjs reads.
struct RuntimeJob {
  std::string model;
  nlohmann::json inputs;
};

/// The outputs of each job: {"<output>": {"type": ..., "shape": [...], "data": [...]}, ...}.
inline std::vector<nlohmann::json> run_in_onnx_runtime(const std::vector<RuntimeJob>& jobs) {
  const TemporaryFolder folder;
  std::string command = "node '" + onnx_runtime_folder() + "/run_model.mjs'";
  for (size_t i = 0; i < jobs.size(); ++i) {
    const std::string name = std::to_string(i);
    command += " '" + folder.file(name + ".onnx", jobs[i].model) + "'";
    command += " '" + folder.file(name + ".json", jobs[i].inputs.dump()) + "'";
  }
  command += " > '" + folder.path("outputs") + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream lines(folder.path("outputs"));
  std::vector<nlohmann::json> outputs;
  for (std::string line; std::getline(lines, line);) outputs.push_back(nlohmann::json::parse(line));
  outputs.resize(jobs.size());
  return outputs;
}

/// JSON has no infinity and no NaN; there they stand as texts.
inline nlohmann::json json_number(double x) {
  if (std::isfinite(x)) return x;
  return std::isnan(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity";
}
inline double number_of(const nlohmann::json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// The job of a model with one input tensor.
inline RuntimeJob job_of(const std::string& model, const std::vector<float>& samples,
                         std::vector<int64_t> sample_shape) {
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(model));
  int64_t row = 1;
  for (const int64_t size : sample_shape) row *= size;
  sample_shape.insert(sample_shape.begin(), static_cast<int64_t>(samples.size()) / row);
  nlohmann::json data = nlohmann::json::array();
  for (const float x : samples) data.push_back(json_number(x));
  return {model, {{proto.graph().input(0).name(), {{"data", data}, {"shape", sample_shape}}}}};
}

/// The numbers of the first float output.
inline std::vector<double> numbers_of(const nlohmann::json& outputs) {
  std::vector<double> numbers;
  for (const auto& [name, tensor] : outputs.items()) {
    if (tensor["type"] != "float32") continue;
    for (const nlohmann::json& value : tensor["data"]) numbers.push_back(number_of(value));
    break;
  }
  return numbers;
}

}  // namespace sinapse
