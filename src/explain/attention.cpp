#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/attention.h>
#include <sinapse/error.h>

#include "explain/integrated_gradients.h"
#include "explain/layer_gradient.h"
#include "explain/occlusion.h"
#include "explain/picture_maps.h"
#include "explain/question.h"
#include "explain/rows.h"
#include "explain/sample_maps.h"
#include "train/encode.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

constexpr int64_t kPointsAtOnce = 16;
constexpr double kTolerance = 1e-5;

void require_samples(const Array& samples, const std::vector<int64_t>& chosen) {
  const int64_t count = samples.shape.empty() ? 0 : samples.shape[0];
  for (const int64_t sample : chosen) {
    if (sample >= 0 && sample < count) continue;
    throw Error(ErrorCode::usage,
                fmt::format("There is no picture {}: there are {}.", sample + 1, count));
  }
}

double largest_size(double most, double value) {
  return std::max(most, std::abs(value));
}

AttentionMap grad_cam(const LayerGradient& layer, const Dataset& data, int64_t row, int64_t output,
                      const Picture& picture, Team& team) {
  const Shape shape = layer.shape();
  const int64_t places = shape[1] * shape[2];
  const LayerGradient::Values values = layer.evaluate(data, row, output, team);
  std::vector<double> sum(static_cast<size_t>(places));
  for (int64_t c = 0; c < shape[0]; ++c) {
    const auto first = values.gradients.begin() + c * places;
    const double weight = std::accumulate(first, first + places, 0.0) / static_cast<double>(places);
    for (int64_t i = 0; i < places; ++i) sum[i] += weight * values.activations[c * places + i];
  }
  for (double& value : sum) value = std::max(value, 0.0);
  return stretched(sum, shape[1], shape[2], picture);
}

double probability_of(const Question& question, const std::vector<double>& outputs,
                      const Target& target) {
  const std::vector<float> narrow(outputs.begin(), outputs.end());
  const std::vector<double> probabilities = probabilities_of(narrow, target);
  const auto& classes = target.classes();
  return probabilities[static_cast<size_t>(
      std::find(classes.begin(), classes.end(), question.name) - classes.begin())];
}

// By name, of classes that share one output; else empty, and the largest output is meant.
std::string predicted_class(const Target& target, const std::vector<double>& outputs) {
  return target.task() == Task::binary ? target.classes()[outputs[0] > 0 ? 1 : 0] : "";
}

}  // namespace

Dataset encode_pictures(const TrainedNetwork& trained, const Array& samples,
                        const std::vector<int64_t>& chosen) {
  picture_of(trained);
  require_samples(samples, chosen);
  return copy_rows(encode_inputs(*trained.pixels, samples), chosen);
}

Dataset encode_pictures(const TrainedNetwork& trained, const ArrayDataset& samples,
                        const std::vector<int64_t>& chosen) {
  picture_of(trained);
  require_samples(samples.inputs, chosen);
  return copy_rows(encode_inputs(*trained.pixels, samples), chosen);
}

std::vector<AttentionMaps> maps_of(const TrainedNetwork& trained, const Dataset& data,
                                   const std::vector<std::string>& classes,
                                   const AttentionOptions& options) {
  const Picture picture = picture_of(trained);
  const InputGradient network(trained, Precision::single, kPointsAtOnce);
  std::unique_ptr<LayerGradient> layer;
  if (!options.layer.empty() || LayerGradient::exists(trained))
    layer = std::make_unique<LayerGradient>(trained, options.layer);
  Team team(options.threads);
  const std::vector<double> points = network.points(data);
  const auto width = static_cast<size_t>(network.width());
  const std::vector<double> baseline(width);  // standardised: the mean colour

  std::vector<AttentionMaps> results;
  for (size_t i = 0; i < static_cast<size_t>(data.rows); ++i) {
    const std::string& wanted = classes.empty() ? options.output : classes[i];
    const std::span<const double> point = std::span(points).subspan(i * width, width);
    const std::vector<double> outputs = network.evaluate(point, 0, team).outputs;
    const Question question =
        question_of(trained.target, "",
                    wanted.empty() ? predicted_class(trained.target, outputs) : wanted, outputs);
    const std::vector<double> slope = network.evaluate(point, question.output, team).gradients;
    Integral integral = integrate(network, point, baseline, question.output,
                                  {kTolerance, options.max_evaluations}, team);
    for (double& value : integral.attributions) value *= question.scale;
    AttentionMaps maps{.sample = static_cast<int64_t>(i),
                       .output = question.name,
                       .logit = integral.to * question.scale,
                       .probability = probability_of(question, outputs, trained.target),
                       .picture = brightness(point, picture, *trained.pixels),
                       .saliency = over_channels(slope, picture, largest_size),
                       .integrated = over_channels(integral.attributions, picture,
                                                   [](double sum, double x) { return sum + x; }),
                       .gap = -integral.gap() * question.scale,
                       .occlusion = occlusion(network, point, baseline, picture, question.output,
                                              options.patch, team),
                       .grad_cam = {},
                       .layer = layer ? layer->layer() : ""};
    for (double& value : maps.occlusion.values) value *= question.scale;
    if (layer) {
      maps.grad_cam =
          grad_cam(*layer, data, static_cast<int64_t>(i), question.output, picture, team);
    }
    results.push_back(std::move(maps));
  }
  return results;
}

namespace {

std::vector<AttentionMaps> numbered(std::vector<AttentionMaps> all,
                                    const std::vector<int64_t>& chosen) {
  for (size_t i = 0; i < all.size(); ++i) all[i].sample = chosen[i];
  return all;
}

}  // namespace

std::vector<AttentionMaps> attention_maps(const Model& model, const Array& samples,
                                          const std::vector<int64_t>& chosen,
                                          const AttentionOptions& options) {
  const TrainedNetwork& trained = model.trained();
  return numbered(maps_of(trained, encode_pictures(trained, samples, chosen), {}, options), chosen);
}

std::vector<AttentionMaps> attention_maps(const Model& model, const ArrayDataset& samples,
                                          const std::vector<int64_t>& chosen,
                                          const AttentionOptions& options) {
  const TrainedNetwork& trained = model.trained();
  return numbered(maps_of(trained, encode_pictures(trained, samples, chosen), {}, options), chosen);
}

}  // namespace sinapse
