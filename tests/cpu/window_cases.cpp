// Networks of convolutions and what may stand between them: ranks 1 to 4, odd sizes, strides beyond
// the kernel, dilation, groups, padding beyond the kernel, few and many channels.
#include "cpu/window_cases.h"

namespace sinapse {

namespace {

using Sizes = std::vector<int64_t>;

constexpr int64_t kChannels[] = {1, 3, 16, 20, 4, 33, 5, 48, 2};
constexpr int64_t kFilters[] = {16, 3, 33, 70, 1, 48, 20};
constexpr int64_t kKernels[] = {3, 1, 2, 5, 3};
constexpr int64_t kStrides[] = {1, 1, 2, 3};
constexpr int64_t kPads[] = {0, 1, 0, 2, 4};
constexpr int64_t kDilations[] = {1, 1, 2};
constexpr const char* kActivations[] = {"relu", "linear", "tanh", "sigmoid", "gelu"};
constexpr const char* kOptimizers[] = {"momentum", "adam(epsilon=0.01)",
                                       "adamw(epsilon=0.01,weight_decay=0.1)"};

template <class T, size_t N>
const T& pick(const T (&choices)[N], size_t i) {
  return choices[i % N];
}

bool normalizes(size_t i) {
  return i % 7 == 0 || i % 7 == 4;
}

// Before a normalisation a bias has no gradient but rounding errors, which Adam would magnify.
LayerDescription convolution(std::string type, size_t i, size_t rank) {
  int64_t kernel = pick(kKernels, i), dilation = pick(kDilations, i / 2);
  if (rank > 2) kernel = std::min<int64_t>(kernel, rank == 3 ? 3 : 2);
  if (rank > 2 || kernel == 5) dilation = 1;
  const int64_t most_pads = type == "conv_transpose" ? (kernel - 1) * dilation / 2 : 4;
  return layer(std::move(type),
               {{"filters", pick(kFilters, i)},
                {"kernel_size", Sizes{kernel}},
                {"strides", Sizes{pick(kStrides, i + i / 4)}},
                {"dilations", Sizes{dilation}},
                {"pads", Sizes{std::min<int64_t>(pick(kPads, i + i / 3), most_pads)}},
                {"use_bias", !normalizes(i)},
                {"activation", std::string(pick(kActivations, i / 2))}});
}

void add_between(size_t i, std::vector<LayerDescription>& layers) {
  switch (i % 7) {
    case 0:
      layers.push_back(layer("batch_normalization"));
      return layers.push_back(layer("activation", {{"activation", std::string("relu")}}));
    case 1:
      return layers.push_back(layer("max_pool", {{"pads", Sizes{1}}}));
    case 2:
      return layers.push_back(layer(
          "average_pool", {{"pool_size", Sizes{3}}, {"strides", Sizes{2}}, {"pads", Sizes{1}}}));
    case 3:
      return layers.push_back(layer("prelu"));
    case 4:
      return layers.push_back(layer("batch_normalization"));
    default:
      return;
  }
}

Sizes input_sizes(size_t i, size_t rank) {
  static const Sizes kLongest{0, 19, 9, 6, 5};
  Sizes sizes{pick(kChannels, i + i / 9)};
  for (size_t axis = 0; axis < rank; ++axis) {
    sizes.push_back(kLongest[rank] - static_cast<int64_t>((i + axis) % 3));
  }
  return sizes;
}

PlanCase grid_case(size_t i) {
  const size_t rank = i % 11 == 10 ? 4 : i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : i % 2 + 2;
  PlanCase tested{.inputs = {{"x", input_sizes(i, rank)}},
                  .loss = "categorical_crossentropy",
                  .optimizer = pick(kOptimizers, i),
                  .batches = {5, 5, 2},
                  .max_rows = 5};
  if (i % 5 == 4) tested.batches = {1, 1, 1}, tested.max_rows = 1;
  auto& layers = tested.network.layers;
  layers.push_back(convolution(i % 6 == 5 ? "conv_transpose" : "conv", i, rank));
  add_between(i, layers);
  layers.push_back(layer("conv", {{"filters", pick(kFilters, i + 3)},
                                  {"kernel_size", Sizes{rank > 2 ? 2 : pick(kKernels, i + 2)}},
                                  {"strides", Sizes{pick(kStrides, i)}},
                                  {"padding", std::string("same")},
                                  {"activation", std::string(pick(kActivations, i))}}));
  if (i % 2 == 0) layers.push_back(layer("global_average_pool"));
  if (i % 2 == 1) layers.push_back(layer("flatten"));
  layers.push_back(dense(3));
  tested.name = "windows" + std::to_string(i);
  return tested;
}

PlanCase with(std::string name, Sizes x, std::vector<LayerDescription> layers,
              UpdateRules rules = {}) {
  return {std::move(name),
          {std::move(layers)},
          {{"x", std::move(x)}},
          "categorical_crossentropy",
          "momentum",
          {5, 5, 3},
          5,
          rules};
}

LayerDescription conv(int64_t filters, std::string activation = "linear") {
  return layer("conv", {{"filters", filters},
                        {"padding", std::string("same")},
                        {"activation", std::move(activation)}});
}

LayerDescription depthwise(std::map<std::string, FieldValue> fields) {
  return layer("depthwise_conv", std::move(fields));
}

std::vector<PlanCase> special_cases() {
  const auto groups = layer("conv", {{"filters", int64_t{32}}, {"groups", int64_t{2}}});
  const auto residual =
      layer("conv", {{"filters", int64_t{20}}, {"padding", std::string("same")}}, {}, "second");
  return {
      with("windows_residual", {3, 8, 8},
           {layer("conv", {{"filters", int64_t{20}}, {"activation", std::string("relu")}}, {},
                  "first"),
            residual, layer("batch_normalization", {}, {}, "normal"),
            layer("add", {}, {"normal", "first"}),
            layer("activation", {{"activation", std::string("relu")}}), layer("global_max_pool"),
            dense(3)}),
      with("windows_groups", {16, 7, 7}, {conv(32, "relu"), groups, layer("flatten"), dense(3)}),
      with("windows_depthwise", {3, 9, 9},
           {conv(20, "relu"), layer("depthwise_conv"),
            layer("separable_conv", {{"filters", int64_t{18}}}), layer("flatten"), dense(3)}),
      with("windows_depthwise_strided", {20, 9, 8},
           {depthwise({{"strides", Sizes{2}}, {"padding", std::string("same")}}),
            layer("batch_normalization"), layer("activation"),
            depthwise({{"activation", std::string("relu")}}), layer("flatten"), dense(3)}),
      with("windows_depthwise_line", {9, 31},
           {depthwise({{"kernel_size", Sizes{4}}, {"use_bias", false}}),
            depthwise({{"dilations", Sizes{3}}, {"activation", std::string("tanh")}}),
            layer("flatten"), dense(2)}),
      with("windows_depthwise_volume", {33, 4, 5, 6},
           {depthwise({{"kernel_size", Sizes{2}}, {"strides", Sizes{2}}}), layer("flatten"),
            dense(2)}),
      with("windows_without_bias", {2, 9},
           {layer("conv", {{"filters", int64_t{17}}, {"use_bias", false}}), conv(5),
            layer("flatten"), dense(2)}),
      with("windows_all_rules", {3, 8, 8}, {conv(20, "relu"), conv(17), layer("flatten"), dense(3)},
           {.l1 = 0.01,
            .l2 = 0.1,
            .clip_norm = 0.1,
            .clip_value = 0.01,
            .accumulate = true,
            .average = true}),
      with("windows_last", {5, 6}, {conv(20, "relu"), conv(3), layer("global_average_pool")}),
      with("windows_many_channels", {100, 3, 3},
           {conv(130, "relu"), conv(70), layer("flatten"), dense(2)}),
      with("windows_long_line", {4, 300},
           {conv(20, "relu"), layer("max_pool"), conv(16), layer("global_average_pool"), dense(2)}),
  };
}

}  // namespace

std::vector<PlanCase> window_cases() {
  constexpr size_t kNumGridCases = 44;
  std::vector<PlanCase> all = special_cases();
  for (size_t i = 0; i < kNumGridCases; ++i) all.push_back(grid_case(i));
  return all;
}

}  // namespace sinapse
