#include "data/take_samples.h"

#include <algorithm>

#include "data/stored_records.h"

namespace sinapse {

Array take_samples(const ArrayDataset& set, std::span<const int64_t> rows) {
  Array taken{.type = set.inputs.type, .shape = set.inputs.shape, .bytes = {}};
  taken.shape[0] = static_cast<int64_t>(rows.size());
  taken.bytes.resize(static_cast<size_t>(taken.num_elements()) * size_of(taken.type));
  if (set.stored) {
    set.stored->read(rows, taken.bytes.data());
    return taken;
  }
  const size_t size = rows.empty() ? 0 : taken.bytes.size() / rows.size();
  std::byte* to = taken.bytes.data();
  for (const int64_t row : rows)
    to = std::copy_n(set.inputs.bytes.data() + static_cast<size_t>(row) * size, size, to);
  return taken;
}

}  // namespace sinapse
