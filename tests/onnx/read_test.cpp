// Reading model files: all that was written comes back, and nothing else gets in.
#include "onnx/read.h"

#include <functional>

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include "data/temporary_folder.h"
#include "network/expect_words.h"
#include "onnx/sample_models.h"
#include "onnx/write.h"

namespace sinapse {
namespace {

TrainedNetwork small_model() {
  return regression_model({layer("dense", {{"units", int64_t{2}}, {"activation", "relu"}}),
                           layer("batch_normalization"), layer("dense", {{"units", int64_t{1}}})},
                          {3});
}

/// The bytes of a small model after a change.
std::string changed(const std::function<void(onnx::ModelProto&)>& change) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(to_onnx(small_model())));
  change(model);
  return model.SerializeAsString();
}

std::string with_metadata(const std::string& key, const std::string& value) {
  return changed([&](onnx::ModelProto& model) {
    for (auto& entry : *model.mutable_metadata_props()) {
      if (entry.key() == key) entry.set_value(value);
    }
  });
}

onnx::TensorProto& weight(onnx::ModelProto& model, const std::string& name) {
  for (auto& tensor : *model.mutable_graph()->mutable_initializer()) {
    if (tensor.name() == name) return tensor;
  }
  throw std::logic_error("no " + name);
}

void expect_rejected(const std::string& bytes, std::initializer_list<std::string_view> words) {
  expect_error(ErrorCode::model, words, [&] { parse_onnx(bytes, "model.onnx"); });
}

TEST(ReadOnnx, EveryLayerComesBackExactly) {
  for (const LayerSample& sample : layer_samples()) {
    SCOPED_TRACE(sample.name);
    TrainedNetwork trained = regression_model(sample.layers, sample.sample);
    trained.record = R"({"epochs": 3})";
    const TrainedNetwork read = parse_onnx(to_onnx(trained), "test");
    EXPECT_EQ(read.network, trained.network);
    EXPECT_EQ(read.weights, trained.weights);
    EXPECT_EQ(read.record, trained.record);
    EXPECT_EQ(read.pixels->to_json(), trained.pixels->to_json());
    EXPECT_EQ(read.target.to_json(), trained.target.to_json());
    EXPECT_EQ(weights_sha256(read), weights_sha256(trained));
  }
}

TEST(ReadOnnx, EveryActivationComesBackWithItsConstants) {
  for (const ActivationDefinition* definition : activations()) {
    Activation activation = parse_activation(std::string(definition->name));
    for (double& constant : activation.constants) constant += 0.1;
    const auto trained =
        regression_model({layer("activation", {{"activation", to_string(activation)}})}, {1});
    EXPECT_EQ(parse_onnx(to_onnx(trained), "test").network, trained.network);
  }
}

TEST(ReadOnnx, TablesAndClassesComeBack) {
  Column size{.name = "size"}, color{.name = "color", .kind = ColumnKind::category};
  Column kind{.name = "kind", .kind = ColumnKind::category};
  color.categories = {"blue", "red"};
  kind.categories = {"a", "b", "c"};
  std::vector<int64_t> rows;
  for (int i = 0; i < 30; ++i) {
    size.numbers.push_back(0.5 * i);
    color.codes.push_back(i % 2);
    kind.codes.push_back(i % 3);
    rows.push_back(i);
  }
  const Table table({size, color, kind});
  TrainedNetwork trained;
  trained.features = Features::fit(table, rows, {.target = "kind"});
  trained.target = Target::fit(table, {.target = "kind"}, rows);
  trained.network = with_names(dense_network({4}, "relu", 3));
  fill_weights(trained);
  const TrainedNetwork read = parse_onnx(to_onnx(trained), "test");
  EXPECT_EQ(read.features->to_json(), trained.features->to_json());
  EXPECT_EQ(read.target.classes(), trained.target.classes());
  EXPECT_EQ(weights_sha256(read), weights_sha256(trained));
}

TEST(ReadOnnx, FilesComeBack) {
  const TemporaryFolder folder;
  const TrainedNetwork trained = small_model();
  write_onnx(trained, folder.path("model.onnx"));
  EXPECT_EQ(read_onnx(folder.path("model.onnx")).weights, trained.weights);
}

TEST(ReadOnnx, FilesThatCannotBeRead) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::file, {"no.onnx"}, [&] { read_onnx(folder.path("no.onnx")); });
  expect_error(ErrorCode::file, {folder.path("")}, [&] { read_onnx(folder.path("")); });
  const std::string empty = folder.file("empty.onnx", "");
  expect_error(ErrorCode::model, {"empty.onnx", "empty"}, [&] { read_onnx(empty); });
}

TEST(ReadOnnx, TruncatedFilesAreErrors) {
  const std::string bytes = to_onnx(small_model());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(parse_onnx(std::string_view(bytes).substr(0, size), "cut.onnx"), Error) << size;
  }
}

TEST(ReadOnnx, FlippedBitsNeverCrash) {
  std::string bytes = to_onnx(small_model());
  size_t rejected = 0;
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += 3) {
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    try {
      parse_onnx(bytes, "flipped.onnx");
    } catch (const Error&) {
      ++rejected;
    }
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
  }
  EXPECT_GT(rejected, 0u);
}

TEST(ReadOnnx, NumbersMayStandInFloatData) {
  const std::string bytes = changed([](onnx::ModelProto& model) {
    onnx::TensorProto& bias = weight(model, "dense1.bias");
    bias.clear_raw_data();
    bias.add_float_data(3);
    bias.add_float_data(4);
  });
  EXPECT_EQ(parse_onnx(bytes, "test").weights.at("dense1.bias"), (std::vector<float>{3, 4}));
}

TEST(ReadOnnx, RejectsForeignFiles) {
  expect_rejected(changed([](onnx::ModelProto& model) { model.clear_metadata_props(); }),
                  {"model.onnx", "not a model that Sinapse wrote"});
  expect_rejected("a,b,c\n1,2,3\n", {"model.onnx", "no ONNX file"});
  expect_rejected(with_metadata("sinapse.format", "2"), {"format 2", "newer"});
}

TEST(ReadOnnx, RejectsWeightsThatDoNotFit) {
  const auto with_bias = [](const std::function<void(onnx::TensorProto&)>& change) {
    return changed([&](onnx::ModelProto& model) { change(weight(model, "dense1.bias")); });
  };
  expect_rejected(with_bias([](auto& bias) { bias.set_raw_data("1234567"); }),
                  {"dense1.bias", "2 numbers", "1"});
  expect_rejected(with_bias([](auto& bias) { bias.set_dims(0, -2); }), {"dense1.bias", "[2]"});
  expect_rejected(with_bias([](auto& bias) { bias.add_dims(1); }), {"dense1.bias", "[2, 1]"});
  expect_rejected(with_bias([](auto& bias) { bias.set_data_type(onnx::TensorProto::DOUBLE); }),
                  {"dense1.bias", "float32"});
  expect_rejected(with_bias([](auto& bias) { bias.set_name("other"); }), {"dense1.bias", "absent"});
  expect_rejected(with_bias([](auto& bias) { bias.set_name("dense1.weight"); }), {"two", "dense1"});
  expect_rejected(
      with_bias([](auto& bias) { bias.set_data_location(onnx::TensorProto::EXTERNAL); }),
      {"dense1.bias", "another file"});
}

TEST(ReadOnnx, RejectsDescriptionsThatDoNotFit) {
  const std::string key = "sinapse.network";
  expect_rejected(with_metadata(key, "[{"), {"JSON"});
  expect_rejected(with_metadata(key, R"([{"type": "dens"}])"), {"dense"});
  expect_rejected(with_metadata(key, R"([{"type": "dense", "units": 1, "name": "x"}])"),
                  {"x.weight", "absent"});
  expect_rejected(with_metadata(key, R"([{"type": "flatten"}])"), {"output", "[batch, 1]"});
  expect_rejected(with_metadata("sinapse.record", "oops"), {"record"});
  expect_rejected(with_metadata("sinapse.target", "{}"), {"target"});
  expect_rejected(with_metadata("sinapse.pixels", "{}"), {"features"});
}

TEST(ReadOnnx, RejectsAbsurdSizesBeforeAllocating) {
  const std::string key = "sinapse.network";
  const std::string out = R"(, {"type": "dense", "units": 1}])";
  const std::string huge = "1000000000000";
  const auto dense = [](const std::string& units) {
    return R"([{"type": "dense", "units": )" + units + "}";
  };
  expect_rejected(with_metadata(key, dense(huge) + out), {"dense1"});
  expect_rejected(with_metadata(key, dense("2000000000") + out), {"dense1.weight"});
  expect_rejected(with_metadata(key, dense("9223372036854775807") + out), {"dense1"});
  expect_rejected(with_metadata(key, dense("-3") + out), {"units"});
  expect_rejected(with_metadata(key, R"([{"type": "embedding", "categories": -1}])"),
                  {"embedding"});
  expect_rejected(with_metadata(key, R"([{"type": "reshape", "shape": [)" + huge + ", " + huge +
                                         ", -1]}" + out),
                  {"reshape1"});
  std::string doubling = "[";
  for (int i = 0; i < 70; ++i) {
    doubling += R"({"type": "concatenate", "name": "c)" + std::to_string(i) + R"(", "inputs": [)";
    const std::string before = i == 0 ? "pixels" : "c" + std::to_string(i - 1);
    doubling += "\"" + before + "\", \"" + before + "\"]}, ";
  }
  expect_rejected(with_metadata(key, doubling + out.substr(2)), {"concatenate", "rows of"});
}

}  // namespace
}  // namespace sinapse
