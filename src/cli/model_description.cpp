#include "cli/model_description.h"

#include "cli/layer_table.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const FieldValue& value) {
  return std::visit([](const auto& typed) { return Json(typed); }, value);
}

Json describe(const LayerSummary& layer) {
  Json fields = Json::object();
  for (const auto& [name, value] : layer.fields) fields[name] = to_json(value);
  Json shape = Json::array();
  for (const int64_t size : layer.output_shape) {
    shape.push_back(size == kBatch ? Json("batch") : Json(size));
  }
  return {{"name", layer.name},
          {"type", layer.type},
          {"inputs", layer.inputs},
          {"output_shape", shape},
          {"shape", to_string(layer.output_shape)},
          {"parameters", layer.num_parameters},
          {"multiply_adds", layer.multiply_adds},
          {"bytes", layer.bytes()},
          {"activation", activation_of(layer)},
          {"fields", fields}};
}

Json count_parameters(const Model& model) {
  int64_t total = 0;
  for (const auto& [name, values] : model.trained().weights) {
    total += static_cast<int64_t>(values.size());
  }
  const int64_t trainable = model.num_parameters();
  return {{"total", total}, {"trainable", trainable}, {"non_trainable", total - trainable}};
}

Json describe(const NumberFeature& feature) {
  Json json = {{"column", feature.column}, {"kind", "number"}};
  if (!feature.order.empty()) json["order"] = feature.order;
  if (!feature.varies) {
    json["encoding"] = "whether it is missing";
  } else if (feature.curve == Curve::knots) {
    json["encoding"] = "quantiles";
    json["quantiles"] = feature.knots.size();
  } else {
    json["encoding"] = feature.curve == Curve::none ? "(x - mean) / deviation"
                                                    : "(sign(x) log(1 + |x|) - mean) / deviation";
    json["mean"] = feature.mean;
    json["deviation"] = 1 / feature.scale;
    if (feature.clip > 0) json["clip"] = feature.clip;
  }
  json["marks_missing"] = feature.marks_missing;
  return json;
}

Json describe(const CategoryFeature& feature) {
  return {{"column", feature.column},
          {"kind", "category"},
          {"encoding", feature.embedded() ? "embedding" : "one-hot"},
          {"dimension", feature.embedded() ? feature.dimension : feature.num_places()},
          {"categories", feature.categories},
          {"marks_missing", feature.has_missing_place},
          {"marks_unknown", true}};
}

Json describe(const DateFeature& feature) {
  Json json = {{"column", feature.column},
               {"kind", "date"},
               {"encoding", "elapsed time and cycles"},
               {"format", feature.format},
               {"inputs", feature.names()}};
  if (feature.elapsed) {
    json["mean_seconds"] = feature.elapsed->mean;
    json["deviation_seconds"] = 1 / feature.elapsed->scale;
  }
  if (feature.year) {
    json["mean_year"] = feature.year->mean;
    json["deviation_year"] = 1 / feature.year->scale;
  }
  json["marks_missing"] = feature.marks_missing;
  return json;
}

Json describe(const TextFeature& feature) {
  return {{"column", feature.column},
          {"kind", "text"},
          {"encoding", feature.weights},
          {"tokens", feature.characters ? "characters" : "words"},
          {"ngrams", {feature.shortest, feature.longest}},
          {"dimension", feature.width()}};
}

Json describe(const TokenFeature& feature) {
  return {{"column", feature.column},      {"kind", "text"},
          {"encoding", "tokens in order"}, {"tokens", feature.unit()},
          {"length", feature.length},      {"vocabulary", feature.vocabulary.size()}};
}

Json describe(const SeriesFeatures& series) {
  return {{"column", series.columns.target},
          {"kind", "series"},
          {"encoding", series.window_level ? "(x - mean of the window) / deviation"
                                           : "(x - mean of the series) / deviation"},
          {"step", series.step.to_text()},
          {"window", series.window},
          {"horizon", series.horizon},
          {"gap", series.gap},
          {"season", series.season},
          {"known", series.columns.known},
          {"series", series.ids.size()}};
}

Json describe_features(const TrainedNetwork& trained) {
  Json features = Json::array();
  if (trained.pixels) {
    const ArrayFeatures& pixels = *trained.pixels;
    std::vector<float> deviations;
    for (const float scale : pixels.scale) deviations.push_back(1 / scale);
    features.push_back({{"column", "pixels"},
                        {"kind", name_of(pixels.type)},
                        {"encoding", "(x - mean) / deviation"},
                        {"shape", pixels.shape},
                        {"mean", pixels.mean},
                        {"deviation", deviations}});
    if (pixels.num_channels() == 1) {
      features.back()["mean"] = pixels.mean[0];
      features.back()["deviation"] = deviations[0];
    } else {
      features.back()["channels"] = pixels.channels == Channels::last ? "last" : "first";
    }
  }
  if (trained.series) features.push_back(describe(*trained.series));
  if (!trained.features) return features;
  for (const auto& feature : trained.features->numbers()) features.push_back(describe(feature));
  for (const auto& feature : trained.features->categories()) features.push_back(describe(feature));
  for (const auto& feature : trained.features->dates()) features.push_back(describe(feature));
  for (const auto& feature : trained.features->texts()) features.push_back(describe(feature));
  for (const auto& feature : trained.features->tokens()) features.push_back(describe(feature));
  for (const auto& [left, right] : trained.features->interactions())
    features.push_back({{"column", left + " x " + right},
                        {"kind", "interaction"},
                        {"encoding", "products of their inputs"}});
  return features;
}

Json describe(const TargetColumn& column) {
  Json json = {{"column", column.name}};
  if (column.classes.empty()) {
    json["mean"] = column.mean;
    json["deviation"] = column.deviation;
  } else {
    json["classes"] = column.classes;
  }
  return json;
}

// One target's fields, or those of each of several.
Json describe(const Target& target) {
  Json json = {{"task", name_of(target.task())}, {"form", name_of(target.form())}};
  if (target.is_one()) {
    json.update(describe(target.columns().front()));
  } else {
    for (const TargetColumn& column : target.columns()) json["columns"].push_back(describe(column));
  }
  return json;
}

Json describe(const Weighting& weighting) {
  Json json = Json::object();
  if (!weighting.column.empty()) json["column"] = weighting.column;
  if (!weighting.class_weights.empty()) json["class_weights"] = weighting.class_weights;
  return json;
}

Json describe_inputs(const TrainedNetwork& trained) {
  Json inputs = Json::array();
  for (const InputDescription& input : input_descriptions(trained)) {
    inputs.push_back({{"name", input.name}, {"shape", input.row_shape}});
  }
  return inputs;
}

}  // namespace

Json describe_model(const Model& model) {
  const TrainedNetwork& trained = model.trained();
  Json layers = Json::array();
  for (const LayerSummary& layer : model.layers()) layers.push_back(describe(layer));
  return {{"layers", layers},
          {"parameters", count_parameters(model)},
          {"inputs", describe_inputs(trained)},
          {"features", describe_features(trained)},
          {"target", describe(trained.target)},
          {"weighting", describe(trained.weighting)},
          {"training", Json::parse(trained.record, nullptr, false)},
          {"weights_sha256", model.weights_sha256()}};
}

}  // namespace sinapse::cli
