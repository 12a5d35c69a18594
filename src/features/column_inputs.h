// Which inputs of the network come from which column of the table.
#pragma once

#include "features/features.h"

namespace sinapse {

struct ColumnInputs {
  std::string column;
  std::vector<int64_t> dense;  // among Features::names(); no products
  int64_t embedded = -1;       // among Features::embedded(), or -1
};

/// Of every column that the features read, in the order in which their inputs begin. All dense
/// inputs but the products (Features::products) belong to exactly one column.
std::vector<ColumnInputs> column_inputs(const Features& features);

}  // namespace sinapse
