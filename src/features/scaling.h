// Scalings of numbers: what is done to a column so that a network learns from it easily.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>

#include "features/number_feature.h"

namespace sinapse {

/// One row of the table of scalings (scaling.cpp). In formulas, x is a cell; mean, deviation,
/// quartiles and the like are those of the training rows.
struct ScalingDefinition {
  std::string_view name;
  std::vector<std::string_view> aliases;
  std::string_view formula;
  std::string_view doc;
  std::string_view source;
  std::vector<Constant> constants;
  /// Sets everything but the column; at least two values of the sample differ.
  void (*fit)(NumberFeature& feature, const NumberSample& sample,
              std::span<const double> constants) = nullptr;
};

/// A scaling chosen for a column, with its constants in the order of its definition.
struct Scaling {
  const ScalingDefinition* definition = nullptr;
  std::vector<double> constants;
};

/// Reads "robust", "quantile(quantiles=100)"; case, underscores and hyphens are ignored. Throws
/// Error(usage), with the nearest name, for an unknown scaling or constant.
Scaling parse_scaling(std::string_view text);

/// The form parse_scaling reads.
std::string to_string(const Scaling& scaling);

/// Every scaling, the default first.
const std::vector<ScalingDefinition>& scalings();

/// The value below which a share of sorted numbers lies, between two of them along a straight line
/// (type 7 of Hyndman, Fan 1996, as in NumPy).
double quantile_of(std::span<const double> sorted, double share);

/// The x below which a share of the standard normal distribution lies; 0 < share < 1.
double normal_quantile(double share);

}  // namespace sinapse
