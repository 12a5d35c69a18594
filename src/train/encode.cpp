#include "train/encode.h"

namespace sinapse {

namespace {

std::vector<CategoryColumns> category_columns(const Features& features) {
  std::vector<CategoryColumns> categories;
  for (const Features::OneHot& one_hot : features.one_hot())
    categories.push_back({.first = one_hot.first, .num_columns = one_hot.num_places});
  size_t input = features.width() > 0 ? 1 : 0;
  for (const Features::Embedded& embedded : features.embedded())
    categories.push_back(
        {.input = input++, .unknown = static_cast<float>(embedded.num_categories - 1)});
  return categories;
}

}  // namespace

Dataset encode_inputs(const Features& features, const Table& table) {
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
