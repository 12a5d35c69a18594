// A sequence in pieces, each from the state that the piece before left, equals the whole.
#include "network/cell_states.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/initializer.h>
#include <sinapse/team.h>

#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "data/philox.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

constexpr int64_t kTime = 12, kFeatures = 3, kRows = 5;

using Numbers = std::vector<float>;

std::vector<LayerDescription> layers_of(const std::string& type,
                                        std::map<std::string, FieldValue> fields) {
  fields["stateful"] = true;
  return {{type, "cell", {}, std::move(fields)}, {"dense", "out", {}, {{"units", int64_t{2}}}}};
}

// A network for pieces of some steps, compiled.
class Pieces {
 public:
  Pieces(const std::vector<LayerDescription>& layers, int64_t steps)
      : steps_(steps),
        network_(build_network({layers}, {{"x", {steps, kFeatures}}}, /*training=*/false)),
        states_(expose_states(network_, stateful_layers(network_))),
        executor_(compile(network_.graph, {.max_rows = kRows}, cpu_kernels()), team_),
        memory_(states_.size()) {
    for (const ParameterInfo& info : network_.parameters) {
      const auto values = initial_values(info.initializer, info.shape, info.name, /*seed=*/1);
      executor_.write(info.value, Numbers(values.begin(), values.end()));
    }
    for (size_t s = 0; s < states_.size(); ++s) {
      memory_[s].assign(kRows * row_size(network_.graph.shape(states_[s].before)), 0.0f);
    }
  }

  // The outputs after the next piece.
  Numbers next(const Numbers& x) {
    write_rows(network_.inputs[0], x);
    for (size_t s = 0; s < states_.size(); ++s) write_rows(states_[s].before, memory_[s]);
    executor_.run(kRows);
    for (size_t s = 0; s < states_.size(); ++s) memory_[s] = read_rows(states_[s].after);
    return read_rows(network_.output);
  }

  int64_t steps() const { return steps_; }
  const std::vector<CellState>& states() const { return states_; }

 private:
  void write_rows(ValueId id, const Numbers& numbers) {
    const View<float> view = executor_.rows(id, kRows);
    for (int64_t r = 0; r < kRows; ++r) {
      std::copy_n(numbers.begin() + r * view.columns, view.columns, view.row(r));
    }
  }
  Numbers read_rows(ValueId id) const {
    const View<float> view = executor_.rows(id, kRows);
    Numbers numbers;
    for (int64_t r = 0; r < kRows; ++r) {
      numbers.insert(numbers.end(), view.row(r), view.row(r) + view.columns);
    }
    return numbers;
  }

  const int64_t steps_;
  Team team_{1};
  NetworkGraph network_;
  const std::vector<CellState> states_;
  Executor executor_;
  std::vector<Numbers> memory_;
};

// Steps [begin, begin + count) of every row of a fixed data set.
Numbers steps_of(int64_t begin, int64_t count) {
  const RandomStream random(1, purpose_of("states"), 0);
  Numbers x;
  for (int64_t r = 0; r < kRows; ++r) {
    for (int64_t i = begin * kFeatures; i < (begin + count) * kFeatures; ++i) {
      x.push_back(static_cast<float>(random.normal(r * kTime * kFeatures + i)));
    }
  }
  return x;
}

struct Case {
  std::string type;
  std::map<std::string, FieldValue> fields;
};

std::vector<Case> cases() {
  const FieldValue units = int64_t{20};
  return {
      {"rnn", {{"units", units}, {"activation", std::string("relu")}}},
      {"lstm", {{"units", units}, {"peepholes", true}, {"num_layers", int64_t{2}}}},
      {"gru", {{"units", units}}},
      {"gru", {{"units", units}, {"reset_after", false}}},
      {"rnn", {{"units", int64_t{2}}}},
      {"context", {{"units", units}, {"decay", 0.5}}},
      {"context", {{"units", units}, {"kind", std::string("jordan")}, {"outputs", int64_t{3}}}}};
}

TEST(CellStates, PiecesGiveTheSameBitsAsTheWholeSequence) {
  for (const Case& tested : cases()) {
    SCOPED_TRACE(tested.type);
    const auto layers = layers_of(tested.type, tested.fields);
    const Numbers whole = Pieces(layers, kTime).next(steps_of(0, kTime));
    for (const int64_t size : {1, 3, 4}) {
      Pieces pieces(layers, size);
      Numbers last;
      for (int64_t t = 0; t < kTime; t += size) last = pieces.next(steps_of(t, size));
      EXPECT_EQ(last, whole) << "in pieces of " << size;
    }
  }
}

TEST(CellStates, AreNamedAfterTheirLayerAndCell) {
  const Pieces pieces(layers_of("lstm", {{"units", int64_t{5}}, {"num_layers", int64_t{2}}}), 1);
  std::vector<std::string> names;
  for (const CellState& state : pieces.states()) names.push_back(state.name);
  EXPECT_EQ(names, (std::vector<std::string>{"cell.h", "cell.c", "cell.2.h", "cell.2.c"}));
}

TEST(CellStates, RefuseACellThatWalksBackwards) {
  expect_error(ErrorCode::model, {"\"cell\"", "bidirectional", "forward"}, [] {
    Pieces(layers_of("gru", {{"units", int64_t{5}}, {"direction", std::string("bidirectional")}}),
           3);
  });
}

}  // namespace

}  // namespace sinapse
