// Matrices of numbers as coloured cells.
#pragma once

#include <string>
#include <vector>

#include "figures/drawing.h"
#include "figures/words.h"

namespace sinapse {

/// How often each class (row) was predicted as each class (column); colours are shares of the row.
/// Counts stand in the cells where there is room.
Drawing confusion_figure(const std::vector<std::string>& classes,
                         const std::vector<int64_t>& counts, double width = 640, Words words = {});

/// A matrix [rows, columns] in colours around 0: blue above, vermilion below, with its scale.
Drawing weight_figure(const std::string& title, const std::vector<float>& values, int64_t rows,
                      int64_t columns, double width = 640, Words words = {});

}  // namespace sinapse
