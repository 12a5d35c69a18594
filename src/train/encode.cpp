#include "train/encode.h"

#include <algorithm>

#include <sinapse/error.h>

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
  return categories;
}

// On disk where the table is, too.
Dataset store_inputs(const Features& features, const Table& table) {
  const auto num_embedded = static_cast<int64_t>(features.embedded().size());
  const int64_t columns = features.width() + num_embedded;
  Dataset data{.rows = table.num_rows(), .categories = category_columns(features)};
  if (features.width() > 0) data.inputs.push_back({.columns = features.width()});
  data.inputs.resize(data.inputs.size() + num_embedded, {.columns = 1});
  const auto stored = std::make_shared<StoredRows>(columns);
  std::vector<float> rows;
  features.encode(table, kStoredRows, [&](const Features::Encoded& encoded) {
    rows.resize(encoded.rows * columns);
    float* out = rows.data();
    for (int64_t row = 0; row < encoded.rows; ++row) {
      out = std::copy_n(encoded.dense.data() + row * features.width(), features.width(), out);
      for (const std::vector<float>& indices : encoded.indices) *out++ = indices[row];
    }
    stored->append(rows);
  });
  data.source = stored;
  return data;
}

}  // namespace

Dataset encode_inputs(const Features& features, const Table& table) {
  if (table.on_disk()) return store_inputs(features, table);
  Features::Encoded encoded = features.encode(table);
  Dataset data{.rows = encoded.rows, .categories = category_columns(features)};
  if (features.width() > 0) {
    data.inputs.push_back({.columns = features.width(), .numbers = std::move(encoded.dense)});
  }
  for (std::vector<float>& indices : encoded.indices) {
    data.inputs.push_back({.columns = 1, .numbers = std::move(indices)});
  }
  return data;
}

Dataset encode_inputs(const TrainedNetwork& trained, const Table& table) {
  if (trained.series) {
    throw Error(ErrorCode::usage,
                "The model forecasts time series: use sinapse forecast, or sinapse::forecast().");
  }
  if (!trained.features) {
    throw Error(ErrorCode::data, "The model expects arrays of samples, but was given a table.");
  }
  return encode_inputs(*trained.features, table);
}

void encode_target(const Target& target, const Table& table, Dataset& data) {
  data.target = target.encode(table);
  data.target_width = target.width();
}

Dataset encode_labelled(const TrainedNetwork& trained, const Table& table) {
  Dataset data = encode_inputs(trained, table);
  encode_target(trained.target, table, data);
  const std::string& name = trained.weighting.column;
  const auto is_weight = [&](const Column& column) { return column.name == name; };
  const std::vector<Column>& columns = table.columns();
  if (!name.empty() && std::any_of(columns.begin(), columns.end(), is_weight))
    data.weights = weights_in(table, name, known_rows(data));
  set_loss_weights(data, trained.weighting.class_weights);
  return data;
}

Dataset encode_inputs(const ArrayFeatures& pixels, const Array& samples) {
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

}  // namespace sinapse
