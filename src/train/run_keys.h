// The keys of a run file, each declared once: name, member, explanation. Reading, writing, the
// command line's flags and its help are derived from this list.
#pragma once

#include "train/run_file.h"

namespace sinapse {

inline constexpr std::string_view kThreadsKey = "training.threads";
inline constexpr std::string_view kTargetKey = "data.target";  // one column or a list of them
inline constexpr std::string_view kMemoryKey = "data.memory";

/// Calls visit(key, member, doc) for each key of the run, sections together and in order.
template <class AnyRun, class Visit>
void visit_run_keys(AnyRun& run, Visit&& visit) {
  auto& data = run.options.data;
  visit("data.path", run.data_path, "the training data");
  visit("data.test", run.test_path, "evaluated at the end; influences nothing");
  visit(kMemoryKey, run.memory,
        "that the table, pictures or arrays may take, e.g. 500M; more are kept on disk, with the "
        "same "
        "results; auto: half of what is free");
  visit(kTargetKey, data.target,
        "the column to predict, or several as in a,b,c or [a, b, c]; not for images");
  visit("data.ignore", data.ignore, "columns to leave out");
  visit("data.categorical", data.categorical, "columns whose numbers are names");
  visit("data.task", data.task, "auto, regression, binary, multiclass, multilabel or distribution");
  visit("data.weight", data.weight, "column; how much a row counts in loss and metrics");
  visit("data.class_weight", data.class_weight,
        "balanced, or weights of classes in the loss: {rare: 5, common: 1}");
  visit("data.validation_split", data.validation_split,
        "share of the rows that early stopping watches; 0: none");
  visit("data.test_split", data.test_split,
        "share of the rows that is measured at the end; influences nothing");
  visit("data.split_by", data.split_by,
        "random, stratified, order, group, time, column or hash; auto: chosen by the data");
  visit("data.group", data.group, "column; no group of it stands in two parts");
  visit("data.time", data.time,
        "column; the last rows are for validation and test; the times of a series");
  visit("data.split", data.split, "column with 0 (train), 1 (validation) or 2 (test)");
  visit("data.id", data.id, "column that is hashed to split by hash; empty: the whole row");

  visit("data.sequence_by", data.sequence_by,
        "column; rows with the same text in it are the steps of one sequence");
  visit("data.order_by", data.order_by,
        "column of dates or numbers by which the steps of a sequence stand; empty: as in the file");
  visit("data.answer_per", data.answer_per,
        "sequence or row, as the target is; auto: sequence if it never changes within one");
  visit("data.channels", data.channels,
        "where arrays have their channels: none, first or last axis; auto: last if 1, 3 or 4");

  auto& series = run.options.series;
  visit("series.horizon", series.horizon,
        "steps to forecast of a time series, whose times are in data.time; 0: no series");
  visit("series.id", series.id, "column that tells several series apart");
  visit("series.known", series.known, "number columns whose future is known");
  visit("series.window", series.window, "steps of the past that are seen; 0: chosen by the data");
  visit("series.gap", series.gap, "steps between the window and the first forecast");
  visit("series.stride", series.stride, "steps from one training window to the next");
  visit("series.season", series.season, "steps of a period; 1: none; 0: found in the data");
  visit("series.level", series.level,
        "what values are measured from: window or series, their mean; auto: window if there is a "
        "trend");
  visit("series.backtest", series.backtest,
        "so many times, a horizon apart, training is repeated and judged on the steps after it");

  auto& image = run.options.image;
  visit("image.size", image.size,
        "height and width; empty: theirs, if all have one up to 128, else 64 x 64");
  visit("image.channels", image.channels, "gray, rgb or rgba; auto: gray if all are");
  visit("image.fit", image.fit, "of other proportions: crop, pad or stretch");
  visit("image.damaged", image.damaged, "files that cannot be read: skip or error");

  auto& augment = run.options.augment;
  visit("augment.flip", augment.flip, "left and right change places, in every other picture");
  visit("augment.flip_vertical", augment.flip_vertical, "upside down, in every other picture");
  visit("augment.shift", augment.shift, "up to this share of height and width, e.g. 0.1");
  visit("augment.rotate", augment.rotate, "up to so many degrees, either way");
  visit("augment.zoom", augment.zoom, "by factors from 1 - zoom to 1 + zoom");
  visit("augment.crop", augment.crop, "a part of at least this share of height and width; 0: all");
  visit("augment.brightness", augment.brightness, "plus or minus so many standard deviations");
  visit("augment.contrast", augment.contrast, "by factors from 1 - contrast to 1 + contrast");
  visit("augment.color", augment.color, "the same for each channel by itself");
  visit("augment.erase", augment.erase, "probability of hiding a box");
  visit("augment.mix_up", augment.mix_up, "probability of blending two pictures, and their losses");
  visit("augment.cut_mix", augment.cut_mix, "probability of a box from another picture");

  auto& features = run.options.features;
  visit("features.scale", features.scale, "scaling of numbers: see sinapse list scalings");
  visit("features.columns", features.columns,
        "keys of single columns: see sinapse list column_keys");
  visit("features.interactions", features.interactions,
        "pairs of columns whose inputs are multiplied: [[a, b], [a, c]]");

  auto& network = run.options.network;
  visit("network.hidden", network.hidden, "units of the hidden layers; empty: chosen by the data");
  visit("network.activation", network.activation,
        "of the hidden layers, e.g. leaky_relu(alpha=0.2); auto: mish for numbers in tables, else "
        "relu");
  visit("network.dropout", network.dropout, "after every hidden layer");
  visit("network.batch_normalization", network.batch_normalization,
        "before every hidden activation");
  visit("network.preset", network.preset,
        "a well-known network by name, e.g. small_cnn or resnet20, but its output layer");
  visit("network.layers", network.layers,
        "if given, the whole network but its output layer; activation: auto as above");
  visit("network.from", network.from, "a model file whose weights training begins from");
  visit("network.refit", network.refit,
        "with from: learn preprocessing and target anew from the data");
  visit("network.freeze", network.freeze, "layers that do not learn, e.g. dense1 or conv*");

  auto& training = run.options.training;
  visit("training.epochs", training.epochs, "at most; 0: chosen by the data");
  visit("training.batch_size", training.batch_size, "0: chosen by the data");
  visit("training.loss", training.loss,
        "e.g. huber(delta=2), crossentropy(label_smoothing=0.1), focal; auto: chosen by the task");
  visit("training.optimizer", training.optimizer,
        "e.g. momentum(momentum=0.95,weight_decay=1e-4); auto: chosen by the data");
  visit("training.learning_rate", training.learning_rate, "0: the optimizer's default");
  visit("training.schedule", training.schedule,
        "how the learning rate changes, e.g. one_cycle(max_factor=3,warmup=0.05); auto: cosine, or "
        "constant if the optimizer takes all rows at once");
  visit("training.dropout_schedule", training.dropout_schedule,
        "how the rates of all dropout change, a schedule as above, e.g. flat_cosine(flat=0.5)");
  visit("training.patience", training.patience,
        "epochs without a better validation loss before stopping; 0: chosen");
  visit("training.min_delta", training.min_delta,
        "by how much the loss must fall to count as better");
  visit("training.early_stopping", training.early_stopping,
        "stop when the validation loss no longer falls");
  visit("training.restore_best_weights", training.restore_best_weights,
        "keep the weights of the best epoch, not the last");
  visit(
      "training.final_fit", training.final_fit,
      "all: a table is learned once more from all rows, those for validation, too; or none; auto: "
      "all for up to 5000 rows, if epochs and optimizer are chosen by the data");
  visit("training.accumulate", training.accumulate, "batches whose gradients make one update");
  visit("training.stateful", training.stateful,
        "rows go on from one another, all of them or those of each data.group: layers with "
        "stateful: true keep their state from batch to batch");
  visit("training.l1", training.l1, "times the sum of absolute weights is added to the loss");
  visit("training.l2", training.l2, "times the sum of squared weights is added to the loss");
  visit("training.clip_norm", training.clip_norm,
        "largest norm of all gradients together; 0: no limit");
  visit("training.clip_value", training.clip_value,
        "largest absolute value in a gradient; 0: no limit");
  visit("training.ema_decay", training.ema_decay,
        "of an exponential moving average of the weights, e.g. 0.999; 0: none");
  visit("training.swa_start", training.swa_start,
        "epoch from which the weights at the epochs' ends are averaged (SWA); 0: never");
  visit("training.time_limit", training.time_limit,
        "as 90s, 10m, 1.5h; training then ends as if stopped early; 0: no limit");
  visit("training.seed", training.seed, "of everything random; the same seed gives the same bits");
  visit(kThreadsKey, training.threads, "0: one for each processor; results do not depend on it");
  visit("training.precision", training.precision,
        "float32, or bf16: faster products of less exact numbers, where the processor has "
        "AVX512_BF16 or AMX_BF16");
  visit("training.reference", training.reference,
        "run the naive reference kernels: slow, to check the fast ones");

  auto& checkpoint = run.options.checkpoint;
  visit("checkpoint.interval", checkpoint.interval,
        "time between two checkpoints, as 90s or 10m; 0: not by time");
  visit("checkpoint.epochs", checkpoint.epochs, "one every so many epochs; 0: not by epochs");
  visit("checkpoint.steps", checkpoint.steps, "one every so many steps; 0: not by steps");
  visit("checkpoint.keep", checkpoint.keep,
        "the newest checkpoints that are kept; the best one is kept besides");
}

}  // namespace sinapse
