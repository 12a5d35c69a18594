// Every built-in activation's formula as SIMD kernels, one set for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/activation.cpp"
#include "cpu/activation.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include <sinapse/activation_formula.h>
#include <sinapse/error.h>

#include "cpu/simd_math.h"
#include "ops/activation_names.h"

#ifndef SINAPSE_CPU_ACTIVATION_ONCE
#define SINAPSE_CPU_ACTIVATION_ONCE
namespace sinapse {

/// The kernels of one activation; backward_from_input is null where it is never needed.
struct KernelChoice {
  decltype(ActivationKernels::forward) forward = nullptr;
  decltype(ActivationKernels::backward) backward_from_input = nullptr;
  decltype(ActivationKernels::backward) backward_from_output = nullptr;
};

}  // namespace sinapse
#endif

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

#undef SINAPSE_TARGET
#define SINAPSE_TARGET HWY_ATTR
#include <sinapse/formula/dual-inl.h>
#include <sinapse/formula/evaluate-inl.h>

#include "ops/activations-inl.h"

/// The constants of F, each in all lanes. (A std::array's functions would be of the baseline set.)
template <class F>
struct VectorConstants {
  Vector c[num_constants<F>() + 1];

  explicit HWY_INLINE VectorConstants(const float* constants) {
    for (size_t i = 0; i < num_constants<F>(); ++i) c[i] = Vector(constants[i]);
  }
};

template <class F>
HWY_FLATTEN void forward(const float* x, float* y, size_t n, const float* constants) {
  const VectorConstants<F> all(constants);
  size_t i = 0;
  for (; i + lanes() <= n; i += lanes()) store(formula_value<F>(load(x + i), all.c), y + i);
  if (i < n) store_first(formula_value<F>(load_first(x + i, n - i), all.c), y + i, n - i);
}

/// f'(x) from what was saved: y if FromOutput, else x.
template <class F, bool FromOutput>
HWY_INLINE Vector saved_derivative(Vector saved, const Vector* constants) {
  if constexpr (FromOutput) {
    return formula_output_derivative<F>(saved, constants);
  } else {
    return formula_derivative<F>(saved, constants);
  }
}

template <class F, bool FromOutput>
HWY_FLATTEN void backward(const float* saved, const float* dy, float* dx, size_t n,
                          const float* constants) {
  const VectorConstants<F> all(constants);
  size_t i = 0;
  for (; i + lanes() <= n; i += lanes())
    store(saved_derivative<F, FromOutput>(load(saved + i), all.c) * load(dy + i), dx + i);
  if (i == n) return;
  const Vector slope = saved_derivative<F, FromOutput>(load_first(saved + i, n - i), all.c);
  store_first(slope * load_first(dy + i, n - i), dx + i, n - i);
}

template <class F>
KernelChoice kernels_of() {
  KernelChoice kernels;
  if constexpr (!F::text.row_wise) {
    constexpr bool from_output = has_output_derivative<F, Vector>();
    kernels.forward = forward<F>;
    if constexpr (from_output) kernels.backward_from_output = backward<F, true>;
    if constexpr (!from_output || num_constants<F>() > 0)
      kernels.backward_from_input = backward<F, false>;
  }
  return kernels;
}

template <class... F>
struct KernelTable {
  static const KernelChoice* rows() {
    static const KernelChoice table[] = {kernels_of<F>()...};
    return table;
  }
};

const KernelChoice* kernel_table() {
  return BuiltInActivations<KernelTable>::rows();
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(kernel_table);

namespace {

/// The SIMD kernels of a built-in activation, the plain loops of a user's own.
KernelChoice kernels_for(const ActivationDefinition& definition) {
  const auto& all = activations();
  const size_t index = std::find(all.begin(), all.end(), &definition) - all.begin();
  if (index < num_built_in_activations()) return HWY_DYNAMIC_DISPATCH(kernel_table)()[index];
  const ActivationFunctions& functions = definition.functions;
  return {functions.forward, functions.backward, functions.backward_from_output};
}

}  // namespace

ActivationKernels activation_kernels(const Activation& activation) {
  const ActivationDefinition& definition = *activation.definition;
  if (definition.row_wise)
    throw Error(ErrorCode::usage, "activation \"" + std::string(definition.name) +
                                      "\" works on whole rows; use the kernels of cpu/softmax.h");
  const KernelChoice kernels = kernels_for(definition);
  const bool saves_output = has_derivative_from_output(activation);
  return {kernels.forward,
          saves_output ? kernels.backward_from_output : kernels.backward_from_input, saves_output};
}

}  // namespace sinapse
#endif
