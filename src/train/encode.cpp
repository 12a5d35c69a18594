#include "train/encode.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/column_cells.h"
#include "features/sample_parts.h"
#include "features/target_columns.h"
#include "features/weighting.h"
#include "train/stored_rows.h"

namespace sinapse {

namespace {

constexpr int64_t kStoredRows = 1024;  // encoded at once

std::vector<CategoryColumns> category_columns(const Features& features) {
  std::vector<CategoryColumns> categories;
  for (const Features::OneHot& one_hot : features.one_hot())
    categories.push_back(
        {.first = one_hot.first, .num_columns = one_hot.num_places, .products = one_hot.products});
  size_t input = features.width() > 0 ? 1 : 0;
  for (const Features::Embedded& embedded : features.embedded())
    categories.push_back(
        {.input = input++, .unknown = static_cast<float>(embedded.num_categories - 1)});
  for (const TokenFeature& feature : features.tokens())
    categories.push_back(
        {.input = input++, .unknown = static_cast<float>(feature.unknown_place()), .tokens = true});
  return categories;
}

// On disk where the table is, too. Not so with tokens: they take less than the texts, which stay in
// memory in any case, and batches of similar length need the lengths of all rows.
bool is_stored(const Features& features, const Table& table) {
  return table.on_disk() && features.tokens().empty();
}

bool is_any_known(std::span<const float> target) {
  return std::any_of(target.begin(), target.end(), [](float x) { return !std::isnan(x); });
}

std::shared_ptr<const StoredAnswers> store_answers(const Target& target, const WeightCells* weights,
                                                   const Table& table) {
  const auto stored = std::make_shared<StoredAnswers>(target.width(), weights != nullptr);
  const int64_t width = target.width();
  int64_t row = 0;
  std::vector<float> answers;
  target.encode(table, [&](std::span<const float> encoded) {
    answers.clear();
    for (; !encoded.empty(); encoded = encoded.subspan(width), ++row) {
      answers.insert(answers.end(), encoded.begin(), encoded.begin() + width);
      if (weights == nullptr) continue;
      const double weight = is_any_known(encoded.first(width)) ? weights->at(row) : 0;
      answers.resize(answers.size() + sizeof(weight) / sizeof(float));
      std::memcpy(answers.data() + answers.size() - sizeof(weight) / sizeof(float), &weight,
                  sizeof(weight));
    }
    stored->append(answers);
  });
  return stored;
}

// Each row with its answers, if there are any.
Dataset store_inputs(const Features& features, const Table& table,
                     std::shared_ptr<const StoredAnswers> answers,
                     std::shared_ptr<const RowPlaces> places) {
  const auto num_embedded = static_cast<int64_t>(features.embedded().size());
  const int64_t num_answers = answers ? answers->num_columns() : 0;
  const int64_t inputs = features.width() + num_embedded, columns = inputs + num_answers;
  Dataset data{.rows = table.num_rows(), .categories = category_columns(features)};
  if (features.width() > 0) data.inputs.push_back({.columns = features.width()});
  data.inputs.resize(data.inputs.size() + num_embedded, {.columns = 1});
  const auto stored = std::make_shared<StoredRows>(columns, places);
  std::vector<float> rows, known;
  int64_t first = 0;
  features.encode(table, kStoredRows, [&](const Features::Encoded& encoded) {
    rows.resize(encoded.rows * columns);
    known.resize(encoded.rows * num_answers);
    if (answers) answers->read(first, known);
    first += encoded.rows;
    float* out = rows.data();
    for (int64_t row = 0; row < encoded.rows; ++row) {
      out = std::copy_n(encoded.dense.data() + row * features.width(), features.width(), out);
      for (const std::vector<float>& indices : encoded.indices) *out++ = indices[row];
      out = std::copy_n(known.data() + row * num_answers, num_answers, out);
    }
    stored->append(rows);
  });
  stored->finish();
  data.source = stored;
  data.places = std::move(places);
  if (answers) data.target_width = answers->target_width();
  data.stored_answers = std::move(answers);
  return data;
}

}  // namespace

Dataset encode_inputs(const Features& features, const Table& table) {
  if (is_stored(features, table)) return store_inputs(features, table, nullptr, nullptr);
  Features::Encoded encoded = features.encode(table);
  Dataset data{.rows = encoded.rows, .categories = category_columns(features)};
  if (features.width() > 0) {
    data.inputs.push_back({.columns = features.width(), .numbers = std::move(encoded.dense)});
  }
  for (std::vector<float>& indices : encoded.indices) {
    data.inputs.push_back({.columns = 1, .numbers = std::move(indices)});
  }
  for (size_t t = 0; t < encoded.tokens.size(); ++t) {
    data.inputs.push_back({.columns = features.tokens()[t].length,
                           .numbers = std::move(encoded.tokens[t]),
                           .step_columns = 1,
                           .offsets = std::move(encoded.token_offsets[t])});
  }
  return data;
}

Dataset encode_sequences(const Features& features, const SequenceColumns& columns,
                         const RowSequences& sequences, const Table& table) {
  const Features::Encoded encoded = features.encode(table);
  const int64_t width = features.width();
  InputColumns steps{.columns = columns.longest * width, .step_columns = width};
  steps.offsets = sequences.offsets;
  steps.numbers.reserve(encoded.dense.size());
  for (const int64_t row : sequences.rows) {
    const auto first = encoded.dense.begin() + row * width;
    steps.numbers.insert(steps.numbers.end(), first, first + width);
  }
  InputColumns lengths{.columns = 1};
  for (int64_t s = 0; s < sequences.size(); ++s)
    lengths.numbers.push_back(static_cast<float>(sequences.length(s)));
  Dataset data{.rows = sequences.size()};
  data.inputs.push_back(std::move(steps));
  data.inputs.push_back(std::move(lengths));
  return data;
}

namespace {

void require_table_model(const TrainedNetwork& trained) {
  if (trained.series) {
    throw Error(ErrorCode::usage,
                "The model forecasts time series: use sinapse forecast, or sinapse::forecast().");
  }
  if (!trained.features) {
    throw Error(ErrorCode::data, "The model expects arrays of samples, but was given a table.");
  }
}

}  // namespace

Dataset encode_inputs(const TrainedNetwork& trained, const Table& table) {
  if (trained.sequences) {
    const SequenceColumns& columns = *trained.sequences;
    return encode_sequences(*trained.features, columns,
                            sequences_of(table, columns.id, columns.order), table);
  }
  require_table_model(trained);
  Dataset data = encode_inputs(*trained.features, table);
  if (trained.stateful) data.streams = streams_in(table, trained.stream_column);
  return data;
}

Dataset encode_rows(const Features& features, const Target& target,
                    const std::string& weight_column, const Table& table,
                    std::shared_ptr<const RowPlaces> places) {
  const bool has_weights = !weight_column.empty();
  if (is_stored(features, table)) {
    std::optional<WeightCells> weights;
    if (has_weights) weights.emplace(table, weight_column);
    return store_inputs(features, table,
                        store_answers(target, weights ? &*weights : nullptr, table),
                        std::move(places));
  }
  Dataset data = encode_inputs(features, table);
  data.target = target.encode(table);
  data.target_width = target.width();
  if (has_weights) data.weights = weights_in(table, weight_column, known_rows(data));
  return data;
}

namespace {

// One for the sequence: that of its first row that has one.
void append_answer(const Target& target, std::span<const float> encoded,
                   std::span<const int64_t> rows, const Table& table, std::vector<float>& answers) {
  const int64_t width = target.width();
  const auto answer_of = [&](int64_t row) { return encoded.subspan(row * width, width); };
  const auto is_known = [&](int64_t row) {
    const auto answer = answer_of(row);
    return std::any_of(answer.begin(), answer.end(), [](float x) { return !std::isnan(x); });
  };
  const auto same = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const auto known = std::find_if(rows.begin(), rows.end(), is_known);
  const int64_t first = known == rows.end() ? rows.front() : *known;
  const auto answer = answer_of(first);
  for (const int64_t row : rows) {
    const auto other = answer_of(row);
    if (!is_known(row) || std::equal(other.begin(), other.end(), answer.begin(), same)) continue;
    throw Error(
        ErrorCode::data,
        fmt::format("{}: the target {} is another one than at {}, but a sequence is to have "
                    "one answer; for one of each row set data.answer_per: row.",
                    table.location(row), quoted_names(target.names()), table.location(first)));
  }
  answers.insert(answers.end(), answer.begin(), answer.end());
}

}  // namespace

void encode_target(const Target& target, const SequenceColumns& columns,
                   const RowSequences& sequences, const Table& table, Dataset& data) {
  const std::vector<float> encoded = target.encode(table);
  data.target_width = target.width();
  data.target.clear();
  for (int64_t s = 0; s < sequences.size(); ++s) {
    const auto rows = sequences.rows_of(s);
    if (!columns.per_row) {
      append_answer(target, encoded, rows, table, data.target);
      continue;
    }
    for (const int64_t row : rows) {
      const auto answer = encoded.begin() + row * data.target_width;
      data.target.insert(data.target.end(), answer, answer + data.target_width);
    }
  }
  if (columns.per_row) data.answers = sequences.offsets;
}

namespace {

Dataset encode_labelled_sequences(const TrainedNetwork& trained, const Table& table) {
  const SequenceColumns& columns = *trained.sequences;
  const RowSequences sequences = sequences_of(table, columns.id, columns.order);
  Dataset data = encode_sequences(*trained.features, columns, sequences, table);
  encode_target(trained.target, columns, sequences, table, data);
  set_loss_weights(data, trained.weighting.class_weights);
  return data;
}

}  // namespace

std::vector<int32_t> streams_in(const Table& table, const std::string& name) {
  const auto& columns = table.columns();
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  if (name.empty() || found == columns.end()) return {};
  const Column column = table.reinterpret_as(*found, ColumnKind::category);
  const ColumnCells cells(column);
  std::vector<int32_t> streams;
  for (int64_t row = 0; row < table.num_rows(); ++row) streams.push_back(cells.code(row));
  return streams;
}

Dataset encode_labelled(const TrainedNetwork& trained, const Table& table) {
  if (trained.sequences) return encode_labelled_sequences(trained, table);
  require_table_model(trained);
  const std::string& name = trained.weighting.column;
  const auto is_weight = [&](const Column& column) { return column.name == name; };
  const std::vector<Column>& columns = table.columns();
  const bool has_weights = std::any_of(columns.begin(), columns.end(), is_weight);
  Dataset data =
      encode_rows(*trained.features, trained.target, has_weights ? name : std::string(), table);
  if (trained.stateful) data.streams = streams_in(table, trained.stream_column);
  set_loss_weights(data, trained.weighting.class_weights);
  return data;
}

Dataset encode_inputs(const ArrayFeatures& pixels, const Array& samples) {
  const auto expected = static_cast<size_t>(samples.num_elements()) * size_of(samples.type);
  if (!samples.shape.empty() && samples.bytes.size() != expected)
    throw Error(ErrorCode::data,
                fmt::format("an array of shape {} takes {} bytes, but has {}. Samples on disk "
                            "(ArrayDataset::stored) are read through their data set.",
                            to_string(Shape(samples.shape)), expected, samples.bytes.size()));
  Dataset data{.rows = samples.shape.empty() ? 0 : samples.shape[0]};
  InputColumns input{.columns = pixels.size()};
  if (samples.type == ElementType::uint8 && pixels.type == ElementType::uint8 &&
      std::vector<int64_t>(samples.shape.begin() + 1, samples.shape.end()) == pixels.shape) {
    input.bytes = reinterpret_cast<const uint8_t*>(samples.bytes.data());
    input.pixels = std::make_shared<const ArrayFeatures>(pixels);
  } else {
    input.numbers = pixels.encode(samples);
  }
  data.inputs.push_back(std::move(input));
  return data;
}

Dataset encode_inputs(const ArrayFeatures& pixels, const ArrayDataset& samples) {
  if (!samples.stored) return encode_inputs(pixels, samples.inputs);
  require_like(pixels, samples.inputs.type, samples.inputs.shape);
  const auto shared = std::make_shared<const ArrayFeatures>(pixels);
  return {.rows = samples.inputs.shape[0],
          .inputs = {{.columns = pixels.size(), .pixels = shared}},
          .source = std::make_shared<StoredSamples>(shared, samples.stored)};
}

}  // namespace sinapse
