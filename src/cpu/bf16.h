// Products of operands rounded to bf16, summed in float: what they need, and the functions that the
// running processor has for them.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace sinapse {

/// C[r, n] = start + sum over steps s and d < 32 of A[r, (s, d)] B[(s, d), n], for some lines of
/// rows. Numbers of A and B are bf16; distances of A count them, distances of B pairs of them.
struct Bf16Product {
  struct Line {
    int32_t a, c;  // to the first row
  };
  const uint16_t* a = nullptr;
  int64_t a_stride = 0;              // to the next row
  const int32_t* a_steps = nullptr;  // to each step; null: they are neighbours
  const Line* lines = nullptr;       // null: one, where a and c are
  int64_t num_lines = 1;
  int64_t rows = 0;             // of a line
  const uint16_t* b = nullptr;  // [steps][16 pairs][columns][2]
  int64_t b_stride = 0;         // to the next pair of the same column
  const int32_t* b_steps = nullptr;
  int64_t num_steps = 0;
  int64_t columns = 0;  // a multiple of 16
  float* c = nullptr;
  int64_t c_stride = 0;         // to the next row
  int64_t c_block = 16;         // to the next 16 columns
  const float* bias = nullptr;  // start of the sums; null: zero
  bool accumulate = false;      // start from what C holds; rows is then a multiple of 16
};

struct Bf16Functions {
  void (*multiply)(const Bf16Product& product);
  /// Rounds n numbers to the nearest, ties to even, and fills up with zeros to `padded`, a multiple
  /// of 32. Subnormal numbers count as 0.
  void (*round)(const float* from, int64_t n, uint16_t* to, int64_t padded);
  /// Pairs of two rows, n of each, a multiple of 16; second may be null: zeros.
  void (*round_pairs)(const float* first, const float* second, int64_t n, uint16_t* to);
  /// Places of images in blocks of 16 channels, `count` of them: the channels of both blocks side
  /// by side. A place stands sources[i] floats from where its block does; if below 0, it is zero.
  /// second may be null: zeros.
  void (*round_places)(const float* first, const float* second, const int32_t* sources,
                       int64_t count, uint16_t* to);
  /// Pairs of places of one block, to_stride numbers apart; two sources each.
  void (*round_place_pairs)(const float* from, const int32_t* sources, int64_t count,
                            int64_t to_stride, uint16_t* to);
};

/// Ways of multiplying bf16. `emulated` is the reference: plain C++, slow, everywhere.
enum class Bf16Set : uint8_t { emulated, avx512_bf16, amx };

/// Those of this processor, the best one last; emulated first.
std::span<const Bf16Set> available_bf16();
std::string name_of(Bf16Set set);

/// The functions that plans made from now on use: of the best set, or of the one chosen.
const Bf16Functions& bf16_functions();
/// For tests: binds plans made from now on to one of the available sets.
void choose_bf16(Bf16Set set);

/// Throws Error(usage) where bf16 would only be emulated.
void require_bf16();

const Bf16Functions& emulated_bf16();  // bf16_emulated.cpp
const Bf16Functions& avx512_bf16();    // bf16_avx512.cpp
const Bf16Functions& amx_bf16();       // bf16_amx.cpp

}  // namespace sinapse
