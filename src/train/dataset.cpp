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

}  // namespace sinapse
