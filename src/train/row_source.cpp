#include "train/row_source.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sinapse {

void RowSource::visit(int64_t count, const std::function<void(int64_t, const float*)>& take) const {
  constexpr int64_t kRows = 1024;
  std::vector<int64_t> rows;
  std::vector<float> numbers;
  for (int64_t first = 0; first < count; first += kRows) {
    rows.resize(std::min(kRows, count - first));
    std::iota(rows.begin(), rows.end(), first);
    numbers.resize(rows.size() * num_columns());
    read(rows, numbers.data());
    for (size_t i = 0; i < rows.size(); ++i)
      take(rows[i], numbers.data() + static_cast<int64_t>(i) * num_columns());
  }
}

}  // namespace sinapse
