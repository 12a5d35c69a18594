// The reference of products in bf16: what the instructions do, in plain C++.
#include <bit>
#include <cmath>

#include "cpu/bf16.h"

namespace sinapse {

namespace {

constexpr int64_t kStep = 32;

uint16_t rounded(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const auto high = static_cast<uint16_t>(bits >> 16);
  if (std::isnan(x)) return high | 0x40;               // quiet, and no infinity
  if ((bits & 0x7f800000) == 0) return high & 0x8000;  // subnormal
  return static_cast<uint16_t>((bits + 0x7fff + (high & 1)) >> 16);
}

float widened(uint16_t x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x) << 16);
}

float sum_of(const Bf16Product& p, const uint16_t* a, int64_t column, float start) {
  for (int64_t s = 0; s < p.num_steps; ++s) {
    const uint16_t* x = a + (p.a_steps ? p.a_steps[s] : s * kStep);
    const int64_t b_step = p.b_steps ? p.b_steps[s] : s * kStep / 2 * p.b_stride;
    for (int64_t i = 0; i < kStep; ++i) {
      const uint16_t y = p.b[2 * (b_step + i / 2 * p.b_stride + column) + i % 2];
      start += widened(x[i]) * widened(y);
    }
  }
  return start;
}

void multiply(const Bf16Product& p) {
  for (int64_t l = 0; l < p.num_lines; ++l) {
    const Bf16Product::Line line = p.lines ? p.lines[l] : Bf16Product::Line{0, 0};
    for (int64_t r = 0; r < p.rows; ++r) {
      for (int64_t n = 0; n < p.columns; ++n) {
        float& c = p.c[line.c + r * p.c_stride + n / 16 * p.c_block + n % 16];
        const float start = p.accumulate ? c : p.bias ? p.bias[n] : 0.0f;
        c = sum_of(p, p.a + line.a + r * p.a_stride, n, start);
      }
    }
  }
}

void round(const float* from, int64_t n, uint16_t* to, int64_t padded) {
  for (int64_t i = 0; i < padded; ++i) to[i] = i < n ? rounded(from[i]) : 0;
}

void round_pairs(const float* first, const float* second, int64_t n, uint16_t* to) {
  for (int64_t i = 0; i < n; ++i) {
    to[2 * i] = rounded(first[i]);
    to[2 * i + 1] = second ? rounded(second[i]) : 0;
  }
}

void round_places(const float* first, const float* second, const int32_t* sources, int64_t count,
                  uint16_t* to) {
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t c = 0; c < 16; ++c) {
      to[32 * i + c] = sources[i] < 0 ? 0 : rounded(first[sources[i] + c]);
      to[32 * i + 16 + c] = sources[i] < 0 || !second ? 0 : rounded(second[sources[i] + c]);
    }
  }
}

void round_place_pairs(const float* from, const int32_t* sources, int64_t count, int64_t to_stride,
                       uint16_t* to) {
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t c = 0; c < 32; ++c) {
      const int32_t source = sources[2 * i + c % 2];
      to[i * to_stride + c] = source < 0 ? 0 : rounded(from[source + c / 2]);
    }
  }
}

}  // namespace

const Bf16Functions& emulated_bf16() {
  static constexpr Bf16Functions functions{multiply, round, round_pairs, round_places,
                                           round_place_pairs};
  return functions;
}

}  // namespace sinapse
