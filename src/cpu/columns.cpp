#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/columns.cpp"
#include "cpu/columns.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

void statistics(Rows x, int64_t rows, int64_t n, float epsilon, float* mean,
                float* inverse_deviation, float* squares) {
  const Vector count(static_cast<float>(rows));
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    Vector sum(0.0f), square_sum(0.0f);
    for (int64_t r = 0; r < rows; ++r) sum = sum + part.from(x.data + r * x.stride + c);
    const Vector m = sum / count;
    for (int64_t r = 0; r < rows; ++r) {
      const Vector difference = part.from(x.data + r * x.stride + c) - m;
      square_sum = multiply_add(difference, difference, square_sum);
    }
    part.to(m, mean + c);
    part.to(square_sum, squares + c);
    part.to(Vector(1.0f) / sqrt(square_sum / count + Vector(epsilon)), inverse_deviation + c);
  }
}

void normalize(Rows x, Rows y, int64_t rows, int64_t n, const float* scale, const float* bias,
               const float* mean, const float* inverse_deviation) {
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    const Vector factor = part.from(inverse_deviation + c) * part.from(scale + c);
    const Vector m = part.from(mean + c), b = part.from(bias + c);
    for (int64_t r = 0; r < rows; ++r) {
      const Vector u = part.from(x.data + r * x.stride + c) - m;
      part.to(multiply_add(u, factor, b), y.data + r * y.stride + c);
    }
  }
}

void normalize_sums(Rows x, Rows dy, int64_t rows, int64_t n, const float* mean,
                    const float* inverse_deviation, float* dscale, float* dbias) {
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    const Vector m = part.from(mean + c), inverse = part.from(inverse_deviation + c);
    Vector projection(0.0f), sum(0.0f);
    for (int64_t r = 0; r < rows; ++r) {
      const Vector g = part.from(dy.data + r * dy.stride + c);
      const Vector u = (part.from(x.data + r * x.stride + c) - m) * inverse;
      projection = multiply_add(g, u, projection);
      sum = sum + g;
    }
    part.to(projection, dscale + c);
    part.to(sum, dbias + c);
  }
}

void normalize_input(Rows x, Rows dy, Rows dx, int64_t rows, int64_t n, float m, const float* scale,
                     const float* mean, const float* inverse_deviation, const float* dscale,
                     const float* dbias) {
  const Vector share(1.0f / m);
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    const Vector center = part.from(mean + c), inverse = part.from(inverse_deviation + c);
    const Vector factor = part.from(scale + c) * inverse;
    const Vector slope = part.from(dscale + c) * share, shift = part.from(dbias + c) * share;
    for (int64_t r = 0; r < rows; ++r) {
      const Vector u = (part.from(x.data + r * x.stride + c) - center) * inverse;
      const Vector g = part.from(dy.data + r * dy.stride + c);
      part.to(factor * (g - shift - u * slope), dx.data + r * dx.stride + c);
    }
  }
}

template <Binary kOp>
HWY_INLINE Vector apply(Vector a, Vector b) {
  if constexpr (kOp == Binary::add) return a + b;
  if constexpr (kOp == Binary::subtract) return a - b;
  if constexpr (kOp == Binary::multiply) return a * b;
  return a / b;
}

template <Binary kOp>
void apply_to_rows(Rows a, Rows b, Rows y, int64_t rows, int64_t n) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
      const Lanes part(n - c);
      part.to(
          apply<kOp>(part.from(a.data + r * a.stride + c), part.from(b.data + r * b.stride + c)),
          y.data + r * y.stride + c);
    }
  }
}

void binary(Binary op, Rows a, Rows b, Rows y, int64_t rows, int64_t n) {
  switch (op) {
    case Binary::add:
      return apply_to_rows<Binary::add>(a, b, y, rows, n);
    case Binary::subtract:
      return apply_to_rows<Binary::subtract>(a, b, y, rows, n);
    case Binary::multiply:
      return apply_to_rows<Binary::multiply>(a, b, y, rows, n);
    case Binary::divide:
      return apply_to_rows<Binary::divide>(a, b, y, rows, n);
  }
}

template <Binary kOp>
void apply_to_number(const float* a, Vector b, float* y, int64_t n) {
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    part.to(apply<kOp>(part.from(a + c), b), y + c);
  }
}

void binary_with_number(Binary op, const float* a, float b, float* y, int64_t n) {
  const Vector number(b);
  switch (op) {
    case Binary::add:
      return apply_to_number<Binary::add>(a, number, y, n);
    case Binary::subtract:
      return apply_to_number<Binary::subtract>(a, number, y, n);
    case Binary::multiply:
      return apply_to_number<Binary::multiply>(a, number, y, n);
    case Binary::divide:
      return apply_to_number<Binary::divide>(a, number, y, n);
  }
}

void drop(const float* x, float* y, const uint32_t* bits, int64_t n, uint32_t threshold,
          float scale, float offset, float dropped) {
  for (int64_t c = 0; c < n; ++c) y[c] = bits[c] < threshold ? dropped : x[c] * scale + offset;
}

const ColumnFunctions* get_columns() {
  static const ColumnFunctions functions{
      statistics, normalize, normalize_sums, normalize_input, binary, binary_with_number, drop};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_columns);
const ColumnFunctions& column_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_columns)();
}
}  // namespace sinapse
#endif
