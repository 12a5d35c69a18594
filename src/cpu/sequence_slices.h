// How the gradients of weights that work on every step of a sequence are cut into slices.
#pragma once

#include <vector>

#include "cpu/recurrent.h"

namespace sinapse {

inline constexpr int64_t kSliceInputs = 192;  // of both weights together

// Where all of it stands. A dense layer on each step has no states and one bias.
struct SequencePlaces {
  RecurrentSizes sizes;
  Storage x, d_input, d_recurrent;
  OptionalStorage y, kept, lengths, initial_h, mask, dw, dr, db;
};

/// Of a RecurrentWeightGradient and of a StepsWeightGradient.
SequencePlaces places_of_cell(const Node& node, const LowerContext& context);
SequencePlaces places_of_steps(const Node& node, const LowerContext& context);

/// A slice is some inputs (rows of a panel) of one panel.
class SequenceSlices {
 public:
  /// Rows [begin, end) of a panel of one weight.
  struct Part {
    int64_t begin, end, width, offset;
    int64_t size() const { return end - begin; }
  };
  struct Slice {
    int64_t panel;
    Part of_r, of_w;
    bool has_bias;
  };
  /// Columns [first, last) of a panel that see the same states.
  struct Segment {
    int64_t first, last, direction;
    bool sees_reset;
  };

  explicit SequenceSlices(const SequencePlaces& places)
      : sizes_(places.sizes),
        has_reset_(places.kept.present),
        columns_(sizes_.directions * sizes_.gate_rows()),
        w_{.depth = sizes_.inputs, .columns = columns_},
        r_{.depth = places.y ? sizes_.units : 0, .columns = columns_} {}

  int64_t count() const { return w_.count() * num_parts(); }
  /// The inputs of both weights in one row, R first, are cut evenly.
  Slice slice(int64_t index) const;
  std::vector<Segment> segments(int64_t panel) const;

  /// Columns of the gradients of all sums.
  int64_t columns() const { return columns_; }
  /// Floats of a panel's row.
  int64_t width(int64_t panel) const { return w_.width(panel); }

 private:
  int64_t num_parts() const { return (r_.depth + w_.depth + kSliceInputs - 1) / kSliceInputs; }

  const RecurrentSizes sizes_;
  const bool has_reset_;
  const int64_t columns_;
  const Panels w_, r_;
};

}  // namespace sinapse
