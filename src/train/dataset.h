// Encoded rows in memory, and how batches are put together from them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/rows.h"
#include "features/pixels.h"
#include "graph/operator.h"
#include "train/row_source.h"
#include "train/stored_answers.h"

namespace sinapse {

/// Rows of one input of the network. Pixels stay bytes and are scaled on the way into the batch. A
/// row may be a sequence of steps, as long as it is; zeros then fill up what it is copied to.
struct InputColumns {
  int64_t columns = 0;                          // of a sequence: all that the network sees of it
  std::vector<float> numbers;                   // [rows, columns], or empty
  std::shared_ptr<const void> owner;            // keeps `bytes` alive
  const uint8_t* bytes = nullptr;               // [rows, columns], if `numbers` is empty
  std::shared_ptr<const ArrayFeatures> pixels;  // what bytes mean
  int64_t step_columns = 0;      // of sequences: numbers of one step, [all steps, step_columns]
  std::vector<int64_t> offsets;  // of sequences: where the steps of each row begin, and the end

  bool is_sequence() const { return !offsets.empty(); }
  void copy_row(int64_t row, float* to) const;
  /// A sequence, cut or filled up to that many numbers.
  void copy_sequence(int64_t row, float* to, int64_t width) const;
  /// Those rows into rows `first`, first + 1, ... of `to`.
  void copy_rows(std::span<const int64_t> rows, const View<float>& to, int64_t first) const;

 private:
  void copy_short_rows(std::span<const int64_t> rows, const View<float>& to, int64_t first) const;
};

/// Where one category stands among a row's inputs: as that many columns, the last of which is the
/// one for unknown texts, or, if `num_columns` is 0, as the index of an embedding, `unknown` of
/// them. Tokens are as many categories as a row has of them.
struct CategoryColumns {
  size_t input = 0;
  int64_t first = 0, num_columns = 0;
  float unknown = 0;
  bool tokens = false;
  std::vector<int64_t> products = {};  // columns that are products with one of its own
};

/// What is known of a row, and how much it counts.
struct Answer {
  std::span<const float> target;
  double weight = 1;      // in metrics
  float loss_weight = 1;  // in the loss
};

class RowPlaces;  // row_places.h

struct Dataset {
  int64_t rows = 0;
  std::vector<InputColumns> inputs;         // in the order of the network's inputs
  std::shared_ptr<const RowSource> source;  // of all inputs, if they are not in memory
  /// [rows, target_width] as Target::encode gives it, NaN where not known; empty for prediction
  /// alone.
  std::vector<float> target;
  int64_t target_width = 1;
  /// Where the answers to each row begin in `target`, and the end, if there is one for each of its
  /// steps; empty: one for each row.
  std::vector<int64_t> answers;
  /// How much each row counts in metrics, and in the loss, where the mean over the training rows is
  /// 1. [rows], or empty: all the same.
  std::vector<double> weights;
  std::vector<float> loss_weights;
  /// Of rows whose answers are on disk, in order here and behind the inputs of each row in
  /// `source`; target and weights above are then empty, and these make the weights in the loss.
  std::shared_ptr<const StoredAnswers> stored_answers;
  std::vector<float> class_factors;  // by class, or empty
  double loss_factor = 1;
  std::shared_ptr<const RowPlaces> places;  // where very many training rows stand in `source`
  std::vector<CategoryColumns> categories;
  /// Which stream a row belongs to where rows go on from one another, [rows]; empty: all to one.
  std::vector<int32_t> streams;

  bool same_stream(int64_t a, int64_t b) const {
    return streams.empty() || streams[a] == streams[b];
  }
  /// All answers to the row.
  std::span<const float> target_row(int64_t row) const {
    const int64_t first = answers.empty() ? row : answers[row];
    const int64_t count = answers.empty() ? 1 : answers[row + 1] - first;
    return std::span(target).subspan(first * target_width, count * target_width);
  }
  bool has_sequences() const;
  /// How many steps the longest sequence of the row has; 0 if there are none.
  int64_t num_steps(int64_t row) const;
  bool has_target() const { return stored_answers || !target.empty(); }
  bool has_weights() const {
    return stored_answers ? stored_answers->has_weights() : !weights.empty();
  }
  bool has_loss_weights() const {
    return stored_answers ? has_weights() || !class_factors.empty() : !loss_weights.empty();
  }
  /// `gathered` is the row as the data set's source has it, if there is one.
  Answer answer(int64_t row, const float* gathered) const;
  /// The same from the numbers of StoredAnswers.
  Answer stored_answer(const float* numbers) const;
};

/// The answers of rows, asked for one after another, in rising order if they are on disk. For one
/// thread.
class AnswerReader {
 public:
  /// `data` outlives it.
  explicit AnswerReader(const Dataset& data, int64_t rows_at_once = 4096)
      : data_(data), rows_at_once_(rows_at_once) {}
  /// Valid until the next call.
  Answer at(int64_t row);

 private:
  const Dataset& data_;
  const int64_t rows_at_once_;
  int64_t first_ = 0, end_ = 0;  // of the rows at hand
  std::vector<float> numbers_;
};

/// All targets in memory, [rows, target_width].
std::vector<float> all_targets(const Dataset& data);

/// Copies a row of every input that a view asks for. `gathered`, if given, is the row as the data
/// set's source has it, all inputs side by side.
void copy_inputs(const Dataset& data, int64_t row, const float* gathered,
                 std::span<const View<float>> inputs, int64_t to_row);

/// Loss weights from the rows' own and those of their classes; none if all are the same.
void set_loss_weights(Dataset& data, std::span<const double> class_weights);

/// Makes the mean of the loss weights over the training rows 1.
void normalise_loss_weights(Dataset& data, const Rows& training_rows);

/// Throws Error(data) if all of the rows have the weight 0; `what` they are there for: "to train
/// on".
void require_weight(const Dataset& data, const Rows& rows, const char* what);

/// The rows that have a target.
Rows known_rows(const Dataset& data);

}  // namespace sinapse
