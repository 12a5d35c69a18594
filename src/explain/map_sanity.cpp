// Whether maps tell of what was learned: they must not survive random weights.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <sinapse/error.h>
#include <sinapse/initializer.h>
#include <sinapse/map_sanity.h>

#include "explain/sample_maps.h"
#include "network/network.h"

namespace sinapse {

namespace {

constexpr int64_t kEnoughForRanks = 50;  // evaluations of integrated gradients

// Ranks from 0, equal values sharing theirs.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  std::vector<double> ranks(order.size());
  for (size_t first = 0; first < order.size();) {
    size_t last = first;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (size_t i = first; i < last; ++i)
      ranks[order[i]] = static_cast<double>(first + last - 1) / 2;
    first = last;
  }
  return ranks;
}

AttentionMap sizes_of(AttentionMap map) {
  for (double& value : map.values) value = std::abs(value);
  return map;
}

std::string layer_of(const ParameterInfo& parameter) {
  return parameter.name.substr(0, parameter.name.find('.'));
}

void draw_anew(TrainedNetwork& trained, const ParameterInfo& parameter, uint64_t seed) {
  const std::vector<double> values =
      initial_values(parameter.initializer, parameter.shape, parameter.name, seed);
  trained.weights.at(parameter.name).assign(values.begin(), values.end());
}

NetworkGraph network_of(const TrainedNetwork& trained) {
  return build_network(trained.network, input_descriptions(trained), /*training=*/false);
}

// The mean over pictures and networks, one pair of maps after the other.
class MeanLikeness {
 public:
  void add(const AttentionMap& learned, const AttentionMap& random) {
    if (learned.values.empty()) return;
    sum_.values += rank_correlation(learned, random);
    sum_.sizes += rank_correlation(sizes_of(learned), sizes_of(random));
    ++count_;
  }
  MapLikeness mean() const {
    const double count = std::max(1, count_);
    return {sum_.values / count, sum_.sizes / count};
  }

 private:
  MapLikeness sum_;
  int count_ = 0;
};

constexpr std::pair<MapLikeness SanityStep::*, AttentionMap AttentionMaps::*> kMaps[] = {
    {&SanityStep::saliency, &AttentionMaps::saliency},
    {&SanityStep::integrated, &AttentionMaps::integrated},
    {&SanityStep::occlusion, &AttentionMaps::occlusion},
    {&SanityStep::grad_cam, &AttentionMaps::grad_cam}};

SanityStep compare(const std::vector<AttentionMaps>& learned,
                   const std::vector<TrainedNetwork>& random, const Dataset& data,
                   const std::vector<std::string>& classes, const AttentionOptions& options) {
  MeanLikeness likeness[std::size(kMaps)];
  for (const TrainedNetwork& network : random) {
    const std::vector<AttentionMaps> drawn = maps_of(network, data, classes, options);
    for (size_t i = 0; i < drawn.size(); ++i)
      for (size_t m = 0; m < std::size(kMaps); ++m)
        likeness[m].add(learned[i].*kMaps[m].second, drawn[i].*kMaps[m].second);
  }
  SanityStep step;
  for (size_t m = 0; m < std::size(kMaps); ++m) step.*kMaps[m].first = likeness[m].mean();
  return step;
}

}  // namespace

double rank_correlation(const AttentionMap& a, const AttentionMap& b) {
  const std::vector<double> x = ranks_of(a.values), y = ranks_of(b.values);
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

Model randomised(const Model& model, uint64_t seed) {
  TrainedNetwork trained = model.trained();
  for (const ParameterInfo& parameter : network_of(trained).parameters)
    draw_anew(trained, parameter, seed);
  return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
}

std::vector<SanityStep> map_sanity(const Model& model, const ArrayDataset& samples,
                                   const std::vector<int64_t>& chosen,
                                   const AttentionOptions& options, uint64_t seed,
                                   int64_t networks) {
  if (networks < 1) throw Error(ErrorCode::usage, "networks must be at least 1.");
  const TrainedNetwork& trained = model.trained();
  const Dataset data = encode_pictures(trained, samples, chosen);
  AttentionOptions quick = options;
  quick.max_evaluations = std::min(options.max_evaluations, kEnoughForRanks);
  const std::vector<AttentionMaps> learned = maps_of(trained, data, {}, quick);
  std::vector<std::string> classes;
  for (const AttentionMaps& maps : learned) classes.push_back(maps.output);

  const std::vector<ParameterInfo> parameters = network_of(trained).parameters;
  std::vector<TrainedNetwork> random(static_cast<size_t>(networks), trained);
  std::vector<SanityStep> steps;
  for (size_t end = parameters.size(); end > 0;) {  // from the output to the first layer
    const std::string layer = layer_of(parameters[end - 1]);
    for (; end > 0 && layer_of(parameters[end - 1]) == layer; --end)
      for (size_t n = 0; n < random.size(); ++n)
        draw_anew(random[n], parameters[end - 1], seed + n);
    steps.push_back(compare(learned, random, data, classes, quick));
    steps.back().layer = layer;
  }
  return steps;
}

}  // namespace sinapse
