// RNN, LSTM and GRU against PyTorch: outputs, last states and all gradients, in double precision.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "network/expect_words.h"
#include "ops/operators.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-12;
constexpr const char* kInputNames[] = {"X",         "W",         "R", "B", "sequence_lens",
                                       "initial_h", "initial_c", "P"};

const Operator& operator_named(const std::string& name) {
  for (const Operator* op : all_operators()) {
    if (op->name == name) return *op;
  }
  throw std::logic_error("there is no operator " + name);
}

Attributes attributes_of(const Json& json) {
  Attributes attributes;
  for (const auto& [name, value] : json.items()) {
    if (value.is_string()) attributes[name] = value.get<std::string>();
    if (value.is_number()) attributes[name] = value.get<int64_t>();
  }
  return attributes;
}

std::vector<double> numbers_of(const Json& array) {
  return array.at("data").get<std::vector<double>>();
}

void expect_close(const std::vector<double>& actual, const Json& expected,
                  const std::string& what) {
  const std::vector<double> numbers = numbers_of(expected);
  ASSERT_EQ(actual.size(), numbers.size()) << what;
  for (size_t i = 0; i < numbers.size(); ++i) {
    ASSERT_NEAR(actual[i], numbers[i], kTolerance) << what << "[" << i << "]";
  }
}

// The case's graph; all outputs side by side in one row, so that all are differentiated.
struct RecurrentCase {
  explicit RecurrentCase(const Json& json) {
    for (const char* name : kInputNames) {
      inputs.push_back(kNoValue);
      if (!json.at("inputs").contains(name)) continue;
      Shape shape = json.at("inputs").at(name).at("shape").get<Shape>();
      const bool is_weight = name == std::string("W") || name == std::string("R") ||
                             name == std::string("B") || name == std::string("P");
      if (!is_weight) shape = batched(Shape(shape.begin() + 1, shape.end()));
      inputs.back() = is_weight ? graph.add_parameter(name, shape) : graph.add_input(name, shape);
      if (name != std::string("sequence_lens")) targets.push_back(inputs.back());
    }
    outputs = graph.append(operator_named(json.at("op")), "cell", inputs,
                           attributes_of(json.at("attributes")));
    std::vector<ValueId> rows{graph
                                  .append(op::reshape(), "y", {outputs[0]},
                                          {{"shape", Shape{row_size(graph.shape(outputs[0]))}}})
                                  .front()};
    rows.insert(rows.end(), outputs.begin() + 1, outputs.end() - 1);
    const ValueId all = graph.append(op::concatenate(), "all", rows).front();
    seed = graph.add_input("seed", graph.shape(all));
    gradients = differentiate(graph, all, seed, targets);
    verify(graph);
  }

  Graph graph;
  std::vector<ValueId> inputs, outputs, targets, gradients;
  ValueId seed = kNoValue;
};

std::vector<double> seeds_by_row(const Json& seeds, int64_t rows) {
  std::vector<double> all;
  for (int64_t r = 0; r < rows; ++r) {
    for (const Json& seed : seeds) {
      const std::vector<double> numbers = numbers_of(seed);
      const size_t width = numbers.size() / rows;
      all.insert(all.end(), numbers.begin() + r * width, numbers.begin() + (r + 1) * width);
    }
  }
  return all;
}

TEST(Recurrent, OutputsAndGradientsEqualPyTorch) {
  std::ifstream file(source_path("tests/golden/recurrent.json"));
  int cases = 0;
  const Json golden = Json::parse(file);
  for (const Json& json : golden.at("cases")) {
    SCOPED_TRACE(json.at("name").get<std::string>());
    const RecurrentCase built(json);
    const int64_t rows = json.at("inputs").at("X").at("shape")[0];
    Interpreter<double> interpreter(built.graph);
    for (size_t i = 0; i < built.inputs.size(); ++i) {
      if (built.inputs[i] == kNoValue) continue;
      interpreter.value(built.inputs[i]) = numbers_of(json.at("inputs").at(kInputNames[i]));
    }
    interpreter.value(built.seed) = seeds_by_row(json.at("seeds"), rows);
    interpreter.run(rows);
    for (size_t i = 0; i < json.at("outputs").size(); ++i) {
      expect_close(interpreter.value(built.outputs[i]), json.at("outputs")[i],
                   "output " + std::to_string(i));
    }
    for (size_t i = 0; i < built.targets.size(); ++i) {
      const std::string& name = built.graph.value(built.targets[i]).name;
      expect_close(interpreter.value(built.gradients[i]), json.at("gradients").at(name),
                   "gradient of " + name);
    }
    ++cases;
  }
  EXPECT_GE(cases, 20);
}

// A recurrent operator of the given sizes on a sequence, all states in a row, with its gradients.
struct Walk {
  Walk(const Operator& op, int64_t gates, int64_t time, Attributes attributes = {},
       bool has_mask = false) {
    attributes["hidden_size"] = int64_t{3};
    x = graph.add_input("x", batched({time, 2}));
    h = graph.add_input("h", batched({3}));
    c = &op == &op::lstm() ? graph.add_input("c", batched({3})) : kNoValue;
    weight = graph.add_parameter("w", {3 * gates, 2});
    recurrence = graph.add_parameter("r", {3 * gates, 3});
    bias = graph.add_parameter("b", {6 * gates});
    std::vector<ValueId> inputs{x, weight, recurrence, bias, kNoValue, h, c, kNoValue};
    if (has_mask) inputs.push_back(mask = graph.add_input("m", batched({3})));
    outputs = graph.append(op, "cell", inputs, attributes);
    const ValueId y =
        graph.append(op::reshape(), "y", {outputs[0]}, {{"shape", Shape{time * 3}}}).front();
    seed = graph.add_input("seed", batched({time * 3}));
    gradients = differentiate(graph, y, seed, std::vector<ValueId>{weight, recurrence, x});
  }

  // Steps [begin, begin + time) of one fixed sequence, from these states.
  Interpreter<double> run(int64_t begin, const std::vector<double>& from_h,
                          const std::vector<double>& from_c,
                          const std::vector<double>& masked = {}) const {
    Interpreter<double> interpreter(graph);
    const auto fill = [&](ValueId id, int64_t first, int64_t count) {
      std::vector<double>& values = interpreter.value(id);
      values.clear();
      for (int64_t i = first; i < first + count; ++i)
        values.push_back(std::sin(static_cast<double>(i * (id + 3) + 1)));
    };
    const int64_t time = graph.shape(x)[1];
    fill(x, 2 * begin, 2 * time);
    for (const ValueId id : {weight, recurrence, bias}) fill(id, 0, row_size(graph.shape(id)));
    for (int64_t i = 3 * begin; i < 3 * (begin + time); ++i)
      interpreter.value(seed).push_back(std::cos(static_cast<double>(i)));
    interpreter.value(h) = from_h;
    if (c != kNoValue) interpreter.value(c) = from_c;
    if (mask != kNoValue) interpreter.value(mask) = masked;
    return interpreter;
  }

  Graph graph;
  ValueId x, h, c, weight, recurrence, bias, mask = kNoValue, seed;
  std::vector<ValueId> outputs, gradients;
};

const std::pair<const Operator&, int64_t> kCells[] = {
    {op::rnn(), 1}, {op::lstm(), 4}, {op::gru(), 3}};
const std::vector<double> kStart{0.3, -0.2, 0.5};

TEST(Recurrent, PiecesOfBackPropagationAreASequenceChoppedWithItsStates) {
  for (const auto& [op, gates] : kCells) {
    SCOPED_TRACE(op.name);
    const Walk whole(op, gates, 7, {{"bptt_steps", int64_t{3}}});
    Interpreter<double> all = whole.run(0, kStart, kStart);
    all.run(1);
    std::vector<double> h = kStart, c = kStart, dx;
    std::vector<std::vector<double>> sums(2);
    for (const auto& [begin, steps] : {std::pair{0, 3}, {3, 3}, {6, 1}}) {
      const Walk piece(op, gates, steps);
      Interpreter<double> part = piece.run(begin, h, c);
      part.run(1);
      h = part.value(piece.outputs[1]);
      if (piece.c != kNoValue) c = part.value(piece.outputs[2]);
      for (size_t g = 0; g < 2; ++g) {
        const std::vector<double>& gradient = part.value(piece.gradients[g]);
        sums[g].resize(gradient.size());
        for (size_t i = 0; i < gradient.size(); ++i) sums[g][i] += gradient[i];
      }
      const std::vector<double>& of_x = part.value(piece.gradients[2]);
      dx.insert(dx.end(), of_x.begin(), of_x.end());
    }
    const auto expect_same = [&](const std::vector<double>& actual,
                                 const std::vector<double>& expected) {
      ASSERT_EQ(actual.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(actual[i], expected[i], kTolerance);
    };
    expect_same(all.value(whole.outputs[1]), h);
    for (size_t g = 0; g < 2; ++g) expect_same(all.value(whole.gradients[g]), sums[g]);
    expect_same(all.value(whole.gradients[2]), dx);
    const Walk uncut(op, gates, 7);
    Interpreter<double> full = uncut.run(0, kStart, kStart);
    full.run(1);
    EXPECT_NE(full.value(uncut.gradients[1]), all.value(whole.gradients[1]));
  }
}

TEST(Recurrent, AMaskScalesTheColumnsOfR) {
  const std::vector<double> mask{0, 1.25, 2.5};
  for (const auto& [op, gates] : kCells) {
    SCOPED_TRACE(op.name);
    const Walk masked(op, gates, 5, {}, true), plain(op, gates, 5);
    Interpreter<double> one = masked.run(0, kStart, kStart, mask);
    Interpreter<double> other = plain.run(0, kStart, kStart);
    for (const ValueId id : {plain.weight, plain.recurrence, plain.bias})
      other.value(id) = one.value(id);  // the ids are the same, and so are the numbers
    std::vector<double>& scaled = other.value(plain.recurrence);
    for (size_t i = 0; i < scaled.size(); ++i) scaled[i] *= mask[i % 3];
    other.value(plain.x) = one.value(masked.x);
    one.run(1);
    other.run(1);
    for (size_t i = 0; i < 15; ++i) {
      ASSERT_NEAR(one.value(masked.outputs[0])[i], other.value(plain.outputs[0])[i], kTolerance);
    }
  }
}

TEST(Recurrent, ExplainsShapesThatDoNotFit) {
  Graph graph;
  const ValueId x = graph.add_input("x", batched({5, 2})),
                flat = graph.add_input("f", batched({5}));
  const ValueId w = graph.add_parameter("w", {12, 2}), r = graph.add_parameter("r", {12, 3});
  const ValueId b = graph.add_parameter("b", {24}), short_b = graph.add_parameter("s", {12});
  const auto fails = [&](std::initializer_list<std::string_view> words, std::vector<ValueId> inputs,
                         Attributes attributes) {
    expect_error(ErrorCode::model, words,
                 [&] { graph.append(op::lstm(), "lstm1", inputs, attributes); });
  };
  const Attributes units{{"hidden_size", int64_t{3}}};
  fails({"LSTM \"lstm1\"", "[batch, time, features]", "[batch, 5]"}, {flat, w, r, b}, units);
  fails({"B must be [24]", "[12]"}, {x, w, r, short_b}, units);
  fails({"W must be [8, 2]"}, {x, w, r, b}, {{"hidden_size", int64_t{2}}});
  fails({"sideways", "bidirectional"}, {x, w, r, b},
        {{"hidden_size", int64_t{3}}, {"direction", std::string("sideways")}});
  fails({"hidden_size", "0"}, {x, w, r, b}, {{"hidden_size", int64_t{0}}});
}

TEST(Recurrent, StepsBeyondTheLengthChangeNothing) {
  Graph graph;
  const ValueId x = graph.add_input("x", batched({4, 1})), n = graph.add_input("n", batched({1}));
  const ValueId w = graph.add_parameter("w", {6, 1}), r = graph.add_parameter("r", {6, 1});
  const ValueId b = graph.add_parameter("b", {12});
  const auto outputs =
      graph.append(op::gru(), "gru", {x, w, r, b, n},
                   {{"hidden_size", int64_t{1}}, {"direction", std::string("bidirectional")}});
  Interpreter<double> interpreter(graph);
  for (const ValueId id : {w, r, b}) {
    auto& values = interpreter.value(id);
    for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(1.0 + static_cast<double>(i));
  }
  interpreter.value(x) = {1, 2, 0, 0, 1, 2, 7, -9};
  interpreter.value(n) = {2, 2};
  interpreter.run(2);
  const std::vector<double>&y = interpreter.value(outputs[0]),
        &last = interpreter.value(outputs[1]);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(y[i], y[8 + i]);
  for (int i = 4; i < 8; ++i) EXPECT_EQ(y[i], 0);
  EXPECT_EQ(last[0], last[2]);
  EXPECT_EQ(last[0], y[2]) << "forward: the last step that counts";
  EXPECT_EQ(last[1], y[1]) << "reverse: the first step";
}

}  // namespace

}  // namespace sinapse
