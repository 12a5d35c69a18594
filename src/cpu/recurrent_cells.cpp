#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/recurrent_cells.cpp"
#include "cpu/recurrent_cells.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/lanes.h"
#include "cpu/simd_math.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

// The derivative of a gate by its sum, from its value.
HWY_INLINE Vector sigmoid_slope(Vector y) {
  return y * (1 - y);
}
HWY_INLINE Vector tanh_slope(Vector y) {
  return 1 - y * y;
}

HWY_INLINE Vector from_or_zero(Lanes part, const float* p, int64_t u) {
  return p ? part.from(p + u) : Vector(0.0f);
}

template <bool kPeepholes>
HWY_INLINE void lstm_step(const LstmStep& s) {
  const int64_t n = s.units;
  const float* p = s.peepholes;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const auto sum = [&](int64_t gate) HWY_ATTR { return part.from(s.sums + gate * n + u); };
    const auto peep = [&](int64_t gate, Vector x, Vector c) HWY_ATTR {
      return kPeepholes ? multiply_add(part.from(p + gate * n + u), c, x) : x;
    };
    const Vector before = part.from(s.c + u);
    const Vector i = sigmoid(peep(0, sum(0), before)), f = sigmoid(peep(2, sum(2), before));
    const Vector g = tanh(sum(3));
    const Vector c = multiply_add(f, before, i * g);
    const Vector o = sigmoid(peep(1, sum(1), c));
    part.to(c, s.c + u);
    part.to(o * tanh(c), s.h + u);
    if (!s.kept) continue;
    part.to(i, s.kept + u);
    part.to(o, s.kept + n + u);
    part.to(f, s.kept + 2 * n + u);
    part.to(g, s.kept + 3 * n + u);
    part.to(c, s.kept + 4 * n + u);
  }
}

void lstm(const LstmStep& s) {
  s.peepholes ? lstm_step<true>(s) : lstm_step<false>(s);
}

template <bool kPeepholes>
HWY_INLINE void lstm_back_step(const LstmBackStep& s) {
  const int64_t n = s.units;
  const float* p = s.peepholes;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const auto kept = [&](int64_t k) HWY_ATTR { return part.from(s.kept + k * n + u); };
    const Vector i = kept(0), o = kept(1), f = kept(2), g = kept(3), tanh_c = tanh(kept(4));
    const Vector dh = part.from(s.dh + u) + from_or_zero(part, s.dy, u);
    const Vector d_o = dh * tanh_c * sigmoid_slope(o);
    Vector dc = multiply_add(dh * o, tanh_slope(tanh_c), part.from(s.dc + u));
    if (kPeepholes) dc = multiply_add(part.from(p + n + u), d_o, dc);
    const Vector d_i = dc * g * sigmoid_slope(i), d_g = dc * i * tanh_slope(g);
    const Vector d_f = dc * from_or_zero(part, s.c, u) * sigmoid_slope(f);
    part.to(d_i, s.d_sums + u);
    part.to(d_o, s.d_sums + n + u);
    part.to(d_f, s.d_sums + 2 * n + u);
    part.to(d_g, s.d_sums + 3 * n + u);
    Vector dc_before = dc * f;
    if (kPeepholes) {
      dc_before = multiply_add(part.from(p + u), d_i, dc_before);
      dc_before = multiply_add(part.from(p + 2 * n + u), d_f, dc_before);
    }
    part.to(dc_before, s.dc + u);
    part.to(Vector(0.0f), s.dh + u);
  }
}

void lstm_back(const LstmBackStep& s) {
  s.peepholes ? lstm_back_step<true>(s) : lstm_back_step<false>(s);
}

void gru_gates(const GruGates& s) {
  const int64_t n = s.units;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const auto gate = [&](int64_t at) HWY_ATTR {
      return sigmoid(part.from(s.sums + at) + part.from(s.recurrent_sums + at));
    };
    const Vector z = gate(u), r = gate(n + u);
    part.to(z, s.sums + u);
    part.to(r, s.sums + n + u);
    if (s.reset) part.to(r * part.from(s.h + u), s.reset + u);
  }
}

void gru(const GruStep& s) {
  const int64_t n = s.units;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const Vector z = part.from(s.gates + u), r = part.from(s.gates + n + u);
    const Vector q = part.from(s.candidate + u), h = part.from(s.h + u);
    const Vector g = tanh(
        multiply_add(s.linear_before_reset ? r : Vector(1.0f), q, part.from(s.gates + 2 * n + u)));
    part.to(multiply_add(z, h, (1 - z) * g), s.h + u);
    if (!s.kept) continue;
    part.to(z, s.kept + u);
    part.to(r, s.kept + n + u);
    part.to(g, s.kept + 2 * n + u);
    part.to(q, s.kept + 3 * n + u);
  }
}

void gru_back(const GruBackStep& s) {
  const int64_t n = s.units;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const auto kept = [&](int64_t k) HWY_ATTR { return part.from(s.kept + k * n + u); };
    const Vector z = kept(0), r = kept(1), g = kept(2);
    const Vector dh = part.from(s.dh + u) + from_or_zero(part, s.dy, u);
    const Vector d_z = dh * (from_or_zero(part, s.h, u) - g) * sigmoid_slope(z);
    const Vector d_sum = dh * (1 - z) * tanh_slope(g);
    part.to(dh * z, s.dh + u);
    part.to(d_z, s.d_input + u);
    part.to(d_z, s.d_recurrent + u);
    part.to(d_sum, s.d_input + 2 * n + u);
    part.to(s.linear_before_reset ? d_sum * r : d_sum, s.d_recurrent + 2 * n + u);
    if (!s.linear_before_reset) continue;
    const Vector d_r = d_sum * kept(3) * sigmoid_slope(r);
    part.to(d_r, s.d_input + n + u);
    part.to(d_r, s.d_recurrent + n + u);
  }
}

void gru_reset_back(const GruResetBack& s) {
  const int64_t n = s.units;
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    const Vector r = part.from(s.kept + n + u), d = part.from(s.d_reset + u);
    part.to(multiply_add(d, r, part.from(s.dh + u)), s.dh + u);
    const Vector d_r = d * from_or_zero(part, s.h, u) * sigmoid_slope(r);
    part.to(d_r, s.d_input + n + u);
    part.to(d_r, s.d_recurrent + n + u);
  }
}

void add(const float* from, int64_t n, float* to) {
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    part.to(part.from(to + u) + part.from(from + u), to + u);
  }
}

void multiply(const float* a, const float* b, int64_t n, float* to) {
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    part.to(part.from(a + u) * part.from(b + u), to + u);
  }
}

void add_product(const float* a, const float* b, int64_t n, float* to) {
  for (int64_t u = 0; u < n; u += static_cast<int64_t>(lanes())) {
    const Lanes part(n - u);
    part.to(multiply_add(part.from(a + u), part.from(b + u), part.from(to + u)), to + u);
  }
}

const CellFunctions* get_cells() {
  static const CellFunctions functions{lstm,           lstm_back, gru_gates, gru,        gru_back,
                                       gru_reset_back, add,       multiply,  add_product};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_cells);
const CellFunctions& cell_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_cells)();
}
}  // namespace sinapse
#endif
