#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "figures/network_figure.h"

namespace sinapse {

namespace {

constexpr double kFont = 12, kRadius = 9, kStep = 30, kHead = 52;
constexpr int64_t kMostNeurons = 12, kShownAtEnds = 5;

// Which neurons of a layer are drawn, and where.
struct Column {
  double x = 0;
  std::vector<int64_t> shown;
  std::vector<double> y;
  std::optional<double> gap;   // where dots stand for those left out
  std::optional<double> bias;  // the bias neuron that feeds the next layer
};

std::vector<int64_t> shown_neurons(int64_t count) {
  std::vector<int64_t> shown;
  for (int64_t i = 0; i < count; ++i) {
    if (count <= kMostNeurons || i < kShownAtEnds || i >= count - kShownAtEnds) shown.push_back(i);
  }
  return shown;
}

Column column_of(const NeuronLayer& layer, bool feeds_bias, double x, double middle) {
  Column column{.x = x, .shown = shown_neurons(layer.count), .y = {}, .gap = {}, .bias = {}};
  const bool elided = layer.count > kMostNeurons;
  const double slots =
      static_cast<double>(column.shown.size()) + (elided ? 1 : 0) + (feeds_bias ? 1 : 0);
  double y = middle - kStep * (slots - 1) / 2;
  for (size_t i = 0; i < column.shown.size(); ++i) {
    if (elided && i == kShownAtEnds) {
      column.gap = y;
      y += kStep;
    }
    column.y.push_back(y);
    y += kStep;
  }
  if (feeds_bias) column.bias = y;
  return column;
}

class NeuronDrawing {
 public:
  NeuronDrawing(const std::vector<NeuronLayer>& layers, double width, Words words)
      : layers_(layers) {
    size_t most = 1;
    for (const NeuronLayer& layer : layers)
      most = std::max(most, shown_neurons(layer.count).size() + 2);
    drawing_ = {.width = width,
                .height = kHead + kStep * static_cast<double>(most) + 16,
                .title = words("Network"),
                .shapes = {}};
    place_columns();
  }

  Drawing draw() {
    for (size_t i = 1; i < layers_.size(); ++i) connections(i);
    for (size_t i = 0; i < layers_.size(); ++i) neurons(i);
    return std::move(drawing_);
  }

 private:
  void place_columns() {
    const double left = 24 + names_width(layers_.front()), right = 24 + names_width(layers_.back());
    const double room = drawing_.width - left - right;
    const double middle = kHead + (drawing_.height - kHead) / 2;
    for (size_t i = 0; i < layers_.size(); ++i) {
      const double share = layers_.size() == 1 ? 0.5 : double(i) / double(layers_.size() - 1);
      const bool feeds_bias = i + 1 < layers_.size() && layers_[i + 1].bias;
      columns_.push_back(column_of(layers_[i], feeds_bias, left + room * share, middle));
    }
  }

  double names_width(const NeuronLayer& layer) const {
    double widest = 36;  // room for half of the title
    for (const std::string& name : layer.names)
      widest = std::max(widest, text_width(name, kFont) + kRadius + 8);
    return std::min(widest, 170.0);
  }

  void connections(size_t to) {
    const NeuronLayer& layer = layers_[to];
    const Column &source = columns_[to - 1], &target = columns_[to];
    const int64_t depth = layers_[to - 1].count;
    float largest = 0;
    for (const float weight : layer.weights) largest = std::max(largest, std::abs(weight));
    for (size_t n = 0; n < target.shown.size(); ++n) {
      for (size_t k = 0; k < source.shown.size(); ++k) {
        const Point from{source.x, source.y[k]}, end{target.x, target.y[n]};
        if (layer.weights.empty() || largest == 0) {
          drawing_.line(from, end, Ink::axis, 0.7);
          continue;
        }
        const float weight =
            layer.weights[static_cast<size_t>(target.shown[n] * depth + source.shown[k])];
        drawing_.line(from, end, Paint::series(weight < 0 ? 1 : 0),
                      0.3 + 2.2 * std::abs(weight) / largest);
      }
      if (source.bias)
        drawing_.line({source.x, *source.bias}, {target.x, target.y[n]}, Ink::axis, 0.5);
    }
  }

  void neurons(size_t index) {
    const NeuronLayer& layer = layers_[index];
    const Column& column = columns_[index];
    drawing_.text({column.x, 20}, layer.title, kFont, Anchor::middle);
    drawing_.text({column.x, 36}, layer.note, kFont, Anchor::middle, Ink::muted);
    for (size_t i = 0; i < column.shown.size(); ++i) {
      drawing_.add(Circle{.centre = {column.x, column.y[i]},
                          .radius = kRadius,
                          .stroke = Ink::text,
                          .fill = Ink::page,
                          .width = 1.5});
      name(layer, column, i, index == 0);
    }
    if (column.gap) {
      for (const double shift : {-6.0, 0.0, 6.0}) {
        drawing_.add(Circle{.centre = {column.x, *column.gap + shift},
                            .radius = 1.6,
                            .stroke = {},
                            .fill = Ink::muted});
      }
    }
    if (column.bias) {
      drawing_.add(Circle{.centre = {column.x, *column.bias},
                          .radius = kRadius,
                          .stroke = Ink::muted,
                          .fill = Ink::grid,
                          .width = 1.5});
      drawing_.text({column.x, *column.bias + 4}, "1", kFont, Anchor::middle, Ink::muted);
    }
  }

  void name(const NeuronLayer& layer, const Column& column, size_t i, bool first) {
    const auto neuron = static_cast<size_t>(column.shown[i]);
    if (neuron >= layer.names.size()) return;
    const double away = kRadius + 6;
    const std::string text = shortened(layer.names[neuron], kFont, 150);
    drawing_.text({column.x + (first ? -away : away), column.y[i] + 4}, text, kFont,
                  first ? Anchor::end : Anchor::start);
  }

  const std::vector<NeuronLayer>& layers_;
  std::vector<Column> columns_;
  Drawing drawing_;
};

}  // namespace

Drawing neuron_figure(const std::vector<NeuronLayer>& layers, double width, Words words) {
  return NeuronDrawing(layers, width, words).draw();
}

}  // namespace sinapse
