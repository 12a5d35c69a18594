// Values of one column that occur in a table, and rows that have them.
#pragma once

#include <string>
#include <vector>

#include <sinapse/table.h>

#include "train/dataset.h"

namespace sinapse {

class Features;

/// Values of a column: numbers or dates, else categories.
struct ColumnValues {
  ColumnKind kind = ColumnKind::number;
  std::vector<double> numbers;     // or empty
  std::vector<std::string> texts;  // of each value
  size_t size() const { return texts.size(); }
};

/// The value of one cell as text: "3.5", "2024-02-29", "Paris"; "missing".
std::string cell_text(const Column& column, int64_t row);

/// Of numbers, up to `most` evenly spaced quantiles between those shares of the rows, without
/// repetition; of categories the 30 most frequent.
ColumnValues typical_values(const Column& column, int64_t most, double low, double high);

/// `count` evenly spaced numbers over the same range, and a little further.
ColumnValues spaced_values(const Column& column, int64_t count);

/// A row for each value, encoded; only the inputs of that column mean anything.
Dataset encode_values(const Features& features, const std::string& column,
                      const ColumnValues& values);

/// One row that has the median number and the most frequent category of every column, encoded.
Dataset encode_typical_row(const Features& features, const Table& table);

/// The column of the table, as the model reads it. Throws Error(usage), with the nearest name, if
/// it does not.
std::string input_column(const Features& features, const std::string& name);

}  // namespace sinapse
