// Features::encode, in tiles of rows, so that the row-major result is written while it is in cache.
#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/date.h"
#include "features/features.h"
#include "features/match_columns.h"

namespace sinapse {

namespace {

constexpr int64_t kTileRows = 512;

/// Writes `width` neighbouring inputs of rows first .. last-1; `out` is row `first`'s first of
/// them.
struct Encoder {
  int64_t width;
  std::function<void(int64_t first, int64_t last, float* out, int64_t stride)> write;
};

// Writes input_of(y) for the scaled number y of each row, NaN where it is missing.
template <class InputOf>
Encoder number_input(const NumberFeature& feature, const Column& column, InputOf input_of) {
  if (feature.order.empty())
    return {1, [&feature, input_of, cells = ColumnCells(column)](int64_t first, int64_t last,
                                                                 float* out, int64_t stride) {
              for (int64_t row = first; row < last; ++row, out += stride)
                *out = input_of(feature(cells.number(row)));
            }};
  return {1, [&feature, input_of, cells = ColumnCells(column),
              places = places_in(feature.order, column)](int64_t first, int64_t last, float* out,
                                                         int64_t stride) {
            for (int64_t row = first; row < last; ++row, out += stride)
              *out = input_of(feature(places[cells.code(row) + 1]));
          }};
}

Encoder number_values(const NumberFeature& feature, const Column& column) {
  return number_input(feature, column, [fill = static_cast<float>(feature.fill)](float y) {
    return std::isnan(y) ? fill : y;
  });
}

Encoder number_missing(const NumberFeature& feature, const Column& column) {
  return number_input(feature, column, [](float y) { return std::isnan(y) ? 1.0f : 0.0f; });
}

Encoder one_hot(const CategoryFeature& feature, const Column& column) {
  return {feature.num_places(),
          [cells = ColumnCells(column), places = places_of_codes(feature, column)](
              int64_t first, int64_t last, float* out, int64_t stride) {
            for (int64_t row = first; row < last; ++row, out += stride)
              out[places[cells.code(row) + 1]] = 1;
          }};
}

Encoder date_parts(const DateFeature& feature, const Column& column) {
  return {feature.width(), [&feature, cells = ColumnCells(column)](int64_t first, int64_t last,
                                                                   float* out, int64_t stride) {
            for (int64_t row = first; row < last; ++row, out += stride)
              feature.encode(cells.number(row), out);
          }};
}

Encoder ngrams(const TextFeature& feature, const Column& column) {
  return {feature.width(), [&feature, cells = ColumnCells(column)](int64_t first, int64_t last,
                                                                   float* out, int64_t stride) {
            for (int64_t row = first; row < last; ++row, out += stride) {
              const int32_t code = cells.code(row);
              if (code < 0) continue;
              for (const auto& [place, input] : feature.encode(cells->categories[code]))
                out[place] = input;
            }
          }};
}

// Of the inputs that stand before them in the same row.
void multiply(const std::vector<Features::Product>& products, int64_t rows, float* row,
              int64_t width) {
  if (products.empty()) return;
  for (int64_t r = 0; r < rows; ++r, row += width) {
    float* out = row + width - products.size();
    for (const auto& [left, right] : products) *out++ = row[left] * row[right];
  }
}

// Read one way in training and the other way here, 03/04/2024 would be another day.
void require_same_order(const DateFeature& feature, const Table& table) {
  const Column* column = table.find(feature.column);
  if (!column || column->date_format.empty() ||
      exchange_day_and_month(feature.format) != column->date_format)
    return;
  throw Error(
      ErrorCode::data,
      fmt::format("{}: the dates of column \"{}\" are read as {}, but the model has learned "
                  "{}. Give ReadOptions::date_formats, or write the dates like the model's.",
                  table.source().empty() ? "the table" : table.source(), feature.column,
                  column->date_format, feature.format));
}

// In the order of Features::names().
std::vector<Encoder> encoders_of(const Features& features, const MatchedColumns& columns) {
  std::vector<Encoder> encoders;
  for (const NumberGroup& group : kNumberGroups) {
    for (const NumberFeature& f : features.numbers())
      if (group.holds(f) && f.varies) encoders.push_back(number_values(f, columns[f.column]));
    for (const NumberFeature& f : features.numbers())
      if (group.holds(f) && f.marks_missing)
        encoders.push_back(number_missing(f, columns[f.column]));
  }
  for (const CategoryFeature& f : features.categories())
    if (!f.embedded()) encoders.push_back(one_hot(f, columns[f.column]));
  for (const DateFeature& f : features.dates())
    encoders.push_back(date_parts(f, columns[f.column]));
  for (const TextFeature& f : features.texts()) encoders.push_back(ngrams(f, columns[f.column]));
  return encoders;
}

Encoder place_index(const CategoryFeature& feature, const Column& column) {
  return {1, [cells = ColumnCells(column), places = places_of_codes(feature, column)](
                 int64_t first, int64_t last, float* out, int64_t stride) {
            for (int64_t row = first; row < last; ++row, out += stride)
              *out = static_cast<float>(places[cells.code(row) + 1]);
          }};
}

/// Encodes rows of one table.
class RowEncoder {
 public:
  RowEncoder(const Features& features, const Table& table)
      : width_(features.width()),
        products_(features.products()),
        columns_(table, features.kinds()) {
    for (const DateFeature& feature : features.dates()) require_same_order(feature, table);
    dense_ = encoders_of(features, columns_);
    for (const CategoryFeature& feature : features.categories())
      if (feature.embedded()) indices_.push_back(place_index(feature, columns_[feature.column]));
    for (const TokenFeature& feature : features.tokens())
      tokens_.emplace_back(&feature, columns_[feature.column]);
  }

  Features::Encoded encode(int64_t first, int64_t last) const {
    Features::Encoded encoded;
    encoded.rows = last - first;
    encoded.dense.resize(encoded.rows * width_);
    for (int64_t begin = first; begin < last; begin += kTileRows) {
      const int64_t end = std::min(begin + kTileRows, last);
      float* const rows = encoded.dense.data() + (begin - first) * width_;
      float* out = rows;
      for (const Encoder& encoder : dense_) {
        encoder.write(begin, end, out, width_);
        out += encoder.width;
      }
      multiply(products_, end - begin, rows, width_);
    }
    for (const Encoder& encoder : indices_) {
      std::vector<float>& indices = encoded.indices.emplace_back(encoded.rows);
      encoder.write(first, last, indices.data(), 1);
    }
    for (const auto& [feature, cells] : tokens_)
      append_tokens(*feature, cells, first, last, encoded);
    return encoded;
  }

 private:
  static void append_tokens(const TokenFeature& feature, const ColumnCells& cells, int64_t first,
                            int64_t last, Features::Encoded& encoded) {
    std::vector<float>& all = encoded.tokens.emplace_back();
    std::vector<int64_t>& offsets = encoded.token_offsets.emplace_back(1, 0);
    for (int64_t row = first; row < last; ++row) {
      const int32_t code = cells.code(row);
      const std::vector<float> own = feature.encode(code < 0 ? "" : cells->categories[code]);
      all.insert(all.end(), own.begin(), own.end());
      offsets.push_back(static_cast<int64_t>(all.size()));
    }
  }

  int64_t width_;
  const std::vector<Features::Product>& products_;
  MatchedColumns columns_;
  std::vector<Encoder> dense_, indices_;
  std::vector<std::pair<const TokenFeature*, ColumnCells>> tokens_;
};

}  // namespace

Features::Encoded Features::encode(const Table& table) const {
  return encode(table, 0, table.num_rows());
}

Features::Encoded Features::encode(const Table& table, int64_t first, int64_t last) const {
  return RowEncoder(*this, table).encode(first, last);
}

void Features::encode(const Table& table, int64_t rows,
                      const std::function<void(const Encoded&)>& take) const {
  const RowEncoder encoder(*this, table);
  for (int64_t first = 0; first < table.num_rows(); first += rows)
    take(encoder.encode(first, std::min(first + rows, table.num_rows())));
}

}  // namespace sinapse
