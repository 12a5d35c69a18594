// For a loss of your own: write its formula once, and it can be trained with by its name.
//
//     struct CauchyLoss {
//       static constexpr sinapse::LossText text{.name = "cauchy", .formula = "log(1 + (p - t)²)"};
//       template <class T> static T f(T p, T t) {
//         return log(T(1) + (p - t) * (p - t));
//       }
//     };
//     sinapse::register_loss<CauchyLoss>();
//
// f is the loss of one output p, given its target t; the loss of a row is the mean over its
// outputs. T is float or double, or Dual<T> for the slope, so the formula uses only + - * /,
// comparisons and select instead of if, and the functions of formula/scalar.h and
// formula/dual-inl.h, unqualified. Constants follow t, in the order in which they are declared:
//       static constexpr sinapse::Constant constants[] = {{"width", 1, "where it bends"}};
//       template <class T> static T f(T p, T t, T width);
#pragma once

#include <iterator>
#include <utility>

#include <sinapse/formula/dual.h>
#include <sinapse/loss.h>

namespace sinapse {

/// What a loss's struct says about itself; only the name is required.
struct LossText {
  std::string_view name;
  std::string_view formula{};
  std::string_view doc{};
  std::string_view source{};
  Task task = Task::regression;  ///< or binary: then t is 0 or 1
  /// Of regression: what p and t are. For two classes probabilities, p being the logit, or margin.
  OutputForm form = OutputForm::standardised;
};

namespace detail {

template <class F>
constexpr size_t num_loss_constants() {
  if constexpr (requires { F::constants; }) {
    return std::size(F::constants);
  } else {
    return 0;
  }
}

template <class F, class T, size_t... I>
T loss_value(T p, T t, const T* c, std::index_sequence<I...>) {
  return F::f(p, t, c[I]...);
}

template <class F, class T, size_t... I>
T loss_slope(T p, T t, const T* c, std::index_sequence<I...>) {
  return F::f(Dual<T>(p, T(1)), Dual<T>(t), Dual<T>(c[I])...).derivative;
}

template <class F, class T>
void loss_values(const T* p, const T* t, const T* constants, T* values, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    values[i] =
        loss_value<F>(p[i], t[i], constants, std::make_index_sequence<num_loss_constants<F>()>());
  }
}

template <class F, class T>
void loss_slopes(const T* p, const T* t, const T* constants, T* slopes, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    slopes[i] =
        loss_slope<F>(p[i], t[i], constants, std::make_index_sequence<num_loss_constants<F>()>());
  }
}

}  // namespace detail

/// Makes a user's own loss known by its name, to run files, flags and C++ alike; registering the
/// same struct again changes nothing. Call it before training starts. Throws Error(usage) if
/// another loss has the name.
template <class F>
const LossDefinition& register_loss() {
  static const LossDefinition& definition = register_loss([] {
    static_assert(detail::num_loss_constants<F>() <= kMaxLossConstants);
    LossDefinition own{
        .name = F::text.name,
        .formula = F::text.formula,
        .doc = F::text.doc,
        .source = F::text.source,
        .tasks = {F::text.task},
        .form = F::text.form,
        .functions = {detail::loss_values<F, float>, detail::loss_slopes<F, float>,
                      detail::loss_values<F, double>, detail::loss_slopes<F, double>}};
    if constexpr (requires { F::constants; }) {
      own.constants.assign(std::begin(F::constants), std::end(F::constants));
    }
    return own;
  }());
  return definition;
}

}  // namespace sinapse
