// Which inputs of the network come from which column of the table.
#pragma once

#include "features/features.h"

namespace sinapse {

struct ColumnInputs {
  std::string column;
  std::vector<int64_t> dense;  // among Features::names(); no products
  int64_t own = -1;            // or the place of its own input, behind the dense one
};

/// Of every column that the features read, in the order in which their inputs begin. All dense
/// inputs but the products (Features::products) belong to exactly one column.
std::vector<ColumnInputs> column_inputs(const Features& features);

}  // namespace sinapse
