// Columns of tables in memory.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <sinapse/table.h>

#include "data/philox.h"

namespace sinapse {

inline Column number_column(std::string name, std::vector<double> numbers) {
  Column column;
  column.name = std::move(name);
  column.numbers = std::move(numbers);
  return column;
}

inline Column category_column(std::string name, std::vector<int32_t> codes,
                              std::vector<std::string> categories) {
  Column column;
  column.name = std::move(name);
  column.kind = ColumnKind::category;
  column.codes = std::move(codes);
  column.categories = std::move(categories);
  return column;
}

inline std::vector<double> normal_numbers(int64_t rows, uint64_t seed) {
  const RandomStream random(seed, purpose_of("test numbers"), 0);
  std::vector<double> numbers(static_cast<size_t>(rows));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = random.normal(i);
  return numbers;
}

}  // namespace sinapse
