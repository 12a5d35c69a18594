// Builder: recurrent cells and context neurons.
#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/builder_state.h"
#include "ops/context.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

struct Cell {
  const char* name;
  const Operator& (*op)();
  int64_t gates;
};

constexpr Cell kCells[] = {{"rnn", op::rnn, 1}, {"lstm", op::lstm, 4}, {"gru", op::gru, 3}};

const Cell& find_cell(const BuilderState& state, const std::string& name) {
  for (const Cell& cell : kCells) {
    if (name == cell.name) return cell;
  }
  throw Error(ErrorCode::model,
              fmt::format("layer \"{}\": there is no recurrent cell \"{}\".{}", state.layer, name,
                          did_you_mean(name, {"rnn", "lstm", "gru"})));
}

// One mask a sequence, the same at all steps.  Gal, Ghahramani 2016
ValueId recurrent_mask(BuilderState& state, const Tensor& x, double rate, int64_t units) {
  if (!(rate >= 0 && rate < 1)) {
    throw Error(ErrorCode::model,
                fmt::format("layer \"{}\": recurrent_dropout must be at least 0 and below 1, but "
                            "is {}.",
                            state.layer, rate));
  }
  if (!state.training || rate == 0) return kNoValue;
  return append(state, op::dropout_mask(), {x.id},
                {{"rate", rate}, {"purpose", random_purpose(state)}, {"units", units}})
      .id;
}

void put(std::vector<ValueId>& inputs, size_t place, ValueId id) {
  if (id == kNoValue) return;
  inputs.resize(std::max(inputs.size(), place + 1), kNoValue);
  inputs[place] = id;
}

}  // namespace

Tensor Builder::recurrent(const Tensor& x, int64_t units, const RecurrentOptions& options,
                          const Tensor& lengths) {
  const Cell& cell = find_cell(state_, options.cell);
  const std::string_view type = cell.op().name;
  if (x.shape.size() != 3) {
    throw Error(
        ErrorCode::model,
        fmt::format("{} \"{}\": expects sequences [batch, time, features], but its input is "
                    "{}.",
                    type, state_.layer, to_string(x.shape)));
  }
  if (units < 1) {
    throw Error(ErrorCode::model, fmt::format("{} \"{}\": units must be at least 1, but is {}.",
                                              type, state_.layer, units));
  }
  const bool is_lstm = options.cell == "lstm";
  const int64_t directions = options.direction == "bidirectional" ? 2 : 1;
  const int64_t rows = directions * cell.gates * units;
  const std::string bias = is_lstm && options.unit_forget_bias
                               ? fmt::format("forget_gate_ones(units={})", units)
                               : "zeros";
  const std::string prefix = options.name.empty() ? "" : options.name + ".";
  const Tensor weight =
      parameter(prefix + "weight", {rows, x.shape[2]}, options.kernel_initializer);
  hold_back(state_, options.l1, options.l2, options.kernel_constraint);
  const Tensor recurrent_weight =
      parameter(prefix + "recurrent_weight", {rows, units}, options.recurrent_initializer);
  hold_back(state_, options.l1, options.l2, options.recurrent_constraint);
  std::vector<ValueId> inputs{x.id, weight.id, recurrent_weight.id,
                              parameter(prefix + "bias", {2 * rows}, bias).id};
  put(inputs, recurrent::lengths, lengths.id);
  if (is_lstm && options.peepholes) {
    put(inputs, recurrent::peepholes,
        parameter(prefix + "peepholes", {3 * directions * units}, "zeros").id);
  }
  put(inputs, recurrent::mask, recurrent_mask(state_, x, options.dropout, directions * units));
  Attributes attributes{
      {"hidden_size", units}, {"direction", options.direction}, {"bptt_steps", options.bptt_steps}};
  if (options.cell == "rnn") {
    attributes["activation"] = to_string(parse_activation(options.activation));
  }
  if (options.cell == "gru") attributes["linear_before_reset"] = int64_t{options.reset_after};
  const auto outputs = state_.graph.append(cell.op(), state_.layer, inputs, attributes);
  const ValueId y = outputs[options.return_sequences ? 0 : 1];
  return {y, state_.graph.shape(y)};
}

Tensor Builder::context(const Tensor& x, int64_t units, const ContextOptions& options,
                        const Tensor& lengths) {
  if (options.outputs < 0) {
    fail(fmt::format("outputs must be at least 0, but is {}", options.outputs));
  }
  const bool jordan = options.outputs > 0;
  const int64_t contexts = jordan ? options.outputs : units;
  const Tensor sums = dense_per_step(x, units, {.initializer = options.kernel_initializer});
  std::vector<ValueId> inputs{
      sums.id, parameter("recurrent_weight", {units, contexts}, options.recurrent_initializer).id,
      lengths.id};
  if (jordan) {
    put(inputs, context::output_weight,
        parameter("output.weight", {contexts, units}, options.kernel_initializer).id);
    put(inputs, context::output_bias, parameter("output.bias", {contexts}, "zeros").id);
  }
  put(inputs, context::mask, recurrent_mask(state_, x, options.dropout, contexts));
  const auto outputs = state_.graph.append(
      op::context(), state_.layer, inputs,
      {{"activation", to_string(parse_activation(options.activation))},
       {"output_activation", to_string(parse_activation(options.output_activation))},
       {"decay", options.decay},
       {"bptt_steps", options.bptt_steps}});
  const ValueId y = outputs[options.return_sequences ? 0 : 1];
  return {y, state_.graph.shape(y)};
}

}  // namespace sinapse
