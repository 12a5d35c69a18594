// From a data set to what the loop takes: split, features and target fitted, rows encoded, weights.
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>

#include "data/take_samples.h"
#include "features/sample_parts.h"
#include "train/choices.h"
#include "train/encode.h"
#include "train/fine_tune.h"
#include "train/prepared.h"
#include "train/row_places.h"
#include "train/text_order.h"

namespace sinapse {

namespace {

// The model's target if it serves for these data, too; else the one given.
void choose_target(Prepared& prepared, const Target& fitted, const RunOptions& options,
                   bool same_numbers = true) {
  prepared.trained.target = fitted;
  std::string loss = options.training.loss;
  if (prepared.start && !options.network.refit && same_numbers) {
    const TrainedNetwork& model = prepared.start->trained();
    if (const auto kept = kept_target(model.target, fitted, loss)) {
      prepared.same_target = true;
      prepared.trained.target = *kept;
      if (loss == "auto") loss = model.loss;
    }
  }
  prepared.trained.loss = to_string(choose_loss(loss, prepared.trained.target.task()));
}

// The class weights of several labels stand in the loss, divided by their mean over what is known.
void weigh_labels(Prepared& prepared) {
  Loss loss = parse_loss(prepared.trained.loss);
  loss.label_weights = prepared.trained.weighting.class_weights;
  double sum = 0, known = 0;
  AnswerReader answers(prepared.data);
  for (const int64_t row : prepared.split.train) {
    const auto labels = answers.at(row).target;
    for (size_t i = 0; i < labels.size(); ++i) {
      if (std::isnan(labels[i])) continue;
      sum += loss.weight_of(labels[i], static_cast<int64_t>(i));
      ++known;
    }
  }
  for (double& weight : loss.label_weights) weight *= sum > 0 ? known / sum : 1;
  prepared.trained.loss = to_string(loss);
}

// Class weights, and from them and the rows' own weights those in the loss.
void weigh_rows(Prepared& prepared, const DataOptions& wanted) {
  CountedClasses counted(prepared.trained.target);
  if (!wanted.class_weight.empty()) {
    AnswerReader answers(prepared.data);
    for (const int64_t row : prepared.split.train) counted.add(answers.at(row).target);
  }
  Weighting& weighting = prepared.trained.weighting;
  weighting.class_weights = class_weights_of(wanted.class_weight, prepared.trained.target, counted);
  if (prepared.trained.target.task() == Task::multilabel) weigh_labels(prepared);
  set_loss_weights(prepared.data, weighting.class_weights);
  require_weight(prepared.data, prepared.split.train, "to train on");
  require_weight(prepared.data, prepared.split.validation, "for validation");
  require_weight(prepared.data, prepared.split.test, "to test");
  normalise_loss_weights(prepared.data, prepared.split.train);
}

// Where training rows stand on disk.
std::shared_ptr<const RowPlaces> places_of(const Rows& training_rows, const Table& table,
                                           const TrainingOptions& options) {
  if (!table.on_disk() || options.stateful || !RowPlaces::are_for(training_rows)) return nullptr;
  return std::make_shared<const RowPlaces>(training_rows, options.seed);
}

// Labels are numbers of classes: they serve for the model only if it counts the classes alike.
bool has_same_numbers(const std::vector<std::string>& classes, const Model& model) {
  const std::vector<std::string>& known = model.trained().target.classes();
  return classes.size() <= known.size() &&
         std::equal(classes.begin(), classes.end(), known.begin());
}

Dataset encode_images(const ArrayFeatures& pixels, const ArrayDataset& images) {
  Dataset data = encode_inputs(pixels, images);
  data.target.assign(images.labels.begin(), images.labels.end());
  return data;
}

// The last samples may be for validation already.
Split split_images(const ImageFolder& images, RunOptions options) {
  if (images.num_validation == 0) return split_samples(images.train.labels, options);
  options.data.validation_split = 0;
  const std::span<const int32_t> labels(images.train.labels);
  Split split = split_samples(labels.first(labels.size() - images.num_validation), options);
  for (size_t row = labels.size() - images.num_validation; row < labels.size(); ++row) {
    split.validation.push_back(static_cast<int64_t>(row));
  }
  return split;
}

void require_no_weight_column(const DataOptions& wanted) {
  if (wanted.weight.empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("data.weight is {}, but images have no columns.", wanted.weight));
}

ArrayFeatures fit_pixels(const ImageFolder& images, const Split& split, const RunOptions& options) {
  const Array& samples = images.train.inputs;
  const Channels channels =
      channels_from_name(options.data.channels, {samples.shape.begin() + 1, samples.shape.end()});
  const auto read = [&](std::span<const int64_t> rows) { return take_samples(images.train, rows); };
  const std::vector<int64_t> training = split.train;
  ArrayFeatures pixels = images.train.stored
                             ? fit_parts({samples.shape.begin() + 1, samples.shape.end()},
                                         samples.type, read, training, channels)
                             : ArrayFeatures::fit_to(samples, training, channels);
  if (!images.train.names.empty()) pixels.fit = options.image.fit;
  return pixels;
}

}  // namespace

Prepared prepare(const Table& table, const RunOptions& options, const KnownRows& known, Split split,
                 const Table* test) {
  const DataOptions& wanted = options.data;
  Prepared prepared;
  prepared.split = std::move(split);
  prepared.split_by = chosen_split(wanted, known.has_classes());
  prepared.start = starting_model(options.network);
  choose_target(prepared, known.target, options);
  if (!prepared.same_target) {
    // In the loss's form, and mean and deviation of the training rows alone.
    prepared.trained.target =
        Target::fit(table,
                    {.target = wanted.target,
                     .task = known.target.task(),
                     .form = parse_loss(prepared.trained.loss).definition->form},
                    prepared.split.train);
  }
  std::vector<std::string> left_out = split_columns(wanted);
  left_out.insert(left_out.end(), wanted.ignore.begin(), wanted.ignore.end());
  if (prepared.start && !options.network.refit) {
    prepared.trained.features = preprocessing_of_tables(*prepared.start);
  } else {
    const FeatureDeclarations declarations = with_text_in_order(table, options, left_out);
    prepared.trained.features = Features::fit(table, prepared.split.train,
                                              {.target = wanted.target,
                                               .ignore = left_out,
                                               .categorical = wanted.categorical,
                                               .declarations = declarations});
  }
  std::string& weight = prepared.trained.weighting.column;
  if (!wanted.weight.empty()) weight = table.column(wanted.weight).name;
  prepared.data = encode_rows(*prepared.trained.features, prepared.trained.target, weight, table,
                              places_of(prepared.split.train, table, options.training));
  if (options.training.stateful) {
    prepared.trained.stateful = true;
    if (!wanted.group.empty()) prepared.trained.stream_column = table.column(wanted.group).name;
    prepared.data.streams = streams_in(table, prepared.trained.stream_column);
  }
  weigh_rows(prepared, wanted);
  prepared.location = [&table](int64_t row) { return table.location(row); };
  if (test != nullptr) {
    prepared.test = encode_rows(*prepared.trained.features, prepared.trained.target, weight, *test);
    prepared.test->streams = streams_in(*test, prepared.trained.stream_column);
    set_loss_weights(*prepared.test, prepared.trained.weighting.class_weights);
    require_weight(*prepared.test, known_rows(*prepared.test), "to test");
  }
  return prepared;
}

Prepared prepare(const ImageFolder& images, const RunOptions& options) {
  Prepared prepared;
  const std::string column = options.data.target.empty() ? "label" : options.data.target;
  prepared.start = starting_model(options.network);
  choose_target(prepared, Target::of_classes(column, images.train.classes), options,
                !prepared.start || has_same_numbers(images.train.classes, *prepared.start));
  prepared.trained.target.set_form(parse_loss(prepared.trained.loss).definition->form);
  prepared.split = split_images(images, options);
  prepared.split_by = chosen_split(options.data, /*classes=*/true);
  prepared.remarks = images.remarks;
  prepared.trained.pixels = prepared.start && !options.network.refit
                                ? preprocessing_of_arrays(*prepared.start)
                                : fit_pixels(images, prepared.split, options);
  prepared.data = encode_images(*prepared.trained.pixels, images.train);
  require_no_weight_column(options.data);
  prepared.trained.stateful = options.training.stateful;
  weigh_rows(prepared, options.data);
  prepared.location = [&names = images.train.names](int64_t row) {
    return names.empty() ? fmt::format("sample {}", row) : names[row];
  };
  if (images.test) {
    prepared.test = encode_images(*prepared.trained.pixels, *images.test);
    set_loss_weights(*prepared.test, prepared.trained.weighting.class_weights);
  }
  return prepared;
}

}  // namespace sinapse
