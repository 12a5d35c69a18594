// From a data set to a model: the main job, step by step.
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/optimizer.h>
#include <sinapse/train.h>

#include "train/answers.h"
#include "train/augment.h"
#include "train/choices.h"
#include "train/encode.h"
#include "train/final_fit.h"
#include "train/fine_tune.h"
#include "train/learning_rate_range.h"
#include "train/loop.h"
#include "train/observer.h"
#include "train/prepared.h"
#include "train/record.h"
#include "train/train_series.h"
#include "train/train_split.h"

namespace sinapse {

namespace {

void remark_all(const TrainCallbacks& callbacks, const std::vector<std::string>& remarks) {
  if (!callbacks.on_remark) return;
  for (const std::string& remark : remarks) callbacks.on_remark(remark);
}

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

// Class weights, and from them and the rows' own weights those in the loss.
void weigh_rows(Prepared& prepared, const DataOptions& wanted) {
  std::vector<float> encoded;
  if (!wanted.class_weight.empty()) {
    for (const int64_t row : prepared.split.train) {
      encoded.push_back(prepared.data.target_row(row).front());
    }
  }
  Weighting& weighting = prepared.trained.weighting;
  weighting.class_weights = class_weights_of(wanted.class_weight, prepared.trained.target, encoded);
  set_loss_weights(prepared.data, weighting.class_weights);
  require_weight(prepared.data, prepared.split.train, "to train on");
  require_weight(prepared.data, prepared.split.validation, "for validation");
  require_weight(prepared.data, prepared.split.test, "to test");
  normalise_loss_weights(prepared.data, prepared.split.train);
}

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
    prepared.trained.features = Features::fit(table, prepared.split.train,
                                              {.target = wanted.target,
                                               .ignore = left_out,
                                               .categorical = wanted.categorical,
                                               .declarations = options.features});
  }
  prepared.data = encode_inputs(*prepared.trained.features, table);
  encode_target(prepared.trained.target, table, prepared.data);
  if (!wanted.weight.empty()) {
    prepared.trained.weighting.column = table.column(wanted.weight).name;
    prepared.data.weights = weights_in(table, wanted.weight, known_rows(prepared.data));
  }
  weigh_rows(prepared, wanted);
  prepared.location = [&table](int64_t row) { return table.location(row); };
  if (test != nullptr) {
    prepared.test = encode_inputs(*prepared.trained.features, *test);
    encode_target(prepared.trained.target, *test, *prepared.test);
    const std::string& weight = prepared.trained.weighting.column;
    if (!weight.empty()) {
      prepared.test->weights = weights_in(*test, weight, known_rows(*prepared.test));
    }
    set_loss_weights(*prepared.test, prepared.trained.weighting.class_weights);
    require_weight(*prepared.test, known_rows(*prepared.test), "to test");
  }
  return prepared;
}

// Labels are numbers of classes: they serve for the model only if it counts the classes alike.
bool has_same_numbers(const std::vector<std::string>& classes, const Model& model) {
  const std::vector<std::string>& known = model.trained().target.classes();
  return classes.size() <= known.size() &&
         std::equal(classes.begin(), classes.end(), known.begin());
}

Dataset encode_images(const ArrayFeatures& pixels, const ArrayDataset& images) {
  Dataset data = encode_inputs(pixels, images.inputs);
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
  ArrayFeatures pixels = ArrayFeatures::fit_to(samples, split.train, channels);
  if (!images.train.names.empty()) pixels.fit = options.image.fit;
  return pixels;
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

void require_one_test_set(const RunOptions& options, bool given) {
  if (!given || options.data.test_split == 0) return;
  throw Error(ErrorCode::usage,
              "There are two test sets: one was given, and data.test_split asks for another.");
}

RunOptions with_model(const RunOptions& options) {
  const std::optional<Model> model = starting_model(options.network);
  return model ? continued(options, *model) : options;
}

class TrainingRun {
 public:
  TrainingRun(Prepared prepared, const RunOptions& options, const TrainCallbacks& callbacks)
      : prepared_(std::move(prepared)), callbacks_(callbacks), team_(options.training.threads) {
    remark_all(callbacks_, prepared_.remarks);
    remark_all(callbacks_, prepared_.trained.target.remarks());
    if (prepared_.trained.features) {
      remark_all(callbacks_, prepared_.trained.features->remarks());
    }
    RunOptions chosen = options;
    chosen.training.loss = prepared_.trained.loss;
    result_.resolved = resolve(std::move(chosen), data_size());
    result_.resolved.data.split_by = prepared_.split_by;
    describe();
  }

  TrainResult run() {
    const auto start = std::chrono::steady_clock::now();
    const Optimizer optimizer = parse_optimizer(result_.resolved.training.optimizer);
    const std::vector<InputDescription> inputs = input_descriptions(prepared_.trained);
    const TrainingGraph graph = build_training_graph(
        prepared_.trained.network, inputs, prepared_.trained.loss, optimizer,
        update_rules(result_.resolved.training), result_.resolved.network.freeze);
    const std::map<std::string, std::vector<float>> start_weights = weights_to_begin_from(graph);
    for (const LayerSummary& layer : graph.layers) {
      if (callbacks_.on_layer) callbacks_.on_layer(layer);
    }
    const std::optional<Augmenter> augmenter = make_augmenter();
    Predictor predictor(prepared_.trained.network, inputs, kPredictionRows);
    Checkpoints checkpoints(
        result_.resolved,
        [&] {
          return fingerprint_of(prepared_.data, prepared_.split.train, prepared_.split.validation);
        },
        callbacks_);
    const ObservedRun observed(callbacks_.observers,
                               {prepared_.trained, prepared_.data, prepared_.split.train,
                                result_.resolved.network.freeze, team_});
    LoopResult loop = run_loop(
        {graph, optimizer, prepared_.data, prepared_.split.train, prepared_.split.validation,
         prepared_.trained.target, result_.resolved.training, predictor, team_, callbacks_,
         augmenter ? &*augmenter : nullptr, prepared_.location, checkpoints, start_weights});
    predictor.set_weights(loop.weights);
    prepared_.trained.weights = std::move(loop.weights);
    evaluate(predictor);
    result_.history = std::move(loop.history);
    result_.epochs = static_cast<int64_t>(result_.history.size());
    result_.best_epoch = loop.best_epoch;
    result_.interrupted = loop.interrupted;
    result_.out_of_time = loop.out_of_time;
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    finish(graph);
    return std::move(result_);
  }

  /// Given back when all is done.
  Split split() { return std::move(prepared_.split); }

  LearningRateRange test_learning_rates(const LearningRateRangeOptions& range) {
    const TrainingOptions& training = result_.resolved.training;
    const Optimizer optimizer = parse_optimizer(training.optimizer);
    if (optimizer.definition->full_batch) {
      throw Error(ErrorCode::usage,
                  fmt::format("{} finds its own steps on all rows at once, so there is no range of "
                              "learning rates to test.",
                              optimizer.definition->name));
    }
    const TrainingGraph graph = build_training_graph(
        prepared_.trained.network, input_descriptions(prepared_.trained), prepared_.trained.loss,
        optimizer, update_rules(training), result_.resolved.network.freeze);
    return sweep_learning_rates(graph, optimizer, prepared_.data, prepared_.split.train, training,
                                range, team_, callbacks_.should_stop);
  }

 private:
  static constexpr int64_t kPredictionRows = 512;

  DataSize data_size() const {
    DataSize size{.training_rows = static_cast<int64_t>(prepared_.split.train.size()),
                  .validation_rows = static_cast<int64_t>(prepared_.split.validation.size()),
                  .pixels = prepared_.trained.pixels.has_value(),
                  .task = prepared_.trained.target.task()};
    for (const InputColumns& input : prepared_.data.inputs) size.inputs += input.columns;
    return size;
  }

  std::optional<Augmenter> make_augmenter() const {
    const AugmentationOptions& options = result_.resolved.augment;
    if (!is_augmented(options)) return std::nullopt;
    if (prepared_.trained.pixels)
      return Augmenter(options, prepared_.trained.pixels->network_shape());
    throw Error(ErrorCode::usage, "augment is for pictures, but the data are a table.");
  }

  // Those of the model, if there is one; the others are drawn.
  std::map<std::string, std::vector<float>> weights_to_begin_from(const TrainingGraph& graph) {
    if (!prepared_.start) return {};
    StartingWeights start =
        starting_weights(prepared_.start->trained(), graph, prepared_.same_target);
    if (!start.drawn.empty()) {
      remark_all(callbacks_, {fmt::format("begin anew, as the model has no such weights or another "
                                          "target: {}.",
                                          fmt::join(start.drawn, ", "))});
    }
    return std::move(start.weights);
  }

  void describe() {
    const NetworkOptions& network = result_.resolved.network;
    const TrainedNetwork& trained = prepared_.trained;
    const bool is_given =
        !network.hidden.empty() || !network.layers.empty() || !network.preset.empty();
    if (prepared_.start && !is_given) {
      prepared_.trained.network =
          continued_network(prepared_.start->trained().network, trained.target.num_outputs());
      return;
    }
    if (trained.series) {
      prepared_.trained.network = describe_series_network(
          network, trained.series->future_width() > 0, trained.target.num_outputs());
      return;
    }
    const Features* features = trained.features ? &*trained.features : nullptr;
    const Shape row = trained.pixels ? trained.pixels->network_shape() : Shape{data_size().inputs};
    prepared_.trained.network =
        describe_network(result_.resolved.network, features, row, trained.target.num_outputs());
  }

  void evaluate(const Predictor& predictor) {
    if (prepared_.judge) return prepared_.judge(predictor, prepared_, team_, result_);
    const Target& target = prepared_.trained.target;
    const auto add = [&](const char* name, const Dataset& data, std::span<const int64_t> rows) {
      if (rows.empty()) return;
      const Answers answers = answers_of(predictor, data, rows, team_);
      Evaluation evaluation =
          evaluate_fully(answers, target, parse_loss(prepared_.trained.loss), {}, team_);
      result_.metrics[name] = std::move(evaluation.metrics);
      if (is_classification(target.task())) {
        result_.class_reports[name] = std::move(evaluation.report);
      }
      if (!target.is_one()) result_.targets[name] = std::move(evaluation.targets);
      for (TrainingObserver* observer : callbacks_.observers) {
        observer->on_measured({name, answers, rows, &data != &prepared_.data});
      }
    };
    add("train", prepared_.data, prepared_.split.train);
    add("validation", prepared_.data, prepared_.split.validation);
    add("test", prepared_.data, prepared_.split.test);
    if (prepared_.test) add("test", *prepared_.test, known_rows(*prepared_.test));
  }

  void finish(const TrainingGraph& graph) {
    for (const ParameterInfo& parameter : graph.parameters) {
      if (parameter.trainable) result_.parameters += row_size(parameter.shape);
    }
    result_.weights_sha256 = weights_sha256(prepared_.trained);
    prepared_.trained.record = training_record(result_, prepared_.split);
    result_.model = Model(std::make_shared<const TrainedNetwork>(std::move(prepared_.trained)));
  }

  Prepared prepared_;
  const TrainCallbacks& callbacks_;
  Team team_;
  TrainResult result_;
};

}  // namespace

TrainResult run_training(Prepared prepared, const RunOptions& options,
                         const TrainCallbacks& callbacks) {
  return TrainingRun(std::move(prepared), options, callbacks).run();
}

TrainResult train_on_split(const Table& table, const RunOptions& options, const KnownRows& known,
                           Split split, const TrainCallbacks& callbacks, const Table* test) {
  const auto train_on = [&](Split& rows, const RunOptions& how, const TrainCallbacks& watching) {
    TrainingRun run(prepare(table, how, known, std::move(rows), test), how, watching);
    TrainResult result = run.run();
    rows = run.split();
    return result;
  };
  TrainResult result = train_on(split, options, callbacks);
  if (!wants_final_fit(result, split)) return result;
  return with_final_fit(std::move(result), std::move(split), callbacks, train_on);
}

TrainResult train(const Table& table, const RunOptions& given, const TrainCallbacks& callbacks,
                  const Table* test) {
  if (given.series.horizon > 0) return train_series(table, given, callbacks, test);
  const RunOptions options = with_model(given);
  require_one_test_set(options, test != nullptr);
  KnownRows known = known_rows(table, options);
  Split split = split_rows(table, known, known.rows, options);
  known = {.rows = {}, .target = std::move(known.target), .encoded = {}};  // memory for training
  return train_on_split(table, options, known, std::move(split), callbacks, test);
}

TrainResult train(const ImageFolder& images, const RunOptions& options,
                  const TrainCallbacks& callbacks) {
  require_one_test_set(options, images.test.has_value());
  return TrainingRun(prepare(images, options), options, callbacks).run();
}

LearningRateRange test_learning_rates(const Table& table, const RunOptions& options,
                                      const LearningRateRangeOptions& range,
                                      const TrainCallbacks& callbacks) {
  check(range);
  const KnownRows known = known_rows(table, options);
  Split split = split_rows(table, known, known.rows, options);
  return TrainingRun(prepare(table, options, known, std::move(split), nullptr), options, callbacks)
      .test_learning_rates(range);
}

LearningRateRange test_learning_rates(const ImageFolder& images, const RunOptions& options,
                                      const LearningRateRangeOptions& range,
                                      const TrainCallbacks& callbacks) {
  check(range);
  return TrainingRun(prepare(images, options), options, callbacks).test_learning_rates(range);
}

}  // namespace sinapse
