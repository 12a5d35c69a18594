// A trained model: load it, predict with it, evaluate it, save it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sinapse/array.h>
#include <sinapse/metric.h>
#include <sinapse/network.h>
#include <sinapse/table.h>

namespace sinapse {

struct TrainedNetwork;
class Predictor;
struct ArrayDataset;  // image_set.h

/// Predictions of one target for the rows of a data set, in their order.
struct Predictions {
  std::string target;                ///< the name of its column
  std::vector<std::string> classes;  ///< empty for regression
  std::vector<int32_t> labels;       ///< index of the most probable class; empty for regression
  std::vector<float>
      probabilities;          ///< [rows, classes] row-major; empty for regression and margins
  std::vector<float> scores;  ///< after a hinge loss: above 0 is the second class; else empty
  std::vector<float> values;  ///< in the target's unit; empty for classes

  int64_t num_rows() const;
};

/// Immutable and cheap to copy; any number of threads may predict with one model.
class Model {
 public:
  Model() = default;
  explicit Model(std::shared_ptr<const TrainedNetwork> trained);

  /// Reads a model file that Sinapse wrote. Throws Error(file) or Error(model).
  static Model load(const std::string& path);

  /// Writes a standard ONNX file (opset 17) that contains the preprocessing; replaces a previous
  /// file atomically. Throws Error(file).
  void save(const std::string& path) const;

  /// Reads a file with the columns this model expects, typed as it expects them.
  Table read(const std::string& path) const;
  /// The same, some thousand rows at a time: little memory, however large the file is. All at once
  /// for a model whose rows go on from one another (training.stateful).
  void read(const std::string& path, const std::function<void(const Table& part)>& take) const;

  /// A model of sequences (DataOptions::sequence_by) answers each sequence, in the order of their
  /// first rows, or each row. Throws Error(data) if columns are missing or the shape of the samples
  /// differs, and Error(usage) if the model predicts several targets.
  Predictions predict(const Table& table, int threads = 1) const;
  Predictions predict(const Array& samples, int threads = 1) const;

  /// The same for each target, in the order of their columns in training.
  std::vector<Predictions> predict_each(const Table& table, int threads = 1) const;

  /// "loss" and all metrics that apply (metric.h); of several targets the means. Rows without an
  /// answer do not count. If rows had weights in training, and the table has that column, they
  /// count by it. Throws Error(data) if no row has an answer.
  Metrics evaluate(const Table& table, int threads = 1) const;
  Metrics evaluate(const ArrayDataset& data, int threads = 1) const;

  /// The same with class by class, and with intervals if asked for.
  Evaluation evaluate(const Table& table, const EvaluationOptions& options) const;
  Evaluation evaluate(const ArrayDataset& data, const EvaluationOptions& options) const;

  std::vector<LayerSummary> layers() const;
  int64_t num_parameters() const;
  std::string weights_sha256() const;
  const TrainedNetwork& trained() const { return *trained_; }

 private:
  std::shared_ptr<const TrainedNetwork> trained_;
  std::shared_ptr<const Predictor> predictor_;
};

}  // namespace sinapse
