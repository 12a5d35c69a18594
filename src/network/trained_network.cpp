#include "network/trained_network.h"

#include <bit>

#include <fmt/format.h>
#include <sha2.h>

#include <sinapse/error.h>

#include "network/network.h"

namespace sinapse {

static_assert(std::endian::native == std::endian::little,
              "weights are stored as they lie in memory");

std::string input_name(const std::string& column) {
  return column == "features" ? "features (column)" : column;
}

std::vector<InputDescription> input_descriptions(const TrainedNetwork& trained) {
  if (trained.pixels) return {{"pixels", trained.pixels->network_shape()}};
  std::vector<InputDescription> inputs;
  if (trained.series) {
    inputs.push_back({"window", {trained.series->window, trained.series->channels()}});
    const int64_t width = trained.series->future_width();
    if (width > 0) inputs.push_back({"future", {width}});
    return inputs;
  }
  if (trained.sequences) {
    return {{"features", {trained.sequences->longest, trained.features->width()}, true},
            {"length", {1}}};
  }
  if (trained.features->width() > 0) inputs.push_back({"features", {trained.features->width()}});
  for (const Features::Embedded& embedded : trained.features->embedded()) {
    inputs.push_back({input_name(embedded.column), {1}});
  }
  for (const TokenFeature& feature : trained.features->tokens())
    inputs.push_back({input_name(feature.column), {feature.length}, true});
  return inputs;
}

void require_rows_alone(const TrainedNetwork& trained, std::string_view who) {
  if (answers_rows_alone(trained)) return;
  const char* const rows = trained.series      ? "the steps of series"
                           : trained.sequences ? "the steps of sequences"
                                               : "pieces that go on from one another";
  throw Error(ErrorCode::usage,
              fmt::format("{} looks at each row alone, but to this model rows are {}.", who, rows));
}

std::string weights_sha256(const TrainedNetwork& trained) {
  SHA2_CTX context;
  SHA256Init(&context);
  const NetworkGraph network =
      build_network(trained.network, input_descriptions(trained), /*training=*/false);
  for (const ParameterInfo& info : network.parameters) {
    const auto found = trained.weights.find(info.name);
    if (found == trained.weights.end()) {
      throw Error(ErrorCode::model, fmt::format("The weights lack \"{}\".", info.name));
    }
    SHA256Update(&context, reinterpret_cast<const uint8_t*>(found->second.data()),
                 found->second.size() * sizeof(float));
  }
  char text[SHA256_DIGEST_STRING_LENGTH];
  return SHA256End(&context, text);
}

}  // namespace sinapse
