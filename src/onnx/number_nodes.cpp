#include "onnx/number_nodes.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace sinapse {

namespace {

using Names = std::vector<std::string>;

constexpr int64_t kFloat = onnx::TensorProto::FLOAT;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <class T>
std::string standardise(FeatureWork& work, const std::string& scope, const std::string& x,
                        const std::vector<NumberFeature>& features) {
  std::vector<T> means, scales;
  for (const NumberFeature& feature : features) {
    means.push_back(static_cast<T>(feature.mean));
    scales.push_back(static_cast<T>(feature.scale));
  }
  const std::string centred =
      work.append("Sub", scope, {x, work.writer.table(scope + "/mean", std::span<const T>(means))});
  return work.append("Mul", scope,
                     {centred, work.writer.table(scope + "/scale", std::span<const T>(scales))});
}

// One number column, or the places of an ordered category, in the element type of its group.
std::string number_input(FeatureWork& work, const NumberFeature& feature) {
  const auto type = feature.wide ? onnx::TensorProto::DOUBLE : onnx::TensorProto::FLOAT;
  if (feature.order.empty()) return work.input(feature.column, type, "number; NaN if missing");
  const std::string text = work.input(feature.column, onnx::TensorProto::STRING,
                                      "category, as it stands in the file; empty if missing");
  std::vector<float> places(feature.order.size());
  std::iota(places.begin(), places.end(), 0.0f);
  const OnnxAttribute attributes[] = {{"keys_strings", feature.order},
                                      {"values_floats", places},
                                      {"default_float", std::numeric_limits<float>::quiet_NaN()}};
  const std::string scope = "features/" + feature.column;
  const std::string place = work.writer.ml_node("LabelEncoder", scope, {text}, attributes);
  return feature.wide ? work.append("Cast", scope, {place}, {{"to", type}}) : place;
}

// sign(x) log(1 + |x|)
std::string append_logarithm(FeatureWork& work, const std::string& scope, const std::string& x) {
  const std::string size = work.append("Abs", scope, {x});
  const std::string above_one = work.append("Add", scope, {size, work.writer.double_scalar(1)});
  const std::string logarithm = work.append("Log", scope, {above_one});
  return work.append("Mul", scope, {work.append("Sign", scope, {x}), logarithm});
}

/// From knot to knot: the first level, and the slope of each stretch times how far x has come on
/// it. Columns with fewer knots than others repeat their last one.
struct Stretches {
  std::vector<double> first_level;           // [columns]
  std::vector<double> begin, length, slope;  // [columns, stretches]
  int64_t per_column = 1;

  explicit Stretches(const std::vector<NumberFeature>& features) {
    for (const NumberFeature& feature : features)
      per_column = std::max(per_column, static_cast<int64_t>(feature.knots.size()) - 1);
    for (const NumberFeature& feature : features) {
      first_level.push_back(feature.levels[0]);
      for (int64_t k = 0; k < per_column; ++k) add(feature, static_cast<size_t>(k));
    }
  }

  void add(const NumberFeature& feature, size_t k) {
    const bool is_real = k + 1 < feature.knots.size();
    begin.push_back(feature.knots[is_real ? k : 0]);
    length.push_back(is_real ? feature.knots[k + 1] - feature.knots[k] : 0);
    slope.push_back(is_real ? (feature.levels[k + 1] - feature.levels[k]) / length.back() : 0);
  }
};

std::string append_knots(FeatureWork& work, const std::string& scope, const std::string& x,
                         const std::vector<NumberFeature>& features) {
  const Stretches stretches(features);
  const auto table = [&](const char* name, const std::vector<double>& values) {
    const std::string flat = work.writer.table(scope + name, std::span<const double>(values));
    return work.append("Reshape", scope,
                       {flat, work.writer.integers(
                                  {static_cast<int64_t>(features.size()), stretches.per_column})});
  };
  const std::string each = work.append("Unsqueeze", scope, {x, work.writer.integers({2})});
  const std::string from_begin =
      work.append("Sub", scope, {each, table("/begin", stretches.begin)});
  const std::string inside =
      work.append("Min", scope,
                  {work.append("Max", scope, {from_begin, work.writer.double_scalar(0)}),
                   table("/length", stretches.length)});
  const std::string climbed = work.append("Mul", scope, {inside, table("/slope", stretches.slope)});
  const std::string sum = work.append("ReduceSum", scope, {climbed, work.writer.integers({2})},
                                      {{"keepdims", int64_t{0}}});
  const std::string first =
      work.writer.table(scope + "/first_level", std::span<const double>(stretches.first_level));
  return work.append("Add", scope, {sum, first});
}

// y / sqrt(1 + (y / clip)^2); columns without a clip divide by infinity.
std::string append_clip(FeatureWork& work, const std::string& scope, const std::string& y,
                        const std::vector<NumberFeature>& features) {
  std::vector<float> inverse_clips, bounds;
  for (const NumberFeature& feature : features) {
    inverse_clips.push_back(feature.clip > 0 ? static_cast<float>(1 / feature.clip) : 0);
    bounds.push_back(feature.clip > 0 ? kMostBeforeClip : std::numeric_limits<float>::max());
  }
  const auto table = [&](const char* name, std::vector<float> values) {
    return work.writer.table(scope + name, std::span<const float>(values));
  };
  const std::string most = table("/most_before_clip", bounds);
  for (float& bound : bounds) bound = -bound;
  const std::string least = table("/least_before_clip", bounds);
  const std::string bounded =
      work.append("Max", scope, {work.append("Min", scope, {y, most}), least});
  const std::string share =
      work.append("Mul", scope, {bounded, table("/inverse_clip", inverse_clips)});
  const std::string square = work.append("Mul", scope, {share, share});
  const std::string root =
      work.append("Sqrt", scope, {work.append("Add", scope, {square, work.writer.scalar(1)})});
  return work.append("Div", scope, {bounded, root});
}

std::string fill_of(FeatureWork& work, const std::string& scope,
                    const std::vector<NumberFeature>& features) {
  std::vector<float> fills;
  for (const NumberFeature& feature : features) fills.push_back(static_cast<float>(feature.fill));
  if (std::all_of(fills.begin(), fills.end(), [](float fill) { return fill == 0; }))
    return work.writer.scalar(0);
  return work.writer.table(scope + "/fill", std::span<const float>(fills));
}

// Values, then marks of missing cells, of the columns of a group.
void append_numbers(FeatureWork& work, const Features& all, const NumberGroup& group,
                    Names& dense) {
  const std::string scope = group.curve == Curve::logarithm ? "features/logarithms"
                            : group.curve == Curve::knots   ? "features/quantiles"
                            : group.wide                    ? "features/wide_numbers"
                                                            : "features/numbers";
  const bool wide = group.wide;
  std::vector<NumberFeature> features;
  for (const NumberFeature& feature : all.numbers())
    if (group.holds(feature)) features.push_back(feature);
  if (features.empty()) return;

  Names inputs;
  std::vector<int64_t> varying, marking;
  for (const NumberFeature& feature : features) {
    const auto place = static_cast<int64_t>(inputs.size());
    if (feature.varies) varying.push_back(place);
    if (feature.marks_missing) marking.push_back(place);
    inputs.push_back(number_input(work, feature));
  }
  std::string x = work.concat(scope, inputs);
  std::string known;
  if (group.curve == Curve::logarithm) x = append_logarithm(work, scope, x);
  if (group.curve == Curve::knots) {
    const std::string size = work.append("Abs", scope, {x});
    known = work.append("Less", scope,
                        {size, work.writer.double_scalar(std::numeric_limits<double>::infinity())});
    x = work.append("Where", scope, {known, x, work.writer.double_scalar(0)});
    x = append_knots(work, scope, x, features);
  }
  std::string y = wide ? standardise<double>(work, scope, x, features)
                       : standardise<float>(work, scope, x, features);
  if (wide) y = work.append("Cast", scope, {y}, {{"to", kFloat}});
  if (group.curve != Curve::knots) {
    const std::string size = work.append("Abs", scope, {y});
    known = work.append("Less", scope, {size, work.writer.scalar(kInfinity)});
  }
  if (!varying.empty()) {
    const bool clips = std::any_of(features.begin(), features.end(),
                                   [](const NumberFeature& feature) { return feature.clip > 0; });
    if (clips) {
      y = work.append("Where", scope, {known, y, work.writer.scalar(0)});
      y = append_clip(work, scope, y, features);
    }
    const std::string values =
        work.append("Where", scope, {known, y, fill_of(work, scope, features)});
    dense.push_back(work.select(scope, values, features.size(), varying));
  }
  if (!marking.empty()) {
    const std::string missing = work.append("Not", scope, {known});
    const std::string marks = work.append("Cast", scope, {missing}, {{"to", kFloat}});
    dense.push_back(work.select(scope, marks, features.size(), marking));
  }
}

}  // namespace

void append_number_nodes(FeatureWork& work, const Features& features,
                         std::vector<std::string>& dense) {
  for (const NumberGroup& group : kNumberGroups) append_numbers(work, features, group, dense);
}

}  // namespace sinapse
