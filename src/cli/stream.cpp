#include "cli/stream.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/session.h>

#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "data/safetensors.h"
#include "data/table_reader.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

constexpr const char* kSource = "standard input";
constexpr const char* kFormatKey = "format";
constexpr const char* kFormat = "sinapse state 1";
constexpr const char* kWeightsKey = "weights_sha256";
constexpr const char* kStatePrefix = "state:";  // of the names of states: a key may be any text

/// Lines of standard input as tables of one row.
class RowReader {
 public:
  /// Reads the head. The kinds of columns are by name; others are numbers if `numbers`.
  RowReader(std::map<std::string, ColumnKind> kinds, std::map<std::string, std::string> formats,
            bool numbers, const std::string& text_column)
      : options_{.header = true, .kinds = std::move(kinds), .date_formats = std::move(formats)} {
    if (!next_line(head_)) {
      throw Error(ErrorCode::data, fmt::format("{}: the first line must name the columns, but "
                                               "there is none.",
                                               kSource));
    }
    options_.delimiter = ',';
    for (const char delimiter : {';', '\t'}) {
      if (head_.find(',') == std::string::npos && head_.find(delimiter) != std::string::npos)
        options_.delimiter = delimiter;
    }
    if (!text_column.empty()) options_.kinds[text_column] = ColumnKind::category;
    if (!numbers) return;
    // The names come out of a table whose cells are empty.
    const auto separators = std::count(head_.begin(), head_.end(), *options_.delimiter);
    const Table names = parse_table(
        head_ + "\n" + std::string(static_cast<size_t>(separators), *options_.delimiter) + "0\n",
        kSource, {.delimiter = options_.delimiter, .header = true});
    for (const Column& column : names.columns())
      options_.kinds.emplace(column.name, ColumnKind::number);
  }

  /// False at the end. Empty lines are passed over.
  bool next(Table& row) {
    std::string line;
    do {
      if (!next_line(line)) return false;
    } while (line.empty());
    try {
      row = parse_table(head_ + "\n" + line + "\n", kSource, options_);
    } catch (const Error& error) {
      throw Error(error.code(), in_this_line(error.what()));
    }
    return true;
  }

  /// The message with the number of the line, which is the second of its small table.
  std::string in_this_line(std::string message) const {
    const std::string second = fmt::format("{}:2", kSource);
    const size_t at = message.find(second);
    if (at != std::string::npos)
      message.replace(at, second.size(), fmt::format("{}:{}", kSource, line_));
    return message;
  }
  std::string place() const { return fmt::format("{}:{}", kSource, line_); }

 private:
  bool next_line(std::string& line) {
    if (!std::getline(std::cin, line)) return false;
    ++line_;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
  }

  ReadOptions options_;
  std::string head_;
  int64_t line_ = 0;
};

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
  RowReader reader(features.kinds(), features.date_formats(), false, "");
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

// Sequences: one session for each key.
class SequenceStream {
 public:
  SequenceStream(const Model& model, const StreamOptions& options)
      : model_(model),
        options_(options),
        fresh_(model),
        row_(static_cast<size_t>(fresh_.features())) {
    if (!options.load_state.empty()) load();
  }

  void run() {
    RowReader reader({}, {}, true, options_.state_by);
    Table row;
    for (bool first = true; reader.next(row); first = false) {
      const std::string key = key_of(row, reader);
      fill(row, reader);
      const std::vector<Predictions> predictions =
          predictions_of(sessions_.try_emplace(key, fresh_).first->second.step(row_));
      std::string head, line;
      if (!options_.state_by.empty()) {
        head = csv_cell(options_.state_by) + ",";
        line = csv_cell(key) + ",";
      }
      head += predictions_head(predictions);
      answer((first ? head : "") + line + predictions_rows(predictions));
    }
    if (!options_.save_state.empty()) save();
  }

 private:
  std::string key_of(const Table& row, const RowReader& reader) const {
    if (options_.state_by.empty()) return "";
    const Column& column = row.column(options_.state_by);
    if (column.codes.empty() || column.codes[0] < 0) {
      throw Error(ErrorCode::data,
                  fmt::format("{}: column \"{}\" says whose row this is, but its cell is missing.",
                              reader.place(), column.name));
    }
    return column.categories[static_cast<size_t>(column.codes[0])];
  }

  // The other columns, in their order.
  void fill(const Table& row, const RowReader& reader) {
    size_t count = 0;
    for (const Column& column : row.columns()) {
      if (column.name == options_.state_by) continue;
      const double x = column.numbers.empty() ? std::nan("") : column.numbers[0];
      if (!std::isfinite(x)) {
        throw Error(ErrorCode::data, fmt::format("{}: column \"{}\" must hold a number, but its "
                                                 "cell is missing.",
                                                 reader.place(), column.name));
      }
      if (count < row_.size()) row_[count] = static_cast<float>(x);
      ++count;
    }
    if (count == row_.size()) return;
    throw Error(ErrorCode::data,
                fmt::format("{}: a row has {} columns of numbers, but the model takes {}.{}",
                            reader.place(), count, row_.size(),
                            options_.state_by.empty() ? " If one of them says whose row it is, "
                                                        "name it with --state-by."
                                                      : ""));
  }

  // The numbers of an answer, target by target.
  std::vector<Predictions> predictions_of(std::span<const float> answer) const {
    const Target& target = model_.trained().target;
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

  void load() {
    const Safetensors file = read_safetensors(options_.load_state);
    const auto text = [&](const char* key) {
      const auto found = file.metadata.find(key);
      return found == file.metadata.end() ? std::string() : found->second;
    };
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorCode::file, fmt::format("{}: {}", options_.load_state, what));
    };
    if (text(kFormatKey) != kFormat) fail("this is no state that --save-state wrote.");
    if (text(kWeightsKey) != model_.weights_sha256()) {
      fail("the state is of another model: its weights differ.");
    }
    for (const NamedTensor& tensor : file.tensors) {
      if (!tensor.name.starts_with(kStatePrefix) || tensor.values.size() != fresh_.state().size())
        fail(fmt::format("\"{}\" is no state of this model.", tensor.name));
      Session session = fresh_;
      session.set_state(tensor.values);
      sessions_.emplace(tensor.name.substr(std::string_view(kStatePrefix).size()), session);
    }
  }

  void save() const {
    Safetensors file{.metadata = {{kFormatKey, kFormat}, {kWeightsKey, model_.weights_sha256()}}};
    for (const auto& [key, session] : sessions_) {
      const auto state = session.state();
      file.tensors.push_back(
          {kStatePrefix + key, {static_cast<int64_t>(state.size())}, {state.begin(), state.end()}});
    }
    write_safetensors(options_.save_state, file);
  }

  const Model& model_;
  const StreamOptions& options_;
  const Session fresh_;
  std::vector<float> row_;
  std::map<std::string, Session> sessions_;
};

}  // namespace

void stream_predictions(const Model& model, const StreamOptions& options) {
  if (model.trained().features)
    stream_rows(model, options);
  else
    SequenceStream(model, options).run();
}

}  // namespace sinapse::cli
