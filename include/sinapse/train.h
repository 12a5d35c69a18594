// Training: from a data set to a model.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/features.h>
#include <sinapse/image_set.h>
#include <sinapse/metric.h>
#include <sinapse/model.h>
#include <sinapse/network.h>
#include <sinapse/series.h>
#include <sinapse/table.h>
#include <sinapse/weights.h>

namespace sinapse {

class TrainingObserver;  // src/train/observer.h

using Seconds = std::chrono::duration<double>;  ///< options.training.time_limit = 10min;

/// What to learn from. Column names may also be 0-based indices.
struct DataOptions {
  /// The column to predict, or several: "height,width"; double quotes around a name with a comma.
  std::string target;
  std::vector<std::string> ignore;       ///< columns to leave out
  std::vector<std::string> categorical;  ///< columns whose numbers are names
  std::string task = "auto";             ///< auto or a name of task.h
  std::string weight;                    ///< column: how much a row counts in loss and metrics
  ClassWeights class_weight;             ///< how much the rows of a class count in the loss
  double validation_split = 0.1;         ///< share of the rows that early stopping watches; 0: none
  double test_split = 0;                 ///< share of the rows that is measured at the end
  /// How rows are split: random; stratified (classes in proportion); order (the last rows for
  /// validation and test); group, time, column, hash: by the columns below, of which group, split
  /// and id are no inputs; auto: by the column that is named, else stratified or random.
  std::string split_by = "auto";
  std::string group;  ///< no group of this column stands in two parts
  std::string time;   ///< date or number: the last rows are for validation and test
  std::string split;  ///< 0, 1, 2 or train, validation, test
  std::string id;     ///< the text that is hashed; empty: the whole row
  /// Rows with the same text in this column are the steps of one sequence: what is split, and
  /// walked through by recurrent layers. Like order_by it is no input.
  std::string sequence_by;
  std::string order_by;             ///< date or number: the order of steps; empty: as in the file
  std::string answer_per = "auto";  ///< sequence or row; auto: row if answers change within one
  std::string channels = "auto";    ///< of arrays: none, or their first or last axis
};

/// The network: hidden dense layers, a well-known network by name, or any layers one by one.
struct NetworkOptions {
  std::vector<int64_t> hidden;           ///< units of the hidden layers; empty: chosen by the data
  std::string activation = "auto";       ///< of the hidden layers; auto: by data and task
  double dropout = 0;                    ///< after every hidden layer
  bool batch_normalization = false;      ///< before every hidden activation
  std::string preset;                    ///< "resnet20": a network of `sinapse list networks`
  std::vector<LayerDescription> layers;  ///< if given, the whole network but its output layer
  /// A model file to begin from: its preprocessing and target, its network unless another one is
  /// given, and its weights by name. The output layer begins anew if there are other classes.
  std::string from;
  bool refit = false;  ///< with `from`: preprocessing and target are learned anew from the data
  std::vector<std::string> freeze;  ///< layers that do not learn; * and ? stand for letters
};

/// How training pictures are changed, differently in every step; validation and test never are.
struct AugmentationOptions {
  bool flip = false;           ///< left and right change places, in every other picture
  bool flip_vertical = false;  ///< upside down, in every other picture
  double shift = 0;            ///< up to this share of height and width
  double rotate = 0;           ///< up to so many degrees, either way
  double zoom = 0;             ///< by factors from 1 - zoom to 1 + zoom
  double crop = 0;             ///< a part of at least this share of height and width; 0: all
  double brightness = 0;       ///< plus or minus up to so many standard deviations
  double contrast = 0;  ///< distances from the mean by factors from 1 - contrast to 1 + contrast
  double color = 0;     ///< the same for each channel by itself
  double erase = 0;     ///< probability of hiding a box.  Zhong and others 2020
  double mix_up = 0;    ///< probability of blending two pictures.  Zhang and others 2018
  double cut_mix = 0;   ///< probability of a box from another picture.  Yun and others 2019
};

struct TrainingOptions {
  int64_t epochs = 0;              ///< at most; 0: chosen by the data
  int64_t batch_size = 0;          ///< 0: chosen by the data
  std::string loss = "auto";       ///< with constants: "huber(delta=2)"; auto: by the task (loss.h)
  std::string optimizer = "auto";  ///< with constants: "momentum(momentum=0.95)"; auto: by the data
  double learning_rate = 0;        ///< 0: the optimizer's default
  std::string schedule = "auto";   ///< of the learning rate: schedule.h; auto: by the optimizer
  std::string dropout_schedule = "constant";  ///< of all dropout: schedule.h, but not on_plateau
  int64_t patience = 0;  ///< epochs without a better validation loss before stopping; 0: chosen
  double min_delta = 0;  ///< by how much the loss must fall to count as better
  bool early_stopping = true;
  bool restore_best_weights = true;
  /// all: once validated, a table is learned once more from all of its rows, and that model is
  /// kept; none: it is not; auto: all for small tables whose epochs and optimizer the data choose.
  std::string final_fit = "auto";
  int64_t accumulate = 1;  ///< batches whose gradients make one update
  bool stateful = false;   ///< rows go on from one another, and stateful layers keep their states
  double l1 = 0;           ///< times the sum of absolute weights is added to the loss
  double l2 = 0;           ///< times the sum of squared weights is added to the loss
  double clip_norm = 0;    ///< largest norm of all gradients together; 0: no limit
  double clip_value = 0;   ///< largest absolute value in a gradient; 0: no limit
  double ema_decay = 0;    ///< of an exponential moving average of the weights; 0: none
  int64_t swa_start = 0;   ///< epoch from which weights are averaged (SWA); 0: never
  Seconds time_limit{0};   ///< training then ends as if stopped early; of each start; 0: no limit
  uint64_t seed = 1;
  int threads = 0;  ///< 0: one for each processor; results do not depend on it
  /// float32, or bf16: products of bfloat16 numbers with sums, weights and all else in float. Needs
  /// a processor with AVX512_BF16 or AMX_BF16. The trained model computes in float32 either way.
  std::string precision = "float32";
  bool reference = false;  ///< run the naive reference kernels instead: slow, the oracle
};

/// Where and how often a run saves its state, to go on from there to the same bits. One is saved,
/// too, when a run is interrupted or out of time, and at the end of a run that has saved any.
struct CheckpointOptions {
  Seconds interval{60};  ///< time between two; 0: not by time
  int64_t epochs = 0;    ///< one every so many epochs; 0: not by epochs
  int64_t steps = 0;     ///< one every so many steps; 0: not by steps
  int64_t keep = 2;      ///< the newest that are kept; the best one is kept besides
  std::string folder;    ///< where they are kept; empty: none are written
  std::string resume;    ///< a checkpoint to go on from, or a folder with some: the newest
  std::string data_path, test_path;  ///< noted in them, for whoever resumes the run
};

/// Everything a run depends on besides the data itself.
struct RunOptions {
  DataOptions data;
  SeriesOptions series;
  ImageOptions image;
  AugmentationOptions augment;
  FeatureDeclarations features;
  NetworkOptions network;
  TrainingOptions training;
  CheckpointOptions checkpoint;
};

/// Where a run stands; rates count rows of the training split.
struct Progress {
  int64_t epoch = 0, epochs = 0;  ///< from 1
  int64_t step = 0, steps = 0;    ///< within the epoch
  double loss = 0;                ///< mean over this epoch's rows so far
  double rows_per_second = 0;
  double seconds = 0;       ///< since training began
  double seconds_left = 0;  ///< until the last epoch, at the present rate
};

/// One row of history.csv.
struct EpochRecord {
  int64_t epoch = 0;
  double loss = 0;                           ///< of the training rows, while learning
  std::map<std::string, double> validation;  ///< "loss", "accuracy", ...; empty without a split
  double learning_rate = 0;
  double seconds = 0;
  bool best = false;  ///< the best validation loss so far
};

/// Called on the training thread. Any may be empty.
struct TrainCallbacks {
  std::function<void(const std::string&)> on_remark;  ///< a sentence about the data or the choices
  std::function<void(const LayerSummary&)> on_layer;  ///< the network, once it is built
  std::function<void(const Progress&)> on_step;       ///< several times a second at most
  std::function<void(const EpochRecord&)> on_epoch;
  std::function<void(const std::string&)> on_checkpoint;  ///< the path of one that was written
  std::function<bool()> should_stop;         ///< asked after every step; true ends the run
  std::vector<TrainingObserver*> observers;  ///< who sees the run from inside
};

struct TrainResult {
  Model model;
  RunOptions resolved;                     ///< with every choice made: repeats the run
  std::map<std::string, Metrics> metrics;  ///< "train", "validation", "test": those there are
  std::map<std::string, ClassReport> class_reports;  ///< of the same parts; empty for regression
  /// Of the same parts, each of several targets; empty for one.
  std::map<std::string, std::vector<TargetEvaluation>> targets;
  std::vector<ForecastScore> forecasts;  ///< of a series: the network beside simple ways
  std::vector<EpochRecord> history;
  int64_t epochs = 0;      ///< epochs run
  int64_t best_epoch = 0;  ///< whose weights the model has
  double seconds = 0;
  int64_t parameters = 0;  ///< trainable numbers
  std::string weights_sha256;
  bool interrupted = false;  ///< should_stop ended the run; the model is the best so far
  bool out_of_time = false;  ///< time_limit ended it; likewise
};

/// Trains on a table; `test` is evaluated at the end and influences nothing. Throws Error(usage),
/// Error(data), or, naming layer, step and rows, Error(numeric) if the loss is NaN or infinite.
TrainResult train(const Table& table, const RunOptions& options,
                  const TrainCallbacks& callbacks = {}, const Table* test = nullptr);

/// Trains on images or other arrays with labels.
TrainResult train(const ImageFolder& images, const RunOptions& options,
                  const TrainCallbacks& callbacks = {});

}  // namespace sinapse
