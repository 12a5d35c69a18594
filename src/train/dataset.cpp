#include "train/dataset.h"

#include <algorithm>

namespace sinapse {

void InputColumns::copy_row(int64_t row, float* to) const {
  if (bytes == nullptr) {
    std::copy_n(numbers.data() + row * columns, columns, to);
    return;
  }
  const uint8_t* from = bytes + row * columns;
  for (int64_t c = 0; c < columns; ++c) to[c] = (static_cast<float>(from[c]) - mean) * scale;
}

}  // namespace sinapse
