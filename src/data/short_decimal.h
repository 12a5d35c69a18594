// Numbers as nearly all cells hold them: up to 15 digits, perhaps a sign and a decimal point.
// Everything is inline: a table is tens of millions of calls.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sinapse {

namespace short_decimal {

inline constexpr size_t kExactDigits = 15;  // they and the powers of ten are exact in double
inline constexpr std::array<double, 16> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

struct Decimal {
  uint64_t digits = 0;
  size_t num_digits = 0, decimals = 0;
};

#if defined(__SSE2__)

inline constexpr size_t kWidth = 16;

inline __m128i load(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

inline constexpr auto kOnesThenZeros = [] {
  std::array<char, 2 * kWidth> bytes = {};
  for (size_t i = 0; i < kWidth; ++i) bytes[i] = '\xFF';
  return bytes;
}();

// All bits of the first `count` bytes.
inline __m128i first_bytes(size_t count) {
  return load(kOnesThenZeros.data() + kWidth - count);
}

// Of 16 digits: neighbours are joined to pairs, fours, eights and the whole.
inline uint64_t join(__m128i digits) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i tens = _mm_set1_epi32(1 << 16 | 10), hundreds = _mm_set1_epi32(1 << 16 | 100);
  const __m128i ten_thousands = _mm_set1_epi32(1 << 16 | 10'000);
  const __m128i pairs = _mm_packs_epi32(_mm_madd_epi16(_mm_unpacklo_epi8(digits, zero), tens),
                                        _mm_madd_epi16(_mm_unpackhi_epi8(digits, zero), tens));
  const __m128i fours = _mm_packs_epi32(_mm_madd_epi16(pairs, hundreds), zero);
  const auto eights =
      static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_madd_epi16(fours, ten_thousands)));
  return (eights & 0xFFFFFFFF) * 100'000'000 + (eights >> 32);
}

// Without a branch that depends on where the point stands or how many digits there are, since those
// are hard to predict: the 16 bytes that end with the cell, and for those before the point the 16
// that end one byte earlier.
inline bool read_digits(const char* end, size_t size, char mark, Decimal& decimal) {
  const __m128i bytes = load(end - kWidth), earlier = load(end - kWidth - 1);
  const auto found =
      static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(mark))));
  const uint32_t marks = found & 0xFFFFu << (kWidth - size);
  const auto to_move = static_cast<size_t>(std::bit_width(marks & 0xFFFFu));
  decimal.decimals = to_move == 0 ? 0 : kWidth - to_move;
  decimal.num_digits = size - (to_move != 0);
  const __m128i moved = first_bytes(to_move), unused = first_bytes(kWidth - decimal.num_digits);
  const __m128i text = _mm_or_si128(_mm_and_si128(moved, earlier), _mm_andnot_si128(moved, bytes));
  const __m128i digits = _mm_andnot_si128(unused, _mm_sub_epi8(text, _mm_set1_epi8('0')));
  decimal.digits = join(digits);
  const __m128i above = _mm_subs_epu8(digits, _mm_set1_epi8(9));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(above, _mm_setzero_si128())) == 0xFFFF;
}

inline bool read_unsigned(const char* cell, size_t size, size_t before, char mark,
                          Decimal& decimal) {
  if (size + before > kWidth) [[likely]]
    return read_digits(cell + size, size, mark, decimal);
  char padded[2 * kWidth] = {};
  std::memcpy(padded + kWidth, cell, size);
  return read_digits(padded + kWidth + size, size, mark, decimal);
}

#else

inline bool read_unsigned(const char* cell, size_t size, size_t, char mark, Decimal& decimal) {
  size_t point = size;
  for (size_t i = 0; i < size; ++i) {
    const unsigned digit = static_cast<unsigned char>(cell[i]) - unsigned{'0'};
    if (digit <= 9)
      decimal.digits = 10 * decimal.digits + digit;
    else if (cell[i] == mark && point == size)
      point = i;
    else
      return false;
  }
  decimal.decimals = point == size ? 0 : size - point - 1;
  decimal.num_digits = size - (point != size);
  return true;
}

#endif

}  // namespace short_decimal

/// Reads -?[0-9]*[mark]?[0-9]* with 1 to 15 digits, rounded correctly. False, and any `value`, for
/// other texts, which may be numbers of another form. `before` bytes that stand in front of the
/// cell may be read; from 17 on that is quickest.
inline bool read_short_decimal(std::string_view cell, size_t before, char mark, double& value) {
  using namespace short_decimal;
  if (cell.empty()) return false;
  const size_t negative = cell[0] == '-';  // no branch: signs are hard to predict, too
  const size_t size = cell.size() - negative;
  if (size - 1 > kExactDigits) return false;  // none, or too many
  Decimal decimal;
  if (!read_unsigned(cell.data() + negative, size, before + negative, mark, decimal)) return false;
  if (decimal.num_digits - 1 >= kExactDigits) return false;
  // One division of exact numbers rounds correctly (Clinger 1990).
  const double magnitude =
      static_cast<double>(static_cast<int64_t>(decimal.digits)) / kPowersOfTen[decimal.decimals];
  value = std::bit_cast<double>(std::bit_cast<uint64_t>(magnitude) | uint64_t{negative} << 63);
  return true;
}

}  // namespace sinapse
