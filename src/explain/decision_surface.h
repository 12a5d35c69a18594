// Predictions over the plane of two columns.
#pragma once

#include <sinapse/model.h>

namespace sinapse {

struct SurfaceOptions {
  int64_t resolution = 100;  // values along each axis
  std::string target;        // which of several targets; empty: the first
  int threads = 0;
};

struct DecisionSurface {
  std::string x_column, y_column;
  std::vector<double> x, y;          // rising; dates in years
  std::vector<std::string> outputs;  // "rent", classes, or the second of two classes
  std::vector<std::string> classes;  // of the target; empty: a number
  std::vector<double> values;        // [y, x, outputs]
  // The rows of the table.
  std::vector<double> row_x, row_y;
  std::vector<int32_t> labels;  // of rows, -1 where not known; empty for numbers
};

/// Both columns run over the range of their cells and 5 % further, all others have their median or
/// most frequent value. Throws Error(usage) for columns without numbers or dates, or the same
/// twice.
DecisionSurface decision_surface(const Model& model, const Table& table, const std::string& x,
                                 const std::string& y, const SurfaceOptions& options = {});

}  // namespace sinapse
