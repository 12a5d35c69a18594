#include "train/dataset.h"

#include <algorithm>

namespace sinapse {

void InputColumns::copy_row(int64_t row, float* to) const {
  if (bytes == nullptr) {
    std::copy_n(numbers.data() + row * columns, columns, to);
    return;
  }
  pixels->encode_bytes(bytes + row * columns, to);
}

void copy_inputs(const Dataset& data, int64_t row, const float* gathered,
                 std::span<const View<float>> inputs, int64_t to_row) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int64_t columns = data.inputs[i].columns;
    if (inputs[i] && gathered != nullptr)
      std::copy_n(gathered, columns, inputs[i].row(to_row));
    else if (inputs[i])
      data.inputs[i].copy_row(row, inputs[i].row(to_row));
    if (gathered != nullptr) gathered += columns;
  }
}

}  // namespace sinapse
