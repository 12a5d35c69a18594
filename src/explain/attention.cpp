#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/attention.h>
#include <sinapse/error.h>
#include <sinapse/initializer.h>

#include "explain/integrated_gradients.h"
#include "explain/layer_gradient.h"
#include "explain/question.h"
#include "explain/rows.h"
#include "network/network.h"
#include "train/encode.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

constexpr int64_t kPointsAtOnce = 16;
constexpr double kTolerance = 1e-5;

/// How the numbers of a sample, channels first, lie on the picture.
struct Picture {
  int64_t channels = 1, height = 0, width = 0;
  int64_t places() const { return height * width; }
};

Picture picture_of(const TrainedNetwork& trained) {
  if (!trained.pixels)
    throw Error(ErrorCode::usage, "attention maps are of pictures, but the model takes a table.");
  const Shape shape = trained.pixels->network_shape();
  if (shape.size() == 2) return {1, shape[0], shape[1]};
  if (shape.size() == 3 && trained.pixels->channels != Channels::none)
    return {shape[0], shape[1], shape[2]};
  throw Error(ErrorCode::usage,
              fmt::format("attention maps are of pictures, but the model's samples are {}.",
                          to_string(shape)));
}

void require_samples(const Array& samples, const std::vector<int64_t>& chosen) {
  const int64_t count = samples.shape.empty() ? 0 : samples.shape[0];
  for (const int64_t sample : chosen) {
    if (sample >= 0 && sample < count) continue;
    throw Error(ErrorCode::usage,
                fmt::format("There is no picture {}: there are {}.", sample + 1, count));
  }
}

// Combines the channels of each place.
template <class Combine>
AttentionMap over_channels(std::span<const double> values, const Picture& picture,
                           Combine&& combine) {
  AttentionMap map{picture.height, picture.width,
                   std::vector<double>(static_cast<size_t>(picture.places()))};
  for (int64_t c = 0; c < picture.channels; ++c)
    for (int64_t i = 0; i < picture.places(); ++i)
      map.values[i] = combine(map.values[i], values[c * picture.places() + i]);
  return map;
}

double largest_size(double most, double value) {
  return std::max(most, std::abs(value));
}

// The mean over the channels in the unit of the files, from the darkest to the brightest possible.
AttentionMap brightness(std::span<const double> point, const Picture& picture,
                        const ArrayFeatures& pixels) {
  std::vector<double> original(point.begin(), point.end());
  for (size_t i = 0; i < original.size(); ++i) {
    const size_t channel = pixels.mean.size() == 1 ? 0 : i / static_cast<size_t>(picture.places());
    original[i] = original[i] / double{pixels.scale[channel]} + double{pixels.mean[channel]};
  }
  const auto [low, high] = std::minmax_element(original.begin(), original.end());
  const bool bytes = pixels.type == ElementType::uint8;
  const double from = bytes ? 0 : *low, to = bytes ? 255 : std::max(*high, *low + 1e-30);
  const double channels = static_cast<double>(picture.channels);
  return over_channels(original, picture, [=](double sum, double x) {
    return sum + std::clamp((x - from) / (to - from), 0.0, 1.0) / channels;
  });
}

double sample_at(const std::vector<double>& values, int64_t height, int64_t width, double y,
                 double x) {
  y = std::clamp(y, 0.0, static_cast<double>(height - 1));
  x = std::clamp(x, 0.0, static_cast<double>(width - 1));
  const auto y0 = static_cast<int64_t>(y), x0 = static_cast<int64_t>(x);
  const int64_t y1 = std::min(y0 + 1, height - 1), x1 = std::min(x0 + 1, width - 1);
  const double v = y - static_cast<double>(y0), u = x - static_cast<double>(x0);
  const auto at = [&](int64_t row, int64_t column) { return values[row * width + column]; };
  return (1 - v) * ((1 - u) * at(y0, x0) + u * at(y0, x1)) +
         v * ((1 - u) * at(y1, x0) + u * at(y1, x1));
}

// Pixels are squares: the outer ones of both pictures cover the same edge.
AttentionMap stretched(const std::vector<double>& values, int64_t height, int64_t width,
                       const Picture& picture) {
  AttentionMap map{picture.height, picture.width, {}};
  const double down = static_cast<double>(height) / static_cast<double>(picture.height);
  const double across = static_cast<double>(width) / static_cast<double>(picture.width);
  for (int64_t y = 0; y < picture.height; ++y)
    for (int64_t x = 0; x < picture.width; ++x)
      map.values.push_back(sample_at(values, height, width,
                                     (static_cast<double>(y) + 0.5) * down - 0.5,
                                     (static_cast<double>(x) + 0.5) * across - 0.5));
  return map;
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

// Ranks from 0, equal values sharing theirs.
std::vector<double> ranks_of(const AttentionMap& map) {
  std::vector<size_t> order(map.values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto size = [&](size_t i) { return std::abs(map.values[i]); };
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return size(a) != size(b) ? size(a) < size(b) : a < b; });
  std::vector<double> ranks(order.size());
  for (size_t first = 0; first < order.size();) {
    size_t last = first;
    while (last < order.size() && size(order[last]) == size(order[first])) ++last;
    for (size_t i = first; i < last; ++i)
      ranks[order[i]] = static_cast<double>(first + last - 1) / 2;
    first = last;
  }
  return ranks;
}

}  // namespace

std::vector<AttentionMaps> attention_maps(const Model& model, const Array& samples,
                                          const std::vector<int64_t>& chosen,
                                          const AttentionOptions& options) {
  const TrainedNetwork& trained = model.trained();
  const Picture picture = picture_of(trained);
  require_samples(samples, chosen);
  const Dataset data = copy_rows(encode_inputs(*trained.pixels, samples), chosen);
  const InputGradient network(trained, Precision::single, kPointsAtOnce);
  std::unique_ptr<LayerGradient> layer;
  if (!options.layer.empty() || LayerGradient::exists(trained))
    layer = std::make_unique<LayerGradient>(trained, options.layer);
  Team team(options.threads);
  const std::vector<double> points = network.points(data);
  const auto width = static_cast<size_t>(network.width());
  const std::vector<double> baseline(width);  // standardised: the mean colour

  std::vector<AttentionMaps> results;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const std::span<const double> point = std::span(points).subspan(i * width, width);
    const std::vector<double> outputs = network.evaluate(point, 0, team).outputs;
    const Question question = question_of(
        trained.target, "",
        options.output.empty() ? predicted_class(trained.target, outputs) : options.output,
        outputs);
    const std::vector<double> slope = network.evaluate(point, question.output, team).gradients;
    Integral integral = integrate(network, point, baseline, question.output,
                                  {kTolerance, options.max_evaluations}, team);
    for (double& value : integral.attributions) value *= question.scale;
    AttentionMaps maps{.sample = chosen[i],
                       .output = question.name,
                       .logit = integral.to * question.scale,
                       .probability = probability_of(question, outputs, trained.target),
                       .picture = brightness(point, picture, *trained.pixels),
                       .saliency = over_channels(slope, picture, largest_size),
                       .integrated = over_channels(integral.attributions, picture,
                                                   [](double sum, double x) { return sum + x; }),
                       .gap = -integral.gap() * question.scale,
                       .grad_cam = {},
                       .layer = layer ? layer->layer() : ""};
    if (layer) {
      maps.grad_cam =
          grad_cam(*layer, data, static_cast<int64_t>(i), question.output, picture, team);
    }
    results.push_back(std::move(maps));
  }
  return results;
}

Model randomised(const Model& model, uint64_t seed) {
  TrainedNetwork trained = model.trained();
  const NetworkGraph network =
      build_network(trained.network, input_descriptions(trained), /*training=*/false);
  for (const ParameterInfo& parameter : network.parameters) {
    const std::vector<double> values =
        initial_values(parameter.initializer, parameter.shape, parameter.name, seed);
    trained.weights.at(parameter.name).assign(values.begin(), values.end());
  }
  return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
}

double rank_correlation(const AttentionMap& a, const AttentionMap& b) {
  const std::vector<double> x = ranks_of(a), y = ranks_of(b);
  if (x.size() != y.size()) throw Error(ErrorCode::usage, "the maps differ in size.");
  const double mean = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

}  // namespace sinapse
