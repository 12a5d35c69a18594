// Small networks, at least one for each layer type, and a run of one that checks its gradients.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compile/interpreter.h"
#include "data/philox.h"
#include "layers/layers.h"
#include "train/training_graph.h"

namespace sinapse {

inline LayerDescription layer(std::string type, std::map<std::string, FieldValue> fields = {},
                              std::vector<std::string> inputs = {}, std::string name = "") {
  return {std::move(type), std::move(name), std::move(inputs), std::move(fields)};
}

inline LayerDescription dense(int64_t units) {
  return layer("dense", {{"units", units}});
}

/// A network in which the layer has weights before and behind it.
struct Example {
  std::string type;
  std::vector<LayerDescription> layers;
  std::vector<InputDescription> inputs{{"x", {4}}};
};

const std::vector<Example>& layer_examples();

class ExampleRun {
 public:
  explicit ExampleRun(const Example& example)
      : training_(build_training_graph({example.layers}, example.inputs, "mean_squared_error",
                                       parse_optimizer("sgd"))),
        interpreter_(training_.graph) {
    for (const ValueId id : training_.inputs) set_input(id, training_.graph.value(id).name == "i");
    set_input(training_.target, false);
    interpreter_.value(training_.row_weight).assign(kRows, 1.0 / kRows);
    for (const ParameterInfo& info : training_.parameters) {
      const RandomStream random(1, purpose_of(info.name), 0);
      auto& values = interpreter_.value(info.value);
      for (size_t i = 0; i < values.size(); ++i) values[i] = info.trainable ? random.normal(i) : 1;
    }
  }

  /// Learning rate 0: the updates change nothing.
  double loss() {
    interpreter_.run(kRows, {.seed = 1, .step = 1, .learning_rate = 0});
    double sum = 0;
    for (const double row : interpreter_.value(training_.loss)) sum += row;
    return sum / kRows;
  }

  void expect_gradients() {
    size_t next = 0;
    for (const ParameterInfo& info : training_.parameters) {
      if (!info.trainable) continue;
      const ValueId gradient = training_.gradients[next++];
      ASSERT_NE(gradient, kNoValue) << info.name;
      loss();
      const std::vector<double> expected = interpreter_.value(gradient);
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(difference(interpreter_.value(info.value)[i]), expected[i], 1e-6)
            << info.name << "[" << i << "]";
      }
    }
    EXPECT_GT(next, 0u);
  }

 private:
  static constexpr int64_t kRows = 6;

  void set_input(ValueId id, bool index) {
    const RandomStream random(2, static_cast<uint32_t>(id), 0);
    auto& values = interpreter_.value(id);
    values.resize(kRows * row_size(training_.graph.shape(id)));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = index ? std::floor(4 * random.uniform(i)) : random.normal(i);
    }
  }

  double difference(double& weight) {
    constexpr double kWidth = 1e-5;
    const double middle = weight;
    weight = middle + kWidth;
    const double above = loss();
    weight = middle - kWidth;
    const double below = loss();
    weight = middle;
    return (above - below) / (2 * kWidth);
  }

  const TrainingGraph training_;
  Interpreter<double> interpreter_;
};

}  // namespace sinapse
