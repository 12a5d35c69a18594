#include "cpu/kernels.h"

#include <vector>

namespace sinapse {

KernelTable cpu_kernels() {
  static const std::vector<KernelRow> table = [] {
    std::vector<KernelRow> rows;
    for (const auto part : {rounded_gemm_kernels(),
                            rounded_update_kernels(),
                            rounded_convolution_kernels(),
                            gemm_kernels(),
                            weight_kernels(),
                            narrow_kernels(),
                            recurrent_kernels(),
                            recurrent_gradient_kernels(),
                            sequence_weight_kernels(),
                            context_kernels(),
                            context_gradient_kernels(),
                            steps_kernels(),
                            attention_kernels(),
                            depthwise_kernels(),
                            convolution_kernels(),
                            pool_kernels(),
                            block_normalization_kernels(),
                            reorder_kernels(),
                            activation_kernel_rows(),
                            loss_kernels(),
                            normalization_kernels(),
                            layer_normalization_kernels(),
                            elementwise_kernels(),
                            lookup_kernels(),
                            join_kernels(),
                            dropout_kernels(),
                            whole_tensor_kernels(),
                            norm_kernels(),
                            reference_kernels()}) {
      rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
  }();
  return table;
}

}  // namespace sinapse
