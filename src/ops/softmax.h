// Softmax of one row, the reference: plain loops for float and double.
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>

namespace sinapse {

/// y_i = e^(x_i - m) / Σ_j e^(x_j - m), m = max x; y may be x.
template <class T>
void softmax(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  T largest = -std::numeric_limits<T>::infinity(), sum = 0;
  for (const T value : x) largest = value <= largest ? largest : value;
  for (size_t i = 0; i < x.size(); ++i) sum += y[i] = std::exp(x[i] - largest);
  for (T& value : y) value /= sum;
}

/// dx_i = y_i (dy_i - Σ_j dy_j y_j), with y = softmax(x); dx may be dy.
template <class T>
void softmax_gradient(std::span<const T> y, std::span<const T> dy, std::span<T> dx) {
  assert(y.size() == dy.size() && y.size() == dx.size());
  T sum = 0;
  for (size_t i = 0; i < y.size(); ++i) sum += dy[i] * y[i];
  for (size_t i = 0; i < y.size(); ++i) dx[i] = y[i] * (dy[i] - sum);
}

/// y_i = x_i - log Σ_j e^x_j, without overflow; y may be x.
template <class T>
void log_softmax(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  T largest = -std::numeric_limits<T>::infinity(), sum = 0;
  for (const T value : x) largest = value <= largest ? largest : value;
  for (const T value : x) sum += std::exp(value - largest);
  for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] - largest - std::log(sum);
}

/// dx_i = dy_i - e^(y_i) Σ_j dy_j, with y = log_softmax(x); dx may be dy.
template <class T>
void log_softmax_gradient(std::span<const T> y, std::span<const T> dy, std::span<T> dx) {
  assert(y.size() == dy.size() && y.size() == dx.size());
  T sum = 0;
  for (const T value : dy) sum += value;
  for (size_t i = 0; i < y.size(); ++i) dx[i] = dy[i] - std::exp(y[i]) * sum;
}

}  // namespace sinapse
