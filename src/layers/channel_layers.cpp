#include "layers/channel_layers.h"

#include <algorithm>

#include <fmt/format.h>

namespace sinapse {

namespace {

void require_not_negative(const Builder& b, const char* name, const std::vector<int64_t>& list) {
  if (std::all_of(list.begin(), list.end(), [](int64_t n) { return n >= 0; })) return;
  b.fail(fmt::format("{} {} must be at least 0", name, to_string(Shape(list))));
}

}  // namespace

Tensor ZeroPadding::build(Builder& b, const Tensor& x) const {
  require_not_negative(b, "pads", pads);
  return b.pad(x, pads);
}

Tensor Cropping::build(Builder& b, const Tensor& x) const {
  require_not_negative(b, "crops", crops);
  std::vector<int64_t> pads = crops;
  for (int64_t& pad : pads) pad = -pad;
  return b.pad(x, pads);
}

Tensor InstanceNormalization::build(Builder& b, const Tensor& x) const {
  if (x.shape.size() < 3) {
    b.fail(fmt::format("expects [batch, channels, at least one spatial axis], but its input is {}",
                       to_string(x.shape)));
  }
  return b.group_normalization(x, x.shape[1], epsilon);
}

}  // namespace sinapse
