#include "onnx/series_nodes.h"

#include <numbers>
#include <numeric>

#include "onnx/feature_work.h"

namespace sinapse {

namespace {

constexpr int64_t kFloat = onnx::TensorProto::FLOAT, kDouble = onnx::TensorProto::DOUBLE;

class SeriesNodes {
 public:
  SeriesNodes(onnx::GraphProto& graph, const SeriesFeatures& features)
      : work_{graph, GraphWriter(graph)}, features_(features) {}

  std::vector<std::string> append(SeriesScale& scale) {
    const std::string target =
        input(features_.columns.target, kDouble, features_.window,
              "the last values, in order; a missing one is the value before it");
    scale = scale_of(target);
    std::vector<std::string> channels{
        as_channel(node("Div", {node("Sub", {target, scale.level}), scale.deviation}))};
    std::vector<std::string> future;
    for (size_t k = 0; k < features_.known.size(); ++k) {
      const std::string known =
          input(features_.columns.known[k], kDouble, features_.window + features_.horizon,
                "the same steps as the target has, then the steps to forecast");
      const std::string scaled =
          node("Div", {node("Sub", {known, work_.writer.double_scalar(features_.known[k].mean)}),
                       work_.writer.double_scalar(features_.known[k].deviation)});
      channels.push_back(as_channel(steps(scaled, 0, features_.window)));
      future.push_back(as_float(steps(scaled, features_.window, features_.horizon)));
    }
    append_cycles(future);
    std::vector<std::string> inputs{joined(channels, 2)};
    if (!future.empty()) inputs.push_back(joined(future, 1));
    return inputs;
  }

 private:
  std::string node(std::string_view type, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    return work_.append(type, "series", inputs, attributes);
  }
  std::string as_float(const std::string& x) { return node("Cast", {x}, {{"to", kFloat}}); }
  std::string as_channel(const std::string& x) {
    return node("Unsqueeze", {as_float(x), work_.writer.integers({2})});
  }
  std::string joined(const std::vector<std::string>& parts, int64_t axis) {
    return parts.size() == 1 ? parts[0] : node("Concat", parts, {{"axis", axis}});
  }
  std::string steps(const std::string& x, int64_t first, int64_t count) {
    return node("Slice", {x, work_.writer.integers({first}), work_.writer.integers({first + count}),
                          work_.writer.integers({1})});
  }

  std::string input(const std::string& column, int64_t type, int64_t columns,
                    const std::string& doc) {
    onnx::ValueInfoProto& value = *work_.graph.add_input();
    describe_value(value, work_.writer.unique(column), static_cast<int32_t>(type), {columns});
    value.set_doc_string(doc);
    return value.name();
  }

  std::string mean_over_steps(const std::string& x) {
    return node("ReduceMean", {x}, {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}});
  }

  // As SeriesFeatures::standard_of.
  SeriesScale scale_of(const std::string& target) {
    if (features_.columns.id.empty()) {
      const Standard& only = features_.standards.front();
      return {
          features_.window_level ? mean_over_steps(target) : work_.writer.double_scalar(only.mean),
          work_.writer.double_scalar(only.deviation)};
    }
    const std::string id = input(features_.columns.id, onnx::TensorProto::STRING, 1, "the series");
    std::vector<int64_t> places(features_.ids.size());
    std::iota(places.begin(), places.end(), 0);
    const OnnxAttribute attributes[] = {
        {"keys_strings", features_.ids}, {"values_int64s", places}, {"default_int64", int64_t{-1}}};
    const std::string place = work_.writer.ml_node("LabelEncoder", "series", {id}, attributes);
    const std::string zero = work_.writer.integers({0});
    const std::string is_known = node("GreaterOrEqual", {place, zero});
    const std::string row = node("Max", {place, zero});
    std::vector<double> means, deviations;
    for (const Standard& one : features_.standards) {
      means.push_back(one.mean);
      deviations.push_back(one.deviation);
    }
    const auto of_series = [&](const char* name, const std::vector<double>& values) {
      return node("Gather",
                  {work_.writer.table(std::string("series/") + name, std::span(values)), row});
    };
    const std::string mean = mean_over_steps(target);
    return {
        features_.window_level ? mean : node("Where", {is_known, of_series("mean", means), mean}),
        node("Where", {is_known, of_series("deviation", deviations), deviation_of(target, mean)})};
  }

  // Of the window; 1 if it is constant.
  std::string deviation_of(const std::string& target, const std::string& mean) {
    const std::string distance = node("Sub", {target, mean});
    const std::string deviation =
        node("Sqrt", {mean_over_steps(node("Mul", {distance, distance}))});
    const std::string varies =
        node("Greater",
             {deviation, node("Mul", {node("Abs", {mean}), work_.writer.double_scalar(1e-12)})});
    return node("Where", {varies, deviation, work_.writer.double_scalar(1)});
  }

  void append_cycles(std::vector<std::string>& future) {
    const std::vector<double> periods = features_.periods();
    if (periods.empty()) return;
    const std::string time = input(features_.columns.time, kDouble, 1,
                                   "the first step to forecast, in seconds since 1970-01-01 UTC");
    for (const double period : periods) {
      const std::string turns = node("Div", {time, work_.writer.double_scalar(period)});
      const std::string part = node("Sub", {turns, node("Floor", {turns})});
      const std::string angle =
          as_float(node("Mul", {part, work_.writer.double_scalar(2 * std::numbers::pi)}));
      future.push_back(node("Sin", {angle}));
      future.push_back(node("Cos", {angle}));
    }
  }

  FeatureWork work_;
  const SeriesFeatures& features_;
};

}  // namespace

std::vector<std::string> append_series_nodes(onnx::GraphProto& graph,
                                             const SeriesFeatures& features, SeriesScale& scale) {
  return SeriesNodes(graph, features).append(scale);
}

void append_forecast_nodes(onnx::GraphProto& graph, const SeriesFeatures& features,
                           const SeriesScale& scale, const std::string& outputs) {
  FeatureWork work{graph, GraphWriter(graph)};
  const auto node = [&](std::string_view type, const std::vector<std::string>& inputs,
                        const std::vector<OnnxAttribute>& attributes = {}) {
    return work.append(type, "target", inputs, attributes);
  };
  const std::string wide = node("Cast", {outputs}, {{"to", kDouble}});
  const std::string values = node(
      "Cast", {node("Add", {node("Mul", {wide, scale.deviation}), scale.level})}, {{"to", kFloat}});
  const std::string name = work.writer.unique(features.columns.target + "_predictions");
  onnx::NodeProto& result = *graph.add_node();
  result.set_op_type("Identity");
  result.set_name(name);
  result.add_input(values);
  result.add_output(name);
  describe_value(*graph.add_output(), name, static_cast<int32_t>(kFloat), {features.horizon});
}

}  // namespace sinapse
