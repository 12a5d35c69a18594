// How the rows of a table make sequences, as a model remembers it.
#pragma once

#include <cstdint>
#include <string>

namespace sinapse {

/// Rows with the same text in `id` are one sequence, in the order of column `order`, or of the file
/// if that is empty. The network has the inputs "features" [time, width] and "length" [1].
struct SequenceColumns {
  std::string id, order;
  std::string order_format;  // of dates
  bool order_is_date = false;
  bool per_row = false;  // an answer for every row; else one for each sequence
  int64_t longest = 2;   // steps of the longest sequence in training, at least 2

  std::string to_json() const;
  /// Throws Error(model) naming the first field that is not as it should be.
  static SequenceColumns from_json(const std::string& json);

  bool operator==(const SequenceColumns&) const = default;
};

/// Most steps that a sequence may have.
inline constexpr int64_t kMostSteps = int64_t{1} << 17;

}  // namespace sinapse
