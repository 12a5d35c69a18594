#include "features/pixels.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/json_fields.h"
#include "features/number_feature.h"

namespace sinapse {

namespace {

constexpr int64_t kMaxElements = int64_t{1} << 31;  // of one sample
constexpr int64_t kMaxAxes = 8;
constexpr ElementType kElementTypes[] = {
    ElementType::uint8, ElementType::int8,    ElementType::int16,  ElementType::int32,
    ElementType::int64, ElementType::float32, ElementType::float64};

// Calls use(pointer to the first of the elements, in their own type).
template <typename Use>
void with_elements(const Array& array, Use use) {
  const void* data = array.bytes.data();
  switch (array.type) {
    case ElementType::uint8:
      return use(static_cast<const uint8_t*>(data));
    case ElementType::int8:
      return use(static_cast<const int8_t*>(data));
    case ElementType::int16:
      return use(static_cast<const int16_t*>(data));
    case ElementType::int32:
      return use(static_cast<const int32_t*>(data));
    case ElementType::int64:
      return use(static_cast<const int64_t*>(data));
    case ElementType::float32:
      return use(static_cast<const float*>(data));
    case ElementType::float64:
      return use(static_cast<const double*>(data));
  }
}

std::vector<int64_t> sample_shape(const Array& samples) {
  return samples.shape.empty()
             ? std::vector<int64_t>{}
             : std::vector<int64_t>(samples.shape.begin() + 1, samples.shape.end());
}

// Sums a sample at a time: a sum of many small values into a large one would lose their ends.
template <typename Element>
Moments moments_of(const Element* elements, std::span<const int64_t> rows, int64_t size) {
  Moments moments;
  for (const int64_t row : rows)
    for (int64_t i = 0; i < size; ++i) {
      const auto x = static_cast<double>(elements[row * size + i]);
      if (!std::isfinite(x))
        throw Error(
            ErrorCode::data,
            fmt::format("sample {}: element {} is {}; training needs finite numbers", row, i, x));
      moments.add(x);
    }
  return moments;
}

}  // namespace

int64_t ArrayFeatures::size() const {
  int64_t size = 1;
  for (const int64_t extent : shape) size *= extent;
  return size;
}

ArrayFeatures ArrayFeatures::fit(const Array& samples, std::span<const int64_t> training_rows) {
  ArrayFeatures features{.shape = sample_shape(samples), .type = samples.type};
  Moments moments;
  with_elements(samples, [&](const auto* elements) {
    moments = moments_of(elements, training_rows, features.size());
  });
  if (!moments.varies())
    throw Error(ErrorCode::data,
                fmt::format("all elements of the {} training samples are equal: there is nothing "
                            "to learn",
                            training_rows.size()));
  features.mean = to_float(moments.mean());
  features.scale = to_float(1 / moments.deviation());
  if (!std::isnormal(features.scale) || !std::isfinite(features.mean))
    throw Error(ErrorCode::data, fmt::format("the elements, {} to {}, leave the range of float",
                                             moments.smallest(), moments.largest()));
  return features;
}

std::vector<float> ArrayFeatures::encode(const Array& samples) const {
  if (samples.type != type || samples.shape.empty() || sample_shape(samples) != shape)
    throw Error(ErrorCode::data,
                fmt::format("the model expects {} samples of shape [{}], but the array is {} [{}]",
                            name_of(type), fmt::join(shape, ", "), name_of(samples.type),
                            fmt::join(samples.shape, ", ")));
  std::vector<float> values(samples.num_elements());
  with_elements(samples, [&](const auto* elements) {
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = (to_float(static_cast<double>(elements[i])) - mean) * scale;
  });
  return values;
}

std::string ArrayFeatures::to_json() const {
  const nlohmann::json value = {
      {"version", 1}, {"shape", shape}, {"type", name_of(type)}, {"mean", mean}, {"scale", scale}};
  return value.dump();
}

ArrayFeatures ArrayFeatures::from_json(const std::string& text) {
  const nlohmann::json value = parse_json_object(text, "the model's features");
  const JsonFields fields(value, "the model's features");
  fields.integer("version", 1, 1);
  ArrayFeatures features;
  int64_t elements = 1;
  for (const nlohmann::json& extent : fields.list("shape")) {
    const bool fits = extent.is_number_integer() && extent.get<double>() >= 1 &&
                      extent.get<double>() <= static_cast<double>(kMaxElements / elements);
    if (!fits) fields.fail("shape", "a list of positive whole numbers with a sensible product");
    features.shape.push_back(extent.get<int64_t>());
    elements *= features.shape.back();
  }
  if (features.shape.size() > kMaxAxes) fields.fail("shape", "a list of at most 8 numbers");
  const std::string type = fields.text("type");
  const auto* found = std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                                   [&](ElementType t) { return name_of(t) == type; });
  if (found == std::end(kElementTypes)) fields.fail("type", "uint8, float32 or the like");
  features.type = *found;
  features.mean = to_float(fields.number("mean"));
  features.scale = to_float(fields.positive_number("scale"));
  if (!std::isfinite(features.mean) || !std::isnormal(features.scale))
    fields.fail("scale", "in the range of float, like \"mean\"");
  return features;
}

}  // namespace sinapse
