// The image networks of W3 and W4 for libtorch.
#pragma once

#include <torch/torch.h>

namespace images {

using torch::Tensor;
namespace nn = torch::nn;

inline nn::Conv2d convolution(int64_t from, int64_t to, int64_t kernel, int64_t stride,
                              bool bias = false) {
  return nn::Conv2d(
      nn::Conv2dOptions(from, to, kernel).stride(stride).padding(kernel / 2).bias(bias));
}

/// conv3x3x32 - pool - conv3x3x64 - pool - dense128 - dense10.
struct SmallCnn : nn::Module {
  nn::Conv2d first = convolution(1, 32, 3, 1, true), second = convolution(32, 64, 3, 1, true);
  nn::Linear hidden{64 * 7 * 7, 128}, output{128, 10};

  SmallCnn() {
    register_module("first", first), register_module("second", second);
    register_module("hidden", hidden), register_module("output", output);
  }
  Tensor forward(Tensor x) {
    x = torch::max_pool2d(first(x).relu_(), 2);
    x = torch::max_pool2d(second(x).relu_(), 2);
    return output(hidden(x.flatten(1)).relu_());
  }
};

struct Block : nn::Module {
  nn::Conv2d first, second;
  nn::BatchNorm2d normal1, normal2;
  nn::Sequential shortcut;

  Block(int64_t from, int64_t to, int64_t stride)
      : first(convolution(from, to, 3, stride)),
        second(convolution(to, to, 3, 1)),
        normal1(to),
        normal2(to) {
    register_module("first", first), register_module("second", second);
    register_module("normal1", normal1), register_module("normal2", normal2);
    if (stride == 2) shortcut = nn::Sequential(convolution(from, to, 1, 2), nn::BatchNorm2d(to));
    register_module("shortcut", shortcut);
  }
  Tensor forward(const Tensor& x) {
    Tensor y = normal2(second(normal1(first(x)).relu_()));
    return y.add_(shortcut->is_empty() ? x : shortcut->forward(x)).relu_();
  }
};

/// He and others 2016, section 4.2, with projections where the size changes.
struct Resnet20 : nn::Module {
  nn::Conv2d start = convolution(3, 16, 3, 1);
  nn::BatchNorm2d normal{16};
  std::vector<std::shared_ptr<Block>> blocks;
  nn::Linear output{64, 10};

  Resnet20() {
    register_module("start", start), register_module("normal", normal);
    int64_t channels = 16;
    for (int64_t filters : {16, 32, 64}) {
      for (int block = 0; block < 3; ++block) {
        const int64_t stride = filters > 16 && block == 0 ? 2 : 1;
        blocks.push_back(register_module("block" + std::to_string(blocks.size()),
                                         std::make_shared<Block>(channels, filters, stride)));
        channels = filters;
      }
    }
    register_module("output", output);
  }
  Tensor forward(Tensor x) {
    x = normal(start(x)).relu_();
    for (auto& block : blocks) x = block->forward(x);
    return output(x.mean({2, 3}));
  }
};

}  // namespace images
