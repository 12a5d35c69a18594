// From rows that belong together to a model of sequences.
#include "train/train_sequences.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "data/column_cells.h"
#include "data/nearest.h"
#include "train/encode.h"
#include "train/split_rows.h"
#include "train/training_run.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::usage, message);
}

void check(const RunOptions& options) {
  const DataOptions& data = options.data;
  const std::vector<std::string> answers{"auto", "sequence", "row"};
  if (std::find(answers.begin(), answers.end(), data.answer_per) == answers.end()) {
    fail(fmt::format("data.answer_per must be auto, sequence or row, but is \"{}\".{}",
                     data.answer_per, did_you_mean(data.answer_per, answers)));
  }
  if (!options.network.from.empty()) fail("network.from: training on sequences begins anew.");
  if (!data.weight.empty()) fail("data.weight: the rows of sequences have no weights.");
}

/// The target of each row of the table.
struct KnownSteps {
  KnownSteps(const Table& table, const RunOptions& options)
      : rows(known_rows(table, options)), encoded(rows.target.encode(table)) {}

  KnownRows rows;
  std::vector<float> encoded;  // [rows, targets]
};

bool is_known(const KnownSteps& known, int64_t row) {
  const auto width = known.rows.target.width();
  const auto answer = std::span(known.encoded).subspan(row * width, width);
  return std::any_of(answer.begin(), answer.end(), [](float x) { return !std::isnan(x); });
}

// The first row of each sequence that has a target, and which sequence it is of.
struct KnownSequences {
  std::vector<int64_t> first_rows;
  std::map<int64_t, int64_t> sequence_of;

  KnownSequences(const RowSequences& sequences, const KnownSteps& known) {
    for (int64_t s = 0; s < sequences.size(); ++s) {
      const auto rows = sequences.rows_of(s);
      const auto first =
          std::find_if(rows.begin(), rows.end(), [&](int64_t row) { return is_known(known, row); });
      if (first == rows.end()) continue;
      first_rows.push_back(*first);
      sequence_of[*first] = s;
    }
  }
};

bool target_changes(const RowSequences& sequences, const KnownSteps& known) {
  const auto width = known.rows.target.width();
  for (int64_t s = 0; s < sequences.size(); ++s) {
    const float* before = nullptr;
    for (const int64_t row : sequences.rows_of(s)) {
      if (!is_known(known, row)) continue;
      const float* const now = known.encoded.data() + row * width;
      const auto same = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
      if (before != nullptr && !std::equal(now, now + width, before, same)) return true;
      before = now;
    }
  }
  return false;
}

// Whether a split is by classes must not hang on the first row of a sequence.
RunOptions split_options(const RunOptions& options, bool per_row) {
  RunOptions result = options;
  if (!per_row || options.data.split_by != "auto") return result;
  if (chosen_split(options.data, /*classes=*/false) == "random") result.data.split_by = "random";
  return result;
}

std::vector<int64_t> rows_of(const RowSequences& sequences, const Rows& some) {
  std::vector<int64_t> rows;
  for (const int64_t s : some) {
    const auto own = sequences.rows_of(s);
    rows.insert(rows.end(), own.begin(), own.end());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

Features fit_features(const Table& table, const RowSequences& sequences,
                      const std::vector<int64_t>& training, const RunOptions& options) {
  const DataOptions& data = options.data;
  std::vector<std::string> left_out = split_columns(data);
  left_out.insert(left_out.end(), data.ignore.begin(), data.ignore.end());
  left_out.push_back(data.sequence_by);
  if (!data.order_by.empty()) left_out.push_back(data.order_by);
  constexpr int64_t kAnyNumber = int64_t{1} << 30;
  Features features = Features::fit(table, rows_of(sequences, training),
                                    {.target = data.target,
                                     .ignore = left_out,
                                     .categorical = data.categorical,
                                     .max_one_hot = kAnyNumber,
                                     .declarations = options.features});
  if (!features.texts().empty() || !features.tokens().empty()) {
    fail(
        fmt::format("features: column \"{}\" is text, but the steps of sequences have no texts so "
                    "far: leave it out with --ignore-column, or set its type to category.",
                    features.texts().empty() ? features.tokens().front().column
                                             : features.texts().front().column));
  }
  if (features.embedded().empty()) return features;
  fail(
      fmt::format("features: column \"{}\" is to be embedded, but the columns of sequences cannot "
                  "be so far: leave that out, or give hash: a number of places.",
                  features.embedded().front().column));
}

// The loss of a row is the mean over its steps, and every step counts alike.
void weigh_by_steps(Dataset& data, const Rows& training) {
  data.loss_weights.clear();
  for (int64_t s = 0; s < data.rows; ++s) {
    const auto answers = data.target_row(s);
    const auto known = std::count_if(answers.begin(), answers.end(),
                                     [](float answer) { return !std::isnan(answer); });
    data.loss_weights.push_back(static_cast<float>(known));
  }
  normalise_loss_weights(data, training);
}

class Preparation {
 public:
  Preparation(const Table& table, const RunOptions& options)
      : table_(table),
        options_(options),
        sequences_(std::make_shared<RowSequences>(
            sequences_of(table, options.data.sequence_by, options.data.order_by))),
        known_(table, options) {}

  Prepared prepare(const Table* test) {
    describe_columns();
    split();
    fit_target();
    TrainedNetwork& trained = prepared_.trained;
    trained.features = fit_features(table_, *sequences_, prepared_.split.train, options_);
    prepared_.data = encoded(table_, *sequences_);
    weigh();
    prepared_.location = [sequences = sequences_, &table = table_](int64_t s) {
      return fmt::format("the sequence \"{}\" (from {})", sequences->ids[s],
                         table.location(sequences->rows_of(s).front()));
    };
    if (test != nullptr) {
      const SequenceColumns& columns = *trained.sequences;
      prepared_.test = encoded(*test, sequences_of(*test, columns.id, columns.order));
      set_loss_weights(*prepared_.test, trained.weighting.class_weights);
    }
    return std::move(prepared_);
  }

 private:
  void describe_columns() {
    const DataOptions& data = options_.data;
    SequenceColumns columns{.id = table_.column(data.sequence_by).name,
                            .longest = std::max<int64_t>(2, sequences_->longest())};
    columns.per_row = data.answer_per == "row" ||
                      (data.answer_per == "auto" && target_changes(*sequences_, known_));
    if (!data.order_by.empty()) {
      const Column& order = table_.column(data.order_by);
      columns.order = order.name;
      columns.order_is_date = order.kind == ColumnKind::date;
      columns.order_format = order.date_format;
    }
    if (columns.longest > kMostSteps) {
      throw Error(ErrorCode::data, fmt::format("a sequence has {} steps; at most {} are possible",
                                               columns.longest, kMostSteps));
    }
    prepared_.remarks.push_back(
        fmt::format("{} sequences of up to {} steps, {} in all; the network answers each {}.",
                    sequences_->size(), sequences_->longest(), table_.num_rows(),
                    columns.per_row ? "row" : "sequence"));
    prepared_.trained.sequences = columns;
  }

  bool per_row() const { return prepared_.trained.sequences->per_row; }

  void split() {
    const RunOptions options = split_options(options_, per_row());
    const KnownSequences known(*sequences_, known_);
    const Split rows = split_rows(table_, known_.rows, known.first_rows, options);
    prepared_.split_by = chosen_split(options.data, known_.rows.has_classes());
    const auto sequences_at = [&](const Rows& first_rows) {
      std::vector<int64_t> sequences;
      for (const int64_t row : first_rows) sequences.push_back(known.sequence_of.at(row));
      return sequences;
    };
    prepared_.split = {.train = sequences_at(rows.train),
                       .validation = sequences_at(rows.validation),
                       .test = sequences_at(rows.test)};
  }

  void fit_target() {
    const Task task = known_.rows.target.task();
    const Loss loss = choose_loss(options_.training.loss, task);
    const OutputForm form = loss.definition->form;
    if (per_row() && (form == OutputForm::direction || form == OutputForm::distribution)) {
      fail(fmt::format("The loss {} is of whole sequences, but each row is to have an answer.",
                       loss.definition->name));
    }
    prepared_.trained.loss = to_string(loss);
    std::vector<int64_t> rows;
    for (const int64_t row : rows_of(*sequences_, prepared_.split.train))
      if (is_known(known_, row)) rows.push_back(row);
    prepared_.trained.target =
        Target::fit(table_, {.target = options_.data.target, .task = task, .form = form}, rows);
  }

  Dataset encoded(const Table& table, const RowSequences& sequences) const {
    const TrainedNetwork& trained = prepared_.trained;
    Dataset data = encode_sequences(*trained.features, *trained.sequences, sequences, table);
    encode_target(trained.target, *trained.sequences, sequences, table, data);
    return data;
  }

  void weigh() {
    if (per_row()) {
      if (!options_.data.class_weight.empty())
        fail(
            "data.class_weight: it is for sequences with one answer, but each row is to have one.");
      return weigh_by_steps(prepared_.data, prepared_.split.train);
    }
    CountedClasses counted(prepared_.trained.target);
    for (const int64_t s : prepared_.split.train)
      counted.add(prepared_.data.target_row(s).first(1));
    Weighting& weighting = prepared_.trained.weighting;
    weighting.class_weights =
        class_weights_of(options_.data.class_weight, prepared_.trained.target, counted);
    set_loss_weights(prepared_.data, weighting.class_weights);
    normalise_loss_weights(prepared_.data, prepared_.split.train);
  }

  const Table& table_;
  const RunOptions& options_;
  const std::shared_ptr<const RowSequences> sequences_;
  const KnownSteps known_;
  Prepared prepared_;
};

}  // namespace

TrainResult train_sequences(const Table& table, const RunOptions& options,
                            const TrainCallbacks& callbacks, const Table* test) {
  check(options);
  Prepared prepared = Preparation(table, options).prepare(test);
  RunOptions resolved = options;
  resolved.data.answer_per = prepared.trained.sequences->per_row ? "row" : "sequence";
  return TrainingRun(std::move(prepared), resolved, callbacks).run();
}

}  // namespace sinapse
