// Trains a network for a few steps on the reference and on compiled plans, and compares them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <sinapse/team.h>

#include "compile/precision.h"
#include "train/training_graph.h"

namespace sinapse {

struct PlanCase {
  std::string name;
  NetworkDescription network;
  std::vector<InputDescription> inputs;  // one named "index..." holds category numbers below 7
  std::string loss = "mean_squared_error";
  std::string optimizer = "sgd";
  std::vector<int64_t> batches{5, 5, 3};  // rows of each step
  int64_t max_rows = 5;
  UpdateRules rules = {};
};

inline void PrintTo(const PlanCase& tested, std::ostream* out) {
  *out << tested.name;
}

/// A case's graph with initial weights and the numbers of its batches; a function of the case.
struct PreparedCase {
  explicit PreparedCase(const PlanCase& described);

  PlanCase described;
  Optimizer optimizer;
  TrainingGraph training;
  std::vector<std::vector<float>> initial;               // by ValueId; of parameters and states
  std::vector<std::vector<std::vector<float>>> batches;  // by step and ValueId; of inputs
};

/// All that training leaves behind.
struct PlanOutcome {
  std::vector<std::vector<double>> losses, outputs;  // by step
  std::vector<std::vector<double>> persistent;       // by ValueId: parameters and states

  bool operator==(const PlanOutcome&) const = default;
};

/// What the naive kernels make of a case, in double precision and in float.
struct Reference {
  PlanOutcome exact, rounded;
};

Reference train_by_reference(const PreparedCase& prepared);

/// Passes named in `disabled` are left out.
PlanOutcome train_by_plan(const PreparedCase& prepared, Team& team,
                          const std::set<std::string>& disabled = {},
                          ProductPrecision precision = ProductPrecision::float32);

/// Compares what was learned, not only where the weights stand: see the tolerances there.
void expect_agreement(const PreparedCase& prepared, const PlanOutcome& actual,
                      const Reference& reference);

LayerDescription layer(std::string type, std::map<std::string, FieldValue> fields = {},
                       std::vector<std::string> inputs = {}, std::string name = "");
LayerDescription dense(int64_t units, std::string activation = "linear");

}  // namespace sinapse
