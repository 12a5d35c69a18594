#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/vectors.cpp"
#include "cpu/vectors.h"

#include <cmath>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

// The sum of term(c, lanes from c on) for c = 0, lanes(), ... below n; four sums hide the latency.
template <class Term>
HWY_INLINE float sum_along(int64_t n, Term term) {
  const auto step = static_cast<int64_t>(lanes());
  Vector a, b, c, d;
  int64_t i = 0;
  for (; i + 4 * step <= n; i += 4 * step) {
    const Lanes all(step);
    a = a + term(i, all);
    b = b + term(i + step, all);
    c = c + term(i + 2 * step, all);
    d = d + term(i + 3 * step, all);
  }
  for (; i < n; i += step) a = a + term(i, Lanes(n - i));
  return sum_of_lanes((a + b) + (c + d));
}

void moments(const float* x, int64_t n, float epsilon, float* mean, float* inverse_deviation) {
  const auto count = static_cast<float>(n);
  const float m =
      sum_along(n, [&](int64_t c, Lanes part) HWY_ATTR { return part.from(x + c); }) / count;
  const float squares = sum_along(n, [&](int64_t c, Lanes part) HWY_ATTR {
    const Vector difference = part.only(part.from(x + c) - Vector(m));
    return difference * difference;
  });
  *mean = m;
  *inverse_deviation = 1 / std::sqrt(squares / count + epsilon);
}

void normalize(const float* x, float* y, int64_t n, float mean, float inverse_deviation,
               const float* scale, const float* bias) {
  const Vector m(mean), inverse(inverse_deviation);
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    const Vector u = (part.from(x + c) - m) * inverse;
    part.to(multiply_add(u, part.from(scale + c), part.from(bias + c)), y + c);
  }
}

void normalize_gradient(const float* x, const float* dy, float* dx, int64_t n, float mean,
                        float inverse_deviation, const float* scale) {
  const Vector m(mean), inverse(inverse_deviation);
  const auto count = static_cast<float>(n);
  const auto g = [&](int64_t c, Lanes part)
                     HWY_ATTR { return part.from(dy + c) * part.from(scale + c); };
  const auto u = [&](int64_t c, Lanes part) HWY_ATTR { return (part.from(x + c) - m) * inverse; };
  const Vector mean_g(sum_along(n, g) / count);
  const Vector mean_gu(
      sum_along(n, [&](int64_t c, Lanes part) HWY_ATTR { return g(c, part) * u(c, part); }) /
      count);
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    part.to(inverse * (g(c, part) - mean_g - u(c, part) * mean_gu), dx + c);
  }
}

void normalize_sums(Rows x, Rows dy, GroupMoments moments, Groups groups, float* dscale,
                    float* dbias) {
  for (int64_t c = groups.first; c < groups.last; c += static_cast<int64_t>(lanes())) {
    const Lanes part(groups.last - c);
    Vector projection, sum;
    for (int64_t r = 0; r < groups.rows; ++r) {
      const float* mean = moments.mean.data + r * moments.mean.stride;
      const float* inverse = moments.inverse_deviation.data + r * moments.inverse_deviation.stride;
      for (int64_t begin = 0; begin < groups.columns; begin += groups.n) {
        const Vector g = part.from(dy.data + r * dy.stride + begin + c);
        const Vector difference = part.from(x.data + r * x.stride + begin + c) - Vector(*mean++);
        projection = multiply_add(g, difference * Vector(*inverse++), projection);
        sum = sum + g;
      }
    }
    part.to(projection, dscale + c);
    part.to(sum, dbias + c);
  }
}

// Sums term(r, c, lanes from c on) over the rows and groups.
template <class Term>
HWY_INLINE void sum_over_groups(Groups groups, float* sums, Term term) {
  const auto step = static_cast<int64_t>(lanes());
  if (groups.n == 1) {
    Vector sum;
    for (int64_t r = 0; r < groups.rows; ++r) {
      for (int64_t c = 0; c < groups.columns; c += step) {
        sum = sum + term(r, c, Lanes(groups.columns - c));
      }
    }
    sums[0] = sum_of_lanes(sum);
    return;
  }
  for (int64_t c = groups.first; c < groups.last; c += step) {
    const Lanes part(groups.last - c);
    Vector sum;
    for (int64_t r = 0; r < groups.rows; ++r) {
      for (int64_t begin = c; begin < groups.columns; begin += groups.n) {
        sum = sum + term(r, begin, part);
      }
    }
    part.to(sum, sums + c);
  }
}

void column_sums(Rows x, Groups groups, float* sums) {
  sum_over_groups(groups, sums, [&](int64_t r, int64_t c, Lanes part) HWY_ATTR {
    return part.from(x.data + r * x.stride + c);
  });
}

void slope_sums(Rows x, Rows dy, Groups groups, float* sums) {
  sum_over_groups(groups, sums, [&](int64_t r, int64_t c, Lanes part) HWY_ATTR {
    const Vector from = part.from(x.data + r * x.stride + c);
    return select(from > 0, Vector(0.0f), part.from(dy.data + r * dy.stride + c) * from);
  });
}

void rectify(const float* x, const float* source, const float* slope, float* y, int64_t n) {
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    const Vector from = part.from(source + c);
    part.to(select(part.from(x + c) > 0, from, part.from(slope + c) * from), y + c);
  }
}

void affine(const float* x, float* y, int64_t n, float scale, float offset) {
  const Vector factor(scale), shift(offset);
  for (int64_t c = 0; c < n; c += static_cast<int64_t>(lanes())) {
    const Lanes part(n - c);
    part.to(factor * part.from(x + c) + shift, y + c);
  }
}

const VectorFunctions* get_vectors() {
  static const VectorFunctions functions{moments,        normalize,   normalize_gradient,
                                         normalize_sums, column_sums, slope_sums,
                                         rectify,        affine};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_vectors);
const VectorFunctions& vector_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_vectors)();
}
}  // namespace sinapse
#endif
