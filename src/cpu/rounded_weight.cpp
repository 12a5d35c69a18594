#include "cpu/rounded_weight.h"

#include <algorithm>

namespace sinapse {

namespace {

constexpr int64_t kRowsAtOnce = 32;

uint16_t* pairs_at(const Run& run, const Storage& storage, int64_t pair) {
  return reinterpret_cast<uint16_t*>(run.data(storage) + pair);
}

}  // namespace

RoundedWeight::RoundedWeight(const Storage& weight, const RoundedCopies& copies, const Shape& shape)
    : weight_(weight), copies_(copies) {
  if (!wanted()) return;
  functions_ = &bf16_functions();
  order_ = order_of(shape), panels_ = panels_of(shape);
  rounded_ = rounded_order_of(shape), plain_ = pair_panels_of(shape);
  rounded_transposed_ = rounded_transposed_order_of(shape);
  transposed_ = transposed_pair_panels_of(shape);
}

void RoundedWeight::refresh(const Run& run, int64_t panel, int64_t begin, int64_t end) const {
  const int64_t output = panel * kPanelWidth, width = panels_.width(panel);
  const bool is_matrix = order_.block == 1 && order_.places == 1;
  for (int64_t row = begin; row < end;) {
    Rows rows{.first = run.data(weight_) + panels_.offset(panel) + row * width,
              .width = width,
              .output = output,
              .outputs = std::min(kPanelWidth, panels_.columns - output)};
    if (is_matrix) {
      rows.input = row, rows.inputs = std::min(kRowsAtOnce, end - row);
      row += rows.inputs;
    } else {
      const int64_t block = row / order_.block;
      rows.place = block % order_.places;
      rows.input = block / order_.places * order_.block;
      rows.inputs = std::min(order_.block, order_.inputs - rows.input);
      row += order_.block;
    }
    if (copies_.plain.offset >= 0) refresh_plain(run, rows);
    if (copies_.transposed.offset >= 0) refresh_transposed(run, rows);
  }
}

void RoundedWeight::refresh_plain(const Run& run, const Rows& rows) const {
  for (int64_t i = 0; i < rows.inputs; i += 2) {
    const float* first = rows.first + i * rows.width;
    const float* second = i + 1 < rows.inputs ? first + rows.width : nullptr;
    const int64_t to = plain_.index(rounded_.row(rows.input + i, rows.place), rows.output);
    functions_->round_pairs(first, second, rows.width, pairs_at(run, copies_.plain, to));
  }
}

// A pair of outputs of one input is as large as a float and moves like one.
void RoundedWeight::refresh_transposed(const Run& run, const Rows& rows) const {
  alignas(64) uint16_t rounded[kRowsAtOnce * kPanelWidth];
  const int64_t padded = round_up(rows.outputs, kRoundedStep);
  for (int64_t i = 0; i < rows.inputs; ++i) {
    functions_->round(rows.first + i * rows.width, rows.outputs, rounded + i * kPanelWidth, padded);
  }
  for (int64_t i = 0; i < rows.inputs;) {  // a panel of the copy at a time
    const int64_t input = rows.input + i;
    const int64_t stop = std::min(rows.inputs, round_up(input + 1, kPanelWidth) - rows.input);
    for (int64_t output = 0; output < padded; output += kRoundedStep) {
      const int64_t row = rounded_transposed_.row(rows.output + output, rows.place);
      const uint16_t* from = rounded + i * kPanelWidth + output;
      transpose_(reinterpret_cast<const float*>(from), kPanelWidth / 2, stop - i, kRoundedStep / 2,
                 run.data(copies_.transposed) + transposed_.index(row, input),
                 transposed_.width(input / kPanelWidth));
    }
    i = stop;
  }
}

}  // namespace sinapse
