// Products in bf16 by vdpbf16ps: a tile of results, up to 6 rows of up to 4 vectors, stays in
// registers. Compiled for these instructions whatever the rest is compiled for; only called where
// they are there.
#if defined(__x86_64__)

#include <algorithm>

#include <immintrin.h>

#include "cpu/bf16.h"

#define SINAPSE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

namespace sinapse {

namespace {

constexpr int64_t kLanes = 16, kPairs = 16, kStep = 32, kTileRows = 6;

template <int kRows, int kVectors>
SINAPSE_TARGET void multiply_tile(const Bf16Product& p, const uint16_t* a, int64_t column,
                                  float* c) {
  __m512 sums[kRows][kVectors];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = p.accumulate ? _mm512_loadu_ps(c + r * p.c_stride + v * p.c_block)
                   : p.bias     ? _mm512_loadu_ps(p.bias + column + v * kLanes)
                                : _mm512_setzero_ps();
    }
  }
  for (int64_t s = 0; s < p.num_steps; ++s) {
    const uint16_t* x = a + (p.a_steps ? p.a_steps[s] : s * kStep);
    const int64_t step = p.b_steps ? p.b_steps[s] : s * kPairs * p.b_stride;
    const uint16_t* b = p.b + 2 * (step + column);
    for (int64_t pair = 0; pair < kPairs; ++pair) {
      __m512i row[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) row[v] = _mm512_loadu_si512(b + 2 * v * kLanes);
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        int element;
        __builtin_memcpy(&element, x + r * p.a_stride + 2 * pair, sizeof element);
        const __m512i both = _mm512_set1_epi32(element);
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) {
          sums[r][v] = _mm512_dpbf16_ps(sums[r][v], (__m512bh)both, (__m512bh)row[v]);
        }
      }
      b += 2 * p.b_stride;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      _mm512_storeu_ps(c + r * p.c_stride + v * p.c_block, sums[r][v]);
    }
  }
}

template <int kVectors>
SINAPSE_TARGET void multiply_rows(const Bf16Product& p, const uint16_t* a, int64_t column,
                                  float* c) {
  int64_t row = 0;
  for (; row + kTileRows <= p.rows; row += kTileRows) {
    multiply_tile<kTileRows, kVectors>(p, a + row * p.a_stride, column, c + row * p.c_stride);
  }
  const uint16_t* rest = a + row * p.a_stride;
  float* to = c + row * p.c_stride;
  switch (p.rows - row) {
    case 1:
      return multiply_tile<1, kVectors>(p, rest, column, to);
    case 2:
      return multiply_tile<2, kVectors>(p, rest, column, to);
    case 3:
      return multiply_tile<3, kVectors>(p, rest, column, to);
    case 4:
      return multiply_tile<4, kVectors>(p, rest, column, to);
    case 5:
      return multiply_tile<5, kVectors>(p, rest, column, to);
  }
}

SINAPSE_TARGET void multiply(const Bf16Product& p) {
  for (int64_t column = 0; column < p.columns;) {
    const int64_t vectors = (p.columns - column) / kLanes;
    for (int64_t l = 0; l < p.num_lines; ++l) {
      const Bf16Product::Line line = p.lines ? p.lines[l] : Bf16Product::Line{0, 0};
      const uint16_t* a = p.a + line.a;
      float* c = p.c + line.c + column / kLanes * p.c_block;
      if (vectors >= 4) {
        multiply_rows<4>(p, a, column, c);
      } else if (vectors >= 2) {
        multiply_rows<2>(p, a, column, c);
      } else {
        multiply_rows<1>(p, a, column, c);
      }
    }
    column += vectors >= 4 ? 4 * kLanes : vectors >= 2 ? 2 * kLanes : kLanes;
  }
}

SINAPSE_TARGET inline __m512i both_rounded(__m512 low, __m512 high) {
  return (__m512i)_mm512_cvtne2ps_pbh(high, low);
}

SINAPSE_TARGET void round(const float* from, int64_t n, uint16_t* to, int64_t padded) {
  for (int64_t i = 0; i < padded; i += 2 * kLanes) {
    const auto low = static_cast<int>(std::min<int64_t>(kLanes, std::max<int64_t>(n - i, 0)));
    const auto high =
        static_cast<int>(std::min<int64_t>(kLanes, std::max<int64_t>(n - i - kLanes, 0)));
    const __m512 a = _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << low) - 1), from + i);
    const __m512 b =
        _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << high) - 1), from + i + kLanes);
    _mm512_storeu_si512(to + i, both_rounded(a, b));
  }
}

SINAPSE_TARGET inline __m512i paired(__m512 first, __m512 second) {
  alignas(64) static constexpr uint16_t kOrder[32] = {0,  16, 1,  17, 2,  18, 3,  19, 4,  20, 5,
                                                      21, 6,  22, 7,  23, 8,  24, 9,  25, 10, 26,
                                                      11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return _mm512_permutexvar_epi16(_mm512_load_si512(kOrder), both_rounded(first, second));
}

SINAPSE_TARGET inline __m512 load_unless_null(const float* from) {
  return from ? _mm512_loadu_ps(from) : _mm512_setzero_ps();
}

SINAPSE_TARGET void round_pairs(const float* first, const float* second, int64_t n, uint16_t* to) {
  for (int64_t i = 0; i < n; i += kLanes) {
    const __m512 a = _mm512_loadu_ps(first + i);
    _mm512_storeu_si512(to + 2 * i, paired(a, load_unless_null(second ? second + i : nullptr)));
  }
}

SINAPSE_TARGET inline __m512 place(const float* from, int32_t source) {
  return load_unless_null(source < 0 ? nullptr : from + source);
}

SINAPSE_TARGET void round_places(const float* first, const float* second, const int32_t* sources,
                                 int64_t count, uint16_t* to) {
  for (int64_t i = 0; i < count; ++i) {
    const __m512 high = second ? place(second, sources[i]) : _mm512_setzero_ps();
    _mm512_storeu_si512(to + 2 * kLanes * i, both_rounded(place(first, sources[i]), high));
  }
}

SINAPSE_TARGET void round_place_pairs(const float* from, const int32_t* sources, int64_t count,
                                      int64_t to_stride, uint16_t* to) {
  for (int64_t i = 0; i < count; ++i) {
    const __m512i pairs = paired(place(from, sources[2 * i]), place(from, sources[2 * i + 1]));
    _mm512_storeu_si512(to + i * to_stride, pairs);
  }
}

}  // namespace

const Bf16Functions& avx512_bf16() {
  static constexpr Bf16Functions functions{multiply, round, round_pairs, round_places,
                                           round_place_pairs};
  return functions;
}

}  // namespace sinapse

#endif
