// The kernels of this folder as one table, best first, the naive reference last.
#pragma once

#include "compile/kernel.h"

namespace sinapse {

KernelTable cpu_kernels();

// The rows of the table, by file.
std::span<const KernelRow> rounded_gemm_kernels();         // rounded_gemm.cpp
std::span<const KernelRow> rounded_update_kernels();       // rounded_update.cpp
std::span<const KernelRow> rounded_convolution_kernels();  // rounded_convolve.cpp
std::span<const KernelRow> gemm_kernels();                 // gemm.cpp
std::span<const KernelRow> weight_kernels();               // weight_update.cpp
std::span<const KernelRow> narrow_kernels();               // narrow_product.cpp
std::span<const KernelRow> recurrent_kernels();            // recurrent.cpp
std::span<const KernelRow> recurrent_gradient_kernels();   // recurrent_gradient.cpp
std::span<const KernelRow> sequence_weight_kernels();      // sequence_weights.cpp
std::span<const KernelRow> context_kernels();              // context.cpp
std::span<const KernelRow> context_gradient_kernels();     // context_gradient.cpp
std::span<const KernelRow> steps_kernels();                // steps.cpp
std::span<const KernelRow> attention_kernels();            // attention.cpp
std::span<const KernelRow> depthwise_kernels();            // depthwise_blocks.cpp
std::span<const KernelRow> convolution_kernels();          // convolve.cpp
std::span<const KernelRow> pool_kernels();                 // pool_blocks.cpp
std::span<const KernelRow> block_normalization_kernels();  // normalize_blocks.cpp
std::span<const KernelRow> reorder_kernels();              // reorder.cpp
std::span<const KernelRow> activation_kernel_rows();       // activate.cpp
std::span<const KernelRow> loss_kernels();                 // loss.cpp
std::span<const KernelRow> normalization_kernels();        // normalize.cpp
std::span<const KernelRow> layer_normalization_kernels();  // layer_normalize.cpp
std::span<const KernelRow> elementwise_kernels();          // elementwise.cpp
std::span<const KernelRow> lookup_kernels();               // lookup.cpp
std::span<const KernelRow> join_kernels();                 // join.cpp
std::span<const KernelRow> dropout_kernels();              // dropout.cpp
std::span<const KernelRow> whole_tensor_kernels();         // whole_tensors.cpp
std::span<const KernelRow> norm_kernels();                 // norms.cpp
std::span<const KernelRow> reference_kernels();            // reference.cpp

}  // namespace sinapse
