// A recurrent network that is shown one row after another and keeps its context in between.
//
//     Session first(model);                          // a model of sequences [time, features]
//     Session second = first;                        // thousands may share one network
//     for (const auto& row : rows) {
//       std::span<const float> answer = first.step(row);
//     }
//     first.reset();                                 // forget all
//
// A model of a table's rows (data.sequence_by) takes tables of one row: first.step(table).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sinapse/model.h>

namespace sinapse {

/// The context of one sequence. Its answer after t rows is, to the bit, what Model::predict says of
/// the sequence of these t rows. Sessions that were copied from one another share the compiled
/// network with its working memory, and take turns; each has only its state and answer. Any thread
/// may step any session, one at a time each.
class Session {
 public:
  /// Throws Error(usage) unless the model takes sequences, of arrays [time, features] or of a
  /// table's rows, that it walks through in one pass from the first to the last row: rnn, lstm, gru
  /// and context layers, forward, and layers that treat each row by itself; no attention and no
  /// padding.
  explicit Session(const Model& model);

  int64_t features() const;  ///< numbers of a row; of a table, once it is encoded
  int64_t outputs() const;   ///< numbers of an answer

  /// Shows one row of numbers in the unit of the training data, and gives the answer so far:
  /// numbers in the target's unit, the probability of each class, or after a hinge loss the score;
  /// of several targets one after the other. Valid until the next step of this session. Allocates
  /// nothing. Throws Error(usage) for a row of another length.
  std::span<const float> step(std::span<const float> row);

  /// The same for a table of one row, with the columns that the model expects. Throws Error(usage)
  /// for a model of arrays, or another number of rows, and Error(data) as Model::predict does.
  std::span<const float> step(const Table& row);

  /// As if no row had been shown.
  void reset();

  /// All that is remembered: for each recurrent layer its last output and, of an LSTM, its cell.
  std::span<const float> state() const { return state_; }
  /// Throws Error(usage) if it has another length.
  void set_state(std::span<const float> state);

 private:
  struct Network;
  std::shared_ptr<Network> network_;
  std::vector<float> state_, answer_;
};

}  // namespace sinapse
