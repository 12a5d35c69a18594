// The image networks of W3 and W4 as descriptions.
#pragma once

#include <sinapse/network.h>

namespace bench {

using sinapse::LayerDescription;
using sinapse::NetworkDescription;

inline LayerDescription convolution(std::string name, int64_t filters, int64_t kernel,
                                    int64_t stride, std::vector<std::string> inputs = {}) {
  return {"conv2d",
          std::move(name),
          std::move(inputs),
          {{"filters", filters},
           {"kernel_size", std::vector<int64_t>{kernel}},
           {"strides", std::vector<int64_t>{stride}},
           {"pads", std::vector<int64_t>{kernel / 2}},
           {"use_bias", false}}};
}

inline LayerDescription activation(std::string name = "") {
  return {"activation", std::move(name), {}, {{"activation", std::string("relu")}}};
}

/// conv3x3x32 - pool - conv3x3x64 - pool - dense128 - dense10.
inline NetworkDescription small_cnn() {
  const auto convolution = [](int64_t filters) -> LayerDescription {
    return {"conv2d",
            "",
            {},
            {{"filters", filters},
             {"padding", std::string("same")},
             {"activation", std::string("relu")}}};
  };
  const auto dense = [](int64_t units, std::string function) -> LayerDescription {
    return {"dense", "", {}, {{"units", units}, {"activation", std::move(function)}}};
  };
  return {{convolution(32),
           {"max_pool", "", {}, {}},
           convolution(64),
           {"max_pool", "", {}, {}},
           {"flatten", "", {}, {}},
           dense(128, "relu"),
           dense(10, "linear")}};
}

/// He and others 2016, section 4.2, with projections where the size changes.
inline NetworkDescription resnet20() {
  NetworkDescription network;
  auto& layers = network.layers;
  layers.push_back(convolution("conv", 16, 3, 1));
  layers.push_back({"batch_normalization", "norm", {}, {}});
  layers.push_back(activation("start"));
  std::string last = "start";
  for (int64_t stage = 0; stage < 3; ++stage) {
    for (int64_t block = 0; block < 3; ++block) {
      const std::string name = std::to_string(stage + 1) + std::to_string(block + 1);
      const int64_t filters = 16 << stage, stride = stage > 0 && block == 0 ? 2 : 1;
      layers.push_back(convolution("first" + name, filters, 3, stride, {last}));
      layers.push_back({"batch_normalization", "", {}, {}});
      layers.push_back(activation());
      layers.push_back(convolution("second" + name, filters, 3, 1));
      layers.push_back({"batch_normalization", "normal" + name, {}, {}});
      if (stride == 2) {
        layers.push_back(convolution("shortcut" + name, filters, 1, 2, {last}));
        layers.push_back({"batch_normalization", "projected" + name, {}, {}});
        last = "projected" + name;
      }
      layers.push_back({"add", "sum" + name, {"normal" + name, last}, {}});
      layers.push_back(activation("block" + name));
      last = "block" + name;
    }
  }
  layers.push_back({"global_average_pool", "", {}, {}});
  layers.push_back({"dense", "", {}, {{"units", int64_t{10}}}});
  return network;
}

}  // namespace bench
