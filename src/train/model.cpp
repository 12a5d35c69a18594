// Predicting and evaluating with a trained model.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/model.h>

#include "data/table_parts.h"
#include "network/network.h"
#include "train/answers.h"
#include "train/encode.h"
#include "train/metrics.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;

Dataset encode(const TrainedNetwork& trained, const Table& table) {
  if (!trained.features) {
    throw Error(ErrorCode::data, "The model expects arrays of samples, but was given a table.");
  }
  return encode_inputs(*trained.features, table);
}

Dataset encode(const TrainedNetwork& trained, const Array& samples) {
  if (!trained.pixels) {
    throw Error(ErrorCode::data, "The model expects a table, but was given an array of samples.");
  }
  return encode_inputs(*trained.pixels, samples);
}

Predictions decode(const std::vector<float>& outputs, const Target& target) {
  Predictions predictions;
  if (target.task() == Task::regression) {
    for (const float output : outputs) predictions.values.push_back(target.decode(output));
    return predictions;
  }
  predictions.classes = target.classes();
  if (target.form() == OutputForm::margin) {
    for (const float output : outputs) predictions.labels.push_back(output > 0 ? 1 : 0);
    predictions.scores = outputs;
    return predictions;
  }
  const std::vector<double> probabilities = probabilities_of(outputs, target);
  predictions.probabilities.assign(probabilities.begin(), probabilities.end());
  const size_t width = target.classes().size();
  for (size_t i = 0; i < probabilities.size(); i += width) {
    const double* row = probabilities.data() + i;
    predictions.labels.push_back(static_cast<int32_t>(std::max_element(row, row + width) - row));
  }
  return predictions;
}

// Rows without a known target are left out.
Evaluation evaluate_known(const Predictor& predictor, const Dataset& data,
                          const TrainedNetwork& trained, const EvaluationOptions& options) {
  const Target& target = trained.target;
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < data.rows; ++row) {
    if (data.target[row] == data.target[row]) rows.push_back(row);  // not NaN
  }
  if (rows.empty()) {
    throw Error(ErrorCode::data,
                fmt::format("No row has a value in the target column \"{}\".", target.column()));
  }
  Team team(options.threads);
  return evaluate_fully(answers_of(predictor, data, rows, team), target,
                        choose_loss(trained.loss, target.task()), options, team);
}

ReadOptions read_options(const TrainedNetwork& trained) {
  ReadOptions options;
  if (trained.features) {
    options.kinds = trained.features->kinds();
    options.date_formats = trained.features->date_formats();
  }
  options.kinds[trained.target.column()] = trained.target.kind();
  return options;
}

}  // namespace

int64_t Predictions::num_rows() const {
  return static_cast<int64_t>(classes.empty() ? values.size() : labels.size());
}

Model::Model(std::shared_ptr<const TrainedNetwork> trained) : trained_(std::move(trained)) {
  auto predictor =
      std::make_shared<Predictor>(trained_->network, input_descriptions(*trained_), kBatchRows);
  predictor->set_weights(trained_->weights);
  predictor_ = std::move(predictor);
}

Table Model::read(const std::string& path) const {
  return read_table(path, read_options(*trained_));
}

void Model::read(const std::string& path, const std::function<void(const Table&)>& take) const {
  read_table_in_parts(path, read_options(*trained_), take);
}

Predictions Model::predict(const Table& table, int threads) const {
  Team team(threads);
  return decode(predictor_->run(encode(*trained_, table), {}, team), trained_->target);
}

Predictions Model::predict(const Array& samples, int threads) const {
  Team team(threads);
  return decode(predictor_->run(encode(*trained_, samples), {}, team), trained_->target);
}

Metrics Model::evaluate(const Table& table, int threads) const {
  return evaluate(table, EvaluationOptions{.threads = threads}).metrics;
}

Metrics Model::evaluate(const ArrayDataset& samples, int threads) const {
  return evaluate(samples, EvaluationOptions{.threads = threads}).metrics;
}

Evaluation Model::evaluate(const Table& table, const EvaluationOptions& options) const {
  Dataset data = encode(*trained_, table);
  data.target = trained_->target.encode(table);
  return evaluate_known(*predictor_, data, *trained_, options);
}

Evaluation Model::evaluate(const ArrayDataset& samples, const EvaluationOptions& options) const {
  Dataset data = encode(*trained_, samples.inputs);
  data.target.assign(samples.labels.begin(), samples.labels.end());
  return evaluate_known(*predictor_, data, *trained_, options);
}

std::vector<LayerSummary> Model::layers() const {
  return build_network(trained_->network, input_descriptions(*trained_), false).layers;
}

int64_t Model::num_parameters() const {
  return build_network(trained_->network, input_descriptions(*trained_), false).num_parameters();
}

std::string Model::weights_sha256() const {
  return sinapse::weights_sha256(*trained_);
}

}  // namespace sinapse
