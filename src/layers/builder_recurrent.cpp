// Builder: recurrent cells.
#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/builder_state.h"
#include "ops/operators.h"

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

}  // namespace

Tensor Builder::recurrent(const Tensor& x, int64_t units, const RecurrentOptions& options) {
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
  std::vector<ValueId> inputs{
      x.id, parameter("weight", {rows, x.shape[2]}, options.kernel_initializer).id,
      parameter("recurrent_weight", {rows, units}, options.recurrent_initializer).id,
      parameter("bias", {2 * rows}, bias).id};
  if (is_lstm && options.peepholes) {
    inputs.insert(inputs.end(), {kNoValue, kNoValue, kNoValue});
    inputs.push_back(parameter("peepholes", {3 * directions * units}, "zeros").id);
  }
  Attributes attributes{{"hidden_size", units}, {"direction", options.direction}};
  if (options.cell == "rnn") {
    attributes["activation"] = to_string(parse_activation(options.activation));
  }
  if (options.cell == "gru") attributes["linear_before_reset"] = int64_t{options.reset_after};
  const auto outputs = state_.graph.append(cell.op(), state_.layer, inputs, attributes);
  const ValueId y = outputs[options.return_sequences ? 0 : 1];
  return {y, state_.graph.shape(y)};
}

}  // namespace sinapse
