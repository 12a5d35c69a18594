// Predicting and evaluating with a trained model.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/model.h>

#include "data/table_parts.h"
#include "features/target_columns.h"
#include "network/network.h"
#include "ops/scalars.h"
#include "train/answers.h"
#include "train/encode.h"
#include "train/metrics.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;

template <class Samples>  // Array or ArrayDataset
Dataset encode(const TrainedNetwork& trained, const Samples& samples) {
  if (!trained.pixels) {
    throw Error(ErrorCode::data, "The model expects a table, but was given an array of samples.");
  }
  return encode_inputs(*trained.pixels, samples);
}

std::vector<int32_t> most_probable(std::span<const float> probabilities, size_t width) {
  std::vector<int32_t> labels;
  for (size_t i = 0; i < probabilities.size(); i += width) {
    const float* row = probabilities.data() + i;
    labels.push_back(static_cast<int32_t>(std::max_element(row, row + width) - row));
  }
  return labels;
}

// One logit: two classes.
void decode_logits(std::span<const float> logits, Predictions& predictions) {
  for (const float logit : logits) {
    predictions.labels.push_back(logit > 0 ? 1 : 0);
    predictions.probabilities.push_back(static_cast<float>(sigmoid(-static_cast<double>(logit))));
    predictions.probabilities.push_back(static_cast<float>(sigmoid(static_cast<double>(logit))));
  }
}

std::vector<float> column_of(std::span<const float> values, size_t column, size_t width) {
  std::vector<float> result;
  for (size_t i = column; i < values.size(); i += width) result.push_back(values[i]);
  return result;
}

// One target of several, or the only one.
Predictions decode_one(std::span<const float> outputs, const Target& target, size_t i) {
  const TargetColumn& column = target.columns()[i];
  Predictions predictions{.target = column.name, .classes = column.classes};
  if (target.task() == Task::multiclass) {
    const std::vector<double> probabilities = probabilities_of(outputs, target);
    predictions.probabilities.assign(probabilities.begin(), probabilities.end());
    predictions.labels = most_probable(outputs, column.classes.size());
    return predictions;
  }
  std::vector<float> own = column_of(outputs, i, target.columns().size());
  if (column.classes.empty()) {
    predictions.values = std::move(own);
    return predictions;
  }
  decode_logits(own, predictions);
  if (target.form() == OutputForm::margin) {
    predictions.probabilities.clear();
    predictions.scores = std::move(own);
  }
  return predictions;
}

std::vector<Predictions> decode(std::vector<float> outputs, const Target& target) {
  if (target.columns().front().classes.empty()) outputs = target.decode(outputs);
  std::vector<Predictions> all;
  for (size_t i = 0; i < target.columns().size(); ++i)
    all.push_back(decode_one(outputs, target, i));
  return all;
}

Predictions the_only(std::vector<Predictions> all) {
  if (all.size() == 1) return std::move(all.front());
  throw Error(
      ErrorCode::usage,
      fmt::format("The model predicts {} targets: ask for them with predict_each().", all.size()));
}

// Rows without a known target are left out.
Evaluation evaluate_known(const Predictor& predictor, const Dataset& data,
                          const TrainedNetwork& trained, const EvaluationOptions& options) {
  const Target& target = trained.target;
  const Rows rows = known_rows(data);
  if (rows.empty()) {
    throw Error(ErrorCode::data, fmt::format("No row has a value in the target column {}.",
                                             quoted_names(target.names())));
  }
  Team team(options.threads);
  require_weight(data, rows, "to evaluate");
  return Measurement(predictor, data, rows, target, choose_loss(trained.loss, target.task()), team,
                     /*in_memory=*/options.bootstrap > 0)
      .all(options, team);
}

// For each sequence, or for each row of the table.
std::vector<float> outputs_of_sequences(const TrainedNetwork& trained, const Predictor& predictor,
                                        const Table& table, Team& team) {
  const SequenceColumns& columns = *trained.sequences;
  const RowSequences sequences = sequences_of(table, columns.id, columns.order);
  const std::vector<float> outputs =
      predictor.run(encode_sequences(*trained.features, columns, sequences, table), {}, team);
  if (!columns.per_row) return outputs;
  std::vector<float> in_file_order(outputs.size());
  const int64_t width = predictor.num_outputs();
  for (size_t i = 0; i < sequences.rows.size(); ++i)
    std::copy_n(outputs.begin() + static_cast<int64_t>(i) * width, width,
                in_file_order.begin() + sequences.rows[i] * width);
  return in_file_order;
}

ReadOptions read_options(const TrainedNetwork& trained) {
  ReadOptions options;
  if (trained.features) {
    options.kinds = trained.features->kinds();
    options.date_formats = trained.features->date_formats();
  }
  if (trained.series) {
    const SeriesColumns& columns = trained.series->columns;
    const bool date = trained.series->step.date;
    options.kinds[columns.time] = date ? ColumnKind::date : ColumnKind::number;
    if (date) options.date_formats[columns.time] = trained.series->date_format;
    options.kinds[columns.target] = ColumnKind::number;
    if (!columns.id.empty()) options.kinds[columns.id] = ColumnKind::category;
    for (const std::string& name : columns.known) options.kinds[name] = ColumnKind::number;
    return options;
  }
  if (trained.sequences) {
    const SequenceColumns& columns = *trained.sequences;
    options.kinds[columns.id] = ColumnKind::category;
    const bool date = columns.order_is_date;
    if (!columns.order.empty())
      options.kinds[columns.order] = date ? ColumnKind::date : ColumnKind::number;
    if (date) options.date_formats[columns.order] = columns.order_format;
  }
  for (const TargetColumn& column : trained.target.columns())
    options.kinds[column.name] = column.kind();
  if (!trained.weighting.column.empty())
    options.kinds[trained.weighting.column] = ColumnKind::number;
  return options;
}

}  // namespace

int64_t Predictions::num_rows() const {
  return static_cast<int64_t>(classes.empty() ? values.size() : labels.size());
}

Model::Model(std::shared_ptr<const TrainedNetwork> trained) : trained_(std::move(trained)) {
  auto predictor = std::make_shared<Predictor>(trained_->network, input_descriptions(*trained_),
                                               kBatchRows, trained_->stateful);
  predictor->set_weights(trained_->weights);
  predictor_ = std::move(predictor);
}

Table Model::read(const std::string& path) const {
  return read_table(path, read_options(*trained_));
}

void Model::read(const std::string& path, const std::function<void(const Table&)>& take) const {
  if (trained_->stateful) return take(read(path));  // what a row says depends on all before it
  read_table_in_parts(path, read_options(*trained_), take);
}

Predictions Model::predict(const Table& table, int threads) const {
  return the_only(predict_each(table, threads));
}

std::vector<Predictions> Model::predict_each(const Table& table, int threads) const {
  Team team(threads);
  if (trained_->sequences)
    return decode(outputs_of_sequences(*trained_, *predictor_, table, team), trained_->target);
  return decode(predictor_->run(encode_inputs(*trained_, table), {}, team), trained_->target);
}

Predictions Model::predict(const Array& samples, int threads) const {
  Team team(threads);
  return the_only(decode(predictor_->run(encode(*trained_, samples), {}, team), trained_->target));
}

Metrics Model::evaluate(const Table& table, int threads) const {
  return evaluate(table, EvaluationOptions{.threads = threads}).metrics;
}

Metrics Model::evaluate(const ArrayDataset& samples, int threads) const {
  return evaluate(samples, EvaluationOptions{.threads = threads}).metrics;
}

Evaluation Model::evaluate(const Table& table, const EvaluationOptions& options) const {
  const Dataset data = encode_labelled(*trained_, table);
  return evaluate_known(*predictor_, data, *trained_, options);
}

Evaluation Model::evaluate(const ArrayDataset& samples, const EvaluationOptions& options) const {
  Dataset data = encode(*trained_, samples);
  data.target.assign(samples.labels.begin(), samples.labels.end());
  set_loss_weights(data, trained_->weighting.class_weights);
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
