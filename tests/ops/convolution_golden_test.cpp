// Convolutions and pooling of ranks 1 to 3 against PyTorch's numbers, gradients included.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "ops/operators.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;
using Sizes = std::vector<int64_t>;

// As in make_convolutions.py.
std::vector<double> wave(size_t count, double seed) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = std::sin(0.7 * static_cast<double>(i) + seed);
  return values;
}

const Operator& operator_named(const std::string& name) {
  for (const Operator* op : all_operators()) {
    if (op->name == name) return *op;
  }
  throw std::logic_error("no operator " + name);
}

// The same padding on both sides, as PyTorch has it.
Sizes both_sides(Sizes pads) {
  const Sizes before = pads;
  pads.insert(pads.end(), before.begin(), before.end());
  return pads;
}

Attributes attributes_of(const Json& test) {
  Attributes attributes{{"strides", test.at("strides").get<Sizes>()},
                        {"pads", both_sides(test.at("pads").get<Sizes>())},
                        {"dilations", test.at("dilations").get<Sizes>()}};
  if (test.contains("groups")) attributes["group"] = test.at("groups").get<int64_t>();
  if (test.contains("kernel")) attributes["kernel_shape"] = test.at("kernel").get<Sizes>();
  return attributes;
}

using Tensors = std::vector<std::vector<double>>;  // y, and the gradients of the inputs

void expect_equal(const Tensors& actual, const Json& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t t = 0; t < actual.size(); ++t) {
    ASSERT_EQ(actual[t].size(), expected[t].size()) << "tensor " << t;
    for (size_t i = 0; i < actual[t].size(); ++i) {
      EXPECT_NEAR(actual[t][i], expected[t][i].get<double>(), 1e-10) << "tensor " << t << ", " << i;
    }
  }
}

// `tolerance` for each unit of size of the elements.
void expect_sums(const Tensors& actual, const Json& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t t = 0; t < actual.size(); ++t) {
    double sums[2] = {}, size = 1;
    for (size_t i = 0; i < actual[t].size(); ++i) {
      const double value = actual[t][i], place = static_cast<double>(i);
      sums[0] += value * std::sin(1.3 * place + 1);
      sums[1] += value * std::sin(0.41 * place + 2);
      size += std::abs(value);
    }
    for (const size_t s : {0, 1}) {
      EXPECT_NEAR(sums[s], expected[t][s].get<double>(), tolerance * size)
          << "tensor " << t << ", sum " << s;
    }
  }
}

// A graph with y, and the gradients of sum(y dy) by all inputs.
class GoldenRun {
 public:
  explicit GoldenRun(const Json& test) : test_(test), rows_(test.at("x").at(0)) {
    Shape x = test.at("x");
    x[0] = kBatch;
    inputs_.push_back(graph_.add_input("x", x));
    if (test.contains("weight")) {
      const Shape weight = test.at("weight");
      const bool transposed = test.at("op") == "ConvTranspose";
      const int64_t groups = test.at("groups");
      inputs_.push_back(graph_.add_parameter("weight", weight));
      inputs_.push_back(
          graph_.add_parameter("bias", {transposed ? weight[1] * groups : weight[0]}));
    }
    y_ = graph_.append(operator_named(test.at("op")), "tested", inputs_, attributes_of(test))[0];
    dy_ = graph_.add_input("dy", graph_.shape(y_));
    gradients_ = differentiate(graph_, y_, dy_, inputs_);
  }

  /// By the reference kernels in double precision.
  Tensors interpreted() const {
    Interpreter<double> interpreter(graph_);
    for (size_t i = 0; i < inputs_.size(); ++i) interpreter.value(inputs_[i]) = values_of(i);
    interpreter.value(dy_) = dy();
    interpreter.run(rows_, {});
    Tensors results{interpreter.value(y_)};
    for (const ValueId id : gradients_) results.push_back(interpreter.value(id));
    return results;
  }

  /// By the kernels that the compiler chooses.
  Tensors compiled(Team& team) {
    std::vector<ValueId> outputs{y_};
    outputs.insert(outputs.end(), gradients_.begin(), gradients_.end());
    graph_.set_outputs(outputs);
    Executor executor(compile(graph_, {.max_rows = rows_, .training = true}, cpu_kernels()), team);
    fill(executor, inputs_[0], values_of(0));
    fill(executor, dy_, dy());
    for (size_t i = 1; i < inputs_.size(); ++i) {
      const std::vector<double> values = values_of(i);
      executor.write(inputs_[i], std::vector<float>(values.begin(), values.end()));
    }
    executor.run(rows_);
    Tensors results;
    for (const ValueId id : outputs) results.push_back(read(executor, id));
    return results;
  }

 private:
  std::vector<double> values_of(size_t i) const {
    const int64_t rows = i == 0 ? rows_ : 1;
    return wave(rows * row_size(graph_.shape(inputs_[i])), static_cast<double>(i + 1));
  }
  std::vector<double> dy() const { return wave(rows_ * row_size(graph_.shape(y_)), 4); }

  void fill(const Executor& executor, ValueId id, const std::vector<double>& values) const {
    const View<float> view = executor.rows(id, rows_);
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t c = 0; c < view.columns; ++c)
        view.at(r, c) = static_cast<float>(values[r * view.columns + c]);
    }
  }

  std::vector<double> read(const Executor& executor, ValueId id) const {
    if (!is_batched(graph_.shape(id))) {
      const std::vector<float> values = executor.read(id);
      return {values.begin(), values.end()};
    }
    const View<float> view = executor.rows(id, rows_);
    std::vector<double> values;
    for (int64_t r = 0; r < rows_; ++r)
      values.insert(values.end(), view.row(r), view.row(r) + view.columns);
    return values;
  }

  const Json& test_;
  const int64_t rows_;
  Graph graph_;
  std::vector<ValueId> inputs_, gradients_;
  ValueId y_ = kNoValue, dy_ = kNoValue;
};

// The case without its numbers.
std::string described(Json test) {
  test.erase("results");
  test.erase("sums");
  return test.dump();
}

Json cases_of(const char* name) {
  std::ifstream file(source_path(std::string("tests/golden/") + name));
  return Json::parse(file);
}

TEST(Convolutions, EqualPyTorchInEachNumber) {
  const Json tests = cases_of("convolutions.json");
  ASSERT_GE(tests.size(), 60u);
  for (const Json& test : tests) {
    SCOPED_TRACE(described(test));
    expect_equal(GoldenRun(test).interpreted(), test.at("results"));
  }
}

TEST(Convolutions, EqualPyTorchOverAGridOfShapes) {
  const Json tests = cases_of("convolution_grid.json");
  ASSERT_GE(tests.size(), 500u);
  Team team(1);
  for (const Json& test : tests) {
    SCOPED_TRACE(described(test));
    GoldenRun run(test);
    expect_sums(run.interpreted(), test.at("sums"), 1e-9);
    expect_sums(run.compiled(team), test.at("sums"), 2e-6);
  }
}

}  // namespace

}  // namespace sinapse
