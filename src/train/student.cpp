#include "train/student.h"

#include <cmath>
#include <initializer_list>

namespace sinapse {

namespace {

double not_zero(double x) {
  constexpr double kTiny = 1e-300;
  return std::abs(x) < kTiny ? kTiny : x;
}

// The continued fraction of the incomplete beta function (Abramowitz, Stegun 26.5.8), evaluated
// from the front (Lentz 1976). Converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) {
  double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1));
  double value = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double term : {even, odd}) {
      d = 1 / not_zero(1 + term * d);
      c = not_zero(1 + term / c);
      value *= c * d;
    }
    if (std::abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

// The regularised incomplete beta function I_x(a, b).
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double tail(double t, double n) {
  return incomplete_beta(n / (n + t * t), n / 2, 0.5) / 2;
}

}  // namespace

double student_quantile(double q, double degrees_of_freedom) {
  double low = 0, high = 1;
  while (tail(high, degrees_of_freedom) > 1 - q && high < 1e12) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = low / 2 + high / 2;
    (tail(middle, degrees_of_freedom) > 1 - q ? low : high) = middle;
  }
  return low / 2 + high / 2;
}

}  // namespace sinapse
