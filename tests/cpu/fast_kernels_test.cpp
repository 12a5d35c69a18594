// Networks for tables run without the naive reference kernels.
#include <set>

#include <gtest/gtest.h>

#include "compile/plan.h"
#include "cpu/kernels.h"
#include "cpu/plan_cases.h"

namespace sinapse {

namespace {

// "MaxPool" of the step "pool: MaxPool by reference", and so on.
std::set<std::string> operators_by_reference(const PlanCase& tested) {
  const PreparedCase prepared(tested);
  const auto plan = compile(prepared.training.graph,
                            {.max_rows = tested.max_rows, .training = true}, cpu_kernels());
  std::set<std::string> found;
  for (const Stage& stage : plan->stages) {
    for (const Step& step : stage.steps) {
      constexpr std::string_view kEnd = " by reference";
      if (!step.name.ends_with(kEnd)) continue;
      const size_t begin = step.name.rfind(": ") + 2;
      found.insert(step.name.substr(begin, step.name.size() - begin - kEnd.size()));
    }
  }
  return found;
}

TEST(FastKernels, DoAllOfTheNetworksForTables) {
  const std::set<std::string> usual{
      "linear", "embedding", "embedding_alone", "residual",  "shared_input",
      "deep",   "wide",      "constraints",     "penalties", "average",
      "tied",   "tied_wide", "tied_narrow",     "accumulate"};
  const std::set<std::string> recurrent{"recurrent_lstm",        "recurrent_gru",
                                        "recurrent_gru_stacked", "recurrent_gru_reset_before",
                                        "recurrent_rnn",         "recurrent_lengths",
                                        "recurrent_dropout",     "recurrent_dropout_reset_before"};
  size_t num_found = 0;
  for (const PlanCase& tested : plan_cases()) {
    if (!usual.contains(tested.name) && !recurrent.contains(tested.name)) continue;
    ++num_found;
    EXPECT_EQ(operators_by_reference(tested), std::set<std::string>{}) << tested.name;
  }
  EXPECT_EQ(num_found, usual.size() + recurrent.size());
}

TEST(FastKernels, DoAllOfADenseNetwork) {
  const std::vector<LayerDescription> layers{layer("batch_normalization"),
                                             dense(70, "gelu"),
                                             layer("dropout"),
                                             layer("layer_normalization"),
                                             dense(33, "swish"),
                                             layer("prelu"),
                                             dense(3)};
  for (const char* optimizer : {"sgd", "adam", "adamw", "rmsprop"}) {
    const PlanCase tested{.name = optimizer,
                          .network = {layers},
                          .inputs = {{"x", {20}}},
                          .loss = "categorical_crossentropy",
                          .optimizer = optimizer,
                          .batches = {40},
                          .max_rows = 40};
    EXPECT_EQ(operators_by_reference(tested), std::set<std::string>{}) << optimizer;
  }
}

}  // namespace

}  // namespace sinapse
