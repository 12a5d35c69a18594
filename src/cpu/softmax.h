// Softmax and its cross-entropy on the running CPU. Shapes: [rows, columns], element (r, c) at
// r·stride + c; strides ≥ columns may differ. Outputs may be the inputs.
#pragma once

#include <cstddef>

namespace sinapse {

/// y = softmax(x) for each row.
void softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                  size_t y_stride);

/// dx = y (dy - Σ dy·y): the gradient of softmax from its output.
void softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows, size_t columns,
                           size_t y_stride, size_t dy_stride, size_t dx_stride);

/// y = x - max - log Σ e^(x - max) for each row.
void log_softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                      size_t y_stride);

/// dx = dy - e^y Σ dy: the gradient of log_softmax from its output.
void log_softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows,
                               size_t columns, size_t y_stride, size_t dy_stride, size_t dx_stride);

/// Softmax and cross-entropy of classes, fused.
/// loss[r] = log Σ e^logits - logits[label], not weighted;
/// gradient = (softmax(logits) - one_hot(label)) · weights[r], and 0 in columns .. stride.
/// labels[r] is the class 0 .. columns-1 as a number; weights may be null (all 1); loss or gradient
/// may be null if not wanted. logits and gradient have the same stride; gradient may be logits.
void softmax_cross_entropy_rows(const float* logits, const float* labels, const float* weights,
                                float* loss, float* gradient, size_t rows, size_t columns,
                                size_t stride);

/// Constants of SoftmaxCrossEntropy (ops/softmax_loss.cpp).
struct SoftmaxLossConstants {
  float label_smoothing = 0, gamma = 0, alpha = 1;
};

/// The same with label smoothing, or focal.
void softmax_loss_rows(const float* logits, const float* labels, const float* weights, float* loss,
                       float* gradient, size_t rows, size_t columns, size_t stride,
                       const SoftmaxLossConstants& constants);

}  // namespace sinapse
