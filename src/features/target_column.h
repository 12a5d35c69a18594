// One target column: how its cells and an output of the network match.
#pragma once

#include <string>
#include <vector>

#include <sinapse/loss.h>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

struct TargetColumn {
  std::string name;
  std::vector<std::string> classes;  // empty: a number
  OutputForm form = OutputForm::standardised;
  /// As the form uses them: where it has no mean, that is 0, and the deviation is the scale.
  float mean = 0, deviation = 1;

  /// How to read the column: ReadOptions::kinds.
  ColumnKind kind() const { return classes.empty() ? ColumnKind::number : ColumnKind::category; }

  /// A number as the loss takes it, such as (x - mean) / deviation; NaN stays NaN. Infinite if it
  /// leaves the range of float.
  float encode(double x) const;

  /// The way back.
  float restore(float encoded) const;

  /// From an output to the unit of the column, in float as the ONNX operators do it. An output need
  /// not be in the form of the target: of Poisson's loss it is the logarithm.
  float decode(float output) const;
};

/// What keeps a number from having that form: "must be at least 0"; empty if nothing does.
std::string_view objection(OutputForm form, double x);

/// The rows' target in the form: mean and deviation are learned from the cells that are there.
/// Throws Error(data), naming place and column, if the numbers are constant, leave the range of
/// float, or do not fit the form.
void fit_number(TargetColumn& target, const Table& table, const ColumnCells& numbers,
                const Rows& rows);

/// The classes of a column as they stand in the file; in numeric order if all are numbers, else
/// alphabetical.
std::vector<std::string> classes_in(const Table& table, const Column& column);

/// Whether numbers look like codes of classes: few, whole, and none of them a rare event, as
/// quantities have rare ends. Two different whole numbers are always classes.
bool look_like_classes(const ColumnCells& numbers);

inline constexpr size_t kMaxNumericClasses = 20;

}  // namespace sinapse
