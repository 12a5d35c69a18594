// One training step: on a compiled plan, or on the naive reference.
#pragma once

#include "cpu/executor.h"
#include "train/carried_states.h"
#include "train/dataset.h"
#include "train/training_graph.h"

namespace sinapse {

class Augmenter;      // augment.h
class PicturesAhead;  // pictures_ahead.h

struct Mixture;  // augment.h

/// Where the rows of a batch go: inputs of a training graph. `partner_target` and `share` are empty
/// where rows are not mixed.
struct BatchViews {
  std::span<const View<float>> inputs;
  View<float> target, row_weight;
  View<float> partner_target = {}, share = {};
};

/// `view(id)` is the place of a graph's input.
template <class MakeView>
BatchViews batch_views(const TrainingGraph& graph, std::span<const View<float>> inputs,
                       MakeView view) {
  BatchViews views{inputs, view(graph.target), view(graph.row_weight)};
  if (graph.share == kNoValue) return views;
  views.partner_target = view(graph.partner_target);
  views.share = view(graph.share);
  return views;
}

/// The rows of one batch.
struct Batch {
  const Dataset& data;
  std::span<const int64_t> rows;
  int64_t mean_rows = 0;  // rows whose losses make one mean; 0: those of the batch
  bool hides_categories = true;
  const Augmenter* augmenter = nullptr;  // changes pictures on their way
  const PicturesAhead* ahead = nullptr;  // may have some of them changed already
  const float* gathered = nullptr;    // [rows, columns of all inputs], if the data set has a source
  std::span<const char> begins = {};  // by row: it does not go on from the batch before; empty: all

  /// Row r of the batch into row r of the views, some categories hidden; `row_weight` becomes its
  /// share in the mean: its weight by the number of rows, so that a step's gradient is that of the
  /// weighted mean over all training rows, but for chance.
  void copy_row(int64_t r, const StepState& state, const BatchViews& to) const;
  /// What is known of row r of the batch.
  Answer answer(int64_t r) const {
    return data.answer(rows[r],
                       gathered == nullptr ? nullptr : gathered + r * data.source->num_columns());
  }
  /// Rows [begin, end) of the batch.
  void copy_rows(int64_t begin, int64_t end, const StepState& state, const BatchViews& to) const;

 private:
  Mixture copy_changed(size_t input, int64_t r, const StepState& state, float* to) const;
  bool hides_some() const { return hides_categories && !data.categories.empty(); }
  int64_t num_rows_of_mean() const {
    return mean_rows > 0 ? mean_rows : static_cast<int64_t>(rows.size());
  }
  void copy_answer(int64_t r, const Mixture& mixture, const BatchViews& to) const;
  void copy_single_answers(int64_t begin, int64_t end, const BatchViews& to) const;
};

/// Carries out steps of a training graph. Values are read and written in plain order.
class Stepper {
 public:
  virtual ~Stepper() = default;
  /// Returns the losses of the rows; the weights move.
  virtual std::span<const float> step(const Batch& batch, const StepState& state) = 0;
  /// Of a parameter or state of the graph, or what is carried to an input of TrainingGraph::states.
  virtual void write(ValueId id, std::span<const float> values) = 0;
  virtual std::vector<float> read(ValueId id) const = 0;
  /// Rows of an input or output of the graph, as they were in the last step.
  virtual std::vector<float> read_rows(ValueId id, int64_t rows) const = 0;
};

/// `graph` and `team` must outlive the stepper. `shared`, if given, is the stepper of the same
/// network for another number of steps; if both lay out the weights alike, they have them in
/// common, else the result is null. Throws Error(usage) if this processor cannot compute so.
std::unique_ptr<Stepper> compiled_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                          int64_t batch_size, Team& team,
                                          ProductPrecision precision = ProductPrecision::float32,
                                          const Stepper* shared = nullptr);
std::unique_ptr<Stepper> reference_stepper(const TrainingGraph& graph, int64_t batch_size);

/// Every parameter and state, moments and carried states included.
using Snapshot = std::vector<std::pair<ValueId, std::vector<float>>>;
Snapshot take_snapshot(const Stepper& stepper, const TrainingGraph& graph);
void restore(Stepper& stepper, const Snapshot& snapshot);

/// Parameters and running statistics by name, without moments; or their averages over time.
std::map<std::string, std::vector<float>> weights_of(const Stepper& stepper,
                                                     const TrainingGraph& graph,
                                                     bool averaged = false);
void set_weights(Stepper& stepper, const TrainingGraph& graph,
                 const std::map<std::string, std::vector<float>>& weights);

/// Draws all parameters anew; a function of seed and names alone.
void initialize(Stepper& stepper, const TrainingGraph& graph, uint64_t seed);

}  // namespace sinapse
