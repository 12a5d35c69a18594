// Ten training steps of small networks in double precision against PyTorch: losses, the first
// step's gradients, the final weights and running statistics, and the prediction from them.
#include "train/golden.h"

#include <set>

#include <gtest/gtest.h>

#include "compile/interpreter.h"
#include "train/training_graph.h"

namespace sinapse {

namespace {

using golden::describe;
using golden::Json;
using golden::kTolerance;
using golden::numbers_of;

Optimizer optimizer_of(const Json& settings) {
  if (settings.contains("text")) return parse_optimizer(settings.at("text").get<std::string>());
  Optimizer optimizer = parse_optimizer(settings.at("type").get<std::string>());
  if (settings.contains("momentum")) {
    optimizer = parse_optimizer(settings.value("nesterov", false) ? "nesterov" : "momentum");
  }
  const auto& constants = optimizer.definition->constants;
  for (size_t i = 0; i < constants.size(); ++i) {
    const std::string name(constants[i].name);
    if (settings.contains(name)) optimizer.constants[i] = settings.at(name);
  }
  return optimizer;
}

void expect_close(const std::vector<double>& actual, const Json& expected,
                  const std::string& what) {
  const std::vector<double> numbers = numbers_of(expected);
  ASSERT_EQ(actual.size(), numbers.size()) << what;
  for (size_t i = 0; i < numbers.size(); ++i) {
    ASSERT_NEAR(actual[i], numbers[i], kTolerance) << what << "[" << i << "]";
  }
}

class GoldenRun {
 public:
  GoldenRun(const Json& network, const Json& run)
      : network_(network),
        run_(run),
        description_(describe(network.at("layers"))),
        rows_(network.at("inputs").at("shape")[0]),
        inputs_{{"x", {network.at("inputs").at("shape")[1].get<int64_t>()}}},
        training_(build_training_graph(description_, inputs_, golden::loss_name(network.at("loss")),
                                       optimizer_of(run.at("optimizer")))),
        interpreter_(training_.graph) {
    interpreter_.value(training_.inputs[0]) = numbers_of(network.at("inputs"));
    interpreter_.value(training_.target) = numbers_of(network.at("targets"));
    interpreter_.value(training_.row_weight).assign(rows_, 1.0 / static_cast<double>(rows_));
    for (const ParameterInfo& info : training_.parameters) {
      interpreter_.value(info.value) = numbers_of(network.at("initial").at(info.name));
    }
  }

  void train_and_compare() {
    const auto losses = run_.at("losses").get<std::vector<double>>();
    for (size_t step = 0; step < losses.size(); ++step) {
      interpreter_.run(rows_, {.step = static_cast<int64_t>(step) + 1,
                               .learning_rate = run_.at("optimizer").at("learning_rate")});
      ASSERT_NEAR(mean_loss(), losses[step], kTolerance) << "loss of step " << step + 1;
      if (step == 0) compare_gradients();
    }
    compare_final();
    compare_prediction();
  }

 private:
  double mean_loss() const {
    double sum = 0;
    for (const double loss : interpreter_.value(training_.loss)) sum += loss;
    return sum / static_cast<double>(rows_);
  }

  void compare_gradients() const {
    ASSERT_EQ(training_.gradients.size(), run_.at("gradients").size());
    size_t next = 0;
    for (const ParameterInfo& info : training_.parameters) {
      if (!info.trainable) continue;
      expect_close(interpreter_.value(training_.gradients[next++]),
                   run_.at("gradients").at(info.name), "gradient of " + info.name);
    }
  }

  void compare_final() const {
    EXPECT_EQ(training_.parameters.size(), run_.at("final").size());
    for (const ParameterInfo& info : training_.parameters) {
      expect_close(interpreter_.value(info.value), run_.at("final").at(info.name), info.name);
    }
  }

  // The graph for inference, with the trained weights.
  void compare_prediction() const {
    const NetworkGraph network = build_network(description_, inputs_, false);
    Interpreter<double> inference(network.graph);
    inference.value(network.inputs[0]) = numbers_of(network_.at("inputs"));
    ASSERT_EQ(network.parameters.size(), training_.parameters.size());
    for (size_t p = 0; p < network.parameters.size(); ++p) {
      EXPECT_EQ(network.parameters[p].name, training_.parameters[p].name);
      inference.value(network.parameters[p].value) =
          interpreter_.value(training_.parameters[p].value);
    }
    inference.run(rows_);
    expect_close(inference.value(network.output), run_.at("prediction"), "prediction");
  }

  const Json& network_;
  const Json& run_;
  const NetworkDescription description_;
  const int64_t rows_;
  const std::vector<InputDescription> inputs_;
  const TrainingGraph training_;
  Interpreter<double> interpreter_;
};

int compare_all_runs(const std::string& file) {
  int runs = 0;
  for (const Json& network : golden::networks(file)) {
    for (const Json& run : network.at("runs")) {
      SCOPED_TRACE(network.at("name").get<std::string>() + " by " + run.at("optimizer").dump());
      GoldenRun(network, run).train_and_compare();
      ++runs;
    }
  }
  return runs;
}

TEST(GoldenTraining, EqualsPyTorch) {
  EXPECT_GE(compare_all_runs("training.json"), 20);
}

TEST(GoldenTraining, EveryOptimizerWithEveryOptionEqualsPyTorch) {
  EXPECT_GE(compare_all_runs("optimizers.json"), 39);
}

// By optimizer, the constants that some run of the file changes.
void add_changed_constants(const std::string& file,
                           std::map<std::string, std::set<std::string>>& changed) {
  for (const Json& network : golden::networks(file)) {
    for (const Json& run : network.at("runs")) {
      const Optimizer optimizer = optimizer_of(run.at("optimizer"));
      auto& names = changed[std::string(optimizer.definition->name)];
      for (size_t i = 0; i < optimizer.constants.size(); ++i) {
        const Constant& constant = optimizer.definition->constants[i];
        if (optimizer.constants[i] != constant.default_value) names.emplace(constant.name);
      }
    }
  }
}

TEST(GoldenTraining, NoConstantOfAnOptimizerIsLeftOut) {
  std::map<std::string, std::set<std::string>> changed;
  add_changed_constants("optimizers.json", changed);
  add_changed_constants("full_batch.json", changed);
  for (const OptimizerDefinition& definition : optimizers()) {
    ASSERT_TRUE(changed.contains(std::string(definition.name))) << definition.name;
    for (const Constant& constant : definition.constants) {
      EXPECT_TRUE(changed[std::string(definition.name)].contains(std::string(constant.name)))
          << definition.name << ": " << constant.name;
    }
  }
}

}  // namespace

}  // namespace sinapse
