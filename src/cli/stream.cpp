#include "cli/stream.h"

#include <algorithm>
#include <cmath>
#include <iostream>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cli/contexts.h"
#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "cli/row_reader.h"
#include "data/time_step.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

void answer(const std::string& text) {
  print(text);
  flush_output();
}

// Tables: every row stands for itself.
void stream_rows(const Model& model, const StreamOptions& options) {
  if (!options.state_by.empty() || !options.load_state.empty() || !options.save_state.empty()) {
    throw Error(ErrorCode::usage,
                "The model takes each row by itself and keeps no state: leave out --state-by, "
                "--load-state and --save-state.");
  }
  const Features& features = *model.trained().features;
  RowReader reader(std::cin, features.kinds(), features.date_formats(), false, "");
  Table row;
  for (bool first = true; reader.next(row); first = false) {
    std::vector<Predictions> predictions;
    try {
      predictions = model.predict_each(row);
    } catch (const Error& error) {
      throw Error(error.code(), reader.in_this_line(error.what()));
    }
    answer((first ? predictions_head(predictions) : "") + predictions_rows(predictions));
  }
}

// The numbers of an answer, target by target.
std::vector<Predictions> predictions_of(std::span<const float> answer, const Target& target) {
  std::vector<Predictions> all;
  for (const TargetColumn& column : target.columns()) {
    Predictions one{.target = column.name, .classes = column.classes};
    if (column.classes.empty()) {
      one.values = {answer[0]};
      answer = answer.subspan(1);
    } else if (target.form() == OutputForm::margin) {
      one.scores = {answer[0]};
      one.labels = {answer[0] > 0 ? 1 : 0};
      answer = answer.subspan(1);
    } else {
      const auto own = answer.first(column.classes.size());
      one.probabilities.assign(own.begin(), own.end());
      one.labels = {static_cast<int32_t>(std::max_element(own.begin(), own.end()) - own.begin())};
      answer = answer.subspan(own.size());
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string key_in(const Table& row, const std::string& key_column, const RowReader& reader) {
  if (key_column.empty()) return "";
  const Column& column = row.column(key_column);
  if (column.codes.empty() || column.codes[0] < 0) {
    throw Error(ErrorCode::data,
                fmt::format("{}: column \"{}\" says whose row this is, but its cell is missing.",
                            reader.place(), column.name));
  }
  return column.categories[static_cast<size_t>(column.codes[0])];
}

/// How a row of a sequence becomes a step of its session.
class Steps {
 public:
  virtual ~Steps() = default;
  virtual RowReader reader(std::string& key_column) const = 0;
  virtual std::span<const float> step(Context& context, const Table& row,
                                      const RowReader& reader) = 0;
};

/// Of arrays: all columns but the key are numbers, in their order.
class ArraySteps : public Steps {
 public:
  ArraySteps(const Session& session, const std::string& key_column)
      : key_column_(key_column), numbers_(static_cast<size_t>(session.features())) {}

  RowReader reader(std::string& key_column) const override {
    return {std::cin, {}, {}, true, key_column};
  }

  std::span<const float> step(Context& context, const Table& row,
                              const RowReader& reader) override {
    size_t count = 0;
    for (const Column& column : row.columns()) {
      if (column.name == key_column_) continue;
      const double x = column.numbers.empty() ? std::nan("") : column.numbers[0];
      if (!std::isfinite(x)) {
        throw Error(ErrorCode::data, fmt::format("{}: column \"{}\" must hold a number, but its "
                                                 "cell is missing.",
                                                 reader.place(), column.name));
      }
      if (count < numbers_.size()) numbers_[count] = static_cast<float>(x);
      ++count;
    }
    if (count == numbers_.size()) return context.session.step(numbers_);
    throw Error(ErrorCode::data,
                fmt::format("{}: a row has {} columns of numbers, but the model takes {}.{}",
                            reader.place(), count, numbers_.size(),
                            key_column_.empty() ? " If one of them says whose row it is, "
                                                  "name it with --state-by."
                                                : ""));
  }

 private:
  const std::string& key_column_;
  std::vector<float> numbers_;
};

/// Of tables: columns by name. The key is the one that told sequences apart in training, unless
/// another one is named, or there is none.
class TableSteps : public Steps {
 public:
  explicit TableSteps(const TrainedNetwork& trained) : trained_(trained) {}

  RowReader reader(std::string& key_column) const override {
    std::map<std::string, ColumnKind> kinds = trained_.features->kinds();
    std::map<std::string, std::string> formats = trained_.features->date_formats();
    const SequenceColumns& columns = *trained_.sequences;
    const bool date = columns.order_is_date;
    if (!columns.order.empty()) kinds[columns.order] = date ? ColumnKind::date : ColumnKind::number;
    if (date) formats[columns.order] = columns.order_format;
    kinds[columns.id] = ColumnKind::category;
    RowReader reader(std::cin, std::move(kinds), std::move(formats), false, key_column);
    if (key_column.empty() && reader.has_column(columns.id)) key_column = columns.id;
    return reader;
  }

  std::span<const float> step(Context& context, const Table& row,
                              const RowReader& reader) override {
    require_later(context, row, reader);
    try {
      return context.session.step(row);
    } catch (const Error& error) {
      throw Error(error.code(), reader.in_this_line(error.what()));
    }
  }

 private:
  // A step that was missed cannot be made up for: what came after it has been answered.
  void require_later(Context& context, const Table& row, const RowReader& reader) const {
    const std::string& order = trained_.sequences->order;
    if (order.empty() || !reader.has_column(order)) return;
    const Column& column = row.column(order);
    const double place = column.numbers.empty() ? std::nan("") : column.numbers[0];
    const bool later = std::isfinite(place) && (!context.place || place > *context.place);
    if (later) {
      context.place = place;
      return;
    }
    const auto text = [&](double x) {
      return std::isfinite(x) ? format_time(x, column.kind == ColumnKind::date) : "nothing";
    };
    throw Error(
        ErrorCode::data,
        fmt::format("{}: column \"{}\" gives the order of steps and must rise, but has {}{}.",
                    reader.place(), order, text(place),
                    context.place ? " after " + text(*context.place) : ""));
  }

  const TrainedNetwork& trained_;
};

// Sequences: one session for each key.
void stream_sequences(const Model& model, const StreamOptions& options) {
  Contexts contexts(model);
  if (!options.load_state.empty()) contexts.load(options.load_state);
  std::string key_column = options.state_by;
  const TrainedNetwork& trained = model.trained();
  const std::unique_ptr<Steps> steps =
      trained.sequences ? std::unique_ptr<Steps>(std::make_unique<TableSteps>(trained))
                        : std::make_unique<ArraySteps>(contexts.fresh(), key_column);
  RowReader reader = steps->reader(key_column);
  Table row;
  for (bool first = true; reader.next(row); first = false) {
    const std::string key = key_in(row, key_column, reader);
    const auto predictions =
        predictions_of(steps->step(contexts.of(key), row, reader), trained.target);
    std::string head, line;
    if (!key_column.empty()) {
      head = csv_cell(key_column) + ",";
      line = csv_cell(key) + ",";
    }
    head += predictions_head(predictions);
    answer((first ? head : "") + line + predictions_rows(predictions));
  }
  if (!options.save_state.empty()) contexts.save(options.save_state);
}

}  // namespace

void stream_predictions(const Model& model, const StreamOptions& options) {
  const TrainedNetwork& trained = model.trained();
  if (trained.features && !trained.sequences)
    stream_rows(model, options);
  else
    stream_sequences(model, options);
}

}  // namespace sinapse::cli
