// Functions every formula may use, said in terms of select, and Dual, the number type that computes
// derivatives. No #pragma once: this is included inside the namespace of each instruction set, so
// that the compiler may use that set for what is defined here. Friends of a class template have to
// be told (gcc 12): SINAPSE_TARGET is the attribute for it, empty outside the kernels.
#ifndef SINAPSE_TARGET
#define SINAPSE_TARGET
#endif

/// x·gate for a gate that closes: 0 where the gate is 0, even if x is infinite.
template <class T>
T gated(T x, T gate) {
  return select(gate == T(0), T(0), x * gate);
}

/// x limited to [lower, upper]; constant at both bounds seen from the left (lower) or not (upper).
template <class T>
T clip(T x, std::type_identity_t<T> lower, std::type_identity_t<T> upper) {
  return select(x <= lower, lower, select(x > upper, upper, x));
}

/// The smaller of both, NaN if one is. On a tie, the derivative of a.
template <class T>
T min(T a, std::type_identity_t<T> b) {
  return select(a > b, b, select(b == b, a, b));
}

/// The larger of both, NaN if one is. On a tie, the derivative of b.
template <class T>
T max(T a, std::type_identity_t<T> b) {
  return select(a <= b, b, select(b == b, a, b));
}

/// x above 0, slope·x below.
template <class T>
T leaky(T x, std::type_identity_t<T> slope) {
  return select(x <= 0, slope * x, x);
}

/// A value with its derivative: a formula of Dual numbers, started from (x, 1), yields (f(x),
/// f'(x)). Where a saturated factor is 0, the chain rule's product is 0 though the other factor be
/// infinite.
template <class V>
struct Dual {
  using Mask = decltype(V(0) < V(0));

  V value;
  V derivative = V(0);

  Dual(V v, V d) : value(v), derivative(d) {}
  Dual(V v) : value(v) {}  // a constant; implicit, for formulas such as 1 + x
  template <class N>
  requires std::is_arithmetic_v<N> &&(!std::is_same_v<N, V>)Dual(N number) : value(V(number)) {}

  friend SINAPSE_TARGET Dual operator+(Dual a, Dual b) {
    return {a.value + b.value, a.derivative + b.derivative};
  }
  friend SINAPSE_TARGET Dual operator-(Dual a, Dual b) {
    return {a.value - b.value, a.derivative - b.derivative};
  }
  friend SINAPSE_TARGET Dual operator-(Dual a) { return {-a.value, -a.derivative}; }
  friend SINAPSE_TARGET Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
  }
  friend SINAPSE_TARGET Dual operator/(Dual a, Dual b) {
    const V quotient = a.value / b.value;
    return {quotient, (a.derivative - quotient * b.derivative) / b.value};
  }

  friend SINAPSE_TARGET Mask operator<(Dual a, Dual b) { return a.value < b.value; }
  friend SINAPSE_TARGET Mask operator<=(Dual a, Dual b) { return a.value <= b.value; }
  friend SINAPSE_TARGET Mask operator>(Dual a, Dual b) { return a.value > b.value; }
  friend SINAPSE_TARGET Mask operator>=(Dual a, Dual b) { return a.value >= b.value; }
  friend SINAPSE_TARGET Mask operator==(Dual a, Dual b) { return a.value == b.value; }
  friend SINAPSE_TARGET Dual select(Mask mask, Dual a, Dual b) {
    return {select(mask, a.value, b.value), select(mask, a.derivative, b.derivative)};
  }

  friend SINAPSE_TARGET Dual gated(Dual a, Dual b) {
    return {gated(a.value, b.value), a.derivative * b.value + gated(a.value, b.derivative)};
  }
  friend SINAPSE_TARGET Dual leaky(Dual x, Dual slope) {
    const V left = slope.value * x.derivative + gated(x.value, slope.derivative);
    return {leaky(x.value, slope.value), select(x.value <= V(0), left, x.derivative)};
  }
  friend SINAPSE_TARGET Dual abs(Dual a) {
    return {abs(a.value), select(a.value <= V(0), -a.derivative, a.derivative)};
  }
  friend SINAPSE_TARGET Dual sqrt(Dual a) {
    const V y = sqrt(a.value);
    return {y, a.derivative / (y + y)};
  }
  friend SINAPSE_TARGET Dual exp(Dual a) {
    const V y = exp(a.value);
    return {y, gated(a.derivative, y)};
  }
  friend SINAPSE_TARGET Dual expm1(Dual a) {
    return {expm1(a.value), gated(a.derivative, exp(a.value))};
  }
  friend SINAPSE_TARGET Dual log(Dual a) { return {log(a.value), a.derivative / a.value}; }
  friend SINAPSE_TARGET Dual log1p(Dual a) {
    return {log1p(a.value), a.derivative / (V(1) + a.value)};
  }
  friend SINAPSE_TARGET Dual tanh(Dual a) {
    const V y = tanh(a.value);
    return {y, gated(a.derivative, V(1) - y * y)};
  }
  friend SINAPSE_TARGET Dual sin(Dual a) { return {sin(a.value), a.derivative * cos(a.value)}; }
  friend SINAPSE_TARGET Dual cos(Dual a) { return {cos(a.value), -(a.derivative * sin(a.value))}; }
  friend SINAPSE_TARGET Dual sigmoid(Dual a) {
    const V y = sigmoid(a.value);
    return {y, gated(a.derivative, y * (V(1) - y))};
  }
  friend SINAPSE_TARGET Dual softplus(Dual a) {
    return {softplus(a.value), gated(a.derivative, sigmoid(a.value))};
  }
  friend SINAPSE_TARGET Dual erf(Dual a) {
    return {erf(a.value), gated(a.derivative, V(1.1283791670955126) * exp(-(a.value * a.value)))};
  }
  friend SINAPSE_TARGET Dual normal_cdf(Dual a) {
    return {normal_cdf(a.value), gated(a.derivative, normal_pdf(a.value))};
  }
};
