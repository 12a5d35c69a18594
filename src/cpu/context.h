// What the kernels of context neurons share, forwards and back.
#pragma once

#include <utility>

#include "cpu/activation.h"
#include "cpu/recurrent.h"
#include "ops/context.h"

namespace sinapse {

/// A product with a weight [n, k], x W^T, or its transpose, x W, packed into panels in a thread's
/// own memory: once for all rows and steps of a tile.
class PackedProduct {
 public:
  PackedProduct(const Shape& weight, bool transposed)
      : shape_(weight),
        transposed_(transposed),
        panels_(transposed ? transposed_panels_of(weight) : panels_of(weight)),
        columns_(panels_, 0, panels_.columns) {}

  int64_t size() const { return panels_.size(); }
  int64_t stride() const { return columns_.stride(); }

  /// From plain order, or from panels.
  void pack(const float* weight, Layout layout, float* to) const {
    const Panels from = panels_of(shape_);
    std::fill_n(to, size(), 0.0f);
    for (int64_t i = 0; i < shape_[0]; ++i) {
      for (int64_t j = 0; j < shape_[1]; ++j) {
        to[transposed_ ? panels_.index(i, j) : panels_.index(j, i)] =
            weight[layout == Layout::panels ? from.index(j, i) : i * shape_[1] + j];
      }
    }
  }

  /// c [rows, stride()] = or += a [rows, a_stride] with the packed weight.
  void multiply(const float* a, int64_t a_stride, int64_t rows, const float* packed,
                bool accumulate, float* c) const {
    columns_.multiply(multiply_,
                      {.a = a,
                       .a_row_stride = a_stride,
                       .rows = rows,
                       .depth = panels_.depth,
                       .accumulate = accumulate,
                       .c = c,
                       .c_stride = stride()},
                      packed, nullptr);
  }

 private:
  Shape shape_;
  bool transposed_;
  Panels panels_;
  PanelColumns columns_;
  ProductFunction multiply_ = product_function();
};

/// An activation with its constants.
struct NeuronFunction {
  explicit NeuronFunction(const std::string& name) {
    const Activation activation = parse_activation(name);
    kernels = activation_kernels(activation);
    constants.assign(activation.constants.begin(), activation.constants.end());
  }
  void forward(const float* x, float* y, int64_t n) const {
    kernels.forward(x, y, n, constants.data());
  }
  /// Of x and y = f(x).
  void backward(const float* x, const float* y, const float* dy, float* dx, int64_t n) const {
    kernels.backward(kernels.saves_output ? y : x, dy, dx, n, constants.data());
  }
  ActivationKernels kernels{};
  std::vector<float> constants;
};

/// Takes a thread's memory piece by piece; without memory it only counts.
class Scratch {
 public:
  explicit Scratch(float* begin) : begin_(begin) {}
  float* take(int64_t floats) {
    const int64_t first = std::exchange(taken_, taken_ + floats);
    return begin_ == nullptr ? nullptr : begin_ + first;
  }
  int64_t taken() const { return taken_; }

 private:
  float* const begin_;
  int64_t taken_ = 0;
};

}  // namespace sinapse
