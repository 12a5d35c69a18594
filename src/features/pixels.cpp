#include "features/pixels.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/json_fields.h"
#include "features/number_feature.h"
#include "features/sample_parts.h"

namespace sinapse {

namespace {

constexpr int64_t kMaxElements = int64_t{1} << 31;  // of one sample
constexpr int64_t kMaxAxes = 8;
constexpr int64_t kElementsAtOnce = int64_t{1} << 20;
constexpr ElementType kElementTypes[] = {
    ElementType::uint8, ElementType::int8,    ElementType::int16,  ElementType::int32,
    ElementType::int64, ElementType::float32, ElementType::float64};

// Calls use(pointer to the first of the elements, in their own type).
template <typename Use>
void with_elements(ElementType type, std::span<const std::byte> bytes, Use use) {
  const void* data = bytes.data();
  switch (type) {
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

std::vector<int64_t> sample_shape(const std::vector<int64_t>& shape) {
  return shape.empty() ? shape : std::vector<int64_t>(shape.begin() + 1, shape.end());
}

// Which channel an element of a sample belongs to.
struct ChannelOfElement {
  Channels channels;
  int64_t count, inner;  // elements that stand side by side with one channel

  ChannelOfElement(Channels where, const std::vector<int64_t>& shape)
      : channels(where), count(1), inner(1) {
    if (where == Channels::none) return;
    count = where == Channels::first ? shape.front() : shape.back();
    for (const int64_t extent : shape) inner *= extent;
    inner /= count;
  }
  int64_t operator()(int64_t element) const {
    if (channels == Channels::none) return 0;
    return channels == Channels::first ? element / inner : element % count;
  }
};

// Of one sample, by channel.
template <typename Element>
void add_sample(const Element* sample, int64_t row, int64_t size, const ChannelOfElement& channel,
                std::vector<Moments>& moments) {
  for (int64_t i = 0; i < size; ++i) {
    const auto x = static_cast<double>(sample[i]);
    if (!std::isfinite(x))
      throw Error(
          ErrorCode::data,
          fmt::format("sample {}: element {} is {}; training needs finite numbers", row, i, x));
    moments[channel(i)].add(x);
  }
}

void set_scales(ArrayFeatures& features, const std::vector<Moments>& moments, size_t num_rows) {
  if (std::none_of(moments.begin(), moments.end(), [](const Moments& m) { return m.varies(); }))
    throw Error(ErrorCode::data,
                fmt::format("all elements of the {} training samples are equal: there is nothing "
                            "to learn",
                            num_rows));
  features.mean.clear();
  features.scale.clear();
  for (const Moments& one : moments) {
    features.mean.push_back(to_float(one.mean()));
    features.scale.push_back(one.varies() ? to_float(1 / one.deviation()) : 1.0f);
    if (!std::isnormal(features.scale.back()) || !std::isfinite(features.mean.back()))
      throw Error(ErrorCode::data, fmt::format("the elements, {} to {}, leave the range of float",
                                               one.smallest(), one.largest()));
  }
}

// One sample, channels first.
template <typename Element>
void encode_sample(const ArrayFeatures& features, int64_t size, const Element* from, float* to) {
  const int64_t channels = features.num_channels(), inner = size / channels;
  const bool last = features.channels == Channels::last;
  for (int64_t c = 0; c < channels; ++c) {
    const Element* x = from + (last ? c : c * inner);
    const int64_t step = last ? channels : 1;
    const float mean = features.mean[c], scale = features.scale[c];
    float* y = to + c * inner;
    for (int64_t i = 0; i < inner; ++i) {
      y[i] = (to_float(static_cast<double>(x[i * step])) - mean) * scale;
    }
  }
}

std::vector<float> numbers_of(const JsonFields& fields, const char* key) {
  std::vector<float> numbers;
  for (const nlohmann::json& value : fields.list(key)) {
    if (!value.is_number()) fields.fail(key, "a list of numbers");
    numbers.push_back(to_float(value.get<double>()));
  }
  return numbers;
}

constexpr const char* kChannelNames[] = {"none", "first", "last"};

bool is_channel_count(int64_t extent) {
  return extent == 1 || extent == 3 || extent == 4;
}

void read_channels(const JsonFields& fields, ArrayFeatures& features) {
  const std::string where = fields.text("channels");
  const auto* found = std::find(std::begin(kChannelNames), std::end(kChannelNames), where);
  if (found == std::end(kChannelNames)) fields.fail("channels", "none, first or last");
  features.channels = static_cast<Channels>(found - std::begin(kChannelNames));
  if (features.channels != Channels::none && features.shape.size() < 2)
    fields.fail("channels", "none for samples of one axis");
  features.mean = numbers_of(fields, "mean");
  features.scale = numbers_of(fields, "scale");
  features.fit = fields.text("fit");
  const auto count = static_cast<size_t>(ChannelOfElement(features.channels, features.shape).count);
  if (features.mean.size() != count || features.scale.size() != count)
    fields.fail("mean", "one number for each channel, like \"scale\"");
}

}  // namespace

int64_t ArrayFeatures::size() const {
  int64_t size = 1;
  for (const int64_t extent : shape) size *= extent;
  return size;
}

Channels channels_from_name(const std::string& name, const std::vector<int64_t>& shape) {
  if (name == "auto") {
    if (shape.size() < 3) return Channels::none;
    if (is_channel_count(shape.back())) return Channels::last;
    return is_channel_count(shape.front()) ? Channels::first : Channels::none;
  }
  const auto* found = std::find(std::begin(kChannelNames), std::end(kChannelNames), name);
  if (found == std::end(kChannelNames))
    throw Error(
        ErrorCode::usage,
        fmt::format("data.channels must be auto, none, first or last, but is \"{}\".", name));
  const auto channels = static_cast<Channels>(found - std::begin(kChannelNames));
  if (channels != Channels::none && shape.size() < 2)
    throw Error(ErrorCode::usage,
                fmt::format("data.channels is {}, but samples of shape [{}] have no axis for them.",
                            name, fmt::join(shape, ", ")));
  return channels;
}

ArrayFeatures ArrayFeatures::fit_to(const Array& samples, std::span<const int64_t> training_rows,
                                    Channels channels) {
  ArrayFeatures features{
      .shape = sample_shape(samples.shape), .type = samples.type, .channels = channels};
  const ChannelOfElement channel(channels, features.shape);
  const int64_t size = features.size();
  std::vector<Moments> moments(channel.count);
  with_elements(samples.type, samples.bytes, [&](const auto* elements) {
    for (const int64_t row : training_rows)
      add_sample(elements + row * size, row, size, channel, moments);
  });
  set_scales(features, moments, training_rows.size());
  return features;
}

ArrayFeatures fit_parts(const std::vector<int64_t>& shape, ElementType type,
                        const ReadSamples& read, std::span<const int64_t> training_rows,
                        Channels channels) {
  ArrayFeatures features{.shape = shape, .type = type, .channels = channels};
  const ChannelOfElement channel(channels, shape);
  const int64_t size = features.size();
  const auto at_once = static_cast<size_t>(std::max<int64_t>(kElementsAtOnce / size, 1));
  std::vector<Moments> moments(channel.count);
  for (size_t first = 0; first < training_rows.size(); first += at_once) {
    const auto rows = training_rows.subspan(first, std::min(at_once, training_rows.size() - first));
    const Array part = read(rows);
    with_elements(type, part.bytes, [&](const auto* elements) {
      for (const int64_t row : rows) {
        add_sample(elements, row, size, channel, moments);
        elements += size;
      }
    });
  }
  set_scales(features, moments, training_rows.size());
  return features;
}

Shape ArrayFeatures::network_shape() const {
  Shape network = shape;
  if (channels == Channels::last) std::rotate(network.begin(), network.end() - 1, network.end());
  return network;
}

void ArrayFeatures::encode_bytes(const uint8_t* from, float* to) const {
  encode_sample(*this, size(), from, to);
}

void encode_samples(const ArrayFeatures& fitted, std::span<const std::byte> samples, float* to) {
  with_elements(fitted.type, samples, [&](const auto* elements) {
    const int64_t columns = fitted.size();
    const auto rows = static_cast<int64_t>(samples.size() / sizeof(*elements)) / columns;
    for (int64_t row = 0; row < rows; ++row)
      encode_sample(fitted, columns, elements + row * columns, to + row * columns);
  });
}

void require_like(const ArrayFeatures& fitted, ElementType type,
                  const std::vector<int64_t>& shape) {
  if (type == fitted.type && !shape.empty() && sample_shape(shape) == fitted.shape) return;
  throw Error(
      ErrorCode::data,
      fmt::format("the model expects an array of {} [samples, {}], but this one is {} [{}]. {}",
                  name_of(fitted.type), fmt::join(fitted.shape, ", "), name_of(type),
                  fmt::join(shape, ", "),
                  shape == fitted.shape ? "Give it a first axis of one sample."
                                        : "Bring it to this type and shape."));
}

std::vector<float> ArrayFeatures::encode(const Array& samples) const {
  require_like(*this, samples.type, samples.shape);
  std::vector<float> values(samples.num_elements());
  encode_samples(*this, samples.bytes, values.data());
  return values;
}

std::string ArrayFeatures::to_json() const {
  const nlohmann::json value = {{"version", 2},
                                {"shape", shape},
                                {"type", name_of(type)},
                                {"channels", kChannelNames[static_cast<int>(channels)]},
                                {"mean", mean},
                                {"scale", scale},
                                {"fit", fit}};
  return value.dump();
}

ArrayFeatures ArrayFeatures::from_json(const std::string& text) {
  const nlohmann::json value = parse_json_object(text, "the model's features");
  const JsonFields fields(value, "the model's features");
  const bool has_channels = fields.integer("version", 1, 2) == 2;
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
  if (!has_channels) {
    features.mean = {to_float(fields.number("mean"))};
    features.scale = {to_float(fields.positive_number("scale"))};
  } else {
    read_channels(fields, features);
  }
  for (size_t c = 0; c < features.mean.size(); ++c)
    if (!std::isfinite(features.mean[c]) || !std::isnormal(features.scale[c]))
      fields.fail("scale", "in the range of float, like \"mean\"");
  return features;
}

}  // namespace sinapse
