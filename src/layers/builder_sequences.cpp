// Builder: sequences as a whole, and attention.
#include "layers/builder_state.h"
#include "ops/mask_steps.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<ValueId> with_lengths(std::vector<ValueId> inputs, const Tensor& lengths) {
  if (lengths.id != kNoValue) inputs.push_back(lengths.id);
  return inputs;
}

}  // namespace

Tensor Builder::sequence_lengths(const Tensor& x, double padding) {
  return append(state_, op::sequence_lengths(), {x.id}, {{"padding", padding}});
}

Tensor Builder::mask_steps(const Tensor& x, const Tensor& lengths) {
  return append(state_, op::mask_steps(), {x.id, lengths.id});
}

Tensor Builder::pool_steps(const Tensor& x, const std::string& mode, const Tensor& lengths) {
  return append(state_, op::pool_steps(), with_lengths({x.id}, lengths), {{"mode", mode}});
}

Tensor Builder::swap_axes(const Tensor& x) {
  return append(state_, op::swap_axes(), {x.id});
}

Tensor Builder::positions(const Tensor& x) {
  return append(state_, op::positions(), {x.id});
}

Tensor Builder::attention(const Tensor& query, const Tensor& key, const Tensor& value,
                          int64_t heads, bool causal, const Tensor& lengths) {
  return append(state_, op::attention(), with_lengths({query.id, key.id, value.id}, lengths),
                {{"heads", heads}, {"causal", int64_t{causal}}});
}

}  // namespace sinapse
