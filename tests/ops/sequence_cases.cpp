// Cases of operators: recurrent cells, context neurons, attention, and steps. A line is one set of
// shapes.
#include "ops/context.h"
#include "ops/mask_steps.h"
#include "ops/operator_cases.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

constexpr int64_t B = kBatch;

// All outputs of a recurrent cell but what it keeps, side by side.
BuildCase cell(const Operator& op, int64_t units, Attributes attributes = {}) {
  attributes["hidden_size"] = units;
  return [&op, attributes](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> outputs = graph.append(op, "tested", in, attributes);
    outputs.pop_back();
    outputs[0] =
        graph.append(op::reshape(), "tested", {outputs[0]},
                     {{"shape", std::vector<int64_t>{row_size(graph.shape(outputs[0]))}}})[0];
    return graph.append(op::concatenate(), "tested", outputs)[0];
  };
}
// The last input is the mask of the state; `place` its place among those of the operator.
BuildCase masked(const BuildCase& build, size_t place) {
  return [build, place](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> inputs(in.begin(), in.end() - 1);
    inputs.resize(place, kNoValue);
    inputs.push_back(in.back());
    return build(graph, inputs);
  };
}

// Likewise, of a mask that is drawn.
BuildCase dropped(const BuildCase& build, size_t place, int64_t units) {
  return [build, place, units](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> inputs = in;
    inputs.push_back(graph.append(op::dropout_mask(), "tested", {in[0]},
                                  {{"rate", 0.4}, {"purpose", int64_t{9}}, {"units", units}})[0]);
    return masked(build, place)(graph, inputs);
  };
}

Attributes direction(const char* name) {
  return {{"direction", std::string(name)}};
}

}  // namespace

std::vector<OperatorCase> sequence_cases() {
  return {
      {"rnn",
       {number({B, 4, 3}), number({5, 3}), number({5, 5}), number({10})},
       cell(op::rnn(), 5)},
      {"rnn_lengths",
       {number({B, 4, 2}), number({4, 2}), number({4, 2}), number({8}), index(6), number({B, 4})},
       cell(op::rnn(), 2, direction("bidirectional"))},
      {"lstm",
       {number({B, 3, 2}), number({16, 2}), number({16, 4}), number({32})},
       cell(op::lstm(), 4)},
      {"lstm_everything",
       {number({B, 4, 2}), number({24, 2}), number({24, 3}), number({48}), index(6), number({B, 6}),
        number({B, 6}), number({18})},
       cell(op::lstm(), 3, direction("bidirectional"))},
      {"gru",
       {number({B, 3, 2}), number({9, 2}), number({9, 3}), number({18})},
       cell(op::gru(), 3, direction("reverse"))},
      {"gru_everything",
       {number({B, 4, 2}), number({12, 2}), number({12, 2}), number({24}), index(6),
        number({B, 4})},
       cell(op::gru(), 2, direction("bidirectional"))},
      {"gru_reset_before",
       {number({B, 4, 2}), number({12, 2}), number({12, 2}), number({24}), index(6),
        number({B, 4})},
       cell(op::gru(), 2,
            {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}})},

      {"rnn_wide",
       {number({B, 5, 3}), number({40, 3}), number({40, 20}), number({80}), index(7),
        number({B, 40})},
       cell(op::rnn(), 20, direction("bidirectional"))},
      {"lstm_wide",
       {number({B, 5, 3}), number({160, 3}), number({160, 20}), number({320}), index(7),
        number({B, 40}), number({B, 40}), number({120})},
       cell(op::lstm(), 20, direction("bidirectional"))},
      {"gru_wide",
       {number({B, 5, 3}), number({51, 3}), number({51, 17}), number({102}), index(7),
        number({B, 17})},
       cell(op::gru(), 17, direction("reverse"))},
      {"gru_wide_reset_before",
       {number({B, 5, 3}), number({102, 3}), number({102, 17}), number({204}), index(7),
        number({B, 34})},
       cell(op::gru(), 17,
            {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}})},

      {"rnn_masked",
       {number({B, 4, 2}), number({4, 2}), number({4, 2}), number({8}), index(6), number({B, 4}),
        fixed({B, 4})},
       masked(cell(op::rnn(), 2, direction("bidirectional")), recurrent::mask)},
      {"lstm_masked",
       {number({B, 4, 2}), number({24, 2}), number({24, 3}), number({48}), index(6), number({B, 6}),
        number({B, 6}), number({18}), fixed({B, 6})},
       masked(cell(op::lstm(), 3, direction("bidirectional")), recurrent::mask)},
      {"lstm_masked_wide",
       {number({B, 5, 3}), number({160, 3}), number({160, 20}), number({320}), index(7),
        number({B, 40}), number({B, 40}), number({120}), fixed({B, 40})},
       masked(cell(op::lstm(), 20, direction("bidirectional")), recurrent::mask)},
      {"gru_masked_wide",
       {number({B, 5, 3}), number({51, 3}), number({51, 17}), number({102}), index(7),
        number({B, 17}), fixed({B, 17})},
       masked(cell(op::gru(), 17, direction("reverse")), recurrent::mask)},
      {"gru_masked_wide_reset_before",
       {number({B, 5, 3}), number({102, 3}), number({102, 17}), number({204}), index(7),
        number({B, 34}), fixed({B, 34})},
       masked(
           cell(op::gru(), 17,
                {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}}),
           recurrent::mask)},
      {"rnn_dropped_wide",
       {number({B, 2, 3}), number({20, 3}), number({20, 20}), number({40})},
       dropped(cell(op::rnn(), 20), recurrent::mask, 20)},
      {"context_masked",
       {number({B, 4, 3}), number({3, 2}), index(6), number({B, 2}), number({2, 3}), number({2}),
        fixed({B, 2})},
       masked(apply(op::context(), {{"decay", 0.3}}), context::mask)},

      {"steps_product",
       {number({B, 3, 5}), number({17, 5}), number({17})},
       apply(op::steps_product())},
      {"steps_product_long", {number({B, 50, 2}), number({17, 2})}, apply(op::steps_product())},
      {"mask_steps", {number({B, 4, 3}), index(6)}, apply(op::mask_steps())},
      {"pool_steps", {number({B, 4, 3}), index(6)}, apply(op::pool_steps())},
      {"pool_steps_max",
       {number({B, 4, 3}), index(6)},
       apply(op::pool_steps(), {{"mode", std::string("max")}})},
      {"pool_steps_last",
       {number({B, 4, 3}), index(6)},
       apply(op::pool_steps(), {{"mode", std::string("last")}})},
      {"pool_all_steps", {number({B, 4, 3})}, apply(op::pool_steps())},
      {"swap_axes", {number({B, 4, 3})}, apply(op::swap_axes())},
      {"positions", {number({B, 5, 7})}, apply(op::positions())},
      {"context", {number({B, 4, 3}), number({3, 3})}, apply(op::context(), {{"decay", 0.5}})},
      {"context_lengths",
       {number({B, 4, 3}), number({3, 2}), index(6), number({B, 2}), number({2, 3}), number({2})},
       apply(op::context(), {{"decay", 0.3}, {"output_activation", std::string("sigmoid")}})},
      {"attention",
       {number({B, 5, 4}), number({B, 5, 4}), number({B, 5, 4})},
       apply(op::attention(), {{"heads", int64_t{2}}})},
      {"attention_wide",
       {number({B, 19, 16}), number({B, 19, 16}), number({B, 19, 16})},
       apply(op::attention())},
      {"attention_of_the_past",
       {number({B, 5, 6}), number({B, 5, 6}), number({B, 5, 6}), index(7)},
       apply(op::attention(), {{"heads", int64_t{3}}, {"causal", int64_t{1}}})},
      {"attention_long",
       {number({B, 70, 2}), number({B, 70, 2}), number({B, 70, 2}), index(80)},
       apply(op::attention())},
  };
}

}  // namespace sinapse
