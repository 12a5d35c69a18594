#include "report/summaries.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "graph/operator.h"

namespace sinapse {

namespace {

constexpr int kBuckets = 30;

struct Histogram {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  double count = 0, sum = 0, squares = 0;
  std::vector<double> limits, counts;
};

Histogram histogram_of(std::span<const float> values) {
  Histogram histogram;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    histogram.low = std::min<double>(histogram.low, value);
    histogram.high = std::max<double>(histogram.high, value);
    ++histogram.count;
    histogram.sum += value;
    histogram.squares += double{value} * value;
  }
  if (histogram.count == 0) histogram.low = histogram.high = 0;
  const double width = (histogram.high - histogram.low) / kBuckets;
  const int buckets = width > 0 ? kBuckets : 1;
  for (int i = 1; i < buckets; ++i) histogram.limits.push_back(histogram.low + i * width);
  histogram.limits.push_back(std::nextafter(histogram.high, INFINITY));
  histogram.counts.assign(static_cast<size_t>(buckets), 0);
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double place = width > 0 ? (value - histogram.low) / width : 0;
    ++histogram.counts[std::min(static_cast<size_t>(place), histogram.counts.size() - 1)];
  }
  return histogram;
}

Message shape_message(const Shape& shape) {
  Message message;
  for (const int64_t size : shape) message.message(2, Message().whole(1, size));  // dim
  return message;
}

Message entry(std::string_view key, const Message& value) {
  return Message().bytes(1, key).message(2, value);
}

std::string_view kind_text(ValueKind kind) {
  switch (kind) {
    case ValueKind::parameter:
      return "Parameter";
    case ValueKind::state:
      return "State";
    default:
      return "Input";
  }
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Values of the plugin have no number, only its data.
Message hparams_value(const std::string& tag, const Message& data) {
  const Message plugin = Message().bytes(1, "hparams").bytes(2, data.str());
  return Message().bytes(1, tag).message(9, Message().message(1, plugin));
}

}  // namespace

Message scalar_value(const std::string& tag, double value) {
  return Message().bytes(1, tag).small_number(2, static_cast<float>(value));
}

Message histogram_value(const std::string& tag, std::span<const float> values) {
  const Histogram histogram = histogram_of(values);
  return Message().bytes(1, tag).message(5, Message()
                                                .number(1, histogram.low)
                                                .number(2, histogram.high)
                                                .number(3, histogram.count)
                                                .number(4, histogram.sum)
                                                .number(5, histogram.squares)
                                                .numbers(6, histogram.limits)
                                                .numbers(7, histogram.counts));
}

Message png_value(const std::string& tag, const std::string& png) {
  constexpr int64_t kRgb = 3;
  constexpr size_t kWidth = 16, kHeight = 20;  // where they stand in a PNG file, big endian
  const auto size_at = [&](size_t at) {
    int64_t size = 0;
    for (size_t i = at; i < at + 4; ++i) size = size << 8 | static_cast<uint8_t>(png.at(i));
    return size;
  };
  return Message().bytes(1, tag).message(
      4,
      Message().whole(1, size_at(kHeight)).whole(2, size_at(kWidth)).whole(3, kRgb).bytes(4, png));
}

// Every value that no node makes is a node, too. Nodes of a layer stand together: "dense1/Gemm".
Message graph_message(const Graph& graph) {
  std::vector<std::string> names(graph.values().size());
  Message message;
  const auto add = [&](const std::string& name, std::string_view op,
                       const std::vector<std::string>& inputs, const Shape& shape) {
    Message node = Message().bytes(1, name).bytes(2, op);
    for (const std::string& input : inputs) node.bytes(3, input);
    const Message shapes = Message().message(7, shape_message(shape));  // a list of one shape
    node.message(5, entry("_output_shapes", Message().message(1, shapes)));
    message.message(1, node);
  };
  for (size_t id = 0; id < names.size(); ++id) {
    const Value& value = graph.values()[id];
    if (value.kind == ValueKind::result) continue;
    names[id] = value.name;
    std::replace(names[id].begin(), names[id].end(), '.', '/');
    add(names[id], kind_text(value.kind), {}, value.shape);
  }
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const Node& node = graph.nodes()[n];
    const std::string name = node.name + "/" + std::string(node.op->name) + std::to_string(n);
    std::vector<std::string> inputs;
    for (const ValueId input : node.inputs) {
      if (input != kNoValue) inputs.push_back(names[static_cast<size_t>(input)]);
    }
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      const ValueId output = node.outputs[i];
      if (output == kNoValue) continue;
      names[static_cast<size_t>(output)] = i == 0 ? name : name + ":" + std::to_string(i);
    }
    add(name, node.op->name, inputs, graph.shape(node.outputs.front()));
  }
  constexpr int64_t kProducer = 22;  // the version of GraphDef that this is
  return message.message(4, Message().whole(1, kProducer));
}

Message experiment_value(const std::map<std::string, std::string>& settings,
                         const std::vector<std::string>& metric_tags) {
  Message experiment;
  for (const auto& [key, text] : settings) {
    const int64_t type = number_in(text) ? 3 : 1;  // a number or a text
    experiment.message(4, Message().bytes(1, key).whole(4, type));
  }
  for (const std::string& tag : metric_tags) {
    experiment.message(5, Message().message(1, Message().bytes(2, tag)));
  }
  return hparams_value("_hparams_/experiment", Message().message(2, experiment));
}

Message session_start_value(const std::map<std::string, std::string>& settings, double seconds) {
  Message start;
  for (const auto& [key, text] : settings) {
    const auto number = number_in(text);
    start.message(1, entry(key, number ? Message().number(2, *number) : Message().bytes(3, text)));
  }
  start.number(5, seconds);
  return hparams_value("_hparams_/session_start_info", Message().message(3, start));
}

Message session_end_value(double seconds, bool complete) {
  const Message end = Message().whole(1, complete ? 1 : 2).number(2, seconds);
  return hparams_value("_hparams_/session_end_info", Message().message(4, end));
}

}  // namespace sinapse
