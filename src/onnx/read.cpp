#include "onnx/read.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unordered_map>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>
#include <sys/stat.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "network/description_json.h"
#include "network/network.h"
#include "network/sequence_steps.h"
#include "onnx/metadata.h"

namespace sinapse {

namespace {

constexpr size_t kMaxBytes = (size_t{1} << 31) - 1;  // of a protobuf message

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::model, message);
}

[[noreturn]] void fail_to_read(const std::string& path) {
  throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, std::strerror(errno)));
}

std::string read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  struct stat status {};
  if (!file || ::fstat(::fileno(file.get()), &status) != 0) fail_to_read(path);
  std::string bytes;
  size_t size = 0;
  do {  // a pipe does not tell its size
    const size_t left = status.st_size > static_cast<off_t>(size) ? status.st_size - size : 0;
    bytes.resize(std::min(size + std::max(left + 1, size_t{1} << 16), kMaxBytes + 1));
    size += std::fread(bytes.data() + size, 1, bytes.size() - size, file.get());
  } while (size == bytes.size() && size <= kMaxBytes);
  if (std::ferror(file.get())) fail_to_read(path);
  bytes.resize(size);
  return bytes;
}

onnx::ModelProto parse_protobuf(std::string_view bytes) {
  onnx::ModelProto model;
  if (bytes.empty()) fail("the file is empty.");
  if (bytes.size() > kMaxBytes) fail("the file exceeds 2 GB, the limit of ONNX files.");
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    fail("the file is damaged or cut off, or no ONNX file.");
  }
  return model;
}

class Metadata {
 public:
  explicit Metadata(const onnx::ModelProto& model) {
    for (const auto& entry : model.metadata_props()) values_.emplace(entry.key(), &entry.value());
    const std::string* format = find(kFormatKey);
    if (format == nullptr) {
      fail(
          "this is not a model that Sinapse wrote: it lacks the description of the network. "
          "Only such files can be loaded.");
    }
    if (*format != kFormat) {
      fail(fmt::format("the file has format {} of a newer Sinapse; this version reads format {}.",
                       *format, kFormat));
    }
  }

  const std::string* find(const char* key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : found->second;
  }
  const std::string& at(const char* key) const {
    const std::string* value = find(key);
    if (value == nullptr) fail(fmt::format("the file is damaged: it lacks \"{}\".", key));
    return *value;
  }

 private:
  std::unordered_map<std::string_view, const std::string*> values_;
};

NetworkDescription parse_network(const std::string& text) {
  const nlohmann::json layers = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (layers.is_discarded()) fail("the file is damaged: the network is no JSON.");
  return network_from_json(layers);
}

void check_loss(const TrainedNetwork& trained) {
  try {
    const Loss loss = choose_loss(trained.loss, trained.target.task());
    if (loss.definition->form == trained.target.form()) return;
  } catch (const Error& error) {
    fail(fmt::format("the file is damaged: {}", error.what()));
  }
  fail(fmt::format("the file is damaged: the loss {} does not fit the target.", trained.loss));
}

// Steps have dense inputs alone.
void check_steps(const Features& features) {
  if (features.width() > 0 && features.embedded().empty() && features.texts().empty() &&
      features.tokens().empty())
    return;
  fail("the file is damaged: the steps of its sequences have other inputs than numbers.");
}

TrainedNetwork parse_description(const Metadata& metadata) {
  TrainedNetwork trained;
  trained.network = parse_network(metadata.at(kNetworkKey));
  if (const std::string* pixels = metadata.find(kPixelsKey)) {
    trained.pixels = ArrayFeatures::from_json(*pixels);
  } else if (const std::string* series = metadata.find(kSeriesKey)) {
    trained.series = SeriesFeatures::from_json(*series);
  } else {
    trained.features = Features::from_json(metadata.at(kFeaturesKey));
    if (const std::string* sequences = metadata.find(kSequencesKey)) {
      trained.sequences = SequenceColumns::from_json(*sequences);
      check_steps(*trained.features);
    }
  }
  trained.target = Target::from_json(metadata.at(kTargetKey));
  if (const std::string* weighting = metadata.find(kWeightingKey)) {
    trained.weighting = Weighting::from_json(*weighting, trained.target);
  }
  if (const std::string* column = metadata.find(kStatefulKey)) {
    trained.stateful = true;
    trained.stream_column = *column;
  }
  if (const std::string* loss = metadata.find(kLossKey)) trained.loss = *loss;
  check_loss(trained);
  trained.record = metadata.at(kRecordKey);
  if (!nlohmann::json::accept(trained.record)) fail("the file is damaged: the record is no JSON.");
  return trained;
}

using Initializers = std::unordered_map<std::string_view, const onnx::TensorProto*>;

Initializers initializers_of(const onnx::ModelProto& model) {
  Initializers initializers;
  for (const onnx::TensorProto& tensor : model.graph().initializer()) {
    if (!initializers.emplace(tensor.name(), &tensor).second) {
      fail(fmt::format("two initializers are named \"{}\".", tensor.name()));
    }
  }
  return initializers;
}

void check_tensor(const onnx::TensorProto& tensor, const Shape& expected) {
  const std::string& name = tensor.name();
  const Shape shape(tensor.dims().begin(), tensor.dims().end());
  if (shape != expected) {
    fail(fmt::format("\"{}\" should be {} by the description, but is {}.", name,
                     to_string(expected), to_string(shape)));
  }
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
    fail(fmt::format("\"{}\" lies in another file; only weights in the file itself are read.",
                     name));
  }
  if (tensor.data_type() != onnx::TensorProto::FLOAT || tensor.has_segment()) {
    fail(fmt::format("\"{}\" should hold float32 numbers.", name));
  }
}

std::vector<float> values_of(const onnx::TensorProto& tensor, const Shape& shape) {
  check_tensor(tensor, shape);
  const auto count = static_cast<size_t>(row_size(shape));
  const std::string& raw = tensor.raw_data();
  const bool is_raw = tensor.has_raw_data();
  const size_t present = is_raw ? raw.size() / sizeof(float) : tensor.float_data_size();
  if (present != count || (is_raw && raw.size() != count * sizeof(float))) {
    fail(fmt::format("\"{}\" should hold {} numbers, but the file has {}.", tensor.name(), count,
                     present));
  }
  if (!is_raw) return {tensor.float_data().begin(), tensor.float_data().end()};
  std::vector<float> values(count);
  std::memcpy(values.data(), raw.data(), raw.size());
  return values;
}

// Building the graph allocates no weights: their sizes are compared with the file's first.
void take_weights(TrainedNetwork& trained, const onnx::ModelProto& model) {
  const NetworkGraph network =
      build_network(trained.network, input_descriptions(trained), /*training=*/false);
  if (trained.series && trained.series->horizon != trained.target.num_outputs()) {
    fail("the file is damaged: the target has other steps than the horizon.");
  }
  const bool tokens = trained.features && !trained.features->tokens().empty();
  if (trained.sequences || tokens) require_any_steps(trained.network, input_descriptions(trained));
  Shape output = batched({trained.target.num_outputs()});
  if (trained.sequences && trained.sequences->per_row)
    output = batched({trained.sequences->longest, trained.target.num_outputs()});
  if (network.graph.shape(network.output) != output) {
    fail(fmt::format("the network's output should be {}, but is {}.", to_string(output),
                     to_string(network.graph.shape(network.output))));
  }
  const Initializers initializers = initializers_of(model);
  for (const ParameterInfo& info : network.parameters) {
    const auto found = initializers.find(info.name);
    if (found == initializers.end()) fail(fmt::format("the weights \"{}\" are absent.", info.name));
    trained.weights[info.name] = values_of(*found->second, info.shape);
  }
}

}  // namespace

TrainedNetwork read_onnx(const std::string& path) {
  return parse_onnx(read_file(path), path);
}

TrainedNetwork parse_onnx(std::string_view bytes, const std::string& source) {
  try {
    const onnx::ModelProto model = parse_protobuf(bytes);
    TrainedNetwork trained = parse_description(Metadata(model));
    take_weights(trained, model);
    return trained;
  } catch (const Error& error) {
    throw Error(ErrorCode::model, fmt::format("{}: {}", source, error.what()));
  }
}

}  // namespace sinapse
