// Finds the bytes that structure a delimited file, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sinapse {

/// Walks over the delimiters, double quotes, LFs and CRs of a text.
class SpecialBytes {
 public:
  SpecialBytes(std::string_view text, char delimiter, size_t start)
      : text_(text), delimiter_(delimiter) {
    jump(start);
  }

  /// The position of the next special byte, or the size of the text.
  size_t next() {
    while (bits_ == 0) {
      block_ += kBlock;
      if (block_ >= text_.size()) return text_.size();
      bits_ = find_at(block_);
    }
    return take_first(bits_, block_);
  }

  /// Calls visit(position) for the next special bytes, as long as they are delimiters. The position
  /// of the first that is not, or the size of the text. The same as next(), but what changes stays
  /// in registers.
  template <class Visit>
  size_t visit_delimiters(Visit visit) {
    const std::string_view text = text_;
    const char delimiter = delimiter_;
    size_t block = block_, position = text.size();
    uint64_t bits = bits_;
    for (;;) {
      while (bits == 0 && block < text.size()) {
        block += kBlock;
        if (block < text.size()) bits = find_at(block);
      }
      if (bits == 0) break;
      position = take_first(bits, block);
      if (text[position] != delimiter) break;
      visit(position);
      position = text.size();
    }
    block_ = block, bits_ = bits;
    return position;
  }

  /// Goes on at that position.
  void jump(size_t position) {
    if (position >= block_ && position < block_ + kBlock && loaded_) {
      bits_ &= ~uint64_t{0} << (position - block_);
      return;
    }
    block_ = position;
    loaded_ = block_ < text_.size();
    bits_ = loaded_ ? find_at(block_) : 0;
  }

 private:
  static constexpr size_t kBlock = 64;

  static size_t take_first(uint64_t& bits, size_t block) {
    const auto offset = static_cast<size_t>(std::countr_zero(bits));
    bits &= bits - 1;
    return block + offset;
  }

  uint64_t find_at(size_t block) const {
    const size_t left = text_.size() - block;
    if (left >= kBlock) return find(text_.data() + block);
    char padded[kBlock] = {};
    std::memcpy(padded, text_.data() + block, left);
    return find(padded);
  }

#if defined(__SSE2__)
  uint64_t find(const char* block) const {
    uint64_t found = 0;
    for (size_t i = 0; i < kBlock; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
      const auto are = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
      const __m128i special =
          _mm_or_si128(_mm_or_si128(are(delimiter_), are('"')), _mm_or_si128(are('\n'), are('\r')));
      found |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(special))} << i;
    }
    return found;
  }
#else
  uint64_t find(const char* block) const {
    uint64_t found = 0;
    for (size_t i = 0; i < kBlock; i += 8) found |= find_in_word(load_word(block + i)) << i;
    return found;
  }

  // One bit for each of the eight bytes that is special (SIMD within a register).
  uint64_t find_in_word(uint64_t word) const {
    const uint64_t ordinary =
        differs(word, delimiter_) & differs(word, '"') & differs(word, '\n') & differs(word, '\r');
    return ((~ordinary & kHighBits) >> 7) * 0x0102040810204080u >> 56;
  }

  // The high bit of each byte that is not `c`; exact, since no carry leaves its byte.
  static uint64_t differs(uint64_t word, char c) {
    const uint64_t x = word ^ (0x0101010101010101u * static_cast<unsigned char>(c));
    return ((x & ~kHighBits) + ~kHighBits) | x;
  }

  static uint64_t load_word(const char* bytes) {
    uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return std::endian::native == std::endian::big ? __builtin_bswap64(word) : word;
  }

  static constexpr uint64_t kHighBits = 0x8080808080808080u;
#endif

  std::string_view text_;
  char delimiter_;
  size_t block_ = 0;
  uint64_t bits_ = 0;  // special bytes of the block that were not yet returned
  bool loaded_ = false;
};

}  // namespace sinapse
