// Encoded rows in memory, and how batches are put together from them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "features/pixels.h"
#include "graph/operator.h"
#include "train/row_source.h"

namespace sinapse {

/// Rows of one input of the network. Pixels stay bytes and are scaled on the way into the batch.
struct InputColumns {
  int64_t columns = 0;
  std::vector<float> numbers;                   // [rows, columns], or empty
  std::shared_ptr<const void> owner;            // keeps `bytes` alive
  const uint8_t* bytes = nullptr;               // [rows, columns], if `numbers` is empty
  std::shared_ptr<const ArrayFeatures> pixels;  // what bytes mean

  void copy_row(int64_t row, float* to) const;
  /// Those rows into rows `first`, first + 1, ... of `to`.
  void copy_rows(std::span<const int64_t> rows, const View<float>& to, int64_t first) const;
};

/// Where one category stands among a row's inputs: as that many columns, the last of which is the
/// one for unknown texts, or, if `num_columns` is 0, as the index of an embedding, `unknown` of
/// them.
struct CategoryColumns {
  size_t input = 0;
  int64_t first = 0, num_columns = 0;
  float unknown = 0;
  std::vector<int64_t> products = {};  // columns that are products with one of its own
};

struct Dataset {
  int64_t rows = 0;
  std::vector<InputColumns> inputs;         // in the order of the network's inputs
  std::shared_ptr<const RowSource> source;  // of all inputs, if they are not in memory
  /// [rows, target_width] as Target::encode gives it, NaN where not known; empty for prediction
  /// alone.
  std::vector<float> target;
  int64_t target_width = 1;
  /// How much each row counts in metrics, and in the loss, where the mean over the training rows is
  /// 1. [rows], or empty: all the same.
  std::vector<double> weights;
  std::vector<float> loss_weights;
  std::vector<CategoryColumns> categories;

  std::span<const float> target_row(int64_t row) const {
    return std::span(target).subspan(row * target_width, target_width);
  }
  float loss_weight(int64_t row) const { return loss_weights.empty() ? 1.0f : loss_weights[row]; }
};

/// Copies a row of every input that a view asks for. `gathered`, if given, is the row as the data
/// set's source has it, all inputs side by side.
void copy_inputs(const Dataset& data, int64_t row, const float* gathered,
                 std::span<const View<float>> inputs, int64_t to_row);

/// Loss weights from the rows' own and those of their classes; none if all are the same.
void set_loss_weights(Dataset& data, std::span<const double> class_weights);

/// Makes the mean of the loss weights over the training rows 1.
void normalise_loss_weights(Dataset& data, std::span<const int64_t> training_rows);

/// Throws Error(data) if all of the rows have the weight 0; `what` they are there for: "to train
/// on".
void require_weight(const Dataset& data, std::span<const int64_t> rows, const char* what);

/// The rows that have a target.
std::vector<int64_t> known_rows(const Dataset& data);

}  // namespace sinapse
